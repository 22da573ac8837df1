"""The kinds of support, as people say them. The codes are the questionnaire's; a test holds them together.

Pure.
"""

from accounts.wording import gettext_lazy as _

TITLES = {
    "device": _("A device"),
    "own_handset": _("A phone of one's own"),
    "data_sim": _("Data or a SIM"),
    "social_tariff": _("Cheaper phone and broadband"),
    "site_access": _("Wifi and computers where one stays"),
    "private_space": _("A private place"),
    "accessibility": _("Settings and equipment for eyes, ears and hands"),
    "first_steps": _("First steps"),
    "next_steps": _("Next steps"),
    "peer_support": _("Peer support"),
    "navigator": _("A named navigator"),
    "online_safety": _("Staying safe online"),
    "catch_up": _("Catching up after hospital"),
    "basics": _("Food, fuel and crisis help"),
    "housing": _("Housing help"),
    "money_advice": _("Money and benefits advice"),
    "befriending": _("Company and befriending"),
    "carers_service": _("Help for carers"),
    "language_support": _("Language and Easy Read"),
    "memory_aids": _("Step cards and memory aids"),
    "quiet_contact": _("Quiet contact"),
    "slow_pace": _("A slower pace"),
    "travel_help": _("Help with travel"),
    "warm_handover": _("Someone to go along"),
    "short_wait": _("A short wait"),
}

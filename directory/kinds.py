"""The kinds of support, as people say them. The codes are the questionnaire's; a test holds them together.

Pure.
"""

TITLES = {
    "device": "A device",
    "own_handset": "A phone of one's own",
    "data_sim": "Data or a SIM",
    "social_tariff": "Cheaper phone and broadband",
    "site_access": "Wifi and computers where one stays",
    "private_space": "A private place",
    "accessibility": "Settings and equipment for eyes, ears and hands",
    "first_steps": "First steps",
    "next_steps": "Next steps",
    "peer_support": "Peer support",
    "navigator": "A named navigator",
    "online_safety": "Staying safe online",
    "catch_up": "Catching up after hospital",
    "basics": "Food, fuel and crisis help",
    "housing": "Housing help",
    "money_advice": "Money and benefits advice",
    "befriending": "Company and befriending",
    "carers_service": "Help for carers",
    "language_support": "Language and Easy Read",
    "memory_aids": "Step cards and memory aids",
    "quiet_contact": "Quiet contact",
    "slow_pace": "A slower pace",
    "travel_help": "Help with travel",
    "warm_handover": "Someone to go along",
    "short_wait": "A short wait",
}

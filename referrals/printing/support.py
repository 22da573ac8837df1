"""Each kind of help, each goal and each way of contact on a plan: its picture, and its words for the person."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_Words = object  # a str, or a promise of one in the reader's language


@dataclass(frozen=True)
class Help:
    picture: str
    words: _Words
    sentence: _Words = ""
    """For what nobody has to be asked for: how it is done from now on."""


HELP: dict[str, Help] = {
    "basics": Help("food", _("Help with food or heating")),
    "housing": Help("home", _("Help with my home")),
    "offline_route": Help("paper", _("I do not have to go online"), _("I get the same help in other ways.")),
    "ask_again": Help("happy", _("Not online for now"), _("That is fine. I can change my mind.")),
    "device": Help("tablet", _("A phone, tablet or computer to use")),
    "own_handset": Help("mobile", _("A phone of my own")),
    "data_sim": Help("sim", _("Data for my phone")),
    "social_tariff": Help("price", _("Pay less for my phone or wifi")),
    "site_access": Help("wifi", _("Wifi and a computer where I stay")),
    "private_space": Help("private", _("A place to go online on my own")),
    "accessibility": Help("eye", _("Make screens easy to see, hear and use")),
    "first_steps": Help("helper", _("Learn the first steps")),
    "next_steps": Help("learn", _("Learn the next steps")),
    "peer_support": Help("trusted", _("Learn with someone who gets it")),
    "navigator": Help("person", _("One person I can ask")),
    "online_safety": Help("key", _("Stay safe online")),
    "catch_up": Help("online", _("Catch up with what is new")),
    "language_support": Help("language", _("Easy words, or my own language"), _("I can ask for this any time.")),
    "memory_aids": Help("paper", _("Step cards with pictures"), _("I can see each step on paper.")),
    "quiet_contact": Help("happy", _("Contact in the way I like"), _("Nobody will rush me.")),
    "slow_pace": Help("small_steps", _("One small step at a time"), _("If I miss a day, I can still come.")),
    "travel_help": Help("bus", _("Help with getting there"), _("It can be near me, or at home.")),
    "warm_handover": Help("trusted", _("Someone goes with me"), _("I do not have to go alone.")),
    "short_wait": Help("clock", _("A short wait"), _("We will look for help that starts soon.")),
    "money_advice": Help("money", _("Advice about money")),
    "befriending": Help("meet", _("Meet people")),
    "contact_again": Help("phone", _("Agree how to reach me"), _("We will find a way that works.")),
    "ask_provider": Help("look_up", _("Find out about my help"), _("We will ask, and then we talk.")),
    "ask_why": Help("question", _("Make the help better"), _("I can say what I need.")),
    "goal_again": Help("goal", _("My next step"), _("We agree one small step.")),
    "choose_more": Help("helper", _("Choose more help"), _("We choose it together.")),
    "carers_service": Help("caring", _("Help for me as a carer")),
}
"""By the codes of the questionnaire's rules; a test holds them together."""

GOALS: dict[str, tuple[str, _Words]] = {
    "people": ("family", _("I want to talk to family and friends.")),
    "health": ("health", _("I want to look after my health.")),
    "money": ("money", _("I want to look after my money.")),
    "shop": ("shopping", _("I want to shop and save money.")),
    "fun": ("music", _("I want music, films or things I like.")),
    "learn": ("learn", _("I want to learn something.")),
    "work": ("work", _("I want to work or help others.")),
    "meet": ("meet", _("I want to meet new people.")),
    "nothing": ("happy", _("I want nothing just now. That is fine.")),
}
"""By the codes of the question about the person's own goal, where they did not put it in their own words."""

WAY_PICTURES = {
    "call": "phone",
    "text": "text",
    "letter": "letter",
    "email": "email",
    "app": "app",
    "in_person": "person",
    "via": "trusted",
    "": "person",
}


OTHER = Help("helper", _("Help that we talked about"))


def help_with(support: str) -> Help:
    return HELP.get(support, OTHER)

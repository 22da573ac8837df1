"""What may become of a referral in the demo: a dozen short stories, each as often as it happens in life."""

from collections.abc import Callable
from datetime import timedelta

from accounts import clock
from inclusion.demo_telling import Telling


def draft(story: Telling) -> None:
    """Kept as a draft."""


def silent(story: Telling) -> None:
    story.send()


def acknowledged(story: Telling) -> None:
    story.send()
    story.acknowledge(2, 20)


def asked(story: Telling) -> None:
    story.send()
    story.wait(1, 4)
    story.step("ask", story.provider, question="Is a morning or an afternoon better for the person?")


def asked_and_answered(story: Telling) -> None:
    asked(story)
    story.wait(1, 3)
    story.step("answer", story.clinician, answer="Afternoons, and never on a Monday.")
    story.accept()


def waiting(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(1, 3)
    with clock.at(story.moment):
        expected = clock.today() + timedelta(days=story.random.randint(25, 60))
    story.step("wait_list", story.provider, expected_on=expected)


def accepted(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.accept()
    story.wait(2, 6)
    story.contact("call", "voicemail")


def active(story: Telling) -> None:
    story.send()
    story.begin()
    story.session(2, 9, "attended")
    story.note("Set up the phone together. Wants to ring the family first.")
    story.wait(1, 4)
    story.session(5, 12, "did_not_attend")


def delivered(story: Telling) -> None:
    story.send()
    story.begin()
    story.session(2, 9, "attended")
    story.deliver()


def helped(story: Telling) -> None:
    delivered(story)
    story.wait(3, 18)
    outcome = story.random.choice(("helped", "helped", "partly_helped"))
    story.step("close", story.clinician, outcome=outcome, whose_word="person")


def provider_says_so(story: Telling) -> None:
    delivered(story)
    story.wait(10, 28)
    story.step("close", story.provider, outcome="helped", whose_word="provider_only")


def not_wanted(story: Telling) -> None:
    story.send()
    story.begin()
    story.deliver("not_wanted")
    story.wait(3, 10)
    story.step(
        "close",
        story.clinician,
        outcome="digital_not_wanted",
        whose_word="person",
        words="Letters and calls from now on; set in the record.",
    )


def declined(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(1, 4)
    story.step("decline", story.provider, reason_code=story.random.choice(("full", "wrong_area", "offer_paused")))


def declined_and_nothing_else(story: Telling) -> None:
    declined(story)
    story.wait(1, 2)
    story.step("reroute", story.clinician, no_offer_fits=True)


def withdrawn(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(2, 12)
    story.step("withdraw", story.clinician, how_said="phone")


def cancelled(story: Telling) -> None:
    story.send()
    story.wait(3, 15)
    story.step("cancel", story.clinician, reason_code="need_met")


def could_not_reach(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.accept()
    for channel, result in (("call", "no_answer"), ("call", "voicemail"), ("letter", "sent")):
        story.wait(3, 9)
        story.contact(channel, result)
    story.wait(10, 20)
    if story.provider is not story.clinician:
        story.ask_safety()
        story.step("could_not_reach", story.provider)


STORIES: list[tuple[int, Callable[[Telling], None]]] = [
    (3, draft),
    (13, silent),
    (12, acknowledged),
    (4, asked),
    (4, asked_and_answered),
    (5, waiting),
    (6, accepted),
    (9, active),
    (6, delivered),
    (17, helped),
    (5, provider_says_so),
    (3, not_wanted),
    (5, declined),
    (3, declined_and_nothing_else),
    (4, withdrawn),
    (3, cancelled),
    (4, could_not_reach),
]
"""(how often, of a hundred or so, the story)."""

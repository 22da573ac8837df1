"""The main flow, from the clinic form to the report, through the pages and nothing else."""

import json
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from accounts import clock
from people.london import at_london, london_day
from people.models import ServiceUser
from referrals.models import OutboxMessage, Referral
from referrals.tasks import queue_due, send_queued
from screening.models import Need, Screening
from tests import factories
from tests.referrals.planning import text_of
from tests.screening.filling import screen

pytestmark = pytest.mark.django_db

TUESDAY = 1
VECTORS = Path(__file__).parent / "screening" / "data" / "vectors.jsonl"
ANSWERS = next(
    vector["answers"]
    for vector in map(json.loads, VECTORS.read_text().splitlines())
    if vector["id"] == "daily-pay-as-you-go"
)


def follow(client, url, data):
    """Sends a form and gives the page that it leads to."""
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.content.decode()
    assert response.redirect_chain, f"{url} was not accepted:\n{response.content.decode()}"
    return response


def a_quiet_tuesday():
    """Half past ten in London, so that no message has to wait for the morning."""
    day = london_day(clock.now()) + timedelta(days=1)
    while day.weekday() != TUESDAY:
        day += timedelta(days=1)
    return at_london(day, time(10, 30))


def test_a_person_is_screened_referred_helped_and_counted(
    as_ash, as_bo, as_cam, as_dee, ash, bo, provider, provider_team
):
    tariff = factories.SupportOfferFactory(
        name="Bill and social tariff check", provider=provider, team=provider_team, kinds=["social_tariff"]
    )
    with clock.at(a_quiet_tuesday()):
        # 1. Nobody of that number is known, so the clinician adds the person.
        nobody = as_ash.post(reverse("people:search"), {"q": "999 083 9549"})
        assert "999 083 9549" in nobody.content.decode()
        added = follow(
            as_ash,
            reverse("people:add"),
            {
                "name": "Robin Rivers",
                "date_of_birth": "4 5 1971",
                "nhs_number": "999 083 9549",
                "phone": "07700 900123",
                "address": "1 Example Road",
                "postcode": "SE5 8AZ",
            },
        )
        assert "Robin Rivers" in added.content.decode()
        person = ServiceUser.objects.get()

        # 2. Screens in clinic, section by section, and checks the answers.
        follow(
            as_ash,
            reverse("screening:start", args=[person.pk]),
            {"answered_by": "person", "how": "face_to_face", "form": "full"},
        )
        draft = screen(as_ash, person, ash, ANSWERS)
        check = reverse("screening:check", args=[draft.pk])
        assert "Top-up or pay as you go" in as_ash.get(check).content.decode()
        result = follow(as_ash, check, {"version": draft.version, "rest": ""}).content.decode()

        # 3. Sees why: words, never a score.
        assert Screening.objects.get().status == Screening.Status.SUBMITTED
        assert "Social tariff check" in result
        assert "In the last three months, did you run out of data or credit?" in result

        # 4. Agrees a need with the person, and asks whether a service may be told.
        follow(as_ash, reverse("screening:decide", args=[draft.pk, "R09"]), {"decision": "agreed"})
        follow(as_ash, reverse("screening:consent", args=[draft.pk]), {"choice": "yes", "how": "spoken"})
        need = Need.objects.get(code="AFFORD")
        assert need.decision == Need.Decision.AGREED

        # 5. Chooses support that fits, and refers.
        choose = as_ash.get(reverse("directory:choose", args=[need.pk])).content.decode()
        assert tariff.name in choose
        refer = reverse("referrals:refer", args=[need.pk, tariff.pk])
        assert refer in choose
        follow(
            as_ash,
            refer,
            {
                "needs": [str(need.pk)],
                "asked_for": "Please check for a social tariff.",
                "goal": "Talk to family or friends",
                "preferred_channel": "text",
                "fallback_channel": "call",
                "adjustments": ["none"],
                "do": "send",
            },
        )
        referral = Referral.objects.get()
        assert referral.status == "sent"
        assert referral.clock == "acknowledge"

        # The plan goes home with the person: what was asked for, how they hear of it, and a number to ring.
        plan = as_ash.get(reverse("referrals:plan_pdf", args=[person.pk, "standard"]))
        on_paper = text_of(plan.content)
        assert "Pay less for my phone or wifi We have asked for this. Someone will text me. By " in on_paper
        assert ash.team.phone in on_paper
        assert "Rivers" not in on_paper

    # 6. The beat comes round: the person is told by the way they chose, in words that give nothing away.
    with clock.at(a_quiet_tuesday() + timedelta(minutes=10)):
        queue_due()
        send_queued()
        message = OutboxMessage.objects.get()
        assert message.channel == "text"
        assert "mental" not in message.body.lower()
        assert "http" not in message.body
        queue_due()
        send_queued()
        assert OutboxMessage.objects.count() == 1

    # 7. A support worker at the provider works it: sees only what was shared, accepts, reaches, helps.
    with clock.at(a_quiet_tuesday() + timedelta(days=1)):
        assert "Robin Rivers" in as_bo.get(reverse("referrals:worklist")).content.decode()
        page = follow(as_bo, reverse("referrals:open", args=[referral.pk]), {"version": 2}).content.decode()
        assert "999 083 9549" not in page
        assert "watched" not in page
        steps = [
            ("accept", {"named_worker": str(bo.pk)}),
            ("start", {"successful_contact": "spoke"}),
            ("deliver", {"given": "A social tariff, set up by phone", f"need_{need.pk}": "met"}),
        ]
        for action, evidence in steps:
            referral.refresh_from_db()
            follow(
                as_bo,
                reverse("referrals:step", args=[referral.pk, action]),
                {**evidence, "version": referral.version},
            )

    # 8. The clinician hears from the person, and closes the loop.
    with clock.at(a_quiet_tuesday() + timedelta(days=8)):
        assert as_cam.get(reverse("referrals:detail", args=[referral.pk])).status_code == 404
        referral.refresh_from_db()
        follow(
            as_ash,
            reverse("referrals:step", args=[referral.pk, "close"]),
            {"outcome": "helped", "whose_word": "person", "version": referral.version},
        )
        referral.refresh_from_db()
        assert referral.status == "closed"
        assert [event.to_status for event in referral.events.all()] == [
            "draft",
            "sent",
            "acknowledged",
            "accepted",
            "active",
            "delivered",
            "closed",
        ]

        # 9. The admin finds it in the report, with small numbers held back.
        month = f"{clock.today():%Y-%m}"
        report = as_dee.get(reverse("reports:caseload"), {"month": month}).content.decode()
        assert "Closed" in report
        assert "fewer than 8" in report

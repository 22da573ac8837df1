"""The morning email: once a working morning, by the lists' own counts, naming nobody."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.permissions import Role
from people.london import at_london
from referrals import tasks, worklist
from referrals.digests import choose, queue_digests
from referrals.digests.actions import AT
from referrals.digests.words import letter, waiting
from referrals.models import Digest, FollowUp, Mail, Referral
from tests import factories
from tests.referrals.reaching import WEDNESDAY

pytestmark = pytest.mark.django_db
DAY = WEDNESDAY.date()
MORNING = at_london(DAY, AT)
MARKERS = [
    "Zebedee",
    "Quillfeather",
    "ZQ",
    "9990000018",
    "+447700900456",
    "MARKERGOAL",
    "MARKERSERVICE",
    "MARKERTEAM",
]


@pytest.fixture
def overdue(person, offer, bo, dee, team):
    """Everybody has something that is late, and every word that could tell who or what is a marker."""
    type(person).objects.filter(pk=person.pk).update(
        name="Zebedee Quillfeather", preferred_name="ZQ", nhs_number="9990000018", phone="+447700900456"
    )
    person.refresh_from_db()
    type(team).objects.filter(pk=team.pk).update(name="MARKERTEAM")
    type(offer).objects.filter(pk=offer.pk).update(name="MARKERSERVICE")
    offer.refresh_from_db()
    with clock.at(WEDNESDAY - timedelta(days=120)):
        referral = factories.ReferralFactory(state="sent", service_user=person, offer=offer, worker=bo, admin=dee)
    Referral.objects.filter(pk=referral.pk).update(goal="MARKERGOAL", due_on=DAY - timedelta(days=90))
    with clock.at(WEDNESDAY):
        tasks.run_clocks()
    return referral


def mail_to(membership):
    return Mail.objects.filter(key__startswith=f"digest:{membership.pk}:")


def test_each_who_has_something_due_gets_one_and_nobody_else(overdue, ash, bo, dee, cam):
    queue_digests(now=MORNING)
    assert [mail_to(one).count() for one in (ash, bo, dee, cam)] == [1, 1, 1, 0]
    assert mail_to(ash).get().to == ash.user.email


def test_beats_of_the_whole_day_make_one(overdue, ash):
    for minutes in range(0, 900, 60):
        queue_digests(now=MORNING + timedelta(minutes=minutes))
    assert mail_to(ash).count() == 1


def test_what_falls_due_during_the_day_waits_for_the_next_morning(ash, overdue, person):
    FollowUp.objects.all().delete()
    Referral.objects.filter(pk=overdue.pk).update(due_on=DAY + timedelta(days=60))
    queue_digests(now=MORNING)
    Referral.objects.filter(pk=overdue.pk).update(due_on=DAY, action_with="referrer")
    queue_digests(now=MORNING + timedelta(hours=2))
    assert not mail_to(ash).exists()
    queue_digests(now=MORNING + timedelta(days=1))
    assert mail_to(ash).exists()


@pytest.mark.parametrize(
    "when",
    [
        MORNING - timedelta(minutes=1),
        at_london(DAY + timedelta(days=3), AT),  # Saturday
        at_london(DAY.replace(month=12, day=25), AT),
    ],
)
def test_none_before_half_past_seven_or_on_a_day_off(overdue, when):
    assert queue_digests(now=when) == 0
    assert not Mail.objects.exists()


def test_half_past_seven_is_by_the_clock_in_london(overdue, ash):
    summer = DAY.replace(year=2027, month=6, day=2)
    assert queue_digests(now=at_london(summer, AT) - timedelta(minutes=1)) == 0
    assert queue_digests(now=at_london(summer, AT)) > 0


def test_a_day_that_is_over_is_not_made_up_for(overdue, ash):
    queue_digests(now=MORNING + timedelta(days=1))
    assert [mail.key[-10:] for mail in mail_to(ash)] == [str(DAY + timedelta(days=1))]


def test_one_that_could_not_go_on_its_day_is_not_sent_the_next(overdue, ash, mailoutbox):
    with clock.at(MORNING):
        queue_digests()
    with clock.at(MORNING + timedelta(hours=17)):
        tasks.send_mail()
    assert not mailoutbox
    assert mail_to(ash).get().fate == "stale"


def test_no_digest_names_anybody_or_anything(overdue, ash, bo, dee, mailoutbox, settings):
    settings.PUBLIC_URL = "https://online.example.org"
    with clock.at(MORNING):
        queue_digests()
        tasks.send_mail()
    assert len(mailoutbox) == 3
    for sent in mailoutbox:
        whole = str(sent.message()) + sent.body + sent.subject
        assert not [marker for marker in (*MARKERS, str(overdue.pk)) if marker in whole]
        assert "https://online.example.org/account/login/" in sent.body
        assert sent.body.count("http") == 1


def test_the_marker_check_would_find_a_name(overdue):
    assert any(marker in f"{overdue.service_user.name}, {overdue.offer.name}" for marker in MARKERS)


def test_numbers_are_those_of_the_lists(overdue, ash, bo):
    for membership in (ash, bo):
        said = dict(waiting(membership, DAY))
        counts = worklist.counts(membership, worklist.Filters(), DAY)
        assert said["Referrals overdue"] == counts["overdue"]
        owed = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=DAY).count()
        assert sum(number for kind, number in said.items() if not kind.startswith("Referrals ")) == owed
    assert dict(waiting(bo, DAY))["Referrals overdue"] == 1


def test_an_admin_hears_only_of_what_is_stuck_for_long(overdue, dee):
    said = {kind: number for kind, number in waiting(dee, DAY) if number}
    assert said == {FollowUp.Kind.STUCK.label: 2}, "the referral, and the news that nobody told"


def test_the_letter_says_why_it_came_and_how_to_stop_it(overdue, bo):
    subject, body = letter(bo, DAY)
    assert "wait" in subject
    for words in ("working mornings", "To stop it", "names nobody", "support worker", "Referrals overdue: 1"):
        assert words in body


def test_who_does_not_want_it_gets_none_in_any_role(overdue, ash, team):
    other = factories.MembershipFactory(user=ash.user, team=team, role=Role.SUPPORT_WORKER)
    choose(by=ash, wanted=False)
    queue_digests(now=MORNING)
    assert not mail_to(ash).exists()
    assert not mail_to(other).exists()
    choose(by=ash, wanted=True)
    queue_digests(now=MORNING)
    assert mail_to(ash).count() == 1


def test_a_leaver_gets_none(overdue, ash):
    type(ash).objects.filter(pk=ash.pk).update(ended_at=clock.now())
    queue_digests(now=MORNING + timedelta(days=730))
    assert not mail_to(ash).exists()


def test_the_own_page_leads_to_the_choice(as_ash, ash):
    assert "/referrals/morning-email/" in as_ash.get("/me/").content.decode()
    assert as_ash.post("/referrals/morning-email/", {}).status_code == 400
    response = as_ash.post("/referrals/morning-email/", {"wanted": "no"})
    assert response.url == "/me/"
    assert Digest.objects.get(membership=ash).wanted is False
    assert as_ash.get("/referrals/morning-email/").context["form"].initial["wanted"] == "no"

"""The large data set is what the product would have written."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse

from accounts import clock
from inclusion.benchmarks import caseload
from inclusion.benchmarks.build import Size, build
from people.models import ContactPlan, ServiceUser
from people.names import search_name
from referrals.models import Attempt, Referral, ReferralEvent, Reminder
from reports import rebuilding
from reports.models import Count, Mark
from reports.periods import Month
from screening.models import Need, Screening

PEOPLE = 300


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Once for the module: lives are made by the actions of the pages, which takes its seconds."""
    with django_db_blocker.unblock():
        build(Size(PEOPLE, settled=4, current=4), lambda line: None)
        yield
        call_command("flush", verbosity=0, interactive=False)
        Mark.objects.all().delete()  # where a flush deletes row by row, each person deleted is marked


@pytest.mark.django_db
@pytest.mark.usefixtures("built")
class TestBuilt:
    def test_everybody_has_two_screenings_five_messages_and_on_average_one_and_a_half_referrals(self):
        assert ServiceUser.objects.count() == PEOPLE
        copied = ServiceUser.objects.filter(local_number__startswith="RV")
        for model, each in ((Screening, 2), (Reminder, 5)):
            of_copies = model.objects.filter(service_user__in=copied).values_list("service_user")
            assert set(Counter(of_copies).values()) == {each}
        assert 1.3 < Referral.objects.filter(service_user__in=copied).count() / copied.count() < 1.7

    def test_nobody_lacks_a_plan_and_each_is_found_by_their_name(self):
        assert ContactPlan.objects.values("service_user").distinct().count() >= PEOPLE - 20
        for person in ServiceUser.objects.all():
            assert person.search_name == search_name(person.name, person.preferred_name)

    def test_fifty_teams_share_them_and_a_record_stays_in_its_organisation(self):
        people = ServiceUser.objects.select_related("team")
        assert len({person.team_id for person in people}) > 30
        for person in people:
            assert person.organisation_id == person.team.organisation_id
        for need in Need.objects.select_related("screening", "carried_to"):
            assert need.screening.service_user_id == need.service_user_id
            assert need.carried_to is None or need.carried_to.service_user_id == need.service_user_id

    def test_answers_have_the_times_of_their_screening(self):
        for screening in Screening.objects.exclude(submitted_at=None):
            at = {datetime.fromisoformat(answer["at"]) for answer in screening.responses.values()}
            assert max(at) - screening.submitted_at < timedelta(seconds=5)
            assert screening.submitted_at - min(at) < timedelta(minutes=5)

    def test_ids_sort_by_the_time_of_the_row(self):
        for person in ServiceUser.objects.all():
            made = datetime.fromtimestamp((person.pk.int >> 80) / 1000, tz=person.created_at.tzinfo)
            assert abs(made - person.created_at) < timedelta(seconds=5)

    def test_what_was_sent_has_its_attempt_and_every_referral_its_events(self):
        sent = Reminder.objects.filter(status__in=["sent", "delivered"])
        assert sent.exists()
        assert not sent.exclude(pk__in=Attempt.objects.values("reminder")).exists()
        assert not Referral.objects.exclude(pk__in=ReferralEvent.objects.values("referral")).exists()

    def test_pages_of_a_copied_person_open(self, client):
        person = ServiceUser.objects.filter(local_number__startswith="RV").select_related("team").first()
        member = person.team.memberships.filter(role="clinician").select_related("user").first()
        client.force_login(member.user)
        for route in ("people:detail", "timeline"):
            assert client.get(reverse(route, args=[person.pk])).status_code == 200

    @pytest.mark.postgres
    def test_the_report_by_hand_from_live_rows_says_what_the_summary_rows_say(self):
        rebuilding.rebuild()
        month = Month.of(clock.today())
        for _ in range(6):
            month = month.previous()
            whole, _team = caseload.largest(month)
            caseload.check_equal(whole)

    @pytest.mark.postgres
    def test_a_summary_row_that_is_wrong_is_noticed(self):
        rebuilding.rebuild()
        whole, _team = caseload.largest(Month.of(clock.today()).previous())
        Count.objects.filter(scope=whole.pk, code="coverage:of").update(n=F("n") + 1)
        with pytest.raises(caseload.NotEqual):
            caseload.check_equal(whole)

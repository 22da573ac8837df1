"""An organisation sets its own days on the clocks."""

import pytest

from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed
from accounts.models import AuditEvent, Organisation
from referrals.followup import CLOCK_DAYS, Clock
from referrals.how_we_work import clocks
from referrals.models import SettingChange

pytestmark = pytest.mark.django_db
PAGE = "/referrals/how-we-work/clocks/"


def test_every_clock_that_runs_can_be_set_and_its_usual_value_is_within_bounds():
    assert set(clocks.CLOCKS) == set(Clock)
    for clock, bounds in clocks.CLOCKS.items():
        assert bounds.least <= CLOCK_DAYS[clock] <= bounds.most


def test_no_draft_can_be_deleted_before_its_owner_was_reminded_of_it():
    assert clocks.CLOCKS[Clock.DRAFT_ENDS].least > clocks.CLOCKS[Clock.DRAFT].most


def test_a_change_counts_for_clocks_that_start_afterwards_and_leaves_a_trace(dee, trust, referral_in):
    before = referral_in("sent")
    assert clocks.set_days(by=dee, days={"acknowledge": 4, "decide": 5}, seen=0) == [Clock.ACKNOWLEDGE]
    trust.refresh_from_db()
    assert trust.clocks == {"acknowledge": 4}
    due_on = before.due_on
    before.refresh_from_db()
    assert before.due_on == due_on
    change = SettingChange.objects.get()
    assert (change.before, change.after, change.by) == ({"acknowledge": 2}, {"acknowledge": 4}, dee)
    assert AuditEvent.objects.filter(action="set_clocks", membership=dee).exists()


def test_the_usual_value_is_not_kept_as_an_own_one(dee, trust):
    clocks.set_days(by=dee, days={"decide": 7}, seen=0)
    clocks.set_days(by=dee, days={"decide": 5}, seen=1)
    assert Organisation.objects.get(pk=trust.pk).clocks == {}


@pytest.mark.parametrize(("clock", "days"), [("decide", 0), ("decide", 21), ("tell_person", 6), ("nonsense", 3)])
def test_days_out_of_bounds_change_nothing(dee, trust, clock, days):
    with pytest.raises(InvalidInput) as refusal:
        clocks.set_days(by=dee, days={"acknowledge": 3, clock: days}, seen=0)
    assert set(refusal.value.fields) == {clock}
    assert Organisation.objects.get(pk=trust.pk).clocks == {}


def test_of_two_admins_the_second_is_told(dee, trust):
    clocks.set_days(by=dee, days={"decide": 7}, seen=0)
    with pytest.raises(AlreadyChanged):
        clocks.set_days(by=dee, days={"decide": 9}, seen=0)
    assert Organisation.objects.get(pk=trust.pk).clocks == {"decide": 7}


def test_only_an_admin_may(ash, bo):
    for member in (ash, bo):
        with pytest.raises(NotAllowed):
            clocks.set_days(by=member, days={"decide": 7}, seen=0)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(as_dee, dee, trust):
    form = as_dee.get(PAGE).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    wrong = as_dee.post(PAGE, {**data, "decide": "99"})
    assert wrong.status_code == 400
    assert "Decide on a referral: enter a number of working days from 1 to 20." in wrong.content.decode()
    assert 'value="99"' in wrong.content.decode()
    clocks.set_days(by=dee, days={"answer": 4}, seen=0)
    stale = as_dee.post(PAGE, {**data, "decide": "8"})
    assert stale.status_code == 400
    assert "Somebody else changed this meanwhile" in stale.content.decode()
    assert 'value="8"' in stale.content.decode()
    again = as_dee.post(PAGE, {**data, "version": stale.context["form"]["version"].value(), "decide": "8"})
    assert again.status_code == 302
    assert Organisation.objects.get(pk=trust.pk).clocks == {"decide": 8}
    assert "from 5 to 8" in as_dee.get(PAGE).content.decode()


def test_the_api_gives_the_same_reasons(as_dee, trust):
    url = "/api/v1/clocks/"
    assert {one["clock"]: one["days"] for one in as_dee.get(url).json()["clocks"]}["decide"] == 5

    def patch(**body):
        return as_dee.patch(f"{url}decide/", body, content_type="application/json")

    assert patch(days=8, version=0).json()["version"] == 1
    assert patch(days=9, version=0).status_code == 409
    wrong = patch(days=50, version=1)
    assert wrong.status_code == 400
    assert "from 1 to 20" in wrong.json()["errors"]["days"]
    assert as_dee.patch(f"{url}nothing/", {}, content_type="application/json").status_code == 404


def test_another_organisation_keeps_its_own(dee, trust, provider):
    clocks.set_days(by=dee, days={"decide": 7}, seen=0)
    assert Organisation.objects.get(pk=provider.pk).clocks == {}

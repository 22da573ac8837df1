"""What a person says for fairness checks: recorded once over what was seen, audited without what it says."""

import pytest
from django.core.management import CommandError, call_command

from accounts.errors import AlreadyChanged, InvalidInput
from accounts.models import AuditEvent
from people import actions, fairness
from people.deprivation import read_list
from people.groups import NOT_KNOWN, PATHS, groups_of
from people.models import FairnessAnswers, ServiceUser
from tests import factories
from tests.merging.records import merge, record, undo

pytestmark = pytest.mark.django_db


def say(person, by, version=0, **answers):
    return fairness.record_fairness(service_user=person, version=version, by=by, **answers)


def test_what_is_said_is_kept_and_the_rest_is_not_recorded(ash, person):
    row = say(person, ash, ethnic_group="M", deprivation_quintile=1)

    assert (row.version, row.ethnic_group, row.deprivation_quintile, row.recorded_by) == (1, "M", 1, ash)
    assert (row.gender, row.diagnosis_group) == ("", "")


def test_a_later_answer_changes_itself_alone(ash, person):
    say(person, ash, ethnic_group="M", gender="woman")
    row = say(person, ash, 1, gender="prefer_not")

    assert (row.version, row.ethnic_group, row.gender) == (2, "M", "prefer_not")


def test_audit_names_the_answers_and_never_says_them(ash, person):
    say(person, ash, ethnic_group="M", gender="woman")

    event = AuditEvent.objects.get(action="record_fairness_answers")
    assert event.details == {"fields": ["ethnic_group", "gender"]}
    assert event.subject_id == str(person.pk)


def test_saying_the_same_again_changes_nothing(ash, person):
    say(person, ash, gender="woman")
    row = say(person, ash, 1, gender="woman", ethnic_group="")

    assert row.version == 1
    assert AuditEvent.objects.filter(action="record_fairness_answers").count() == 1


@pytest.mark.parametrize("version", [0, 2])
def test_who_saw_another_version_writes_nothing_over(ash, person, version):
    say(person, ash, gender="woman")
    with pytest.raises(AlreadyChanged):
        say(person, ash, version, gender="man")

    assert fairness.answers_of(person).gender == "woman"


def test_two_at_the_same_moment_leave_one_answer(ash, person, monkeypatch):
    """The second read before the first wrote: the swap itself refuses it."""
    before = fairness.answers_of(person)
    say(person, ash, gender="woman")
    monkeypatch.setattr(fairness, "answers_of", lambda _person: before)
    with pytest.raises(AlreadyChanged):
        say(person, ash, 0, gender="man")

    assert FairnessAnswers.objects.get().gender == "woman"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ethnic_group": "Q"},
        {"gender": None},
        {"deprivation_quintile": 6},
        {"deprivation_quintile": True},
        {"deprivation_quintile": ""},
        {"religion": "x"},
        {"version_": 1},
    ],
)
def test_what_is_no_answer_is_refused_beside_its_field(ash, person, wrong):
    with pytest.raises(InvalidInput) as refused:
        say(person, ash, **wrong)

    assert set(refused.value.fields) == set(wrong)
    assert not FairnessAnswers.objects.exists()


def test_paths_lead_from_a_person_to_all_that_the_groups_need(ash, person):
    say(person, ash, ethnic_group="M", deprivation_quintile=1)
    other = factories.ServiceUserFactory(created_by=ash)
    rows = ServiceUser.objects.values_list("pk", *PATHS.values())
    found = {pk: groups_of(dict(zip(PATHS, row, strict=True)), on=person.date_of_birth) for pk, *row in rows}

    assert (found[person.pk]["ethnic_group"], found[person.pk]["deprivation"]) == ("black", "q1")
    assert found[other.pk]["ethnic_group"] == NOT_KNOWN


# --- Where they live


def change(person, by, **typed):
    person.refresh_from_db()
    actions.update(service_user=person, version=person.version, by=by, **typed)


def test_a_move_forgets_the_neighbourhood_and_nothing_else(ash, person):
    say(person, ash, ethnic_group="M", deprivation_quintile=1)
    change(person, ash, postcode="SE1 1AA")

    row = fairness.answers_of(person)
    assert (row.deprivation_quintile, row.ethnic_group, row.version) == (None, "M", 2)
    assert AuditEvent.objects.filter(action="forget_neighbourhood").count() == 1


def test_another_change_of_facts_keeps_the_neighbourhood(ash, person):
    say(person, ash, deprivation_quintile=1)
    change(person, ash, phone="07700 900456", postcode="se5 8az")

    assert fairness.answers_of(person).deprivation_quintile == 1


def test_list_sets_who_lives_there_and_says_how_many(ash, person, cam, tmp_path, capsys):
    say(person, ash, deprivation_quintile=5, gender="woman")
    stranger = factories.ServiceUserFactory(created_by=cam)
    elsewhere = factories.ServiceUserFactory(created_by=ash, postcode="SE1 1AA")
    file = tmp_path / "list.csv"
    file.write_text("\ufeffpostcode,quintile\nse58az,2\nSE24 0AA,4\nEH1 1AA,\n\n", encoding="utf-8")
    call_command("load_deprivation", file, organisation=ash.organisation.name)

    row = fairness.answers_of(person)
    assert (row.deprivation_quintile, row.gender, row.recorded_by) == (2, "woman", None)
    assert not FairnessAnswers.objects.filter(service_user__in=[stranger, elsewhere]).exists()
    assert capsys.readouterr().out.splitlines() == [
        "lines read: 4, without a postcode and a quintile: 2",
        "people: 2, with a postcode on the list: 1",
        "quintiles set or changed: 1",
    ]
    event = AuditEvent.objects.get(action="set_quintile")
    assert (event.subject_id, event.organisation, event.details) == (str(person.pk), ash.organisation, {})


def test_list_read_twice_changes_nothing_the_second_time(ash, person):
    first, again = (
        fairness.set_quintiles(organisation=ash.organisation, quintiles={"SE5 8AZ": 3}, by=None) for _ in range(2)
    )

    assert (first.changed, again.changed) == (1, 0)
    assert fairness.answers_of(person).version == 1


def test_list_longer_than_one_lot_reaches_everybody(ash, monkeypatch):
    monkeypatch.setattr(fairness, "BATCH", 2)
    for _ in range(5):
        factories.ServiceUserFactory(created_by=ash)
    counted = fairness.set_quintiles(organisation=ash.organisation, quintiles={"SE5 8AZ": 3}, by=None)

    assert (counted.people, counted.matched, counted.changed) == (5, 5, 5)


def test_list_keeps_only_the_postcodes_that_are_wanted():
    reading = read_list(["SE5 8AZ,1\n", "SE1 1AA,2\n", "nonsense,3\n"], {"SE5 8AZ"})

    assert (reading.quintiles, reading.lines, reading.unread) == ({"SE5 8AZ": 1}, 3, 1)


def test_list_that_contradicts_itself_changes_nothing(ash, person, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("SE5 8AZ,2\nSE58AZ,4\n")
    with pytest.raises(CommandError, match=r"two different things of one postcode \(line 2\)"):
        call_command("load_deprivation", file, organisation=ash.organisation.name)

    assert not FairnessAnswers.objects.exists()


def test_list_that_cannot_be_read_is_said_so(ash, tmp_path):
    name = ash.organisation.name
    (tmp_path / "not_text.csv").write_bytes(b"\xff\xfe\x00")
    for file, why in (("gone.csv", "cannot be read"), ("not_text.csv", "not text in UTF-8")):
        with pytest.raises(CommandError, match=why):
            call_command("load_deprivation", tmp_path / file, organisation=name)
    with pytest.raises(CommandError, match="no health organisation"):
        call_command("load_deprivation", tmp_path / "gone.csv", organisation="Nobody")


# --- Two records of one person


def said(person):
    row = fairness.answers_of(person)
    return row.gender, row.ethnic_group, row.deprivation_quintile


def test_merge_fills_the_gaps_and_an_undo_takes_them_back(ash):
    kept, other = record(ash, postcode="SE5 8AZ"), record(ash, postcode="SE5 8AZ")
    say(kept, ash, gender="woman")
    say(other, ash, gender="man", ethnic_group="M", deprivation_quintile=1)
    row = merge(kept, other, ash)

    assert said(kept) == ("woman", "M", 1)
    undo(row, ash)
    assert (said(kept), said(other)) == (("woman", "", None), ("man", "M", 1))


def test_merge_carries_answers_to_a_record_that_had_none(ash):
    kept, other = record(ash), record(ash)
    say(other, ash, ethnic_group="Z")
    row = merge(kept, other, ash)

    assert said(kept) == ("", "Z", None)
    undo(row, ash)
    assert said(kept) == ("", "", None)


def test_undo_leaves_what_was_changed_since_and_takes_back_the_rest(ash):
    kept, other = record(ash), record(ash)
    say(other, ash, gender="man", ethnic_group="M")
    row = merge(kept, other, ash)
    say(kept, ash, fairness.answers_of(kept).version, gender="non_binary")
    undo(row, ash)

    assert said(kept) == ("non_binary", "", None)


def test_merge_never_gives_the_neighbourhood_of_another_home(ash):
    kept, other = record(ash, postcode="SE1 1AA"), record(ash, postcode="SE5 8AZ")
    say(other, ash, deprivation_quintile=1)
    merge(kept, other, ash)

    assert said(kept) == ("", "", None)

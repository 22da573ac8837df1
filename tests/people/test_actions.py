"""Adding and changing people: nobody has another's number, likely duplicates are asked about, nothing is lost."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.models import AuditEvent
from people import actions, duplicates
from people.duplicates import LooksLikeSomebody
from people.models import ServiceUser
from tests import factories

pytestmark = pytest.mark.django_db

NUMBER = "9990839549"


def test_added_person_joins_the_team_of_whoever_added_them(ash):
    person = actions.add(by=ash, name="Zoë O’Brien", preferred_name="Zo")

    assert (person.team, person.organisation, person.created_by) == (ash.team, ash.organisation, ash)
    assert person.search_name == "zoe obrien zo"
    assert person.version == 1
    assert AuditEvent.objects.get(action="add_service_user").subject_id == str(person.pk)


def test_what_is_not_known_is_stored_as_not_known(ash):
    person = actions.add(by=ash, name="Robin")

    assert (person.nhs_number, person.local_number, person.date_of_birth) == (None, None, None)
    assert not actions.plan_of(person).answered


def test_person_without_a_name_is_refused(ash):
    with pytest.raises(InvalidInput) as caught:
        actions.add(by=ash)
    assert caught.value.fields == {"name": "Enter the person’s name."}


@pytest.mark.parametrize(("field", "number"), [("nhs_number", NUMBER), ("local_number", "RV5123")])
def test_number_of_somebody_on_my_list_is_refused_with_their_name(ash, field, number):
    factories.ServiceUserFactory(created_by=ash, name="Robin Example", **{field: number})
    with pytest.raises(InvalidInput) as caught:
        actions.add(by=ash, name="Somebody Else", **{field: number})

    assert caught.value.fields[field].startswith("Robin Example, whose record you can open, has this")


@pytest.mark.parametrize(("field", "number"), [("nhs_number", NUMBER), ("local_number", "RV5123")])
def test_number_of_another_teams_person_is_refused_without_a_word_about_them(ash, nia, field, number):
    factories.ServiceUserFactory(created_by=nia, name="Secret Person", **{field: number})
    with pytest.raises(InvalidInput) as caught:
        actions.add(by=ash, name="Somebody Else", **{field: number})

    sentence = caught.value.fields[field]
    assert "another team’s list" in sentence
    assert "Secret" not in sentence
    assert nia.team.name not in sentence


def test_another_organisation_may_have_the_same_person(ash, cam):
    factories.ServiceUserFactory(created_by=cam, nhs_number=NUMBER)

    assert actions.add(by=ash, name="Robin Example", nhs_number=NUMBER).nhs_number == NUMBER


def test_people_whose_numbers_are_not_known_are_not_each_other(ash):
    actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    actions.add(by=ash, name="Kim Sample", date_of_birth="3 4 1961")

    assert ServiceUser.objects.count() == 2


def test_number_taken_in_the_very_moment_is_refused_in_the_same_words(ash, monkeypatch):
    """Two at once both look before either has written: the database refuses the second."""
    factories.ServiceUserFactory(created_by=ash, name="Robin Example", nhs_number=NUMBER)
    look = duplicates.refuse_taken
    looks = iter([lambda *args, **kwargs: None, look])
    monkeypatch.setattr(duplicates, "refuse_taken", lambda *args, **kwargs: next(looks)(*args, **kwargs))

    with pytest.raises(InvalidInput) as caught:
        actions.add(by=ash, name="Kim Sample", nhs_number=NUMBER)
    assert "has this NHS number already" in caught.value.fields["nhs_number"]


@pytest.mark.parametrize("name", ["Robin Example", "Robyn Example", "Example, Robin", "robin EXAMPLE-Smith"])
@pytest.mark.parametrize("born", ["3 Apr 1961", ""])
def test_likely_duplicate_is_asked_about_and_not_added(ash, name, born):
    there = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    with pytest.raises(LooksLikeSomebody) as caught:
        actions.add(by=ash, name=name, date_of_birth=born)

    assert caught.value.people == [there]
    assert ServiceUser.objects.count() == 1


def test_somebody_else_of_that_name_is_added_once_said_so(ash):
    there = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    second = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961", not_the_same_as=[there.pk])

    assert second.pk != there.pk
    assert AuditEvent.objects.get(subject_id=str(second.pk)).details == {"looked_alike": [str(there.pk)]}


def test_saying_so_about_one_does_not_cover_another(ash):
    one = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    other = actions.add(by=ash, name="Robyn Example", date_of_birth="3 4 1961", not_the_same_as=[one.pk])
    with pytest.raises(LooksLikeSomebody) as caught:
        actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961", not_the_same_as=[one.pk])

    assert caught.value.people == [other]


@pytest.mark.parametrize(("name", "born"), [("Kim Sample", "3 4 1961"), ("Robin Example", "4 4 1961")])
def test_other_name_or_other_day_is_nobody_we_have(ash, name, born):
    actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")

    assert actions.add(by=ash, name=name, date_of_birth=born)


def test_likely_duplicate_on_another_teams_list_stays_unknown(ash, nia):
    actions.add(by=nia, name="Robin Example", date_of_birth="3 4 1961")

    assert actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")


def test_change_touches_what_it_names_and_nothing_else(ash, person):
    before = person.phone
    actions.update(service_user=person, version=1, by=ash, name="New Name", pronouns="they/them")

    assert (person.name, person.pronouns, person.phone) == ("New Name", "they/them", before)
    assert (person.search_name, person.version) == ("new name", 2)
    assert AuditEvent.objects.get(action="update_service_user").details == {"fields": ["name", "pronouns"]}


def test_second_of_two_editors_is_refused_and_overwrites_nothing(ash, nia, person):
    actions.update(service_user=ServiceUser.objects.get(pk=person.pk), version=1, by=ash, phone="07700 900111")
    with pytest.raises(AlreadyChanged):
        actions.update(service_user=person, version=1, by=ash, phone="07700 900222")

    person.refresh_from_db()
    assert person.phone == "+447700900111"
    assert AuditEvent.objects.filter(action="update_service_user").count() == 1


def test_changing_to_a_taken_number_is_refused(ash, person):
    factories.ServiceUserFactory(created_by=ash, nhs_number=NUMBER)
    with pytest.raises(InvalidInput):
        actions.update(service_user=person, version=1, by=ash, nhs_number=NUMBER)


def test_keeping_ones_own_number_is_no_duplicate(ash, person):
    actions.update(service_user=person, version=1, by=ash, nhs_number=person.nhs_number)

    assert person.version == 2


@pytest.mark.parametrize(
    "wrong",
    [{"nhs_number": "123"}, {"nhs_number": "12345678AB"}, {"name": ""}, {"pause_reason": "crisis"}],
)
def test_database_holds_the_rules_too(person, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceUser.objects.filter(pk=person.pk).update(**wrong)


def test_nothing_is_added_where_the_audit_fails(ash, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the audit cannot be written")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        actions.add(by=ash, name="Robin Example")

    assert not ServiceUser.objects.exists()
    assert connection.in_atomic_block  # the test's own transaction; the action's was rolled back to its savepoint

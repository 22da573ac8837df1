"""All that hangs on one record hangs on the other, and goes back; and every model is thought of."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import AuditEvent
from inclusion import tasks
from inclusion.merging import actions as merging
from people import actions as people
from people.duplicates import LooksLikeSomebody
from people.models import Merge, ServiceUser
from people.search import find
from referrals.models import FollowUp, Referral, Reminder
from referrals.tasks import queue_due
from screening.models import Need, Screening
from tests import factories
from tests.merging.records import merge, undo
from tests.test_journey import ANSWERS

pytestmark = pytest.mark.django_db


def rows_of(person):
    """Every row that points at the person: label → ids."""
    found = {}
    for model, column in pointing():
        ids = model._base_manager.filter(**{column: person}).values_list("pk", flat=True)
        found[model._meta.label, column] = set(ids)
    return found


def pointing():
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is ServiceUser:
                yield model, field.name


def test_every_model_that_points_at_a_person_is_moved_or_said_to_stay():
    named = {model._meta.label for model, _ in pointing()}

    assert named == merging.MOVES | merging.STAYS
    assert not merging.MOVES & merging.STAYS


def test_many_to_many_links_never_point_at_a_person():
    for model in apps.get_models():
        for field in model._meta.many_to_many:
            assert not (isinstance(field, models.ManyToManyField) and field.related_model is ServiceUser), field


def test_everything_of_the_other_record_belongs_to_the_kept_one(ash, kept, other, busy):
    before = rows_of(other)
    assert all(before[model, "service_user"] for model in (Screening, Need, Referral, FollowUp, Reminder)
               for model in [model._meta.label])  # fmt: skip
    row = merge(kept, other, ash)

    after, left = rows_of(kept), rows_of(other)
    for key, ids in before.items():
        if key[0] in merging.MOVES:
            assert ids <= after[key], key
            assert not left[key], key
    assert row.kept == kept
    busy.refresh_from_db()
    assert busy.service_user == kept


def test_undo_moves_back_exactly_what_moved(ash, kept, other, busy):
    factories.ScreeningFactory(service_user=kept, started_by=ash, submitted=True, answers={"AC2": ["none"]})
    ours, theirs = rows_of(kept), rows_of(other)
    row = merge(kept, other, ash)
    undo(row, ash)

    for person, before in ((kept, ours), (other, theirs)):
        for key, ids in rows_of(person).items():
            if key[0] in merging.MOVES:
                assert ids == before[key], key


def every_column():
    """All rows of all models that point at a person, and all their columns; a record's version only grows."""
    return {
        (model._meta.label, row["id"]): row | {"version": None}
        for model, _ in pointing()
        if model._meta.label in merging.MOVES
        for row in model._base_manager.values()
    }


def test_after_the_undo_every_column_of_every_row_is_as_it_was(ash, kept, other, busy):
    for one, answers in ((kept, ANSWERS), (other, ANSWERS), (kept, {"AC2": ANSWERS["AC2"]})):
        factories.ScreeningFactory(service_user=one, started_by=ash, submitted=True, answers=answers)
    queue_due()
    before = every_column()
    row = merge(kept, other, ash)
    assert every_column() != before
    undo(row, ash)

    assert every_column() == before


def test_record_that_was_not_kept_is_on_no_list(as_ash, as_dee, ash, dee, kept, other):
    merge(kept, other, ash)

    assert list(ServiceUser.objects.visible_to(ash)) == [kept]
    assert list(ServiceUser.objects.visible_to(dee)) == [kept]
    assert list(ServiceUser.objects.on_caseload(clock.today())) == [kept]
    assert [one["id"] for one in as_ash.get("/api/v1/service-users/").json()["results"]] == [str(kept.pk)]
    assert str(other.pk) not in as_ash.get("/people/").content.decode()


def test_kept_record_is_found_by_what_only_the_other_one_says(ash, kept, other):
    merge(kept, other, ash, name="kept", nhs_number="kept")

    for text in ("999 083 9549", "robyn", "robyne rivers"):
        assert find(ash, text, clock.today()).people == [kept]
    with pytest.raises(LooksLikeSomebody) as refused:
        people.add(by=ash, name="Robyn Rivers")
    assert refused.value.people == [kept]
    with pytest.raises(InvalidInput, match="Robin Rivers"):
        people.add(by=ash, name="Somebody Else", nhs_number="999 083 9549")


def test_facts_are_kept_as_chosen_and_go_back(ash, kept, other):
    people.update(service_user=kept, version=1, by=ash, communication_needs="Large print", postcode="SE5 8AF")
    people.update(service_user=other, version=1, by=ash, communication_needs="BSL", preferred_name="Bobbie")
    before = ServiceUser.objects.filter(pk=kept.pk).values().get()
    row = merge(kept, other, ash, name="other")
    kept.refresh_from_db()

    assert (kept.name, kept.preferred_name, kept.nhs_number) == ("Robyn Rivers", "Bobbie", "9990839549")
    assert kept.communication_needs == "Large print\nBSL"
    assert (kept.phone, kept.postcode, kept.date_of_birth) == ("+447700900123", "SE5 8AF", date(1971, 5, 4))
    assert kept.search_name == "robyn rivers bobbie"
    undo(row, ash)
    after = ServiceUser.objects.filter(pk=kept.pk).values().get()
    assert {**after, "version": 0} == {**before, "version": 0}


def test_fact_changed_since_stays_as_it_was_changed(ash, kept, other):
    row = merge(kept, other, ash, name="other")
    kept.refresh_from_db()
    people.update(service_user=kept, version=kept.version, by=ash, name="Robin R Rivers")
    one, two = undo(row, ash)

    assert one.name == "Robin R Rivers"
    assert one.nhs_number is None
    assert (two.name, two.nhs_number) == ("Robyn Rivers", "9990839549")


def test_both_numbers_being_the_same_now_refuses_the_undo(ash, kept, other):
    row = merge(kept, other, ash)
    kept.refresh_from_db()
    people.update(service_user=kept, version=kept.version, by=ash, nhs_number="")
    kept.refresh_from_db()
    Merge.objects.filter(pk=row.pk).update(facts={})
    people.update(service_user=kept, version=kept.version, by=ash, nhs_number="999 083 9549")

    with pytest.raises(NotPossibleNow, match="same NHS number"):
        undo(row, ash)
    assert Merge.objects.get(pk=row.pk).undone_at is None


def test_caseload_goes_on_if_either_record_is_on_it(ash, kept, other):
    today = clock.today()
    ServiceUser.objects.filter(pk=kept.pk).update(left_caseload_on=today)
    ServiceUser.objects.filter(pk=other.pk).update(on_caseload_since=today - timedelta(days=90))
    row = merge(kept, other, ash)
    kept.refresh_from_db()

    assert (kept.on_caseload_since, kept.left_caseload_on) == (today - timedelta(days=90), None)
    one, _ = undo(row, ash)
    assert (one.on_caseload_since, one.left_caseload_on) == (today, today)


def test_both_records_are_in_the_audit(ash, kept, other):
    row = merge(kept, other, ash)
    undo(row, ash)

    for action in ("merge_service_users", "undo_merge"):
        events = AuditEvent.objects.filter(action=action)
        assert {event.subject_id for event in events} == {str(kept.pk), str(other.pk)}
        assert {event.membership for event in events} == {ash}


def test_row_that_came_late_is_gathered_and_goes_back_with_the_rest(ash, kept, other):
    row = merge(kept, other, ash)
    late = factories.ConsentFactory(service_user=other, recorded_by=ash)
    tasks.gather_late()
    late.refresh_from_db()

    assert late.service_user == kept
    undo(row, ash)
    late.refresh_from_db()
    assert late.service_user == other

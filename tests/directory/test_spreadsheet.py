"""The directory as a spreadsheet: taken away and brought back it says the same; what is wrong is said by cell."""

import csv
import io
import tracemalloc
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import AuditEvent, Organisation
from accounts.spreadsheets import bare, guarded, safe
from directory import actions
from directory.models import Location, OfferChange, Sheet, SupportOffer
from directory.spreadsheet import applying, files
from directory.spreadsheet.columns import BY_FIELD, COLUMNS
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def kept(db):
    """An offer of a provider without accounts, which an admin of a health organisation keeps; all is recorded."""
    place = factories.LocationFactory(name="Library", address="1 High Street\nLondon", postcode="SE5 8AZ")
    return factories.SupportOfferFactory(
        provider=place.organisation,
        location=place,
        name="=Tablets, “to keep”; and 'more'",
        description="@Line one\nLine two, with; signs\t",
        kinds=["device", "first_steps"],
        formats=["one", "peer"],
        serves=["SE5", "Southwark"],
        languages=["English", "Somali"],
        times=[
            {"day": "MO", "from": "10:00", "to": "12:30"},
            {"day": "TU", "from": "14:00", "to": "16:00", "weeks": [1, 3]},
        ],
        schedule="Term time only",
        min_age=18,
        low_income_only=True,
        benefits_only=False,
        cost="free",
        goes_along="'A volunteer",
        contact_phone="+44 20 7946 0999",
    )


def exported(by):
    return "".join(files.written(applying.cells_of(offer) for offer in applying.offers_of(by)))


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def edited(by, **changes):
    """The export with cells of its first row changed, by field."""
    rows = rows_of(exported(by))
    for field, cell in changes.items():
        rows[1][TITLES.index(BY_FIELD[field].title)] = cell
    return sheet_of(by, rows)


def sheet_of(by, rows, encoding="utf-8", **style):
    file = io.StringIO()
    csv.writer(file, **style).writerows(rows)
    return applying.upload(content=file.getvalue().encode(encoding), file_name="x.csv", by=by)


def new(by, **cells):
    return sheet_of(by, [[BY_FIELD[field].title for field in cells], list(cells.values())])


def counts(outcome):
    assert outcome.faults == []
    return outcome.added, outcome.changed, outcome.same


NEW = {
    "provider": "Riverside",
    "provider_phone": "020 7946 0123",
    "name": "Cups",
    "kinds": "Peer support",
    "remote": "yes",
}


# --- There and back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_was_taken_away_and_brought_back_changes_nothing(dee, kept, encoding, delimiter):
    factories.SupportOfferFactory(name="Little said", location=None, remote=True, verified_on=None)
    before = list(SupportOffer.objects.order_by("pk").values())
    sheet = sheet_of(dee, rows_of(exported(dee)), encoding, delimiter=delimiter)
    assert counts(applying.apply(sheet, by=dee)) == (0, 0, 2)
    assert list(SupportOffer.objects.order_by("pk").values()) == before


def test_an_export_is_safe_to_open(dee, kept):
    cells = [cell for row in rows_of(exported(dee)) for cell in row]
    assert [cell for cell in cells if safe(cell) != cell] == []


@given(st.text(max_size=30))
def test_a_guarded_cell_is_safe_and_gives_back_the_very_text(text):
    assert safe(guarded(text)) == guarded(text)
    assert bare(guarded(text)) == text


@pytest.mark.parametrize("typed", ["'tis free", "don't", "it's"])
def test_what_somebody_typed_with_an_apostrophe_stays(typed):
    assert bare(typed) == typed


def test_every_cell_that_is_written_is_read_to_the_same_value(dee, kept):
    cells = applying.cells_of(kept)
    for field in applying.OFFER_FIELDS:
        written = BY_FIELD[field].write(getattr(kept, field))
        read = BY_FIELD[field].read(written)
        assert read == getattr(kept, field), field
    assert set(cells) == set(BY_FIELD)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-02",
        "02/11/2026",
        "2/11/26",
        "2 Nov 2026",
        "02-Nov-2026",
        "46328",
        "46328.0",
        "2026-11-02 00:00:00",
    ],
)
def test_a_date_is_read_as_spreadsheets_write_it(cell):
    assert BY_FIELD["verified_on"].read(cell) == date(2026, 11, 2)


# --- Changes -----------------------------------------------------------------------------------------------------


def test_a_change_is_tried_first_and_done_only_when_asked(dee, kept):
    sheet = edited(dee, name="Phones", max_age="65", kinds="A device; Peer support", low_income_only="")
    assert counts(applying.try_out(sheet, by=dee)) == (0, 1, 0)
    kept.refresh_from_db()
    assert (kept.version, OfferChange.objects.count()) == (1, 0)
    assert counts(applying.apply(sheet, by=dee)) == (0, 1, 0)
    kept.refresh_from_db()
    assert (kept.name, kept.max_age, kept.kinds) == ("Phones", 65, ["device", "peer_support"])
    assert kept.low_income_only is None
    assert set(OfferChange.objects.get().fields) == {"name", "max_age", "kinds", "low_income_only"}
    sheet.refresh_from_db()
    assert (sheet.rows, sheet.result) == ([], {"added": 0, "changed": 1, "same": 0})
    with pytest.raises(NotPossibleNow):
        applying.apply(sheet, by=dee)


def test_a_row_without_an_id_adds_an_offer_with_its_provider_and_place(dee):
    sheet = new(dee, **NEW, place="Hall", address="2 Mill Lane", postcode="se58az", times="Monday 10am to 4pm")
    assert counts(applying.apply(sheet, by=dee)) == (1, 0, 0)
    offer = SupportOffer.objects.get()
    assert (offer.name, offer.kinds, offer.source) == ("Cups", ["peer_support"], "csv")
    assert (offer.location.name, offer.location.postcode) == ("Hall", "SE5 8AZ")
    assert offer.times == [{"day": "MO", "from": "10:00", "to": "16:00"}]
    assert (offer.provider.name, offer.provider.profile.kept_by) == ("Riverside", dee.organisation)


def test_a_place_named_again_is_the_same_place(dee, kept):
    row = {**NEW, "provider": kept.provider.name, "place": "LIBRARY", "postcode": "SE58AZ"}
    applying.apply(new(dee, **row), by=dee)
    assert Location.objects.filter(organisation=kept.provider).count() == 1


def test_columns_and_rows_that_are_left_out_stay(dee, kept):
    factories.SupportOfferFactory(name="Another")
    rows = [["Id", "Version", "Cost"], [str(kept.pk), "1", "£2"]]
    assert counts(applying.apply(sheet_of(dee, rows), by=dee)) == (0, 1, 0)
    kept.refresh_from_db()
    assert (kept.cost, kept.min_age, kept.location.name) == ("£2", 18, "Library")
    assert SupportOffer.objects.published().count() == 2


def test_a_later_day_confirms_the_offer(dee, kept):
    SupportOffer.objects.update(verified_on=clock.today() - timedelta(days=40))
    yesterday = clock.today() - timedelta(days=1)
    applying.apply(edited(dee, verified_on=f"{yesterday:%d/%m/%Y}"), by=dee)
    kept.refresh_from_db()
    assert (kept.verified_on, kept.verified_by) == (yesterday, dee)


# --- What is wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "cell", "sentence"),
    [
        ("kinds", "A spaceship", "There is nothing called “A spaceship” in the list."),
        ("kinds", "", "Choose at least one kind of support from the list."),
        ("min_age", "young", "Write a whole number, like 18."),
        ("max_age", "-1", "Write a whole number, like 18."),
        ("remote", "perhaps", "Write yes or no, or leave it empty."),
        ("capacity", "lots", "Write one of: Room now, Waiting list, Full, Not known."),
        ("contact_email", "nobody", "Enter a valid email address."),
        ("postcode", "nowhere", "Enter a full UK postcode, like SE5 8AF."),
        ("verified_on", "32/13/2026", "Write a date like 24/11/2026."),
        ("verified_on", "01/01/2199", "Give a day between the last time it was confirmed and today."),
        ("version", "7", "Somebody has changed this offer since it was exported. Export it again."),
        ("provider", "Somebody else", "This is changed on the provider’s own page, not in a row of an offer."),
        ("id", "17", "There is no offer with this id that you keep. Leave it empty to add one."),
    ],
)
def test_a_wrong_cell_is_said_by_row_and_column(dee, kept, field, cell, sentence):
    changes = {"cost": "£1", field: cell}  # something changes, or nobody would look
    [fault] = applying.try_out(edited(dee, **changes), by=dee).faults
    assert (fault.line, fault.column, fault.words) == (2, BY_FIELD[field].title, sentence)


def test_all_that_is_wrong_in_a_row_is_said_at_once_and_good_rows_are_counted(dee, kept):
    rows = rows_of(exported(dee))
    bad = ["" for _ in TITLES]
    for field, cell in {"provider": "X", "name": "Y", "min_age": "old", "remote": "maybe"}.items():
        bad[TITLES.index(BY_FIELD[field].title)] = cell
    outcome = applying.try_out(sheet_of(dee, [*rows, bad]), by=dee)
    assert [(fault.line, fault.column) for fault in outcome.faults] == [
        (3, "By phone or online"),
        (3, "Youngest age"),
    ]
    assert outcome.same == 1


def test_nothing_is_done_when_something_has_become_wrong_meanwhile(dee, kept):
    sheet = edited(dee, name="Phones")
    actions.edit_offer(offer=kept, version=1, by=dee, name="Somebody was quicker")
    with pytest.raises(InvalidInput):
        applying.apply(sheet, by=dee)
    kept.refresh_from_db()
    sheet.refresh_from_db()
    assert (kept.name, sheet.applied_at) == ("Somebody was quicker", None)


def test_a_provider_that_keeps_its_own_listings_is_not_written_for(dee, bo, offer):
    assert str(offer.pk) not in exported(dee)
    rows = [["Id", "Version", "Cost"], [str(offer.pk), "1", "£2"]]
    assert [fault.column for fault in applying.try_out(sheet_of(dee, rows), by=dee).faults] == ["Id"]
    [fault] = applying.try_out(new(dee, **{**NEW, "provider": offer.provider.name}), by=dee).faults
    assert fault.words == "This provider keeps its own listings."


def test_an_offer_twice_in_a_file_is_refused_the_second_time(dee, kept):
    rows = rows_of(exported(dee))
    [fault] = applying.try_out(sheet_of(dee, [*rows, rows[1]]), by=dee).faults
    assert (fault.line, fault.words) == (3, "This offer is in the file twice.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Id,Colour\n1,red\n", "There is no column called “Colour”. Begin with an export."),
        (b"Id,Id\n1,2\n", "A column is there twice."),
        (b"Id,Offer\n", "There are no rows under the header."),
        (b'Id,Offer\n1,"open\n', "A row cannot be read: a quotation mark is missing, or a cell is far too long."),
        (b"PK\x03\x04\x00\x00", "The file is not text. Save it as UTF-8."),
        (b"Offer\n" + b"x\n" * (files.MOST_ROWS + 1), "There are more than 300 rows. Split the file."),
        (
            b"Offer\n" + b"x" * 200_000,
            "A row cannot be read: a quotation mark is missing, or a cell is far too long.",
        ),
    ],
)
def test_what_is_no_spreadsheet_of_the_directory_is_refused_whole(dee, content, sentence):
    with pytest.raises(InvalidInput) as refusal:
        applying.upload(content=content, file_name="x", by=dee)
    assert refusal.value.fields == {"file": sentence}
    assert not Sheet.objects.exists()


def test_a_file_of_blank_lines_takes_little_memory_and_its_rows_keep_their_numbers():
    blank = 200_000
    tracemalloc.start()
    [row] = files.read(b"Id,Offer\n" + b"\n" * blank + b"1,Cups\n")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert row.line == blank + 2
    assert most < 10_000_000  # a row each took 400 times the file


# --- The pages ---------------------------------------------------------------------------------------------------


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def send(client, text):
    file = SimpleUploadedFile("offers.csv", text.encode())
    return client.post("/directory/exchange/spreadsheets/", {"file": file}, follow=True)


def test_an_admin_takes_the_offers_away_changes_one_and_brings_them_back(as_dee, dee, kept):
    response = as_dee.get("/directory/exchange/offers.csv")
    text = b"".join(response.streaming_content).decode()
    assert text == exported(dee)
    assert "This would add 0, change 0 and leave 1 as they are." in page(send(as_dee, text))
    shown = send(as_dee, text.replace("Term time only", "All year"))
    assert "This would add 0, change 1 and leave 0 as they are. Nothing has been changed yet." in page(shown)
    path = shown.redirect_chain[-1][0]
    assert "it added 0, changed 1 and left 0 as they were" in page(as_dee.post(path, follow=True))
    kept.refresh_from_db()
    assert kept.schedule == "All year"
    assert page(as_dee.post(path), status=409)
    done = {"export_directory_sheet", "upload_directory_sheet", "apply_directory_sheet"}
    assert set(AuditEvent.objects.filter(membership=dee, action__in=done).values_list("action", flat=True)) == done


def test_who_only_looks_at_a_spreadsheet_writes_nothing(as_dee, dee, kept, monkeypatch):
    path = send(as_dee, exported(dee).replace("Term time only", "All year")).redirect_chain[-1][0]
    with monkeypatch.context() as patch:
        patch.setattr(actions, "edit_offer", None)
        assert "change 1 and leave 0 as they are" in page(as_dee.get(path))
    actions.edit_offer(offer=kept, version=kept.version, by=dee, name="Meanwhile")
    shown = page(as_dee.post(path, follow=True))
    assert "Something in the directory has changed since." in shown
    assert "Somebody has changed this offer since it was exported." in shown


def test_wrong_cells_are_listed_and_there_is_nothing_to_press(as_dee, dee, kept):
    shown = page(send(as_dee, exported(dee).replace("Term time only", "All year").replace(",18,", ",old,")))
    assert "Row 2, Youngest age" in shown
    assert "Write a whole number, like 18." in shown
    assert "Change the directory" not in shown


def test_a_colleagues_upload_is_not_there_for_others(as_dee, dee, kept, team):
    path = send(as_dee, exported(dee)).redirect_chain[-1][0]
    other = SignedIn(factories.MembershipFactory(team=team, role="admin"))
    assert other.get(path).status_code == 404


def test_a_providers_admin_keeps_its_own_offers_by_spreadsheet(offer, provider_team):
    admin = factories.MembershipFactory(team=provider_team, role="admin")
    applying.apply(edited(admin, cost="£3"), by=admin)
    offer.refresh_from_db()
    assert offer.cost == "£3"
    [fault] = applying.try_out(new(admin, **NEW), by=admin).faults
    assert fault.column == "Provider"
    assert not Organisation.objects.filter(name="Riverside").exists()

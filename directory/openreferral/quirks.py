"""What was odd in a feed: each oddity with its place, a code, and words for whoever keeps the feed.

Pure. A quirk never stops an import: at most its own item stays out (REFUSED).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.wording import gettext_lazy as _

WORDS: Mapping[str, str] = {
    # the item stays out
    "not_an_item": _("This is not a service: it is left out."),
    "no_name": _("A service without a name cannot be shown: it is left out."),
    "no_organisation": _("It does not say who provides the service: it is left out."),
    "duplicate_id": _("Two services have this id. The one changed last is kept, the other is left out."),
    "not_saved": _("The service could not be saved, and is left out."),
    "keeps_own": _("This provider keeps its own listings here, or another organisation does. It is left out."),
    "not_fetched": _("The full record could not be fetched. What was here before stays as it is."),
    # read another way
    "no_id": _("There is no id. One is made from what it says, and stays the same while that does."),
    "bad_id": _("The id is not a UUID. One is made from it, and stays the same."),
    "wrong_case": _("Capitals and small letters are not as the profile has them. Read anyway."),
    "no_status": _("There is no status. Read as active."),
    "unknown_status": _("This status is not one of the profile’s. The service is not offered until it is."),
    "unknown_choice": _("This is not one of the profile’s values. It is kept, and not used."),
    "url_without_scheme": _("The address has no https:// in front. It is added."),
    "number_as_text": _("A number is written as text. Read as a number."),
    "text_as_number": _("A text is written as a number. Read as text."),
    "not_a_list": _("There is one thing where a list should be. Read as a list of one."),
    "date_other_form": _("The date is not written as year-month-day. Read the British way, day first."),
    "date_with_time": _("There is a time where only a date should be. The date is used."),
    "no_time_zone": _("The time has no time zone. Read as the time in London."),
    "time_other_form": _("The time is not written as hours:minutes:seconds. Read anyway."),
    "days_in_words": _("The days are written as words. Read as the days of a calendar."),
    "country_in_words": _("The country is not its two-letter code. Read as GB."),
    "markup": _("There is markup in the text. It is kept, and shown as plain words."),
    "characters": _("There are characters that are no text. They are taken out."),
    "phone_in_words": _("There are words around the phone number. The number is taken from them."),
    "too_long": _("The text is longer than can be shown. It is cut here and kept whole for export."),
    "more_places": _("There is more than one place. The first is used for distances; all are kept."),
    "no_place": _("It says no place, and nothing about phone or online. Shown without a place: ask."),
    "no_description": _("The organisation has no description, which the profile asks for. Its name is used."),
    "address_incomplete": _("The address lacks something that the profile asks for. What can be is filled in."),
    # not used
    "empty": _("An empty value stands where the field should be left out. Read as not recorded."),
    "null": _("A null stands where the field should be left out. Read as not recorded."),
    "wrong_type": _("This is not the sort of value that belongs here. It is kept, and not used."),
    "bad_url": _("This is not a web address. It is kept, and not used."),
    "bad_email": _("This is not an email address. It is kept, and not used."),
    "placeholder_email": _("This is a placeholder and not an email address. It is not used."),
    "bad_number": _("This is not a number. It is kept, and not used."),
    "bad_date": _("This is not a date. It is kept, and not used."),
    "date_to_come": _("The service is said to have been checked on a day that is still to come. It is not used."),
    "long_ago": _("It was last checked so long ago that it is not shown here until somebody confirms it."),
    "bad_time": _("This is not a time. It is kept, and not used."),
    "bad_days": _("These are not days of the week. They are kept, and not used."),
    "bad_phone": _("This is not a UK phone number. It is kept as text, and not used."),
    "age_below_zero": _("An age below zero is read as no limit."),
    "ages_out_of_order": _("The lowest age is above the highest. Neither is used."),
    "bad_coordinates": _("There is no such place on the map. The postcode is used for distances."),
    "bad_postcode": _("This is not a UK postcode. No distance can be told."),
    # kept, and said
    "own_field": _("This field is not in the profile. It is kept, and not published."),
    "unknown_term": _("This taxonomy term is not in the table of kinds. It is kept."),
    "no_kind": _("No kind of support that is known here. It is listed, and not recommended."),
    "conflict": _("Changed here and in the feed. What was written here stays."),
    "renamed": _("The provider has another name there now. Here it keeps the one it is known by."),
    "more": _("There is more that is odd in this service than is listed: so many further remarks."),
    "deep": _("It is nested too deeply to read. It is left out."),
}
REFUSED = frozenset(
    {"not_an_item", "no_name", "no_organisation", "duplicate_id", "not_saved", "keeps_own", "deep"}
)
"""With one of these an item stays out of the directory."""
SHOWN = 200  # characters of a value that a report shows
MOST = 200
"""So many of one item are listed, and the rest counted: a list of a million wrong items is one mistake."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """`item` is the service's id as the feed gave it, `path` a JSON path within the service, `value` cut short."""

    path: str
    code: str
    value: str = ""
    item: str = ""

    @property
    def words(self) -> str:
        return str(WORDS[self.code])


@dataclass
class Quirks:
    """The quirks of one item, in the order of finding; `left_out` counts those past MOST: none refuses it."""

    item: str = ""
    found: list[Quirk] = field(default_factory=list)
    left_out: int = 0

    def add(self, path: str, code: str, value: Any = "") -> None:
        if code not in WORDS:
            raise KeyError(code)
        if len(self.found) >= MOST and code not in REFUSED:
            self.left_out += 1
            return
        self.found.append(Quirk(path, code, shown(value), self.item))

    @property
    def listed(self) -> list[Quirk]:
        """For a report: at the end how many more there are."""
        more = [Quirk("$", "more", str(self.left_out), self.item)] if self.left_out else []
        return [*self.found, *more]

    @property
    def codes(self) -> list[str]:
        return [quirk.code for quirk in self.found]

    @property
    def refused(self) -> bool:
        return any(code in REFUSED for code in self.codes)


def shown(value: Any) -> str:
    """A value as a report shows it: one line, storable, not too long."""
    text = value if isinstance(value, str) else "" if value is None else repr(value)
    start = text[: 10 * SHOWN]
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in start).split())
    return line if len(line) <= SHOWN and start == text else f"{line[: SHOWN - 1]}…"

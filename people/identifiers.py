"""What people are found by: NHS number, postcode, phone number and date of birth, as staff type them.

Pure. Each reader gives one normal form or raises InvalidInput with the sentence that belongs beside the field.
"""

import re
from contextlib import suppress
from datetime import date
from typing import NamedTuple

import nhs_number as nhs

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"))
DASHES = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212"))


def bare(text: str) -> str:
    """`text` without the spaces and invisible characters that come along when it is copied from elsewhere."""
    return "".join(text.translate(INVISIBLE).split())


def refusal(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})


# NHS number

ISSUED = (
    nhs.REGION_ENGLAND_WALES_IOM,
    nhs.REGION_SCOTLAND,
    nhs.REGION_NORTHERN_IRELAND,
    nhs.REGION_SYNTHETIC,  # 9…: never given to anybody, so tests, training and demo data use it
)


def nhs_number(text: str, *, field: str = "nhs_number") -> str:
    """Ten digits, check digit verified. Health and care numbers of all four UK nations are taken."""
    digits = bare(text).translate(DASHES)
    if not digits:
        raise refusal(field, _("Enter an NHS number, or leave it out if it is not known."))
    if not (digits.isascii() and digits.isdigit()):
        raise refusal(
            field, _("An NHS number is made of digits only, like 999 083 9549. Check for a letter O or I.")
        )
    if len(digits) != 10:
        raise refusal(field, _("An NHS number has 10 digits. This one has %(digits)s.") % {"digits": len(digits)})
    if not nhs.is_valid(digits):
        raise refusal(field, _("This NHS number has a wrong digit, or two that changed places. Check it again."))
    if _never_issued(digits):
        raise refusal(field, _("This is not a number that the NHS gives out. Check it again."))
    return digits


def _never_issued(digits: str) -> bool:
    """Ten times the same digit passes the check digit, and is what people type to get past a box."""
    return len(set(digits)) == 1 or not any(region.contains_number(digits) for region in ISSUED)


def format_nhs_number(digits: str) -> str:
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


# Postcode

AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|"
    "EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|"
    "MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|"
    "TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
POSTCODE = re.compile(rf"(?:{AREAS})(?:[0-9][0-9]?|[0-9][A-HJKMNPR-Y])[0-9][ABD-HJLNP-UW-Z]{{2}}")


def postcode(text: str, *, field: str = "postcode") -> str:
    """A full UK postcode in capitals with its space: "SW1A 1AA"."""
    letters = bare(text).upper()
    if not letters:
        raise refusal(field, _("Enter a postcode, or say that the person has no fixed address."))
    if not POSTCODE.fullmatch(letters):
        raise refusal(field, _("Enter a full UK postcode, like SE5 8AF."))
    return f"{letters[:-3]} {letters[-3:]}"


def outward(postcode: str) -> str:
    """The first half of a normal postcode, which names a district and nobody's home: "SW1A"."""
    return postcode.rpartition(" ")[0]


# Phone number


class Phone(NamedTuple):
    number: str
    """+44 and the digits: "+447700900123"."""
    kind: str
    """"mobile", which can be sent a text, or "landline", which cannot."""


MOBILE = re.compile(r"7(?:[1-57-9][0-9]|624)[0-9]+")  # 70 costs the caller a fortune; 76 is a pager, save on Man
LANDLINE = re.compile(
    r"""
      11[0-9]{8} | 1[0-9]1[0-9]{7} | 2[0-9]{9}  # the large cities: always ten digits
    | 1(?!1|[0-9]1)[0-9]{8,9}                   # elsewhere some numbers have a digit less
    | 3[0-9]{9} | 5[56][0-9]{8} | 8[47][0-9]{8} | 80[0-9]{7,8}
    """,
    re.VERBOSE,
)
PUNCTUATION = DASHES | dict.fromkeys(map(ord, "()"))


def phone(text: str, *, field: str = "phone") -> Phone:
    """A UK number, with or without +44, 0044, 44, the (0) in the middle, or a mobile's leading 0."""
    typed = bare(text).translate(PUNCTUATION)
    if not typed:
        raise refusal(field, _("Enter a phone number, or leave it out if there is none."))
    if not re.fullmatch(r"\+?[0-9]+", typed):
        raise refusal(field, _("A phone number is made of digits, spaces and dashes, like 07700 900123."))
    digits = _national(typed)
    if not digits:
        raise refusal(field, _("Enter a UK phone number, starting with 0 or +44."))
    if len(digits) > 10:
        raise refusal(field, _("This has too many digits for a UK phone number. Check it again."))
    if MOBILE.fullmatch(digits) and len(digits) == 10:
        return Phone(f"+44{digits}", "mobile")
    if LANDLINE.fullmatch(digits):
        return Phone(f"+44{digits}", "landline")
    raise refusal(
        field, _("This is not a UK phone number that can be rung: a digit may be missing. Check it again.")
    )


def _national(typed: str) -> str:
    """The digits after the leading 0; none for another country's. Only a mobile may come without 0 or code."""
    if british := re.fullmatch(r"(?:\+|00)?440?([0-9]{8,})|0([1-9][0-9]*)|(7[0-9]*)", typed):
        return british[british.lastindex or 0]
    return ""


def format_phone(number: str) -> str:
    """A number to read and dial in the UK: "+447700900123" is "07700 900123", "+442079460123" "020 7946 0123"."""
    national = f"0{number.removeprefix('+44')}"
    if national.startswith("02"):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if re.match(r"0(?:11|1[0-9]1|[358])", national):
        return f"{national[:4]} {national[4:7]} {national[7:]}"
    return f"{national[:5]} {national[5:]}"


# Date of birth

OLDEST = 120
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
FORMS = [
    re.compile(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?P<word>[a-z]{3,})[-/. ]*(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<word>[a-z]{3,})[-/. ]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]+(?P<year>\d{4}|\d{2})"),
]


def date_of_birth(text: str, today: date, *, field: str = "date_of_birth") -> date:
    """A day in the past, read the British way round: day, month, year.

    A year of two digits is taken only where one century is possible; else the sentence asks for four.
    """
    parts, month = _day_month_year(text, field)
    years = _possible_years(parts["year"], today)
    if len(years) != 1:
        raise refusal(field, _("Enter the year with all four digits, like 1961."))
    return _born(years[0], month, int(parts["day"]), today, field)


def possible_dates_of_birth(text: str, today: date) -> list[date]:
    """Every day that `text` may mean, for looking somebody up: 3/4/10 may be of either century. Never raises."""
    try:
        parts, month = _day_month_year(text, "date_of_birth")
    except InvalidInput:
        return []
    found = []
    for year in _possible_years(parts["year"], today):
        with suppress(InvalidInput):
            found.append(_born(year, month, int(parts["day"]), today, "date_of_birth"))
    return found


def _day_month_year(text: str, field: str) -> tuple[dict[str, str], int]:
    """The parts as typed, and the month as a number from 1 to 12."""
    parts = _parts(text)
    if parts is None:
        raise refusal(field, _("Enter a date of birth as day, month and year, like 3 4 1961 or 3 Apr 1961."))
    month = _month(parts)
    if not 1 <= month <= 12:
        raise refusal(field, _("The month is not one that there is. Put the day first, like 3 4 1961."))
    return parts, month


def _parts(text: str) -> dict[str, str] | None:
    tidy = " ".join(text.translate(INVISIBLE).replace(",", " ").lower().split())
    tidy = re.sub(r" ?([-/.]) ?", r"\1", tidy)
    matches = (form.fullmatch(tidy) for form in FORMS) if tidy.isascii() else ()
    return next((match.groupdict() for match in matches if match), None)


def _month(parts: dict[str, str]) -> int:
    """1 to 12, or 0 for a word that begins no month's name."""
    if "word" not in parts:
        return int(parts["month"])
    starts = [name.startswith(parts["word"]) or parts["word"] == name[:3] + "t" for name in MONTHS]
    return starts.index(True) + 1 if any(starts) else 0


def _possible_years(year: str, today: date) -> list[int]:
    if len(year) == 4:
        return [int(year)]
    century = today.year - today.year % 100
    either = (century + int(year), century - 100 + int(year))
    return [year for year in either if today.year - OLDEST <= year <= today.year]


def _born(year: int, month: int, day: int, today: date, field: str) -> date:
    try:
        born = date(year, month, day)
    except ValueError:
        raise refusal(field, _("There is no such day. Check the day and the month.")) from None
    if born > today:
        raise refusal(field, _("A date of birth is in the past. Check the year."))
    if born.year < today.year - OLDEST:
        raise refusal(field, _("Nobody is older than %(oldest)s. Check the year.") % {"oldest": OLDEST})
    return born

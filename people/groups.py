"""The groups by which fairness is checked: what is stored of a person, and which group they count in on a day.

Pure. Nothing recorded, “prefers not to say” and what no group fits all count as not known, which is a group of its
own in every table: nobody drops out of a comparison without being seen to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.wording import gettext_lazy as _

NOT_KNOWN = "not_known"
PREFER_NOT = "prefer_not"
NOT_STATED = "Z"
"""How the NHS ethnic category codes say “prefers not to say”."""
QUINTILES = range(1, 6)
"""1: the fifth of neighbourhoods that is most deprived."""

_PREFER_NOT = {PREFER_NOT: _("Prefers not to say")}

YES_OR_NO = [("yes", _("Yes")), ("no", _("No")), *_PREFER_NOT.items()]

CHOICES: dict[str, dict[str, str]] = {
    "gender": {
        "woman": _("Woman (including trans woman)"),
        "man": _("Man (including trans man)"),
        "non_binary": _("Non-binary"),
        "another": _("Another way"),
        **_PREFER_NOT,
    },
    "gender_since_birth": dict(YES_OR_NO),
    "ethnic_group": {
        "A": _("White: British"),
        "B": _("White: Irish"),
        "C": _("White: any other background"),
        "D": _("Mixed: White and Black Caribbean"),
        "E": _("Mixed: White and Black African"),
        "F": _("Mixed: White and Asian"),
        "G": _("Mixed: any other background"),
        "H": _("Asian or Asian British: Indian"),
        "J": _("Asian or Asian British: Pakistani"),
        "K": _("Asian or Asian British: Bangladeshi"),
        "L": _("Asian or Asian British: any other background"),
        "M": _("Black or Black British: Caribbean"),
        "N": _("Black or Black British: African"),
        "P": _("Black or Black British: any other background"),
        "R": _("Chinese"),
        "S": _("Any other ethnic group"),
        NOT_STATED: _("Prefers not to say"),
    },
    "main_language": {
        "english": _("English"),
        "sign": _("British Sign Language"),
        "other": _("Another language"),
        **_PREFER_NOT,
    },
    "disability": dict(YES_OR_NO),
    "diagnosis_group": {
        "psychosis": _("Psychosis"),
        "bipolar": _("Bipolar disorder"),
        "depression_anxiety": _("Depression or anxiety"),
        "personality": _("Personality disorder"),
        "eating": _("Eating disorder"),
        "dementia": _("Dementia"),
        "learning_autism": _("Learning disability or autism"),
        "other": _("Something else, or no diagnosis yet"),
        **_PREFER_NOT,
    },
    "living_situation": {
        "own": _("Own home"),
        "family": _("With family or friends"),
        "supported": _("Supported home or care home"),
        "temp": _("Hostel or short stay"),
        "ward": _("Hospital"),
        "none": _("Nowhere settled"),
        "other": _("Somewhere else"),
        **_PREFER_NOT,
    },
}
"""What may be stored, by field: code → words. Ethnic groups by the NHS’s 16 + 1 letters; homes by the codes of
the screening’s own question, so that the two can be compared."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Grouping:
    """`groups`: code → words, in the order of a table; not known always stands last."""

    title: str
    groups: dict[str, str]


def _grouping(title: str, groups: Mapping[str, str]) -> Grouping:
    told = {code: words for code, words in groups.items() if code not in (PREFER_NOT, NOT_STATED)}
    return Grouping(title, {**told, NOT_KNOWN: _("Not known")})


GROUPINGS: dict[str, Grouping] = {
    "age": _grouping(
        _("Age"),
        {"18_34": _("18 to 34"), "35_49": _("35 to 49"), "50_64": _("50 to 64"), "65_over": _("65 or over")},
    ),
    "gender": _grouping(
        _("Gender"), {"woman": _("Women"), "man": _("Men"), "another": _("Non-binary or another way")}
    ),
    "gender_since_birth": _grouping(
        _("Gender as registered at birth"), {"yes": _("The same"), "no": _("Not the same")}
    ),
    "ethnic_group": _grouping(
        _("Ethnic group"),
        {
            "white": _("White"),
            "mixed": _("Mixed"),
            "asian": _("Asian or Asian British"),
            "black": _("Black or Black British"),
            "other": _("Chinese or another ethnic group"),
        },
    ),
    "language": _grouping(
        _("Language"),
        {
            "english": _("English, no interpreter"),
            "other": _("Another language, no interpreter"),
            "sign": _("British Sign Language"),
            "interpreter": _("Needs an interpreter"),
        },
    ),
    "disability": _grouping(_("Disability or communication need"), {"yes": _("Yes"), "no": _("No")}),
    "diagnosis_group": _grouping(_("Diagnosis group"), CHOICES["diagnosis_group"]),
    "living_situation": _grouping(_("Living situation"), CHOICES["living_situation"]),
    "deprivation": _grouping(
        _("Deprivation of the neighbourhood"),
        {
            "q1": _("Most deprived fifth"),
            "q2": _("Second most deprived fifth"),
            "q3": _("Middle fifth"),
            "q4": _("Second least deprived fifth"),
            "q5": _("Least deprived fifth"),
        },
    ),
}
"""In the order of a report. Teams are no grouping of the person: a report knows those by itself."""

PATHS: dict[str, str] = {
    "date_of_birth": "date_of_birth",
    "interpreter_language": "interpreter_language",
    "communication_needs": "communication_needs",
    "deprivation_quintile": "fairness__deprivation_quintile",
    **{name: f"fairness__{name}" for name in CHOICES},
}
"""What `groups_of` asks for → where it is found from a service user on. None is the same as nothing recorded."""

_ETHNIC = {"ABC": "white", "DEFG": "mixed", "HJKL": "asian", "MNP": "black", "RS": "other"}
ETHNIC_GROUP = {letter: group for letters, group in _ETHNIC.items() for letter in letters}
_BANDS = ((65, "65_over"), (50, "50_64"), (35, "35_49"), (18, "18_34"))


def groups_of(values: Values, *, on: date) -> dict[str, str]:
    """Every grouping → the one group of it that somebody with these `values` (see PATHS) counts in."""
    quintile = values.get("deprivation_quintile")
    found = {
        "age": age_band(values.get("date_of_birth"), on),
        "gender": {"non_binary": "another"}.get(gender := _told(values, "gender"), gender),
        "gender_since_birth": _told(values, "gender_since_birth"),
        "ethnic_group": ETHNIC_GROUP.get(values.get("ethnic_group") or "", NOT_KNOWN),
        "language": "interpreter" if values.get("interpreter_language") else _told(values, "main_language"),
        "disability": "yes" if values.get("communication_needs") else _told(values, "disability"),
        "diagnosis_group": _told(values, "diagnosis_group"),
        "living_situation": _told(values, "living_situation"),
        "deprivation": f"q{quintile}" if quintile in QUINTILES else NOT_KNOWN,
    }
    return {grouping: found[grouping] for grouping in GROUPINGS}


def _told(values: Values, name: str) -> str:
    """A code that nobody knows any more counts as not known, too."""
    code = values.get(name) or NOT_KNOWN
    return code if code in CHOICES[name] and code != PREFER_NOT else NOT_KNOWN


def age_band(born: date | None, on: date) -> str:
    """Bands begin at 18, as the caseload that reports count does: somebody younger is in none of them."""
    if born is None:
        return NOT_KNOWN
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((band for years, band in _BANDS if age >= years), NOT_KNOWN)

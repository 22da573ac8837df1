"""Plain readings of the shares by group: the same question, asked of some of the people."""

from tests.reports.plain import Plain, age

ETHNIC = {"A": "white", "N": "black"}


def group_of(person, grouping, day):
    fair = person.fair
    match grouping:
        case "age":
            return band(person.born, day)
        case "gender":
            return {"woman": "woman", "man": "man", "non_binary": "another"}.get(fair.get("gender"), "not_known")
        case "ethnic_group":
            return ETHNIC.get(fair.get("ethnic_group"), "not_known")
        case "language":
            return fair.get("main_language") or "not_known"
        case "disability":
            return fair.get("disability") or "not_known"
        case _:
            return "not_known"


def band(born, day):
    years = age(born, day) if born else 0
    return next((code for least, code in BANDS if years >= least), "not_known")


BANDS = [(65, "65_over"), (50, "50_64"), (35, "35_49"), (18, "18_34")]


def of_group(plain, people, rate, team=None):
    """The same question of those people alone, or of one team alone. It asks each person by themselves."""
    part = Plain.__new__(Plain)
    part.__dict__.update(plain.__dict__)
    part.everybody, part.people = people, people
    if team is not None:
        part.teams = {team}
        part.people = [person for person in people if person.team == team]
    return rate(part)


def equity_coverage(plain, grouping, group):
    people = [person for person in plain.everybody if group_of(person, grouping, plain.day) == group]
    return of_group(plain, people, Plain.coverage)


def equity_fixed(plain, grouping, group, rate):
    """Of groups that do not change with the day."""
    people = [person for person in plain.everybody if group_of(person, grouping, None) == group]
    return of_group(plain, people, rate)

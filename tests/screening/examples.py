"""The shipped definition and its worked cases, and strategies that draw answers from a definition."""

import json
from functools import lru_cache
from itertools import combinations, permutations, product
from pathlib import Path

from hypothesis import strategies as st

from screening import questionnaire, scoring
from screening.terms import GIVEN_INSTEAD, Kind

GETTING_ONLINE = questionnaire.get("getting-online", "1.0.0")
RAW = json.loads((questionnaire.DEFINITIONS / "getting-online-1.0.0.json").read_text(encoding="utf-8"))
VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
]
CASES = {vector["id"]: vector["answers"] for vector in VECTORS}


def result(answers):
    return scoring.score(GETTING_ONLINE, answers).as_dict()


def without(answers, *codes):
    return {code: answer for code, answer in answers.items() if code not in codes}


def standing(answers):
    """Item → its state, for all items."""
    return {code: response.state for code, response in scoring.resolve(GETTING_ONLINE, answers).items()}


def whole_values(item):
    """Every whole answer to the item: up to four ticks, in either order where there are two."""
    codes = [option.code for option in item.options]
    if item.kind == Kind.SINGLE:
        return codes
    if item.kind == Kind.MULTI:
        some = [ticks for number in (1, 3, 4) for ticks in combinations(codes, number)]
        return [list(ticks) for ticks in (*some, *permutations(codes, 2))]
    rows = [row.code for row in item.rows]
    return [dict(zip(rows, row_codes, strict=True)) for row_codes in product(codes, repeat=len(rows))]


@lru_cache
def usable(item):
    """Any whole answer. All rows alike comes often: rules ask for "all five on my own"."""
    values = whole_values(item)
    if item.kind != Kind.GRID:
        return st.sampled_from(values)
    alike = [value for value in values if len(set(value.values())) == 1]
    return st.sampled_from(alike * (len(values) // len(alike) // 2) + values)


@lru_cache
def unusable(item):
    """What stands in place of an answer: a state, with or without a reason, or an answer that is only begun."""
    states = st.fixed_dictionaries(
        {"state": st.sampled_from([str(state) for state in GIVEN_INSTEAD])},
        optional={"reason": st.sampled_from(GETTING_ONLINE.not_asked_reasons)},
    )
    if item.kind == Kind.MULTI:
        return states | st.just([])
    if item.kind == Kind.GRID:
        begun = st.dictionaries(
            st.sampled_from([row.code for row in item.rows]),
            st.sampled_from([option.code for option in item.options]),
            max_size=len(item.rows) - 1,
        )
        return states | begun
    return states


WORKED_CASES = st.sampled_from([{}, *CASES.values()])
EVERYTHING = st.fixed_dictionaries({item.code: usable(item) for item in GETTING_ONLINE.items})


@st.composite
def any_answers(draw):
    """Answers of every kind, whether they apply or not: a worked case or any at all, with some of them changed."""
    answers = draw(WORKED_CASES | EVERYTHING)
    changed = draw(st.lists(st.sampled_from(GETTING_ONLINE.items), unique=True, max_size=8))
    return answers | {item.code: draw(usable(item) | unusable(item)) for item in changed}


@st.composite
def whole_answers(draw):
    """A person who answered every question that applied, and no other; what can be derived may be left to that."""
    drawn, case = draw(EVERYTHING), draw(WORKED_CASES)
    from_case = draw(
        st.sets(st.sampled_from([code for code in case if standing(case)[code] == "answered"] or [""]))
    )
    answers = drawn | {code: case[code] for code in from_case if code}
    left_out = [item.code for item in GETTING_ONLINE.items if item.derive and draw(st.booleans())]
    open_still = [code for code, state in standing(without(answers, *left_out)).items() if state == "missing"]
    answers = without(answers, *left_out) | {code: drawn[code] for code in open_still}
    return without(answers, *(code for code, state in standing(answers).items() if state == "skipped"))


def with_gaps(draw, answers, codes):
    """The answers with each of the codes taken away, or given as something that is no answer."""
    instead = {code: draw(st.none() | unusable(GETTING_ONLINE.item(code))) for code in sorted(codes)}
    return without(answers, *codes) | {code: answer for code, answer in instead.items() if answer is not None}

"""docs/referrals.md, written from the tables: `python -m referrals.documentation > docs/referrals.md`.

Pure. A test compares the file with what this module gives, so the page cannot say something else than the rules.
"""

import sys
from collections.abc import Iterable, Sequence

from referrals.evidence import GUARDS, Evidence
from referrals.followup import CLOCK_DAYS, LOAN_DAYS, REVIEWS, Clock
from referrals.reasons import DECLINE, Reason
from referrals.states import OPEN, STATES, Status
from referrals.steps import STEPS, Step
from referrals.support_steps import APPOINTMENT_STEPS, LOAN_STEPS, SupportStep

HEAD = """\
# From referral to outcome

Written from the tables in `referrals/` by `python -m referrals.documentation > docs/referrals.md`.
Change the table, not this page; a test fails while the two differ.

A referral asks one offer to help one person. What is not in the table below is refused: 403 where the role or the
side is wrong, 409 with the state and what may be done instead where the state or a fact is, 400 with a sentence a
field where something typed is missing. Every open referral has one owner and one day. A clock that runs out never
changes a state: whoever's move it is hears first, a coordinator after twice the time, the admin after three times.
"""


def as_markdown() -> str:
    parts = [
        HEAD,
        "## States\n",
        table(["State", "Means", "Whose move", "Working days"], map(_state_row, Status)),
        "## Steps\n",
        table(["Step", "From → to", "Who", "Typed with it", "Must hold before", "Person told"], _step_rows()),
        _silent_codes(),
        "What must hold before a step, and what to do when it does not:\n",
        table(["Fact", "Sentence"], ([code(name), sentence] for name, sentence in GUARDS.items())),
        "## Diagram\n",
        f"```mermaid\n{as_mermaid()}```\n",
        "## Reasons to decline, and what comes next\n",
        table(["Reason", "The referrer", "Not asked again for"], map(_decline_row, DECLINE)),
        "## Clocks\n",
        table(["Clock", "Working days"], ([code(clock), str(days)] for clock, days in CLOCK_DAYS.items())),
        _other_days(),
        "## Appointments\n",
        table(["Step", "From → to", "Typed with it", "When"], map(_support_row, APPOINTMENT_STEPS.values())),
        "## Loans\n",
        table(["Step", "From → to", "Typed with it", "When"], map(_support_row, LOAN_STEPS.values())),
    ]
    return "\n".join(parts)


def as_mermaid() -> str:
    """The states and steps as a Mermaid diagram; a step that leads from every open state is drawn once."""
    edges = ["[*] --> draft", *(edge for step in STEPS.values() for edge in _edges(step))]
    inside = "\n".join(f"        {status}" for status in Status if status in OPEN)
    outside = "\n".join(f"    {edge}" for edge in edges)
    return f"stateDiagram-v2\n    state open {{\n{inside}\n    }}\n{outside}\n"


def _edges(step: Step) -> list[str]:
    every_open = step.sources >= OPEN
    alone = [status for status in Status if status in step.sources and not (every_open and status in OPEN)]
    return [f"{source} --> {step.target}: {step.name}" for source in (["open"] if every_open else []) + alone]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) or '–' for cell in line)} |\n" for line in lines)


def code(name: str) -> str:
    return f"`{name}`"


def _state_row(status: Status) -> list[str]:
    state = STATES[status]
    clock = f"{CLOCK_DAYS[state.clock]} ({code(state.clock)})" if state.clock else ""
    return [code(status), state.meaning, state.whose_move or "", clock]


def _step_rows() -> list[list[str]]:
    return [
        [
            f"{code(step.name)} {step.label}",
            f"{_sources(step.sources)} → {step.target}",
            step.who.words,
            _asked(step.evidence),
            ", ".join(map(code, step.facts)),
            code(step.message) if step.message else "",
        ]
        for step in STEPS.values()
    ]


def _silent_codes() -> str:
    silent = sorted(
        {
            f"{code(one.name)} {code(reason.code)}"
            for one in _all_evidence()
            for reason in one.choices
            if reason.silent
        }
    )
    return f"Nobody is told of a draft that ends, nor where the answer is {' or '.join(silent)}.\n"


def _all_evidence() -> Iterable[Evidence]:
    return (one for step in STEPS.values() for one in step.evidence)


def _sources(sources: frozenset[Status]) -> str:
    if sources == OPEN:
        return "any open"
    if sources > OPEN:
        return "any"
    return ", ".join(status for status in Status if status in sources) or "–"


def _asked(evidence: Iterable[Evidence]) -> str:
    return ", ".join(code(one.name) + _condition(one) for one in evidence)


def _condition(one: Evidence) -> str:
    conditions = {
        "only with": one.only_if,
        "unless": one.unless,
    }
    words = [f"{word} {code(name)}" for word, name in conditions.items() if name]
    return f" ({', '.join(words)})" if words else "" if one.required else " (if any)"


def _decline_row(reason: Reason) -> list[str]:
    days = f"{reason.park_days} days" if reason.park_days else ""
    return [
        reason.label + (f". {reason.ask}" if reason.ask else ""),
        reason.next_action.sentence if reason.next_action else "",
        days,
    ]


def _support_row(step: SupportStep) -> list[str]:
    when = "by the clock" if step.by_clock else "once it has started" if step.after_start else ""
    return [
        f"{code(step.name)} {step.label}",
        f"{', '.join(sorted(step.sources))} → {step.target}",
        _asked(step.evidence),
        when,
    ]


def _other_days() -> str:
    windows = "; ".join(f"{weeks} weeks (days {first} to {last})" for weeks, (first, last) in REVIEWS.items())
    first, second = LOAN_DAYS
    return (
        f"Calendar days, not working days: reviews after a screening at {windows};\n"
        f"a worker's call {first} and {second} days before a loan ends.\n"
        f"The clock {code(Clock.DECIDE)} stands still while a question is open.\n"
        f"The clock {code(Clock.SAME_DAY)} is for first contact about food or heating.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(as_markdown())

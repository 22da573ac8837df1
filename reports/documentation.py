"""docs/indicators.md, written from the indicators: `python -m reports.documentation > docs/indicators.md`.

Pure. A test compares the file with what this module gives, so the page cannot say something else than the report.
"""

import sys

from reports import pages
from reports.indicator import Indicator
from reports.pages import Question

HEAD = """\
# What the report counts

Written from `reports/indicators/` by `python -m reports.documentation > docs/indicators.md`. Change the
definition there, not here; a test fails while the two differ. What is held back of the figures is in
[reports.md](reports.md).

A day here is 24 hours, so that a clock change moves no deadline. Each person, referral or need is counted in
the one period in which its time was up. What was entered in error is in no count. ★: one of the twelve that
matter most. ⌂: on an admin's home. Ⓞ: for a whole organisation only, never for a team.
"""


def as_markdown() -> str:
    return "\n".join([HEAD, *map(_section, pages.QUESTIONS)])


def _section(question: Question) -> str:
    rows = "".join(map(_row, question.indicators))
    return f"## {question.title}\n\n{question.asks}\n\n| Figure | Counts | |\n|---|---|---|\n{rows}"


def _row(one: Indicator) -> str:
    marks = {"★": one.top, "⌂": one.headline, "Ⓞ": one.whole_only}
    shown = " ".join(mark for mark, stands in marks.items() if stands)
    return f"| {one.title} | {one.definition} | {shown} |\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())

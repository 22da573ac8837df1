"""The pages of the report: one a question, each with the indicators that help to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.wording import gettext_lazy as _
from reports import indicators
from reports.indicator import Indicator, Page

OVERVIEW, WHOLE = "overview", "whole"
HEADLINES = tuple(one for one in indicators.RATES if one.headline)


@dataclass(frozen=True)
class Question:
    """`code` ends its address."""

    code: str
    title: str
    asks: str
    indicators: Sequence[Indicator]


_WORDS = {
    Page.REACH: (_("Reach"), _("Who has been screened, and how well?")),
    Page.NEEDS: (_("Needs"), _("What do people need, and how much does it weigh?")),
    Page.ACTING: (_("Acting"), _("Was something done in time?")),
    Page.REFERRALS: (_("Referrals and waits"), _("Where are referrals, and how long do people wait?")),
    Page.OUTCOMES: (_("Outcomes"), _("What came of it for people?")),
    Page.EQUITY: (_("Equity"), _("Whom does it leave behind?")),
    Page.MISSING: (_("What is missing locally"), _("Which support was not there, and where?")),
}


def _of(page: Page) -> Question:
    title, asks = _WORDS[page]
    return Question(page, title, asks, [one for one in indicators.ALL if one.page == page])


OVERVIEW_PAGE = Question(OVERVIEW, _("At a glance"), _("How are we doing?"), HEADLINES)
WHOLE_PAGE = Question(
    WHOLE, _("Everything on one page"), _("All figures and tables, to print or to read through."), indicators.ALL
)
_BELOW = tuple(indicators.BY_CODE[code] for code in ("levels", "waits"))
SUMMARY = Question("summary", _("Summary"), "", (*HEADLINES, *_BELOW))
"""What the one side of paper shows."""
QUESTIONS = [question for question in map(_of, Page) if question.indicators]
"""Those that have something to say: an indicator of another page brings its page with it."""

ALL = [OVERVIEW_PAGE, *QUESTIONS, WHOLE_PAGE]
TITLES = {question.code: question.title for question in ALL}
BY_CODE = {question.code: question for question in ALL}

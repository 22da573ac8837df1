"""The page about indicators says what the code says, and no definition has a number of its own."""

from pathlib import Path

from reports import indicators
from reports.documentation import as_markdown
from reports.indicators import acting, onwards

PAGE = Path(__file__).resolve().parents[2] / "docs" / "indicators.md"


def test_the_page_is_what_the_indicators_say():
    update = "python -m reports.documentation > docs/indicators.md"
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), f"the indicators have changed: {update}"


def test_every_indicator_is_on_it():
    assert all(f"| {one.title} | {one.definition} |" in as_markdown() for one in indicators.ALL)


def test_definitions_say_the_days_that_are_counted():
    said = {
        code: str(indicators.BY_CODE[code].definition) for code in ("acted_on", "acknowledged", "started", "waits")
    }
    days = {
        "acted_on": acting.ACT_DAYS,
        "acknowledged": onwards.ACKNOWLEDGE_DAYS,
        "started": onwards.START_DAYS,
        "waits": onwards.WAIT_DAYS,
    }
    assert all(f"{days[code]} days" in text for code, text in said.items())
    assert all("%(" not in str(one.definition) for one in indicators.ALL)

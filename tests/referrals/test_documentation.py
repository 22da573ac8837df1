"""The page about referrals says what the tables say."""

import re
from pathlib import Path

from referrals.documentation import as_markdown, as_mermaid
from referrals.lifecycle import OPEN, STEPS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "referrals.md"


def test_the_page_is_what_the_tables_give():
    update = "python -m referrals.documentation > docs/referrals.md"
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), f"the tables have changed: {update}"


def test_the_diagram_draws_every_step_and_no_other():
    drawn = set()
    for source, target, name in re.findall(r"(\w+) --> (\w+): (\w+)", as_mermaid()):
        drawn |= {(one, target, name) for one in (OPEN if source == "open" else {source})}
    assert drawn == {(source, step.target, step.name) for step in STEPS.values() for source in step.sources}

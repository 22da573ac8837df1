"""Which Easy Read picture stands beside a question, an option or a row: data beside the definition.

Pure. `definitions/pictures/ID.json` serves every version of a definition; what it does not name has no picture, so
a new question needs none. Scales ("a little", "a lot") have none on purpose, and nothing shows somebody watching.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "definitions" / "pictures"


@dataclass(frozen=True)
class Pictures:
    """Names of files in static/img/easy_read, without their ending; "" where there is none."""

    items: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_item(self, code: str) -> str:
        return self.items.get(code, "")

    def of_option(self, item: str, code: str) -> str:
        return self.options.get(item, {}).get(code, "")

    def of_row(self, item: str, code: str) -> str:
        return self.rows.get(item, {}).get(code, "")


@lru_cache
def of(definition: str) -> Pictures:
    path = FOLDER / f"{definition}.json"
    return Pictures(**json.loads(path.read_text())) if path.exists() else Pictures()

"""A table of weights as somebody types it to try it out: read, checked, and written back as it stands.

Pure. The table in use is weights.py; what is read here changes nothing there.
"""

import json
from collections.abc import Mapping
from typing import Any

from accounts.wording import gettext_lazy as _
from directory.openreferral.quirks import shown
from directory.weights import WEIGHTS, Weight

MOST = 100.0
LONGEST = 10_000
COLUMNS = Weight._fields


def as_text(weights: Mapping[str, Weight] = WEIGHTS) -> str:
    """A line a criterion: fits, does not, not known."""
    rows = [f'  "{name}": {json.dumps(list(weight))}' for name, weight in weights.items()]
    return "{\n" + ",\n".join(rows) + "\n}"


def read(text: str) -> dict[str, Weight]:
    """The whole table, with the weights in use for what is not named. ValueError with a sentence."""
    if len(text) > LONGEST:
        raise ValueError(_("This is too long for a table of weights."))
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(_("This is not JSON. Begin with the table in use, and change its numbers.")) from error
    if not isinstance(given, dict) or not given:
        raise ValueError(_("Give a criterion with three numbers: fits, does not, not known."))
    return {**WEIGHTS, **{name: _weight(name, row) for name, row in given.items()}}


def _weight(name: str, row: Any) -> Weight:
    if name not in WEIGHTS:
        raise ValueError(_("There is no criterion “%(name)s”.") % {"name": shown(name[:40])})
    if not isinstance(row, list) or len(row) != len(COLUMNS) or not all(map(_is_number, row)):
        raise ValueError(
            _("“%(name)s” needs three numbers from -100 to 100: fits, does not, not known.") % {"name": name}
        )
    weight = Weight(*map(float, row))
    if not weight.fits >= weight.ask >= weight.misfit:
        raise ValueError(
            _("“%(name)s”: not known must stand between fits and does not, or it would pass for one.")
            % {"name": name}
        )
    return weight


def _is_number(value: Any) -> bool:
    """Not a truth value, and neither infinite nor "not a number"."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST

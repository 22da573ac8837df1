"""True figures of a scope, as the report reads them before anything is held back."""

from reports import indicators, reading
from reports.figures import Figures, Rate, Waits
from reports.summary import Ask


def figures(scope) -> Figures:
    (answer,) = reading.read([Ask([scope.pk], [scope.days])]).answers
    (sums,) = answer[scope.pk]
    return Figures(sums, scope.period.is_quarter)


def rate_of(code, scope) -> Rate:
    return figures(scope).rate(indicators.BY_CODE[code])


def rows(code, scope) -> dict[str, int]:
    return figures(scope).rows(indicators.BY_CODE[code])


def levels_of(found: Figures, theme) -> dict[str, int]:
    rows = found.rows(indicators.BY_CODE["levels"])
    return {part.partition(":")[2]: n for part, n in rows.items() if part.startswith(f"{theme}:")}


def levels(scope, theme) -> dict[str, int]:
    return levels_of(figures(scope), theme)


def waits(scope) -> Waits:
    return figures(scope).waits()

"""What may be answered to one item: which values can be read, which are whole, and what they tick."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.wording import gettext_lazy as _
from screening.terms import Kind


@dataclass(frozen=True, slots=True)
class Choices:
    """A value is a code (single), a list of codes (multi), or a map of row → code (grid)."""

    kind: Kind
    options: frozenset[str]
    rows: frozenset[str] = frozenset()

    def fault(self, value: Any) -> str:
        """Why the value cannot be read, or "". An answer that is only begun can be read; it is not `whole`."""
        if self.kind is Kind.SINGLE:
            return self._not_options([value]) if isinstance(value, str) else _("The answer must be one code.")
        if self.kind is Kind.MULTI:
            return self._fault_in_ticks(value)
        return self._fault_in_rows(value)

    def _fault_in_ticks(self, value: Any) -> str:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            return _("The answer must be a list of codes.")
        again = [code for code, times in Counter(value).items() if times > 1]
        return self._not_options(value) or (
            _("'%(again)s' is given twice.") % {"again": again[0]} if again else ""
        )

    def _fault_in_rows(self, value: Any) -> str:
        if not isinstance(value, dict) or not all(isinstance(code, str) for code in value.values()):
            return _("The answer must map each row to one code.")
        rows = [row for row in value if row not in self.rows]
        return (
            _("'%(rows)s' is not one of its rows.") % {"rows": rows[0]}
            if rows
            else self._not_options(value.values())
        )

    def _not_options(self, codes: Iterable[str]) -> str:
        wrong = [code for code in codes if code not in self.options]
        return _("'%(wrong)s' is not one of its options.") % {"wrong": wrong[0]} if wrong else ""

    def whole(self, value: Any) -> bool:
        """Whether the value answers all that was asked: something ticked, and a code for every row of a grid.

        Anything less counts as missing, and so does what cannot be read. Four rows of five would else read as
        "nothing hard", when the fifth was never heard.
        """
        if self.kind is Kind.SINGLE:
            return isinstance(value, str) and value in self.options
        if self.kind is Kind.MULTI:
            return isinstance(value, list) and bool(value) and self._are_options(value)
        return isinstance(value, dict) and value.keys() == self.rows and self._are_options(value.values())

    def _are_options(self, codes: Collection[Any]) -> bool:
        return all(isinstance(code, str) for code in codes) and self.options.issuperset(codes)

    def ticks(self, value: Any) -> tuple[str, ...]:
        """The codes of a whole value: the one, each ticked one once and as given, or each row's."""
        if self.kind is Kind.SINGLE:
            return (value,)
        return tuple(dict.fromkeys(value)) if self.kind is Kind.MULTI else tuple(value.values())

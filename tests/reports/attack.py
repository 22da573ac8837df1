"""What somebody who knows the rule of disclosure can work out from figures that were shown."""

SMALL = frozenset(range(1, 8))


def possible(text: str) -> set[int]:
    """Every true number that is shown by these words."""
    if text == "fewer than 8":
        return set(SMALL)
    shown = int(text.replace(",", ""))
    return {n for n in range(shown - 2, shown + 3) if n >= 8} or {0}


def rest(whole: str, part: str, seen: str | None = None) -> set[int]:
    """Every number that the rest may be, from the whole and a part of it (and from how the rest is shown)."""
    found = {w - p for w in possible(whole) for p in possible(part) if p <= w}
    return found if seen is None else found & possible(seen)


def change(later: str, earlier: str) -> set[int]:
    return {b - a for b in possible(later) for a in possible(earlier)}


def gives_away(found: set[int]) -> bool:
    """One small number is left, and no other."""
    return len(found) == 1 and found <= SMALL

"""An address as GOV.UK Notify takes it for a letter: three to seven lines, the last one a postcode. Pure."""

LEAST, MOST = 3, 7
NOT_FIRST = '@()=[]"”\\/,<> '
"""No line may begin with one of these: Notify's printer refuses it."""


def address_lines(to: str) -> dict[str, str] | None:
    """`address_line_1` … of an address as on an envelope; None where it is too short. Middle lines are joined."""
    lines = [line.strip().lstrip(NOT_FIRST) for line in to.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) < LEAST:
        return None
    if surplus := max(len(lines) - MOST, 0):
        first, joined, rest = lines[:2], lines[2 : 3 + surplus], lines[3 + surplus :]
        lines = [*first, ", ".join(joined), *rest]
    return {f"address_line_{number}": line for number, line in enumerate(lines, start=1)}

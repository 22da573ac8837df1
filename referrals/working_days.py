"""Working days: Monday to Friday without the bank holidays of England and Wales.

Pure. The holidays come with the govuk-bank-holidays library; nothing is fetched. From `HOLIDAYS_END` on the
library knows of none, and only weekends count as free until it is updated.
"""

from datetime import date, datetime, timedelta

from govuk_bank_holidays.bank_holidays import BankHolidays

from people.london import london_day

HOLIDAYS: frozenset[date] = frozenset(
    holiday["date"]
    for holiday in BankHolidays(use_cached_holidays=True).get_holidays(BankHolidays.ENGLAND_AND_WALES)
)
HOLIDAYS_END = date(max(HOLIDAYS).year + 1, 1, 1)
"""The first day of which the library does not know whether it is a bank holiday."""

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in HOLIDAYS


def next_working_day(day: date) -> date:
    """`day` itself if it is one."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def last_working_day(day: date) -> date:
    """`day` itself if it is one, else the one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_working_days(day: date, n: int) -> date:
    """The working day on which `n` more have passed, `day` itself not counted.

    0 is the same day, or the next working day after a weekend or holiday. Negative `n` raises ValueError.
    """
    if n < 0:
        raise ValueError("working days are counted forwards")
    if n == 0:
        return next_working_day(day)
    for _ in range(n):
        day = next_working_day(day + ONE_DAY)
    return day


def working_days_between(day: date, later: date) -> int:
    """How many working days lie after `day` up to and including `later`; 0 if `later` is not later."""
    return sum(is_working_day(day + n * ONE_DAY) for n in range(1, (later - day).days + 1))


def due_on(started: datetime, working_days: int) -> date:
    """The day by whose end something is due; it starts on the London day of `started`, whatever the hour."""
    return add_working_days(london_day(started), working_days)

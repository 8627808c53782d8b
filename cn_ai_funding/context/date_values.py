"""The calendar behind the dates of a text: EDTF values made, moved and joined. No Korean, no text.

Values are EDTF strings as in `edtf`: a year, month or day, or an interval. What is no date (the 30th of February, the
year 0, an interval that ends before it begins) is None, and so is whatever is made from None.
"""

from calendar import monthrange
from datetime import date, timedelta

from ..edtf import format_date

YEAR, MONTH, DAY = len("2017"), len("2017-11"), len("2017-11-03")
"""Lengths of the three precisions."""
_CENTURY = 2000
_IN_YEAR, _IN_QUARTER = 12, 3


def value(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """EDTF of a year, a month or a day."""
    if month == 0 or day == 0:
        return None
    try:
        return format_date(year, month, day)
    except (ValueError, OverflowError):
        return None


def between(first: str | None, last: str | None) -> str | None:
    """EDTF from the beginning of one date or interval to the end of another."""
    if not first or not last:
        return None
    begin, end = first_of(first), last_of(last)
    if begin == end:
        return begin
    shared = min(len(begin), len(end))
    return None if begin[:shared] > end[:shared] else f"{begin}/{end}"


def months(year: int, first: int, last: int) -> str | None:
    """EDTF of some months of a year."""
    if not 1 <= year <= date.max.year:
        return None
    return f"{year:04}-{first:02}" if first == last else f"{year:04}-{first:02}/{year:04}-{last:02}"


def years(first: int, last: int) -> str | None:
    """EDTF of a run of years."""
    return between(value(first), value(last))


def full_year(digits: str, like: int = _CENTURY) -> int:
    """A year that may be written with its last two digits, of the same century as another."""
    return int(digits) if len(digits) == YEAR else like - like % 100 + int(digits)


def first_of(edtf: str) -> str:
    """The date that an interval starts with, or the date."""
    return edtf.partition("/")[0]


def last_of(edtf: str) -> str:
    """The date that an interval ends with, or the date."""
    return edtf.rpartition("/")[2]


def year_of(edtf: str) -> int:
    """The year that a date is in, or an interval ends in."""
    return int(edtf[edtf.find("/") + 1 :][:YEAR])


def month_of(edtf: str) -> int | None:
    """The month of a month or day; None for years and intervals."""
    return int(edtf[YEAR + 1 : MONTH]) if len(edtf) in (MONTH, DAY) else None


def day_of(edtf: str) -> date | None:
    """The day, where it is one."""
    return date.fromisoformat(edtf) if len(edtf) == DAY else None


def month_after(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month so many months after another (before, where negative)."""
    total = year * _IN_YEAR + month - 1 + count
    return total // _IN_YEAR, total % _IN_YEAR + 1


def days_after(day: date | None, count: int) -> str | None:
    """EDTF of the day so many days after another."""
    try:
        return (day + timedelta(days=count)).isoformat() if day else None
    except OverflowError:
        return None


def moved(edtf: str, count: int) -> str | None:
    """The same date or interval so many months later. Of a year, whole years only; of a day, its month."""
    if "/" in edtf:
        return between(moved(first_of(edtf), count), moved(last_of(edtf), count))
    if len(edtf) == YEAR:
        return None if count % _IN_YEAR else value(int(edtf) + count // _IN_YEAR)
    return value(*month_after(int(edtf[:YEAR]), int(edtf[YEAR + 1 : MONTH]), count))


def quarter(day: date, count: int = 0) -> str | None:
    """EDTF of the quarter that a day is in, or of one so many quarters later."""
    year, first = month_after(day.year, day.month - (day.month - 1) % _IN_QUARTER, count * _IN_QUARTER)
    return months(year, first, first + _IN_QUARTER - 1)


def is_quarter(edtf: str) -> bool:
    """Whether an interval is three months of one year."""
    if len(edtf) != 2 * MONTH + 1 or edtf[:YEAR] != edtf[MONTH + 1 : MONTH + 1 + YEAR]:
        return False
    return int(edtf[-2:]) - int(edtf[YEAR + 1 : MONTH]) == _IN_QUARTER - 1


def week(day: date, count: int = 0) -> str | None:
    """EDTF of the week (Monday to Sunday) that a day is in, or of one so many weeks later."""
    monday = 7 * count - day.weekday()
    return between(days_after(day, monday), days_after(day, monday + 6))


def latest_day(until: date, day: int) -> str | None:
    """The last day of that number up to another one: of its month, or of the last month before that has it."""
    return _month_with(until.year, until.month, day, step=-1, skip=day > until.day)


def coming_day(since: date, day: int) -> str | None:
    """The next day of that number from another one on."""
    return _month_with(since.year, since.month, day, step=1, skip=day < since.day)


def _month_with(year: int, month: int, day: int, *, step: int, skip: bool) -> str | None:
    if not 1 <= day <= 31:
        return None
    while 1 <= year <= date.max.year:
        if not skip and day <= monthrange(year, month)[1]:
            return value(year, month, day)
        skip = False
        year, month = month_after(year, month, step)
    return None


def decade(year: int) -> str | None:
    """EDTF of ten years from one on."""
    return years(year, year + 9)

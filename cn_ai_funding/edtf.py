"""The part of EDTF (ISO 8601-2) that the tables use: a day, a month, a year, or an interval of them.

`2017-11-03`, `2017-11`, `2017`, `2015/2016-06`, `../2025`. Dates are in the proleptic Gregorian calendar.
"""

import calendar
import re
from datetime import date
from functools import lru_cache

OPEN = ".."
_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_EDTF = re.compile(rf"{_DATE}(?:/(?:{_DATE}|\.\.))?|\.\./{_DATE}")


def format_date(year: int, month: int | None = None, day: int | None = None) -> str:
    """EDTF of a year, month or day. Raises ValueError where there is no such day."""
    date(year, month or 1, day or 1)
    if month is None:
        return f"{year:04}"
    return f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"


def interval(first: str, last: str) -> str:
    """EDTF of the days from the beginning of one date or interval to the end of another.

    Raises ValueError where it ends before it begins.
    """
    begin, end = first.partition("/")[0], last.rpartition("/")[2]
    if begin == end:
        return begin
    start, stop = _day(begin, last=False), _day(end, last=True)
    if start and stop and start > stop:
        raise ValueError(f"{end} is before {begin}")
    return f"{begin}/{end}"


def precision(edtf: str | None) -> str:
    """`day`, `month`, `year`, `range`, or `none` for no date at all."""
    if edtf is None:
        return "none"
    return "range" if "/" in edtf else {4: "year", 7: "month", 10: "day"}[len(edtf)]


@lru_cache(2**14)
def bounds(edtf: str) -> tuple[date | None, date | None]:
    """First and last day that the text covers; None for an open end. Raises ValueError for what is no such date."""
    if not _EDTF.fullmatch(edtf):
        raise ValueError(f"{edtf!r} is no date: 2017, 2017-11, 2017-11-03 or an interval such as 2015/2016-06")
    first, _, last = edtf.partition("/")
    return _day(first, last=False), _day(last or first, last=True)


def first_day(edtf: str | None) -> date | None:
    """The first day that the text covers, or the last where it is open at the start; None for no date."""
    first, last = bounds(edtf) if edtf else (None, None)
    return first or last


def contains(outer: str, inner: str) -> bool:
    """Whether every day of `inner` lies in `outer`: 2018 contains 2018-10."""
    (first, last), (start, end) = bounds(outer), bounds(inner)
    return (first is None or (start is not None and first <= start)) and (
        last is None or (end is not None and end <= last)
    )


def _day(text: str, *, last: bool) -> date | None:
    if text == OPEN:
        return None
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, None, None)[:3]
    if not last:
        return date(year or 1, month or 1, day or 1)
    month = month or 12
    return date(year or 1, month, day or calendar.monthrange(year or 1, month)[1])

"""When: the dates, intervals and lengths of time that a Korean text names, as EDTF and ISO 8601.

Found by rules, as candidates: where the text leaves open which year, month or day is meant, each plausible reading is
one of its own, the likeliest first. Which of them dates a figure is chosen elsewhere. A rule looks at the words of the
date alone, at what touches them, and at the dates before: a text of which only these are kept reads the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from ..money.vocabulary import any_of, canonical
from . import date_values as v
from .lexicon import DATE

STATED, RELATIVE = "stated", "relative"
EVENT, NOW, FOUNDING, REPORT, DEADLINE, DURATION, COMPARISON = (
    "event",
    "now",
    "founding",
    "report",
    "deadline",
    "duration",
    "comparison",
)
PUBLISHED, CONTEXT, COMING, TOGETHER = "published", "context", "coming", "together"

NEWS = timedelta(days=7)
"""How long before publication a day may be and still be that of the news."""
_YEAR = 12
"""In months."""
_NEAR_YEARS = 5
"""How far from publication a year without its century may be where it could as well be a number of years."""
_LONGEST_JOINT = 16
"""Code points between two dates that make one interval."""


class DateExpression(NamedTuple):
    """A date or length of time as the text names it, in one of its readings.

    `edtf` is EDTF, or an ISO 8601 duration where the role is `duration`. `basis` is `stated` where the text says it
    whole, else `relative`. `reach` is where the words end that give it its role (2015년 10월 설립된). `reading` is how
    the expression was completed; several readings of one expression follow each other, the likeliest first:

    - `stated`: not at all, the text says it whole (2017년 11월, 2017년부터 3년간),
    - `published`: counted back from the day of publication, the last such date before it (지난달, 5월, 최근 3년),
    - `context`: counted from, or completed by, a date that the text named before (같은 해, 이튿날, 전년 동기, 5월),
    - `coming`: the next such date after publication (오는 9월, 향후 5년, 5월),
    - `together`: two dates named side by side taken as one interval (2021년과 2022년).
    """

    start: int
    end: int
    edtf: str
    basis: str
    role: str
    reach: int
    reading: str


_Reading = tuple[str | None, str]
"""A date, or a duration, and how it was come to; None for no date."""


class _Part(NamedTuple):
    """Some months of a year, or days of a month."""

    first: int
    last: int
    day: int | None = None
    last_day: int | None = None
    run: bool = False
    """Whether it is a sum over its months (1~9월), of which a text speaks only when they are over."""


@dataclass(slots=True)
class _Story:
    """The dates named so far, which the next one may be counted from; of the last one, two readings at most."""

    published: date | None
    year: int | None = None
    months: Sequence[tuple[int, int]] = ()
    days: Sequence[date] = ()
    last: Sequence[str] = ()
    period: str | None = None
    stretch: str | None = None
    """The last period that is more than a year, month or day by name."""
    year_in_line: bool = False
    day_in_line: bool = False
    last_in_line: bool = False

    def note(self, expressions: Sequence[DateExpression]) -> None:
        """Take up a date that the text has named."""
        edtf, role = expressions[0].edtf, expressions[0].role
        if role in (DURATION, COMPARISON) or (
            role == DEADLINE and (self.published is None or v.year_of(edtf) > self.published.year)
        ):
            return
        self.last, self.last_in_line = [x.edtf for x in expressions[:2]], True
        if role == FOUNDING:
            return
        days = [day for x in self.last if (day := v.day_of(x))]
        self.days = days or self.days
        if role in (REPORT, NOW):
            return
        self.year, self.year_in_line = v.year_of(edtf), True
        if months := [(v.year_of(x), month) for x in self.last if (month := v.month_of(x))]:
            self.months = months
            self.day_in_line = self.day_in_line or bool(days)
        if not days:
            self.period = edtf
            self.stretch = edtf if "/" in edtf else self.stretch


_Resolver = Callable[[dict[str, str], _Story], Sequence[_Reading]]


def _table(name: str) -> dict[str, int]:
    """A table of words with a number each, by the words without their spaces."""
    return {canonical(word): number for word, number in DATE[name].items()}


_YEARS, _YEARS_BEFORE_PART, _SAME_YEAR = _table("year"), _table("year_before_part"), _table("same_year")
_MONTHS, _SAME_MONTH, _QUARTERS = _table("month"), _table("same_month"), _table("quarter")
_DAYS, _SAME_DAY, _WEEKS, _WEEKDAYS = _table("day"), _table("same_day"), _table("week"), _table("weekday")
_NOW: list[str] = DATE["now"]
_ROUGH, _ROUGH_ALONE = _table("rough"), _table("rough_alone")
_NATIVE, _MONTH_UNITS, _DAY_UNITS = _table("native"), _table("month_unit"), _table("day_unit")
_COUNTED_MONTHS, _COUNTED_DAYS = _table("counted_months"), _table("counted_days")
_HALVES: dict[str, list[int]] = DATE["half"] | DATE["season"]

_END = rf"(?![가-힣])|(?={any_of(DATE['particle'])})"
"""Where a word ends, or a particle follows."""
_TO = "[~∼〜～–-]"
_DOT = "[·ㆍ・‧•･∙⋅]"
_APOSTROPHE = "['’`‘]"
_Y, _M, _D, _C = (
    "(?:19|20)[0-9]{2}",
    "(?:1[0-2]|0?[1-9])",
    "(?:3[01]|[12][0-9]|0?[1-9])",
    f"(?:[0-9]{{1,2}}|{any_of(_NATIVE)})",
)
_MM, _DD = "(?:1[0-2]|0[1-9])", "(?:3[01]|[12][0-9]|0[1-9])"
_PREFIX = f"(?:(?:(?P<coming>{any_of(DATE['coming'])})|(?P<past>{any_of(DATE['past'])}))[ ]?)"
_LIMIT = f"(?=[ ]?(?:말[ ]?)?{any_of(DATE['until'])})"
_PART = rf"""(?:
    (?:(?P<from_month>{_M})월?{_TO})?(?P<month>{_M})(?:월(?!드)|(?=(?:{_DOT}{_M}){{1,11}}월))
        (?:[ ]?(?:(?P<from_day>{_D})일?{_TO})?(?P<day>[0-9]{{1,2}})일(?!간)
         | [ ]?{any_of(DATE["rough_month"])}(?:{_END}))?
        (?P<month_until>{_LIMIT})?
  | (?:(?P<other_quarter>[1-4])(?:분기)?(?P<joint>{_TO}|{_DOT}|/))?
        (?P<quarter>[1-4])[ ]?분기(?P<until>{_LIMIT}|[ ]?누적)?
  | 첫[ ]?(?P<first_months>{_C})[ ]?(?:개월|달)
  | (?P<halves>상{_DOT}하반기)
  | (?P<half>{any_of(DATE["half"])})
)"""
_SEASON = rf"(?P<season>{any_of(DATE['season'])})(?:{_END})"
_YEAR_PART = (
    rf"(?:[ ]?(?:{_PART}|{_SEASON}|(?P<rough>{any_of(_ROUGH)})(?:{_END})"
    rf"|(?P<so_far>{any_of(DATE['since_new_year'])})(?:{_END})))"
)
_YEAR_WORD = rf"""(?:
    (?P<year>{_Y})(?:년도?|[ ]?{any_of(DATE["fiscal_year"])}|(?=(?:{_DOT}{_Y}){{1,9}}년|{_TO}{_Y}년)
        | (?=[ ]?[1-4]분기|[ ]?{any_of(DATE["half"])}))
  | (?P<relative>{any_of(DATE["year"])})(?:(?:{_END})|(?=[0-9]|{any_of(["상반기", "하반기"])}))
  | (?P<same>{any_of(DATE["same_year"])})(?:{_END})
)"""
_UNIT = rf"(?:(?P<unit>{any_of(_MONTH_UNITS)})|(?P<day_unit>{any_of(_DAY_UNITS)}))"
_COUNT = rf"""(?:
    (?:(?P<low>[0-9]{{1,3}}){_TO})?(?P<count>[0-9]{{1,3}}|{any_of(_NATIVE)})[ ]?여?[ ]?
        {_UNIT}(?:여|[ ]?(?P<half_more>반)|[ ]?(?P<more>[0-9]{{1,2}})개월)?
  | (?P<counted>{any_of([*_COUNTED_MONTHS, *_COUNTED_DAYS])})
)"""
_SIDE = rf"""(?:[ ]?(?:
    (?P<before>{any_of(DATE["before"])})(?:{_END}) | (?P<after>{any_of(DATE["after"])})(?:{_END})
  | (?P<within>{any_of(DATE["within"])})(?:{_END})
  | (?P<lasting>{any_of(DATE["lasting"])}) | (?P<lasted>(?<!일[ ]){any_of(DATE["lasted"])})(?:{_END})
))"""


def _stated_day(found: dict[str, str], _: _Story) -> list[_Reading]:
    return [(v.value(v.full_year(found["y"]), int(found["m"]), int(found["d"])), STATED)]


def _stated_month(found: dict[str, str], _: _Story) -> list[_Reading]:
    return [(v.value(int(found["y"]), int(found["m"])), STATED)]


def _stated_years(found: dict[str, str], _: _Story) -> list[_Reading]:
    first = int(found["first"])
    return [(v.years(first, v.full_year(found["last"], like=first)), STATED)]


def _decade(found: dict[str, str], _: _Story) -> list[_Reading]:
    return [(v.decade(int(found["y"])), STATED)]


def _of_year(found: dict[str, str], story: _Story) -> list[_Reading]:
    """A year, told or counted, or a part of it."""
    parts = _parts(found)
    years = _named_years(found, story)
    if not parts:
        so_far = story.published.month if story.published and "so_far" in found else 0
        return [
            (edtf, reading)
            for year, reading in years
            for edtf in (v.value(year), v.months(year, 1, so_far) if so_far else None)
        ]
    return [(_within(year, part), reading) for year, reading in years for part in parts]


def _near_year(found: dict[str, str], story: _Story) -> list[_Reading]:
    """24년: a year, if not far from that of publication; a length of time looks the same."""
    year = v.full_year(found["short_year"])
    return [(v.value(year), PUBLISHED)] if story.published and abs(year - story.published.year) <= _NEAR_YEARS else []


def _named_years(found: dict[str, str], story: _Story) -> list[tuple[int, str]]:
    """The years that a word such as 2017년, 작년 or 이듬해 may mean."""
    if "year" in found:
        return [(int(found["year"]), STATED)]
    if "short_year" in found:
        return [(v.full_year(found["short_year"]), STATED)]
    published = story.published.year if story.published else None
    if "relative" in found:
        offset = (_YEARS | _YEARS_BEFORE_PART)[canonical(found["relative"])]
        return [(published + offset, PUBLISHED)] if published else []
    offset = _SAME_YEAR[canonical(found["same"])]
    bases = [(story.year, CONTEXT), (published if offset < 0 or story.year is None else None, PUBLISHED)]
    return [(base + offset, reading) for base, reading in bases if base]


def _parts(found: dict[str, str]) -> list[_Part]:
    """The parts of a year that some words may mean, the likeliest first."""
    if "month" in found:
        month, day = int(found["month"]), found.get("day")
        if "from_month" in found:
            return [_Part(int(found["from_month"]), month, run=True)]
        if day:
            return [
                _Part(month, month, int(found["from_day"]), int(day))
                if "from_day" in found
                else _Part(month, month, int(day))
            ]
        return [_Part(month, month), *([_Part(1, month, run=True)] if "month_until" in found and month > 1 else [])]
    if "quarter" in found:
        return _quarters(int(found["quarter"]), found)
    if "first_months" in found:
        count = _number(found["first_months"])
        return [_Part(1, count, run=True)] if 1 <= count <= _YEAR else []
    if "halves" in found:
        return [_Part(1, _YEAR, run=True)]
    if word := found.get("half") or found.get("season"):
        first, last = _HALVES[word]
        return [_Part(first, last)]
    if "rough" in found:
        return [_Part(_ROUGH[found["rough"]], _ROUGH[found["rough"]])]
    return []


def _quarters(quarter: int, found: dict[str, str]) -> list[_Part]:
    """1·4분기 is the first of four, 1~3분기 and 3분기까지 run from the first to the third."""
    first = int(found.get("other_quarter", quarter))
    of_four = "other_quarter" in found and quarter == 4 and not re.fullmatch(_TO, found["joint"])
    one = _Part(3 * quarter - 2, 3 * quarter)
    if of_four:
        return [_Part(3 * first - 2, 3 * first), *([_Part(3 * first - 2, _YEAR, run=True)] if first == 3 else [])]
    if first < quarter:
        return [_Part(3 * first - 2, 3 * quarter, run=True)]
    return [_Part(1, 3 * quarter, run=True), one] if "until" in found and quarter > 1 else [one]


def _within(year: int, part: _Part) -> str | None:
    if part.day:
        day = v.value(year, part.first, part.day)
        return v.between(day, v.value(year, part.last, part.last_day)) if part.last_day else day
    if part.first > part.last:  # into the next year
        return v.between(v.value(year, part.first), v.value(year + 1, part.last))
    return v.months(year, part.first, part.last)


def _of_any_year(found: dict[str, str], story: _Story) -> list[_Reading]:
    """A part of a year that is not told."""
    if "rough_alone" in found:
        found = found | {"rough": found["rough_alone"]}
    return [
        (_within(year, part), reading) for part in _parts(found) for year, reading in _open_years(part, found, story)
    ]


def _open_years(part: _Part, found: dict[str, str], story: _Story) -> list[tuple[int, str]]:
    """The years that a part may be of."""
    context = [(story.year, CONTEXT)] if story.year and "coming" not in found else []
    if story.published is None:
        return context
    year, month = story.published.year, story.published.month
    if "coming" in found:
        return [(year + (part.last < month), COMING)]
    begun = (part.last if part.run else part.first) <= month
    year -= part.first > part.last
    published = [(year if begun else year - 1, PUBLISHED)]
    if begun and part.last > month:  # under way, or the one that is over
        published.append((year - 1, PUBLISHED))
    if "past" in found:
        return published
    coming = [] if begun else [(year, COMING)]
    if {"until", "month_until", "rough_alone"} & found.keys():
        return [*coming, *published, *context]
    in_force = story.year_in_line and story.year and story.year <= year
    return [*context, *published, *coming] if in_force else [*published, *context, *coming]


def _this_year(_: dict[str, str], story: _Story) -> list[_Reading]:
    return [(v.value(story.published.year), COMING)] if story.published else []


def _day_of_any_month(found: dict[str, str], story: _Story) -> list[_Reading]:
    """A day, or a run of days, of a month that is not told."""
    last = _days(int(found["day"]), found, story)
    if "from_day" not in found:
        return last
    first = _days(int(found["from_day"]), found, story)
    return [(v.between(begin, end), reading) for begin, reading in first for end, other in last if reading == other]


def _days(day: int, found: dict[str, str], story: _Story) -> list[_Reading]:
    context = [(v.value(*month, day), CONTEXT) for month in story.months]
    published = story.published
    if published is None:
        return context
    if "coming" in found:
        return [(v.coming_day(published, day), COMING)]
    latest = [(v.latest_day(published, day), PUBLISHED)]
    coming = [(v.value(published.year, published.month, day), COMING)] if day > published.day else []
    return [*context, *latest, *coming] if story.day_in_line and "past" not in found else [*latest, *context, *coming]


def _month_word(found: dict[str, str], story: _Story) -> list[_Reading]:
    """지난달, 같은 달: a month, or a day of it, counted from publication or from the month named last."""
    word, day = canonical(found["word"]), int(found["day"]) if "day" in found else None
    here = [(story.published.year, story.published.month)] if story.published else []
    counts = ((here, _MONTHS.get(word), PUBLISHED), (story.months, _SAME_MONTH.get(word), CONTEXT))
    return [
        (v.value(*v.month_after(*base, count), day), name)
        for bases, count, name in counts
        if count is not None
        for base in bases
    ]


def _day_word(found: dict[str, str], story: _Story) -> list[_Reading]:
    """오늘, 이튿날: a day counted from publication or from the day named last."""
    word = canonical(found["word"])
    if word in _DAYS:
        return [(v.days_after(story.published, _DAYS[word]), PUBLISHED)]
    count = _SAME_DAY[word]
    readings = [(v.days_after(day, count), CONTEXT) for day in story.days]
    return readings if count > 0 else [*readings, (v.days_after(story.published, count), PUBLISHED)]


def _week(found: dict[str, str], story: _Story) -> list[_Reading]:
    """A week counted from publication, or a day of it."""
    if story.published is None:
        return []
    count = _WEEKS.get(canonical(found.get("week", "")), 0)
    if "weekday" not in found:
        return [(v.week(story.published, count), PUBLISHED)]
    days = _WEEKDAYS[found["weekday"]] - story.published.weekday()
    if "week" in found:
        return [(v.days_after(story.published, days + 7 * count), PUBLISHED)]
    if "coming" in found:
        return [(v.days_after(story.published, days % 7), COMING)]
    return [(v.days_after(story.published, -(-days % 7)), PUBLISHED)]


def _quarter_word(found: dict[str, str], story: _Story) -> list[_Reading]:
    """전 분기: a quarter counted from the one named last, or from that of publication."""
    count = _QUARTERS[canonical(found["word"])]
    context = [(v.moved(base, 3 * count), CONTEXT) for base in _periods(story) if v.is_quarter(base)][:1]
    return [*context, (v.quarter(story.published, count) if story.published else None, PUBLISHED)]


def _same_period(_: dict[str, str], story: _Story) -> list[_Reading]:
    return [(base, CONTEXT) for base in _periods(story)]


def _period_of_other_year(found: dict[str, str], story: _Story) -> list[_Reading]:
    """전년 동기, 작년 같은 기간, 2년 전 같은 기간: the period named last, of another year."""
    bases = _periods(story)
    if "count" in found:
        return [(v.moved(base, -_YEAR * _number(found["count"])), CONTEXT) for base in bases]
    if "same" in found:
        return [(v.moved(base, _YEAR * _SAME_YEAR[canonical(found["same"])]), CONTEXT) for base in bases]
    years = [(year, CONTEXT if reading == STATED else reading) for year, reading in _named_years(found, story)]
    moves = [(base, _YEAR * (year - v.year_of(base)), reading) for year, reading in years for base in bases]
    moves += [(base, _YEAR * _YEARS[canonical(found["relative"])], CONTEXT) for base in bases if "relative" in found]
    return [(v.moved(base, move), reading) for base, move, reading in moves if move]


def _periods(story: _Story) -> list[str]:
    """The periods that a text may speak of again, the last one first."""
    return [x for x in dict.fromkeys((story.period, story.stretch)) if x]


def _then(_: dict[str, str], story: _Story) -> list[_Reading]:
    return [(last, CONTEXT) for last in story.last]


def _counted(found: dict[str, str], story: _Story) -> list[_Reading]:
    """A length of time: itself, the interval that it covers, or the date that lies so far away."""
    months, days = _length(found)
    if any(side in found for side in ("before", "after", "within")):
        return _away(months, days, found, story)
    if not months:
        return []
    in_years = months % _YEAR == 0 and _MONTH_UNITS.get(found.get("unit", "")) == _YEAR
    duration = (f"P{months // _YEAR}Y" if in_years else f"P{months}M", STATED)
    return [duration, *_covered(months, found, story)]


def _length(found: dict[str, str]) -> tuple[int, int]:
    """Months and days that are counted."""
    if "counted" in found:
        return _COUNTED_MONTHS.get(found["counted"], 0), _COUNTED_DAYS.get(found["counted"], 0)
    count, unit = _number(found["count"]), _MONTH_UNITS.get(found.get("unit", ""), 0)
    return count * unit + int(found.get("more", 0)) + ("half_more" in found) * unit // 2, count * _DAY_UNITS.get(
        found.get("day_unit", ""), 0
    )


def _number(text: str) -> int:
    return _NATIVE[text] if text in _NATIVE else int(text)


def _covered(months: int, found: dict[str, str], story: _Story) -> Iterator[_Reading]:
    """The intervals that a length of time may cover: from now on, until now, from or until the date named last."""
    if months == 1:
        return
    here = _date_of(story.published, months) if story.published else None
    there = v.last_of(story.last[0])[: v.YEAR if months % _YEAR == 0 else v.MONTH] if story.last else None
    back, ahead = "back" in found or "lasted" in found, "ahead" in found
    if here and not back:
        yield (v.between(here, v.moved(here, months)), COMING)
    if here and not ahead:
        yield (v.between(v.moved(here, -months), _before(here)), PUBLISHED)
        yield (v.between(v.moved(here, -months), here), PUBLISHED)
    if there and there != here and not back and not ahead:
        yield (v.between(there, v.moved(there, months)), CONTEXT)
        yield (v.between(_after(v.moved(there, -months)), there), CONTEXT)


def _before(edtf: str | None) -> str | None:
    """The year before a year, the month before a month."""
    return edtf and v.moved(edtf, -_YEAR if len(edtf) == v.YEAR else -1)


def _after(edtf: str | None) -> str | None:
    return edtf and v.moved(edtf, _YEAR if len(edtf) == v.YEAR else 1)


def _date_of(day: date, months: int) -> str | None:
    """The year of a day where whole years are counted, else its month."""
    return v.value(day.year) if months % _YEAR == 0 else v.value(day.year, day.month)


def _away(months: int, days: int, found: dict[str, str], story: _Story) -> list[_Reading]:
    """The date that lies so many months or days before or after publication, and the date named last."""
    sign = -1 if "before" in found else 1
    context = [(_moved_from(last, sign * months, sign * days), CONTEXT) for last in story.last]
    published = _day_of_publication(story)
    name = PUBLISHED if sign < 0 else COMING
    if "low" in found:
        low = int(found["low"]) * (months or days) // _number(found["count"])
        ends = [
            _moved_from(published, *((sign * x, 0) if months else (0, sign * x)))
            for x in sorted((low, months or days), reverse=sign < 0)
        ]
        return [(v.between(*ends), name)]
    here = [(_moved_from(published, sign * months, sign * days), name)]
    if "within" in found:
        return here
    return [*here, *context] if "before" in found else [*context, *here]


def _again(found: dict[str, str], story: _Story) -> list[_Reading]:
    """6개월 만에: so long after the date named last, and so long before publication."""
    months, days = _length(found)
    published = _day_of_publication(story)
    after = [_moved_from(last, months, days) for last in story.last]
    readings = [(edtf, CONTEXT) for edtf in after if edtf and (published is None or v.last_of(edtf) <= published)]
    return [*readings, (_moved_from(published, -months, -days), PUBLISHED)]


def _day_of_publication(story: _Story) -> str | None:
    return story.published.isoformat() if story.published else None


def _moved_from(base: str | None, months: int, days: int) -> str | None:
    """A date or period so far away from another, no more exact than what is counted: years from a day give a year."""
    if base is None:
        return None
    if days:
        return v.days_after(v.day_of(v.last_of(base)), days)
    return v.moved(base[: v.YEAR] if months % _YEAR == 0 and v.day_of(base) else base, months)


def _yearly(_: dict[str, str], __: _Story) -> list[_Reading]:
    return [("P1Y", STATED)]


_AFTER_NUMBER = rf"(?![0-9]|[.,][0-9]|{_TO}[0-9])"
_RULES: list[tuple[str, _Resolver]] = [
    (rf"(?P<y>{_Y})(?:[.][ ]?|[/-])(?P<m>{_M})(?:[.][ ]?|[/-])(?P<d>{_D})(?![0-9])", _stated_day),
    (rf"{_APOSTROPHE}(?P<y>[0-3][0-9])[./-](?P<m>{_M})[./-](?P<d>{_D})(?![0-9])", _stated_day),
    (
        rf"(?P<y>[0-3][0-9])(?:[.]{_MM}[.]|/{_MM}/|-{_MM}-)(?<=(?P<m>[0-9]{{2}}).)(?P<d>{_DD}){_AFTER_NUMBER}",
        _stated_day,
    ),
    (rf"(?P<y>{_Y})(?P<m>{_MM})(?P<d>{_DD})(?![0-9가-힣]|[.,][0-9])", _stated_day),
    (
        rf"(?P<first>{_Y})년?{_TO}(?P<last>{_Y}|[0-9]{{2}}(?=년))(?:년도?(?!대|[ ]?{_M}월)|(?![0-9년])(?<=[0-9]{{4}}))",
        _stated_years,
    ),
    (rf"(?P<first>{_Y})/(?P<last>[0-9]{{2}})(?:년도?|[ ]?{any_of(DATE['fiscal_year'])})", _stated_years),
    (rf"(?P<y>{_Y})[./-](?P<m>{_MM})(?![0-9./-])월?", _stated_month),
    (rf"(?P<y>(?:19|20)[0-9]0)년대(?:[ ]?{any_of(_ROUGH)}(?:{_END}))?", _decade),
    (
        rf"(?:{_YEAR_WORD}|(?P<count>{_C})[ ]?(?:년|해)[ ]?{any_of(DATE['before'])})의?[ ]?"
        rf"{any_of(DATE['year_before'])}(?:{_END}|(?=[ ]?{any_of(DATE['comparison'])}))",
        _period_of_other_year,
    ),
    (rf"{_YEAR_WORD}{_YEAR_PART}?", _of_year),
    (rf"{_APOSTROPHE}(?P<short_year>[0-3][0-9])년도?{_YEAR_PART}?", _of_year),
    (rf"(?P<short_year>[0-3][0-9])년도?{_YEAR_PART}", _of_year),
    (rf"(?P<relative>{any_of(_YEARS_BEFORE_PART)}){_YEAR_PART}", _of_year),
    (rf"(?P<short_year>[0-3][0-9])년도?(?:{_END})(?![ ]?{any_of(DATE['again'])}|{_SIDE})", _near_year),
    (rf"{_PREFIX}{_SEASON}", _of_any_year),
    (rf"{_PREFIX}?{_PART}", _of_any_year),
    (r"(?P<quarter>[1-4])Q(?P<short_year>[0-3][0-9])(?![0-9])", _of_year),
    (r"(?P<quarter>[1-4])Q(?![0-9A-Za-z])", _of_any_year),
    (rf"{_COUNT}[ ]?{any_of(DATE['again'])}", _again),
    (rf"{_COUNT}{_SIDE}", _counted),
    (rf"{_PREFIX}?(?:(?P<from_day>{_D})일?{_TO})?(?P<day>[0-9]{{1,2}})일(?:{_END})(?!만[에의이])", _day_of_any_month),
    (rf"{_PREFIX}?(?P<rough_alone>{any_of(_ROUGH_ALONE)})(?:{_END})", _of_any_year),
    (rf"{any_of(DATE['this_year'])}(?:{_END})", _this_year),
    (
        rf"(?P<word>{any_of([*DATE['month'], *DATE['same_month']])})"
        rf"(?:[ ]?(?P<day>[0-9]{{1,2}})일|[ ]?{any_of(DATE['rough_month'])})?(?:{_END})",
        _month_word,
    ),
    (rf"(?P<word>{any_of(DATE['quarter'])})(?:{_END})", _quarter_word),
    (rf"(?P<word>{any_of([*DATE['day'], *DATE['same_day']])})(?:{_END})", _day_word),
    (rf"(?:(?P<week>{any_of(DATE['week'])})[ ]?|{_PREFIX})?(?P<weekday>{any_of(DATE['weekday'])})(?:{_END})", _week),
    (rf"(?P<week>{any_of(DATE['week'])})(?:{_END})", _week),
    (rf"{any_of(DATE['same_period'])}(?:{_END})", _same_period),
    (rf"{any_of(DATE['then'])}(?:{_END})", _then),
    (rf"(?:(?P<ahead>{any_of(DATE['ahead'])})|(?P<back>{any_of(DATE['back'])}))[ ]?{_COUNT}{_SIDE}?", _counted),
    (any_of(DATE["yearly"]), _yearly),
]
"""What a date may look like, the first that fits, and what is made of its groups."""

_PATTERNS = [(re.compile(pattern, re.VERBOSE), resolver) for pattern, resolver in _RULES]
_SCAN = re.compile("|".join(f"({re.sub(r'[?]P<[a-z_]+>', '?:', pattern)})" for pattern, _ in _RULES), re.VERBOSE)
"""All rules at once: which one fits is told by the number of the group."""


_FIRST_WORDS = [
    *(
        "year",
        "same_year",
        "month",
        "same_month",
        "same_day",
        "day",
        "week",
        "weekday",
        "quarter",
        "same_period",
        "then",
        "half",
    ),
    *("rough_alone", "this_year", "coming", "past", "ahead", "back", "counted_months", "counted_days", "yearly"),
]
"""Tables of the words that a date may begin with."""


def _start() -> re.Pattern[str]:
    """Where a date may begin: looked for first, so that most characters cost little."""
    words = [word for table in _FIRST_WORDS for word in DATE[table]]
    words += [f"{count} {unit}" for count in _NATIVE for unit in [*_MONTH_UNITS, *_DAY_UNITS]]
    words += [f"첫 {count}" for count in [*_NATIVE, *range(1, 10)]]
    words += [
        f"{word} {part}"
        for word in _YEARS_BEFORE_PART
        for part in [*range(1, 10), *_HALVES, *_ROUGH, *DATE["since_new_year"]]
    ]
    first = re.escape("".join({word[0] for word in words}))
    units = re.escape(
        "".join({unit[0] for unit in [*_MONTH_UNITS, *_DAY_UNITS, "월", "Q", *DATE["fiscal_year"]]})
        + _DOT[1:-1]
        + _TO[1:-1]
        + "/"
    )
    number = rf"[0-9]{{0,3}}[ ]?[{units}]|[0-9]{{7}}|[0-9]{{3}}[.]|[0-9][.][0-9]{{2}}[.]"
    return re.compile(
        rf"[{first}0-9{_APOSTROPHE[1:-1]}](?:"  # a set comes first: the search runs over what is in none
        rf"(?<=[0-9])(?<![0-9].)(?<![0-9][.,].)(?:{number})|(?<![가-힣].)(?<=(?={any_of(words)}).)|(?<={_APOSTROPHE})[0-9]{{2}}[년./-])"
    )


_START = _start()
_START_OF = attrgetter("start")
_UNTIL = re.compile(rf"[ ]?(?:말|내)?{any_of(DATE['until'])}")
_ROLE = re.compile(
    rf"""(?:
    (?P<{DEADLINE}>[ ]?(?:말|내)?{any_of(DATE["until"])})
  | (?P<{COMPARISON}>[ ]?{any_of(DATE["comparison"])})
  | (?P<{FOUNDING}>에?[ ]?{any_of(DATE["founding"])})
  | (?P<{REPORT}>(?:[(][^()\n]{{1,8}}[)])?[자에]?[ ]?{any_of(DATE["report"])})
)""",
    re.VERBOSE,
)
_RUN = re.compile(
    rf"(?:[(][^()\n]{{1,8}}[)])?[ ]?(?:{any_of(DATE['from'])}[ ]?|{_TO}[ ]?|{any_of(DATE['from'])}[ ]?{_TO}[ ]?)"
)
_FROM, _SINCE = re.compile(rf"{any_of(DATE['from'])},?[ ]?"), re.compile(rf"[ ]?{any_of(DATE['since'])},?[ ]?")
_OPEN = re.compile(rf"[ ]?{any_of(DATE['onward'])}")
_UP_TO, _AND = re.compile(rf"[ ]?{any_of(DATE['until'])},?[ ]?"), re.compile(rf"{any_of(DATE['and'])}[ ]?")


def find_dates(text: str, published: date | None = None) -> list[DateExpression]:
    """Every date, interval and length of time in the text by where it starts, the readings of one after each other.

    Impossible days (2월 30일) are left out, and without a publication date the readings that need one.
    """
    found: list[DateExpression] = []
    story = _Story(published)
    before: list[DateExpression] = []
    line_end = 0
    for match, resolver in _matches(text):
        if match.start() >= line_end:
            story.year_in_line = story.day_in_line = story.last_in_line = False
            line_end = (text.find("\n", match.end()) + 1) or len(text)
        here = _expressions(text, match, resolver, story)
        if not here:
            continue
        if before and here[0].start - before[0].end <= _LONGEST_JOINT:
            here = _beside(text, before, here, found)
        if here[0].role == DEADLINE:
            here += _up_to(here[0], story)
        if resolver is not _again:  # too unsure to count on from
            story.note(here)
        before = here + _until_now(text, here[0], published)
        found += before
    return sorted(found, key=_START_OF)


@lru_cache(maxsize=1)
def _matches(text: str) -> Sequence[tuple[re.Match[str], _Resolver]]:
    """What looks like a date, with what is to be made of it; found once, whatever the day of publication."""
    found = []
    position = 0
    search, scan = _START.search, _SCAN.match
    while start := search(text, position):
        position = start.start()
        scanned = scan(text, position)
        if scanned and scanned.lastindex:
            pattern, resolver = _PATTERNS[scanned.lastindex - 1]
            position = scanned.end()
            if match := pattern.match(text, start.start()):
                found.append((match, resolver))
        else:
            position += 1
    return found


def _expressions(text: str, match: re.Match[str], resolver: _Resolver, story: _Story) -> list[DateExpression]:
    """The readings of one expression, each date once."""
    found = {name: word for name, word in match.groupdict().items() if word is not None}
    start, end = match.span()
    role, reach = _role(text, end)
    role = NOW if found.get("word") in _NOW else role
    expressions: dict[str, DateExpression] = {}
    for edtf, name in resolver(found, story):
        if edtf and edtf not in expressions:
            own, own_reach = (
                (DURATION, end)
                if edtf[0] == "P"
                else (EVENT, end)
                if role == REPORT and len(edtf) != v.DAY
                else (role, reach)
            )
            expressions[edtf] = DateExpression(
                start, end, edtf, STATED if name == STATED else RELATIVE, own, own_reach, name
            )
    return [*expressions.values()]


def _role(text: str, end: int) -> tuple[str, int]:
    """What a date that ends here dates, and where the words end that say so."""
    if match := _ROLE.match(text, end):
        return str(match.lastgroup), match.end()
    return EVENT, end


def _beside(
    text: str, before: Sequence[DateExpression], here: list[DateExpression], found: list[DateExpression]
) -> list[DateExpression]:
    """What a date is that stands close behind another; what the two are together goes to those found."""
    gap = text[before[0].end : here[0].start]
    if run := _run(text, gap, before, here):
        del found[-len(before) :]
        return run
    if lasting := _lasting(gap, before, here):
        found += lasting
        return here[:1]
    found += _together(gap, before, here)
    return here


def _run(text: str, gap: str, before: Sequence[DateExpression], here: Sequence[DateExpression]) -> list[DateExpression]:
    """2015년부터 2016년 6월까지: one interval, of each reading of the first with the soonest reading of the last."""
    if not _RUN.fullmatch(gap) or DURATION in (before[0].role, here[0].role):
        return []
    until = _UNTIL.match(text, here[0].end)
    end = until.end() if until else here[0].end
    own = [a for a in before if a.end == before[0].end]
    runs = [[run for b in here if (run := _joined(a, b, end))] for a in own]
    shortest = [min(some, key=lambda run: v.last_of(run.edtf)) for some in runs if some]
    return [*{run.edtf: run for run in reversed(shortest)}.values()][::-1]


def _joined(first: DateExpression, last: DateExpression, end: int, reading: str | None = None) -> DateExpression | None:
    edtf = v.between(first.edtf, last.edtf)
    basis = STATED if first.basis == last.basis == STATED else RELATIVE
    reading = reading or (last.reading if first.reading == STATED else first.reading)
    return DateExpression(first.start, end, edtf, basis, EVENT, end, reading) if edtf else None


def _lasting(gap: str, before: Sequence[DateExpression], here: Sequence[DateExpression]) -> list[DateExpression]:
    """2017년부터 3년간, 2022년까지 10년 동안: the interval besides the date and the length.

    After 이후 the year itself may not count.
    """
    if here[0].role != DURATION or before[0].role == DURATION:
        return []
    since, until = _SINCE.fullmatch(gap), _UP_TO.fullmatch(gap)
    if not (since or until or _FROM.fullmatch(gap)):
        return []
    months = int(here[0].edtf[1:-1]) * (_YEAR if here[0].edtf.endswith("Y") else 1)
    date_ = before[0]
    near = (v.last_of if until else v.first_of)(date_.edtf)
    edges: list[tuple[str | None, str | None]] = []
    for base in dict.fromkeys((near[: v.MONTH], near[: v.YEAR])):  # of a month, to the month and to the year
        far = v.moved(base, -months if until else months)
        pair = [(_after(far), base), (far, base)] if until else [(base, _before(far)), (base, far)]
        edges += reversed(pair) if since else pair
    edtfs = dict.fromkeys(edtf for edge in edges if (edtf := v.between(*edge)))
    return [date_._replace(end=here[0].end, edtf=edtf, role=EVENT, reach=here[0].end) for edtf in edtfs]


def _until_now(text: str, first: DateExpression, published: date | None) -> list[DateExpression]:
    """2019년 이후, 지난해 9월부터: the time from then to publication."""
    since = _OPEN.match(text, first.end)
    if not since or not published or first.role == DURATION:
        return []
    begin = v.first_of(first.edtf)
    edtf = v.between(begin, published.isoformat()[: len(begin)])
    return (
        [first._replace(end=since.end(), edtf=edtf, role=EVENT, reach=since.end(), reading=PUBLISHED, basis=RELATIVE)]
        if edtf and edtf != begin
        else []
    )


def _up_to(here: DateExpression, story: _Story) -> list[DateExpression]:
    """2019년 세워져 지난해 11월까지: the time from the date named before in the line to one that is past."""
    if not story.last_in_line or "/" in here.edtf:
        return []
    edtf = v.between(v.first_of(story.last[0]), here.edtf)
    past = story.published is None or here.edtf <= story.published.isoformat()
    return [here._replace(edtf=edtf, reading=CONTEXT, basis=RELATIVE)] if edtf and past and edtf != here.edtf else []


def _together(gap: str, before: Sequence[DateExpression], here: Sequence[DateExpression]) -> list[DateExpression]:
    """2021년과 2022년: two dates, and the time from the one to the other."""
    if not _AND.fullmatch(gap) or DURATION in (before[0].role, here[0].role) or len(before[0].edtf) == v.DAY:
        return []
    joined = _joined(before[0], here[0], here[0].end, TOGETHER)
    return [joined] if joined else []


def news_day(expressions: list[DateExpression], published: date | None) -> DateExpression | None:
    """The first day that the text names of those right before it appeared: the day of what it reports."""
    if published is None:
        return None
    first = (published - min(NEWS, published - date.min)).isoformat()
    days = (
        x
        for x in likeliest(expressions)
        if len(x.edtf) == v.DAY and x.role in (EVENT, REPORT) and first <= x.edtf <= published.isoformat()
    )
    return next(days, None)


def latest_past(expressions: list[DateExpression]) -> str | None:
    """The latest date among them that the text can look back on.

    Days and months come before bare years, and of an interval its start counts: plans name years that are to come.
    """
    starts = [v.first_of(x.edtf) for x in likeliest(expressions) if x.role not in (DEADLINE, DURATION, COMPARISON)]
    return max(starts, key=lambda edtf: (len(edtf) > v.YEAR, edtf), default=None)


def likeliest(expressions: Iterable[DateExpression]) -> list[DateExpression]:
    """The first reading of each expression."""
    by_span: dict[tuple[int, int], DateExpression] = {}
    for expression in expressions:
        by_span.setdefault((expression.start, expression.end), expression)
    return [*by_span.values()]

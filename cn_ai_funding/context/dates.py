"""When: the dates, intervals and durations that a Korean text names, as EDTF and ISO 8601.

A date without a year counts from the publication date; where that is unknown, such a date is left out.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..edtf import format_date, interval
from ..money.vocabulary import any_of, canonical
from .vocabulary import DATE

STATED, RELATIVE = "stated", "relative"
EVENT, NOW, FOUNDING, REPORT, DEADLINE, DURATION, COMPARISON = "event", "now", "founding", "report", "deadline", "duration", "comparison"

_YEARS, _MONTHS, _HALVES, _ROUGH = DATE["year"], DATE["month"], DATE["half"], DATE["rough"]
_MONTH = r"(?P<month>1[0-2]|0?[1-9])월(?:[ ]?(?P<day>[0-9]{1,2})일)?"
_WORDS = [word for table in ("year", "month", "half", "native", "same_year", "same_day", "day", "week", "yearly") for word in DATE[table]]
_SPELLING = {canonical(word): word for word in _WORDS}
_FIRST = "".join(sorted({"지", *(word[0] for word in _WORDS)}))
"""What a date begins with, besides a digit: looked at first, so that most characters cost little."""
_PATTERN = re.compile(
    rf"""
    (?=[0-9'’`‘{_FIRST}]) (?:
      (?<![0-9]) (?P<first>(?:19|20)[0-9]{{2}})년?[~∼-](?P<last>(?:19|20)[0-9]{{2}})년
    | (?<![0-9]) (?P<y>(?:19|20)[0-9]{{2}})[.][ ]?(?P<m>1[0-2]|0?[1-9])[.][ ]?(?P<d>[0-9]{{1,2}})(?![0-9])
    | (?<![0-9]) (?P<ym_year>(?:19|20)[0-9]{{2}})[.](?P<ym_month>1[0-2]|0[1-9])(?![0-9.])
    | ['’`‘](?P<short_year>[0-3][0-9])년(?:[ ]?(?P<short_half>{any_of(_HALVES)}))?
    | (?<![0-9]) (?P<iy>(?:19|20)[0-9]{{2}})-(?P<im>1[0-2]|0[1-9])-(?P<id>[0-9]{{2}})(?![0-9])
    | (?:
          (?<![0-9])(?P<year>(?:19|20)[0-9]{{2}})년
        | (?<![가-힣])(?P<relative_year>{any_of(_YEARS)})(?![가-힣](?<![에의는은초말도])) (?<!올(?=[ ]?[가-힣]))
        | (?<![가-힣])지난(?=[ ]?[0-9]{{1,2}}월)
      )
      (?:[ ]?(?:
          (?P<from_month>1[0-2]|0?[1-9])[~∼-](?P<to_month>1[0-2]|0?[1-9])월
        | {_MONTH}
        | (?P<half>{any_of(_HALVES)})
        | (?P<quarter>[1-4])분기
        | (?P<rough>{any_of(_ROUGH)})(?![가-힣](?<![에의]))
      ))?
    | (?<![0-9가-힣])(?P<ago>[0-9]{{1,2}}|{any_of(DATE["native"])})[ ]?(?P<ago_unit>년|해|달|개월|주|일)[ ](?P<ago_side>전|뒤|후)(?![가-힣](?<![에의과보]))
    | (?<![가-힣])(?P<same_year>{any_of(DATE["same_year"])})(?![가-힣](?<![에의]))(?:[ ]?{_MONTH.replace("month", "same_month").replace("day", "same_day")})?
    | (?<![가-힣])(?P<same>{any_of(DATE["same_day"])})(?![가-힣](?<![에의은]))
    | (?<![가-힣])(?P<relative_week>{any_of(DATE["week"])})(?![가-힣](?<![에의]))
    | (?<![가-힣])(?P<relative_day_word>{any_of(DATE["day"])})(?![가-힣](?<![에의]))
    | (?<![가-힣])(?P<relative_month>{any_of(_MONTHS)})(?:[ ]?(?P<relative_day>[0-9]{{1,2}})일)?
    | (?<![0-9.])(?P<bare_from_month>1[0-2]|0?[1-9])[~∼-](?P<bare_to_month>1[0-2]|0?[1-9])월
    | (?<![0-9])(?<![0-9][.]){_MONTH.replace("month", "bare_month").replace("day", "bare_month_day")}
    | (?<![가-힣])(?:(?P<bare_half>{any_of(_HALVES)})|(?<![0-9])(?P<bare_quarter>[1-4])분기)
    | (?<![0-9])(?P<bare_day>[0-9]{{1,2}})일(?![간째동반평본정부차장치]|[ ]?만에)
    | (?<![0-9.])(?P<count>[0-9]{{1,3}}(?:[.][0-9])?|{any_of(DATE["native"])})[ ]?여?[ ]?(?P<unit>년|개월|달)여?(?P<span>[ ]?(?:간|동안))?
    | (?P<yearly>{any_of(DATE["yearly"])})
    )
    """,
    re.VERBOSE,
)
CENTURY = 2000
"""Of years written with two digits: the articles are of this one."""
NEWS = timedelta(days=7)
"""How long before publication a day may be and still be that of the news."""
_REACH = 60
_LONGEST_MONTH = 31
_COMING = re.compile(r"(?:오는|이르면|늦어도|다음) ?$")
_FROM_NOW = re.compile(r"(?:향후|앞으로)(?: [0-9]{1,3}년?[~∼-])? ?$")
_FOUNDING = re.compile(rf"[에월일년]*[ ]?(?:\S+ )?\S{{0,3}}{any_of(DATE['founding'])}")
_REPORT = re.compile(rf"[자에]?[ ]?(?:\S+ )?(?:\S+ )?{any_of(DATE['report'])}")
_COMPARISON = re.compile(rf" ?{any_of(DATE['comparison'])}")
_UNTIL = re.compile(r"(?:[ ]?(?:말|연말|내))?까지")
_FROM = re.compile(r"(?:부터|에서)? ?[~∼-]? ?$")


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date or duration as the text names it. `edtf` is EDTF, or an ISO 8601 duration where the role is `duration`.

    `reach` is where the words end that give it its role (2015년 10월 설립된).
    """

    start: int
    end: int
    edtf: str
    basis: str
    role: str
    reach: int


def find_dates(text: str, published: date | None = None) -> list[DateExpression]:
    """Every date, interval and duration in the text, in order. Impossible days (2월 30일) are left out."""
    found: list[DateExpression] = []
    for expression in _expressions(text, published):
        previous = found[-1] if found else None
        joined = previous and _join(text, previous, expression)
        if joined:
            found[-1] = joined
        else:
            found.append(expression)
    return found


def news_day(expressions: list[DateExpression], published: date | None) -> DateExpression | None:
    """The first day that the text names of those right before it appeared: the day of what it reports."""
    if published is None:
        return None
    first = (published - min(NEWS, published - date.min)).isoformat()
    days = (x for x in expressions if len(x.edtf) == 10 and x.role in (EVENT, REPORT) and first <= x.edtf <= published.isoformat())
    return next(days, None)


def latest_past(expressions: list[DateExpression]) -> str | None:
    """The latest date among them that the text can look back on.

    Days and months come before bare years, and of an interval its start counts: plans name years that are to come.
    """
    starts = [x.edtf.partition("/")[0] for x in expressions if x.role not in (DEADLINE, DURATION, COMPARISON)]
    return max(starts, key=lambda edtf: (len(edtf) > 4, edtf), default=None)


def _join(text: str, first: DateExpression, last: DateExpression) -> DateExpression | None:
    """`2015년부터 2016년 6월까지` is one interval."""
    gap = text[first.end : last.start]
    if DURATION in (first.role, last.role) or len(gap) > 4 or not gap.strip() or not _FROM.match(gap):
        return None
    try:
        edtf = interval(first.edtf, last.edtf)
    except ValueError:
        return None
    until = _UNTIL.match(text, last.end)
    end = until.end() if until else last.end
    return DateExpression(first.start, end, edtf, first.basis, EVENT, end)


def _expressions(text: str, published: date | None) -> Iterator[DateExpression]:
    year_in_force: int | None = None
    last_day: str | None = None
    line_end = 0
    for match in _PATTERN.finditer(text):
        if match.start() >= line_end:  # a year holds to the end of its line
            year_in_force = None
            line_end = (text.find("\n", match.end()) + 1) or len(text)
        found = {name: _word(value) for name, value in match.groupdict().items() if value is not None}
        if "yearly" in found:
            yield DateExpression(*match.span(), "P1Y", STATED, DURATION, match.end())
            continue
        if "count" in found:
            if "span" in found or _FROM_NOW.search(text, max(0, match.start() - 12), match.start()):
                count = DATE["native"].get(found["count"], found["count"])
                yield DateExpression(*match.span(), f"P{count}{'Y' if found['unit'] == '년' else 'M'}", STATED, DURATION, match.end())
            continue
        coming = _COMING.search(text, max(0, match.start() - 5), match.start())
        try:
            if "same" in found:
                edtf, basis = _beside(last_day, found["same"]), RELATIVE
            else:
                edtf, basis = _resolve(found, published, year_in_force, coming=coming is not None)
        except (ValueError, OverflowError):
            continue
        if edtf is None:
            continue
        if "ago" not in found and "same_year" not in found:
            year_in_force = int(edtf[:4])
        last_day = edtf if len(edtf) == 10 else last_day
        role, reach = (NOW, match.end()) if found.get("relative_day_word") in DATE["now"] else _role(text, match.end(), is_day=len(edtf) == 10)
        yield DateExpression(coming.start() if coming else match.start(), match.end(), edtf, basis, role, reach)


def _word(text: str) -> str:
    """A word of the tables as they write it, however it is spaced."""
    spelling: str = _SPELLING.get(canonical(text), text)
    return spelling


def _role(text: str, end: int, *, is_day: bool) -> tuple[str, int]:
    """What a date that ends here dates, and where the words end that say so."""
    sentence_end = min((i for i in (text.find("\n", end, end + _REACH), text.find(". ", end, end + _REACH)) if i >= 0), default=end + _REACH)
    for role, pattern in ((DEADLINE, _UNTIL), (COMPARISON, _COMPARISON), (FOUNDING, _FOUNDING), (REPORT, _REPORT)):
        if (match := pattern.match(text, end, sentence_end)) and (role != REPORT or is_day):
            return role, match.end()
    return EVENT, end


def _resolve(found: dict[str, str], published: date | None, year_in_force: int | None, *, coming: bool) -> tuple[str | None, str]:
    number = {name: int(value) for name, value in found.items() if value.isdigit()}
    if "first" in found:
        return interval(found["first"], found["last"]), STATED
    for y, m, d in (("y", "m", "d"), ("iy", "im", "id")):
        if y in found:
            return format_date(number[y], number[m], number[d]), STATED
    if "ym_year" in found:
        return format_date(number["ym_year"], number["ym_month"]), STATED
    if "short_year" in found:
        half = {"half": found["short_half"]} if "short_half" in found else {}
        return _within(CENTURY + number["short_year"], half, {}), STATED
    if "year" in found:
        return _within(number["year"], found, number), STATED
    if "same_year" in found:
        year = year_in_force or (published and published.year)
        year = year and year + DATE["same_year"][found["same_year"]]
        return (format_date(year, number.get("same_month"), number.get("same_day")) if year else None), RELATIVE
    if published is None:
        return None, RELATIVE
    if "ago" in found:
        count = number.get("ago") or DATE["native"][found["ago"]]
        return _ago(count if found["ago_side"] == "전" else -count, found["ago_unit"], published, year_in_force), RELATIVE
    if "relative_week" in found:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=DATE["week"][found["relative_week"]])
        return f"{monday}/{monday + timedelta(days=6)}", RELATIVE
    if "relative_day_word" in found:
        days = DATE["day"][found["relative_day_word"]]
        return (published + timedelta(days=days)).isoformat(), RELATIVE
    if "relative_year" in found:
        return _within(published.year + _YEARS[found["relative_year"]], found, number), RELATIVE
    if "relative_month" in found:
        months = published.year * 12 + published.month - 1 + _MONTHS[found["relative_month"]]
        return format_date(months // 12, months % 12 + 1, number.get("relative_day")), RELATIVE
    month = number.get("bare_month") or number.get("month")
    if month:
        year = published.year + (month < published.month) if coming else published.year - (month > published.month)
        year = year_in_force if year_in_force and "bare_month" in found and not coming else year
        return format_date(year, month, number.get("bare_month_day") or number.get("day")), RELATIVE
    if "bare_day" in found:
        day = number["bare_day"]
        months = published.year * 12 + published.month - 1
        step = 1 if coming else -1
        months += step * (day < published.day if coming else day > published.day)
        while day > monthrange(months // 12, months % 12 + 1)[1] and day <= _LONGEST_MONTH:  # the last month, or the next, that has the day
            months += step
        return format_date(months // 12, months % 12 + 1, day), RELATIVE
    part = {name.removeprefix("bare_"): value for name, value in found.items()}
    numbers = {name.removeprefix("bare_"): value for name, value in number.items()}
    year = year_in_force if year_in_force and year_in_force <= published.year else published.year
    within = _within(year, part, numbers)
    begun = coming or within.partition("/")[0] <= format_date(published.year, published.month)
    return (within if begun else _within(year - 1, part, numbers)), RELATIVE


def _beside(day: str | None, word: str) -> str | None:
    """The day that a word such as 이날 or 전날 means after another day."""
    return day and (date.fromisoformat(day) + timedelta(days=DATE["same_day"][word])).isoformat()


def _ago(count: int, unit: str, published: date, year_in_force: int | None) -> str:
    """EDTF of so many years, months, weeks or days before (after where negative): years count from the one spoken of."""
    if unit in ("년", "해"):
        return format_date((year_in_force or published.year) - count)
    if unit in ("달", "개월"):
        months = published.year * 12 + published.month - 1 - count
        return format_date(months // 12, months % 12 + 1)
    day = published - timedelta(days=count * (7 if unit == "주" else 1))
    return format_date(day.year, day.month) if unit == "주" else day.isoformat()


def _within(year: int, found: dict[str, str], number: dict[str, int]) -> str:
    """EDTF of a month, half or quarter of a year, or of the year."""
    if "month" in found:
        return format_date(year, number["month"], number.get("day"))
    if "from_month" in found:
        return interval(format_date(year, number["from_month"]), format_date(year, number["to_month"]))
    if "half" in found:
        first, last = _HALVES[found["half"]]
    elif "quarter" in found:
        first, last = 3 * number["quarter"] - 2, 3 * number["quarter"]
    elif "rough" in found:
        first = last = _ROUGH[found["rough"]]
    else:
        return format_date(year)
    return interval(format_date(year, first), format_date(year, last))

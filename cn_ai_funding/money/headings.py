"""Tables whose unit stands above them or at the head of a column: (단위: 억 위안), 투자액(억 위안).

Takes a folded text, gives an `Amount` for each cell that such a heading gives a value. A row is a line of cells between
bars or tabs, or a label with one number behind it. Nothing is read from a table of any other layout; its heading is
given back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile

from .amount import Amount
from .amounts import name_of
from .currencies import code_of
from .mention import Span
from .numerals import UNIT, Numeral, read_numeral
from .vocabulary import MINOR, NAME, SCALE, SPACE, TABLE, any_of

LONGEST_LINE = 400
"""Code points of a line of a table."""
LONGEST_LABEL = 40
"""Code points of a line that ends in a unit and is the heading of what stands below it."""
_SCALE = f"[{UNIT}]{{1,3}}|(?i:{any_of(word for word in SCALE if word.isascii() and len(word) > 1)})"
_WORDS = r"[^\s0-9()\[\],:|%](?:[^\n0-9()\[\],:|%]{0,24}[^\s0-9()\[\],:|%])??"
_UNIT = (
    f"(?:(?P<sign>{_WORDS}){SPACE}(?P<after>{_SCALE})|(?P<scale>(?:{_SCALE})?){SPACE}(?P<name>{_WORDS}))"
    f"(?={SPACE}(?:[()\\[\\],:|%>\\n]|\\Z))"
)
_ABOVE = re.compile(rf"{any_of(TABLE['heading'])}{SPACE}[:=]?{SPACE}{_UNIT}(?P<more>[^\n)\]>]*)")
_IN_BRACKETS = re.compile(rf"\({SPACE}{_UNIT}{SPACE}\)")
_AT_END = re.compile(rf"{_IN_BRACKETS.pattern}{SPACE}\Z")
_ANY_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(
    r"(?P<minus>[-△▲])?(?P<open>\()?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?!0[0-9])[0-9]+(?:\.[0-9]+)?)(?(open)\))"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_OTHER = re.compile(any_of(TABLE["other"]))
_RULE = re.compile(r"[ |:+=-]*")
_SIGNS_OF_HEADINGS = (*TABLE["heading"], ")\n")
_NO_HEADER = re.compile("[0-9.!?]")
_LABELLED = re.compile(
    rf"(?P<label>.{{0,{LONGEST_LABEL}}}[^0-9 .,|:△▲(-])(?<![0-9][{UNIT}])[ :]+"
    rf"(?P<number>[-△▲]?\(?[0-9][0-9,.]*\)?){SPACE}"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What the numbers under a heading count: so many units of a currency."""

    factor: Decimal
    name: str
    currency: str | None
    span: Span


@dataclass(slots=True)
class Tables:
    """The cells that headings give a value, and the headings of tables that are not understood."""

    amounts: list[Amount] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)


def headings(text: str, raw: str) -> list[int]:
    """Where a text may have a heading with a unit: the offsets of 단위, and of a bracket that holds only a unit."""
    found = (
        [match.start() for match in _IN_BRACKETS.finditer(text) if _unit(text, match)]
        if "|" in text or "\t" in raw
        else []
    )
    for word in _SIGNS_OF_HEADINGS:
        if word in text:
            places = (match.start() for match in re.finditer(re.escape(word), text))
            found += [at for at in places if word != ")\n" or _AT_END.search(text, max(0, at - LONGEST_LABEL), at + 1)]
    return sorted(found)


def read_tables(text: str, raw: str, at: list[int]) -> Tables:
    """What stands in the tables of a text whose headings may be `at` some offsets.

    `raw` is the text before folding, which tells tabs from spaces, where offsets are the same.
    """
    tables = Tables()
    read_until = -1
    for offset in at:
        start, end = _line(text, offset)
        if start < read_until or end - start > LONGEST_LINE:
            continue
        read_until = end
        found = _read_table(text, raw, start, end)
        if found:
            tables.amounts += found
            read_until = found[-1].end
        elif heading := _ABOVE.search(text, start, end):
            tables.unread.append(heading.span())
    return tables


def _line(text: str, offset: int) -> Span:
    end = text.find("\n", offset, offset + LONGEST_LINE + 1)
    start = text.rfind("\n", max(0, offset - LONGEST_LINE - 1), offset) + 1
    return max(start, offset - LONGEST_LINE - 1), end if end >= 0 else min(len(text), offset + LONGEST_LINE + 1)


def _read_table(text: str, raw: str, start: int, end: int) -> list[Amount]:
    """The cells of the table whose heading is one line."""
    unit = _unit(text, _ABOVE.search(text, start, end))
    cells = _cells(text, raw, start, end)
    columns = [_unit(text, _IN_BRACKETS.search(text, *cell)) for cell in cells] if len(cells) > 1 and not unit else []
    if not unit and len(cells) == 1 and end - start <= LONGEST_LABEL:
        unit = _unit(text, _AT_END.search(text, start, end))
    if not unit and not any(columns):
        return []
    rows = [cells for line in _block(text, end + 1) if (cells := _cells(text, raw, *line))]
    if any(columns) or (rows and len(rows[0]) > 1):
        return list(_read_grid(text, rows, columns, unit))
    return list(_read_list(text, rows, unit))


def _block(text: str, start: int) -> Iterator[Span]:
    """The lines of a table from an offset on: up to the next empty one, another one than the first."""
    first = True
    while start < len(text):
        end = text.find("\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            end = len(text)
        if end - start > LONGEST_LINE or (end == start and not first):
            return
        if not _RULE.fullmatch(text, start, end):
            yield start, end
        start, first = end + 1, False


def _cells(text: str, raw: str, start: int, end: int) -> list[Span]:
    """The cells of a line between its bars or its tabs, without the period after the last.

    Of another line there is one.
    """
    end = start + len(text[start:end].rstrip(" ."))
    parts = "|" if text.find("|", start, end) >= 0 else "\t"
    cells = [match.span() for match in re.compile(f"[^{parts}]+").finditer(raw if parts == "\t" else text, start, end)]
    trimmed = [_trimmed(text, *cell) for cell in cells]
    return [cell for i, cell in enumerate(trimmed) if cell[0] < cell[1] or 0 < i < len(trimmed) - 1]


def _trimmed(text: str, start: int, end: int) -> Span:
    cell = text[start:end]
    return start + len(cell) - len(cell.lstrip()), max(
        start + len(cell) - len(cell.lstrip()), end - len(cell) + len(cell.rstrip())
    )


def _unit(text: str, heading: re.Match[str] | None) -> Unit | None:
    """The unit that a heading gives, unless it gives several."""
    name = name_of(heading["name"] or heading["sign"]) if heading else None
    if heading is None or name is None or name in MINOR or heading.groupdict().get("more", "").strip():
        return None
    factor = read_numeral("1" + (heading["scale"] or heading["after"] or ""))
    return (
        Unit(factor.low, name, code_of(text, name, NAME[name], *heading.span())[0], heading.span()) if factor else None
    )


def _read_grid(text: str, rows: list[list[Span]], columns: list[Unit | None], unit: Unit | None) -> Iterator[Amount]:
    """The cells of rows as long as their header, but for the first column, which says what they are about."""
    if not any(columns):
        header = rows[0]
        if any(_number(text, cell) for cell in header[1:]):
            columns = [unit] * len(header)
        else:
            columns = [_unit(text, _IN_BRACKETS.search(text, *cell)) or _inherited(text, cell, unit) for cell in header]
            rows = rows[1:]
    for row in takewhile(lambda row: len(row) == len(columns), rows):
        if not _OTHER.search(text, *row[0]):
            for cell, counted in zip(row[1:], columns[1:], strict=True):
                if counted and (number := _number(text, cell)):
                    yield _amount(number, counted)


def _inherited(text: str, header: Span, unit: Unit | None) -> Unit | None:
    """The unit of the whole table, where the head of a column says nothing else."""
    return None if _OTHER.search(text, *header) or _ANY_BRACKETS.search(text, *header) else unit


def _read_list(text: str, rows: list[list[Span]], unit: Unit | None) -> Iterator[Amount]:
    """The numbers at the end of lines that begin with a label; the first line may be a heading without one."""
    for i, row in enumerate(rows if unit else []):
        line = _LABELLED.fullmatch(text, *row[0]) if len(row) == 1 else None
        if line is None:
            if i or _NO_HEADER.search(text, row[0][0], row[0][1] + 1):
                return
        elif unit and (number := _number(text, line.span("number"))) and not _OTHER.search(line["label"]):
            yield _amount(number, unit)


def _number(text: str, cell: Span) -> re.Match[str] | None:
    """The number that a cell holds, and nothing else; none where it may be a year."""
    number = _NUMBER.fullmatch(text, *cell)
    return number if number and not _YEAR.fullmatch(number["digits"]) else None


def _amount(number: re.Match[str], unit: Unit) -> Amount:
    value = read_numeral(number["digits"])
    counted = value.times(unit.factor) if value else None
    if counted and (number["minus"] or number["open"]):
        counted = Numeral(-counted.high, -counted.low)
    return Amount(*number.span(), number.group(), counted, unit.name, unit.currency, True, (unit.span,))

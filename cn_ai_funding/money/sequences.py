"""Amounts that belong together: ranges, lists that share a currency, units with their hundredths.

Takes the amounts of a text in order, gives them joined: 1~2억 달러 and 300억에서 500억 유로 are one amount each, 각각
1억, 2억 위안 two of one currency, 64달러 45센트 one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from .amount import Amount
from .amounts import ENDS_WORD
from .cues import cue_before
from .numerals import ANY, ARABIC_DIGIT, UNIT, Numeral, largest_unit, read_numeral, unit_of_first_digits
from .preceding import DIGITS_AND_UNITS, GLUE
from .vocabulary import MINOR, SEQUENCE, SPACE, any_of

LONGEST_JOINT = 12
"""Code points that may stand between two amounts of one sequence."""
LONGEST_LIST = 60
"""Code points before an amount in which the numbers that share its unit are looked for."""

_BOUND = f"(?:{any_of(SEQUENCE['bound'])}{SPACE})?"
_DASH = f"{SPACE}[~-]{SPACE}{_BOUND}"
_TO = f"(?:{_DASH}|{SPACE}{any_of(SEQUENCE['to'])} {_BOUND})"
_RANGE = re.compile(_TO)
_SPACES = re.compile(SPACE)
_LIST = re.compile(f"(?:,|{SPACE}[·/]|{any_of(SEQUENCE['and'])}(?= )|,?{SPACE}{any_of(SEQUENCE['or'])}(?= ))?{SPACE}")
_WITHIN_WORD = f"{SPACE}{any_of(SEQUENCE['within'])}"
_CHANGE = re.compile(f"(?:{_WITHIN_WORD})?(?:(?<=까지)|까지|으?로) ?(?:[가-힣]+ )?{any_of(SEQUENCE['change'])}")
_WITHIN = re.compile(_WITHIN_WORD)
_GLUED = re.compile(f"(?![ ]*[·/,]){GLUE}")
_NUMERAL = f"(?P<numeral>{ANY})"
_LOW = re.compile(rf"(?<![0-9A-Za-z.,/-]){_NUMERAL}(?P<to>{_TO})\Z", re.DOTALL)
_HIGH = re.compile(f"{_DASH}{_NUMERAL}(?<=[{ARABIC_DIGIT}{UNIT}A-Za-z]){ENDS_WORD.pattern}", re.DOTALL)
_EACH = re.compile(
    rf"{any_of(SEQUENCE['each'])} "
    rf"(?P<numbers>(?:[{ARABIC_DIGIT}][{ARABIC_DIGIT}.]*+(?:, ?|[·/]|{any_of(SEQUENCE['and'])} ))+)\Z"
)
_EACH_BEFORE = re.compile(rf"{any_of(SEQUENCE['each'])} \Z")
_PAIR = re.compile(rf"(?<![{ARABIC_DIGIT},.~-])(?<!, )(?P<digit>[{ARABIC_DIGIT}]), \Z")  # 7, 8억: 7억 or 8억
_NUMBER = re.compile(f"[{ARABIC_DIGIT}][{ARABIC_DIGIT}.]*")
_JOINT_ENDS = {*"~-,·/", *(word[-1] for table in ("to", "and", "bound") for word in SEQUENCE[table])}


def join(text: str, amounts: Iterable[Amount]) -> Iterator[Amount]:
    """The amounts, in order, those that belong together joined, each of a list with the currency that it shares."""
    found = list(amounts)
    _share_currencies(text, found)
    last: Amount | None = None
    for amount, following in pairwise([*found, None]):
        if amount is None:
            continue
        if (
            last
            and text[last.end - 1] in DIGITS_AND_UNITS
            and text[amount.start] in DIGITS_AND_UNITS
            and _GLUED.fullmatch(text, last.end, amount.start)
        ):
            last = replace(amount, start=last.start, value=None)  # 3억[1] 5000만: not clear whether it is one number
            continue
        joined = (
            last
            and amount.start - last.end <= LONGEST_JOINT
            and (_with_minor_unit(text, last, amount) or _as_range(text, last, amount))
        )
        if joined:
            last = joined
            continue
        since, until = last.end if last else 0, following.start if following else len(text)
        if last:
            yield last
        *listed, last = _with_numbers_around(text, since, amount, until)
        yield from listed
    if last:
        yield last


def _share_currencies(text: str, amounts: list[Amount]) -> None:
    """Give an amount without a currency that of the next one, where the two are of one list or range."""
    for amount, following in reversed(list(pairwise(amounts))):
        if not amount.name and following.name and following.start - amount.end <= LONGEST_JOINT:
            listed = _LIST.fullmatch(text, amount.end, following.start) and (
                text[amount.end] != "," or not _stands_alone(text, amount)
            )
            if listed or _RANGE.fullmatch(text, amount.end, following.start):
                amount.name, amount.currency, amount.inferred = following.name, following.currency, following.inferred
                amount.shared, amount.evidence = True, (*amount.evidence, (amount.end, following.end))


def _stands_alone(text: str, amount: Amount) -> bool:
    """Whether a word of its own, and no 각각, makes an amount before a comma money (매출 1조, 3억 달러 …)."""
    each = _EACH_BEFORE.search(text, max(0, amount.start - LONGEST_JOINT), amount.start)
    return each is None and cue_before(text, amount.start) is not None


def _with_minor_unit(text: str, amount: Amount, minor: Amount) -> Amount | None:
    """64달러 45센트 as one amount."""
    unit = MINOR.get(minor.name)
    if unit is None or amount.name in MINOR or not amount.name or not _SPACES.fullmatch(text, amount.end, minor.start):
        return None
    if amount.value is None or minor.value is None or unit.get("of", amount.currency) != amount.currency:
        return None
    value = Numeral(amount.value.low + minor.value.low, amount.value.high + minor.value.high)
    return replace(amount, end=minor.end, value=value)


def _as_range(text: str, low: Amount, high: Amount) -> Amount | None:
    """10억~20억 달러 or 10달러에서 20달러 as one amount; not 10억에서 20억 달러로 늘었다."""
    if (
        low.several
        or high.several
        or not _RANGE.fullmatch(text, low.end, high.start)
        or (low.name and high.name and low.currency != high.currency)
    ):
        return None
    value = _range(low.numeral, low.value, high.numeral, high.value)
    dashed = text[low.end : high.start].strip()[:1] in ("~", "-")
    within = None
    if not dashed:
        if changed := _CHANGE.match(text, high.end):
            high.evidence += ((high.end, changed.end()),)
            return None
        within = _WITHIN.match(text, high.end)
        if value is None or (low.name and high.name and not low.shared and not high.shared and not within):
            return None
    known = high if high.name else low
    evidence = (*known.evidence, within.span()) if within else known.evidence
    return replace(known, start=low.start, end=high.end, value=value, several=True, evidence=evidence)


def _with_numbers_around(text: str, since: int, amount: Amount, until: int) -> list[Amount]:
    """The amount, with the bare number that begins or ends its range; before it, the numbers of its list."""
    before = text[max(since, amount.start - 2) : amount.start].rstrip()[-1:]
    if before and before in _JOINT_ENDS:
        if found := _LOW.search(text, max(since, amount.start - LONGEST_LIST), amount.start):
            low, numeral = read_numeral(found["numeral"]), found["numeral"]
            value = _range(numeral, low, amount.numeral, amount.value)
            unlike = (
                value and low and value.low == low.low and largest_unit(numeral) == 1 < largest_unit(amount.numeral)
            )  # 2020-3억
            if found["to"].strip()[:1] == "~" or (value and not unlike):
                return [replace(amount, start=found.start(), value=value, several=True, touched=None)]
            if text[found.end() - 1] == "-" and found["to"] == "-":  # 2020-3억
                return [replace(amount, start=found.start(), value=None)]
        if found := _EACH.search(text, max(since, amount.start - LONGEST_LIST), amount.start):
            each = replace(amount, touched=None, evidence=(*amount.evidence, (found.start(), amount.end)))
            return [*_listed(text, found.span("numbers"), each), each]
        if not amount.numeral[1:2].isdigit() and (
            found := _PAIR.search(text, max(since, amount.start - LONGEST_JOINT), amount.start)
        ):
            numeral = found["digit"] + "," + amount.numeral
            if value := read_numeral(numeral):
                return [replace(amount, start=found.start(), numeral=numeral, value=value, touched=None)]
    elif text[amount.end - 1 : amount.end].isdigit() and (found := _HIGH.match(text, amount.end, until)):
        value = _range(amount.numeral, amount.value, found["numeral"], read_numeral(found["numeral"]))
        if value is not None:
            return [replace(amount, end=found.end(), value=value, several=True)]
    if amount.touched is not None:
        return [replace(amount, start=max(since, amount.touched), value=None)]
    return [amount]


def _listed(text: str, span: tuple[int, int], last: Amount) -> Iterator[Amount]:
    """The numbers of a list, which count what the last one counts: 각각 3, 5억 위안."""
    unit = unit_of_first_digits(last.numeral, last.value.low) if last.value else Decimal(1)
    for match in _NUMBER.finditer(text, *span):
        start, end = match.span()
        if number := read_numeral(match.group().rstrip(".")):
            yield replace(
                last, start=start, end=end, numeral=match.group(), value=number.times(unit), evidence=last.evidence
            )


def _range(low_numeral: str, low: Numeral | None, high_numeral: str, high: Numeral | None) -> Numeral | None:
    """Both ends of a range; a first number without 만 억 조 shares that of the second (1~2억, 수십~수백억)."""
    if low is None or high is None:
        return None
    if largest_unit(low_numeral) == 1:
        shared = low.times(
            largest_unit(high_numeral) if low_numeral[-1] in UNIT else unit_of_first_digits(high_numeral, high.low)
        )
        low = shared if shared.low <= high.high else low
    elif largest_unit(high_numeral) == 1 and high.high < low.low:  # 3만1000~2000원
        rest = low.low % largest_unit(low_numeral)
        high = Numeral(low.low - rest + high.low, low.low - rest + high.high, high.indefinite)
    return Numeral(low.low, high.high, low.indefinite or high.indefinite) if low.low <= high.high else None

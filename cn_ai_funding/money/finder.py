"""Where a text names money, how much, and how exactly: `find_money`.

In goes any string, out come its mentions in order. Pure: no I/O, no clock. What a figure is about is the next room's.
"""

import re
from decimal import Decimal

from . import mention as q
from .mention import MoneyMention, Span
from .numerals import (
    HANGUL_NUMERAL,
    LARGE_NUMERAL,
    NUMERAL,
    VAGUE_NUMERAL,
    largest_unit,
    read_numeral,
    read_vague_numeral,
    trailing_zeros,
    unit_of_first_digits,
)
from .vocabulary import (
    ADVERB,
    AFTER,
    BEFORE,
    COUNTED,
    COUNTER,
    COUNTER_APART,
    CUE,
    FOLD,
    NAME,
    NO_NUMERAL,
    NOT_BEFORE,
    NOT_BEFORE_PLAIN,
    OVER,
    PARTICLE,
    SHORT_NAME,
    SIGN,
    TRANSPARENT,
    any_of,
)

HOME_CURRENCY = "KRW"
"""What a bare 억 or 조 is in a Korean text."""
REACH = 24
"""Code points before and after a mention in which its qualifiers and cues are looked for."""

_BOUNDS = {word: qualifier for qualifier, words in AFTER.items() for word in words}
_WORD_END = f"(?![가-힣A-Za-z0-9])|(?={any_of([*PARTICLE, *_BOUNDS])})"


def _name(name: str) -> str:
    if name in SHORT_NAME or name.isascii():
        return f"{any_of([name])}(?:{_WORD_END})"
    pattern = any_of([name])
    if name in NOT_BEFORE:
        pattern += f"(?![{NOT_BEFORE[name]}])"
    if name in NOT_BEFORE_PLAIN:
        pattern += f"(?!(?:(?<=[0-9]{name})|(?<=[0-9] {name}))[{NOT_BEFORE_PLAIN[name]}])"
    return pattern


_NAME = f"(?: ?(?:{'|'.join(_name(name) for name in sorted(NAME, key=len, reverse=True))}))"
_SIGN = f"(?:(?<![A-Za-z가-힣]){any_of(SIGN)} ?)"
_ALONE = "(?<![0-9A-Za-z\u200b-\u200f\u2060-\u2064\u2460-\u24ff\ufeff])(?<![0-9][.,])(?<!(?<![가-힣])제)(?<!(?<![가-힣])제 )"
_NUMBER = f"(?:{_ALONE}(?:(?=[0-9])|(?<![가-힣])(?={HANGUL_NUMERAL})(?!{any_of(NO_NUMERAL)})){NUMERAL})"
_VAGUE = f"(?:{_ALONE}(?<![가-힣])(?!조원(?!대)){VAGUE_NUMERAL})"
_BARE = f"(?:{_ALONE}(?:(?=[0-9])|(?<![가-힣])){LARGE_NUMERAL})"
_COUNTER = f"(?: ?{any_of(COUNTER)}| {any_of(COUNTER_APART)})(?:{_WORD_END})"
_JOIN = r"(?: ?[~-] ?|에서 | 내지 )"

_GRAMMAR = re.compile(
    f"(?P<sign>{_SIGN})?(?P<low>{_NUMBER})(?:(?P<lowname>{_NAME}) ?[~-] ?|{_JOIN})(?:{_SIGN})?(?P<high>{_NUMBER})(?P<highname>{_NAME})"
    f"|(?P<numbersign>{_SIGN})?(?P<number>{_NUMBER})(?P<name>{_NAME})"
    f"|(?P<onlysign>{_SIGN})(?P<signed>{_NUMBER})(?! ?[A-Za-z])"
    f"|(?P<vaguesign>{_SIGN})?(?P<vague>{_VAGUE})(?P<vaguename>{_NAME})"
    f"|(?P<barelow>{_NUMBER})[~-](?P<barehigh>{_BARE})(?!{_COUNTER}|{_NAME})"
    f"|(?P<bare>{_BARE})(?!{_COUNTER})"
)

_BETWEEN = rf"(?: ?{any_of(TRANSPARENT)}[가-힣]? ?)*"
_BEFORE = {qualifier: re.compile(rf"(?<![가-힣])(?P<word>{any_of(words)})[은는]? ?{_BETWEEN}$") for qualifier, words in BEFORE.items()}
_RESTATED = r"(?: ?\([^()\n]{0,60}\))?"
_AFTER = re.compile(rf"{_RESTATED}{any_of(PARTICLE)}?(?: ?규모)?{any_of(PARTICLE)}? ?(?:{any_of(ADVERB)} )?(?P<word>{any_of(_BOUNDS)})")
_COUNTED_BEFORE = re.compile(rf"{any_of(COUNTED)}[가-힣]?(?:\([^()]{{1,10}}\)[가-힣]?)? ?$")
_CUE_BEFORE = re.compile(rf"{any_of(CUE)}\S{{0,4}}(?: \S{{1,8}})?[ ‘'\"“(]*$")
_CUE_AFTER = re.compile(rf"\S{{0,3}} (?:\S{{1,6}} )?{any_of(CUE)}|{any_of(CUE)}")


def find_money(text: str) -> list[MoneyMention]:
    """Every amount of money that a Korean text names, in order, none overlapping.

    Offsets count code points of `text`, amounts are whole units of an ISO 4217 currency. Any string is read; none
    raises. See `MoneyMention` for the fields.

    >>> [m.amount for m in find_money("13억 위안(2149억원)")]
    [Decimal('1300000000'), Decimal('214900000000')]
    """
    folded = text.translate(FOLD)
    mentions = (_read(text, folded, match) for match in _GRAMMAR.finditer(folded))
    return [mention for mention in mentions if mention is not None]


def _read(text: str, folded: str, match: re.Match[str]) -> MoneyMention | None:
    found = {group: value for group, value in match.groupdict().items() if value is not None}
    start, end = match.span()
    cues: tuple[Span, ...] = ()
    inferred = "bare" in found or "barelow" in found
    if inferred:
        cues = _money_cue(folded, start, end)
        if not cues:
            return None
    elif found.get("number") == "만" and not _AFTER.match(folded, end):
        return None  # 만원 is a full house as often as 10,000 won
    currency = HOME_CURRENCY if inferred else _currency(found)
    low, high = found.get("low") or found.get("barelow"), found.get("high") or found.get("barehigh")
    evidence: tuple[Span, ...] = cues
    amount: Decimal | None = None
    bounds: tuple[Decimal | None, Decimal | None] = (None, None)
    if low and high:
        bounds = _range(low, high)
        qualifier = q.RANGE if bounds != (None, None) else q.UNREADABLE
    elif "vague" in found:
        qualifier, bounds = q.INDEFINITE, read_vague_numeral(found["vague"])
    else:
        numeral = found.get("number") or found.get("signed") or found["bare"]
        amount = read_numeral(numeral)
        qualifier, bounds, spans = _qualify(folded, start, end, amount, over=any(word in numeral for word in OVER))
        evidence += spans
    return MoneyMention(start, end, text[start:end], amount, *bounds, currency, inferred, qualifier, evidence)


def _currency(found: dict[str, str]) -> str | None:
    name = found.get("highname") or found.get("name") or found.get("vaguename")
    if name:
        return _CODES[name.replace(" ", "")]
    return _CODES[found["onlysign"].replace(" ", "")]


_CODES = {word.replace(" ", "").translate(FOLD): code for word, code in (SIGN | NAME).items()}


def _range(low: str, high: str) -> tuple[Decimal | None, Decimal | None]:
    """Both ends of a range; a first number without a unit shares the second one's (1~2억)."""
    first, last = read_numeral(low), read_numeral(high)
    if first is not None and last is not None and first < last and largest_unit(low) == 1:
        shared = unit_of_first_digits(high, last)
        first *= shared if first * shared <= last else 1
    return (first, last) if first is not None and last is not None and first <= last else (None, None)


def _qualify(folded: str, start: int, end: int, amount: Decimal | None, *, over: bool) -> tuple[str, tuple[Decimal | None, Decimal | None], tuple[Span, ...]]:
    """The qualifier of one amount, its bounds, and the words that say so. What follows a number binds it closest."""
    if amount is None:
        return q.UNREADABLE, (None, None), ()
    words: list[tuple[str, Span]] = [(q.MORE_THAN, (start, end))] if over else []
    after = _AFTER.match(folded, end)
    if after:
        words.append((_BOUNDS[after["word"]], (end, after.end("word"))))
    before = folded[max(0, start - REACH) : start]
    for qualifier, pattern in _BEFORE.items():
        if found := pattern.search(before):
            offset = start - len(before)
            words.append((qualifier, (offset + found.start("word"), start)))
    if not words:
        return q.EXACT, (amount, amount), ()
    qualifier, span = words[0]
    evidence = () if span == (start, end) else (span,)
    match qualifier:
        case "level":
            return q.ABOUT, (amount, amount + Decimal(10) ** trailing_zeros(amount)), evidence
        case q.AT_LEAST | q.MORE_THAN:
            return qualifier, (amount, None), evidence
        case q.AT_MOST | q.LESS_THAN:
            return qualifier, (None, amount), evidence
    return qualifier, (None, None), evidence


def _money_cue(folded: str, start: int, end: int) -> tuple[Span, ...]:
    """The word near a bare numeral that makes it money, if there is one."""
    head = folded[max(0, start - REACH) : start].rpartition("\n")[2]
    if _COUNTED_BEFORE.search(head):
        return ()
    if found := _CUE_BEFORE.search(head):
        offset = start - len(head)
        return ((offset + found.start(), offset + found.end()),)
    if found := _CUE_AFTER.match(folded, end, end + REACH):
        return (found.span(),)
    return ()

"""Where a text names money, how much, and how exactly: `find_money`.

In goes any string, out come its mentions in order. Pure: no I/O, no clock. What a figure is about is the next room's.

The way through: `amounts` finds numerals with their currency, `sequences` joins ranges and lists, `cues` decide about
numbers without a currency, `qualifiers` say how exactly an amount is meant.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import chain, pairwise

from . import mention as q
from .amounts import Amount, read_amounts
from .cues import money_cue
from .mention import MoneyMention, Span
from .numerals import EXACT
from .qualifiers import qualify
from .sequences import join
from .vocabulary import FOLD, MINOR, OVER, QUALIFIER, SPACE, any_of

HOME_CURRENCY = "KRW"
"""What a bare 억 or 조 is in a Korean text."""

LONGEST_GAP = 24
"""Code points between an amount and the one in brackets that restates it."""

_OPENS_RESTATEMENT = re.compile(rf"[^()\n]{{0,6}}[(]{SPACE}(?:{any_of([*QUALIFIER['transparent'], *QUALIFIER['before']['about']])}{SPACE})*")
_DECOMPOSED = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[가-힣][\u11a8-\u11c2]")
_UNUSUAL = re.compile(f"[\u1100-\u1112\u11a8-\u11c2{re.escape(''.join(map(chr, FOLD)))}]")


def find_money(text: str) -> list[MoneyMention]:
    """Every amount of money that a Korean text names, in order, none overlapping.

    Offsets count code points of `text`, amounts are whole units of an ISO 4217 currency. Any string is read; none
    raises. See `MoneyMention` for the fields.

    >>> [m.amount for m in find_money("13억 위안(2149억원)")]
    [Decimal('1300000000'), Decimal('214900000000')]
    """
    if not _UNUSUAL.search(text):
        return _find(text, text)
    if _DECOMPOSED.search(text):
        return _in_decomposed(text)
    return _find(text, text.translate(FOLD))


def _find(text: str, folded: str) -> list[MoneyMention]:
    with localcontext(EXACT):
        return [_mention(text, folded, amount) for amount in _money(folded, join(folded, read_amounts(folded)))]


def _money(text: str, amounts: Iterable[Amount]) -> Iterator[Amount]:
    """The amounts that are money, those without a currency in the one that the words near them give."""
    before: Amount | None = None
    for amount, following in pairwise(chain(amounts, [None])):
        if amount is None or (amount.name in MINOR and not (amount.currency and MINOR[amount.name].get("alone"))):
            continue
        if not amount.name and not _find_currency(text, before, amount, following):
            continue
        before = amount
        yield amount


def _find_currency(text: str, before: Amount | None, amount: Amount, following: Amount | None) -> bool:
    """Whether a number without a currency is money: as one side of a restatement in brackets, or by a word near it.

    Sets its currency and the evidence.
    """
    evidence: Span | None
    currency: str | None = HOME_CURRENCY
    if before and before.currency != HOME_CURRENCY and _restates(text, before, amount):
        evidence = (before.end, amount.start)
    elif following and following.name and _restates(text, amount, following):
        evidence = (amount.end, following.start)
        currency = None if following.currency == HOME_CURRENCY else HOME_CURRENCY
    else:
        evidence = money_cue(text, amount.start, amount.end)
    if evidence is None:
        return False
    amount.currency, amount.evidence = currency, (*amount.evidence, evidence)
    return True


def _restates(text: str, amount: Amount, other: Amount) -> bool:
    return other.start - amount.end <= LONGEST_GAP and _OPENS_RESTATEMENT.fullmatch(text, amount.end, other.start) is not None


def _mention(text: str, folded: str, amount: Amount) -> MoneyMention:
    start, end, value = amount.start, amount.end, amount.value
    single: Decimal | None = None
    bounds: tuple[Decimal | None, Decimal | None] = (None, None)
    evidence = tuple(span for span in amount.evidence if not start <= span[0] <= span[1] <= end)
    if value is None:
        qualifier = q.UNREADABLE
    elif value.indefinite or amount.several or value.low != value.high:
        qualifier, bounds = q.INDEFINITE if value.indefinite else q.RANGE, (value.low, value.high)
    else:
        single = value.low
        qualifier, bounds, words = qualify(folded, start, end, single, over=OVER in amount.numeral)
        evidence += words
    return MoneyMention(start, end, text[start:end], single, *bounds, amount.currency, amount.inferred, qualifier, evidence)


def _in_decomposed(text: str) -> list[MoneyMention]:
    """The mentions of a text with syllables written letter by letter (NFD, as macOS does), at its own offsets."""
    pieces: list[str] = []
    composed_ends, shifts = [0], [0]
    end = length = 0
    for syllable in _DECOMPOSED.finditer(text):
        composed = unicodedata.normalize("NFC", syllable.group())
        if len(composed) > 1:  # a final consonant after a syllable that has one
            continue
        pieces += text[end : syllable.start()], composed
        length += syllable.start() - end + 1
        end = syllable.end()
        composed_ends.append(length)
        shifts.append(end - length)

    composed_text = "".join([*pieces, text[end:]])

    def original(offset: int) -> int:
        return offset + shifts[bisect_right(composed_ends, offset) - 1]

    def moved(mention: MoneyMention) -> MoneyMention:
        start, end = original(mention.start), original(mention.end)
        return replace(mention, start=start, end=end, text=text[start:end], evidence=tuple((original(a), original(b)) for a, b in mention.evidence))

    return list(map(moved, _find(composed_text, composed_text.translate(FOLD))))

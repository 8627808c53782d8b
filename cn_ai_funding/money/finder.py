"""Where a text names money, how much, and how exactly: `find_money`.

In goes any string, out come its mentions in order. Pure: no I/O, no clock. What a figure is about is the next room's.

The way through: `amounts` finds numerals with their currency, `sequences` joins ranges and lists, `cues` decide about
numbers without a currency, `qualifiers` say how exactly an amount is meant.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from itertools import pairwise

from . import mention as q
from .amount import Amount
from .amounts import LARGE, may_hold_amounts, read_amounts
from .arithmetic import EXACT
from .cues import money_cue, small_cue
from .currencies import by_price
from .folding import Folded, fold
from .headings import Tables, headings, read_tables
from .mention import MoneyMention, Span
from .qualifiers import qualify
from .sequences import join
from .vocabulary import BARE, MINOR, NAME, OPEN_IN_HANJA, OVER, QUALIFIER, QUOTED, SPACE, any_of

HOME_CURRENCY = "KRW"
"""What a bare 억 or 조 is in a Korean text."""

LONGEST_GAP = 24
"""Code points between an amount and the one in brackets that restates it."""

_UNREAD_CURRENCY = re.compile(rf"[ \n]?(?!{any_of(BARE['latin'])}(?![A-Za-z]))[A-Za-z][A-Za-z]+")
"""A Latin word after a bare 억 or 조: what it counts then, no one can tell (3억 USDT)."""
_ALL_HANJA = re.compile("[^0-9０-９가-힣]+")
_OPENS_RESTATEMENT = re.compile(
    rf"[^()\n]{{0,6}}[(]{SPACE}(?:{any_of([*QUALIFIER['transparent'], *QUALIFIER['before']['about']])}{SPACE})*"
)


def find_money(text: str) -> list[MoneyMention]:
    """Every amount of money that a Korean text names, in order, none overlapping.

    Offsets count code points of `text`, amounts are whole units of an ISO 4217 currency. Any string is read; none
    raises. TypeError for what is no string. See `MoneyMention` for the fields.

    >>> [m.amount for m in find_money("13억 위안(2149억원)")]
    [Decimal('1300000000'), Decimal('214900000000')]
    """
    if not isinstance(text, str):
        raise TypeError(f"{text!r:.60} is no text")
    folded = fold(text)
    at = headings(folded.text, text)
    if not at and not may_hold_amounts(folded.text):
        return []
    with localcontext(EXACT):
        amounts = _money(folded.text, join(folded.text, read_amounts(folded.text)))
        cells = _tables(text, folded, at).amounts if at else []
        return [_mention(text, folded, amount) for amount in (_merged([*amounts], cells) if cells else amounts)]


def unread_tables(text: str) -> list[Span]:
    """The headings with a unit (단위: 억 위안) of tables that are not understood; `find_money` leaves their numbers."""
    folded = fold(text)
    with localcontext(EXACT):
        return [folded.span(*span) for span in _tables(text, folded, headings(folded.text, text)).unread]


def _tables(text: str, folded: Folded, at: list[int]) -> Tables:
    return read_tables(folded.text, folded.text if folded.starts else text, at)


def _merged(amounts: list[Amount], cells: list[Amount]) -> list[Amount]:
    """All of them in order; of two that overlap the one that does not need a heading."""
    ends = [amount.end for amount in amounts]
    free = [
        cell for cell in cells if (i := bisect_right(ends, cell.start)) == len(amounts) or amounts[i].start >= cell.end
    ]
    return sorted([*amounts, *free], key=lambda amount: amount.start)


def _money(text: str, amounts: Iterable[Amount]) -> Iterator[Amount]:
    """The amounts that are money, those without a currency in the one that the words near them give."""
    before: Amount | None = None
    amounts = list(amounts)
    _tell_dollars(text, amounts)
    for amount, following in pairwise([*amounts, None]):
        if amount is None or (amount.name in MINOR and not MINOR[amount.name].get("alone")):
            continue
        if not amount.name and not _find_currency(text, before, amount, following):
            continue
        before = amount
        yield amount


def _tell_dollars(text: str, amounts: list[Amount]) -> None:
    """Take a plain dollar near Hong Kong for a US dollar where others are called Hong Kong dollars, or rates say so."""
    doubtful = [i for i, amount in enumerate(amounts) if by_price(amount.name, amount.currency, amount.evidence)]
    if not doubtful:
        return
    told_apart = any(amount.currency == QUOTED["code"] and amount.name != QUOTED["name"] for amount in amounts)
    for i in doubtful:
        amount, following = amounts[i], amounts[i + 1] if i + 1 < len(amounts) else None
        if told_apart or (
            following
            and following.currency == HOME_CURRENCY
            and _restates(text, amount, following)
            and _is_worth_more(amount, following)
        ):
            amount.currency, amount.inferred, amount.evidence = NAME[amount.name], False, ()


def _is_worth_more(amount: Amount, conversion: Amount) -> bool:
    """Whether an amount that is converted to won is no Hong Kong dollar by the rate."""
    if not amount.value or not conversion.value or not amount.value.low:
        return False
    return conversion.value.low / amount.value.low > Decimal(QUOTED["least_won"])


def _find_currency(text: str, before: Amount | None, amount: Amount, following: Amount | None) -> bool:
    """Whether a number without a currency is money: as one side of a restatement in brackets, or by a word near it.

    Sets its currency and the evidence.
    """
    evidence: Span | None
    currency: str | None = HOME_CURRENCY
    small = not any(unit in amount.numeral for unit in LARGE)
    if before and before.currency != HOME_CURRENCY and _restates(text, before, amount):
        evidence = (before.end, amount.start)
    elif following and following.name and _restates(text, amount, following):
        evidence = (amount.end, following.start)
        currency = None if following.currency == HOME_CURRENCY else HOME_CURRENCY
    else:
        evidence = small_cue(text, amount.start, amount.end) if small else money_cue(text, amount.start, amount.end)
    if evidence is None:
        return False
    amount.evidence = (*amount.evidence, evidence)
    if unread := _UNREAD_CURRENCY.match(text, amount.end):
        amount.currency, amount.inferred = None, False
        amount.evidence += (unread.span(),)
    else:
        amount.currency = currency
    return True


def _restates(text: str, amount: Amount, other: Amount) -> bool:
    return (
        other.start - amount.end <= LONGEST_GAP
        and _OPENS_RESTATEMENT.fullmatch(text, amount.end, other.start) is not None
    )


def _mention(text: str, folded: Folded, amount: Amount) -> MoneyMention:
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
        qualifier, bounds, words = qualify(folded.text, start, end, single, over=OVER in amount.numeral)
        evidence += words
        if single < 0 and (
            qualifier != q.EXACT and bounds != (None, None)
        ):  # which way a bound of it goes is not clear
            single, bounds, qualifier = None, (None, None), q.UNREADABLE
    start, end = folded.span(start, end)
    currency = None if amount.name in OPEN_IN_HANJA and _ALL_HANJA.fullmatch(text, start, end) else amount.currency
    evidence = tuple(folded.span(*span) for span in evidence)
    return MoneyMention(start, end, text[start:end], single, *bounds, currency, amount.inferred, qualifier, evidence)

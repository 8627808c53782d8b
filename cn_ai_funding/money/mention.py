"""What `find_money` returns, and the values its qualifier can take."""

from dataclasses import dataclass
from decimal import Decimal

EXACT = "exact"
ABOUT = "about"
AT_LEAST = "at_least"
MORE_THAN = "more_than"
AT_MOST = "at_most"
LESS_THAN = "less_than"
RANGE = "range"
INDEFINITE = "indefinite"
UNREADABLE = "unreadable"
QUALIFIERS = (EXACT, ABOUT, AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, RANGE, INDEFINITE, UNREADABLE)

Span = tuple[int, int]
"""Code points, 0-based, end exclusive: the W3C TextPositionSelector."""
SETS = {
    "exact": (True, True, True),
    "at_least": (True, True, False),
    "more_than": (True, True, False),
    "at_most": (True, False, True),
    "less_than": (True, False, True),
    "range": (False, True, True),
    "indefinite": (False, True, True),
    "unreadable": (False, False, False),
}
"""Which of amount, amount_low and amount_high a qualifier sets; `about` has bounds only with 대."""


@dataclass(frozen=True, slots=True)
class MoneyMention:
    """One amount of money as a text writes it.

    `text` is `source[start:end]`. Amounts are whole units of `currency` (ISO 4217), never millions or 억. Which of
    `amount`, `low` and `high` are set, and whether a bound is itself included, follows from `qualifier`. What the text
    signs as less than nothing (-3억, △3억, 마이너스 3억, (3)억) is below zero: a loss, a decrease, money that flowed
    out.

    ========== ============================ ==============================================
    exact      amount = low = high          as written; 1억 5천 by custom 1억 5000만
    about      amount                       약, 가량, 정도 …; with 대 also low and high (not included)
    at_least   amount = low                 이상, 최소
    more_than  amount = low, not included   넘는, 초과, 돌파, 여, 남짓
    at_most    amount = high                이하, 최대
    less_than  amount = high, not included  미만
    range      low, high                    10억~20억
    indefinite low, high (not included)     수십억, 조 위안: a power of ten, and ten times it
    unreadable none                         digits that are no number (3억40000만, 20억~10억) or not
                                            clearly the whole of one (12 345억, 3/4억)
    ========== ============================ ==============================================

    `currency` is None where the text leaves it open (페소 without a country). `currency_inferred` says that it was told
    by words elsewhere: a bare 억 or 조 near a word for money, a word of several currencies near a country, the heading
    of a table.

    `evidence` holds the spans outside the mention that the reading rests on: qualifiers, the words that make a bare 억
    or 조 money, those that told the currency, the amount of a list that a currency is shared with, the heading of a
    table.
    """

    start: int
    end: int
    text: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    currency_inferred: bool
    qualifier: str
    evidence: tuple[Span, ...] = ()

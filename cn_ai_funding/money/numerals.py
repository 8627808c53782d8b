"""Korean numerals: one pattern and one arithmetic, both made from the same tables.

A numeral is digits (Arabic, Hangul, hanja) and the units 십 백 천 and 만 억 조 경, each part smaller than the unit before
it, with spaces wherever writers put them. The patterns here begin after a first digit or unit, and what stands before
that unit has its own: `amounts` looks for the one character alone, since `re` skips through a text at full speed only
where a pattern begins with one class of them, and Hangul digits are too common to be in it.
"""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from .vocabulary import BIG, DIGIT, ENGLISH, LONE, NATIVE, OVER, POINT, SMALL, SOME, SPACE, any_of

ARABIC_DIGIT = "0-9"
HANGUL_DIGIT = "".join(DIGIT)
UNIT = "".join([*SMALL, *BIG])
SMALL_UNIT = "".join(SMALL)
_REST_OF_ARABIC = f"[{ARABIC_DIGIT}]*+(?:[,.][{ARABIC_DIGIT}]++)*+"
_ATOM = f"(?:[{ARABIC_DIGIT}]{_REST_OF_ARABIC}|[{HANGUL_DIGIT}]{{1,2}}|[{SOME}])"
_OVER = f"(?:{SPACE}{OVER})?"


def _falling(units: list[str], between: str) -> str:
    """Units in falling order, each of which may be missing, with what may stand after each."""
    return "".join(f"(?:{SPACE}{unit}{between})?" for unit in units)


_SMALL, _BIG = list(SMALL), list(BIG)
_NEXT_DIGITS = f"(?:{SPACE}{_ATOM})?"
_NEXT_SECTION = f"{_OVER}(?:{SPACE}(?:{_ATOM}|(?=[{SMALL_UNIT}])){_falling(_SMALL, _NEXT_DIGITS)}{_OVER})?"
_REST_OF_SECTION = [_falling(_SMALL[i:], _NEXT_DIGITS) + _OVER for i in range(len(_SMALL) + 1)]
_BIGGER = [_falling(_BIG[i:], _NEXT_SECTION) for i in range(len(_BIG) + 1)]


_ENGLISH = f"{SPACE}{any_of(ENGLISH)}(?![A-Za-z])"
_UNITS_FOLLOW = f"(?={_OVER}{SPACE}[{UNIT}]){_REST_OF_SECTION[0]}{_BIGGER[0]}"
AFTER_DIGIT = f"{_REST_OF_ARABIC}(?:(?=[ {UNIT}{OVER}A-Za-z])(?:{_UNITS_FOLLOW}|{_ENGLISH}|{_OVER}))?"
"""A numeral after its first digit: 1조6556억, 5.6조, 4천8백80, 1.5 billion."""

_WORD = f"{HANGUL_DIGIT}{SOME}"
AFTER_UNIT = "|".join(
    [
        *(f"(?<={unit}){_NEXT_DIGITS}{_REST_OF_SECTION[i]}{_BIGGER[0]}" for i, unit in enumerate(_SMALL, 1)),
        *(f"(?<=[{_WORD}]{unit}){_NEXT_SECTION}{_BIGGER[i]}" for i, unit in enumerate(_BIG, 1)),
        f"(?<={_BIG[-1]}){_NEXT_SECTION}",
        f"(?<=[{''.join(_BIG[:-1])}])",
    ]
)
"""A numeral without a leading digit after its first unit, what stands before that not counted: of 이천만 after 천."""
STARTS_AT_UNIT = f"(?:(?<=[{_WORD}][{UNIT}])|(?<![가-힣0-9A-Za-z].))"
"""That a unit may be the first of such a numeral: at the beginning of a word, or after its digit."""

_RUN = f"[{_WORD}{UNIT}{POINT}]"
LONGEST_BEFORE = 12
BEFORE_UNIT = re.compile(rf"(?<![가-힣0-9A-Za-z])(?:[{SOME}]{SPACE}|{_RUN}{{1,{LONGEST_BEFORE}}})\Z")
"""What such a numeral begins with: 이 of 이천만, 수 of 수 억."""
ANY = f"(?:[{ARABIC_DIGIT}]{AFTER_DIGIT}|(?<![가-힣0-9A-Za-z]){_RUN}{{1,{LONGEST_BEFORE}}})"
"""Roughly any numeral of digits and units; `read_numeral` decides."""
WITHOUT_UNIT = re.compile(rf"(?<![가-힣0-9A-Za-z])(?P<numeral>{any_of([*NATIVE, *DIGIT, *SOME])}|[{HANGUL_DIGIT}]+{POINT}[{HANGUL_DIGIT}]+){SPACE}\Z")
"""A numeral in words without a unit: 스무, 두세, 일점이삼."""
WITHOUT_UNIT_END = "".join(sorted({word[-1] for word in LONE if LONE[word]} | {word[-1] for word in NATIVE}))

LONGEST = 100
"""Code points of a numeral; whatever is longer counts no money."""
EXACT = Context(prec=2 * LONGEST)
"""The arithmetic of amounts: no sum or product of numerals is rounded."""
_UNITS = SMALL | BIG
_TOKEN = re.compile(f"[0-9.,]+|[{HANGUL_DIGIT}]+(?:{POINT}[{HANGUL_DIGIT}]+)?|[{SOME}]|[{UNIT}]|[A-Za-z]+")
_FIGURES = str.maketrans({**{word: str(value) for word, value in DIGIT.items()}, POINT: "."})
_PAIR = re.compile(f"(?<![0-9,.])[0-9],[0-9](?![0-9,.])|[{HANGUL_DIGIT}]{{2}}")
_WELL_FORMED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?")
_SOME = frozenset(SOME)
_TEN = Decimal(10)
_LEAST_VAGUE = min(unit for unit in BIG.values() if unit > min(BIG.values()))


class Numeral(NamedTuple):
    """What a numeral counts: `low` up to `high`, which are equal where it counts one thing.

    `high` is included (이삼억: 2억 to 3억), but not where the numeral is `indefinite` (수십억: from 10^9 to below 10^10).
    """

    low: Decimal
    high: Decimal
    indefinite: bool = False

    def times(self, unit: Decimal) -> "Numeral":
        return Numeral(_plain(self.low * unit), _plain(self.high * unit), self.indefinite)


def read_numeral(text: str) -> Numeral | None:
    """The value of a numeral, or None where its digits are no number (3억40000만). Exact in the context `EXACT`.

    >>> read_numeral("1조6556억")
    Numeral(low=Decimal('1655600000000'), high=Decimal('1655600000000'), indefinite=False)
    """
    if text in NATIVE:
        low, high = NATIVE[text]
        return Numeral(Decimal(low), Decimal(high))
    tokens = _TOKEN.findall(text)
    if not tokens:
        return None
    indefinite = not _SOME.isdisjoint(text) or BIG.get(tokens[0], 0) >= _LEAST_VAGUE
    least = _sum(tokens, most=False)
    most = _sum(tokens, most=True) if indefinite or _PAIR.search(text) else least
    if least is None or most is None or (indefinite and least == most):
        return None
    return Numeral(_plain(least), _plain(most), indefinite)


def _plain(value: int | Decimal) -> Decimal:
    return Decimal(int(value)) if isinstance(value, int) or value == int(value) else value


def _sum(tokens: list[str], *, most: bool) -> int | Decimal | None:
    """The sum of a numeral's parts, at least or at most; None unless each part is smaller than the unit before it."""
    total: int | Decimal = 0
    section: int | Decimal | None = None  # what the next big unit multiplies
    digits: int | Decimal | None = None  # what the next unit multiplies
    large = small = 0  # the last big unit, and the last small one since
    for token in tokens:
        if unit := _UNITS.get(token) or ENGLISH.get(token):
            if token in SMALL:
                part = (1 if digits is None else digits) * unit
                if small and part >= small and not most:
                    return None
                section, small = (section or 0) + part, unit
            else:
                if digits is not None:
                    section = (section or 0) + digits
                part = (10 if most and unit >= _LEAST_VAGUE else 1) * unit if section is None else section * unit
                if large and part >= large and not most:
                    return None
                total, section, large, small = total + part, None, unit, 0
            digits = None
        else:
            digits = _digits(token, most=most)
            if digits is None or (small and digits >= small and not most):
                return None
    rest = (section or 0) + (digits or 0)
    return None if large and rest >= large and not most else total + rest


def _digits(token: str, *, most: bool) -> int | Decimal | None:
    """The value of digits; where two follow each other (2,3 or 이삼), of the one or the other."""
    if token.isdecimal():
        return int(token)
    if token in SOME:
        return 10 if most else 1
    figures = token.translate(_FIGURES)
    pair = figures.replace(",", "")
    if len(pair) == 2 and (token[0] in DIGIT or "," in token):
        one, other = map(int, pair)
        return (other if most else one) if other == one + 1 else None
    if not _WELL_FORMED.fullmatch(figures):
        return None
    return Decimal(pair) if "." in pair else int(pair)


def trailing_zeros(amount: Decimal) -> int:
    """How many zeros end a number: of 6억 7000만 it is 7, of 1.25 it is -2."""
    exponent = amount.normalize(EXACT).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def unit_of_first_digits(text: str, value: Decimal) -> Decimal:
    """What the first digits of a numeral count: in 3천만 ten millions, in 20억 5000만 억. One end of a range may leave it out."""
    digits = next(iter(_TOKEN.findall(text)), "")
    first = _digits(digits, most=False) if digits[:1].isdigit() else None
    unit = value / Decimal(first) if first else Decimal(0)
    return unit if unit and unit == _TEN ** trailing_zeros(unit) else largest_unit(text)


def largest_unit(text: str) -> Decimal:
    """The largest of 만 억 조 경 in a numeral: of 2억 5000만 it is 10^8, of 20 it is 1."""
    return Decimal(max((BIG[character] for character in text if character in BIG), default=1))

"""Korean numerals: one pattern and one arithmetic, both made from the same tables.

A numeral is digits (Arabic, Hangul, hanja) and the units 십 백 천 and 만 억 조 경, each part smaller than the unit
before it, with spaces wherever writers put them. The patterns take what may be one, `read_numeral` decides.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .arithmetic import trailing_zeros
from .vocabulary import BIG, DIGIT, HALF, NATIVE, OVER, PARTICLE, POINT, SCALE, SMALL, SOME, SPACE, any_of

ARABIC_DIGIT = "0-9"
HANGUL_DIGIT = "".join(DIGIT)
UNIT = "".join([*SMALL, *BIG])
SMALL_UNIT = "".join(SMALL)
BIG_UNIT = "".join(BIG)
WORD = f"{HANGUL_DIGIT}{SOME}"

JOINT = rf"{SPACE}(?:\n{SPACE})?+"
"""What may stand between the parts of a numeral, and before its currency: spaces, and one line break."""
ARABIC = f"[{ARABIC_DIGIT}]++(?:[,.][{ARABIC_DIGIT}]++)*+(?:{POINT}[{ARABIC_DIGIT}]++)?+"
_DIGITS = f"(?:{ARABIC}|[{HANGUL_DIGIT}]++(?:{POINT}[{HANGUL_DIGIT}]++)?+|[{SOME}])"
_OVER = f"(?:{SPACE}{OVER})?+"
_FIRST_UNIT = f"{_OVER}{SPACE}[{UNIT}]"
_NEXT_UNIT = (
    f"(?:{JOINT}{_DIGITS}{_OVER}{SPACE}[{UNIT}]|{SPACE}[{SMALL_UNIT}]|(?<=[{SMALL_UNIT}]){_OVER}{SPACE}[{BIG_UNIT}])"
)
_HALF = f"(?:(?<=[{BIG_UNIT}]){SPACE}{HALF}(?:(?![가-힣A-Za-z0-9])|(?={any_of(PARTICLE)}(?![가-힣]))))"
_MOST_UNITS = len(BIG) * (len(SMALL) + 1)
_REST = f"(?:{_NEXT_UNIT}){{0,{_MOST_UNITS}}}+(?:{_HALF}|(?:{JOINT}{_DIGITS})?+)"
SCALED = f"{JOINT}(?i:{any_of(SCALE)})(?![A-Za-z])"
"""A word for a power of ten after digits: of 1.5 billion the latter."""
AFTER_DIGITS = f"(?:{_FIRST_UNIT}{_REST})?+{_OVER}"
"""What may follow the first digits of a numeral: of 1조6556억 조6556억."""
AFTER_UNIT = f"{_REST}{_OVER}"
"""What may follow the first unit of a numeral: of 천2백억 2백억."""
LONGEST_BEFORE = 12
BEFORE_UNIT = re.compile(rf"(?<![가-힣0-9A-Za-z])(?:[{SOME}]{SPACE}|[{WORD}{POINT}{UNIT}]{{1,{LONGEST_BEFORE}}})\Z")
"""What a numeral begins with before its first unit: 이 of 이천만, 수 of 수 억."""
ANY = f"(?:{ARABIC}{AFTER_DIGITS}(?:{SCALED})?+|(?<![가-힣0-9A-Za-z])[{WORD}{UNIT}{POINT}]{{1,{LONGEST_BEFORE}}})"
"""Roughly any numeral of digits and units."""
WITHOUT_UNIT = re.compile(
    rf"(?<![가-힣0-9A-Za-z])(?P<numeral>{any_of([*NATIVE, *DIGIT, *SOME])}"
    rf"|[{HANGUL_DIGIT}{UNIT}]+{POINT}[{HANGUL_DIGIT}]+|[{HANGUL_DIGIT}{UNIT}]+){SPACE}\Z"
)
"""A numeral in words that ends in none of the units: 스무, 두세, 일점이삼, 이십삼."""

_UNITS = SMALL | BIG
_SCALE_IN_HANGUL = any_of(word for word in SCALE if not word.isascii())
_TOKEN = re.compile(
    f"[0-9.,]+(?:{POINT}[0-9]+)?|[{HANGUL_DIGIT}]+(?:{POINT}[{HANGUL_DIGIT}]+)?|[{SOME}]|[{UNIT}]|{HALF}|[A-Za-z]+|{_SCALE_IN_HANGUL}"
)
_FIGURES = str.maketrans({**{word: str(value) for word, value in DIGIT.items()}, POINT: "."})
_PAIR = re.compile(f"(?<![0-9,.])[0-9],[0-9](?![0-9,.])|[{HANGUL_DIGIT}]{{2}}")
_WELL_FORMED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?")
_PLAIN = re.compile(f"((?!0[0-9])[0-9]{{1,12}})([{BIG_UNIT}]?)")
_SOME = frozenset(SOME)
_TEN = Decimal(10)
_LEAST_VAGUE = min(unit for unit in BIG.values() if unit > min(BIG.values()))
_NEXT_LOWER = dict(zip(BIG.values(), [*list(BIG.values())[1:], 1], strict=True))


class Numeral(NamedTuple):
    """What a numeral counts: `low` up to `high`, which are equal where it counts one thing.

    `high` is included (이삼억: 2억 to 3억), but not where the numeral is `indefinite` (수십억: from 10^9 to below
    10^10).
    """

    low: Decimal
    high: Decimal
    indefinite: bool = False

    def times(self, unit: Decimal) -> "Numeral":
        return Numeral(_plain(self.low * unit), _plain(self.high * unit), self.indefinite)


@lru_cache(maxsize=1024)
def read_numeral(text: str) -> Numeral | None:
    """The value of a numeral, or None where its digits are no number (3억40000만). Exact in the context `EXACT`.

    >>> read_numeral("1조6556억")
    Numeral(low=Decimal('1655600000000'), high=Decimal('1655600000000'), indefinite=False)
    """
    if text in NATIVE:
        low, high = NATIVE[text]
        return Numeral(Decimal(low), Decimal(high))
    if plain := _PLAIN.fullmatch(text):
        value = Decimal(int(plain[1]) * BIG.get(plain[2], 1))
        return Numeral(value, value)
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
        if token == HALF:
            return total + large // 2 if section is None and digits is None else None
        if unit := _UNITS.get(token) or SCALE.get(token.lower()):
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
        elif digits is not None:
            return None
        else:
            digits = _digits(token, most=most)
            if digits is None or (small and digits >= small and not most):
                return None
    if section and not digits and _NEXT_LOWER.get(large, 1) > 1:
        section = _skipped(section, large)
    rest = None if section is None and small else (section or 0) + (digits or 0)
    return None if rest is None or (large and rest >= large and not most) else total + rest


def _skipped(section: int | Decimal, large: int) -> int | Decimal | None:
    """What 천 백 십 count at the end of a numeral, right after 억 or 조: by custom 1억 5천 is 1억 5000만.

    None where custom is not clear: 1억 5백.
    """
    return section * _NEXT_LOWER[large] if section >= max(SMALL.values()) else None


def _digits(token: str, *, most: bool) -> int | Decimal | None:
    """The value of digits; where two follow each other (2,3 or 이삼), of the one or the other."""
    if token.isdecimal():
        return int(token) if token[0] != "0" or len(token) == 1 else None
    if token in SOME:
        return 10 if most else 1
    figures = token.translate(_FIGURES)
    pair = figures.replace(",", "")
    if len(pair) == 2 and (token[0] in DIGIT or "," in token):
        one, other = map(int, pair)
        return (other if most else one) if other == one + 1 else None
    if token[0] in DIGIT and len(figures) > 1 and "." not in figures:
        return None
    if not _WELL_FORMED.fullmatch(figures) or (figures[0] == "0" and figures[1:2].isdigit()):
        return None
    return Decimal(pair) if "." in pair else int(pair)


def unit_of_first_digits(text: str, value: Decimal) -> Decimal:
    """What the first digits of a numeral count: in 3천만 ten millions, in 20억 5000만 억.

    One end of a range may leave it out.
    """
    digits = next(iter(_TOKEN.findall(text)), "")
    first = _digits(digits, most=False) if digits[:1].isdigit() else None
    unit = value / Decimal(first) if first else Decimal(0)
    return unit if unit and unit == _TEN ** trailing_zeros(unit) else largest_unit(text)


def largest_unit(text: str) -> Decimal:
    """The largest of 만 억 조 경 in a numeral: of 2억 5000만 it is 10^8, of 20 it is 1."""
    return Decimal(max((BIG[character] for character in text if character in BIG), default=1))

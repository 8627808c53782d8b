"""Korean numerals: one pattern and one arithmetic, both made from the same tables.

A numeral is digits, Hangul digits and the units 십 백 천, in sections closed by 만 억 조 경 in falling order. Any space may
stand between sections. Values are exact.
"""

import re
from decimal import Context, Decimal, localcontext

from .vocabulary import BIG, DIGIT, OVER, SMALL, SOME, any_of

ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?:\.[0-9]++)?+"
"""Digits with their commas and decimals; possessive, so that no part of a number is taken for one."""
_SPACE = " ?"
_OVER = f"{any_of(OVER)}?"
_ATOM = f"(?:{ARABIC}|{any_of(DIGIT)})"
_STARTS = f"(?=[0-9]|{any_of([*DIGIT, *SMALL])})"
_COEFFICIENT = _STARTS + "".join(f"(?:{_ATOM}?{unit}{_SPACE})?" for unit in SMALL) + f"(?:{_ATOM})?" + _OVER
_SMALLEST = list(BIG)[-1]


def _section(unit: str, *, optional_coefficient: bool) -> str:
    coefficient = f"(?:{_COEFFICIENT})" + ("?" if optional_coefficient else "")
    return f"(?:{coefficient}{_SPACE}{unit}{_OVER}{_SPACE})"


_SECTIONS = [_section(unit, optional_coefficient=unit == _SMALLEST) for unit in BIG]
_FIRST = f"(?=[0-9]|{any_of([*DIGIT, *SMALL, _SMALLEST])})"
NUMERAL = _FIRST + "".join(f"{section}?" for section in _SECTIONS) + f"(?:{_COEFFICIENT})?(?<=[0-9{''.join([*DIGIT, *SMALL, *BIG, *OVER])}])"
"""Pattern of a numeral of any size: 1조6556억, 천970조, 5.6조, 이천칠백."""

HANGUL_NUMERAL = f"{any_of(DIGIT)}?{any_of([*SMALL, *BIG])}"
"""How a numeral begins that no digit begins: 천, 일억. A Hangul digit alone is a syllable of some word (이유로)."""

_LARGE = "|".join(
    section.removesuffix(f"{_SPACE})") + ")" + "".join(f"(?:{_SPACE}{smaller.removesuffix(f'{_SPACE})')}))?" for smaller in _SECTIONS[i + 1 :])
    for i, section in enumerate(_SECTIONS[:-1])
)
LARGE_NUMERAL = f"(?:{_LARGE})"
"""Pattern of a numeral of 억 or more that ends in its unit: 16조3천248억, but of 1조 3분기 only 1조."""

VAGUE_NUMERAL = f"(?:{any_of(SOME)}{_SPACE}{any_of(SMALL)}?{_SPACE}{any_of(BIG)}?(?<=[{''.join([*SMALL, *BIG])}])|{any_of(list(BIG)[:-1])})"
"""Pattern of a numeral that names only a power of ten: 수십억, 몇백만, 조."""

_TOKEN = re.compile(f"(?P<arabic>{ARABIC})|(?P<hangul>{any_of(DIGIT)})|(?P<small>{any_of(SMALL)})|(?P<big>{any_of(BIG)})")
LONGEST = 100
"""Code points of a numeral; whatever is longer counts no money."""
_EXACT = Context(prec=2 * LONGEST)
_SECTION_LIMIT = min(BIG.values())


def read_numeral(text: str) -> Decimal | None:
    """The exact value of a string that `NUMERAL` matched, or None where its digits are no number (3억40000만)."""
    if len(text) > LONGEST:
        return None
    with localcontext(_EXACT):
        return _read(text)


def _read(text: str) -> Decimal | None:
    total = section = Decimal(0)
    pending: Decimal | None = None
    limit: Decimal | None = None
    counted = False
    for token in _TOKEN.finditer(text):
        word, kind = token.group(), token.lastgroup
        counted = counted or kind != "big"
        if kind in ("arabic", "hangul"):
            pending = Decimal(word.replace(",", "")) if kind == "arabic" else Decimal(DIGIT[word])
        elif kind == "small":
            section += (Decimal(1) if pending is None else pending) * SMALL[word]
            pending = None
        else:
            section += pending or 0
            if limit is not None and section >= limit:
                return None
            total += (section if counted else Decimal(1)) * BIG[word]
            section, pending, limit, counted = Decimal(0), None, Decimal(_SECTION_LIMIT), False
    section += pending or 0
    if limit is not None and section >= limit:
        return None
    value = total + section
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def read_vague_numeral(text: str) -> tuple[Decimal, Decimal]:
    """The bounds (low included, high not) of a string that `VAGUE_NUMERAL` matched: 수십억 is 10^9 up to 10^10."""
    power = Decimal(1)
    for character in text:
        power *= SMALL.get(character) or BIG.get(character) or 1
    return power, 10 * power


def trailing_zeros(amount: Decimal) -> int:
    """How many zeros end a number: of 6억 7000만 it is 7, of 1.25 it is -2."""
    exponent = amount.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def unit_of_first_digits(text: str, value: Decimal) -> Decimal:
    """What the first digits of a numeral count: in 3천만 ten millions, in 20억 5000만 억."""
    digits = re.match(ARABIC, text)
    unit = value / Decimal(digits.group().replace(",", "")) if digits else Decimal(0)
    return unit if unit and unit == Decimal(10) ** trailing_zeros(unit) else largest_unit(text)


def largest_unit(text: str) -> Decimal:
    """The largest unit in a numeral: of 2억 5000만 it is 10^8, of 20 it is 1."""
    units = [BIG[character] for character in text if character in BIG]
    return Decimal(max(units, default=1))

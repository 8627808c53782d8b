"""Where a text writes one amount: a numeral with the name or the sign of a currency, or with 억 or 조 alone.

Takes a folded text (vocabulary.FOLD) in composed form (NFC), gives `Amount`s in order. What ranges and lists they form is for `sequences`, whether
a number without a currency is money for `finder`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .currencies import code_of, weighs
from .mention import Span
from .numerals import (
    AFTER_DIGIT,
    AFTER_UNIT,
    ANY,
    ARABIC_DIGIT,
    BEFORE_UNIT,
    HANGUL_DIGIT,
    LONGEST,
    LONGEST_BEFORE,
    SMALL_UNIT,
    STARTS_AT_UNIT,
    UNIT,
    WITHOUT_UNIT,
    WITHOUT_UNIT_END,
    Numeral,
    read_numeral,
)
from .vocabulary import (
    BIG,
    COUNTER,
    COUNTER_APART,
    DOUBTFUL,
    ENDING,
    FINAL,
    HEADING,
    LEVEL_WORD,
    LONE,
    MINOR,
    NAME,
    NEEDS_UNIT,
    NOT_BEFORE,
    OPEN,
    OVER,
    PARTICLE,
    SIGN,
    SOME,
    SPACE,
    WORD_CODE,
    any_of,
    by_first_character,
    canonical,
)


@dataclass(slots=True)
class Amount:
    """One numeral and its currency: `source[start:end]`, the numeral being `source[start:end]` without name and sign."""

    start: int
    end: int
    numeral: str
    value: Numeral | None
    """None where the digits are no number."""
    name: str
    """The currency word as the vocabulary writes it; empty where there is none."""
    currency: str | None
    inferred: bool
    evidence: tuple[Span, ...] = ()
    several: bool = False
    """Whether it is a range rather than one number."""
    shared: bool = False
    """Whether its currency is written beside another amount of its list or range."""


_NAMES = {canonical(name): name for name in NAME}
_SIGNS = {canonical(sign): sign for sign in SIGN}
_LONG_PARTICLE = any_of(particle for particle in PARTICLE if len(particle) > 1)  # 위안부터 is no 위안부
_BLOCKED = "|".join(f"(?<={name})(?!{_LONG_PARTICLE}){any_of(words)}" for name, words in NOT_BEFORE.items())
_NAME = f"(?:{SPACE}{any_of(NAME)}(?!{_BLOCKED})(?!(?<=[A-Z])[A-Za-z0-9]))"
_SIGN_END = re.escape("".join(sorted({sign[-1] for sign in SIGN})))
_LARGE = list(BIG)[:-1]
_LARGE_UNIT = "".join(_LARGE)
_LARGE_ENOUGH = "".join(BIG)  # 1억 3200만 ends in 만

# How a match begins: after its first character, which `_AMOUNT` takes for all of them.
_LED = by_first_character({name for names in LONE.values() for name in names})
_LED_FIRST = "".join(_LED)
_LED_NAME = "|".join(f"(?<={first})(?:{'|'.join(rests)})" for first, rests in _LED.items())
_AFTER_WORDS = f"(?:(?<=[{WITHOUT_UNIT_END}].)|(?<=[{WITHOUT_UNIT_END}] .))"
_NAME_AFTER_WORDS = f"(?P<led>(?<=[{_LED_FIRST}]){_AFTER_WORDS}(?:{_LED_NAME}))"  # 스무 달러, at 달
_SIGN = f"(?:(?<=[{_SIGN_END}])(?P<sign>{SPACE})[{ARABIC_DIGIT}{UNIT}])?"  # US$ 3, at $, or no sign
# Without the two lookbehinds every digit of a long run would begin a number of its own: quadratic time.
_NEW_NUMBER = f"(?<![{ARABIC_DIGIT}].)(?<![{ARABIC_DIGIT}][,.].)"
_IN_DIGITS = f"(?P<arabic>(?<=[{ARABIC_DIGIT}]){_NEW_NUMBER}{AFTER_DIGIT})"
_AFTER_FIRST_UNIT = " 0-9" + OVER + LEVEL_WORD + re.escape("".join(sorted({name[0] for name in NAME}))) + UNIT + HANGUL_DIGIT + SOME
_IN_WORDS = f"(?<=[{UNIT}])(?:(?=[{_AFTER_FIRST_UNIT}])|(?<=[{HANGUL_DIGIT}{SOME}][{_LARGE_UNIT}])){STARTS_AT_UNIT}(?:{AFTER_UNIT})"  # 이천만, at 천

# How it ends: in a currency's name, in digits that break the numeral, after a sign, or in 억 or 조 and no counter.
_NAMED = f"(?P<name>{_NAME})"
_BROKEN = f"(?(arabic)(?P<broken>[{ARABIC_DIGIT}{UNIT}]++)(?P<brokenname>{_NAME})?|(?!))"
_SIGNED = f"(?(sign)(?<=[{ARABIC_DIGIT}{UNIT}{OVER}A-Za-z])(?![A-Za-z])|(?!))"
_IN_WORDS_LARGE = f"(?<=[{ARABIC_DIGIT}{SMALL_UNIT}{SOME}][{_LARGE_UNIT}])|(?<=[{HANGUL_DIGIT}]억)|(?<=[{_LARGE_UNIT}])(?={LEVEL_WORD})"
_ENDS_COUNTER = f"(?:(?![가-힣A-Za-z0-9])|(?={any_of([*PARTICLE, *FINAL])}))"
_COUNTED = f"(?:[~-]{ANY})?(?:{OVER}?{SPACE}{any_of(COUNTER)}|(?:(?<={OVER})|{OVER}|{OVER}? ){any_of(COUNTER_APART)}){_ENDS_COUNTER}"
_LARGE_ALONE = f"(?:(?(arabic)(?<=[{_LARGE_ENOUGH}])|(?:{_IN_WORDS_LARGE}))|(?<=[{_LARGE_ENOUGH}]{OVER}))(?![{ARABIC_DIGIT}]|{_COUNTED})"

_AMOUNT = re.compile(
    # One class first: `re` skips through a text at full speed only where a pattern begins with one.
    f"[{ARABIC_DIGIT}{UNIT}{_SIGN_END}{_LED_FIRST}](?:{_NAME_AFTER_WORDS}|{_SIGN}(?:{_IN_DIGITS}|{_IN_WORDS})(?:{_NAMED}|{_BROKEN}|{_SIGNED}|{_LARGE_ALONE}))",
    re.DOTALL,
)
_SIGN_BEFORE = re.compile(rf"(?<![A-Za-z가-힣]){any_of(SIGN)}{SPACE}\Z")
_LONGEST_SIGN = max(map(len, SIGN)) + 2
_PART_OF_A_WORD = re.compile("[0-9A-Za-z\u2460-\u24ff][\u200b-\u200f\u2060-\u2064\ufeff]?\\Z")
_ORDINAL = re.compile(rf"(?<![가-힣])제{SPACE}\Z")
ENDS_WORD = re.compile(f"(?:(?![가-힣A-Za-z])|(?={any_of(ENDING)}))")
_OPEN = tuple(OPEN)
_ONLY_UNITS = re.compile(f"[{UNIT}]+")
_HEADING_REACH = 12
_HEADING = re.compile(rf"{any_of(HEADING)}[는은 :：]*\Z")  # the head of a table: (단위: 억 원)
_NO_DOUBT = re.compile(f"(?!{any_of(DOUBTFUL['unless'])}){any_of(DOUBTFUL['followed'])}")


def read_amounts(text: str) -> Iterator[Amount]:
    """Every amount that a text may name, in order, none overlapping; those without a currency only may."""
    end = 0
    for match in _AMOUNT.finditer(text):
        amount = _read(text, match, end)
        if amount is not None:
            end = amount.end
            yield amount


def _read(text: str, match: re.Match[str], since: int) -> Amount | None:
    """The amount of a match, with what stands before its first digit or unit, but not before `since`."""
    start, end = match.span()
    led, space, arabic, name_after, broken, name_after_broken = match.group("led", "sign", "arabic", "name", "broken", "brokenname")
    written_name = name_after or name_after_broken or led or ""
    if broken and not written_name:
        return None
    number_start, number_end, sign = start, end - len(written_name), None
    if led:
        words = WITHOUT_UNIT.search(text, max(since, start - LONGEST_BEFORE), start)
        if not words:
            return None
        start = number_start = words.start()
        number_end = words.end("numeral")
        written_name = text[number_end:end]
    elif space is not None:
        number_start = match.end("sign")
        sign = _SIGN_BEFORE.search(text, max(since, number_start - _LONGEST_SIGN), number_start)
        start = sign.start() if sign else number_start
    elif start and text[start - 1] == "." and (start == 1 or text[start - 2].isspace()):
        number_start = start = start - 1  # .5억
    elif arabic is None and (words := BEFORE_UNIT.search(text, max(since, start - LONGEST_BEFORE), start)):
        start = number_start = words.start()
    elif arabic is None and start and "가" <= text[start - 1] <= "힣":
        return None
    numeral = text[number_start:number_end]
    if len(numeral) > LONGEST or (start and sign is None and _PART_OF_A_WORD.search(text, max(0, start - 2), start)):
        return None
    if written_name:
        name = _NAMES[canonical(written_name)]
        if not _names_a_currency(text, numeral, name, start, number_end, end):
            return None
        code = NAME[name]
        if sign and SIGN[_SIGNS[canonical(sign.group())]] != code:  # 달러화 1300원
            start = number_start
    elif sign:
        name = _SIGNS[canonical(sign.group())]
        needs_unit = name in WORD_CODE or (name.isalpha() and not name.isascii())  # TOP 10, 한화 3연승
        if arabic is None or (needs_unit and numeral[-1] not in UNIT):
            return None
        code = SIGN[name]
    elif not any(unit in numeral for unit in _LARGE) or _ORDINAL.search(text, max(0, start - 3), start):
        return None
    else:
        name, code = "", None
    value = None if broken else read_numeral(numeral)
    if value and name in MINOR:
        value = value.times(Decimal(MINOR[name]["unit"]))
    currency, evidence = code_of(text, name, code, start, end)
    return Amount(start, end, numeral, value, name, currency, bool(evidence) or not name, evidence)


def _names_a_currency(text: str, numeral: str, name: str, start: int, number_end: int, end: int) -> bool:
    """Whether a currency's name after a numeral is not the beginning of another word, or another word altogether."""
    plain = numeral[-1] not in UNIT
    if name in WORD_CODE and numeral.isdecimal():
        return False
    if _ONLY_UNITS.fullmatch(numeral) and (_HEADING.search(text, max(0, start - _HEADING_REACH), start) or _in_brackets(text, start, end)):
        return False
    closed = not name.endswith(_OPEN) or (len(name) == 1 and (plain or text[number_end].isspace()))
    if closed and not ENDS_WORD.match(text, end):
        return False
    if len(numeral) == 1 and plain and text.startswith("인", end):  # 3원인: three causes
        return False
    if name in NEEDS_UNIT and (plain or len(numeral) == 1):
        return False
    if numeral in LONE and name not in LONE[numeral]:
        return False
    if text[start:end] in DOUBTFUL["word"] and not _NO_DOUBT.match(text, end):
        return False
    return not weighs(text, name, start, end)


def _in_brackets(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")"

"""Where a text writes one amount: a numeral with the name or the sign of a currency, or with 억 or 조 alone.

Takes a folded text (folding.py), gives `Amount`s in order. What ranges and lists they form is for `sequences`, whether
a number without a currency is money for `finder`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from .amount import Amount
from .arithmetic import LONGEST
from .currencies import code_of, weighs
from .numerals import (
    AFTER_DIGITS,
    AFTER_UNIT,
    ANY,
    ARABIC,
    ARABIC_DIGIT,
    BEFORE_UNIT,
    BIG_UNIT,
    HANGUL_DIGIT,
    JOINT,
    LONGEST_BEFORE,
    SCALED,
    SMALL_UNIT,
    UNIT,
    WITHOUT_UNIT,
    WORD,
    read_numeral,
)
from .preceding import MAY_BELONG, extend_left, last_before
from .vocabulary import (
    BIG,
    CODE,
    COUNTER,
    COUNTER_APART,
    DOUBTFUL,
    ENDING,
    FINAL,
    HALF,
    HEADING,
    LATIN,
    LEVEL_WORD,
    LONE,
    MINOR,
    NAME,
    NATIVE,
    NEEDS_UNIT,
    NOT_BEFORE,
    OPEN,
    OVER,
    PARTICLE,
    POINT,
    RANK,
    SCALE,
    SIGN,
    SOME,
    SPACE,
    WORD_CODE,
    any_of,
    by_first_character,
    canonical,
)

# What may stand after a number. A name ends its word, unless the vocabulary says that others may follow.
_NAMES = {canonical(name): name for name in NAME}
_SIGNS = {canonical(sign): sign for sign in SIGN}
_LONG_PARTICLE = any_of(particle for particle in PARTICLE if len(particle) > 1)  # 위안부터 is no 위안부
_BLOCKED = "|".join(f"(?<={name})(?!{_LONG_PARTICLE}){any_of(words)}" for name, words in NOT_BEFORE.items())
_LATIN = f"(?i:{any_of(LATIN)})(?![A-Za-z])"
_NAME_PATTERN = f"(?:{_LATIN}|{any_of(name for name in NAME if name not in LATIN)})"
_NAME = re.compile(f"{JOINT}(?P<name>{_NAME_PATTERN})(?!{_BLOCKED})(?!(?<=[A-Z])[A-Za-z0-9])")
_SCALED_CODE = re.compile(
    rf"{SPACE}(?P<scale>(?i:{any_of(scale for scale in SCALE if len(scale) <= 2)}))"
    rf"(?P<name>{any_of(CODE)})(?![A-Za-z0-9])"
)
_SCALED = re.compile(SCALED)
_SCALE_AFTER_CODE = re.compile(
    rf"(?<=[A-Z$€£¥])(?:{SCALED}|{SPACE}[{SMALL_UNIT}]?[{BIG_UNIT}](?=[^가-힣A-Za-z0-9]|\Z|{any_of(PARTICLE)}))"
)
_QUOTED = re.compile(rf"[’'”\"]{{1,2}}|{SPACE}\((?P<again>[^()\n]{{1,24}})\)")
_LATIN_WORD = re.compile(rf"{SPACE}[A-Za-z]+")
ENDS_WORD = re.compile(f"(?:(?![가-힣A-Za-z])|(?={any_of(ENDING)}))")

# How an amount begins. The first two characters of a name tell a currency from the many other things that are counted.
_SIGN_END = re.escape("".join(sorted({sign[-1] for sign in SIGN})))
_NAME_START = any_of({name[: 3 if name[1:2] == " " else 2] for name in NAME if not name[0].isascii()})
_LED = by_first_character({name for names in LONE.values() for name in names} | {"불"})
_LED_FIRST = "".join(_LED)
_LED_NAME = "|".join(f"(?<={first})(?:{'|'.join(rests)})" for first, rests in _LED.items())
_WITHOUT_UNIT_END = "".join(sorted({word[-1] for word in [*LONE, *NATIVE]} | {*HANGUL_DIGIT}))
# 이 is read before 달러, and as the end of 일점이: 이유로 is a reason.
_AFTER_WORDS = (
    f"(?:(?<=[{_WITHOUT_UNIT_END}].)(?<!이[^달])|(?<=[{_WITHOUT_UNIT_END}] .)|(?<=[{HANGUL_DIGIT}{POINT}]이.))"
)
LARGE = list(BIG)[:-1]
_LARGE_UNIT = "".join(LARGE)
_LATIN_START = f"[A-Z]|[kbmt](?=[A-Z]{{3}})|[a-z](?=[a-z]{{2}})|(?:[bmt]n|[kbmt])(?={SPACE}{_NAME_START})"
_AFTER_NUMBER = (
    f"{SPACE}(?:[{UNIT}$€£₩]|{OVER}{SPACE}(?:[{UNIT}]|{_NAME_START})|{_NAME_START}|{_LATIN_START})"
    f"|{POINT}[{ARABIC_DIGIT}]"
)
# else each digit of a long run would begin a number: quadratic time
_IN_DIGITS = f"(?<=[{ARABIC_DIGIT}])(?<![{ARABIC_DIGIT}].)(?<![{ARABIC_DIGIT}][,.].)"
_NUMBER = f"[{ARABIC_DIGIT}]*+(?:[,.][{ARABIC_DIGIT}]++)*+(?={_AFTER_NUMBER})"
_SIGNED_NUMBER = f"(?:(?<=[{_SIGN_END}].)|(?<=[{_SIGN_END}] .)|(?<=  .))[{ARABIC_DIGIT}]*+"
_RUN = f"[{WORD}{UNIT}{POINT}{ARABIC_DIGIT}.,]*+"
_AFTER_FIRST_UNIT = (
    f"{_RUN}(?:{OVER}?{SPACE}(?:{_NAME_START}|[{ARABIC_DIGIT}A-Z$€£₩])|(?<=[{WORD}{SMALL_UNIT}{ARABIC_DIGIT}][{BIG_UNIT}])|(?<=[{SMALL_UNIT}]){SPACE}[{BIG_UNIT}]"
    f"|(?<=[{UNIT}]){OVER}|(?<=[{_LARGE_UNIT}])[{LEVEL_WORD}])"
)
_FIRST_UNIT = f"(?<=[{UNIT}])(?:(?<=[{WORD}][{UNIT}])|(?<![가-힣0-9A-Za-z].))(?={_AFTER_FIRST_UNIT})"
_AMOUNT = re.compile(
    # One class first: `re` skips through a text at full speed only where a pattern begins with one.
    f"[{ARABIC_DIGIT}{UNIT}{_LED_FIRST}]"
    f"(?:(?P<arabic>{_IN_DIGITS}(?:{_NUMBER}|{_SIGNED_NUMBER}))|(?P<unit>{_FIRST_UNIT})|(?P<led>(?<=[{_LED_FIRST}]){_AFTER_WORDS}(?:{_LED_NAME})))",
    re.DOTALL,
)
_AFTER_DIGITS = re.compile(ARABIC + AFTER_DIGITS)
_AFTER_UNIT = re.compile(AFTER_UNIT)
_SIGN_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z가-힣])|(?<=[가-힣])(?=[^가-힣]))(?:(?P<outer>{any_of(SIGN)}){SPACE})?(?P<sign>{any_of(SIGN)}){SPACE}\Z"
)
_LONGEST_SIGN = max(map(len, SIGN)) + 5
_SIGN_ENDS = frozenset(sign[-1] for sign in SIGN)
_NUMERIC = frozenset(HANGUL_DIGIT + UNIT)

# What is no money, or money without a currency.
_ORDINAL = re.compile(rf"(?<![가-힣])제{SPACE}(?:[{ARABIC_DIGIT}]+[조항호]?{SPACE}[·,~/-]{SPACE})*\Z")
_ORDINAL_REACH = 30
_ONLY_UNITS = re.compile(f"[{UNIT}]+")
_HEADING_REACH = 12
_HEADING = re.compile(rf"{any_of(HEADING)}[는은 :=]*\Z")  # the head of a table: (단위: 억 원)
_OPEN = tuple(OPEN)
_NO_DOUBT = re.compile(f"(?!{any_of(DOUBTFUL['unless'])}){any_of(DOUBTFUL['followed'])}")
_NEVER = tuple(DOUBTFUL["phrase"])
_RANK = {name: re.compile(f" {any_of(places)}") for name, places in RANK.items()}
_MINOR_FOLLOWS = re.compile(f"{SPACE}[{HANGUL_DIGIT}{SMALL_UNIT}]{{1,4}}{SPACE}{any_of(MINOR)}")
_ENDS_COUNTER = f"(?:(?![가-힣A-Za-z0-9])|(?={any_of([*PARTICLE, *FINAL])}))"
_COUNTED = re.compile(
    f"(?:[~-]{ANY})?(?:{OVER}?{SPACE}{any_of(COUNTER)}"
    f"|(?:(?<={OVER})|{OVER}|{OVER}? ){any_of(COUNTER_APART)}){_ENDS_COUNTER}"
)
_WORDS_ALONE = re.compile(
    f"(?<=[{ARABIC_DIGIT}{SMALL_UNIT}{SOME}][{_LARGE_UNIT}])|(?<=[{HANGUL_DIGIT}]억)|(?<=억[{HANGUL_DIGIT}]천)"
)
_DANGLING = re.compile(
    rf"(?:[ ]*{OVER}|[ \n]+[{ARABIC_DIGIT}][{ARABIC_DIGIT}.,]*|[ \n]*[{WORD}{POINT}]+|[ ]+[{SMALL_UNIT}])\Z"
)
"""What ends a numeral and may belong to the next word: 이 of 3억 이상, 천 of 3억 천막, 2024 of 3조 2024년."""

_MAY_DANGLE = frozenset(OVER + WORD + POINT + SMALL_UNIT)
_UNITS = frozenset(UNIT + OVER + HALF)
_SKIPS_A_UNIT = re.compile(rf"[{_LARGE_UNIT}]{SPACE}(?:{ARABIC}|[{HANGUL_DIGIT}])?[{SMALL_UNIT}]\Z")
_APART = frozenset("(“‘")
_PLAIN_DIGITS = f"[1-9][{ARABIC_DIGIT}]{{0,7}}|[1-9][{ARABIC_DIGIT}]{{0,2}}(?:,[{ARABIC_DIGIT}]{{3}})+"
_PLAIN_AMOUNT = re.compile(
    rf"(?P<numeral>(?:{_PLAIN_DIGITS})(?:[{BIG_UNIT}](?: ?[1-9][{ARABIC_DIGIT}]{{0,3}}[만억])?)?)"
    rf" ?(?P<name>원|달러|(?<=[{BIG_UNIT}])위안|(?<=[{BIG_UNIT}] )위안)(?!{_BLOCKED})"
    r"(?=[을를의와과,.) \n]|으로|이다|이었)"
)


def may_hold_amounts(text: str) -> bool:
    """Whether a text has a number that may count money."""
    return _AMOUNT.search(text) is not None


def read_amounts(text: str) -> Iterator[Amount]:
    """Every amount that a text may name, in order, none overlapping; those without a currency only may."""
    end = 0
    for match in _AMOUNT.finditer(text):
        if match.start() >= end:
            amount = _read(text, match, end)
            if amount is not None:
                end = amount.end
                yield amount


def _read(text: str, match: re.Match[str], since: int) -> Amount | None:
    """The amount that begins with a match, with what stands before its first digit or unit, but not before `since`."""
    start, kind, sign = match.start(), match.lastgroup, None
    if kind == "led":
        words = WITHOUT_UNIT.search(text, max(since, start - LONGEST_BEFORE), start)
        if not words:
            return None
        start, end = words.start(), words.end("numeral")
    elif kind == "arabic":
        before = text[start - 1 : start]
        last = last_before(text, start) if before == " " else before
        if last in _APART or ("가" <= last <= "힣" and last not in MAY_BELONG and last not in _SIGN_ENDS):
            plain = _PLAIN_AMOUNT.match(text, start)
            if plain:
                return _plain(text, plain)
        run = _AFTER_DIGITS.match(text, start)
        end = run.end() if run else match.end()
        if before == "." and (start == 1 or text[start - 2].isspace()):
            start -= 1  # .5억
        elif last in _SIGN_ENDS:
            sign = _SIGN_BEFORE.search(text, max(since, start - _LONGEST_SIGN), start)
    else:
        start, end = _around_unit(text, match, since)
        if start < 0:
            return None
    first = sign.start() if sign else start
    if end - start > LONGEST or _goes_on(text[first - 1 : first]):
        return None
    amount = _with_currency(text, start, end, sign, led=kind == "led")
    if amount is None and not sign:
        amount = _without_currency(text, start, end, arabic=kind == "arabic")
    if amount is not None:
        extend_left(text, amount, start, since, arabic=kind == "arabic")
    return amount


def _around_unit(text: str, match: re.Match[str], since: int) -> tuple[int, int]:
    """Where a numeral starts and ends whose first digit or unit in words is a match; -1 where it is in a word."""
    start = match.start()
    run = _AFTER_UNIT.match(text, match.end())
    end = run.end() if run else match.end()
    if words := BEFORE_UNIT.search(text, max(since, start - LONGEST_BEFORE), start):
        start = words.start()
    elif text[start - 1 : start].isalpha():
        start = _after_a_name(text, start, since)
    elif text[start] in _LARGE_UNIT:  # 억 and 조 without digits count no more after them: 조사 원
        end = match.end() + (text[match.end() : match.end() + 1] == OVER)
    return start, end


def _plain(text: str, match: re.Match[str]) -> Amount:
    """An amount as most are written: nothing before it, in it or behind it leaves anything open."""
    numeral, name = match["numeral"], match["name"]
    currency, evidence = code_of(text, name, NAME[name], *match.span())
    return Amount(*match.span(), numeral, read_numeral(numeral), name, currency, bool(evidence), evidence)


def _goes_on(before: str) -> bool:
    """Whether what starts after a character is a part of its word: A3억, ①억."""
    return (before.isascii() and before.isalpha()) or (before.isnumeric() and before not in _NUMERIC)


def _after_a_name(text: str, start: int, since: int) -> int:
    """Where a numeral in words begins that follows another amount without a space (이달러이십삼센트), else -1."""
    digits = start
    while digits > since and text[digits - 1] in HANGUL_DIGIT:
        digits -= 1
    return digits if digits == since and _MINOR_FOLLOWS.match(text, digits) else -1


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where the numeral of a run may end, the longest first."""
    yield end
    for _ in range(3):
        dangling = _DANGLING.search(text, start + 1, end)
        if not dangling or dangling.start() <= start:
            return
        end = dangling.start()
        yield end


def _with_currency(text: str, start: int, end: int, sign: re.Match[str] | None, *, led: bool) -> Amount | None:
    """The amount of a numeral that the name or the sign of a currency belongs to."""
    scale, scaled_end = "", 0
    for number_end in [end] if led or text[end - 1] not in _MAY_DANGLE else _ends(text, start, end):
        named = _NAME.match(text, number_end)
        if not named and text[number_end - 1].isdigit():
            if named := _SCALED_CODE.match(text, number_end):
                scale = named["scale"]
            elif scaled := _SCALED.match(text, number_end):
                scaled_end = scaled.end()
                named = _NAME.match(text, scaled_end)
        again = None
        if not named and text[number_end - 1] in _UNITS and (quoted := _QUOTED.match(text, number_end)):
            named, again = _NAME.match(text, quoted.end()), quoted["again"]
        if named:
            name = name_of(named["name"])
            number = (start, max(number_end, scaled_end))
            if name and _names_a_currency(text, text[slice(*number)], name, *number, named.end()):
                return _named(text, *number, named.end(), name, sign, scale, again)
            named = None
    if sign is None:
        return None
    return _signed(text, start, scaled_end or end, sign)


def _named(
    text: str,
    start: int,
    number_end: int,
    end: int,
    name: str,
    sign: re.Match[str] | None,
    scale: str,
    again: str | None,
) -> Amount:
    numeral = text[start:number_end] + scale
    if numeral[-1].isdigit() and (scaled := _SCALE_AFTER_CODE.match(text, end)):  # 125 USD 백만
        numeral, end = numeral + scaled.group(), scaled.end()
    value = read_numeral(numeral)
    if again and value and read_numeral(canonical(again)) not in (None, value):
        value = None
    if value and name in MINOR:
        value = value.times(Decimal(MINOR[name]["unit"]))
    code = NAME[name]
    if sign:
        _, sign_code = _sign(sign)
        if sign_code == code or (code is None and sign_code):
            start, code = sign.start(), sign_code
    currency, evidence = code_of(text, name, code, start, end)
    doubt = _NO_DOUBT.match(text, end) if text[start:end] in DOUBTFUL["word"] else None
    told = (*evidence, doubt.span()) if doubt else evidence
    return Amount(start, end, numeral, value, name, currency, bool(evidence), told)


def _signed(text: str, start: int, end: int, sign: re.Match[str]) -> Amount | None:
    """The amount of a numeral after a sign, and no name behind it."""
    while end > start + 1 and (dangling := _DANGLING.search(text, start + 1, end)) and text[end - 1] != OVER:
        end = dangling.start()
    numeral = text[start:end]
    name, code = _sign(sign)
    needs_unit = name in WORD_CODE or (name.isalpha() and not name.isascii())  # TOP 10, 한화 3연승
    if needs_unit and numeral[-1].isdigit():
        return None
    unread = _LATIN_WORD.match(text, end)
    currency, evidence = code_of(text, name, code, sign.start(), end)
    told = (*evidence, unread.span()) if unread else evidence
    return Amount(
        sign.start(), end, numeral, None if unread else read_numeral(numeral), name, currency, bool(evidence), told
    )


def _sign(sign: re.Match[str]) -> tuple[str, str | None]:
    """The sign before a number, and its code: of two (USD$, RMB¥) the first tells."""
    name = _SIGNS[canonical(sign["outer"] or sign["sign"])]
    return name, SIGN[name]


def name_of(written: str) -> str | None:
    """A currency word as the vocabulary writes it."""
    word = canonical(written)
    return _NAMES.get(word) or _NAMES.get(word.lower())


def _without_currency(text: str, start: int, end: int, *, arabic: bool) -> Amount | None:
    """The amount of a numeral with 만 억 조 and neither a name nor a sign."""
    for number_end in _ends(text, start, end):
        if _may_stand_alone(text, start, number_end, arabic=arabic):
            if _COUNTED.match(text, number_end) or _ORDINAL.search(text, max(0, start - _ORDINAL_REACH), start):
                return None
            numeral = text[start:number_end]
            return Amount(start, number_end, numeral, read_numeral(numeral), "", None, True)
    return None


def _may_stand_alone(text: str, start: int, end: int, *, arabic: bool) -> bool:
    """Whether a numeral ends in one of the large units, and is not 조 or 억 as a word of its own."""
    last, over = text[end - 1], text[end - 1] == OVER
    if text[end : end + 1].isdigit():
        return False
    if over or last == HALF:
        return text[start:end].rstrip(OVER + HALF + " ")[-1:] in BIG_UNIT
    if last == "경":
        return arabic and ENDS_WORD.match(text, end) is not None
    if arabic:
        return last in BIG_UNIT or _SKIPS_A_UNIT.search(text, start, end) is not None
    if _WORDS_ALONE.match(text, end):
        return True
    return end - start == 1 and last in _LARGE_UNIT and text[end : end + 1] in LEVEL_WORD and end < len(text)


def _names_a_currency(text: str, numeral: str, name: str, start: int, number_end: int, end: int) -> bool:
    """Whether a currency's name after a numeral is not the beginning of another word, or another word altogether."""
    last = numeral[-1]
    plain = last not in _UNITS
    if name in WORD_CODE and numeral.isdecimal():
        return False
    if _ONLY_UNITS.fullmatch(numeral) and (
        _HEADING.search(text, max(0, start - _HEADING_REACH), start) or _in_brackets(text, start, end)
    ):
        return False
    closed = not name.endswith(_OPEN) or (len(name) == 1 and (plain or text[number_end].isspace()))
    if closed and not ENDS_WORD.match(text, end):
        return False
    if len(numeral) == 1 and plain and text.startswith("인", end):  # 3원인: three causes
        return False
    if name in NEEDS_UNIT and (plain or len(numeral) == 1):
        return False
    if name in RANK and plain and len(numeral) < 3 and end - number_end == len(name) and _RANK[name].match(text, end):
        return False
    if numeral in LONE and name not in LONE[numeral] and not _MINOR_FOLLOWS.match(text, end):
        return False
    if text[start:end] in DOUBTFUL["word"] and not _NO_DOUBT.match(text, end):
        return False
    return not text.startswith(_NEVER, start) and not weighs(text, name, start, end)


def _in_brackets(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")"

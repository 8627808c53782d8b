"""What stands before an amount and belongs to it.

A minus sign, and digits with nothing between but what parts the digits of one number.

Such digits are joined where it is clear that they are one number with the amount's (1 000 000); else it has no value,
or is `touched`: `sequences` then decides whether they are the number before it in a list.
"""

import re
from decimal import Decimal

from .amount import Amount
from .numerals import ARABIC, ARABIC_DIGIT, HANGUL_DIGIT, UNIT, Numeral, read_numeral
from .vocabulary import LONE, LOSS, MINOR, MINUS, RESULT, SPACE, any_of

_MINUS = re.compile(rf"(?<![가-힣]){any_of(MINUS)}(?:\(-\))?{SPACE}\Z")
_RESULT = re.compile(rf"{any_of(RESULT)}[^\n]*\Z")
_RESULT_REACH = 24
_BEFORE_MINUS = frozenset(" ([{:|~=,'\"‘’“”…")
_IN_BRACKETS = re.compile(rf"\((?P<digits>{ARABIC})\)\Z")
_REACH = 40
_NOTE = r"(?:[ ]*(?:\[[0-9]{1,3}\]|\([0-9]{1,2}\)|[¹²³⁰⁴-⁹†‡§]))+"
GLUE = rf"(?:['’‘´`\"”·/+×x*=_]|:(?! )|[.,]{{2,}}|{_NOTE})?[ ]*(?:\n[ ]*)?"
"""What parts the digits of one number where a text is badly set."""
_HEAD = re.compile(
    rf"(?<![{ARABIC_DIGIT}])(?P<head>[{ARABIC_DIGIT}](?:[{ARABIC_DIGIT}.,]*[{ARABIC_DIGIT}])?(?:{SPACE}[{UNIT}])*)"
    rf"(?P<glue>{GLUE})\Z"
)
_COMMA_HEAD = re.compile(rf"(?<![{ARABIC_DIGIT}.,~-])(?P<head>[{ARABIC_DIGIT}]{{1,3}}),(?: |\n)\Z")
_WORD_HEAD = re.compile(rf"(?<![가-힣0-9A-Za-z])(?P<head>[{HANGUL_DIGIT}{UNIT}]+)[ ]+\Z")
_GROUPS = re.compile(
    rf"(?<![{ARABIC_DIGIT}A-Za-z.,])(?<![{ARABIC_DIGIT}][ '’‘´`])[{ARABIC_DIGIT}]{{1,3}}"
    rf"(?P<more>(?:[ '’‘´`][{ARABIC_DIGIT}]{{3}})*)[ '’‘´`]\Z"
)
_GROUP = re.compile(rf"[{ARABIC_DIGIT}]{{3}}(?![{ARABIC_DIGIT},])")
_APOSTROPHES = frozenset("'’‘´`")
_LETTER_BEFORE = re.compile(r"[A-Za-z]-?\Z")
_DATE_BEFORE = re.compile(rf"[{ARABIC_DIGIT}][/:-]\Z")
_HANGUL_BEFORE = re.compile(rf"[가-힣](?<![{UNIT}])-?\Z")

DIGITS_AND_UNITS = frozenset("0123456789" + UNIT)
_NO_HEAD = frozenset("([{<>|~-%&#@?!;")
MAY_BELONG = frozenset(UNIT + HANGUL_DIGIT + LOSS + "".join(word[-1] for word in MINUS + RESULT))
_SEPARATORS = re.compile("[ '’‘´`]+")


def last_before(text: str, offset: int) -> str:
    """The last character before an offset that is no space."""
    offset -= 1
    while offset > 0 and text[offset] == " ":
        offset -= 1
    return text[offset] if offset >= 0 else ""


def extend_left(text: str, amount: Amount, number_start: int, since: int, *, arabic: bool) -> None:
    """Give an amount what stands before it and belongs to it; without a value, where it is not clear what does."""
    start = amount.start
    before = last_before(text, start)
    if not before or (before not in MAY_BELONG and before.isalpha()):
        return
    if start == number_start:
        _join_head(text, amount, since, arabic=arabic)
        start = amount.start
    _read_minus(text, amount, since)


def _join_head(text: str, amount: Amount, since: int, *, arabic: bool) -> None:
    start, before = amount.start, text[amount.start - 1]
    reach = max(since, start - _REACH)
    if before == ")" and not arabic and (inside := _IN_BRACKETS.search(text, reach, start)):  # (300)억 원
        amount.start, amount.value = inside.start(), _negative(read_numeral(inside["digits"] + amount.numeral))
        return
    if before in _NO_HEAD:
        return
    if (groups := _GROUPS.search(text, reach, start)) and _GROUP.match(text, start) and _joins(groups, text, start):
        amount.start = groups.start()
        amount.numeral = _SEPARATORS.sub("", text[groups.start() : start]) + amount.numeral
        amount.value = _value_like(amount)
    elif before == " " and amount.numeral[0] in UNIT and (words := _WORD_HEAD.search(text, reach, start)):
        amount.start = words.start()
        amount.numeral = words["head"] + amount.numeral
        amount.value = None if words["head"] in LONE else _value_like(amount)
    _touch(text, amount, reach)


def _touch(text: str, amount: Amount, reach: int) -> None:
    """Tell an amount of digits before it that may be a part of its number."""
    start = amount.start
    if text[start - 1 : start] == "," and not text[start - 2 : start - 1].strip():  # ,89
        amount.value = None
    elif head := _HEAD.search(text, reach, start):
        if not _is_a_name(text, head, start):
            amount.touched = head.start()
    elif _GROUP.match(text, start) and (head := _COMMA_HEAD.search(text, reach, start)):
        amount.touched = head.start()


def _is_a_name(text: str, head: re.Match[str], start: int) -> bool:
    """Whether digits before an amount are the end of a name or of a date.

    K9 3억, 코로나19 3억, 2024/03/05 3억, but not 약12 345억.
    """
    if not head["glue"].isspace():
        return False
    if head["head"].count(".") > 1 or _DATE_BEFORE.search(text, max(0, head.start() - 2), head.start()):
        return True
    before = text[max(0, head.start() - 2) : head.start()]
    hangul = _HANGUL_BEFORE.search(before) and head["glue"] == " " and not _GROUP.match(text, start)
    return bool(hangul or _LETTER_BEFORE.search(before))


def _joins(groups: re.Match[str], text: str, start: int) -> bool:
    """Whether groups of three digits are one number: 1 000 000, 1'000, but not 12 345."""
    return bool(groups["more"]) or text[start] == "0" or text[start - 1] in _APOSTROPHES


def _value_like(amount: Amount) -> Numeral | None:
    """The value of an amount's numeral as it is now."""
    value = read_numeral(amount.numeral)
    return value.times(Decimal(MINOR[amount.name]["unit"])) if value and amount.name in MINOR else value


def _read_minus(text: str, amount: Amount, since: int) -> None:
    start = amount.start
    before = text[start - 1] if start else ""
    if before in ("", " ", ")") or before == "스":
        if minus := _MINUS.search(text, max(since, start - _REACH), start):
            amount.value, amount.evidence = _negative(amount.value), (*amount.evidence, (minus.start(), start))
        return
    if before not in LOSS:
        return
    line = max(text.rfind("\n", max(0, start - _RESULT_REACH), start) + 1, start - _RESULT_REACH)
    result = _RESULT.search(text, line, start - 1)
    if before == "-":
        apart = text[max(0, since - 1, start - _REACH) : start - 1].rstrip(" ")
        if apart[-1:] in DIGITS_AND_UNITS or (0 < since <= start - 1 and not text[since : start - 1].strip(" ")):
            return  # 10달러 -20달러
        if start == 1 or text[start - 2] == "\n":
            amount.value = None
        elif text[start - 2] not in _BEFORE_MINUS and not (result and result.end() == start - 1):
            return
        else:
            amount.value = _negative(amount.value)
    elif result:
        amount.value, amount.evidence = _negative(amount.value), (*amount.evidence, (result.start(), start))
    elif before != "▲":
        amount.value = None
    else:
        return
    amount.start -= 1


def _negative(value: Numeral | None) -> Numeral | None:
    return Numeral(-value.high, -value.low) if value and value.low == value.high and not value.indefinite else None

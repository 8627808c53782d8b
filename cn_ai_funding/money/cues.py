"""Whether a number without a currency word is money: the words near it."""

import re

from .mention import Span
from .vocabulary import BARE, ENDING, any_of

REACH = 24
"""Code points before and after a number in which its cue is looked for."""

_COUNTED_BEFORE = re.compile(rf"{any_of(BARE['counted'])}[가-힣]?(?:\([^()]{{1,10}}\)[가-힣]?)? ?\Z")
_NO_MONEY_BEFORE = re.compile(rf"{any_of(BARE['no_money'])} ?\Z")
_CUE = any_of(BARE["cue"])
_KIND_OF_MONEY = (
    rf"(?<![가-힣])(?!{any_of(BARE['no_cue'])})[가-힣]{{1,6}}{any_of(BARE['cue_suffix'])}(?:[은는이가을를의도]|으로)?"
)
_PERIOD = rf"(?<![가-힣]){any_of(BARE['period'])}(?: 약| 총| 최대)?"
_COUNTRY = rf"(?<![가-힣]){any_of(BARE['country'])}"
_CUE_BEFORE = re.compile(
    rf"(?:{_CUE}[^\s.!?]{{0,4}}(?: [^\s!?]{{1,8}}){{0,3}}|{_KIND_OF_MONEY}(?: 약| 총)?|{_PERIOD}|{_COUNTRY}|→)"
    r"[ ‘'\"“(]*\Z"
)
_CUE_AFTER = re.compile(rf"[^\s.!?]{{0,3}} (?:[^\s.!?]{{1,8}} ){{0,2}}[가-힣]{{0,3}}?{_CUE}|{_CUE}|→")
_SMALL_CUE = re.compile(
    rf"(?<![가-힣]){any_of(BARE['small'])}(?:[은는이가을를의]|으로)?(?: 약| 총| 최대| 최소| 월)?[ ‘'\"“(]*\Z"
)
_ENDS_WORD = re.compile(rf"(?![가-힣A-Za-z0-9])|{any_of(ENDING)}")


def money_cue(text: str, start: int, end: int) -> Span | None:
    """The words near `text[start:end]`, on its line, that make it money, if there are some."""
    reach = _reach(text, start)
    if _COUNTED_BEFORE.search(text, reach, start) or _NO_MONEY_BEFORE.search(text, reach, start):
        return None
    found = cue_before(text, start) or ((after := _CUE_AFTER.match(text, end, end + REACH)) and after.span())
    return found or None


def small_cue(text: str, start: int, end: int) -> Span | None:
    """The word right before `text[start:end]`, a number with 만 alone, that makes it money, if there is one."""
    found = _SMALL_CUE.search(text, _reach(text, start), start)
    return found.span() if found and _ENDS_WORD.match(text, end) else None


def cue_before(text: str, start: int) -> Span | None:
    """The words before a number, on its line, that make it money, if there are some."""
    found = _CUE_BEFORE.search(text, _reach(text, start), start)
    return found.span() if found else None


def _reach(text: str, start: int) -> int:
    return max(0, start - REACH, text.rfind("\n", max(0, start - REACH), start) + 1)

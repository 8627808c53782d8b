"""Which currency a word means where it stands: 달러 beside 홍콩, 페소 near a country, ¥ between two."""

import re

from .mention import Span
from .vocabulary import HINT, PARTICLE, QUOTED, SPACE, WEIGHT, any_of, canonical

BEFORE, AFTER = 80, 24
"""Code points around an amount, on its line, in which the word that tells its currency is looked for."""

_HINTS = {
    word: re.compile(f"(?<![가-힣]){any_of(hints)}(?:(?![가-힣])|(?={any_of(PARTICLE)}))")
    for word, hints in HINT.items()
    if hints
}
_CODES = {word: {canonical(near): code for near, code in hints.items()} for word, hints in HINT.items()}
_PLACE, _PRICE = re.compile(any_of(QUOTED["place"])), re.compile(any_of(QUOTED["price"]))
_BESIDE = re.compile(rf"{any_of(QUOTED['place'])}{any_of(QUOTED['joint'])}?{SPACE}")
_WEIGHT = re.compile(any_of(WEIGHT["near"]))


_FEW = 4
_BEGINNINGS = {word: {hint[:2] for hint in hints} for word, hints in HINT.items() if 0 < len(hints) <= _FEW}
_PLACES = {place[:2] for place in QUOTED["place"]}


def code_of(text: str, word: str, code: str | None, start: int, end: int) -> tuple[str | None, tuple[Span, ...]]:
    """The ISO 4217 code of a currency word around `text[start:end]`, and the words elsewhere that told it.

    `code` is what the word means where nothing near it says otherwise; None: nothing, then.
    """
    if word in _HINTS and (word not in _BEGINNINGS or _any_near(_BEGINNINGS[word], text, start, end)):
        near = _nearest(_HINTS[word], text, start, end)
        return (_CODES[word][canonical(text[near[0] : near[1]])], (near,)) if near else (code, ())
    if word == QUOTED["name"] and _any_near(_PLACES, text, start, end):
        place = _nearest(_PLACE, text, start, end)
        if place and _BESIDE.fullmatch(text, place[0], start):
            return QUOTED["code"], (place,)
        price = place and _nearest(_PRICE, text, start, end)
        return (QUOTED["code"], (place, price)) if place and price else (code, ())
    return code, ()


def by_price(word: str, currency: str | None, evidence: tuple[Span, ...]) -> bool:
    """Whether a plain dollar was taken for another one by a place and a price somewhere near it."""
    return word == QUOTED["name"] and currency == QUOTED["code"] and len(evidence) > 1


def weighs(text: str, word: str, start: int, end: int) -> bool:
    """Whether a word that names a weight as well as a currency weighs here (780파운드)."""
    return word in WEIGHT["unit"] and _nearest(_WEIGHT, text, start, end) is not None


def _any_near(words: set[str], text: str, start: int, end: int) -> bool:
    """Whether one of a few words stands anywhere near an amount: most times none does, and that is soon told."""
    return any(text.find(word, max(0, start - BEFORE), end + AFTER) >= 0 for word in words)


def _nearest(pattern: re.Pattern[str], text: str, start: int, end: int) -> Span | None:
    """The last match before an amount on its line, else the first one after it."""
    reach = max(0, start - BEFORE)
    before = [match.span() for match in pattern.finditer(text, max(reach, text.rfind("\n", reach, start)), start)]
    line_end = text.find("\n", end, end + AFTER)
    after = None if before else pattern.search(text, end, end + AFTER if line_end < 0 else line_end)
    return before[-1] if before else after.span() if after else None

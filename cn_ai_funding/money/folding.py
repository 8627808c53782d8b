"""A text as the grammar reads it: odd characters folded, markup and invisible characters gone, syllables composed.

Most are read as one other character. Where a stretch is read as more or fewer of them, offsets move: `Folded` leads
each one back to the text.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

from .vocabulary import FOLD, FOLD_LONG

_INITIAL, _VOWEL, _FINAL = "\u1100-\u1112", "\u1161-\u1175", "\u11a8-\u11c2"
_FRACTION: dict[str, str] = FOLD_LONG["fraction"]
_INVISIBLE = frozenset(FOLD_LONG["invisible"])
_SINGLE = re.escape("".join(FOLD))
_LONG = "".join([*_FRACTION, *sorted(_INVISIBLE)])
_TAG = r"(?<=<)/?[A-Za-z][A-Za-z0-9]{0,9}(?:[ \n/][^<>]{0,200})?>"
_ENTITY = r"(?<=&)(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
# One class first: `re` skips through a text at full speed only where a pattern begins with one.
_ODD = (
    f"[{_SINGLE}{_LONG}{_INITIAL}{_FINAL}<&*_`](?:(?<=[{_SINGLE}{_LONG}{_FINAL}])|(?<=[{_INITIAL}])[{_VOWEL}][{_FINAL}]?"
    f"|{_TAG}|{_ENTITY}|(?<=[*_`])[*_`]{{0,2}})"
)
_ANY_ODD = re.compile(_ODD)
_ANY_ODD_OR_HALF = re.compile(f"[가-힣][{_FINAL}]|{_ODD}")
_TAG_NAME = re.compile(r"</?([A-Za-z0-9]+)")
_TAGS = dict.fromkeys(FOLD_LONG["cell"], "|") | dict.fromkeys(FOLD_LONG["line"], "\n")
"""What tags that part words are read as; the others are read as nothing."""


class Folded(NamedTuple):
    """A folded text, and by how much its offsets have moved from each of some offsets on.

    Those of starts, those of ends.
    """

    text: str
    starts: list[tuple[int, int]]
    ends: list[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the folded text is in the text itself."""
        if not self.starts:
            return start, end
        start, end = _moved(self.starts, start), _moved(self.ends, end)
        return start, max(start, end)


def _moved(shifts: list[tuple[int, int]], offset: int) -> int:
    i = bisect_right(shifts, offset, key=lambda shift: shift[0])
    return offset + shifts[i - 1][1] if i else offset


def fold(text: str) -> Folded:
    """The text as the grammar reads it."""
    if not _ANY_ODD.search(text):
        return Folded(text, [], [])
    half_composed = False
    starts: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    shift = 0

    def read_as(match: re.Match[str]) -> str:
        nonlocal half_composed, shift
        found = match.group()
        folded = FOLD.get(found)
        if folded is None:
            folded = _read_as(found, match)
            half_composed = half_composed or (folded == found and "\u11a8" <= found <= "\u11c2")
        if len(folded) != len(found):
            end = match.end() - shift - len(found) + len(folded)
            shift += len(found) - len(folded)
            starts.append((end, shift))
            ends.append((end if folded else end + 1, shift))  # what is read as nothing at an end stays outside
        return folded

    folded = _ANY_ODD.sub(read_as, text)
    if half_composed:
        starts, ends, shift = [], [], 0
        folded = _ANY_ODD_OR_HALF.sub(read_as, text)
    return Folded(folded, starts, ends)


def _read_as(found: str, match: re.Match[str]) -> str:
    """What a stretch is read as that is no single character with another one for it."""
    first = found[0]
    if first in _INVISIBLE:
        return ""
    if first in _FRACTION:
        return _FRACTION[first] if _digit(match, -1) else "0" + _FRACTION[first]
    if first == "<":
        return _TAGS.get(_TAG_NAME.match(found).group(1).lower(), "")  # type: ignore[union-attr]
    if first == "&":
        character = html.unescape(found)
        return "" if character in _INVISIBLE else FOLD.get(character, character)
    if first in "*_`":
        return found if _digit(match, -1) and _digit(match, 0) else ""
    composed = unicodedata.normalize("NFC", found)
    return composed if len(composed) == 1 else found


def _digit(match: re.Match[str], side: int) -> bool:
    """Whether a digit stands right before a match (-1), or right after it (0)."""
    at = match.start() - 1 if side else match.end()
    return at >= 0 and match.string[at : at + 1].isdigit()

"""Masks a text: every letter and digit replaced by a mask, except the words that carry evidence.

Length, line breaks, spaces, punctuation and symbols stay, so that offsets stay true. What counts as evidence is the
caller's to say (mask.py); that no readable prose survives is decided here.
"""

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..intake.masked import ANY_LETTER, MASK
from ..money import Span

WINDOW = 24
READABLE, PLAIN = 12, 4
"""No WINDOW code points in a row without a mask may hold READABLE Hangul syllables, PLAIN of them in no fact: a handful
of words, no sentence."""
AFFIX = 12
"""Code points on either side within which the word around a piece of evidence has to end to be kept with it."""
_CODED = (f"utf-32-{sys.byteorder[0]}e", "surrogatepass")
"""One number a code point, in the machine's own byte order, so that arrays of them work at once on a whole text."""
_SPACES = re.compile(r"\s+")
_LONG = re.compile(f"[^{MASK}]{{{WINDOW},}}")
_FACT = "\x1a"
"""Stands for a syllable of a fact."""
_HANGUL = re.compile(f"[가-힣{_FACT}]")
_PLAIN = re.compile("[가-힣]")
_WORD = re.compile(r"\S+")


def mask(text: str, always: Sequence[Span], evidence: Sequence[Span], facts: Sequence[Span] = ()) -> str:
    """The text with all words masked but those that a span touches.

    Spans of `always` are kept whatever stands around them. Those of `evidence`, the most important first, are kept only
    where no readable stretch of prose comes of it, each whole or not at all; so is, after them, the rest of the words
    that they stand in. `facts` are names and figures: a stretch that holds little else is no prose.

    >>> mask("회사는 최근 2억 위안을 유치했다.", [(7, 12)], [])
    '░░░ ░░ 2억 위안을 ░░░░.'
    """
    shown, weighed = _unmasked(text), _without(text, facts)
    kept = bytearray(_unmasked(ANY_LETTER.sub(MASK, text)))
    spans = [*always, *evidence]
    words = _around(text, spans)
    if whole := _all_kept(text, weighed, kept, shown, words):
        return whole
    for start, end in always:
        kept[start:end] = shown[start:end]
    for span in evidence:
        _keep(weighed, kept, shown, *span)
    for span, word in zip(spans, words, strict=True):
        if kept.find(0, *span) < 0:
            _keep(weighed, kept, shown, *word)
    return _masked(text, kept)


def _keep(text: str, kept: bytearray, shown: bytes, start: int, end: int) -> None:
    """Keep a span, if no readable stretch comes of it."""
    before, after = kept[start:end], shown[start:end]
    if before != after:
        kept[start:end] = after
        if _readable(text, kept, start, end):
            kept[start:end] = before


def _without(text: str, facts: Iterable[Span]) -> str:
    """The text with the syllables of facts marked as such."""
    pieces, last = [], 0
    for start, end in sorted(facts):
        pieces += [text[last:start], _PLAIN.sub(_FACT, text[max(start, last) : end])]
        last = max(last, end)
    return "".join([*pieces, text[last:]])


def _all_kept(text: str, weighed: str, kept: bytearray, shown: bytes, words: Iterable[Span]) -> str | None:
    """The text with all words kept, if no readable stretch comes of it: so it is with a text that was masked before."""
    kept = kept[:]
    for start, end in words:
        kept[start:end] = shown[start:end]
    prose = any(map(_is_prose, _LONG.findall(_SPACES.sub(" ", _masked(weighed, kept)))))
    return None if prose else _masked(text, kept)


def _masked(text: str, kept: bytearray) -> str:
    return np.where(np.frombuffer(kept, bool), _code_points(text), np.uint32(ord(MASK))).tobytes().decode(*_CODED)


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode(*_CODED), np.uint32)


def _unmasked(text: str) -> bytes:
    """For each code point 1, or 0 where it is masked."""
    return np.not_equal(_code_points(text), ord(MASK)).tobytes()


def _around(text: str, spans: Iterable[Span]) -> list[Span]:
    """For each span the space-delimited words that it touches, as far as they are of a word's length."""
    words = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    wide = []
    for start, end in spans:
        i, j = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
        begins = starts[i] if i >= 0 and words[i][1] > start and start - starts[i] < AFFIX else start
        wide.append((begins, words[j][1] if j >= 0 and end < words[j][1] < end + AFFIX else end))
    return wide


def _readable(text: str, kept: bytearray, start: int, end: int) -> bool:
    """Whether WINDOW code points in a row around a span are unmasked and hold READABLE syllables."""
    first = max(kept.rfind(0, max(0, start - 2 * WINDOW), start) + 1, start - 2 * WINDOW, 0)
    last = kept.find(0, end, end + 2 * WINDOW)
    stretch = text[first : last if last >= 0 else end + 2 * WINDOW]
    return len(stretch) >= WINDOW and _is_prose(_SPACES.sub(" ", stretch))


def _is_prose(stretch: str) -> bool:
    """Whether WINDOW code points in a row hold READABLE syllables.

    At either end of a stretch the window still has to fit in.
    """
    if len(stretch) < WINDOW:
        return False
    syllables = [match.start() for match in _HANGUL.finditer(stretch)]
    plain = [match.start() for match in _PLAIN.finditer(stretch)]
    if len(plain) < PLAIN:
        return False
    for first, last in zip(syllables, syllables[READABLE - 1 :], strict=False):
        start = min(first, len(stretch) - WINDOW)
        if last - first < WINDOW and bisect_left(plain, start + WINDOW) - bisect_left(plain, start) >= PLAIN:
            return True
    return False

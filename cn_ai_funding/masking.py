"""A text without its sentences: every letter and digit replaced by a mask, except the words that carry evidence.

Length, line breaks, spaces, punctuation and symbols stay, so that offsets stay true. What counts as evidence is the
caller's to say; that no readable prose survives is decided here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

MASK = "░"
"""U+2591 LIGHT SHADE: a symbol, so that no word rule takes it for a letter."""
WINDOW = 24
READABLE = 12
"""No WINDOW code points in a row without a mask may hold READABLE Hangul syllables: a handful of words, no sentence."""
AFFIX = 12
"""Code points on either side within which the word around a piece of evidence has to end to be kept with it."""

Span = tuple[int, int]
_SPACES = re.compile(r"\s+")
_MASKS = re.compile(f"{MASK}+")
LETTER = r"[^\W_]"
"""What a mask stands for: one letter or digit."""
_LETTER = re.compile(LETTER)
_HANGUL = re.compile("[가-힣]")
_BLANK = re.compile(r"\s")


def mask(text: str, always: Sequence[Span], evidence: Sequence[Sequence[Span]]) -> str:
    """The text with all words masked but those that a span touches.

    Spans of `always` are kept whatever stands around them. The groups of `evidence`, the most important first, are
    kept only where no readable stretch of prose comes of it, each whole or not at all; so is, after them, the rest of
    the words that they stand in.

    >>> mask("회사는 최근 2억 위안을 유치했다.", [(7, 12)], [])
    '░░░ ░░ 2억 위안을 ░░░░.'
    """
    hidden = _LETTER.sub(MASK, text)
    kept = bytearray(_unmasked(hidden))
    shown: list[Span] = [*always]
    for start, end in always:
        kept[start:end] = _unmasked(text[start:end])
    words = ([_word(text, *span)] for spans in (always, *evidence) for span in spans if kept.find(0, *span) < 0)
    for group in chain(evidence, words):
        before = [kept[start:end] for start, end in group]
        for start, end in group:
            kept[start:end] = _unmasked(text[start:end])
        if any(kept[start:end] != old and _readable(text, kept, start, end) for (start, end), old in zip(group, before, strict=True)):
            for (start, end), old in zip(reversed(group), reversed(before), strict=True):
                kept[start:end] = old
        else:
            shown += group
    masked = [*hidden]
    for start, end in shown:
        masked[start:end] = text[start:end]
    return "".join(masked)


def hide(text: str, start: int, end: int) -> str:
    """The text with the letters and digits of one stretch masked."""
    return text[:start] + _LETTER.sub(MASK, text[start:end]) + text[end:]


def fits(masked: str, text: str) -> bool:
    """Whether a text is what its masked form shows of it."""
    return len(masked) == len(text) and all(a == b or (a == MASK and _LETTER.match(b)) for a, b in zip(masked, text, strict=True))


def masked_share(text: str) -> float:
    """The share of a text's code points, spaces aside, that are masked: 0.0 to 1.0."""
    letters = len(text) - sum(map(str.isspace, text))
    return round(text.count(MASK) / letters, 4) if letters else 0.0


def quote(masked: str, start: int, end: int) -> str:
    """The words of a stretch that are kept, on one line, with … where words are left out."""
    words: list[str] = []
    for word in masked[start:end].split():
        shown = _MASKS.sub("…", word) if any(map(str.isalnum, word)) else "…" if MASK in word else word
        if shown != "…" or words[-1:] != ["…"]:
            words.append(shown)
    return " ".join(words)


def passage(mention: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """What is known of the text around an amount, in order: pieces of text, each with the fields that were read from it.

    Evidence beyond `prefix` and `suffix` stands where it belongs, with … for what lies between.

    >>> passage({"prefix": "░░ ", "exact": "1억", "suffix": "을 ░", "start": 13, "end": 15}, [{"field": "kind", "start": 2, "end": 4, "exact": "투자"}])
    [['투자', 'kind'], [' … ░░ '], ['1억', 'amount'], ['을 ░']]
    """
    window = mention["prefix"] + mention["exact"] + mention["suffix"]
    characters = dict(enumerate(window, mention["start"] - len(mention["prefix"])))
    fields: dict[int, dict[str, None]] = {at: {"amount": None} for at in range(mention["start"], mention["end"])}
    for row in evidence:
        for at, character in enumerate(row["exact"], row["start"]):
            characters[at] = character
            fields.setdefault(at, {})[row["field"]] = None
    pieces: list[list[str]] = []
    after = min(characters)
    for at in sorted(characters):
        for text, told in ([(" … ", [])] if at > after else []) + [(characters[at], [*fields.get(at, ())])]:
            if pieces and pieces[-1][1:] == told:
                pieces[-1][0] += text
            else:
                pieces.append([text, *told])
        after = at + 1
    return pieces


def _unmasked(text: str) -> bytes:
    return bytes(character != MASK for character in text) if MASK in text else b"\1" * len(text)


def _word(text: str, start: int, end: int) -> Span:
    """The space-delimited words that a span touches, as far as they are of a word's length."""
    first = max(0, start - AFFIX)
    blanks = [match.end() for match in _BLANK.finditer(text, first, start)]
    last = min(len(text), end + AFFIX)
    blank = _BLANK.search(text, end, last)
    begins = blanks[-1] if blanks else 0 if first == 0 else start
    ends = blank.start() if blank else len(text) if last == len(text) else end
    return begins, ends


def _readable(text: str, kept: bytearray, start: int, end: int) -> bool:
    """Whether WINDOW code points in a row around a span are unmasked and hold READABLE syllables."""
    first = max(kept.rfind(0, max(0, start - 2 * WINDOW), start) + 1, start - 2 * WINDOW, 0)
    last = kept.find(0, end, end + 2 * WINDOW)
    stretch = _SPACES.sub(" ", text[first : last if last >= 0 else end + 2 * WINDOW])
    syllables = [match.start() for match in _HANGUL.finditer(stretch)]
    if len(stretch) < WINDOW:
        return False
    # READABLE of them within a WINDOW; at either end of a stretch the window still has to fit in
    return any(syllables[i + READABLE - 1] - syllables[i] < WINDOW for i in range(len(syllables) - READABLE + 1))

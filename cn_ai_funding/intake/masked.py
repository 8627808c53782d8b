"""What a masked text shows, as raw/ holds it: every letter and digit is a mask, except the words that carry evidence.

Length, line breaks, spaces, punctuation and symbols are those of the article, so that offsets stay true.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "░"
"""U+2591 LIGHT SHADE: a symbol, so that no word rule takes it for a letter."""

_MASKS = re.compile(f"{MASK}+")
LETTER = r"[^\W_]"
"""What a mask stands for: one letter or digit."""
ANY_LETTER = re.compile(LETTER)


def hide(text: str, start: int, end: int) -> str:
    """The text with the letters and digits of one stretch masked."""
    return text[:start] + ANY_LETTER.sub(MASK, text[start:end]) + text[end:]


def fits(masked: str, text: str) -> bool:
    """Whether a text is what its masked form shows of it."""
    return len(masked) == len(text) and all(
        a == b or (a == MASK and ANY_LETTER.match(b)) for a, b in zip(masked, text, strict=True)
    )


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
    """What is known of the text around an amount, in order.

    Pieces of text, each with the fields that were read from it.

    Evidence beyond `prefix` and `suffix` stands where it belongs, with … for what lies between.

    >>> mention = {"prefix": "░░ ", "exact": "1억", "suffix": "을 ░", "start": 13, "end": 15}
    >>> passage(mention, [{"field": "kind", "start": 2, "end": 4, "exact": "투자"}])
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

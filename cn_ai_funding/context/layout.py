"""Where the sentences and clauses of a Korean text end: a text goes in, spans around an offset come out."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from ..money import Span
from ..money.vocabulary import any_of
from .lexicon import CLAUSE

_SENTENCE_END = re.compile(r"\n|(?<![0-9])[.!?](?=[\"'”’)\]]*\s)[\"'”’)\]]*")
PAST = "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == 20)
"""Syllables that close with ㅆ, by the arithmetic of Unicode's Hangul Syllables block."""
_CLAUSE_END = re.compile(
    rf"(?:{any_of(CLAUSE['end'])}|[{PAST}]{CLAUSE['past']}),?(?=\s)|{any_of(CLAUSE['end_with_comma'])},(?=\s)|…|\.\.\."
)


LONGEST = 600
"""Code points on either side beyond which a sentence without an end is cut, so that reading stays linear."""


class Layout:
    """Where the sentences and clauses of a text end."""

    def __init__(self, text: str) -> None:
        self._sentences = [match.end() for match in _SENTENCE_END.finditer(text)]
        self._clause_ends = [match.span() for match in _CLAUSE_END.finditer(text)]
        self._clauses = sorted({*self._sentences, *(end for _, end in self._clause_ends)})
        self._length = len(text)

    def sentence(self, offset: int) -> Span:
        """The sentence that holds an offset."""
        return self._around(self._sentences, offset)

    def clause(self, offset: int) -> Span:
        """The clause that holds an offset."""
        return self._around(self._clauses, offset)

    def clause_ends(self, start: int, end: int) -> list[Span]:
        """The endings that close a clause between two offsets."""
        return self._clause_ends[
            bisect_left(self._clause_ends, (start, start)) : bisect_left(self._clause_ends, (end, end))
        ]

    def clauses_between(self, first: int, last: int) -> int:
        """How many clauses end between two offsets."""
        return bisect_right(self._clauses, last) - bisect_right(self._clauses, first)

    def _around(self, ends: list[int], offset: int) -> Span:
        i = bisect_right(ends, offset)
        start, end = (ends[i - 1] if i else 0), (ends[i] if i < len(ends) else self._length)
        return max(start, offset - LONGEST), min(end, offset + LONGEST)


@lru_cache(maxsize=1)
def layout_of(text: str) -> Layout:
    """The layout of a text, found once for all that ask for it in turn."""
    return Layout(text)

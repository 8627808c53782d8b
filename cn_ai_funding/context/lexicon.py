"""The words of lexicon.toml, and where a text has them: one automaton, whatever their number."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import product
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from babel import Locale

from ..intake.masked import MASK
from ..money.vocabulary import COUNTER, COUNTER_APART

_TABLES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
_SURROGATE = re.compile("[\ud800-\udfff]")
WORD_START, SPACE_AFTER = "^", " "
"""Of a word in the tables: only where a word begins, only where one ends."""

WORDS: dict[str, list[str]] = _TABLES["word"]
ENDINGS: dict[str, list[str]] = _TABLES["ending"]
CLAUSE: dict[str, Any] = _TABLES["clause"]
DEFINITION: list[str] = _TABLES["definition"]["word"]
RESTATEMENT: dict[str, list[str]] = _TABLES["restatement"]
DATE: dict[str, Any] = _TABLES["date"]
NAME: dict[str, list[str]] = _TABLES["name"]
TOPIC: dict[str, list[str]] = _TABLES["topic"]
COUNTED: list[str] = [*COUNTER, *COUNTER_APART]
"""What numbers count in an article: kept with them, so that 1억 명 stays no money."""
COUNTRIES = [
    short
    for code, name in Locale("ko").territories.items()
    if len(code) == 2 and len(short := name.partition("(")[0]) > 1 and " " not in short and code != "ZZ"
]
"""What Korean calls the countries and territories, by CLDR."""


def spellings(word: str) -> Iterator[str]:
    """A word with and without each of its spaces."""
    parts = word.split(" ")
    for gaps in product((" ", ""), repeat=len(parts) - 1):
        yield "".join(part + gap for part, gap in zip(parts, (*gaps, ""), strict=True))


class Hit(NamedTuple):
    """A word of the lexicon in a text: its span, how the tables write it, and its classes."""

    start: int
    end: int
    word: str
    classes: tuple[str, ...]


class Lexicon:
    """Finds the words of a table of classes."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        classes: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name, words in table.items():
            for word in words:
                classes[word][name] = None
        groups: defaultdict[str, list[tuple[str, tuple[str, ...], bool, bool]]] = defaultdict(list)
        for word, names in classes.items():
            plain = word.strip(WORD_START + SPACE_AFTER)
            for spelling in spellings(plain):
                groups[spelling].append(
                    (plain.replace(" ", ""), tuple(names), word.startswith(WORD_START), word.endswith(SPACE_AFTER))
                )
        self._groups = list(groups.items())
        self._automaton = AhoCorasick([spelling for spelling, _ in self._groups], matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, first: int = 0, last: int | None = None) -> list[Hit]:
        """Every word that stands between two offsets, in order, none overlapping."""
        found = []
        stretch = text if first == 0 and last is None else text[first:last]
        for index, begins, ends in self._automaton.find_matches_as_indexes(
            _SURROGATE.sub("\ufffd", stretch)
        ):  # it takes well-formed text only
            start, end = begins + first, ends + first
            for word, classes, at_start, at_end in self._groups[index][1]:
                if (at_start and start and (text[start - 1].isalnum() or text[start - 1] == MASK)) or (
                    at_end and not text.startswith(" ", end)
                ):
                    continue
                found.append(Hit(start, end, word, classes))
                break
        return found


def joined(words: Iterable[str]) -> list[str]:
    """Words with and without their spaces."""
    return [spelling for word in words for spelling in spellings(word)]

"""The tables of vocabulary.toml."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from babel import Locale

from ..money.vocabulary import COUNTER, COUNTER_APART, any_of

_TABLES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))

WORD_START, SPACE_AFTER = "^", " "
"""Of a word in the tables: only where a word begins, only where one ends."""


def words_pattern(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words that stands at a place, with what their marks ask for."""
    groups: dict[tuple[bool, bool], list[str]] = {}
    for word in words:
        groups.setdefault((word.startswith(WORD_START), word.endswith(SPACE_AFTER)), []).append(plain(word))
    ordered = sorted(groups.items(), reverse=True)
    return "(?:" + "|".join(f"{'(?<![가-힣])' if start else ''}{any_of(group)}{'(?= )' if end else ''}" for (start, end), group in ordered) + ")"


def plain(word: str) -> str:
    """A word without its marks."""
    return word.strip(WORD_START + SPACE_AFTER)


TRIGGERS: list[dict[str, Any]] = _TABLES["trigger"]
MODIFIER: dict[str, list[str]] = _TABLES["modifier"]
SET_UP: list[str] = _TABLES["fund"]["set_up"]
CLAUSE_END: list[str] = _TABLES["clause"]["end"]
CLAUSE_END_PAST: str = _TABLES["clause"]["past"]
CLAUSE_END_WITH_COMMA: list[str] = _TABLES["clause"]["end_with_comma"]
DEFINITION: list[str] = _TABLES["definition"]["word"]
RESTATEMENT: dict[str, list[str]] = _TABLES["restatement"]
COUNTED: list[str] = [*COUNTER, *COUNTER_APART]
"""What numbers count in an article: kept with them, so that 1억 명 stays no money."""
DATE: dict[str, Any] = _TABLES["date"]
ORGANIZATION: dict[str, list[str]] = _TABLES["organization"]
TOPIC: dict[str, list[str]] = _TABLES["topic"]
COUNTRIES = [
    short
    for code, name in Locale("ko").territories.items()
    if len(code) == 2 and len(short := name.partition("(")[0]) > 1 and " " not in short and code != "ZZ"
]
"""What Korean calls the countries and territories, by CLDR."""
KNOWN_WORDS = {
    *ORGANIZATION["generic"],
    *ORGANIZATION["title"],
    *(plain(word).replace(" ", "") for entry in TRIGGERS for word in entry["words"]),
    *(word.replace(" ", "") for words in MODIFIER.values() for word in words),
}
"""Words that are no name, though Kiwi may not know them or their end looks like one."""

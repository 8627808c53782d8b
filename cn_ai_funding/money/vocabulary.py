"""The tables of the money grammar, read from vocabulary.toml and completed with CLDR's Korean names of currencies.

CLDR comes through Babel: `babel.Locale("ko").currencies`, kept to the currencies that were legal tender somewhere since
1999.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

_TABLES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))

SINCE, UNTIL = date(1999, 1, 1), date(2100, 1, 1)
"""The time whose currencies are read: since the first reference rate of the ECB. Fixed, so that no clock matters."""

FOLD: dict[str, str] = {old: new for olds, news in _TABLES["fold"].items() for old, new in zip(olds, news, strict=True)}
FOLD_LONG: dict[str, Any] = _TABLES["fold_long"]

SPACE = "[ ]*+"


def _pattern(word: str) -> str:
    return re.escape(word).replace("\\ ", SPACE)


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words that stands at a place, a space in a word being optional.

    Words are grouped by their first character, and that is looked at first, so that hundreds cost little more than a
    few.
    """
    heads = by_first_character(words)
    branches = (_pattern(first) + "(?:" + "|".join(map(_pattern, rests)) + ")" for first, rests in heads.items())
    first = "" if " " in heads else f"(?=[{re.escape(''.join(heads))}])"
    return f"(?:{first}(?:" + "|".join(branches) + "))"


def by_first_character(words: Iterable[str]) -> dict[str, list[str]]:
    """The rest of each word, the longest first, under its first character."""
    groups = groupby(sorted(set(words)), key=lambda word: word[0])
    return {first: sorted((word[1:] for word in group), key=len, reverse=True) for first, group in groups}


_NUMERAL = _TABLES["numeral"]
DIGIT: dict[str, int] = _NUMERAL["digit"]
SMALL: dict[str, int] = _NUMERAL["small"]
BIG: dict[str, int] = _NUMERAL["big"]
SCALE: dict[str, int] = _NUMERAL["scale"]
SOME: str = _NUMERAL["word"]["some"]
OVER: str = _NUMERAL["word"]["over"]
POINT: str = _NUMERAL["word"]["point"]
HALF: str = _NUMERAL["word"]["half"]
MINUS: list[str] = _NUMERAL["word"]["minus"]
LOSS: str = _NUMERAL["word"]["loss"]
RESULT: list[str] = _NUMERAL["word"]["result"]
DOUBTFUL: dict[str, list[str]] = _NUMERAL["doubtful"]


def _native_numerals() -> dict[str, tuple[int, int]]:
    one, ten, pair = (_NUMERAL["native"][table] for table in ("one", "ten", "pair"))
    joined = {tens + ones: n + m for tens, n in ten.items() for ones, m in one.items()}
    exact: dict[str, int] = one | ten | _NUMERAL["native"]["round"] | joined
    return {word: (value, value) for word, value in exact.items()} | {
        word: (low, high) for word, (low, high) in pair.items()
    }


def canonical(word: str) -> str:
    """A word as a key, however it is spaced."""
    return word.replace(" ", "")


NATIVE = _native_numerals()
"""Native numerals with the least and the most that they count."""

_LONE = _NUMERAL["lone"]
LONE: dict[str, list[str]] = dict.fromkeys(DIGIT, _LONE["digit"]) | {
    word: _LONE["native"] for word in [*NATIVE, *SOME] if len(word) == 1
}
LONE |= {word: [] for word in _LONE["never"]}
"""Numerals of one syllable, which are words of their own more often, with the currencies that they are read before."""

NAME: dict[str, str | None] = {}
"""What stands after a number, with its ISO 4217 code; None where the word alone does not tell."""
SIGN: dict[str, str | None] = {}
"""What stands before a number, likewise."""
LATIN: list[str] = []
"""Names in Latin letters that are read in any letter case; in NAME in small letters."""
CODE: list[str] = []
"""ISO 4217 codes."""
HINT: dict[str, dict[str, str]] = defaultdict(dict)
"""Words of several currencies, with the words near them that tell which."""


def _fill_currencies() -> None:
    """Fill the tables of currencies: by CLDR, then by what vocabulary.toml says otherwise."""
    _fill_from_cldr(Locale("ko"))
    for code, table in _TABLES["currency"].items():
        if code not in Locale("ko").currencies:
            raise ValueError(f"vocabulary.toml, currency.{code}: no ISO 4217 code")
        NAME.update(dict.fromkeys([*table.get("name", []), *table.get("default", [])], code))
        SIGN.update(dict.fromkeys(table.get("sign", []), code))
        LATIN.extend(table.get("latin", []))
        NAME.update(dict.fromkeys(table.get("latin", []), code))
        for word in table.get("name", []):
            HINT.pop(word, None)
    for word, table in _TABLES["ambiguous"].items():
        NAME[word] = table.get("default")
        SIGN.update(dict.fromkeys(table.get("sign", [])))
        HINT[word] |= {near: code for code, words in table["near"].items() for near in words}
    for word, unit in _TABLES["minor"].items():
        NAME.setdefault(word, unit.get("of"))


def _fill_from_cldr(korean: Locale) -> None:
    """Names, signs and codes of what was tender anywhere in the years of interest, and of which places each is."""
    places: dict[str, list[str]] = defaultdict(list)
    current: set[str] = set()
    for territory in sorted(get_global("territory_currencies")):
        in_tender = get_territory_currencies(territory, UNTIL, tender=True)
        current.update(in_tender)
        SIGN.update(
            {f"{territory}$": code for code in in_tender if korean.currencies.get(code, "").endswith(("달러", "페소"))}
        )
        for code in get_territory_currencies(territory, SINCE, UNTIL, tender=True):
            places[code].append(korean.territories.get(territory, territory))
    of_place: dict[str, dict[str, str]] = defaultdict(dict)
    for code in sorted(places, key=lambda code: (code in current, code)):  # the last one of a place is the one in use
        NAME[code] = SIGN[code] = code
        CODE.append(code)
        if (symbol := korean.currency_symbols.get(code, code)).isprintable() and " " not in symbol:
            SIGN[symbol] = code
        country, _, word = korean.currencies.get(code, "").removesuffix("화").rpartition(" ")
        if country and "(" not in country + word:
            NAME[f"{country} {word}"] = NAME[f"{country} {word}화"] = code
            of_place[word] |= dict.fromkeys([country, *places[code]], code)
    for word, codes in of_place.items():
        in_use = current.intersection(codes.values())
        if len(word) > 1:
            meant = in_use or {*codes.values()}
            NAME[word] = meant.pop() if len(meant) == 1 else None
            HINT[word] |= {place: code for place, code in codes.items() if place not in _TABLES["hint"]["not"]}


_fill_currencies()
NOT_BEFORE: dict[str, list[str]] = {
    name: words for table in _TABLES["currency"].values() for name, words in table.get("not_before", {}).items()
}
NOT_BEFORE |= {name: table["not_before"] for name, table in _TABLES["ambiguous"].items() if "not_before" in table}
OPEN_IN_HANJA: list[str] = _TABLES["hanja"]["open"]
MINOR: dict[str, dict[str, Any]] = _TABLES["minor"]
RANK: dict[str, list[str]] = {
    table["name"][1]: table["rank"] for table in _TABLES["currency"].values() if "rank" in table
}
QUOTED: dict[str, Any] = _TABLES["quoted"]
SEQUENCE: dict[str, list[str]] = _TABLES["sequence"]
WORD_CODE: list[str] = _TABLES["code"]["word"]
WEIGHT: dict[str, list[str]] = _TABLES["weight"]

PARTICLE: list[str] = _TABLES["word"]["particle"]
FINAL: list[str] = _TABLES["word"]["final"]
ENDING: list[str] = PARTICLE + FINAL + _TABLES["word"]["ending"]
NEEDS_UNIT: list[str] = _TABLES["word"]["needs_unit"]
OPEN: list[str] = _TABLES["word"]["open"]
QUALIFIER: dict[str, Any] = _TABLES["qualifier"]
BARE: dict[str, list[str]] = _TABLES["bare"]
LEVEL_WORD: str = "".join(QUALIFIER["attached"]["level"])
HEADING: list[str] = BARE["heading"]
TABLE: dict[str, list[str]] = _TABLES["table"]
COUNTER, COUNTER_APART = BARE["counter"], BARE["counter_apart"]

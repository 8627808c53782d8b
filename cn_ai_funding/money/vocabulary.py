"""The tables of the money grammar, read from vocabulary.toml and completed with CLDR's Korean currency names.

CLDR comes through Babel: `babel.Locale("ko").currencies`, kept to the currencies that were legal tender somewhere since 1999.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from importlib.resources import files

try:
    from babel import Locale
    from babel.core import get_global
    from babel.numbers import get_territory_currencies
except ImportError as error:
    raise ImportError("reading Korean text needs the build extra: pip install 'cn-ai-funding[build]'") from error

_TABLES = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))


SINCE, UNTIL = date(1999, 1, 1), date(2100, 1, 1)
"""The time whose currencies are read: since the first reference rate of the ECB. Fixed, so that no clock matters."""


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first, a space in a word being optional."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(re.escape(word).replace(re.escape(' '), ' ?') for word in ordered)})"


FOLD = str.maketrans({old: new for olds, news in _TABLES["fold"].items() for old, new in zip(olds, news, strict=True)})
DIGIT: dict[str, int] = _TABLES["numeral"]["digit"]
SMALL: dict[str, int] = _TABLES["numeral"]["small"]
BIG: dict[str, int] = _TABLES["numeral"]["big"]
SOME: list[str] = _TABLES["numeral"]["word"]["some"]
OVER: list[str] = _TABLES["numeral"]["word"]["over"]
NO_NUMERAL: list[str] = _TABLES["numeral"]["word"]["none"]
TRANSPARENT: list[str] = _TABLES["qualifier"]["transparent"]
PARTICLE: list[str] = _TABLES["word"]["particle"]
ADVERB: list[str] = _TABLES["qualifier"]["adverb"]
BEFORE: dict[str, list[str]] = _TABLES["qualifier"]["before"]
AFTER: dict[str, list[str]] = _TABLES["qualifier"]["after"]
CUE: list[str] = _TABLES["bare"]["cue"]
COUNTER: list[str] = _TABLES["bare"]["counter"]
COUNTED: list[str] = _TABLES["bare"]["counted"]
COUNTER_APART: list[str] = _TABLES["bare"]["counter_apart"]


def _currency_words() -> tuple[dict[str, str], dict[str, str], list[str], dict[str, str], dict[str, str]]:
    """Names and signs with their ISO 4217 code, the names that need a word's end, and what may not follow a name."""
    territories = get_global("territory_currencies")
    current = {code for territory in territories for code in get_territory_currencies(territory, SINCE, UNTIL, tender=True)}
    cldr = Locale("ko").currencies
    names = {cldr[code]: code for code in sorted(current) if " " in cldr.get(code, "") and "(" not in cldr[code]}
    codes = {code: code for code in sorted(current)}
    names |= codes
    signs, short = dict(codes), list[str]()
    not_before: dict[str, str] = {}
    not_before_plain: dict[str, str] = {}
    for code, words in _TABLES["currency"].items():
        names |= dict.fromkeys(words["name"], code)
        signs |= dict.fromkeys(words.get("sign", []), code)
        short += words.get("short", [])
        not_before |= words.get("not_before", {})
        not_before_plain |= words.get("not_before_plain", {})
    return names, signs, short, not_before, not_before_plain


NAME, SIGN, SHORT_NAME, NOT_BEFORE, NOT_BEFORE_PLAIN = _currency_words()

"""The tables of vocabulary.toml."""

import tomllib
from importlib.resources import files
from typing import Any

from ..money.vocabulary import COUNTER, COUNTER_APART

_TABLES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))

TRIGGERS: list[dict[str, Any]] = _TABLES["trigger"]
MODIFIER: dict[str, list[str]] = _TABLES["modifier"]
CLAUSE_END: list[str] = _TABLES["clause"]["end"]
CLAUSE_END_PAST: str = _TABLES["clause"]["past"]
CLAUSE_END_WITH_COMMA: list[str] = _TABLES["clause"]["end_with_comma"]
DEFINITION: list[str] = _TABLES["definition"]["word"]
RESTATEMENT: list[str] = _TABLES["restatement"]["word"]
COUNTED: list[str] = [*COUNTER, *COUNTER_APART]
"""What numbers count in an article: kept with them, so that 1억 명 stays no money."""
DATE: dict[str, Any] = _TABLES["date"]
ORGANIZATION: dict[str, list[str]] = _TABLES["organization"]
TOPIC: dict[str, list[str]] = _TABLES["topic"]

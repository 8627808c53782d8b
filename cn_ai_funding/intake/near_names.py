"""Finds rows of organizations.csv that may be one organization under two ids.

What it finds is told, and changes nothing.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import combinations
from typing import Any

from .csv_files import all_names

_ENDINGS: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("endings.toml").read_text(encoding="utf-8"))


def near_names(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Notices of organizations that may be one under two ids.

    A name of each is the other's but for case, spaces, signs and what may end a name.
    """
    by_core: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for name in all_names(row):
            by_core[_core(name)].setdefault(row["organization_id"], name)
    near: dict[tuple[str, str], tuple[str, str]] = {}
    for named in by_core.values():
        for (one, name), (other, alike) in combinations(sorted(named.items()), 2):
            near.setdefault((one, other), (name, alike))
    again = "join the rows if they are one organization"
    return [
        f"organizations.csv: {name!r} of {one} and {alike!r} of {other} are nearly the same name; {again}"
        for (one, other), (name, alike) in near.items()
    ]


def _core(name: str) -> str:
    """A name in lower case, without spaces and signs, and without what may end it; never less than two characters."""
    words = [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold()) if word]
    while len(words) > 1 and words[-1] in _ENDINGS["words"]:
        words.pop()
    core = "".join(words)
    while ending := next(
        (ending for ending in _ENDINGS["endings"] if core.endswith(ending) and len(core) >= len(ending) + 2), None
    ):
        core = core.removesuffix(ending)
    return core

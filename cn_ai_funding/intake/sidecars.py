"""Reads and checks sidecars: what is known of an article besides its text. Every fault becomes a `Problem`."""

import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .problems import Problem
from .texts import NOT_PRINTED, read_bytes

_HEX = re.compile(r"[0-9a-f]{64}")
_URL = re.compile(r"https?://[^\s<>\"`\\]+")
PUBLISHED_BASES = ("stated", "listing", "unknown")
FULL, EXCERPT = "full", "excerpt"
EXTENTS = (FULL, EXCERPT)
"""Whether a text is all of its article, or its beginning or parts of it."""
_REQUIRED = {
    "publisher": str,
    "published_basis": str,
    "language": str,
    "text_sha256": str,
    "text_length": int,
    "masked_sha256": str,
    "origin": str,
    "licence": str,
}
OPTIONAL_FACTS = {"title": str, "author": str, "url": str, "published": date, "extent": str, "checked": date}
UNSAID: dict[str, Any] = dict.fromkeys(OPTIONAL_FACTS) | {"extent": FULL}
"""What an optional key is where a sidecar does not have it."""
_TYPE_NAMES = {str: "string in quotes", int: "whole number", date: "date without quotes (2019-02-07)"}


Fault = tuple[str, str, str, str]
"""The place, what was found, what was expected, what to do."""


def read_sidecar(path: Path, today: date, problems: list[Problem]) -> dict[str, Any] | None:
    """What a sidecar says, every key there; None where something in it is wrong."""
    data = read_bytes(path, problems)
    if data is None:
        return None
    try:
        facts = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(
            Problem(path.name, "", f"no valid TOML ({error})", "TOML 1.0 with dates that exist", "Correct the sidecar")
        )
        return None
    return check_facts(path.name, facts, today, problems)


def check_facts(name: str, facts: Mapping[str, Any], today: date, problems: list[Problem]) -> dict[str, Any] | None:
    """The facts of a sidecar, every key there and texts NFC; None where something in them is wrong.

    `name` is what problems call it.
    """
    for faults in (_faults_of_form, _faults_of_value):  # a value is looked at where all have their types
        if found := [Problem(name, *fault) for fault in faults(facts, today)]:
            problems += found
            return None
    return UNSAID | {
        key: sys.intern(unicodedata.normalize("NFC", value)) if isinstance(value, str) else value
        for key, value in facts.items()
    }


def _faults_of_form(facts: Mapping[str, Any], _: date) -> Iterator[Fault]:
    """Keys that are unknown or lack, and values of another type."""
    known = _REQUIRED | OPTIONAL_FACTS
    for key in sorted(facts.keys() - known.keys()):
        yield key, "an unknown key", f"one of {', '.join(known)}", "Remove or rename it"
    for key in sorted(_REQUIRED.keys() - facts.keys()):
        yield key, "nothing", "a required key", "Add it"
    for key, value in facts.items():
        expected = known.get(key)
        if expected and (not isinstance(value, expected) or isinstance(value, datetime | bool)):
            yield key, f"{value!r}", f"a {_TYPE_NAMES[expected]}", "Correct it"
        elif expected is str and not str(value).strip():
            yield key, "an empty string", "a value", "Fill it in, or leave the key out if it is optional"
        elif expected is str and NOT_PRINTED.search(value):
            yield key, f"{value!r}", "one line without control characters or direction marks", "Remove them"


def _faults_of_value(facts: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """Values that their type allows and that cannot be."""
    for key in ("text_sha256", "masked_sha256"):
        if not _HEX.fullmatch(facts[key]):
            yield key, repr(facts[key]), "64 hexadecimal digits", "Correct it"
    if facts["published_basis"] not in PUBLISHED_BASES:
        yield "published_basis", repr(facts["published_basis"]), f"one of {', '.join(PUBLISHED_BASES)}", "Correct it"
    elif (facts["published_basis"] == "unknown") != ("published" not in facts):
        yield (
            "published",
            str(facts.get("published", "nothing")),
            "a date unless published_basis is unknown",
            "Correct one of them",
        )
    if facts.get("extent", FULL) not in EXTENTS:
        yield "extent", repr(facts["extent"]), f"one of {', '.join(EXTENTS)}", "Correct it"
    for key in ("published", "checked"):
        if key in facts and facts[key] > today:
            yield key, f"{facts[key]}", f"a day up to today, {today}", "Correct the date"
    if "url" in facts and not _URL.fullmatch(facts["url"]):
        yield "url", repr(facts["url"]), "an http or https address", "Correct it"

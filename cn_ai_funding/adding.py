"""Adds an article to raw/: its masked text and its sidecar, and nothing else.

In go the full text and what is known of it, out come the two files. What was read is for a person to look at first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from slugify import slugify

from .context import Figure, Organization, read_and_mask
from .masking import MASK
from .problems import Problem
from .publish import write_file
from .sources import check_facts, is_id, sha256

LICENCE = "The publisher's copyright. This repository holds facts and single words of it, no sentence."
ORIGIN = "the article's text"
LONGEST_SLUG = 40
"""Characters of a publisher's name in an id."""


def checksums(text: str, masked: str) -> dict[str, Any]:
    """What identifies a text, as a sidecar holds it."""
    return {"text_sha256": sha256(text), "text_length": len(text), "masked_sha256": sha256(masked)}


def propose_id(publisher: str, published: date | None) -> str:
    """An id for an article: the day it appeared and its publisher, in Latin letters."""
    return f"{published or 'undated'}-{slugify(publisher, max_length=LONGEST_SLUG) or 'source'}"


def read_new(
    text: str, name: str, source_id: str, facts: Mapping[str, Any], raw: Path, organizations: Iterable[Organization], today: date, problems: list[Problem]
) -> tuple[list[Figure], dict[str, bytes]]:
    """The figures of an article, and the files that would add it to raw/. Everything that speaks against it becomes a problem.

    `facts` are those of the sidecar without what follows from the text; unknown ones are None. `name` is what the text's
    file is called.
    """
    figures, masked = read_and_mask(text, facts["published"], organizations)
    known = {key: value for key, value in facts.items() if value is not None} | checksums(text, masked)
    check_facts(f"{source_id}.toml", known, today, problems)
    if MASK in text:
        problems.append(Problem(name, "", "a text that is masked already", "the article in full", "Name the full text"))
    sidecars = {path.stem.lower(): path for path in raw.glob("*.toml")}
    if not is_id(source_id):
        problems.append(Problem("--id", "", repr(source_id), "letters, digits, . _ - (at most 64)", "Give another"))
    elif source_id.lower() in sidecars:
        problems.append(Problem("--id", "", f"{source_id}, which {raw} has already", "an id of its own", "Give another with --id"))
    digest = known["text_sha256"].encode()
    for path in sidecars.values():
        if digest in path.read_bytes():
            problems.append(Problem(name, "", f"the article of {path.stem}", "one that is new", f"To mask it anew: python -m cn_ai_funding mask {name} {path}"))
    return figures, {f"{source_id}.txt": masked.encode(), f"{source_id}.toml": tomlkit.dumps(known).encode()}


def write_new(files: Mapping[str, bytes], raw: Path) -> None:
    """Write the files of an article, all or none. Raises OSError where that cannot be done."""
    written = []
    try:
        for name, data in files.items():
            write_file(raw / name, data)
            written.append(raw / name)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def undecided(text: str, figure: Figure) -> list[str]:
    """What could not be told of a figure, or only by a guess, each with what would help."""
    money, open_points = figure.money, []
    if figure.restates is not None:
        return []
    if money.qualifier == "unreadable":
        open_points.append("the amount: its digits are no number")
    if money.currency is None:
        open_points.append("the currency")
    if figure.kind == "other":
        open_points.append("the kind")
    if figure.is_deal:
        if money.currency_inferred:
            open_points.append(f"the currency: the text leaves it out, {money.currency} follows from its words")
        if figure.organization is None:
            open_points.append("whom it is about")
        elif figure.organization_id is None:
            open_points.append(f"who {figure.organization} is: not in organizations.csv")
        if figure.date is None:
            open_points.append("the date: give --published, if it is known")
        elif figure.date_basis in ("published", "inferred"):
            whence = "the day of publication" if figure.date_basis == "published" else "the latest that the text names"
            open_points.append(f"the date: {figure.date} is {whence}")
    line = text.count("\n", 0, money.start) + 1
    return [f"line {line}, {money.text}: {point}" for point in open_points]

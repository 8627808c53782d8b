"""Adds an article to raw/, or masks one anew: its masked text and its sidecar, and nothing else.

In go the full text and what is known of it, out come the two files. What was read is for a person to look at first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import tomlkit
from slugify import slugify

from .context import Figure, Organization, mask_article, read_and_mask
from .masking import MASK
from .mentions import as_published
from .money import unread_tables
from .problems import Problem
from .sources import check_facts, is_id, sha256

LICENCE = "The publisher's copyright. This repository holds facts and single words of it, no sentence."
ORIGIN = "the article's text"
LONGEST_SLUG = 40
"""Characters of a publisher's name in an id."""


def _checksums(text: str, masked: str) -> dict[str, Any]:
    """What identifies a text, as a sidecar holds it."""
    return {"text_sha256": sha256(text), "text_length": len(text), "masked_sha256": sha256(masked)}


def propose_id(publisher: str, published: date | None, raw: Path) -> str:
    """An id for an article: the day it appeared and its publisher, in Latin letters; numbered where raw/ has that already."""
    name = f"{published or 'undated'}-{slugify(publisher, max_length=LONGEST_SLUG) or 'source'}"
    taken = _taken(raw)
    return next(proposed for proposed in chain([name], (f"{name}-{number}" for number in count(2))) if proposed not in taken)


def _taken(raw: Path) -> set[str]:
    """The ids of the sources in a folder, and of what is half one, in lower case."""
    return {path.stem.lower() for path in raw.iterdir() if path.suffix.lower() in (".txt", ".toml")}


def read_new(
    text: str, name: str, source_id: str, facts: Mapping[str, Any], raw: Path, organizations: Iterable[Organization], today: date, problems: list[Problem]
) -> tuple[list[Figure], dict[Path, bytes]]:
    """The figures of an article, and the files that would add it to raw/. Everything that speaks against it becomes a problem.

    `facts` are those of the sidecar without what follows from the text; unknown ones are None. `name` is what the text's
    file is called.
    """
    figures, masked = read_and_mask(text, facts["published"], organizations)
    known = {key: value for key, value in facts.items() if value is not None} | _checksums(text, masked)
    check_facts(f"{source_id}.toml", known, today, problems)
    _refuse_masked(text, name, problems)
    if not is_id(source_id):
        problems.append(Problem("--id", "", repr(source_id), "letters, digits, . _ - (at most 64)", "Give another"))
    elif source_id.lower() in _taken(raw):
        problems.append(Problem("--id", "", f"{source_id}, which {raw} has already", "an id of its own", "Give another with --id"))
    digest = known["text_sha256"].encode()
    for path in filter(Path.is_file, raw.glob("*.toml")):
        if digest in path.read_bytes():
            problems.append(Problem(name, "", f"the article of {path.stem}", "one that is new", f"To mask it anew: python -m cn_ai_funding mask {name} {path}"))
    return figures, {raw / f"{source_id}.txt": masked.encode(), raw / f"{source_id}.toml": tomlkit.dumps(known).encode()}


def read_again(text: str, full_text: Path, sidecar: Path, organizations: Iterable[Organization], problems: list[Problem]) -> dict[Path, bytes]:
    """The files of a source that is there, masked anew from its full text. Everything that speaks against it becomes a problem."""
    masked = mask_article(text, organizations)
    found = _checksums(text, masked)
    try:
        facts = tomlkit.parse(sidecar.read_text(encoding="utf-8"))
    except ValueError as error:
        problems.append(Problem(sidecar.name, "", f"no valid TOML ({error})", "TOML 1.0 with dates that exist", "Correct the sidecar"))
        return {}
    target = sidecar.with_suffix(".txt")
    _refuse_masked(text, str(full_text), problems)
    if target.exists() and target.samefile(full_text):
        problems.append(Problem(str(full_text), "", "the file that the masked text goes to", "the full text elsewhere", "Move the full text out of raw/"))
    if facts.get("text_sha256", found["text_sha256"]) != found["text_sha256"]:
        action = "If this is the article, remove the line first"
        problems.append(Problem(sidecar.name, "text_sha256", "another article's checksum", found["text_sha256"], action))
    facts.update(found)
    return {target: masked.encode(), sidecar: tomlkit.dumps(facts).encode()}


def _refuse_masked(text: str, name: str, problems: list[Problem]) -> None:
    if MASK in text:
        problems.append(Problem(name, "", "a text that is masked already", "the article in full", "Name the full text"))


def unread(text: str) -> list[str]:
    """The tables of a text whose unit is told but whose layout is not understood: no amount is read from their numbers."""
    what = "the numbers below it: the layout of the table is not understood"
    return [f"line {text.count(chr(10), 0, start) + 1}, {text[start:end]}: {what}" for start, end in unread_tables(text)]


def undecided(text: str, figure: Figure, published: date | None, unmasked: Figure | None) -> list[str]:
    """What could not be told of a figure, or only by a guess, each with what would help. `unmasked` is the figure in the full text."""
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
        elif as_published(figure, published) != figure:
            open_points.append(f"the date: {figure.date} is after the publication, {published}, so the tables call it planned")
        for field in ("kind", "organization", "date"):
            told, hidden = getattr(figure, field), getattr(unmasked, field, None)
            if hidden not in (None, told):
                open_points.append(f"the {field}: {told or 'unknown'}; {hidden} by words that the mask has to hide")
    line = text.count("\n", 0, money.start) + 1
    return [f"line {line}, {money.text}: {point}" for point in open_points]

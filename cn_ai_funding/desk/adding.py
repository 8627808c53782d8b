"""Adds articles to raw/, or masks one anew: the masked text and the sidecar of each, and nothing else.

In go full texts and what is known of them, out come the files. What was read is for a person to look at first. All that
can be checked without reading is checked before: of a folder of articles, every fault is told within a second or two.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import tomlkit
from slugify import slugify

from ..context import Figure, Organization, mask_article, read_and_mask
from ..deals.citing import cite
from ..deals.mentions import Mention
from ..intake.csv_files import read_csv
from ..intake.masked import MASK
from ..intake.problems import Problem
from ..intake.sidecars import FULL, UNSAID, check_facts
from ..intake.sources import Source, is_id
from ..intake.texts import read_text, sha256
from ..money import unread_tables

LICENCE = "The publisher's copyright. This repository holds facts and single words of it, no sentence."
ORIGIN = "the article's text"
LANGUAGE = "ko"
FACTS = (
    "publisher",
    "title",
    "published",
    "published_basis",
    "author",
    "url",
    "language",
    "origin",
    "licence",
    "extent",
)
FACTS_COLUMNS = ("file", "id", *FACTS)
"""Of the table that says what is known of the articles of a folder; only `file` must be there."""
_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")
LONGEST_SLUG = 40
"""Characters of a publisher's name in an id."""


def _checksums(text: str, masked: str) -> dict[str, Any]:
    """What identifies a text, as a sidecar holds it."""
    return {"text_sha256": sha256(text), "text_length": len(text), "masked_sha256": sha256(masked)}


class Shelf:
    """What a folder of sources has: its ids and its articles, so that nothing is added twice."""

    def __init__(self, raw: Path) -> None:
        self.raw = raw
        self._ids = {path.stem.lower() for path in raw.iterdir() if path.suffix.lower() in (".txt", ".toml")}
        sidecars = (path for path in raw.glob("*.toml") if path.is_file())
        self._articles = {
            digest.decode(): path.stem for path in sidecars for digest in _DIGEST.findall(path.read_bytes())
        }

    def propose_id(self, publisher: str, published: date | None) -> str:
        """An id for an article: the day it appeared and its publisher, in Latin letters.

        Numbered where there is that already.
        """
        name = f"{published or 'undated'}-{slugify(publisher, max_length=LONGEST_SLUG) or 'source'}"
        return next(
            proposed
            for proposed in chain([name], (f"{name}-{number}" for number in count(2)))
            if proposed.lower() not in self._ids
        )

    def has_id(self, source_id: str) -> bool:
        """Whether a source, or half of one, has an id, in whatever case."""
        return source_id.lower() in self._ids

    def source_of(self, text: str) -> str | None:
        """The id of the source whose article a text is."""
        return self._articles.get(sha256(text))

    def take(self, source_id: str, text: str) -> None:
        """Hold an id and an article for a source to come."""
        self._ids.add(source_id.lower())
        self._articles[sha256(text)] = source_id


@dataclass(frozen=True, slots=True)
class Article:
    """An article to add: its full text, its id, and the facts of its sidecar that do not follow from the text."""

    text: str
    source_id: str
    facts: Mapping[str, Any]


def prepare(
    text: str,
    name: str,
    source_id: str | None,
    facts: Mapping[str, Any],
    shelf: Shelf,
    today: date,
    problems: list[Problem],
    row: str | None = None,
) -> Article | None:
    """An article to add, with an id; None where anything speaks against it, and each such thing a problem.

    It is not yet read.

    `name` is what its file is called, `row` the row of a table that its facts come from. Unknown facts are None.
    """
    before = len(problems)
    known = {key: value for key, value in facts.items() if value is not None}
    known = {
        "origin": ORIGIN,
        "licence": LICENCE,
        "language": LANGUAGE,
        "published_basis": "stated",
        "extent": FULL,
    } | known
    if "published" not in known:
        known["published_basis"] = "unknown"
    proposed = source_id or shelf.propose_id(str(known.get("publisher", "")), known.get("published"))
    check_facts(row or f"{proposed}.toml", known | _checksums(text, text), today, problems)
    _refuse_masked(text, name, problems)
    where = (row, "id") if row else ("--id", "")
    if not is_id(proposed):
        problems.append(Problem(*where, repr(proposed), "letters, digits, . _ - (at most 64)", "Give another"))
    elif shelf.has_id(proposed):
        problems.append(
            Problem(*where, f"{proposed}, which {shelf.raw} has already", "an id of its own", "Give another")
        )
    if there := shelf.source_of(text):
        action = f"To mask it anew: python -m cn_ai_funding mask {name} {shelf.raw / f'{there}.toml'}"
        problems.append(Problem(name, "", f"the article of {there}", "one that is new", action))
    if len(problems) > before:
        return None
    shelf.take(proposed, text)
    return Article(text, proposed, known)


def prepare_folder(
    folder: Path,
    table: Path,
    defaults: Mapping[str, Any],
    shelf: Shelf,
    today: date,
    problems: list[Problem],
    notices: list[str],
) -> list[Article]:
    """The articles of a folder that are new, in the order of the table of their facts.

    Those that are there already are told.

    A row names a file of the folder and what is known of it (FACTS_COLUMNS); `defaults` fill its empty cells. A file
    that ends in .txt and has no row is a problem, as is anything that speaks against an article.
    """
    articles, named = [], set()
    files = {
        unicodedata.normalize("NFC", path.name): path for path in sorted(folder.iterdir()) if path.is_file()
    }  # some disks give names as NFD
    for line, cells in read_csv(table, FACTS_COLUMNS, ("file",), problems, some=True):
        row, name = f"{table.name}, line {line}", unicodedata.normalize("NFC", cells["file"])
        path = files.get(name)
        if path is None or name in named:
            found = f"{name!r} again" if name in named else f"{name!r}"
            problems.append(Problem(row, "file", found, f"the name of a file in {folder}, once", "Correct the row"))
            continue
        named.add(name)
        given = {key: cells[key] for key in FACTS if cells.get(key) is not None}
        try:
            facts = {**defaults, **given} | (
                {"published": date.fromisoformat(given["published"])} if "published" in given else {}
            )
        except ValueError:
            problems.append(
                Problem(row, "published", repr(given["published"]), "a day such as 2019-02-07", "Correct it")
            )
            continue
        text = read_text(path, problems, notices)
        if text is None:
            continue
        if there := shelf.source_of(text):
            notices.append(f"{name}: is there already, as {there}; left as it is")
        elif article := prepare(text, str(path), cells.get("id"), facts, shelf, today, problems, row):
            articles.append(article)
    for name, path in files.items():
        if path.suffix.lower() == ".txt" and name not in named:
            problems.append(
                Problem(
                    name,
                    "",
                    f"no row of {table.name}",
                    "one that names its publisher",
                    "Add the row, or take the file away",
                )
            )
    return articles


def read_new(
    article: Article, raw: Path, organizations: Iterable[Organization], problems: list[Problem]
) -> tuple[list[Mention], dict[Path, bytes]]:
    """What an article tells, cited, and the files that would add it to raw/."""
    figures, masked = read_and_mask(article.text, article.facts.get("published"), organizations)
    known = dict(article.facts) | _checksums(article.text, masked)
    source = Source(article.source_id, **(UNSAID | known))
    mentions = cite(source, article.text, masked, figures, problems)
    return mentions, {
        raw / f"{article.source_id}.txt": masked.encode(),
        raw / f"{article.source_id}.toml": tomlkit.dumps(known).encode(),
    }


def read_again(
    text: str, full_text: str, sidecar: Path, organizations: Iterable[Organization], problems: list[Problem]
) -> dict[Path, bytes]:
    """The files of a source that is there, masked anew from its full text.

    That was read from the file `full_text` or, for -, from standard input.

    Everything that speaks against it becomes a problem.
    """
    masked = mask_article(text, organizations)
    found = _checksums(text, masked)
    try:
        facts = tomlkit.parse(sidecar.read_text(encoding="utf-8"))
    except ValueError as error:
        problems.append(
            Problem(
                sidecar.name, "", f"no valid TOML ({error})", "TOML 1.0 with dates that exist", "Correct the sidecar"
            )
        )
        return {}
    target = sidecar.with_suffix(".txt")
    _refuse_masked(text, full_text, problems)
    if full_text != "-" and target.exists() and target.samefile(full_text):
        problems.append(
            Problem(
                full_text,
                "",
                "the file that the masked text goes to",
                "the full text elsewhere",
                "Move the full text out of raw/",
            )
        )
    if facts.get("text_sha256", found["text_sha256"]) != found["text_sha256"]:
        action = "If this is the article, remove the line first"
        problems.append(
            Problem(sidecar.name, "text_sha256", "another article's checksum", found["text_sha256"], action)
        )
    facts.update(found)
    return {target: masked.encode(), sidecar: tomlkit.dumps(facts).encode()}


def _refuse_masked(text: str, name: str, problems: list[Problem]) -> None:
    if MASK in text:
        problems.append(Problem(name, "", "a text that is masked already", "the article in full", "Name the full text"))


def unread(text: str) -> list[str]:
    """The tables of a text with a unit but a layout that is not understood: no amount is read from their numbers."""
    what = "the numbers below it: the layout of the table is not understood"
    return [
        f"line {text.count(chr(10), 0, start) + 1}, {text[start:end]}: {what}" for start, end in unread_tables(text)
    ]


def undecided(mention: Mention, unmasked: Figure | None) -> list[str]:
    """What could not be told of a figure, or only by a guess, each with what would help.

    `unmasked` is the figure in the full text.
    """
    figure, money, open_points = mention.figure, mention.figure.money, []
    if figure.restates is not None:
        return []
    if money.qualifier == "unreadable":
        open_points.append("the amount: its digits are no number")
    if money.currency is None:
        open_points.append("the currency")
    if figure.kind == "other":
        open_points.append("the kind")
    if figure.is_deal:
        open_points += _undecided_of_deal(mention)
        for field in ("kind", "organization", "date"):
            told, hidden = getattr(figure, field), getattr(unmasked, field, None)
            if hidden not in (None, told):
                open_points.append(f"the {field}: {told or 'unknown'}; {hidden} by words that the mask has to hide")
    return open_points


def _undecided_of_deal(mention: Mention) -> Iterator[str]:
    """What could not be told of a figure that is a deal: its currency, whom it is about, when it was."""
    figure, money = mention.figure, mention.figure.money
    if money.currency_inferred:
        yield f"the currency: the text leaves it out, {money.currency} follows from its words"
    if figure.organization is None:
        yield "whom it is about"
    elif figure.organization_id is None:
        yield (
            f"who {figure.organization} is: not in organizations.csv; "
            "the mask keeps the name, so a row there and a build are enough"
        )
    if figure.date is None:
        yield "the date" if mention.source.published else "the date: give --published, if it is known"
    elif figure.date_basis in ("published", "inferred"):
        whence = "the day of publication" if figure.date_basis == "published" else "the latest that the text names"
        yield f"the date: {figure.date} is {whence}"
    elif mention.early:
        yield (
            f"the date: {figure.date} is after the publication, {mention.source.published}, "
            "so the tables call it planned"
        )


def grouped(points: Iterable[tuple[Mention, str]]) -> dict[str, list[Mention]]:
    """What is undecided, each point once with the mentions that share it; those that most share come first."""
    shared: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention, point in points:
        shared[point].append(mention)
    return dict(sorted(shared.items(), key=lambda item: -len(item[1])))

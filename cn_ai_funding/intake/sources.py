"""Reads raw/: the texts with their sidecars, the directory of organizations, the maintainer's corrections.

Nothing here is trusted. Every fault becomes a `Problem`, none stops the reading of the rest; what was mended on the way
(an encoding, NFD, CRLF) becomes a notice. Texts leave as NFC with LF, so that offsets count the same everywhere.
"""

import csv
import hashlib
import io
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .problems import Problem

MAX_BYTES = 1_000_000
"""No article is larger; a file that is was put here by mistake."""
MAX_TABLE_BYTES = 100_000_000
"""Nor any table."""

_ID = re.compile(r"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
"""No name that Windows keeps for a device, or that ends with a point."""
_HEX = re.compile(r"[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_URL = re.compile(r"https?://[^\s<>\"`\\]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_NOT_PRINTED = re.compile(rf"[\t\n]|{_INVISIBLE.pattern}|{_CONTROL.pattern}")
PUBLISHED_BASES = ("stated", "listing", "unknown")
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
OPTIONAL_FACTS = {"title": str, "author": str, "url": str, "published": date, "checked": date}

ORGANIZATION_COLUMNS = ("organization_id", "name_en", "name_ko", "name_zh", "aliases", "type", "country")
ORGANIZATION_TYPES = ("ai_company", "technology_company", "investor", "government", "public_body", "person", "country")
REVIEW_COLUMNS = ("mention_id", "field", "expected", "value", "reason")


@dataclass(frozen=True, slots=True)
class Source:
    """One article, by what its sidecar says of it. Its text goes beside it, so that nothing holds all texts at once."""

    source_id: str
    publisher: str
    title: str | None
    author: str | None
    url: str | None
    published: date | None
    published_basis: str
    language: str
    text_sha256: str
    text_length: int
    masked_sha256: str
    origin: str
    licence: str
    checked: date | None = None

    def row(self) -> dict[str, Any]:
        """What the table of sources says of it by itself."""
        return {name: getattr(self, name) for name in _ROW}


_ROW = [name for name in Source.__dataclass_fields__ if name != "masked_sha256"]


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as the sidecars hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_sources(folder: Path, problems: list[Problem]) -> list[tuple[Path, Path]]:
    """The text and the sidecar of every source in a folder, sorted by id."""
    if not folder.is_dir():
        problems.append(Problem(str(folder), "", "no such folder", "the folder of sources", "Name it with --raw"))
        return []
    texts = _by_id(folder, ".txt", problems)
    sidecars = _by_id(folder, ".toml", problems)
    for missing in sorted(texts.keys() - sidecars.keys()):
        name = texts[missing].name
        problems.append(
            Problem(
                name,
                "",
                "a text without a sidecar",
                f"{texts[missing].stem}.toml beside it",
                "Write one (raw/README.md) or remove the text",
            )
        )
    for missing in sorted(sidecars.keys() - texts.keys()):
        name = sidecars[missing].name
        problems.append(
            Problem(
                name,
                "",
                "a sidecar without a text",
                f"{sidecars[missing].stem}.txt beside it",
                "Add the masked text or remove the sidecar",
            )
        )
    return [(texts[key], sidecars[key]) for key in sorted(texts.keys() & sidecars.keys())]


def read_sources(
    files: Iterable[tuple[Path, Path]], today: date, problems: list[Problem], notices: list[str]
) -> Iterator[tuple[Source, str]]:
    """The sources that `find_sources` gives, one after the other, each with its text, full or masked.

    `today` is the last day on which a source can have been published.
    """
    first: dict[str, str] = {}
    for text_path, sidecar_path in files:
        text = read_text(text_path, problems, notices)
        facts = read_sidecar(sidecar_path, today, problems)
        if text is None or facts is None or not _fits(text, facts, text_path.name, sidecar_path.name, problems):
            continue
        source = Source(source_id=text_path.stem, **facts)
        known = first.setdefault(source.text_sha256, source.source_id)
        if known == source.source_id:
            yield source, text
        else:
            problems.append(
                Problem(
                    sidecar_path.name,
                    "text_sha256",
                    f"the article of {known}",
                    "one source an article",
                    "Remove one of them",
                )
            )


def _by_id(folder: Path, suffix: str, problems: list[Problem]) -> dict[str, Path]:
    """The folder's files with a suffix, by their id in lower case: on many disks A.txt and a.txt are one file."""
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != suffix or not path.is_file():
            continue
        key = path.stem.lower()
        if not is_id(path.stem):
            problems.append(
                Problem(
                    path.name, "", f"the id {path.stem!r}", "letters, digits, . _ - (at most 64)", "Rename the file"
                )
            )
        elif _leads_out(path):
            problems.append(Problem(path.name, *_LINK))
        elif key in files:
            problems.append(
                Problem(
                    path.name,
                    "",
                    f"a second source with the id of {files[key].name}",
                    "one source an id, whatever its case",
                    "Rename one of them",
                )
            )
        else:
            files[key] = path
    return files


_LINK = ("", "a link that leads out of the folder", "a file in it", "Put the file itself there")


def _leads_out(path: Path) -> bool:
    return path.resolve().parent != path.parent.resolve()


def is_id(text: str) -> bool:
    """Whether a text may be the id of a source: a plain name, so that no id leads out of its folder."""
    return bool(_ID.fullmatch(text))


def _fits(text: str, facts: Mapping[str, Any], text_name: str, sidecar_name: str, problems: list[Problem]) -> bool:
    """Whether a text is the one that its sidecar describes."""
    digest = sha256(text)
    if digest not in (facts["text_sha256"], facts["masked_sha256"]):
        full, masked = f"{facts['text_sha256'][:12]}…", f"{facts['masked_sha256'][:12]}…"
        expected = f"the full text ({full}) or its masked form ({masked}), by {sidecar_name}"
        problems.append(
            Problem(
                text_name,
                "",
                f"a text with SHA-256 {digest[:12]}…",
                expected,
                "Restore the text, or mask it anew (raw/README.md)",
            )
        )
        return False
    if len(text) != facts["text_length"]:
        problems.append(
            Problem(
                sidecar_name,
                "text_length",
                str(facts["text_length"]),
                f"{len(text)}, the length of {text_name}",
                "Correct the sidecar",
            )
        )
        return False
    return True


def read_text(path: Path, problems: list[Problem], notices: list[str], most: int = MAX_BYTES) -> str | None:
    """A file's text as NFC with LF, or None where it is none, or has more than `most` bytes.

    Says which encoding it met if that is not UTF-8.
    """
    data = _read_bytes(path, problems, most)
    return None if data is None else as_text(path.name, data, problems, notices)


def as_text(name: str, data: bytes, problems: list[Problem], notices: list[str]) -> str | None:
    """The bytes of an article as `read_text` gives those of a file; `name` is what problems and notices call them."""
    text, encoding = _decode(data)
    if text is None:
        problems.append(
            Problem(
                name, encoding, "bytes that are no text", "UTF-8 (or UTF-16, CP949)", "Save the article as UTF-8 text"
            )
        )
        return None
    if encoding != "UTF-8":
        notices.append(f"{name}: read as {encoding}, not UTF-8")
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified != text:
        notices.append(f"{name}: CR LF line ends read as LF")
    composed = unicodedata.normalize("NFC", unified)
    if composed != unified:
        notices.append(f"{name}: decomposed characters (NFD) read as NFC")
    visible = _INVISIBLE.sub("", composed)
    if visible != composed:
        notices.append(f"{name}: zero-width and direction marks left out")
        composed = visible
    if match := _CONTROL.search(composed):
        place = f"line {composed.count(chr(10), 0, match.start()) + 1}"
        problems.append(
            Problem(name, place, f"the control character U+{ord(match.group()):04X}", "text only", "Remove it")
        )
        return None
    if not composed.strip():
        problems.append(Problem(name, "", "an empty text", "an article", "Put its text there, or leave it out"))
        return None
    return composed


def _read_bytes(path: Path, problems: list[Problem], most: int = MAX_BYTES) -> bytes | None:
    try:
        size = path.stat().st_size
        if size > most:
            problems.append(
                Problem(path.name, "", f"{size:,} bytes", f"at most {most:,}", "Keep one article in one file")
            )
            return None
        return path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(
                path.name,
                "",
                f"a file that cannot be read ({error.strerror})",
                "a readable file",
                "Check the path and its permissions",
            )
        )
        return None


def _decode(data: bytes) -> tuple[str | None, str]:
    """The text and its encoding; or None and the place of the first byte that is no UTF-8."""
    place = ""
    byte_order_marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((encoding for mark, encoding in byte_order_marks.items() if data.startswith(mark)), None)
    for encoding, name in ((marked, (marked or "").upper()), ("utf-8", "UTF-8"), ("cp949", "CP949 (EUC-KR)")):
        try:
            if encoding:
                return data.decode(encoding), "UTF-8 with a byte order mark" if name == "UTF-8-SIG" else name
        except UnicodeDecodeError as error:
            place = place or f"byte {error.start}"
    return None, place


def read_sidecar(path: Path, today: date, problems: list[Problem]) -> dict[str, Any] | None:
    """What a sidecar says, every key there; None where something in it is wrong."""
    data = _read_bytes(path, problems)
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
    before = len(problems)

    def wrong(place: str, found: str, expected: str, action: str) -> None:
        problems.append(Problem(name, place, found, expected, action))

    known = _REQUIRED | OPTIONAL_FACTS
    for key in sorted(facts.keys() - known.keys()):
        wrong(key, "an unknown key", f"one of {', '.join(known)}", "Remove or rename it")
    for key in sorted(_REQUIRED.keys() - facts.keys()):
        wrong(key, "nothing", "a required key", "Add it")
    for key, value in facts.items():
        expected = known.get(key)
        if expected and (not isinstance(value, expected) or isinstance(value, datetime | bool)):
            wrong(key, f"{value!r}", f"a {_TYPE_NAMES[expected]}", "Correct it")
        elif expected is str and not str(value).strip():
            wrong(key, "an empty string", "a value", "Fill it in, or leave the key out if it is optional")
        elif expected is str and _NOT_PRINTED.search(value):
            wrong(key, f"{value!r}", "one line without control characters or direction marks", "Remove them")
    if len(problems) > before:
        return None
    for key in ("text_sha256", "masked_sha256"):
        if not _HEX.fullmatch(facts[key]):
            wrong(key, repr(facts[key]), "64 hexadecimal digits", "Correct it")
    if facts["published_basis"] not in PUBLISHED_BASES:
        wrong("published_basis", repr(facts["published_basis"]), f"one of {', '.join(PUBLISHED_BASES)}", "Correct it")
    elif (facts["published_basis"] == "unknown") != ("published" not in facts):
        wrong(
            "published",
            str(facts.get("published", "nothing")),
            "a date unless published_basis is unknown",
            "Correct one of them",
        )
    for key in ("published", "checked"):
        if key in facts and facts[key] > today:
            wrong(key, f"{facts[key]}", f"a day up to today, {today}", "Correct the date")
    if "url" in facts and not _URL.fullmatch(facts["url"]):
        wrong("url", repr(facts["url"]), "an http or https address", "Correct it")
    if len(problems) > before:
        return None
    return dict.fromkeys(OPTIONAL_FACTS) | {
        key: sys.intern(unicodedata.normalize("NFC", value)) if isinstance(value, str) else value
        for key, value in facts.items()
    }


_TYPE_NAMES = {str: "string in quotes", int: "whole number", date: "date without quotes (2019-02-07)"}


def read_organizations(path: Path, problems: list[Problem]) -> list[dict[str, Any]]:
    """The rows of organizations.csv, sorted by id; an empty cell is None."""
    rows = []
    held: dict[tuple[str, str], tuple[int, str]] = {}
    for line, row in read_csv(path, ORGANIZATION_COLUMNS, ("organization_id", "name_en", "type", "country"), problems):
        rows.append(row)
        if row["type"] not in ORGANIZATION_TYPES:
            problems.append(
                Problem(
                    path.name,
                    f"line {line}",
                    f"the type {row['type']!r}",
                    f"one of {', '.join(ORGANIZATION_TYPES)}",
                    "Correct it",
                )
            )
        if not _COUNTRY.fullmatch(row["country"]):
            problems.append(
                Problem(
                    path.name,
                    f"line {line}",
                    f"the country {row['country']!r}",
                    "an ISO 3166-1 alpha-2 code (CN)",
                    "Correct it",
                )
            )
        names = dict.fromkeys(
            filter(None, [row["name_en"], row["name_ko"], row["name_zh"], *(row["aliases"] or "").split("|")])
        )
        for what, value in (("the id", row["organization_id"]), *(("the name", name) for name in names)):
            first, whose = held.setdefault((what, value), (line, row["organization_id"]))
            if first != line:
                found = f"{what} {value!r} of {row['organization_id']}, which line {first} has for {whose}"
                problems.append(
                    Problem(
                        path.name,
                        f"line {line}",
                        found,
                        "each id and name in one row only",
                        "Remove it from one of the two, or join them",
                    )
                )
    return sorted(rows, key=lambda row: row["organization_id"] or "")


def read_reviews(path: Path, problems: list[Problem]) -> list[dict[str, Any]]:
    """The rows of reviews.csv, each with the `line` it stands on."""
    rows = read_csv(path, REVIEW_COLUMNS, ("mention_id", "field", "reason"), problems)
    return [row | {"line": str(line)} for line, row in rows]


def read_csv(
    path: Path, columns: tuple[str, ...], required: tuple[str, ...], problems: list[Problem], *, some: bool = False
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a table, each with the line it ends on; an empty cell is None, one of `required` a problem.

    Its header is `columns`; with `some`, those of them that it needs, in any order.
    """
    outside = _leads_out(path)
    text = read_text(path, problems, [], MAX_TABLE_BYTES) if path.is_file() and not outside else None
    if text is None:
        if outside:
            problems.append(Problem(path.name, *_LINK))
        elif not path.is_file():
            problems.append(
                Problem(path.name, "", "no such file", f"a CSV file with the header {','.join(columns)}", "Restore it")
            )
        return
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = tuple(next(reader))
        fits = (
            set(required) <= set(header) <= set(columns) and len(set(header)) == len(header)
            if some
            else header == columns
        )
        if not fits:
            expected = (
                f"{','.join(required)} and any of {','.join(name for name in columns if name not in required)}"
                if some
                else ",".join(columns)
            )
            problems.append(Problem(path.name, "line 1", repr(",".join(header)), expected, "Correct the header"))
            return
        for cells in reader:
            row = dict(zip(header, (cell.strip() or None for cell in cells), strict=False))
            empty = [column for column in required if not row.get(column)]
            if len(cells) != len(header):
                problems.append(
                    Problem(
                        path.name,
                        f"line {reader.line_num}",
                        f"{len(cells)} cells",
                        f"{len(header)}",
                        "Correct the line",
                    )
                )
            elif empty:
                problems.append(
                    Problem(path.name, f"line {reader.line_num}", f"an empty {empty[0]}", "a value", "Fill it in")
                )
            else:
                yield reader.line_num, row
    except csv.Error as error:
        problems.append(
            Problem(path.name, f"line {reader.line_num}", str(error), "CSV as in RFC 4180", "Correct the line")
        )

"""Finds the sources of raw/: each text with its sidecar, and whether the one is what the other describes.

Nothing here is trusted. Every fault becomes a `Problem`, none stops the reading of the rest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .problems import Problem
from .sidecars import FULL, read_sidecar
from .texts import LINK, leads_out, read_text, sha256

_ID = re.compile(r"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
"""No name that Windows keeps for a device, or that ends with a point."""


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
    extent: str = FULL
    checked: date | None = None

    def row(self) -> dict[str, Any]:
        """What the table of sources says of it by itself."""
        return {name: getattr(self, name) for name in _ROW}


_ROW = [name for name in Source.__dataclass_fields__ if name != "masked_sha256"]


def find_sources(folder: Path, problems: list[Problem]) -> list[tuple[Path, Path]]:
    """The text and the sidecar of every source in a folder, sorted by id."""
    if not folder.is_dir():
        problems.append(Problem(str(folder), "", "no such folder", "the folder of sources", "Name it with --raw"))
        return []
    texts = _by_id(folder, ".txt", problems)
    sidecars = _by_id(folder, ".toml", problems)
    for there, other, found, suffix, action in (
        (texts, sidecars, "a text without a sidecar", ".toml", "Write one (raw/README.md) or remove the text"),
        (sidecars, texts, "a sidecar without a text", ".txt", "Add the masked text or remove the sidecar"),
    ):
        for missing in sorted(there.keys() - other.keys()):
            path = there[missing]
            problems.append(Problem(path.name, "", found, f"{path.with_suffix(suffix).name} beside it", action))
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
        elif leads_out(path):
            problems.append(Problem(path.name, *LINK))
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

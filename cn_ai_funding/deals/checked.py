"""Holds what a maintainer accepted.

What each figure of a source was read as when a person had compared it with the text.

Beside a source's sidecar stands `ID.checked.csv`, a row a figure and a column a field. From the day on that the sidecar
names as `checked`, any change in what is read of the source is a problem that names both values. Before that day the
rows only say which figures need no second look. One small file a source: two maintainers seldom change the same one.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ..intake.csv_files import MAX_TABLE_BYTES, read_csv
from ..intake.problems import Problem
from ..intake.texts import leads_out, read_bytes
from .corrections import FIELDS, said
from .mentions import Mention

SUFFIX = ".checked.csv"
COLUMNS = ("mention_id", "text", *FIELDS)
Accepted = Mapping[str, Mapping[str, str | None]]
"""By mention, the fields as they were accepted, and the `line` that holds them."""


def file_of(raw: Path, source_id: str) -> Path:
    """The file of what was accepted of a source."""
    return raw / f"{source_id}{SUFFIX}"


def read_accepted(path: Path, problems: list[Problem]) -> Accepted:
    """What was accepted of a source; nothing where there is no such file."""
    if not path.is_file():
        return {}
    return {
        row["mention_id"]: row | {"line": str(line)} for line, row in read_csv(path, COLUMNS, ("mention_id",), problems)
    }


def row_of(mention: Mention) -> dict[str, str | None]:
    """What a mention says, as it is accepted."""
    return {"mention_id": mention.mention_id, "text": mention.figure.money.text} | {
        field: said(mention, field) for field in FIELDS
    }


def to_csv(rows: Iterable[Mapping[str, str | None]]) -> bytes:
    """Accepted rows as their file holds them, in the order of the text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[column] or "" for column in COLUMNS] for row in sorted(rows, key=_place))
    return out.getvalue().encode()


def _place(row: Mapping[str, str | None]) -> tuple[int, str]:
    mention_id = row["mention_id"] or ""
    start = mention_id.rpartition(":")[2].partition("-")[0]
    return (int(start) if start.isdecimal() else 0), mention_id


def differences(
    mention: Mention, accepted: Mapping[str, str | None] | None
) -> dict[str, tuple[str | None, str | None]]:
    """The fields of a mention that are not as they were accepted: what each is, and what it was.

    All of one that was not accepted.
    """
    now = {field: said(mention, field) for field in FIELDS}
    then = accepted or {}
    return {
        field: (value, then.get(field)) for field, value in now.items() if accepted is None or value != then.get(field)
    }


class Checked:
    """What was accepted of the sources in a folder, compared when each is read."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw

    def basis(self, source_id: str) -> bytes | None:
        """What `compare` goes by: the file of what was accepted of a source; None where it cannot be read."""
        path = file_of(self._raw, source_id)
        return read_bytes(path, [], MAX_TABLE_BYTES) if path.is_file() and not leads_out(path) else None

    def compare(self, mentions: Sequence[Mention], source_id: str, problems: list[Problem]) -> None:
        """Tell every difference between what is read of a checked source and what was accepted."""
        path = file_of(self._raw, source_id)
        again = f"Correct it in reviews.csv, or accept it: python -m cn_ai_funding review {source_id}"
        if not path.is_file():
            action = f"Run: python -m cn_ai_funding review {source_id} --accept"
            problems.append(
                Problem(
                    f"{source_id}.toml",
                    "checked",
                    f"a source that is checked, without {path.name}",
                    "what was accepted of it",
                    action,
                )
            )
            return
        before = len(problems)
        accepted = read_accepted(path, problems)
        if len(problems) > before:
            return
        for mention in mentions:
            told = accepted.get(mention.mention_id)
            what = f"{mention.mention_id} ({_one_line(mention.figure.money.text)})"
            if told is None:
                problems.append(
                    Problem(
                        path.name,
                        "",
                        f"{what}, a figure that was not there: {said(mention, 'kind')}",
                        "the figures that were accepted",
                        again,
                    )
                )
                continue
            for field, (now, then) in differences(mention, told).items():
                problems.append(
                    Problem(
                        path.name,
                        f"line {told['line']}",
                        f"{field} of {what} is {now!r}",
                        f"{then!r}, as it was accepted",
                        again,
                    )
                )
        there = {mention.mention_id for mention in mentions}
        for mention_id, told in accepted.items():
            if mention_id not in there:
                what = f"no figure {mention_id}"
                problems.append(
                    Problem(
                        path.name,
                        f"line {told['line']}",
                        what,
                        f"{told['text']}, a {told['kind']}, as it was accepted",
                        again,
                    )
                )

    def left(self, sources: Collection[str], problems: list[Problem]) -> None:
        """Tell what was accepted of sources that there are not."""
        for path in sorted(self._raw.glob(f"*{SUFFIX}")):
            source_id = path.name.removesuffix(SUFFIX)
            if source_id not in sources:
                problems.append(
                    Problem(
                        path.name,
                        "",
                        f"what was accepted of {source_id}",
                        "a source of this build",
                        "Remove the file, or restore its source",
                    )
                )


def _one_line(text: str) -> str:
    return " ".join(text.split())

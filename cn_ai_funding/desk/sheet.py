"""The queue of a maintainer as a table for a spreadsheet: exported, filled in, imported.

A row is a figure, or one that says it again. Its fields stand as they are read; a cell that comes back changed is a
correction, `accept` in `decision` accepts the figure with what says it again. `reading` tells whether what is read has
changed since the export: then the row is refused, since its cells would take back what is new.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..deals.checked import row_of
from ..deals.corrections import LEFT_OUT, REVIEWABLE, said
from ..deals.mentions import Mention
from ..intake.csv_files import read_csv
from ..intake.masked import passage
from ..intake.problems import Problem
from ..release.spreadsheet import inert
from .queue import REASON, Desk, Item

SHOWN = (
    "weight_usd",
    "confidence",
    "publisher",
    "title",
    "published",
    "url",
    "passage",
    "text",
    "evidence",
    "runner_up",
    "changed",
)
"""Columns that are only read."""
COLUMNS = ("decision", "mention_id", *SHOWN, *REVIEWABLE, "reason", "reading")
ACCEPT, SKIP = "accept", "skip"
_DIGITS = 12


def export(items: Iterable[Item]) -> bytes:
    """The queue as CSV, in UTF-8 with the mark by which Excel knows it; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(
        [inert(row[column]) if column in SHOWN else _cell(row[column]) for column in COLUMNS]
        for item in items
        for row in _rows(item)
    )
    return out.getvalue().encode("utf-8-sig")


def _rows(item: Item) -> Iterator[dict[str, str]]:
    for mention in item.mentions:
        figure, source = mention.figure, mention.source
        evidence = [*mention.evidence(item.masked)]
        told = {
            field: " ".join(row["exact"] for row in evidence if row["field"] == field)
            for field in dict.fromkeys(row["field"] for row in evidence)
        }
        changed = [
            f"{field} {now or '?'}, accepted as {then or '?'}"
            for (name, field), (now, then) in item.changed.items()
            if name == mention.mention_id
        ]
        yield (
            dict.fromkeys(COLUMNS, "")
            | {
                "mention_id": mention.mention_id,
                "weight_usd": f"{item.weight:.0f}" if mention is item.mention else "",
                "confidence": f"{mention.confidence:.3f}",
                "publisher": source.publisher,
                "title": source.title or "",
                "published": str(source.published or ""),
                "url": source.url or "",
                "passage": _one_line("".join(piece[0] for piece in passage(mention.row(item.masked), evidence))),
                "text": _one_line(figure.money.text),
                "evidence": _one_line("; ".join(f"{field}: {words}" for field, words in told.items())),
                "runner_up": "; ".join(
                    f"{field} {x.runner_up or '?'} {x.runner_up_probability:.0%}"
                    for field, x in figure.answers.items()
                    if mention.parent is None
                ),
                "changed": "; ".join(changed),
                "reading": _reading(mention),
            }
            | {field: item.said(mention, field) or "" for field in REVIEWABLE}
        )


def _reading(mention: Mention) -> str:
    """A hash of what is read of a mention."""
    return hashlib.sha256(json.dumps(row_of(mention), ensure_ascii=False).encode()).hexdigest()[:_DIGITS]


def take(path: Path, desk: Desk, problems: list[Problem], reason: str = REASON) -> tuple[int, int]:
    """Correct and accept what a filled-in table says. How many fields were corrected, and figures accepted.

    `reason` is why, where a row gives none. What does not fit is a problem; the desk is then not to be written.
    """
    rows = [*read_csv(path, COLUMNS, ("mention_id", "reading"), problems, some=True)]
    corrected = 0
    changes = []
    for line, row in rows:
        mention = desk.mention(row["mention_id"])
        if mention is None:
            problems.append(
                Problem(
                    path.name,
                    f"line {line}",
                    f"the mention {row['mention_id']!r}",
                    "a mention of this build",
                    "Export the queue again",
                )
            )
        elif _plain(row["reading"]) != _reading(mention):
            found = f"{row['mention_id']} as it was read when the queue was exported"
            problems.append(
                Problem(path.name, f"line {line}", found, "what is read of it now", "Export the queue again")
            )
        elif row["decision"] not in (None, ACCEPT, SKIP):
            problems.append(
                Problem(
                    path.name,
                    f"line {line}, decision",
                    repr(row["decision"]),
                    f"{ACCEPT}, {SKIP} or nothing",
                    "Correct the cell",
                )
            )
        else:
            changes.append((line, row, _changed(mention, desk.left_out(row["mention_id"]), row)))
    for line, row, fields in changes:
        faults = desk.fix(row["mention_id"], fields, row["reason"] or reason) if fields else []
        problems += [
            replace(fault, file=path.name, place=f"line {line}", action="Correct the cell, or put back what it held")
            for fault in faults
        ]
        corrected += len(fields)
    accepted = [item for _, row, _ in changes if row["decision"] == ACCEPT and (item := desk.item(row["mention_id"]))]
    for item in accepted:
        desk.accept(item)
    return corrected, len({item.mention.mention_id for item in accepted})


def _changed(mention: Mention, left_out: str | None, row: dict[str, str | None]) -> dict[str, str | None]:
    """The fields whose cells were changed, and what they hold now. A column that the table lacks changes nothing."""
    shown = {field: (left_out if field == LEFT_OUT else said(mention, field)) or "" for field in REVIEWABLE}
    cells = {field: _plain(row[field] or "") for field in REVIEWABLE if field in row}
    return {field: cell or None for field, cell in cells.items() if cell != _plain(_cell(shown[field]).strip())}


def _cell(text: str) -> str:
    """A text as a cell that no spreadsheet runs, or takes for a number or a date.

    It would write 2017-11 and 1200000000000 back as others.
    """
    taken = text[:1].isdecimal() and not text[-1:].isalpha() and ":" not in text  # the id of a mention has one
    return f"'{text}" if taken else inert(text)


def _plain(cell: str) -> str:
    """What a cell says, without the apostrophe."""
    return cell.removeprefix("'")


def _one_line(text: str) -> str:
    return " ".join(text.split())

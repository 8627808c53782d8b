"""Reads organizations.csv, reviews.csv and any other CSV file. Every fault becomes a `Problem`."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .problems import Problem
from .texts import LINK, leads_out, read_text

MAX_TABLE_BYTES = 100_000_000
"""Nor any table."""
ORGANIZATION_COLUMNS = ("organization_id", "name_en", "name_ko", "name_zh", "aliases", "type", "country")
ORGANIZATION_TYPES = ("ai_company", "technology_company", "investor", "government", "public_body", "person", "country")
REVIEW_COLUMNS = ("mention_id", "field", "expected", "value", "reason")
_COUNTRY = re.compile(r"[A-Z]{2}")


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
        for what, value in (("the id", row["organization_id"]), *(("the name", name) for name in all_names(row))):
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


def all_names(row: Mapping[str, Any]) -> dict[str, None]:
    """All names of a row of organizations.csv, each once."""
    return dict.fromkeys(
        filter(None, [row["name_en"], row["name_ko"], row["name_zh"], *(row["aliases"] or "").split("|")])
    )


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
    outside = leads_out(path)
    text = read_text(path, problems, [], MAX_TABLE_BYTES) if path.is_file() and not outside else None
    if text is None:
        if outside:
            problems.append(Problem(path.name, *LINK))
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

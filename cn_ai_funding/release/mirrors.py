"""Copies of the deals for spreadsheets: deals.csv and deals.xlsx, the same bytes again from the same table.

A text that a spreadsheet might run as a formula is marked as text: in the CSV by an apostrophe before it, in the
workbook by the cell's own mark, which leaves the text as it is. Numbers and dates stay numbers and dates.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ..intake.problems import Problem, ProblemsError
from .project import Project
from .schema import DATASET, TABLES, VALUES, Column, Table
from .spreadsheet import FORMULA, inert

if TYPE_CHECKING:
    import xlsxwriter.format
    import xlsxwriter.worksheet

CSV, XLSX = "deals.csv", "deals.xlsx"
MIRRORS = {CSV, XLSX}

_DATE, _MONEY = "yyyy-mm-dd", "#,##0.00"
_LIMITS = "at most 32,767 letters a cell and 1,048,576 rows"
_WIDEST = 300
"""Pixels; a longer text shows its beginning."""


def mirrors(tables: Mapping[str, pa.Table], project: Project) -> dict[str, bytes]:
    """The mirrors of `deals` by file name. Raises ProblemsError where a workbook cannot hold them."""
    return {CSV: _csv(tables["deals"]), XLSX: _xlsx(tables["deals"], project)}


def _csv(deals: pa.Table) -> bytes:
    """RFC 4180, in UTF-8 with the mark by which Excel knows it.

    Nothing for null, ISO dates, numbers to their last digit.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(deals.column_names)
    writer.writerows([_cell(value) for value in row.values()] for row in deals.to_pylist())
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return inert(value)
    return str(value)


def _xlsx(deals: pa.Table, project: Project) -> bytes:
    """A workbook with the sheets `deals` and `dictionary`."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # no other build needs it

    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": DATASET["en"],
                "author": ", ".join(project.authors),
                "comments": f"{project.name} {project.version}",
                "created": datetime(2000, 1, 1),  # a clock would give other bytes each time
            }
        )
        styles = {
            "head": book.add_format({"bold": True}),
            "quoted": book.add_format({"quote_prefix": True}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            _DATE: book.add_format({"num_format": _DATE}),
            _MONEY: book.add_format({"num_format": _MONEY}),
        }
        table = TABLES["deals"]
        _sheet(
            book.add_worksheet("deals"),
            deals.column_names,
            deals.to_pylist(),
            [styles.get(_shown_as(column)) for column in table.columns],
            styles,
        )
        words = list(_dictionary(table))
        sheet = book.add_worksheet("dictionary")
        _sheet(sheet, list(words[0]), words, [styles["wrapped"]] * len(words[0]), styles)
        sheet.write_string(len(words) + 2, 0, f"{project.name} {project.version}")
    return out.getvalue()


def _shown_as(column: Column) -> str:
    money = column.type == "float64" and (column.sum or column.unit.startswith("whole units"))
    return _DATE if column.type == "date32" else _MONEY if money else ""


def _sheet(
    sheet: "xlsxwriter.worksheet.Worksheet",
    names: list[str],
    rows: list[dict[str, Any]],
    formats: "list[xlsxwriter.format.Format | None]",
    styles: "dict[str, xlsxwriter.format.Format]",
) -> None:
    sheet.write_row(0, 0, names, styles["head"])
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row.values()):
            hostile = isinstance(value, str) and FORMULA.match(value)
            if value is not None and sheet.write(
                number, column, value, styles["quoted"] if hostile else formats[column]
            ):
                raise ProblemsError(
                    [
                        Problem(
                            XLSX,
                            names[column],
                            f"row {number} with what no cell holds",
                            _LIMITS,
                            "Build without --mirrors",
                        )
                    ]
                )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    sheet.autofit(_WIDEST)


def _dictionary(table: Table) -> Iterator[dict[str, str]]:
    for column in table.columns:
        allowed = VALUES[column.values].items() if column.values else ()
        yield {
            "column": column.name,
            "type": column.type,
            "unit": column.unit,
            "null": "yes" if column.nullable else "no",
            "meaning": column.en,
            "의미": column.ko,
            "allowed values": "\n".join(f"{value}: {meaning}" for value, meaning in allowed),
        }

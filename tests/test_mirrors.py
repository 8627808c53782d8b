"""The copies for spreadsheets say what the Parquet says, and run nothing."""

import io
import math
import re
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from conftest import ROOT

import cn_ai_funding
from cn_ai_funding.intake.problems import ProblemsError
from cn_ai_funding.release.mirrors import CSV, XLSX, mirrors
from cn_ai_funding.release.project import Project
from cn_ai_funding.release.schema import TABLES

PROJECT = Project.read(ROOT / "pyproject.toml")
COLUMNS = TABLES["deals"].columns
SUMS = [column.name for column in COLUMNS if column.sum]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-1+1",
    "+1+1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    '=가,"나"',
]
HARMLESS = ["{=1}", "12", "http://example.org/", "1=1", "가\n나", "2017-11", "'"]


@pytest.fixture(scope="module")
def deals():
    return cn_ai_funding.load_deals(backend="pyarrow")


@pytest.fixture(scope="module")
def files(deals):
    return mirrors({"deals": deals}, PROJECT)


@pytest.fixture(scope="module")
def book(files):
    return openpyxl.load_workbook(io.BytesIO(files[XLSX]))


def with_quotes(deals, texts):
    """As many deals as there are texts, each with a text as its quote."""
    rows = pa.concat_tables([deals.slice(0, 1)] * len(texts))
    return rows.set_column(rows.column_names.index("quote"), deals.schema.field("quote"), [texts])


def test_the_csv_says_what_the_parquet_says(files, deals):
    dates = [column.name for column in COLUMNS if column.type == "date32"]
    texts = {column.name: "str" for column in COLUMNS if column.type == "string"}
    frame = pd.read_csv(
        io.BytesIO(files[CSV]),
        encoding="utf-8-sig",
        dtype=texts,
        parse_dates=dates,
        keep_default_na=False,
        na_values=[""],
    )
    frame = frame.replace("^'(?=[=+@\\t\\r\\n＝＋－＠-])", "", regex=True)
    expected = cn_ai_funding.load_deals()
    pd.testing.assert_frame_equal(frame.astype(expected.dtypes), expected, check_exact=True)
    assert [frame[name].sum() for name in SUMS] == [expected[name].sum() for name in SUMS]


def test_the_csv_is_what_excel_and_rfc_4180_expect(files):
    assert files[CSV].startswith(b"\xef\xbb\xbfdeal_id,kind,")
    assert files[CSV].endswith(b"\r\n")
    assert files[CSV].count(b"\n") == files[CSV].count(b"\r\n")
    cells = pd.read_csv(io.BytesIO(files[CSV]), encoding="utf-8-sig", dtype="str", keep_default_na=False)
    for column in COLUMNS:
        forms = {
            "bool": "TRUE|FALSE",
            "date32": r"(\d{4}-\d\d-\d\d)?",
            "int32": r"-?\d+",
            "float64": r"(-?\d+(\.\d*[1-9])?(e-\d+)?)?",
            "string": "(?s:.*)",
        }
        assert cells[column.name].str.fullmatch(forms[column.type]).all(), column.name


def test_the_workbook_says_what_the_parquet_says(book, deals):
    sheet = book["deals"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header) == deals.column_names
    found = [
        {name: cell.date() if isinstance(cell, datetime) else cell for name, cell in zip(header, row, strict=True)}
        for row in rows
    ]
    expected = [
        {name: pytest.approx(cell, rel=1e-15) if isinstance(cell, float) else cell for name, cell in row.items()}
        for row in deals.to_pylist()
    ]  # a workbook holds 16 digits of a number
    assert found == expected
    for name in SUMS:
        assert math.fsum(row[name] or 0 for row in found) == math.fsum(value or 0 for value in deals[name].to_pylist())


def test_the_workbook_has_real_types(book):
    kinds = {"string": {"s"}, "float64": {"n"}, "int32": {"n"}, "bool": {"b"}, "date32": {"d"}}
    for column, cells in zip(COLUMNS, book["deals"].iter_cols(min_row=2), strict=True):
        assert {cell.data_type for cell in cells if cell.value is not None} <= kinds[column.type], column.name
        assert column.type != "date32" or {cell.number_format for cell in cells if cell.value} <= {"yyyy-mm-dd"}


def test_pandas_reads_the_workbook_with_no_cast(files):
    frame, expected = pd.read_excel(io.BytesIO(files[XLSX])), cn_ai_funding.load_deals()
    for name in ("date", "include_in_totals", "amount_usd", "organization_ko", "start"):
        assert frame[name].dtype.kind == expected[name].dtype.kind
    assert [frame[name].sum() for name in SUMS] == [expected[name].sum() for name in SUMS]


def test_the_header_stays_in_sight_and_filters(book, deals):
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(6 <= column.width <= 60 for column in sheet.column_dimensions.values())
    assert book.sheetnames == ["deals", "dictionary"]


def test_the_second_sheet_is_the_dictionary(book):
    rows = list(book["dictionary"].iter_rows(values_only=True))
    assert rows[0] == ("column", "type", "unit", "null", "meaning", "의미", "allowed values")
    assert [row[0] for row in rows[1 : len(COLUMNS) + 1]] == [column.name for column in COLUMNS]
    kind = next(row for row in rows if row[0] == "kind")
    assert "funding_round: money raised" in kind[6]
    assert rows[-1][0] == f"{PROJECT.name} {PROJECT.version}"
    assert PROJECT.version in book.properties.description


def test_no_cell_runs_as_a_formula(deals):
    files = mirrors({"deals": with_quotes(deals, HOSTILE)}, PROJECT)
    text = pd.read_csv(io.BytesIO(files[CSV]), encoding="utf-8-sig", dtype="str")["quote"]
    assert [quoted.replace("'", "") for quoted in text] == [hostile.replace("'", "") for hostile in HOSTILE]
    assert all(quoted.startswith("'") for quoted in text)
    column = deals.column_names.index("quote")
    cells = [row[column] for row in openpyxl.load_workbook(io.BytesIO(files[XLSX]))["deals"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert all(cell.quotePrefix for cell in cells)
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == HOSTILE
    sheet = zipfile.ZipFile(io.BytesIO(files[XLSX])).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


@pytest.mark.parametrize("text", ["속보;=HYPERLINK(1)", "가\t@SUM(1)", "가;  +1", "  =1+1"])
def test_no_cell_runs_where_another_sign_separates_cells(deals, text):
    """Excel in many countries takes a semicolon, and text that is pasted is separated by tabs."""
    quoted = pd.read_csv(
        io.BytesIO(mirrors({"deals": with_quotes(deals, [text])}, PROJECT)[CSV]), encoding="utf-8-sig", dtype="str"
    )["quote"][0]
    assert not any(re.match(r"\s*[=+@-]", cell) for cell in re.split("[;\t]", quoted))


def test_other_text_is_left_as_it_is(deals):
    files = mirrors({"deals": with_quotes(deals, HARMLESS)}, PROJECT)
    assert pd.read_csv(io.BytesIO(files[CSV]), encoding="utf-8-sig", dtype="str")["quote"].tolist() == HARMLESS
    assert pd.read_excel(io.BytesIO(files[XLSX]), dtype="str")["quote"].tolist() == HARMLESS


def test_two_runs_give_the_same_bytes(files, deals, book):
    assert mirrors({"deals": deals}, PROJECT) == files
    assert book.properties.created == book.properties.modified == datetime(2000, 1, 1)
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(files[XLSX])).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_text_that_no_cell_holds_is_refused_not_cut(deals):
    with pytest.raises(ProblemsError) as error:
        mirrors({"deals": with_quotes(deals, ["가" * 32_767, "가" * 32_768])}, PROJECT)
    assert "quote: found row 2 with what no cell holds" in str(error.value.problems[0])


def test_no_deals_give_empty_mirrors(deals):
    files = mirrors({"deals": deals.slice(0, 0)}, PROJECT)
    assert files[CSV].count(b"\r\n") == 1
    assert openpyxl.load_workbook(io.BytesIO(files[XLSX]))["deals"].max_row == 1


def test_a_number_keeps_its_last_digit(deals):
    column = deals.column_names.index("amount_usd")
    rows = with_quotes(deals, ["", "", ""]).set_column(
        column, deals.schema.field("amount_usd"), [[0.1 + 0.2, 9007199254740991.0, 1e-7]]
    )
    files = mirrors({"deals": rows}, PROJECT)
    assert pd.read_csv(io.BytesIO(files[CSV]))["amount_usd"].tolist() == rows["amount_usd"].to_pylist()
    assert pd.read_excel(io.BytesIO(files[XLSX]))["amount_usd"].tolist() == pytest.approx(
        rows["amount_usd"].to_pylist(), rel=1e-15
    )

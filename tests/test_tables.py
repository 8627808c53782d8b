"""The published files, as an analyst meets them: the same in every tool, right types, light import."""

import math
import re
import subprocess
import sys

import duckdb
import pandas as pd
import polars
import pyarrow.compute
import pyarrow.parquet
import pytest

import cn_ai_funding
from cn_ai_funding import tables
from cn_ai_funding.release.schema import TABLES

LOADERS = {name: getattr(cn_ai_funding, f"load_{name}") for name in tables.NAMES}


TYPES = {
    # schema: pandas, pyarrow, DuckDB, Polars, Tableau's Hyper
    "string": ("str" if pd.__version__ >= "3" else "object", "string", "VARCHAR", polars.String, "TEXT"),
    "float64": ("float64", "double", "DOUBLE", polars.Float64, "DOUBLE"),
    "int32": ("int32", "int32", "INTEGER", polars.Int32, "INT"),
    "bool": ("bool", "bool", "BOOLEAN", polars.Boolean, "BOOL"),
    "date32": ("datetime64", "date32[day]", "DATE", polars.Date, "DATE"),
}


@pytest.fixture(scope="module")
def hyper(tmp_path_factory):
    """A connection to Hyper, the engine in Tableau, with every table read from its Parquet."""
    api = pytest.importorskip(
        "tableauhyperapi", reason="Hyper is not published for every platform", exc_type=ImportError
    )
    folder = tmp_path_factory.mktemp("hyper")
    try:
        process = api.HyperProcess(api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_dir": str(folder)})
    except (api.HyperException, OSError) as error:
        pytest.skip(f"Hyper does not start here: {error}")
    with process, api.Connection(process.endpoint, folder / "tables.hyper", api.CreateMode.CREATE) as connection:
        for name in tables.NAMES:
            file = api.escape_string_literal(str(cn_ai_funding.data_path(name)))
            connection.execute_command(f"CREATE TABLE {api.escape_name(name)} AS (SELECT * FROM external({file}))")
        yield connection


def test_there_is_a_loader_for_every_table():
    assert list(tables.NAMES) == list(TABLES)
    assert {f"load_{name}" for name in TABLES} <= set(cn_ai_funding.__all__)


@pytest.mark.parametrize("name", LOADERS)
def test_every_tool_reads_the_same_rows(name):
    """pyarrow's rows are the measure: DuckDB, Polars and pandas give them too, nulls null and Korean intact."""
    path = str(cn_ai_funding.data_path(name))
    expected = pyarrow.parquet.read_table(path).to_pylist()
    assert duckdb.read_parquet(path).to_arrow_table().to_pylist() == expected
    assert polars.read_parquet(path).to_dicts() == expected
    assert LOADERS[name](backend="polars").to_dicts() == expected
    assert LOADERS[name](backend="pyarrow").to_pylist() == expected
    frame = LOADERS[name]()
    assert len(frame) == len(expected)
    for column in frame:
        found = [
            None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value
            for value in frame[column]
        ]
        assert found == [row[column] for row in expected]


@pytest.mark.parametrize("name", LOADERS)
def test_hyper_reads_the_same_rows(hyper, name):
    order = ", ".join(f'"{column}"' for column in TABLES[name].key)
    with hyper.execute_query(f'SELECT * FROM "{name}" ORDER BY {order}') as result:
        found = [[value.to_date() if hasattr(value, "to_date") else value for value in row] for row in result]
    expected = LOADERS[name](backend="pyarrow")
    assert found == [list(row.values()) for row in expected.to_pylist()]


@pytest.mark.parametrize("name", LOADERS)
def test_every_tool_finds_the_types_as_intended(name):
    path = str(cn_ai_funding.data_path(name))
    expected = list(zip(*(TYPES[column.type][:4] for column in TABLES[name].columns), strict=True))
    frame = LOADERS[name]()
    assert tuple(str(dtype).partition("[")[0] for dtype in frame.dtypes) == expected[0]
    assert tuple(map(str, LOADERS[name](backend="pyarrow").schema.types)) == expected[1]
    assert tuple(map(str, duckdb.read_parquet(path).types)) == expected[2]
    assert tuple(LOADERS[name](backend="polars").dtypes) == expected[3]


@pytest.mark.parametrize("name", LOADERS)
def test_hyper_finds_the_types_as_intended(hyper, name):
    columns = hyper.catalog.get_table_definition(name).columns
    assert [(column.name.unescaped, str(column.type)) for column in columns] == [
        (column.name, TYPES[column.type][4]) for column in TABLES[name].columns
    ]


SUMMED = [(name, column.name) for name, table in TABLES.items() for column in table.columns if column.sum]


@pytest.mark.parametrize(("name", "column"), SUMMED)
def test_every_tool_gives_the_same_sum(hyper, name, column):
    """Each to the last digits of a double, for tools add up in other orders."""
    path = str(cn_ai_funding.data_path(name))
    table = LOADERS[name](backend="pyarrow")
    expected = pytest.approx(
        math.fsum(value for value in table[column].to_pylist() if value is not None), rel=1e-14, abs=0
    )
    assert LOADERS[name]()[column].sum() == expected
    assert pyarrow.compute.sum(table[column]).as_py() == expected
    assert duckdb.read_parquet(path).sum(column).fetchall()[0][0] == expected
    assert LOADERS[name](backend="polars")[column].sum() == expected
    assert hyper.execute_scalar_query(f'SELECT sum("{column}") FROM "{name}"') == expected


def test_what_the_tests_of_tools_rest_on_is_in_the_tables():
    """Korean, nulls of each type that has them, and something to sum."""
    deals = cn_ai_funding.load_deals(backend="pyarrow")
    assert re.search("[가-힣]", deals["quote"][0].as_py())
    assert all(deals[name].null_count for name in ("url", "stated_amount", "period_start"))
    assert SUMMED


def test_an_analyst_needs_no_cast():
    deals = cn_ai_funding.load_deals()
    assert deals.groupby("measure").amount_usd.sum().dtype == "float64"
    assert deals.date.dt.year.min() >= 1990
    assert deals.include_in_totals.dtype == "bool"
    assert deals.describe().loc["count", "amount_usd"] > 0


def test_the_founding_articles():
    """28 mentions, none lost, none invented, in the order of the articles."""
    counts = cn_ai_funding.load_sources().set_index("source_id").n_mentions
    assert counts[["000-kotra", "001-joongang", "002-kbs", "003-newspim", "004-globaleconomic"]].tolist() == [
        0,
        10,
        6,
        11,
        1,
    ]


def test_loading_twice_gives_independent_frames():
    deals = cn_ai_funding.load_deals()
    deals["amount"] = 0
    assert cn_ai_funding.load_deals().amount.max() > 0


def test_refuses_what_there_is_not():
    with pytest.raises(ValueError, match="no table 'rounds': there are deals"):
        cn_ai_funding.data_path("rounds")
    with pytest.raises(ValueError, match="no backend 'excel': there are pandas"):
        cn_ai_funding.load_deals(backend="excel")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cn_ai_funding.nothing  # noqa: B018


def test_says_how_to_get_tables_that_are_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "_DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"run 'python build\.py'"):
        cn_ai_funding.load_deals()


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import cn_ai_funding", "pandas pyarrow pandera kiwipiepy babel rich"),
        ("import cn_ai_funding; cn_ai_funding.load_deals()", "pandera kiwipiepy babel rich"),
    ],
)
def test_import_stays_light(statement, absent):
    code = f"{statement}; import sys; print(*[m for m in {absent.split()} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []

"""The published files, as an analyst meets them: the same in every tool, right types, light import."""

import subprocess
import sys

import duckdb
import pandas as pd
import polars
import pyarrow.parquet
import pytest

import cn_ai_funding
from cn_ai_funding import tables

LOADERS = {name: getattr(cn_ai_funding, f"load_{name}") for name in tables.NAMES}


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
        found = [None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value for value in frame[column]]
        assert found == [row[column] for row in expected]


def test_an_analyst_needs_no_cast():
    deals = cn_ai_funding.load_deals()
    assert deals.groupby("measure").amount_usd.sum().dtype == "float64"
    assert deals.date.dt.year.min() >= 2000
    assert deals.include_in_totals.dtype == "bool"
    assert deals.describe().loc["count", "amount_usd"] > 0


def test_the_founding_articles():
    """28 mentions, none lost, none invented, in the order of the articles."""
    counts = cn_ai_funding.load_sources().set_index("source_id").n_mentions
    assert counts[["000-kotra", "001-joongang", "002-kbs", "003-newspim", "004-globaleconomic"]].tolist() == [0, 10, 6, 11, 1]


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

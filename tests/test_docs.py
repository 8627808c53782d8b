"""What the documents say is so: examples run, rows are the dataset's, versions agree."""

import re
import tomllib
import zipfile

import duckdb
import pytest
from conftest import ROOT

import cn_ai_funding
from cn_ai_funding.schema import QUERIES, TABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_examples_run(code):
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102


@pytest.mark.parametrize("query", blocks("sql"))
def test_sql_examples_run(query, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert duckdb.sql(query).fetchall()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["en"])
def test_worked_queries_run(query, monkeypatch):
    monkeypatch.chdir(cn_ai_funding.data_path("deals").parent)
    assert duckdb.sql(query["sql"]).fetchall()


def test_the_rows_in_the_readme_are_the_datasets():
    deals = cn_ai_funding.load_deals()
    lines = re.findall(r"^\| (\S.* · .*) \|$", README, re.MULTILINE)
    assert len(lines) == 5
    for line in lines:
        who, kind, when, written, usd, totals, publisher = line.split(" | ")
        korean, english = who.split(" · ")
        row = deals[(deals.organization_ko == korean) & (deals.kind == kind) & (deals.amount_text == written)].iloc[0]
        assert (english, when, publisher) == (row.organization_en, row.date_edtf, row.publisher)
        assert (int(usd.replace(",", "")), totals) == (round(row.amount_usd), "yes" if row.include_in_totals else "no")


def test_commands_in_the_readme_exist():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) == {"build", "test"} <= set(targets)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_dictionary_names_every_column():
    dictionary = (ROOT / "DATA_DICTIONARY.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        section = dictionary.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in table.columns]


def test_versions_agree():
    assert cn_ai_funding.__version__ == VERSION
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {VERSION}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_wheel_holds_the_tables_and_the_vocabulary(tmp_path, monkeypatch):
    from hatchling.build import build_wheel

    monkeypatch.chdir(ROOT)
    names = set(zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path))).namelist())
    data = {f"cn_ai_funding/data/{name}.parquet" for name in TABLES}
    assert {f"cn_ai_funding/page/{name}" for name in ("charts.js", "page.css", "page.html", "page.js", "words.toml")} <= names
    assert data | {"cn_ai_funding/py.typed", "cn_ai_funding/schema.toml", "cn_ai_funding/money/vocabulary.toml"} <= names
    assert not any(name.startswith(("raw/", "tests/")) for name in names)

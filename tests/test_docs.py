"""What the documents say is so: examples run, rows are the dataset's, versions agree."""

import json
import re
import tomllib

import duckdb
import pytest
from conftest import README, ROOT, blocks

import cn_ai_funding
from cn_ai_funding.__main__ import cli
from cn_ai_funding.release.dictionary import accuracy_table
from cn_ai_funding.release.schema import QUERIES, TABLES

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_the_accuracy_shown_is_the_one_measured():
    assert accuracy_table(json.loads((ROOT / "corpus" / "accuracy.json").read_text(encoding="utf-8"))) in README


@pytest.mark.parametrize("code", blocks("python"))
def test_python_examples_run(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if "tableauhyperapi" in code:
        pytest.importorskip("tableauhyperapi", reason="Hyper is not published for every platform", exc_type=ImportError)
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})  # noqa: S102


@pytest.mark.parametrize("query", blocks("sql"))
def test_sql_examples_run(query, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert duckdb.sql(query).fetchall()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["en"])
def test_worked_queries_run(query, monkeypatch):
    monkeypatch.chdir(cn_ai_funding.data_path("deals").parent)
    assert duckdb.sql(query["sql"]).fetchall()


def test_worked_queries_add_up_what_may_be_added_up():
    """Whoever copies a query that sums must not count money twice."""
    for query in QUERIES:
        if "sum(" in query["sql"]:
            assert "WHERE include_in_totals" in query["sql"]
            assert re.search(r"measure = '\w+'", query["sql"])


def test_the_query_for_sources_finds_every_mention_of_its_figure(monkeypatch):
    monkeypatch.chdir(cn_ai_funding.data_path("deals").parent)
    query = next(query["sql"] for query in QUERIES if query["en"].startswith("The sources of one figure"))
    found = duckdb.sql(query).df()
    deals, mentions = cn_ai_funding.load_deals(), cn_ai_funding.load_mentions()
    deal = deals.sort_values(["n_mentions", "deal_id"], ascending=[False, True]).iloc[0]
    expected = mentions[mentions.deal_id == deal.deal_id]
    assert set(zip(found.start, found.end, found.amount, strict=True)) == set(
        zip(expected.start, expected.end, expected.exact, strict=True)
    )
    assert len(found) == cn_ai_funding.load_evidence().mention_id.isin(expected.mention_id).sum()


def test_the_diagram_shows_every_table_and_key():
    diagram = re.search(
        r"```mermaid\nerDiagram\n(.*?)```", (ROOT / "DATA_DICTIONARY.md").read_text(encoding="utf-8"), re.DOTALL
    )[1]
    assert set(re.findall(r"^ {4}(\w+) \{$", diagram, re.MULTILINE)) == set(TABLES)
    found = re.findall(r"^ {4}(\w+) \|[|o]--o\{ (\w+) : (\w+)$", diagram, re.MULTILINE)
    assert set(found) == {
        (target, name, column) for name, table in TABLES.items() for column, target in table.references.items()
    }


def test_commands_in_the_readme_exist():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) == {"build", "test", "train", "accuracy"}
    assert set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE)) <= set(targets)
    assert set(re.findall(r"-m cn_ai_funding (\w+)", README)) <= set(cli.commands)
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

"""The dataset card: Hugging Face opens every table by it, and what it says in two languages is what the tables say."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
import yaml
from conftest import ROOT

import cn_ai_funding
from cn_ai_funding.release.card import card
from cn_ai_funding.release.project import Project
from cn_ai_funding.release.schema import DATASET, TABLES

PROJECT = Project.read(ROOT / "pyproject.toml")
MEASURED = json.loads((ROOT / "corpus" / "accuracy.json").read_text(encoding="utf-8"))


def loaded():
    return {name: getattr(cn_ai_funding, f"load_{name}")(backend="pyarrow") for name in TABLES}


@pytest.fixture(scope="module")
def text():
    return card(loaded(), PROJECT, MEASURED)


@pytest.fixture(scope="module")
def head(text):
    return yaml.safe_load(text.split("---\n")[1])


def test_there_is_a_configuration_for_every_table_and_the_deals_come_first(head):
    assert [config["config_name"] for config in head["configs"]] == list(TABLES)
    assert [config["data_files"] for config in head["configs"]] == [
        cn_ai_funding.data_path(name).name for name in TABLES
    ]
    assert [config["config_name"] for config in head["configs"] if config.get("default")] == ["deals"]


def test_the_head_says_licence_languages_and_size_as_the_hub_writes_them(head):
    assert (head["license"], head["language"], head["pretty_name"]) == ("cc0-1.0", ["ko", "en"], DATASET["en"])
    assert set(PROJECT.keywords) <= set(head["tags"])


@pytest.mark.parametrize(("count", "size"), [(999, "n<1K"), (1000, "1K<n<10K"), (12_345, "10K<n<100K")])
def test_the_size_is_that_of_the_deals(count, size):
    tables = loaded()
    tables["deals"] = pa.concat_tables([tables["deals"]] * (count // tables["deals"].num_rows + 1)).slice(0, count)
    assert yaml.safe_load(card(tables, PROJECT, MEASURED).split("---\n")[1])["size_categories"] == [size]


def test_both_languages_tell_every_table_with_its_rows(text):
    english, korean = text.split(f"\n# {DATASET['ko']}\n")
    for name, data in loaded().items():
        assert f"| `{name}` | {data.num_rows:,} | {TABLES[name].en} |" in english
        assert f"| `{name}` | {data.num_rows:,} | {TABLES[name].ko} |" in korean
    assert f"{100 * MEASURED['all']:.1f}건이 맞았습니다" in korean


def test_it_is_cited_with_version_and_date(text):
    latest = cn_ai_funding.load_fx_rates()["date"].max().date().isoformat()
    citation = f"{PROJECT.name}: {DATASET['en']}. Version {PROJECT.version}, {latest}. CC0-1.0."
    assert text.count(citation) == 2


def test_what_the_project_says_cannot_change_the_head():
    hostile = 'x"]\nlicense: mit\n# '
    changed = card(loaded(), replace(PROJECT, keywords=(hostile,)), MEASURED)
    head = yaml.safe_load(changed.split("---\n")[1])
    assert (head["license"], head["tags"]) == ("cc0-1.0", ["finance", hostile])


def test_tables_without_rows_have_a_card(text):
    empty = {name: table.slice(0, 0) for name, table in loaded().items()}
    assert "| `deals` | 0 |" in card(empty, PROJECT, MEASURED)

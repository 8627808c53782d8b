"""What a release says of itself holds: for the validators of each format, and against the tables.

Nothing here asks a network.
"""

import hashlib
import itertools
import json
import re
import shutil
import socket
from datetime import date

import frictionless
import mlcroissant
import pyarrow.parquet
import pytest
import yaml
from conftest import ROOT

import cn_ai_funding
from cn_ai_funding import tables
from cn_ai_funding.release.metadata import CITATION, CROISSANT, DATAPACKAGE
from cn_ai_funding.release.project import Project
from cn_ai_funding.release.publish import SUMS, content_sha256
from cn_ai_funding.release.schema import DATASET, SEVERAL, TABLES, VALUES

DATA = cn_ai_funding.data_path().parent
PROJECT = Project.read(ROOT / "pyproject.toml")
ROWS = 300
"""How many rows of a table are compared: mlcroissant reads row by row, and fx_rates are many."""

_OWN_CLASS = "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
_OLD_PANDAS = "ignore:The inplace keyword in DataFrame.reset_index:pandas.errors.Pandas4Warning"


def third_party(test):
    """rdflib, by which mlcroissant reads JSON-LD, has deprecated a class that it uses.

    Mlcroissant calls pandas as pandas 2 had it.
    """
    return pytest.mark.filterwarnings(_OWN_CLASS)(pytest.mark.filterwarnings(_OLD_PANDAS)(test))


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("metadata must hold without a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def described(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def package():
    return described(DATAPACKAGE)


def test_the_list_of_files_names_every_file_but_itself():
    names = [line.split("  ")[1] for line in (DATA / SUMS).read_text(encoding="utf-8").splitlines()]
    assert names == sorted({path.name for path in DATA.iterdir()} - {SUMS})
    assert {f"{name}.parquet" for name in TABLES} | {DATAPACKAGE, CROISSANT} <= set(names)


def test_every_file_of_a_release_knows_its_version(package):
    versions = {
        pyarrow.parquet.read_metadata(DATA / f"{name}.parquet").metadata[b"cn_ai_funding_version"].decode()
        for name in TABLES
    }
    assert versions == {cn_ai_funding.__version__}
    assert package["version"] == described(CROISSANT)["version"] == cn_ai_funding.__version__


def test_the_package_describes_every_column_as_the_schema_does(package):
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    for resource, table in zip(package["resources"], TABLES.values(), strict=True):
        for field, column in zip(resource["schema"]["fields"], table.columns, strict=True):
            assert (field["name"], field["description"], field.get("unit", "")) == (column.name, column.en, column.unit)
            assert field.get("constraints", {}).get("required", False) != column.nullable
            allowed = list(VALUES[column.values]) if column.values else []
            assert field.get("constraints", {}).get("enum", []) == ([] if column.several else allowed)
            if column.several:
                pattern = field["constraints"]["pattern"]
                assert all(re.fullmatch(pattern, told) for told in (*allowed, SEVERAL.join(allowed)))
                assert not any(
                    re.fullmatch(pattern, told)
                    for told in ("", "strange", f"{allowed[0]}{SEVERAL}", f"{allowed[0]}, {allowed[1]}")
                )
        assert resource["schema"]["primaryKey"] == list(table.key)
        keys = {
            key["fields"][0]: key["reference"]["resource"] or table.name for key in resource["schema"]["foreignKeys"]
        }
        assert keys == table.references


def test_the_package_vouches_for_bytes_and_content(package):
    for resource in package["resources"]:
        file = (DATA / resource["path"]).read_bytes()
        table = pyarrow.parquet.read_table(DATA / resource["path"])
        assert resource["hash"] == f"sha256:{hashlib.sha256(file).hexdigest()}"
        assert (resource["rows"], resource["content_sha256"]) == (table.num_rows, content_sha256(table))


@pytest.mark.parametrize("name", TABLES)
def test_frictionless_finds_the_data_as_described(name):
    """Types, nulls, allowed values and keys, in every row of the Parquet itself."""
    report = frictionless.Package(str(DATA / DATAPACKAGE)).get_resource(name).validate()
    assert report.flatten(["type", "note"]) == []
    assert report.tasks[0].stats.get("rows", 0) == pyarrow.parquet.read_metadata(DATA / f"{name}.parquet").num_rows


@pytest.fixture
def spoiled(tmp_path):
    """A copy of the release whose description a test may spoil."""
    return shutil.copytree(DATA, tmp_path / "data")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda schema: schema["fields"][0].update(type="integer"), "type-error"),
        (lambda schema: schema["fields"][1]["constraints"].update(enum=["gift"]), "constraint-error"),
        (lambda schema: schema["foreignKeys"][0]["reference"].update(fields=["name_en"]), "foreign-key"),
        (lambda schema: schema["primaryKey"].__setitem__(0, "kind"), "primary-key"),
    ],
)
def test_frictionless_would_find_a_fault(spoiled, package, change, error):
    package = json.loads(json.dumps(package))
    change(package["resources"][0]["schema"])
    (spoiled / DATAPACKAGE).write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.Package(str(spoiled / DATAPACKAGE)).get_resource("deals").validate()
    assert error in {kind for (kind,) in report.flatten(["type"])}


def test_frictionless_reads_the_descriptor_without_an_error():
    assert frictionless.Package.validate_descriptor(str(DATA / DATAPACKAGE)).valid


@third_party
def test_croissant_has_no_issue(caplog):
    issues = mlcroissant.Dataset(DATA / CROISSANT).metadata.ctx.issues
    assert (set(issues.errors), set(issues.warnings)) == (set(), set())
    assert caplog.messages == []


@third_party
@pytest.mark.parametrize("name", TABLES)
def test_croissant_gives_the_records_of_the_parquet(name):
    def plain(value):
        return value.decode() if isinstance(value, bytes) else value.date() if isinstance(value, date) else value

    records = mlcroissant.Dataset(DATA / CROISSANT).records(name)
    found = [{key: plain(value) for key, value in record.items()} for record in itertools.islice(records, ROWS)]
    expected = pyarrow.parquet.read_table(DATA / f"{name}.parquet").slice(0, ROWS).to_pylist()
    assert found == [{f"{name}/{column}": value for column, value in row.items()} for row in expected]


@third_party
def test_croissant_refuses_a_file_that_was_changed(spoiled):
    with (spoiled / "deals.parquet").open("ab") as file:
        file.write(b"more")
    with pytest.raises(mlcroissant.GenerationError) as error:
        next(iter(mlcroissant.Dataset(spoiled / CROISSANT).records("deals")))
    assert "is not identical with the reference" in str(error.value.__cause__)


@third_party
def test_croissant_speaks_both_languages_and_knows_the_keys():
    metadata = mlcroissant.Dataset(DATA / CROISSANT).metadata
    assert metadata.name == DATASET
    for record_set, table in zip(metadata.record_sets, TABLES.values(), strict=True):
        assert record_set.description == {"en": table.en, "ko": table.ko}
        assert record_set.key == [f"{table.name}/{column}" for column in table.key]
        references = {
            field.name: field.references.uuid.removesuffix(".parquet")
            for field in record_set.fields
            if field.references
        }
        assert {
            str(name if isinstance(name, str) else name["en"]): target for name, target in references.items()
        } == table.references


def test_the_date_of_a_release_is_in_its_data_and_no_clocks():
    assert date.fromisoformat(described(CROISSANT)["datePublished"]) == tables.load_fx_rates()["date"].max().date()


def test_the_citation_file_says_what_the_package_says(package):
    cited = yaml.safe_load((ROOT / CITATION).read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["title"] == f"{package['name']}: {package['title']}"
    assert (cited["version"], cited["abstract"], cited["keywords"]) == (
        package["version"],
        package["description"],
        package["keywords"],
    )
    assert cited["license"] == package["licenses"][0]["name"]
    assert (
        [author["name"] for author in cited["authors"]]
        == [person["title"] for person in package["contributors"]]
        == list(PROJECT.authors)
    )
    assert "CC0" in (ROOT / "README.md").read_text(encoding="utf-8")

"""Describes a release for machines.

Datapackage.json (Frictionless), croissant.json (MLCommons Croissant) and CITATION.cff.

All are made from schema.toml, pyproject.toml and the tables themselves; nothing is said here that these do not say.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from .project import Project
from .publish import content_sha256
from .schema import DATASET, SEVERAL, TABLES, VALUES, Column, Table

DATAPACKAGE, CROISSANT, CITATION = "datapackage.json", "croissant.json", "CITATION.cff"

LICENCE, _LICENCE_TITLE = "CC0-1.0", "Creative Commons Zero v1.0 Universal"
_LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
_ARTICLES = "Korean-language articles: one row each in the table sources"
_RATES = "European Central Bank, euro foreign exchange reference rates"
_RATES_URL = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates"

_FRICTIONLESS = {"string": "string", "float64": "number", "int32": "integer", "bool": "boolean", "date32": "date"}
_CROISSANT = {
    "string": "sc:Text",
    "float64": "cr:Float64",
    "int32": "cr:Int32",
    "bool": "sc:Boolean",
    "date32": "sc:Date",
}

_TERMS = """
arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty fileSet format includes
isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate
separator source subField transform"""
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    **{term: {"@id": f"cr:{term}", "@type": "@json"} for term in ("data", "examples")},
    **{term: {"@container": "@language"} for term in ("description", "name")},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
"""The JSON-LD context that Croissant 1.1 asks each file to hold."""


def metadata(tables: Mapping[str, pa.Table], files: Mapping[str, bytes], project: Project) -> dict[str, bytes]:
    """The metadata files of a release by name. `files` are its Parquet files by name."""
    described = {DATAPACKAGE: datapackage(tables, files, project), CROISSANT: croissant(tables, files, project)}
    return {
        name: (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode() for name, content in described.items()
    }


def datapackage(tables: Mapping[str, pa.Table], files: Mapping[str, bytes], project: Project) -> dict[str, Any]:
    """The release as a Frictionless Data Package 2.0; each table with its rows and the hash of its content."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": project.name,
        "version": project.version,
        "title": DATASET["en"],
        "title_ko": DATASET["ko"],
        "description": project.description,
        "keywords": list(project.keywords),
        "licenses": [{"name": LICENCE, "title": _LICENCE_TITLE, "path": _LICENCE_URL}],
        "contributors": [{"title": author, "roles": ["creator"]} for author in project.authors],
        "sources": [{"title": _ARTICLES}, {"title": _RATES, "path": _RATES_URL}],
        "resources": [_resource(table, tables[name], files[f"{name}.parquet"]) for name, table in TABLES.items()],
    }


def _resource(table: Table, data: pa.Table, file: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.parquet",
        "description": table.en,
        "description_ko": table.ko,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # no "bytes": Frictionless would compare it with what it streamed, and Parquet is not streamed
        "hash": f"sha256:{hashlib.sha256(file).hexdigest()}",
        "rows": data.num_rows,
        "content_sha256": content_sha256(data),
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [],  # Parquet has nulls, and an empty text is a text
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {
                        "resource": "" if target == table.name else target,
                        "fields": list(TABLES[target].key),
                    },
                }
                for column, target in table.references.items()
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    unit = {"unit": column.unit} if column.unit else {}
    constraints = ({} if column.nullable else {"required": True}) | _allowed(column)
    return (
        {"name": column.name, "type": _FRICTIONLESS[column.type], "description": column.en, "description_ko": column.ko}
        | unit
        | ({"constraints": constraints} if constraints else {})
    )


def _allowed(column: Column) -> dict[str, Any]:
    """Which values a column may hold, as Frictionless constrains it."""
    if not column.values:
        return {}
    if not column.several:
        return {"enum": list(VALUES[column.values])}
    one = f"({'|'.join(VALUES[column.values])})"
    return {"pattern": f"{one}({re.escape(SEVERAL)}{one})*"}


def croissant(tables: Mapping[str, pa.Table], files: Mapping[str, bytes], project: Project) -> dict[str, Any]:
    """The release as Croissant 1.1, names and descriptions in English and Korean."""
    latest = latest_rate(tables)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": {"en": DATASET["en"], "ko": DATASET["ko"]},
        "description": project.description,
        "version": project.version,
        "keywords": list(project.keywords),
        "license": _LICENCE_URL,
        "creator": [{"@type": "sc:Organization", "name": author} for author in project.authors],
        "citeAs": f"{' and '.join(project.authors)}. {DATASET['en']}. Version {project.version}.",
        **({"datePublished": latest} if latest else {}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": name,
                "name": name,
                "contentUrl": name,
                "contentSize": f"{len(file)} B",
                "encodingFormat": "application/x-parquet",
                "sha256": hashlib.sha256(file).hexdigest(),
            }
            for name, file in files.items()
        ],
        "recordSet": [_record_set(table) for table in TABLES.values()],
    }


def latest_rate(tables: Mapping[str, pa.Table]) -> str | None:
    """The date of a release. A build has no clock: the day up to which the newest of its sources, the rates, goes."""
    latest = pyarrow.compute.max(tables["fx_rates"]["date"]).as_py()
    return latest.isoformat() if latest else None


def cited_as(tables: Mapping[str, pa.Table], project: Project) -> str:
    """How a release is cited, with its date and version."""
    day = f", {day}" if (day := latest_rate(tables)) else ""
    return (
        f"{' and '.join(project.authors)}. {project.name}: {DATASET['en']}. Version {project.version}{day}. {LICENCE}."
    )


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": {"en": table.en, "ko": table.ko},
        "key": [{"@id": f"{table.name}/{column}"} for column in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": {
                    "en": f"{column.en}. Unit: {column.unit}" if column.unit else column.en,
                    "ko": column.ko,
                },
                "dataType": _CROISSANT[column.type],
                "source": _column(table.name, column.name),
            }
            | _references(table, column)
            for column in table.columns
        ],
    }


def _references(table: Table, column: Column) -> dict[str, Any]:
    """The column that this one refers to: the file's, as record sets would refer to each other in circles."""
    target = table.references.get(column.name)
    return {"references": _column(target, TABLES[target].key[0])} if target else {}


def _column(table: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column}}


def citation(project: Project) -> str:
    """CITATION.cff, in the Citation File Format 1.2.0. Every text is quoted as in JSON, which YAML reads too."""
    head = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "title": f"{project.name}: {DATASET['en']}",
    }
    lines = [
        f"{key}: {json.dumps(text, ensure_ascii=False)}"
        for key, text in (head | {"abstract": project.description}).items()
    ]
    lines += ["type: dataset", f"version: {project.version}", f"license: {LICENCE}", "authors:"]
    lines += [f"  - name: {json.dumps(author, ensure_ascii=False)}" for author in project.authors]
    lines += ["keywords:", *(f"  - {json.dumps(keyword, ensure_ascii=False)}" for keyword in project.keywords)]
    return "\n".join(lines) + "\n"

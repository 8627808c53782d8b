"""Every column of every table, once (schema.toml), and what follows from it: Arrow schemas and validation.

Checks each table by itself (types, nulls, allowed values, unique keys) with pandera, then what must hold between
columns and between tables. A table that fails is not published.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from ..deals.fx import BOUNDS, TARGETS
from ..edtf import bounds
from ..intake.problems import Problem
from ..kinds import MEASURES, ONCE_DONE, SUMMED
from ..money.mention import SETS

_DEFINITIONS: dict[str, Any] = tomllib.loads(files(__package__).joinpath("schema.toml").read_text(encoding="utf-8"))

DATASET: dict[str, str] = _DEFINITIONS["dataset"]
"""The title of the dataset in English and Korean."""
VALUES: dict[str, dict[str, str]] = {
    name: {value: row["means"] for value, row in values.items()} for name, values in _DEFINITIONS["values"].items()
}
"""The allowed values of each list, with what they mean."""
LABELS: dict[str, dict[str, dict[str, str]]] = {
    name: {value: {language: row[language] for language in ("en", "ko")} for value, row in values.items()}
    for name, values in _DEFINITIONS["values"].items()
    if any("en" in row for row in values.values())
}
"""What the values are called in English and Korean, of the lists that a person gets to see."""
VALUES["measure"] = {
    measure: f"{', '.join(kind for kind, of in MEASURES.items() if of == measure)}: {meaning}"
    for measure, meaning in VALUES["measure"].items()
}
SEVERAL = " | "
"""Between the values of a column that may hold several."""
QUERIES: list[dict[str, str]] = _DEFINITIONS["query"]

_ARROW = {
    "string": pa.string(),
    "float64": pa.float64(),
    "int32": pa.int32(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
}
_TEXT = pd.Series([""]).dtype
"""The type that pandas gives text by itself: str, or object before pandas 3, where str would make a text of None."""
_PANDAS: dict[str, Any] = {
    "string": _TEXT,
    "float64": "float64",
    "int32": "int32",
    "bool": "bool",
    "date32": "datetime64[s]",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, unit, null rule, allowed values (one, or `several` joined by SEVERAL) and meaning."""

    name: str
    type: str
    nullable: bool
    en: str
    ko: str
    unit: str = ""
    values: str = ""
    several: bool = False
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key, its columns in order, and the tables that its columns refer to."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: Mapping[str, str]
    en: str
    ko: str

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, without any metadata."""
        return pa.schema([pa.field(c.name, _ARROW[c.type], nullable=c.nullable) for c in self.columns])

    @property
    def types(self) -> dict[str, Any]:
        """The pandas type of each column."""
        return {c.name: _PANDAS[c.type] for c in self.columns}

    @property
    def pandera(self) -> pandera.DataFrameSchema:
        """The pandera schema: types, nulls, allowed values, shares and probabilities in 0 to 1, the unique key."""
        checks = {c.name: _checks(c) for c in self.columns}
        columns = {
            c.name: pandera.Column(self.types[c.name], checks[c.name], nullable=c.nullable) for c in self.columns
        }
        return pandera.DataFrameSchema(columns, strict=True, ordered=True, unique=list(self.key), name=self.name)

    def frame(self, data: pd.DataFrame) -> pd.DataFrame:
        """The table's columns of a DataFrame, in its order and types, sorted by key.

        Raises KeyError for one that it lacks.
        """
        typed = {name: data[name].astype(kind) for name, kind in self.types.items()}
        frame = pd.DataFrame(typed).sort_values(list(self.key), ignore_index=True)
        pa.default_memory_pool().release_unused()  # else it keeps for later what making and sorting the columns took
        return frame


def _checks(column: Column) -> list[pandera.Check]:
    if column.values:
        known = set(VALUES[column.values])
        return [
            pandera.Check(
                lambda row: known.issuperset(row.split(SEVERAL)), element_wise=True, name=f"isin({sorted(known)})"
            )
        ]
    return [pandera.Check.in_range(0, 1)] if column.unit.endswith("0 to 1") else []


def _column(listed: str, table: str) -> Column:
    """A column as a table lists it (`?`: may be null), with its meaning in that table where it has one of its own."""
    name = listed.removesuffix("?")
    definition = _DEFINITIONS["column"][name]
    common = {key: value for key, value in definition.items() if not isinstance(value, dict)}
    return Column(name=name, nullable=listed.endswith("?"), **(common | definition.get(table, {})))


def _table(name: str) -> Table:
    definition = _DEFINITIONS["table"][name]
    return Table(
        name,
        tuple(definition["key"].split(", ")),
        tuple(_column(listed, name) for listed in definition["columns"]),
        definition["references"],
        definition["en"],
        definition["ko"],
    )


TABLES = {name: _table(name) for name in _DEFINITIONS["table"]}


def to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """A validated frame as an Arrow table of exactly the declared schema."""
    return pa.Table.from_pandas(frame, schema=table.arrow, preserve_index=False).replace_schema_metadata(None)


def check(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Everything that is wrong with the tables by themselves.

    What they cite was compared with the texts when it was cited.
    """
    problems = [problem for name, table in TABLES.items() for problem in _check_table(frames[name], table)]
    return problems or [
        Problem(
            f"table {name}",
            "",
            f"{int(broken.sum())} rows, the first with key {_key(frames[name], name, broken)}, that break the rule",
            rule,
            _REPORT,
        )
        for name, rule, broken in _rules(frames)
        if broken.any()
    ]


_NEVER = pd.Timestamp("9999-12-31")
"""Stands for a day of publication that is not known: nothing is later."""
_REPORT = "This is a fault of the build, not of the sources: report it with the sources that show it"


def _check_table(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    try:
        table.pandera.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        for (column, rule), cases in error.failure_cases.astype("str").groupby(["column", "check"], dropna=False):
            yield Problem(
                f"table {table.name}",
                str(column),
                f"{len(cases)} cases such as {cases['failure_case'].iloc[0]}",
                str(rule),
                _REPORT,
            )
    pa.default_memory_pool().release_unused()  # what the checks of a table took is as much as the table


def _key(frame: pd.DataFrame, name: str, broken: pd.Series) -> str:
    return ", ".join(map(str, frame.loc[broken, list(TABLES[name].key)].iloc[0]))


def _begins(dates: pd.Series) -> pd.Series:
    """The first days of dates in EDTF; NaT where there is none."""
    first = [None if pd.isna(date) else bounds(date)[0] for date in dates]
    return pd.Series(first, dates.index, dtype=object).astype("datetime64[s]")


def _left_out(deals: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """What may never be added up: in words, and which rows are such."""
    yield "stocks and flows", ~deals["measure"].isin(SUMMED)
    unsure = deals["status"].isin(["forecast", "cancelled", "superseded"]) | (
        (deals["status"] == "planned") & deals["measure"].isin(ONCE_DONE)
    )
    yield "forecasts, what was cancelled or superseded, and what is only planned but for commitments", unsure
    yield "upper bounds", deals["qualifier"].isin(["at_most", "less_than"])
    yield "negative amounts", deals["amount"] < 0
    yield "organizations that are not in the directory", deals["organization_id"].isna()
    yield (
        "rows without an amount in each currency",
        deals[[f"amount_{target.lower()}" for target in TARGETS]].isna().any(axis=1),
    )


def _rules(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, pd.Series]]:
    """What must hold within and between rows: the table, the rule in words, and which rows break it."""
    deals, mentions, parties = frames["deals"], frames["mentions"], frames["parties"]
    for name, table in TABLES.items():
        frame = frames[name]
        for column, target in table.references.items():
            known = {*frames[target][TABLES[target].key[0]]}
            # not isin, which makes an Arrow scalar of each known key first: that takes longer than all other rules
            strange = [value not in known for value in frame[column]]
            yield (
                name,
                f"{column} is a key of {target}",
                frame[column].notna() & pd.Series(strange, frame.index, dtype=bool),
            )
        for numbers in (c.name for c in table.columns if c.type == "float64"):
            yield name, f"{numbers} is a finite number", frame[numbers].abs() == math.inf
        if "date_edtf" in frame and "date" in frame:
            yield (
                name,
                "date and date_edtf are both known or both null",
                frame["date"].isna() != frame["date_edtf"].isna(),
            )
        if "qualifier" in frame:
            bounds = frame[["amount", "amount_low", "amount_high"]].notna()
            for qualifier, sets in SETS.items():
                wrong = (bounds != pd.Series(sets, bounds.columns)).any(axis=1)
                yield (
                    name,
                    f"{qualifier} sets amount, amount_low, amount_high: {sets}",
                    wrong & (frame["qualifier"] == qualifier),
                )
    yield "deals", "the measure is that of the kind", deals["measure"] != deals["kind"].map(MEASURES)
    for rule, left_out in _left_out(deals):
        yield "deals", f"{rule} are left out of totals", deals["include_in_totals"] & left_out
    # reindex, for map cannot make days of no rows
    appeared = (
        frames["sources"].set_index("source_id")["published"].reindex(mentions["source_id"]).set_axis(mentions.index)
    )
    latest = appeared.fillna(_NEVER).groupby(mentions["deal_id"]).max().reindex(deals["deal_id"]).set_axis(deals.index)
    for name, known_by in (("mentions", appeared), ("deals", latest)):
        early = (frames[name]["status"] == "completed") & (_begins(frames[name]["date_edtf"]) > known_by)
        yield name, "what is completed begins by its publication", early
    for target in map(str.lower, TARGETS):
        for name in (f"amount{bound}" for bound in BOUNDS):
            column = name.replace("amount", f"amount_{target}")
            converted, expected = deals[column], (deals[name] * deals[f"rate_{target}"]).round(2)
            yield (
                "deals",
                f"{column} = {name} × rate_{target}",
                (converted != expected) & ~(converted.isna() & expected.isna()),
            )
        yield (
            "deals",
            f"rate_{target} is 1 where the currency is the target",
            (deals["currency"] == target.upper()) & (deals[f"rate_{target}"] != 1),
        )
    yield "deals", "no rate is later than the publication", deals["rate_to"] > deals["published"]
    yield (
        "deals",
        "rates are known where rate_method says so",
        deals["rate_method"].isin(["spot", "period_average"]) != deals["rate_to"].notna(),
    )
    yield (
        "deals",
        "include_in_totals exactly where exclude_reason is null",
        deals["include_in_totals"] != deals["exclude_reason"].isna(),
    )
    deal_of = mentions.set_index("mention_id")["deal_id"]
    parents = mentions["restates"].map(deal_of)
    other_deal = (mentions["deal_id"] != parents) & ~(mentions["deal_id"].isna() & parents.isna())
    yield "mentions", "a restatement has the deal of what it restates", mentions["restates"].notna() & other_deal
    for column in ("kind", "organization_id", "confidence"):
        parent = mentions["restates"].map(mentions.set_index("mention_id")[column])
        differs = (mentions[column] != parent) & ~(mentions[column].isna() & parent.isna())
        yield "mentions", f"a restatement has the {column} of what it restates", mentions["restates"].notna() & differs
    yield (
        "parties",
        "a party is named by a mention of its deal",
        parties["mention_id"].map(deal_of) != parties["deal_id"],
    )
    cited = deals["mention_id"].map(mentions.set_index("mention_id")["confidence"])
    yield "deals", "a deal has the confidence of the mention that it cites", deals["confidence"] != cited
    counted = mentions.loc[mentions["restates"].isna(), "deal_id"].value_counts()
    yield (
        "deals",
        "n_mentions counts its mentions but restatements",
        deals["deal_id"].map(counted) != deals["n_mentions"],
    )

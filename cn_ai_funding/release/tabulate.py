"""Lays settled deals and their mentions out as tables: counts, sorts. Decides nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..deals import fx
from ..deals.linking import Deal
from .schema import TABLES

CHUNK = 5_000
"""Rows that are held as objects before they become columns."""
_VALUE_DATES = {"value_from": "datetime64[s]", "value_to": "datetime64[s]"}
"""What a row of a deal holds besides: the days whose rates apply."""


class Rows:
    """Rows on their way into a table, kept as columns of its types.

    As objects they would take several times the memory.
    """

    def __init__(self, name: str) -> None:
        self._types: dict[str, Any] = TABLES[name].types | _VALUE_DATES
        self._columns = [column.name for column in TABLES[name].columns]
        self._chunks: list[pd.DataFrame] = []
        self._held: defaultdict[str, list[Any]] = defaultdict(list)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take rows that all have the same columns, some of the table's and perhaps the value dates."""
        for row in rows:
            self.extend({name: (value,) for name, value in row.items()})

    def extend(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Take rows, as `add` does, by column."""
        for name, values in columns.items():
            self._held[name] += values
        if len(next(iter(self._held.values()), ())) >= CHUNK:
            self._flush()

    def frame(self) -> pd.DataFrame:
        """All rows so far."""
        if self._held or not self._chunks:
            self._flush()
        return pd.concat(self._chunks, ignore_index=True)

    def _flush(self) -> None:
        columns: Mapping[str, Sequence[Any]] = self._held or {name: [] for name in (*self._columns, *_VALUE_DATES)}
        data = {name: pd.Series(values, dtype=object).astype(self._types[name]) for name, values in columns.items()}
        self._chunks.append(pd.DataFrame(data))
        self._held.clear()


def tabulate(
    rows: Mapping[str, pd.DataFrame],
    deals: Sequence[Deal],
    converted: pd.DataFrame,
    organizations: Sequence[Mapping[str, Any]],
    rates: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables as DataFrames of their schema's types.

    `rows` are those of sources, mentions and evidence, without counts and deals; `converted` is what `fx.convert` gives
    for the deals.
    """
    deal_of = {mention.mention_id: deal.deal_id for deal in deals for mention in deal.mentions}
    mentions = rows["mentions"]
    mentions = mentions.assign(deal_id=mentions["restates"].fillna(mentions["mention_id"]).map(deal_of))
    listed, parties = Rows("organizations"), Rows("parties")
    listed.add(organizations)
    parties.add(row for deal in deals for row in deal.parties)
    tables = {
        "deals": _deals(deals, converted, organizations),
        "parties": parties.frame(),
        "mentions": mentions,
        "evidence": rows["evidence"],
        "sources": _counted(rows["sources"], "source_id", mentions),
        "organizations": _counted(listed.frame(), "organization_id", mentions),
        "fx_rates": rates,
    }
    return {name: TABLES[name].frame(frame) for name, frame in tables.items()}


def _deals(deals: Iterable[Deal], converted: pd.DataFrame, organizations: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    by_id = {row["organization_id"]: row for row in organizations}
    rows = Rows("deals")
    rows.add(deal.row(by_id) for deal in deals)
    frame = rows.frame()
    return frame.assign(**converted, stated_deviation_pct=fx.stated_deviation(frame, converted))


def _counted(rows: pd.DataFrame, key: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows with the number of mentions that name their key, and of the deals that these tell of."""
    by_key = mentions.groupby(key)
    counts = {"n_mentions": by_key.size(), "n_deals": by_key["deal_id"].nunique()}
    return rows.assign(**{name: rows[key].map(count).fillna(0).astype("int32") for name, count in counts.items()})

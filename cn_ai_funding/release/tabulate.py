"""Lays settled deals and their mentions out as tables: counts, sorts. Decides nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..deals import fx
from ..deals.linking import Deal
from .schema import TABLES

CHUNK = 5_000
"""Rows that are held as objects before they become columns."""
_VALUE_DATES = {"value_from": pa.date32(), "value_to": pa.date32()}
"""What a row of a deal holds besides: the days whose rates apply."""


class Rows:
    """Rows on their way into a table, kept as columns of its types.

    As objects they would take several times the memory.
    """

    def __init__(self, name: str) -> None:
        self._table = TABLES[name]
        self._types: dict[str, pa.DataType] = {field.name: field.type for field in self._table.arrow} | _VALUE_DATES
        self._chunks: defaultdict[str, list[pa.Array]] = defaultdict(list)
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
        """The table of all rows so far, sorted by key, of which it holds none any longer."""
        if self._held or not self._chunks:
            self._flush()
        by = [(name, "ascending") for name in self._table.key]
        order = pc.sort_indices(pa.table({name: pa.chunked_array(self._chunks[name]) for name, _ in by}), by)
        # one column after the other: sorted as a whole, a table would be in memory twice
        return pd.DataFrame({name: self._sorted(name, order) for name in list(self._chunks)})

    def _sorted(self, name: str, order: pa.Array) -> pd.Series:
        chunks = pa.chunked_array(self._chunks.pop(name))
        column: pd.Series = chunks.take(order).to_pandas(date_as_object=False)
        del chunks
        pa.default_memory_pool().release_unused()  # else it keeps for later what the chunks took
        return column.astype(self._table.types.get(name, "datetime64[s]"))

    def _flush(self) -> None:
        for name, values in (self._held or dict.fromkeys(self._types, ())).items():
            self._chunks[name].append(pa.array(values, self._types[name]))
        self._held.clear()


class DealTables(NamedTuple):
    """What the tables say of deals: their rows but for the quotes, those of their parties, and the deal of mentions."""

    deals: pd.DataFrame
    parties: pd.DataFrame
    deal_of: pd.Series


def tabulate_deals(
    deals: Sequence[Deal], converted: pd.DataFrame, organizations: Sequence[Mapping[str, Any]]
) -> DealTables:
    """Settled deals, sorted by id, as tables. `converted` is what `fx.convert` gives for them."""
    by_id = {row["organization_id"]: row for row in organizations}
    listed, parties = Rows("deals"), Rows("parties")
    listed.add(deal.row(by_id) for deal in deals)
    parties.add(row for deal in deals for row in deal.parties)
    frame = listed.frame()
    frame = frame.assign(**converted, stated_deviation_pct=fx.stated_deviation(frame, converted))
    deal_of = {mention.mention_id: deal.deal_id for deal in deals for mention in deal.mentions}
    return DealTables(frame, parties.frame(), pd.Series(deal_of, dtype=TABLES["mentions"].types["deal_id"]))


def tabulate(
    rows: Mapping[str, pd.DataFrame],
    of_deals: DealTables,
    organizations: Sequence[Mapping[str, Any]],
    rates: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables as DataFrames of their schema's types.

    `rows` are those of sources, mentions and evidence, without counts and deals.
    """
    mentions = rows["mentions"]
    deal_ids = mentions["restates"].fillna(mentions["mention_id"]).map(of_deals.deal_of)
    mentions = TABLES["mentions"].frame(mentions.assign(deal_id=deal_ids))
    quotes = mentions.set_index("mention_id")["quote"]
    listed = Rows("organizations")
    listed.add(organizations)
    tables = {
        "evidence": rows["evidence"],
        "deals": of_deals.deals.assign(quote=of_deals.deals["mention_id"].map(quotes)),
        "parties": of_deals.parties,
        "sources": _counted(rows["sources"], "source_id", mentions),
        "organizations": _counted(listed.frame(), "organization_id", mentions),
        "fx_rates": rates,
    }
    return {"mentions": mentions} | {name: TABLES[name].frame(frame) for name, frame in tables.items()}


def _counted(rows: pd.DataFrame, key: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows with the number of mentions that name their key, and of the deals that these tell of."""
    by_key = mentions.groupby(key)
    counts = {"n_mentions": by_key.size(), "n_deals": by_key["deal_id"].nunique()}
    return rows.assign(**{name: rows[key].map(count).fillna(0).astype("int32") for name, count in counts.items()})

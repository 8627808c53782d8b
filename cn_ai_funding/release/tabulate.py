"""Lays settled deals and their mentions out as tables: counts, sorts. Decides nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

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
        """The table of all rows so far, of which it holds none any longer."""
        if self._held or not self._chunks:
            self._flush()
        chunks, self._chunks = self._chunks, []
        return pd.concat(chunks, ignore_index=True)

    def _flush(self) -> None:
        columns: Mapping[str, Sequence[Any]] = self._held or {name: [] for name in (*self._columns, *_VALUE_DATES)}
        data = {name: pd.Series(values, dtype=object).astype(self._types[name]) for name, values in columns.items()}
        self._chunks.append(pd.DataFrame(data))
        self._held.clear()


class DealTables(NamedTuple):
    """What the tables say of deals: their rows but for the quotes, those of their parties, and the deal of mentions."""

    deals: pd.DataFrame
    parties: pd.DataFrame
    deal_of: pd.Series


def tabulate_deals(
    deals: Sequence[Deal], converted: pd.DataFrame, organizations: Sequence[Mapping[str, Any]]
) -> DealTables:
    """Settled deals as tables. `converted` is what `fx.convert` gives for them."""
    by_id = {row["organization_id"]: row for row in organizations}
    listed, parties = Rows("deals"), Rows("parties")
    listed.add(deal.row(by_id) for deal in deals)
    parties.add(row for deal in deals for row in deal.parties)
    frame = listed.frame()
    frame = frame.assign(**converted, stated_deviation_pct=fx.stated_deviation(frame, converted))
    deal_of = {mention.mention_id: deal.deal_id for deal in deals for mention in deal.mentions}
    return DealTables(frame, parties.frame(), pd.Series(deal_of, dtype=TABLES["mentions"].types["deal_id"]))


def tabulate(
    rows: Mapping[str, Rows],
    of_deals: DealTables,
    organizations: Sequence[Mapping[str, Any]],
    rates: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables as DataFrames of their schema's types.

    `rows` are those of sources, mentions and evidence, without counts and deals, and are taken from there.
    """
    # the largest first: it is in memory twice while it is sorted
    evidence = TABLES["evidence"].frame(rows["evidence"].frame())
    mentions = rows["mentions"].frame()
    deal_ids = mentions["restates"].fillna(mentions["mention_id"]).map(of_deals.deal_of)
    mentions = TABLES["mentions"].frame(mentions.assign(deal_id=deal_ids))
    quotes = mentions.set_index("mention_id")["quote"]
    listed = Rows("organizations")
    listed.add(organizations)
    tables = {
        "deals": of_deals.deals.assign(quote=of_deals.deals["mention_id"].map(quotes)),
        "parties": of_deals.parties,
        "sources": _counted(rows["sources"].frame(), "source_id", mentions),
        "organizations": _counted(listed.frame(), "organization_id", mentions),
        "fx_rates": rates,
    }
    return {"mentions": mentions, "evidence": evidence} | {
        name: TABLES[name].frame(frame) for name, frame in tables.items()
    }


def _counted(rows: pd.DataFrame, key: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows with the number of mentions that name their key, and of the deals that these tell of."""
    by_key = mentions.groupby(key)
    counts = {"n_mentions": by_key.size(), "n_deals": by_key["deal_id"].nunique()}
    return rows.assign(**{name: rows[key].map(count).fillna(0).astype("int32") for name, count in counts.items()})

"""Lays what was judged out as tables: converts the amounts, counts, sorts. Decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from . import fx
from .deals import Deal
from .mentions import Mention
from .schema import TABLES


def tabulate(
    sources: Sequence[Mapping[str, Any]],
    mentions: Sequence[Mention],
    deals: Sequence[Deal],
    organizations: Sequence[Mapping[str, Any]],
    rates: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables as DataFrames of their schema's types. `sources` are rows of their table but for the counts."""
    deal_of = {mention.mention_id: deal.deal_id for deal in deals for mention in deal.mentions}
    mention_rows = _frame("mentions", [m.row(deal_of.get(m.parent or m.mention_id)) for m in mentions])
    deal_rows = _deals(deals, organizations, rates)
    return {
        "deals": TABLES["deals"].frame(deal_rows),
        "mentions": TABLES["mentions"].frame(mention_rows),
        "evidence": TABLES["evidence"].frame(_evidence(mentions)),
        "sources": TABLES["sources"].frame(_counted(_frame("sources", sources), "source_id", mention_rows)),
        "organizations": TABLES["organizations"].frame(_counted(_frame("organizations", organizations), "organization_id", mention_rows)),
        "fx_rates": TABLES["fx_rates"].frame(rates),
    }


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*rows[0]] if rows else [c.name for c in TABLES[name].columns], dtype=object)


def _evidence(mentions: Iterable[Mention]) -> pd.DataFrame:
    return pd.DataFrame([row for mention in mentions for row in mention.evidence_rows()], columns=[c.name for c in TABLES["evidence"].columns], dtype=object)


def _deals(deals: Sequence[Deal], organizations: Sequence[Mapping[str, Any]], rates: pd.DataFrame) -> pd.DataFrame:
    listed = {row["organization_id"]: row for row in organizations}
    rows = _frame("deals", [deal.row(listed) for deal in deals])
    if rows.empty:
        return rows
    types = {"amount": "float64", "stated_amount": "float64", "value_from": "datetime64[s]", "value_to": "datetime64[s]"}
    converted = fx.convert(rows.astype(types), rates)
    return rows.assign(**converted, stated_deviation_pct=fx.stated_deviation(rows.astype(types), converted))


def _counted(rows: pd.DataFrame, key: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows with the number of mentions that name their key, and of the deals that these tell of."""
    by_key = mentions.groupby(key)
    counts = {"n_mentions": by_key.size(), "n_deals": by_key["deal_id"].nunique()}
    return rows.assign(**{name: rows[key].map(count).fillna(0).astype("int32") for name, count in counts.items()})

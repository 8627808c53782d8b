"""What an amount is worth: conversion with the European Central Bank's euro reference rates.

Rates are cross rates of one and the same day. A day takes that day's rate or the last one before it; a month, a year or
an interval the average of its daily rates. No rate later than the value date's end or the article's publication is
used, and none is interpolated. https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

import hashlib
import io
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import floor, log10, nan
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ..intake.problems import Problem

TARGETS = ("CNY", "USD", "KRW")
BOUNDS = ("", "_low", "_high")
"""What follows `amount` in the names of the columns that are converted."""
ARCHIVE = "eurofxref-hist.zip"
IDENTITY, SPOT, PERIOD_AVERAGE, NONE = "identity", "spot", "period_average", "none"
RATE_METHODS = (IDENTITY, SPOT, PERIOD_AVERAGE, NONE)
STALE = timedelta(days=31)
"""A rate this much older than the value date belongs to a currency that the ECB no longer quotes: no rate."""
LATE = timedelta(days=5)
"""A rate this much older than the value date's end is told: the ECB's longest holidays, with a week-end, leave out four
days."""
DEVIATION_PCT = 5.0
"""From here on a publisher's conversion disagrees with ours."""
_AS_PUBLISHED = pyarrow.csv.ConvertOptions(column_types={"Date": pa.string()}, null_values=["N/A", ""])
SIGNIFICANT_DIGITS = 10
"""Of a rate; the ECB publishes five or six."""


def read_rates(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """The ECB's history, one row a day and currency: `date`, `currency`, `per_eur`, sorted."""
    path, listed = folder / ARCHIVE, folder / f"{ARCHIVE}.sha256"
    empty = pd.DataFrame(
        {
            "date": pd.Series(dtype="datetime64[s]"),
            "currency": pd.Series(dtype="str"),
            "per_eur": pd.Series(dtype="float64"),
        }
    )
    try:
        data, digest = path.read_bytes(), listed.read_text(encoding="ascii").split()[0]
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"another SHA-256 than {listed.name} holds")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            table = pyarrow.csv.read_csv(archive.open(archive.namelist()[0]), convert_options=_AS_PUBLISHED)
        wide = table.select([name for name in table.column_names if name]).to_pandas().set_index("Date")
        wide.index = pd.to_datetime(wide.index, format="%Y-%m-%d").as_unit("s")
        rates = wide.astype("float64").sort_index().sort_index(axis="columns")
        if (
            not set(TARGETS) <= set(rates.columns)
            or rates.index.has_duplicates
            or not (rates.isna() | (rates > 0)).all(axis=None)
        ):
            raise ValueError("a day twice, a rate that is not above zero, or no CNY, USD and KRW")
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        action = "Restore the file as the ECB publishes it, with its checksum"
        problems.append(
            Problem(
                f"ecb/{path.name}",
                "",
                f"a damaged rate history ({error})",
                "the ECB's reference rates, unmodified",
                action,
            )
        )
        return empty
    days, currencies = rates.notna().to_numpy().nonzero()
    return pd.DataFrame(
        {
            "date": rates.index[days],
            "currency": rates.columns.astype("str")[currencies],
            "per_eur": rates.to_numpy()[days, currencies],
        }
    )


class Cross(NamedTuple):
    """A rate between two currencies, NaN if there is none, and the first and last day that it rests on."""

    rate: float = nan
    first: date | None = None
    last: date | None = None


class Rates:
    """The cross rates of a history as `read_rates` gives it."""

    def __init__(self, history: pd.DataFrame) -> None:
        table = history.pivot(index="date", columns="currency", values="per_eur").assign(EUR=1.0)
        self._days = table.index.to_numpy().astype("datetime64[D]")
        self._per_eur = {str(name): rates.to_numpy() for name, rates in table.items()}
        self._known: dict[tuple[str, str], tuple[list[date], list[float]]] = {}

    @cached_property
    def sha256(self) -> str:
        """A hash of all rates."""
        digest = hashlib.sha256(self._days.tobytes())
        for currency, rates in self._per_eur.items():
            digest.update(currency.encode() + rates.tobytes())
        return digest.hexdigest()

    def cross(self, currency: str | None, target: str, first: date | None, last: date | None) -> Cross:
        """The mean of the daily rates in a window of days, or the last one before its end if it has none.

        From a currency to itself it is 1, and rests on no day.
        """
        if currency == target:
            return Cross(1.0)
        if first is None or last is None or currency not in self._per_eur or target not in self._per_eur:
            return Cross()
        days, total = self._known.get((currency, target)) or self._load(currency, target)
        stop = bisect_right(days, last)
        if not stop or last - days[stop - 1] > STALE:
            return Cross()
        start = min(bisect_left(days, first), stop - 1)
        mean = (total[stop] - total[start]) / (stop - start)
        return Cross(round(mean, SIGNIFICANT_DIGITS - 1 - floor(log10(mean))), days[start], days[stop - 1])

    def usd(
        self, amount: float | Decimal | None, currency: str | None, window: tuple[date | None, date | None]
    ) -> float:
        """An amount in dollars at the rates of a window of days. NaN where there is no amount or rate."""
        return nan if amount is None else float(amount) * self.cross(currency, "USD", *window).rate

    def _load(self, currency: str, target: str) -> tuple[list[date], list[float]]:
        """The days that have a rate, and the sum of all rates before each."""
        daily = self._per_eur[target] / self._per_eur[currency]
        known = ~np.isnan(daily)
        loaded = self._days[known].tolist(), [0.0, *daily[known].cumsum().tolist()]
        return self._known.setdefault((currency, target), loaded)


def convert(frame: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """A frame's amounts and their bounds in CNY, USD and KRW, with the rates.

    `frame` has `amount`, `amount_low`, `amount_high`, `currency` and the value date as `value_from` and `value_to`
    (equal for a day; NaT: unknown). Gives `rate_x`, `amount_x`, `amount_x_low` and `amount_x_high` for each target x
    (per unit of the currency; whole units, two decimals), `rate_method`, `rate_from` and `rate_to` (the first and last
    day whose rates were used). Rows keep their order.
    """
    result = pd.DataFrame(index=frame.index)
    days = ([None if day is pd.NaT else day.date() for day in frame[name]] for name in ("value_from", "value_to"))
    asked = [*zip(frame["currency"], *days, strict=True)]
    used: list[Cross] = [Cross()] * len(frame)
    for target in TARGETS:
        found = [rates.cross(currency, target, *window) for currency, *window in asked]
        result[f"rate_{target.lower()}"] = pd.Series([cross.rate for cross in found], frame.index, dtype="float64")
        for bound in BOUNDS:
            result[f"amount_{target.lower()}{bound}"] = (
                frame[f"amount{bound}"] * result[f"rate_{target.lower()}"]
            ).round(2)
        used = [before if before.last else cross for before, cross in zip(used, found, strict=True)]
    converts = result[[f"rate_{target.lower()}" for target in TARGETS]].notna().any(axis=1)
    result["rate_method"] = [
        (SPOT if cross.first == cross.last else PERIOD_AVERAGE) if cross.last else IDENTITY if known else NONE
        for cross, known in zip(used, converts, strict=True)
    ]
    for name, ends in (("rate_from", [cross.first for cross in used]), ("rate_to", [cross.last for cross in used])):
        result[name] = pd.Series(ends, frame.index, dtype="datetime64[s]")
    return result


def agree(one: float, other: float, within_pct: float = DEVIATION_PCT) -> bool:
    """Whether two amounts above zero in one currency are nearer to each other than so many per cent."""
    most = 1 + within_pct / 100
    return one > 0 and other > 0 and one < most * other and other < most * one


def stated_deviation(frame: pd.DataFrame, converted: pd.DataFrame) -> pd.Series:
    """By how many per cent `stated_amount` (in `stated_currency`) is above the amount that `convert` gives."""
    ours = pd.Series(np.nan, frame.index)
    for target in TARGETS:
        ours = ours.mask(frame["stated_currency"] == target, converted[f"amount_{target.lower()}"])
    return ((frame["stated_amount"] / ours - 1) * 100).round(2)

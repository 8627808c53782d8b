"""What an amount is worth: conversion with the European Central Bank's euro reference rates.

Rates are cross rates of one and the same day. A day takes that day's rate or the last one before it; a month, a year or
an interval the average of its daily rates. No rate later than the value date's end or the article's publication is
used, and none is interpolated. https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

import csv
import hashlib
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from ..intake.problems import Problem

TARGETS = ("CNY", "USD", "KRW")
BOUNDS = ("", "_low", "_high")
"""What follows `amount` in the names of the columns that are converted."""
ARCHIVE = "eurofxref-hist.zip"
IDENTITY, SPOT, PERIOD_AVERAGE, NONE = "identity", "spot", "period_average", "none"
RATE_METHODS = (IDENTITY, SPOT, PERIOD_AVERAGE, NONE)
STALE = pd.Timedelta(days=31)
"""A rate this much older than the value date belongs to a currency that the ECB no longer quotes: no rate."""
LATE = pd.Timedelta(days=5)
"""A rate this much older than the value date's end is told: the ECB's longest holidays, with a week-end, leave out four
days."""
DEVIATION_PCT = 5.0
"""From here on a publisher's conversion disagrees with ours."""
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
            rows = list(csv.reader(io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="ascii", newline="")))
        wide = pd.DataFrame(rows[1:], columns=rows[0]).set_index("Date")
        wide = wide.loc[:, [name for name in wide.columns if name]]
        wide.index = pd.to_datetime(wide.index, format="%Y-%m-%d").as_unit("s")
        rates = wide.replace({"N/A": None, "": None}).astype("float64")
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
        csv.Error,
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
    long = rates.rename_axis("date").reset_index().melt("date", var_name="currency", value_name="per_eur").dropna()
    return long.astype({"currency": "str"}).sort_values(["date", "currency"], ignore_index=True)


def by_day(rates: pd.DataFrame) -> pd.DataFrame:
    """A history as `read_rates` gives it with one row a day and one column a currency, in units per euro."""
    return rates.pivot(index="date", columns="currency", values="per_eur").assign(EUR=1.0)


def convert(frame: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    """A frame's amounts and their bounds in CNY, USD and KRW, with the rates. `wide` is a history as `by_day` gives it.

    `frame` has `amount`, `amount_low`, `amount_high`, `currency` and the value date as `value_from` and `value_to`
    (equal for a day; NaT: unknown). Gives `rate_x`, `amount_x`, `amount_x_low` and `amount_x_high` for each target x
    (per unit of the currency; whole units, two decimals), `rate_method`, `rate_from` and `rate_to` (the first and last
    day whose rates were used). Rows keep their order.
    """
    result = pd.DataFrame(index=frame.index)
    used_from, used_to = (
        pd.Series(pd.NaT, frame.index, dtype="datetime64[s]"),
        pd.Series(pd.NaT, frame.index, dtype="datetime64[s]"),
    )
    for target in TARGETS:
        found = _rates_into(target, frame, wide)
        result[f"rate_{target.lower()}"] = found["rate"]
        for bound in BOUNDS:
            result[f"amount_{target.lower()}{bound}"] = (frame[f"amount{bound}"] * found["rate"]).round(2)
        used_from, used_to = used_from.fillna(found["first"]), used_to.fillna(found["last"])
    result["rate_method"] = np.select(
        [used_to.notna() & (used_from == used_to), used_to.notna(), result.filter(like="rate_").notna().any(axis=1)],
        [SPOT, PERIOD_AVERAGE, IDENTITY],
        NONE,
    )
    result["rate_from"], result["rate_to"] = used_from, used_to
    return result


def in_usd(frame: pd.DataFrame, wide: pd.DataFrame) -> pd.Series:
    """The amounts, not the bounds, of a frame as `convert` takes it, in dollars alone.

    NaN where there is no amount or rate.
    """
    return frame["amount"] * _rates_into("USD", frame, wide)["rate"]


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


def _rates_into(target: str, frame: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    """For each row of a frame the rate from its currency, and the first and last day that it rests on.

    1 and no days from `target` itself.
    """
    nothing = pd.Series(pd.NaT, frame.index, dtype="datetime64[s]")
    result = pd.DataFrame({"rate": pd.Series(np.nan, frame.index), "first": nothing, "last": nothing})
    for currency, rows in frame.groupby("currency"):
        if currency == target:
            result.loc[rows.index, "rate"] = 1.0
        elif currency in wide:
            result.loc[rows.index] = _rates(wide[target] / wide[currency], rows["value_from"], rows["value_to"])
    return result


def _rates(cross: pd.Series, value_from: pd.Series, value_to: pd.Series) -> pd.DataFrame:
    """For each window of days the mean of the cross rates in it, or the last rate before its end if it has none."""
    cross = cross.dropna()
    if cross.empty:
        nothing = pd.Series(pd.NaT, value_from.index, dtype="datetime64[s]")
        return pd.DataFrame({"rate": np.nan, "first": nothing, "last": nothing})
    days = cross.index.to_numpy()
    total = np.concatenate([[0.0], cross.to_numpy().cumsum()])
    stop = np.searchsorted(days, value_to.to_numpy(), side="right")
    start = np.minimum(np.searchsorted(days, value_from.to_numpy(), side="left"), stop - 1)
    known = (value_from.notna() & value_to.notna()).to_numpy() & (stop > 0)
    start, stop = np.where(known, start, 0), np.where(known, stop, 1)
    fresh = known & (value_to.to_numpy() - days[stop - 1] <= STALE.to_timedelta64())
    mean = pd.Series((total[stop] - total[start]) / (stop - start), value_from.index)
    digits = SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(mean)).astype(int)
    rounded = [round(value, places) for value, places in zip(mean.tolist(), digits.tolist(), strict=True)]
    found = pd.DataFrame({"rate": rounded, "first": days[start], "last": days[stop - 1]}, value_from.index)
    return found.where(pd.Series(fresh, value_from.index))

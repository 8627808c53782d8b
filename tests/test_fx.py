"""Conversion at the rates of the value date, never a later one, never an interpolated one."""

import hashlib
import zipfile

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from cn_ai_funding.deals import fx

RATES = pd.DataFrame(
    [
        ("2019-01-03", "CNY", 8.0),
        ("2019-01-03", "USD", 1.0),
        ("2019-01-03", "KRW", 1200.0),
        ("2019-01-04", "CNY", 7.0),
        ("2019-01-04", "USD", 1.0),
        ("2019-01-04", "KRW", 1300.0),
        ("2019-02-01", "CNY", 6.0),
        ("2019-02-01", "USD", 1.0),
        ("2019-02-01", "KRW", 1400.0),
        ("2018-06-01", "RUB", 70.0),
    ],
    columns=["date", "currency", "per_eur"],
).astype({"date": "datetime64[s]"})


def convert(*rows):
    frame = pd.DataFrame(rows, columns=["amount", "currency", "value_from", "value_to"]).assign(
        amount_low=lambda frame: frame["amount"], amount_high=None
    )
    numbers = dict.fromkeys(["amount", "amount_low", "amount_high"], "float64")
    return fx.convert(
        frame.astype(numbers | {"value_from": "datetime64[s]", "value_to": "datetime64[s]"}), fx.Rates(RATES)
    )


def one(*row):
    return convert(row).iloc[0]


def test_a_day_takes_its_own_rate():
    row = one(100, "USD", "2019-01-04", "2019-01-04")
    assert (row.amount_cny, row.amount_usd, row.amount_krw, row.rate_cny, row.rate_usd) == (700, 100, 130000, 7, 1)
    assert (row.rate_method, row.rate_from, row.rate_to) == (
        "spot",
        pd.Timestamp("2019-01-04"),
        pd.Timestamp("2019-01-04"),
    )


def test_a_day_without_a_rate_takes_the_last_one_before_it():
    row = one(100, "USD", "2019-01-06", "2019-01-06")
    assert (row.rate_cny, row.rate_to, row.rate_method) == (7, pd.Timestamp("2019-01-04"), "spot")


def test_a_month_takes_the_average_of_its_daily_cross_rates():
    row = one(100, "CNY", "2019-01-01", "2019-01-31")
    assert row.rate_usd == pytest.approx((1 / 8 + 1 / 7) / 2, rel=1e-9)
    assert (row.rate_method, row.rate_from, row.rate_to) == (
        "period_average",
        pd.Timestamp("2019-01-03"),
        pd.Timestamp("2019-01-04"),
    )


def test_before_the_first_rate_there_is_none():
    row = one(100, "USD", "1990-01-01", "1990-01-01")
    assert np.isnan(row.rate_krw)
    assert (row.amount_usd, row.rate_method) == (100, "identity")


@pytest.mark.parametrize(("currency", "method"), [("TWD", "none"), ("RUB", "none"), ("KRW", "identity")])
def test_a_currency_without_rates_stays_null_but_for_itself(currency, method):
    """RUB: its last rate is months old, so the ECB no longer quotes it."""
    row = one(100, currency, "2019-01-04" if currency != "KRW" else None, "2019-01-04" if currency != "KRW" else None)
    assert np.isnan(row.amount_usd)
    assert (row.rate_method, row.amount_krw if currency == "KRW" else 100) == (method, 100)


def test_the_euro_itself_converts():
    assert one(2, "EUR", "2019-01-03", "2019-01-03").amount_krw == 2400


def test_rows_keep_their_order_and_an_unknown_amount_keeps_its_rate():
    result = convert(
        (None, "USD", "2019-02-01", "2019-02-01"),
        (1, "CNY", "2019-01-03", "2019-01-03"),
        (5, None, "2019-01-03", "2019-01-03"),
    )
    assert result.rate_cny.tolist()[:2] == [6, 1]
    assert np.isnan(result.amount_cny[0])
    assert np.isnan(result.rate_cny[2])


def test_bounds_convert_at_the_rate_of_their_amount():
    frame = pd.DataFrame({"amount": [None], "amount_low": [100.0], "amount_high": [200.0], "currency": ["CNY"]})
    days = pd.Series(["2019-01-04"]).astype("datetime64[s]")
    row = fx.convert(frame.astype({"amount": "float64"}).assign(value_from=days, value_to=days), fx.Rates(RATES)).iloc[
        0
    ]
    assert (row.amount_cny_low, row.amount_cny_high, row.amount_krw_low) == (100, 200, pytest.approx(1300 / 7 * 100))
    assert (row.amount_usd_low, row.amount_usd_high) == (14.29, 28.57)
    assert np.isnan(row.amount_usd)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [(100, 100, True), (100, 104.9, True), (104.9, 100, True), (100, 105.1, False), (-1, -1, False), (0, 0, False)],
)
def test_amounts_agree_within_five_per_cent(one, other, agree):
    assert fx.agree(one, other) == agree
    assert not fx.agree(one, float("nan"))
    assert not fx.agree(float("nan"), other)


def test_a_publishers_conversion_is_compared_with_ours():
    frame = pd.DataFrame({"stated_amount": [110.0, None], "stated_currency": ["KRW", None]})
    deviation = fx.stated_deviation(
        frame, pd.DataFrame({"amount_cny": [1.0, 1.0], "amount_usd": [1.0, 1.0], "amount_krw": [100.0, 1.0]})
    )
    assert deviation[0] == 10
    assert np.isnan(deviation[1])


def test_reads_the_history_as_the_ecb_publishes_it():
    problems = []
    rates = fx.read_rates(ROOT / "raw" / "ecb", problems)
    assert problems == []
    known = rates[(rates.date == "2019-02-07") & rates.currency.isin(["CNY", "KRW", "USD"])]
    assert dict(zip(known.currency, known.per_eur, strict=True)) == {"CNY": 7.652, "KRW": 1276.31, "USD": 1.1345}


@pytest.mark.parametrize("damage", ["byte", "zip", "header", "number", "missing"])
def test_a_damaged_history_is_a_problem(raw, damage):
    archive = raw / "ecb" / fx.ARCHIVE
    data = archive.read_bytes()
    if damage == "byte":
        archive.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    elif damage == "missing":
        archive.unlink()
    else:
        lines = {
            "zip": None,
            "header": "Date,USD,\n2019-01-03,1.1,\n",
            "number": "Date,USD,CNY,KRW,\n2019-01-03,1.1,x,1200,\n",
        }[damage]
        if lines is None:
            archive.write_bytes(b"no zip")
        else:
            with zipfile.ZipFile(archive, "w") as out:
                out.writestr("eurofxref-hist.csv", lines)
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        (raw / "ecb" / f"{fx.ARCHIVE}.sha256").write_text(f"{digest}  {fx.ARCHIVE}\n")
    problems = []
    assert fx.read_rates(raw / "ecb", problems).empty
    assert "a damaged rate history" in str(problems[0])

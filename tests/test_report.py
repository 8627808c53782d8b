"""What a build says at its end: what is odd stands there with the id by which it is found."""

import io

import pandas as pd
import pytest
from rich.console import Console

import cn_ai_funding
from cn_ai_funding import tables
from cn_ai_funding.cli.report import cover, summarize
from cn_ai_funding.kinds import MEASURES
from cn_ai_funding.release.schema import SEVERAL, VALUES


def said(frames, notices=()):
    out = io.StringIO()
    summarize(frames, notices, Console(file=out, width=200))
    return out.getvalue()


@pytest.fixture
def frames():
    return {name: getattr(cn_ai_funding, f"load_{name}")() for name in tables.NAMES}


def test_every_doubt_is_told_with_the_id_of_its_mention(frames):
    deals = frames["deals"]
    deals["doubt"] = None
    deals.loc[deals.index[:2], "doubt"] = ["late_rate", SEVERAL.join(VALUES["doubt"])]
    lines = said(frames).splitlines()
    for deal in deals[:2].itertuples():
        (line,) = (line for line in lines if deal.mention_id in line and deal.doubt in line)
        assert (deal.organization_name in line, f"{deal.rate_to:%Y-%m-%d}" in line) == (True, deal.rate_to is not None)


def test_what_a_maintainer_has_compared_with_its_article_is_looked_at_again_only_for_its_rate(frames):
    frames["deals"][["review", "doubt"]] = ["checked", "outlier"]
    assert "look at again" not in said(frames)
    frames["deals"].loc[0, "doubt"] = "late_rate | outlier"
    assert frames["deals"].mention_id[0] in said(frames).split("look at again")[1].split("Conversions")[0]


def test_where_nothing_is_odd_nothing_is_said_of_it(frames):
    frames["deals"]["doubt"] = None
    assert "look at again" not in said(frames)


def test_every_reason_is_told_with_its_count_and_meaning(frames):
    text = said(frames)
    left_out = frames["deals"].loc[~frames["deals"].include_in_totals, "exclude_reason"]
    for reason, count in left_out.value_counts().items():
        assert f"{count}  deals left out of totals  {reason}  {VALUES['exclude_reason'][reason]}" in text


def test_coverage_counts_what_the_tables_hold():
    day = pd.Timestamp("2024-03-04")
    sources = pd.DataFrame(
        [
            ("a", "가온일보", day, "full", day),
            ("b", "나루신문", day, "excerpt", None),
            ("c", "가온일보", None, "full", None),
        ],
        columns=["source_id", "publisher", "published", "extent", "checked"],
    )
    told = [
        ("a", "one"),
        ("b", "one"),
        ("a", "two"),
        ("c", "two"),
        ("b", None),
    ]  # by two publishers, by one twice, no deal
    deals = pd.DataFrame(
        [("one", "ipo", "x", None), ("two", "fund", None, "a | c")],
        columns=["deal_id", "kind", "organization_id", "conflict"],
    )
    out = io.StringIO()
    cover(
        {"deals": deals, "mentions": pd.DataFrame(told, columns=["source_id", "deal_id"]), "sources": sources},
        Console(file=out, width=200),
    )
    counts = dict(line.strip().rsplit("  ", 1) for line in out.getvalue().splitlines() if line.startswith("  "))
    assert counts == {
        "sources": "3",
        "sources that are checked": "1",
        "sources that are excerpts": "1",
        "mentions of money": "5",
        "deals": "2",
        "organizations with deals": "1",
        "deals with an organization_id": "1 (50.0%)",
        "deals told by two or more publishers": "1",
        "deals with a conflict": "1",
        "2024": "2",
        "undated": "1",
        "가온일보": "2",
        "나루신문": "1",
        **dict.fromkeys(MEASURES, "0"),
        "ipo": "1",
        "fund": "1",
    }

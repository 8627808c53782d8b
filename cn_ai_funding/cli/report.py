"""What a build says at its end.

How much was read, what was left out and why, what is odd, where publishers' conversions differ.

And, from the published tables alone, what they cover.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
from rich.console import Console

from ..deals.fx import DEVIATION_PCT
from ..deals.totals import RATE_DOUBT
from ..intake.problems import Problem
from ..intake.sidecars import EXCERPT
from ..kinds import MEASURES
from ..release.schema import VALUES
from .terminal import table

MOST = 20
"""Lines that are shown of anything; the tables have them all."""


def summarize(frames: Mapping[str, pd.DataFrame], notices: Sequence[str], console: Console) -> None:
    """Print the closing summary of a build: tables on a terminal, plain lines in a pipe."""
    for notice in notices[:MOST]:
        console.print(f"note: {notice}", style="yellow")
    _more(console, len(notices))
    deals, mentions, sources = frames["deals"], frames["mentions"], frames["sources"]
    console.print(f"{len(sources)} sources, {len(mentions)} mentions of money, {len(deals)} deals", style="bold")
    newest_first = sources[["source_id", "publisher", "n_mentions", "n_deals"]][
        ::-1
    ]  # ids begin with a number or a day
    _table(console, "Mentions and deals by source", newest_first)
    reasons = pd.concat(
        [
            _reasons(mentions[mentions["deal_id"].isna() & mentions["restates"].isna()], "mentions that are no deal"),
            _reasons(deals[~deals["include_in_totals"]], "deals left out of totals"),
        ]
    )
    _table(console, "Left out", reasons)
    _table(
        console,
        "Amounts that sources give differently for one deal",
        deals.loc[deals["conflict"].notna(), ["deal_id", "conflict"]],
    )
    # a maintainer who has compared a figure with its article has settled all but how old its rate is
    unsettled = (deals["review"] != "checked") | deals["doubt"].fillna("").str.contains(RATE_DOUBT)
    columns = ["mention_id", "organization_name", "kind", "amount_text", "date_edtf", "rate_to", "doubt"]
    doubted = deals.loc[deals["doubt"].notna() & unsettled, columns]
    _table(console, "Figures to look at again", doubted.fillna("-"))
    far = deals.loc[deals["stated_deviation_pct"].abs() >= DEVIATION_PCT]
    shown = far[["mention_id", "amount_text", "stated_amount", "stated_currency", "stated_deviation_pct"]]
    _table(console, f"Conversions that disagree with the ECB's rates by {DEVIATION_PCT:g} % or more", shown)


def cover(frames: Mapping[str, pd.DataFrame], console: Console) -> None:
    """Print what published tables cover.

    How many sources, mentions, deals and organizations, and how they are spread.
    """
    deals, mentions, sources = frames["deals"], frames["mentions"], frames["sources"]
    publishers = (
        mentions.merge(sources[["source_id", "publisher"]], on="source_id").groupby("deal_id")["publisher"].nunique()
    )
    listed = deals["organization_id"].notna()
    share = f"{listed.mean():.1%}" if len(deals) else "none"
    counts = {
        "sources": len(sources),
        "sources that are checked": sources["checked"].notna().sum(),
        "sources that are excerpts": (sources["extent"] == EXCERPT).sum(),
        "mentions of money": len(mentions),
        "deals": len(deals),
        "organizations with deals": deals["organization_id"].nunique(),
        "deals with an organization_id": f"{listed.sum()} ({share})",
        "deals told by two or more publishers": (publishers > 1).sum(),
        "deals with a conflict": deals["conflict"].notna().sum(),
    }
    _table(
        console,
        "Coverage",
        pd.DataFrame([(what, str(count)) for what, count in counts.items()], columns=["what", "count"]),
    )
    years = Counter(f"{day:%Y}" if pd.notna(day) else "undated" for day in sources["published"])
    _table(console, "Sources by year of publication", pd.DataFrame(sorted(years.items()), columns=["year", "sources"]))
    _table(
        console,
        "Sources by publisher",
        pd.DataFrame(Counter(sources["publisher"]).most_common(), columns=["publisher", "sources"]),
    )
    kinds = Counter(deals["kind"])
    _table(
        console, "Deals by kind", pd.DataFrame([(kind, kinds[kind]) for kind in MEASURES], columns=["kind", "deals"])
    )


def list_problems(problems: Sequence[Problem], console: Console, left: str) -> None:
    """Print every problem on a line of its own, and how they left what is published."""
    for problem in problems:
        console.print(f"error: {problem}", style="red")
    console.print(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}; {left}", style="bold red")


def _reasons(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    counts = frame["exclude_reason"].value_counts().sort_index()
    meanings = [VALUES["exclude_reason"][str(reason)] for reason in counts.index]
    return pd.DataFrame({"count": counts.to_numpy(), "what": what, "reason": counts.index, "meaning": meanings})


def _table(console: Console, title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    console.print()
    rows = [tuple(map(_shown, row)) for row in frame.head(MOST).itertuples(index=False)]
    if console.is_terminal:
        numbers = [str(name) for name, dtype in frame.dtypes.items() if pd.api.types.is_numeric_dtype(dtype)]
        console.print(table([*map(str, frame.columns)], rows, right=numbers, title=title))
    else:
        console.print(title)
        for row in rows:
            console.print("  " + "  ".join(row))
    _more(console, len(frame))


def _more(console: Console, count: int) -> None:
    if count > MOST:
        console.print(f"  and {count - MOST:,} more")


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.0f}" if isinstance(value, float) and abs(value) >= 1000 else str(value)

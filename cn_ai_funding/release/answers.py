"""What the data answers now, for the README: written by the build, so that it is never older than the tables."""

from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa

from ..intake.problems import Problem, ProblemsError

START, END = "<!-- answers: written by build.py -->", "<!-- /answers -->"
_FOREMOST = 3
"""Organizations that are named of a year."""
_CONVERSIONS = 5
"""Conversions of a publisher from which it is compared."""
_BILLION = 1e9
_READ = {
    "deals": [
        "kind",
        "measure",
        "status",
        "organization_name",
        "date_edtf",
        "amount_usd",
        "stated_deviation_pct",
        "include_in_totals",
        "publisher",
        "n_sources",
    ],
    "sources": ["publisher", "published", "checked"],
}
"""The columns by table that the answers are read from."""


def with_answers(readme: str, tables: Mapping[str, pa.Table]) -> str:
    """The README with its answers written anew between their marks. ProblemsError where it has none."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        fault = Problem("README.md", "", f"no {START} with {END} after it", "the marks of the answers", "Restore them")
        raise ProblemsError([fault])
    return f"{before}{START}\n{answers(tables)}\n{END}{after}"


def answers(tables: Mapping[str, pa.Table]) -> str:
    """What is covered, and three questions with their answers."""
    # only what is asked for: all columns of many deals would be the most that a build holds at once
    deals, sources = (tables[name].select(columns).to_pandas() for name, columns in _READ.items())
    counted = deals[deals["include_in_totals"]].assign(year=lambda rows: rows["date_edtf"].str[:4])
    by_measure = dict([*counted.groupby("measure")])
    none = counted.head(0)
    told = (
        f"{len(sources)} articles of {sources['publisher'].nunique()} publishers, "
        f"{sources['checked'].notna().sum()} of them compared with their text figure by figure; "
        f"{tables['mentions'].num_rows:,} amounts of money, {len(deals)} deals of "
        f"{deals['organization_name'].nunique()} organizations, {(deals['n_sources'] > 1).sum()} of several articles."
    )
    lines = ["", told]
    for question, header, rows in (
        (
            "**Who raised most?** New money into organizations (`measure = 'raised'`), in billions of US dollars.",
            ("year", "deals", "raised", "most"),
            _raised(by_measure.get("raised", none)),
        ),
        (
            "**What was planned, and what is done?** Plans and funds (`measure = 'committed'`), by year, in billions.",
            ("year", "planned", "done"),
            _committed(by_measure.get("committed", none)),
        ),
        (
            "**How do publishers convert?** Their own conversions against the European Central Bank's rates.",
            ("publisher", "conversions", "median difference", "largest"),
            _conversions(deals),
        ),
        (
            "**What is covered?** Articles by year of publication, deals by year:",
            ("year", "articles", "deals"),
            _years(sources, deals),
        ),
        ("Deals by kind:", ("kind", "deals", "in totals"), _kinds(deals)),
    ):
        lines += ["", question, "", *_table(header, rows)]
    return "\n".join([*lines, ""])


def _raised(rows: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    for year, found in rows.groupby("year"):
        by_name = found.groupby("organization_name")["amount_usd"].sum().sort_values(ascending=False, kind="stable")
        foremost = ", ".join(f"{name} {_billions(usd)}" for name, usd in by_name.head(_FOREMOST).items())
        yield str(year), str(len(found)), _billions(found["amount_usd"].sum()), foremost


def _committed(rows: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    for year, found in rows.groupby("year"):
        done = found["status"] == "completed"
        yield str(year), *(_billions(found.loc[which, "amount_usd"].sum()) for which in (~done, done))


def _conversions(deals: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    off = deals.assign(off=deals["stated_deviation_pct"].abs()).dropna(subset=["off"]).groupby("publisher")["off"]
    known = off.agg(["size", "median", "max"]).sort_values(["median", "max"], kind="stable")
    for publisher, row in known[known["size"] >= _CONVERSIONS].iterrows():
        yield str(publisher), f"{row['size']:.0f}", f"{row['median']:.1f} %", f"{row['max']:.1f} %"


def _years(sources: pd.DataFrame, deals: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    articles = pd.to_datetime(sources["published"]).dt.year.value_counts()
    dated = deals["date_edtf"].str[:4].dropna().astype(int).value_counts()
    for year in sorted({*articles.index.astype(int), *dated.index}):
        yield str(year), str(articles.get(year, 0)), str(dated.get(year, 0))


def _kinds(deals: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    for kind, found in deals.groupby("kind"):
        yield str(kind), str(len(found)), str(found["include_in_totals"].sum())


def _billions(usd: float) -> str:
    return f"{usd / _BILLION:,.2f}"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ("---",) * len(header), *rows)]

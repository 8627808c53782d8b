"""Cites figures: each with the source and the place that it was read from, and a maintainer's corrections on top.

In go a source, its masked text and its figures, out come `Mention`s. What they add up to is for deals.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .context import DATE_BASES, EXCLUDE_REASONS, INVESTMENT_KINDS, KINDS, NOT_INVESTMENT, STATUSES, Figure, Layout
from .edtf import bounds
from .masking import quote
from .money import MoneyMention
from .problems import Problem
from .sources import Source

CONTEXT = 32
"""Code points of `prefix` and `suffix`, as in the W3C TextQuoteSelector."""
_EVIDENCE_OF = {"organization_id": "organization", "date_basis": "date"}
"""The field of the evidence for a field that a review corrects, where its name is another."""
REVIEWABLE = ("kind", "status", "organization_id", "date", "date_basis", "round", "exclude_reason")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure and its citation. `parent` is the id of the mention that it restates."""

    mention_id: str
    source: Source
    figure: Figure
    parent: str | None
    quote: str
    reviewed: bool = False

    def row(self, masked: str) -> dict[str, Any]:
        """The mention as a row of the table of mentions, but for the deal that it tells of. `masked` is its source's masked text."""
        figure, money = self.figure, self.figure.money
        return amounts(money) | {
            "mention_id": self.mention_id,
            "source_id": self.source.source_id,
            "start": money.start,
            "end": money.end,
            "exact": money.text,
            "prefix": masked[max(0, money.start - CONTEXT) : money.start],
            "suffix": masked[money.end : money.end + CONTEXT],
            "kind": figure.kind,
            "status": figure.status,
            "restates": self.parent,
            "organization_id": figure.organization_id,
            "organization_text": figure.organization,
            "date_edtf": figure.date,
            "date_basis": figure.date_basis,
            "quote": self.quote,
            "exclude_reason": figure.exclude_reason,
        }

    def without_evidence(self) -> "Mention":
        """The mention for judging, when its evidence is in its table: of many sources that is most of the memory."""
        return replace(self, figure=replace(self.figure, evidence={}))

    def evidence(self, masked: str) -> Iterator[dict[str, Any]]:
        """The words that its fields were read from, as rows of the table of evidence."""
        for field, spans in {"amount": self.figure.money.evidence, **self.figure.evidence}.items():
            for start, end in sorted(set(spans)):
                yield {"mention_id": self.mention_id, "field": field, "start": start, "end": end, "exact": masked[start:end]}


def amounts(money: MoneyMention) -> dict[str, Any]:
    """The columns that an amount fills in any table."""
    return {
        "amount": None if money.amount is None else float(money.amount),
        "amount_low": None if money.low is None else float(money.low),
        "amount_high": None if money.high is None else float(money.high),
        "currency": money.currency,
        "currency_inferred": money.currency_inferred,
        "qualifier": money.qualifier,
    }


def cite(source: Source, masked: str, figures: Sequence[Figure], problems: list[Problem]) -> list[Mention]:
    """The figures of one source with their citations. `masked` is the source's text with only the evidence in it.

    An amount that float64 does not hold exactly is a problem: the tables could not say it.
    """
    for money in (figure.money for figure in figures):
        if not all(_is_exact(value) for value in (money.amount, money.low, money.high)):
            place = f"line {masked.count(chr(10), 0, money.start) + 1}"
            action = "If the article says so, remove the source; no table could hold it"
            problems.append(Problem(f"{source.source_id}.txt", place, f"the amount {money.text[:40]}", "a number that float64 holds exactly", action))
    layout = Layout(masked)
    ids = [f"{source.source_id}:{figure.money.start}-{figure.money.end}" for figure in figures]
    return [
        Mention(
            mention_id,
            source,
            figure,
            None if figure.restates is None else ids[figure.restates],
            quote(masked, *layout.sentence(figure.money.start)),
        )
        for mention_id, figure in zip(ids, figures, strict=True)
    ]


def _is_exact(value: Decimal | None) -> bool:
    return value is None or Decimal(repr(float(value))) == value


def review(mentions: Iterable[Mention], reviews: Iterable[Mapping[str, str | None]], listed: Iterable[str], problems: list[Problem]) -> list[Mention]:
    """The mentions with the corrections of reviews.csv. One whose expectation no longer holds is a problem.

    `listed` are the organization ids that a correction may name. A correction holds for what restates the mention too; the
    words that the wrong value was read from are no evidence any more.
    """
    by_id = {mention.mention_id: mention for mention in mentions}
    listed = set(listed)
    for row in reviews:
        mention_id, field, value = row["mention_id"] or "", row["field"] or "", row["value"]

        def wrong(found: str, expected: str, action: str, row: Mapping[str, str | None] = row) -> None:
            problems.append(Problem("reviews.csv", f"line {row['line']}", found, expected, action))

        mention = by_id.get(mention_id)
        if mention is None:
            wrong(f"the mention {mention_id!r}", "a mention of this build", "Correct or remove the review")
        elif mention.parent:
            wrong(f"{mention_id}, which restates {mention.parent}", "the mention that it restates", "Review that one: both then change")
        elif field not in REVIEWABLE:
            wrong(f"the field {field!r}", f"one of {', '.join(REVIEWABLE)}", "Correct the field")
        elif getattr(mention.figure, field) != row["expected"]:
            wrong(
                f"{field} is {getattr(mention.figure, field)!r}", repr(row["expected"]), "Review the mention again: what the correction expects no longer holds"
            )
        elif field == "organization_id" and value and value not in listed:
            wrong(f"the organization {value!r}", "an id in organizations.csv", "Add the organization or correct the id")
        elif not _allowed(mention.figure, field, value):
            wrong(f"the value {value!r}", _EXPECTED[field], "Correct the value")
        else:
            for other in list(by_id.values()):
                if mention_id in (other.mention_id, other.parent):
                    told = {name: spans for name, spans in other.figure.evidence.items() if name != _EVIDENCE_OF.get(field, field)}
                    change: dict[str, Any] = {field: value, "evidence": told} | _consequence(other.figure, field, value)
                    by_id[other.mention_id] = replace(other, figure=replace(other.figure, **change), reviewed=True)
    return list(by_id.values())


_VALUES = {"kind": KINDS, "status": STATUSES, "date_basis": DATE_BASES, "exclude_reason": EXCLUDE_REASONS}
_EXPECTED = {field: f"one of {', '.join(values)}" for field, values in _VALUES.items()} | {"date": "an EDTF date"}


def _consequence(figure: Figure, field: str, value: str | None) -> dict[str, str | None]:
    """What a corrected kind means for whether the figure is a deal, and a corrected date for how it is known."""
    if field == "date":
        return {"date_basis": "none" if value is None else "stated" if figure.date_basis in ("none", "published", "inferred") else figure.date_basis}
    if field != "kind":
        return {}
    if value not in INVESTMENT_KINDS:
        return {"exclude_reason": figure.exclude_reason or NOT_INVESTMENT}
    return {"exclude_reason": None if figure.exclude_reason == NOT_INVESTMENT else figure.exclude_reason}


def _allowed(figure: Figure, field: str, value: str | None) -> bool:
    if field == "exclude_reason" and value is None:
        return figure.investment
    if field == "date_basis" and (value == "none") != (figure.date is None):
        return False
    if field in _VALUES:
        return value in _VALUES[field]
    if field == "date" and value:
        try:
            first, last = bounds(value)
        except ValueError:
            return False
        return first is None or last is None or first <= last
    return True

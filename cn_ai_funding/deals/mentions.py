"""A figure with its citation: the source and the place that it was read from.

How it is cited is for citing.py, what a maintainer corrects in it for corrections.py, what several add up to for
linking.py.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..context import Figure
from ..context.figure import COMPLETED, PLANNED
from ..edtf import bounds
from ..intake.sources import Source
from ..money import MoneyMention, Span

CONTEXT = 32
"""Code points of `prefix` and `suffix`, as in the W3C TextQuoteSelector."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A correction of why the deal of a mention is left out of totals.

    What it expects, what is right, and its line in reviews.csv.
    """

    expected: str | None
    value: str | None
    line: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure and its citation.

    `parent` is the id of the mention that it restates, `whole` of the one that it is a part of.

    `early`: its article tells it as completed on a day after its publication. `unsettled`: words of talks or hopes tell
    of it.
    """

    mention_id: str
    source: Source
    figure: Figure
    parent: str | None
    quote: str
    whole: str | None = None
    early: bool = False
    unsettled: bool = False
    reviewed: bool = False
    left_out: LeftOut | None = None

    @property
    def who(self) -> str:
        """What tells the organization from others: its id, its name as written, or its source where that names none."""
        return (
            self.figure.organization_id
            or (self.figure.organization or "").replace(" ", "")
            or f"{self.source.source_id}:"
        )

    @property
    def value_window(self) -> tuple[date | None, date | None]:
        """The days whose rates apply to its amount: its date's, as far as they had passed when it was published."""
        return value_window(self.figure.date, self.source.published)

    @property
    def review(self) -> str:
        """Who stands for it: a maintainer who read the whole source, one who corrected it, or nobody."""
        return "checked" if self.source.checked else "corrected" if self.reviewed else "machine"

    @property
    def confidence(self) -> float:
        """As the tables give it; a correction does not change it."""
        return round(self.figure.confidence, 3)

    def row(self, masked: str) -> dict[str, Any]:
        """The mention as a row of the table of mentions, but for the deal that it tells of.

        `masked` is its source's masked text.
        """
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
            "confidence": self.confidence,
            "review": self.review,
        }

    def without_text(self) -> "Mention":
        """The mention for linking, when its quote and evidence are in their tables: the most of what many take."""
        money = replace(self.figure.money, evidence=())
        return replace(self, quote="", figure=replace(self.figure, money=money, evidence={}, answers={}))

    def shared(self, source: Source) -> "Mention":
        """The mention of a source, without text, its values the objects that others with the same have.

        Decoded, each mention has its own: together they would take more than twice the memory.
        """
        figure, money = self.figure, self.figure.money
        low, high = (money.amount if bound == money.amount else bound for bound in (money.low, money.high))
        money = replace(money, low=low, high=high, **_interned(money))
        figure = replace(figure, money=money, evidence=_NONE, answers=_NONE, **_interned(figure))
        return replace(self, source=source, figure=figure)

    def evidence(self, masked: str) -> Iterator[dict[str, Any]]:
        """The words that its fields were read from, as rows of the table of evidence."""
        for field, spans in {"amount": self.figure.money.evidence, **self.figure.evidence}.items():
            for start, end in sorted(set(spans)):
                yield {
                    "mention_id": self.mention_id,
                    "field": field,
                    "start": start,
                    "end": end,
                    "exact": masked[start:end],
                }


_NONE: dict[str, Any] = {}
"""The evidence and answers of a mention that has none; never filled."""


def _interned(told: Figure | MoneyMention) -> dict[str, Any]:
    """The texts among its fields, each as the one object that all who have it share."""
    return {name: sys.intern(text) for name in told.__slots__ if isinstance(text := getattr(told, name), str)}


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


def value_window(edtf: str | None, published: date | None) -> tuple[date | None, date | None]:
    """The first and last day of a date, as far as they had passed when it was published.

    The day of publication where there is no date.
    """
    first, last = bounds(edtf) if edtf else (published, published)
    first, last = first or last, last or first
    if first and last and published:
        return min(first, published), min(last, published)
    return first, last


def as_published(figure: Figure, published: date | None) -> Figure:
    """A figure as its article can tell it: what begins after the day that this appeared is planned, not completed."""
    begins = bounds(figure.date)[0] if figure.date else None
    early = figure.status == COMPLETED and begins and published and begins > published
    return replace(figure, status=PLANNED) if early else figure


def is_exact(value: Decimal | None) -> bool:
    """Whether float64 holds a number, as the tables do."""
    return value is None or Decimal(repr(float(value))) == value


def said_again(mention: Mention, parent: Mention, evidence: dict[str, tuple[Span, ...]]) -> Mention:
    """A mention that says another one again, and so has what that one has but for its money."""
    figure = replace(parent.figure, money=mention.figure.money, part_of=None, evidence=evidence)
    return replace(
        mention, figure=figure, parent=parent.mention_id, whole=None, early=parent.early, unsettled=parent.unsettled
    )

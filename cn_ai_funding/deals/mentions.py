"""Cites figures: each with the source and the place that it was read from.

In go a source, its masked text and its figures, out come `Mention`s. What a maintainer corrects in them is for
corrections.py, what they add up to for linking.py.
"""

import re
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import Any

from ..context import Figure, Layout
from ..context.figure import COMPLETED, PLANNED
from ..edtf import bounds
from ..intake.masked import fits, quote
from ..intake.problems import Problem
from ..intake.sources import Source
from ..money import MoneyMention, Span
from ..money.vocabulary import any_of
from . import fx

CONTEXT = 32
"""Code points of `prefix` and `suffix`, as in the W3C TextQuoteSelector."""
NEAR = 40
"""Code points between an amount and one that says it again."""
_TABLE: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("unsettled.toml").read_text(encoding="utf-8"))
_UNSETTLED = re.compile(f"{any_of(_TABLE['talks'])}|(?<![가-힣]){any_of(_TABLE['hopes'])}")


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

    def without_evidence(self) -> "Mention":
        """The mention for linking, when its evidence is in its table: of many sources that is most of the memory."""
        return replace(self, figure=replace(self.figure, evidence={}))

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


def cite(source: Source, text: str, masked: str, figures: Sequence[Figure], problems: list[Problem]) -> list[Mention]:
    """The figures of one source with their citations. `masked` is the source's `text` with only the evidence in it.

    An amount that float64 does not hold exactly is a problem: the tables could not say it. So is a citation that does
    not stand in the text at its offsets, though no text should ever give one. What restates a figure is as sure as that
    one.
    """
    if not fits(masked, text) or any(
        text[figure.money.start : figure.money.end] != figure.money.text for figure in figures
    ):
        action = "This is a fault of the build: report it with the source"
        problems.append(
            Problem(
                f"{source.source_id}.txt",
                "",
                "a citation that does not stand in the text",
                "every word at its offsets",
                action,
            )
        )
    for money in (figure.money for figure in figures):
        if not all(is_exact(value) for value in (money.amount, money.low, money.high)):
            place = f"line {masked.count(chr(10), 0, money.start) + 1}"
            action = "If the article says so, remove the source; no table could hold it"
            problems.append(
                Problem(
                    f"{source.source_id}.txt",
                    place,
                    f"the amount {money.text[:40]}",
                    "a number that float64 holds exactly",
                    action,
                )
            )
    layout = Layout(masked)
    ids = [f"{source.source_id}:{figure.money.start}-{figure.money.end}" for figure in figures]
    starts = [figure.money.start for figure in figures if figure.restates is None]
    mentions = []
    for mention_id, figure in zip(ids, figures, strict=True):
        sentence = layout.sentence(figure.money.start)
        told = figure if figure.restates is None else replace(figure, confidence=figures[figure.restates].confidence)
        mentions.append(
            Mention(
                mention_id,
                source,
                as_published(told, source.published),
                None if figure.restates is None else ids[figure.restates],
                quote(masked, *sentence),
                whole=None if figure.part_of is None else ids[figure.part_of],
                early=as_published(told, source.published) != told,
                unsettled=_is_unsettled(figure, masked, sentence, starts),
            )
        )
    return mentions


def _is_unsettled(figure: Figure, masked: str, sentence: Span, starts: Sequence[int]) -> bool:
    """Whether a plan is only talked about or hoped for.

    By the words of its sentence that told its status, or that follow its amount.

    `starts` is where the amounts of the text start that restate none: what follows the next one is said of that.
    """
    following = bisect_right(starts, figure.money.start)
    after = figure.money.end, min([sentence[1], *starts[following : following + 1]])
    words = (span for span in figure.evidence.get("status", ()) if sentence[0] <= span[0] < sentence[1])
    return figure.status == PLANNED and any(_UNSETTLED.search(masked, *span) for span in (after, *words))


def restate(mentions: Sequence[Mention], masked: str, rates: fx.Rates) -> list[Mention]:
    """The mentions of one source, with those that say the one before again at the day's rate as its restatements.

    Such stands near, in the same clause, in another currency, and is read as of the same kind and organization:
    '1조 위안, 190조 원', or a second bracket.
    """
    by_id = {mention.mention_id: mention for mention in mentions}
    follow: defaultdict[str | None, list[str]] = defaultdict(list)
    for mention in mentions:
        follow[mention.parent].append(mention.mention_id)
    layout = Layout(masked)
    for before, mention in pairwise(mentions):
        again, earlier = by_id[mention.mention_id], by_id[before.mention_id]
        parent = by_id[earlier.parent] if earlier.parent else earlier
        gap = before.figure.money.end, mention.figure.money.start
        if again.parent or gap[1] - gap[0] > NEAR or layout.clauses_between(*gap) or not _alike(parent, again):
            continue
        together = [parent.mention_id, *follow[parent.mention_id], again.mention_id, *follow[again.mention_id]]
        currencies = [by_id[name].figure.money.currency for name in together]
        agrees = any(fx.agree(*pair) for pair in zip(_worth(parent, rates), _worth(again, rates), strict=True))
        if agrees and len(set(currencies)) == len(currencies):
            by_id[again.mention_id] = said_again(again, parent, {"restates": (gap,)} if gap[0] < gap[1] else {})
            for name in follow[again.mention_id]:
                by_id[name] = said_again(by_id[name], parent, by_id[name].figure.evidence)
            follow[parent.mention_id] += [again.mention_id, *follow.pop(again.mention_id, ())]
    return [*by_id.values()]


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two mentions are read as of the same kind and organization."""
    known = {mention.who for mention in (one, other) if mention.figure.organization or mention.figure.organization_id}
    return one.figure.kind == other.figure.kind and len(known) < 2


def _worth(mention: Mention, rates: fx.Rates) -> list[float]:
    """What an amount is worth in dollars at its date, and at its publication: publishers convert at either."""
    windows = mention.value_window, value_window(None, mention.source.published)
    money = mention.figure.money
    return [rates.usd(money.amount, money.currency, window) for window in windows]


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

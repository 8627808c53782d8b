"""Judges mentions: which of them tell of one deal, and whether it may be added up.

The same figure told again (headline and body, two articles) is one deal: same organization and kind, dates that do not
contradict, amounts that agree to the last digit of the coarser one. Where two sources tell of one event and their amounts
do not agree, it is one deal too, with a `conflict`. Knows citations, no text.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from .edtf import bounds, contains, first_day, precision
from .mentions import Mention, amounts
from .money import trailing_zeros

MEASURES = {
    "funding_round": "raised",
    "ipo": "raised",
    "acquisition_or_stake": "raised",
    "government_support": "raised",
    "investment_plan": "committed",
    "fund": "committed",
    "cumulative_funding": "stock",
    "valuation": "stock",
    "capital_flow": "flow",
}
"""What the amounts of a kind measure, and so may be added up with."""

_BASIS_RANK = {"stated": 0, "relative": 1, "published": 2, "inferred": 3, "none": 4}
_PRECISION_RANK = {"day": 0, "month": 1, "range": 2, "year": 3, "none": 4}
_STATUS_RANK = ("completed", "as_of", "cancelled", "superseded", "planned", "forecast")
_TRUE = {"completed", "as_of"}
_VOID = {"cancelled", "superseded"}
"""What has happened or holds is no telling of what was called off or replaced."""
RECENT = timedelta(days=90)
"""Two articles that give no date of their own tell of one event only if they appeared within this time."""
CLOSE = timedelta(days=31)
"""Two sources tell of one event in other amounts only if it is dated, or they appeared, within this time."""
FAR_APART = 2
"""From this ratio on two amounts are not two tellings of one, but a part and a whole, or two events."""
_DURATION = re.compile(r"P(?P<count>[0-9.]+)(?P<unit>[YM])")


@dataclass(slots=True)
class Telling:
    """A mention together with those that restate it."""

    mention: Mention
    restatements: list[Mention] = field(default_factory=list)

    @property
    def step(self) -> Decimal:
        """The place value of the last digit that counts: 10^8 for 6억, 10^4 for 6억 700만."""
        return _step(self.mention.figure.money.amount or Decimal(1))


@dataclass(slots=True)
class Deal:
    """One investment figure as finally judged, from all mentions that tell of it, some of them perhaps in other amounts."""

    tellings: list[Telling]
    conflicting: list[Telling] = field(default_factory=list)

    @property
    def deal_id(self) -> str:
        """The id of its earliest mention: later articles do not change it."""
        return min(self._all, key=_order).mention.mention_id

    @property
    def _all(self) -> list[Telling]:
        return [*self.tellings, *self.conflicting]

    @property
    def source_ids(self) -> set[str]:
        return {mention.source.source_id for mention in self.mentions}

    @property
    def day(self) -> date | None:
        """The first day of its date, if that is known to the month."""
        figure = self.dated.figure
        return first_day(figure.date) if precision(figure.date) in ("day", "month") else None

    @property
    def conflict(self) -> str | None:
        """The citations and amounts of what sources tell differently, its own first; None where all agree."""
        if not self.conflicting:
            return None
        return " | ".join(f"{t.mention.mention_id} {t.mention.figure.money.text}" for t in (self.cited, *self.conflicting))

    @property
    def cited(self) -> Telling:
        """The telling that the amount is taken from: the most precise one in the currency that others restate."""
        original = next((t for t in self.tellings if t.restatements), self.tellings[0]).mention.figure.money.currency
        return min((t for t in self.tellings if t.mention.figure.money.currency == original), key=lambda t: (t.step, not t.restatements))

    @property
    def dated(self) -> Mention:
        """The mention that the date is taken from: the best known, then the most precise."""
        return min(self.mentions, key=lambda m: (_BASIS_RANK[m.figure.date_basis], _PRECISION_RANK[precision(m.figure.date)]))

    @property
    def status(self) -> str:
        """The furthest that any mention says it has come: a plan that another article reports as done is done, as cancelled is cancelled."""
        return min((m.figure.status for m in self.mentions), key=_STATUS_RANK.index)

    @property
    def measure(self) -> str:
        return MEASURES[self.cited.mention.figure.kind]

    @property
    def exclude_reason(self) -> str | None:
        """Why adding the deal up would count money twice, or count none; None where it may be added up."""
        figure = self.cited.mention.figure
        if self.status in {"forecast", *_VOID}:
            return self.status
        if figure.kind in ("cumulative_funding", "valuation"):
            return "cumulative" if figure.kind == "cumulative_funding" else "valuation"
        if self.measure == "flow":
            return "aggregate"
        if figure.part_of is not None:
            return "part"
        if self.measure == "raised" and self.status == "planned":
            return "planned"
        return "no_amount" if figure.money.amount is None else None

    @property
    def mentions(self) -> list[Mention]:
        """All its mentions but the restatements, those that agree first, the earliest first."""
        return [telling.mention for telling in self._all]

    def first(self, name: str) -> str | None:
        """The first known value of a figure's field."""
        return next((value for mention in self.mentions if (value := getattr(mention.figure, name)) is not None), None)

    @property
    def counterparties(self) -> list[str]:
        return list(dict.fromkeys(name for mention in self.mentions for name in mention.figure.counterparties))

    @property
    def parties(self) -> list[dict[str, Any]]:
        """Who takes part and as what, as rows of their table: each name and role once, with the first mention that tells it."""
        latest_first = reversed(self.mentions)  # what stands in a dictionary is what was put in last
        told = {(party.role, party.name): (party, mention.mention_id) for mention in latest_first for party in mention.figure.parties}
        return [
            {"deal_id": self.deal_id, "role": role, "organization_id": party.organization_id, "name_text": name, "mention_id": mention_id}
            for (role, name), (party, mention_id) in told.items()
        ]

    @property
    def period(self) -> tuple[date | None, date | None, float | None]:
        """First day, last day and years over which the money flows, as far as the text says."""
        text = self.first("period")
        if text is None:
            return None, None, None
        if match := _DURATION.fullmatch(text):
            return None, None, float(match["count"]) / (1 if match["unit"] == "Y" else 12)
        first, last = bounds(text)
        return first, last, round(((last - first).days + 1) / 365.25, 2) if first and last else None

    @property
    def value_window(self) -> tuple[date | None, date | None]:
        """The days whose rates apply: the date's, as far as they had passed when the amount and the date were published."""
        figure = self.dated.figure
        published = min(filter(None, (self.dated.source.published, self.cited.mention.source.published)), default=None)
        first, last = bounds(figure.date) if figure.date else (None, None)
        first, last = first or last, last or first
        if first and last and published:
            return min(first, published), min(last, published)
        return first, last

    def row(self, organizations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The deal as a row of its table, before conversion. `organizations` are the directory's rows by id."""
        cited, dated = self.cited, self.dated
        figure, source, money = cited.mention.figure, cited.mention.source, cited.mention.figure.money
        who = organizations.get(figure.organization_id or "", {"name_ko": figure.organization})
        stated = cited.restatements[0].figure.money if cited.restatements else None
        window, period = self.value_window, self.period
        return amounts(money) | {
            "deal_id": self.deal_id,
            "kind": figure.kind,
            "measure": self.measure,
            "status": self.status,
            "organization_id": figure.organization_id,
            "organization_en": who.get("name_en"),
            "organization_ko": who.get("name_ko"),
            "organization_zh": who.get("name_zh"),
            "organization_country": who.get("country"),
            "counterparties": " | ".join(self.counterparties) or None,
            "round": self.first("round"),
            "date": first_day(dated.figure.date),
            "date_edtf": dated.figure.date,
            "date_precision": precision(dated.figure.date),
            "date_basis": dated.figure.date_basis,
            "period_start": period[0],
            "period_end": period[1],
            "period_years": period[2],
            "amount_text": money.text,
            "value_from": window[0],
            "value_to": window[1],
            "stated_amount": None if stated is None or stated.amount is None else float(stated.amount),
            "stated_currency": None if stated is None else stated.currency,
            "conflict": self.conflict,
            "include_in_totals": self.exclude_reason is None,
            "exclude_reason": self.exclude_reason,
            "mention_id": cited.mention.mention_id,
            "source_id": source.source_id,
            "publisher": source.publisher,
            "title": source.title,
            "url": source.url,
            "published": source.published,
            "quote": cited.mention.quote,
            "start": money.start,
            "end": money.end,
            "n_mentions": len(self.mentions),
            "n_sources": len(self.source_ids),
            "confidence": cited.mention.confidence,
            "review": "reviewed" if any(m.reviewed for told in self._all for m in (told.mention, *told.restatements)) else "machine",
        }


def judge(mentions: Iterable[Mention]) -> list[Deal]:
    """The deals that the mentions tell of, sorted by id."""
    buckets: defaultdict[tuple[str, ...], list[Deal]] = defaultdict(list)
    for telling in sorted(_tellings(mentions), key=_order):
        figure, source = telling.mention.figure, telling.mention.source
        who = figure.organization_id or (figure.organization or "").replace(" ", "") or f"{source.source_id}:"
        bucket = buckets[(who, figure.kind)]
        same = next((deal for deal in bucket if all(_same(told, telling) for told in deal.tellings)), None)
        if same:
            same.tellings.append(telling)
        else:
            bucket.append(Deal([telling]))
    return sorted((deal for bucket in buckets.values() for deal in _with_conflicts(bucket)), key=lambda deal: deal.deal_id)


def _with_conflicts(deals: Sequence[Deal]) -> list[Deal]:
    """The deals of one organization and kind, those joined of which one source tells this amount and another source that one.

    Only where it is plain which two: if more than two could be meant, they stay apart.
    """
    dated = [(day, i) for i, deal in enumerate(deals) if (day := deal.day)]
    rivals: defaultdict[int, list[int]] = defaultdict(list)
    dated.sort()
    for n, (day, i) in enumerate(dated):
        for _, j in islice(dated, n + 1, bisect_right(dated, (day + CLOSE, len(deals)))):
            if _conflict(deals[i], deals[j]):
                rivals[i].append(j)
                rivals[j].append(i)
    joined = list(deals)
    for i, others in rivals.items():
        if len(others) == 1 and rivals[others[0]] == [i] and i < others[0]:
            # what more sources say, or the earliest, is the deal's
            own, other = sorted((deals[i], deals[others[0]]), key=lambda deal: (-len(deal.source_ids), _order(deal.tellings[0])))
            joined[i] = Deal(own.tellings, other.tellings)
            joined[others[0]] = joined[i]
    return list({id(deal): deal for deal in joined}.values())


def _conflict(one: Deal, other: Deal) -> bool:
    """Whether two deals of about one time are one event of which different sources give different amounts."""
    x, y = one.cited.mention.figure.money, other.cited.mention.figure.money
    return (
        x.currency == y.currency
        and x.amount is not None
        and y.amount is not None
        and max(x.amount, y.amount) < FAR_APART * min(x.amount, y.amount)
        and one.source_ids.isdisjoint(other.source_ids)
        and (one.first("round") is None or other.first("round") in (None, one.first("round")))
        and (one.status in _VOID) == (other.status in _VOID)
        and all(_dates_agree(m, n) for m in one.mentions for n in other.mentions)
    )


def _tellings(mentions: Iterable[Mention]) -> list[Telling]:
    told = [mention for mention in mentions if mention.figure.is_deal]
    tellings = {mention.mention_id: Telling(mention) for mention in told if mention.parent is None}
    for mention in told:
        if mention.parent in tellings:
            tellings[mention.parent].restatements.append(mention)
    return [*tellings.values()]


def _order(telling: Telling) -> tuple[date, str, int]:
    mention = telling.mention
    return mention.source.published or date.max, mention.source.source_id, mention.figure.money.start


def _same(one: Telling, other: Telling) -> bool:
    statuses = {one.mention.figure.status, other.mention.figure.status}
    return (
        (statuses.isdisjoint(_TRUE) or statuses.isdisjoint(_VOID))
        and _dates_agree(one.mention, other.mention)
        and any(
            a.figure.money.currency == b.figure.money.currency and _amounts_agree(a, b)
            for a in (one.mention, *one.restatements)
            for b in (other.mention, *other.restatements)
        )
    )


def _dates_agree(one: Mention, other: Mention) -> bool:
    """Whether two mentions can date one event: what was done has happened by the day its article appeared."""
    told = [m.figure.date for m in (one, other) if m.figure.date and m.figure.date_basis in ("stated", "relative")]
    appeared = [m.source.published for m in (one, other) if m.source.published and m.figure.date_basis == "published"]
    done = [m.source.published for m in (one, other) if m.source.published and m.figure.status == "completed"]
    if done and any(begins > min(done) for date_ in told if (begins := bounds(date_)[0])):
        return False
    if len(told) == 2:
        return contains(told[0], told[1]) or contains(told[1], told[0])
    if len(appeared) == 2:
        return abs(appeared[0] - appeared[1]) <= RECENT
    first = first_day(told[0]) if told else None
    return not (first and appeared and first > appeared[0] and "completed" in (one.figure.status, other.figure.status))


def _amounts_agree(one: Mention, other: Mention) -> bool:
    """Whether the finer amount, rounded to the last digit of the coarser one, equals it."""
    a, b = one.figure.money, other.figure.money
    if a.amount is None or b.amount is None:
        return a.amount == b.amount and (a.low, a.high) == (b.low, b.high) and a.low is not None
    return a.amount == b.amount or abs(a.amount - b.amount) * 2 < max(_step(a.amount), _step(b.amount))


def _step(amount: Decimal) -> Decimal:
    """The unit that the last digit counts: Korean writes numbers in steps of 10^4, so 100억 counts single 억."""
    return Decimal(10) ** (trailing_zeros(amount) // 4 * 4)

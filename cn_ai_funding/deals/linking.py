"""Links mentions: which of them tell of one deal, and what the deal is.

The same figure told again (headline and body, two articles) is one deal: same organization and kind, dates that do not
contradict or are a few days apart, amounts that agree to the last digit of the coarser one, or at the day's rate where
they are in different currencies. First the mentions of one article are linked, where the same amount is one deal
whatever dates they got, then what the articles tell: what one of them tells as two deals stays two. Where two sources
tell of one event and their amounts do not agree, it is one deal too, with a `conflict`. Knows citations, no text. What
may be added up is for totals.py.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from ..edtf import bounds, contains, first_day, precision
from ..kinds import MEASURES
from ..money import MoneyMention, trailing_zeros
from ..money.mention import AT_MOST, LESS_THAN
from . import fx
from .mentions import LeftOut, Mention, amounts, value_window

_BASIS_RANK = {"stated": 0, "relative": 1, "published": 2, "inferred": 3, "none": 4}
_PRECISION_RANK = {"day": 0, "month": 1, "range": 2, "year": 3, "none": 4}
_STATUS_RANK = ("completed", "as_of", "cancelled", "superseded", "planned", "forecast")
_TRUE = {"completed", "as_of"}
_VOID = {"cancelled", "superseded"}
"""What has happened or holds is no mention of what was called off or replaced."""
NEAR = timedelta(days=7)
"""Days that two articles give of one event are up to so far apart: it was decided, announced, reported, done. In the
first 200 sources, what is of one organization, kind and amount is one event up to 7 days apart. Then come 13 days (a
listing that was put off) and 42 (one valuation told of two days)."""
RECENT = timedelta(days=90)
"""Two articles that give no date of their own tell of one event only if they appeared within this time; rates of days
further apart make two amounts no more alike."""
CLOSE = timedelta(days=31)
"""Two sources tell of one event in other amounts only if it is dated, or they appeared, within this time."""
ROUNDED_PCT = 2.0
"""By how much more than its rounding a publisher's conversion, or another day's rate, makes an amount differ."""
FAR_APART = 2
"""From this ratio on two amounts are not two mentions of one, but a part and a whole, or two events."""
_MYRIAD = 4
"""Digits from one place that Korean names to the next: 만, 억, 조."""
_NOBODY = "not named"
"""What `organization_name` says where the text names nobody: groups by name then lose no row."""
_FEWEST_DIGITS = 2
"""So many digits of an amount count, zeros too: 290억 may be 289억, but 400억 is not 410억."""
_DURATION = re.compile(r"P(?P<count>[0-9.]+)(?P<unit>[YM])")


@dataclass(slots=True)
class MentionCluster:
    """A mention together with those that restate it, and what it is worth in dollars; NaN where that is not known."""

    mention: Mention
    restatements: list[Mention] = field(default_factory=list)
    usd: float = math.nan

    @property
    def monies(self) -> list[MoneyMention]:
        """Its amount in each currency that it is told in."""
        return [self.mention.figure.money, *(mention.figure.money for mention in self.restatements)]

    @property
    def step(self) -> Decimal:
        """The place value of the last digit that counts: 10^8 for 6억, 10^4 for 6억 700만."""
        return _step(self.mention.figure.money.amount or Decimal(1))

    @property
    def rate_day(self) -> date | None:
        """The day whose rate says what it is worth; None where that is an average of more than a month."""
        return None if precision(self.mention.figure.date) in ("year", "range") else self.mention.value_window[0]

    @property
    def rounded_pct(self) -> float:
        """By how much rounding to its last digit may have changed it."""
        return 50 * float(self.step / abs(self.mention.figure.money.amount or Decimal(1)))


@dataclass(slots=True)
class Deal:
    """One investment figure as published, from all mentions of it, some of them perhaps in other amounts.

    For totals.py to fill: what it is worth in dollars (NaN where that is not known), why adding it up would count money
    twice, or count none (None where it may be added up), whether a maintainer has settled that, and what is odd about
    it.
    """

    clusters: list[MentionCluster]
    conflicting: list[MentionCluster] = field(default_factory=list)
    usd: float = math.nan
    exclude_reason: str | None = None
    settled: bool = False
    doubts: list[str] = field(default_factory=list)

    @property
    def deal_id(self) -> str:
        """The id of its earliest mention: later articles do not change it."""
        return min(self._all, key=order).mention.mention_id

    @property
    def _all(self) -> list[MentionCluster]:
        return [*self.clusters, *self.conflicting]

    @property
    def by_article(self) -> list["Deal"]:
        """What each article tells of it, but for other amounts."""
        articles: defaultdict[str, list[MentionCluster]] = defaultdict(list)
        for cluster in self.clusters:
            articles[cluster.mention.source.source_id].append(cluster)
        return [Deal(clusters) for clusters in articles.values()]

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
        """The citations and amounts of what sources tell differently, its own first; None where all agree.

        Another currency, or more digits, are no other amount.
        """
        own = self.cited.mention.figure.money
        others = [t for t in self.conflicting if _differ(own, t.mention.figure.money)]
        told = (f"{t.mention.mention_id} {t.mention.figure.money.text}" for t in (self.cited, *others))
        return " | ".join(told) if others else None

    @property
    def cited(self) -> MentionCluster:
        """The cluster that the amount is taken from: the most precise one in the currency that others restate.

        That is the one that stands before a restatement, else one that is not won, which Korean publishers convert
        into. A bound is cited where the deal is told as one, and of one amount what tells it as done.
        """
        if len(self.clusters) == 1:
            return self.clusters[0]
        restated = next((t for t in self.clusters if t.restatements), None)
        foreign = restated or next(
            (t for t in self.clusters if t.mention.figure.money.currency != "KRW"), self.clusters[0]
        )
        bounded = self.is_upper_bound
        told = [t for t in self.clusters if t.mention.figure.money.currency == foreign.mention.figure.money.currency]
        return min(
            told,
            key=lambda t: (
                _caps(t.mention) != bounded,
                t.step,
                t.mention.figure.status not in _TRUE,
                not t.restatements,
            ),
        )

    @property
    def is_upper_bound(self) -> bool:
        """Whether the amount is one that was not to be passed: 최대 3억, which a headline tells as 3억."""
        return self._each_source_says(_caps)

    @property
    def is_unsettled(self) -> bool:
        """Whether it is only talked about or hoped for, by each source that tells of it."""
        return self.status == "planned" and self._each_source_says(lambda mention: mention.unsettled)

    def _each_source_says(self, holds: Callable[[Mention], bool]) -> bool:
        told = [cluster.mention for cluster in self.clusters]
        return {mention.source.source_id for mention in told} == {
            mention.source.source_id for mention in told if holds(mention)
        }

    @property
    def left_out(self) -> list[LeftOut]:
        """What maintainers say of why it is left out of totals."""
        return [mention.left_out for mention in self.mentions if mention.left_out]

    def leave_out(self, reason: str) -> None:
        """Give it a reason to be left out of totals, unless a maintainer has settled that."""
        if not self.settled:
            self.exclude_reason = reason

    @property
    def dated(self) -> Mention:
        """The mention that the date is taken from: the best known, the most precise, of what was done before plans."""
        return min(
            self.mentions,
            key=lambda m: (
                _BASIS_RANK[m.figure.date_basis],
                _PRECISION_RANK[precision(m.figure.date)],
                m.figure.status not in _TRUE,
            ),
        )

    @property
    def status(self) -> str:
        """The furthest that any mention says it has come.

        A plan that another article reports as done is done, as cancelled is cancelled.
        """
        return min((m.figure.status for m in self.mentions), key=_STATUS_RANK.index)

    @property
    def review(self) -> str:
        """`checked` where every figure that tells of it is, else `corrected` where any is."""
        told = {mention.review for cluster in self._all for mention in (cluster.mention, *cluster.restatements)}
        corrected = any(
            mention.reviewed for cluster in self._all for mention in (cluster.mention, *cluster.restatements)
        )
        return "checked" if told == {"checked"} else "corrected" if corrected else "machine"

    @property
    def measure(self) -> str:
        return MEASURES[self.cited.mention.figure.kind]

    @property
    def stated(self) -> MoneyMention | None:
        """The amount in another currency, as the article that it is cited from converts it."""
        cited = self.cited
        if cited.restatements:
            return cited.restatements[0].figure.money
        currency, source_id = cited.mention.figure.money.currency, cited.mention.source.source_id
        again = (t.mention for t in self.clusters if t.mention.source.source_id == source_id)
        return next((mention.figure.money for mention in again if mention.figure.money.currency != currency), None)

    @property
    def mentions(self) -> list[Mention]:
        """All its mentions but the restatements, those that agree first, the earliest first."""
        return [cluster.mention for cluster in self._all]

    def first(self, name: str) -> str | None:
        """The first known value of a figure's field."""
        return next((value for mention in self.mentions if (value := getattr(mention.figure, name)) is not None), None)

    @property
    def counterparties(self) -> list[str]:
        return list(dict.fromkeys(name for mention in self.mentions for name in mention.figure.counterparties))

    @property
    def parties(self) -> list[dict[str, Any]]:
        """Who takes part and as what, as rows of their table.

        Each name and role once, with the first mention that tells it.
        """
        latest_first = reversed(self.mentions)  # what stands in a dictionary is what was put in last
        told = {
            (party.role, party.name): (party, mention.mention_id)
            for mention in latest_first
            for party in mention.figure.parties
        }
        return [
            {
                "deal_id": self.deal_id,
                "role": role,
                "organization_id": party.organization_id,
                "name_text": name,
                "mention_id": mention_id,
            }
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
        """The days whose rates apply.

        The date's, as far as they had passed when the amount and the date were published.
        """
        published = min(filter(None, (self.dated.source.published, self.cited.mention.source.published)), default=None)
        return value_window(self.dated.figure.date, published) if self.dated.figure.date else (None, None)

    def row(self, organizations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The deal as a row of its table, before conversion. `organizations` are the directory's rows by id."""
        cited, dated = self.cited, self.dated
        figure, source, money = cited.mention.figure, cited.mention.source, cited.mention.figure.money
        who = organizations.get(figure.organization_id or "", {"name_ko": figure.organization})
        stated, window, period = self.stated, self.value_window, self.period
        return amounts(money) | {
            "deal_id": self.deal_id,
            "kind": figure.kind,
            "measure": self.measure,
            "status": self.status,
            "organization_id": figure.organization_id,
            "organization_name": who.get("name_en") or who.get("name_ko") or _NOBODY,
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
            "doubt": " | ".join(sorted(self.doubts)) or None,
            "include_in_totals": self.exclude_reason is None,
            "exclude_reason": self.exclude_reason,
            "mention_id": cited.mention.mention_id,
            "source_id": source.source_id,
            "publisher": source.publisher,
            "title": source.title,
            "url": source.url,
            "published": source.published,
            "start": money.start,
            "end": money.end,
            "n_mentions": len(self.mentions),
            "n_sources": len(self.source_ids),
            "confidence": cited.mention.confidence,
            "review": self.review,
        }


def link(mentions: Iterable[Mention], rates: fx.Rates) -> list[Deal]:
    """The deals that the mentions tell of, sorted by id."""
    clusters = sorted(_clusters(mentions), key=order)
    for cluster in clusters:
        money = cluster.mention.figure.money
        cluster.usd = rates.usd(money.amount, money.currency, cluster.mention.value_window)
    told: defaultdict[tuple[str, str], list[Deal]] = defaultdict(list)
    for _, article in groupby(clusters, key=lambda cluster: cluster.mention.source.source_id):
        by_article: defaultdict[tuple[str, str], list[Deal]] = defaultdict(list)
        for cluster in article:
            by_article[cluster.mention.who, cluster.mention.figure.kind].append(Deal([cluster]))
        for key, deals in by_article.items():
            told[key] += _linked(deals)
    return sorted(
        (deal for deals in told.values() for deal in _with_conflicts(_linked(deals))), key=lambda deal: deal.deal_id
    )


def _linked(told: list[Deal]) -> list[Deal]:
    """The deals of one organization and kind, by what an article tells in each place, or by what each article tells."""
    if len(told) == 1:  # as most often: nothing to look for
        return told
    index = Index()
    for deal in told:
        index.link(deal)
    return index.deals


class Index:
    """Deals by their amounts: finds those that a figure may be of without looking at all the others.

    What is told of a deal, in one place of an article or by a whole article, is itself a `Deal`.
    """

    def __init__(self) -> None:
        self.deals: list[Deal] = []
        self._told: list[list[Deal]] = []
        self._number: dict[int, int] = {}
        self._by_key: defaultdict[Hashable, dict[int, None]] = defaultdict(dict)

    def link(self, told: Deal) -> None:
        """Add what is told to the first deal that it is of, or as one of its own."""
        deal = next(self.of_one_event(told), None) or Deal([])
        deal.clusters += told.clusters
        self.add(deal, told)

    def add(self, deal: Deal, told: Deal) -> None:
        """Make a deal be found by what is told of it."""
        number = self._number.setdefault(id(deal), len(self.deals))
        if number == len(self.deals):
            self.deals.append(deal)
            self._told.append([])
        self._told[number].append(told)
        for key in _keys(told, _offered):
            self._by_key[key][number] = None

    def of_one_event(self, told: Deal) -> Iterator[Deal]:
        """The deals that this may be of, in their order: what one article gives agrees, and none contradicts."""
        wanted = _keys(told, _wanted) if self.deals else ()
        found = {number for key in wanted for number in self._by_key.get(key, ())}
        return (
            self.deals[number]
            for number in sorted(found)
            if any(_of_one_amount(other, told) for other in self._told[number])
            and all(_may_be_one(other, told) for other in self._told[number])
        )


def _keys(told: Deal, of: Callable[[MentionCluster], Iterable[Hashable]]) -> set[Hashable]:
    return {key for cluster in told.clusters for key in of(cluster)}


def _offered(cluster: MentionCluster) -> Iterator[Hashable]:
    """What a cluster is found by: its amounts, these rounded to every coarser place, and what it is worth."""
    yield from _as_told(cluster)
    for currency, amount in _known(cluster):
        yield from ((currency, rounded, place) for place, rounded in _roundings(amount))
    if 0 < cluster.usd < math.inf:
        yield cluster.mention.source.source_id, _band(cluster.usd)
        if day := cluster.rate_day:
            yield day.toordinal() // RECENT.days, _band(cluster.usd)


def _wanted(cluster: MentionCluster) -> Iterator[Hashable]:
    """What a cluster looks for: amounts that are its own at their place, or at its own, and about what it is worth."""
    yield from _as_told(cluster)
    for currency, amount in _known(cluster):
        yield currency, amount, _step(amount)
        yield from ((currency, rounded) for _, rounded in _roundings(amount))
    if 0 < cluster.usd < math.inf:
        day, band = cluster.rate_day, _band(cluster.usd)
        times: list[str | int] = [cluster.mention.source.source_id]
        times += [day.toordinal() // RECENT.days + near for near in (-1, 0, 1)] if day else []
        yield from ((time, band + near) for time in times for near in (-1, 0, 1))


def _as_told(cluster: MentionCluster) -> Iterator[Hashable]:
    """The amounts of a cluster, or their bounds where there is no amount."""
    yield from _known(cluster)
    yield from ((money.currency, money.low, money.high) for money in cluster.monies if money.amount is None)


def _known(cluster: MentionCluster) -> Iterator[tuple[str | None, Decimal]]:
    yield from ((money.currency, money.amount) for money in cluster.monies if money.amount is not None)


@lru_cache(2**10)
def _roundings(amount: Decimal) -> list[tuple[Decimal, Decimal]]:
    """An amount rounded to each place that is coarser than its last digit's and may be that of another one.

    The place, and the amount there.
    """
    digits = abs(amount).adjusted() + 1
    powers = range(trailing_zeros(_step(amount)) + 1, digits + 1)
    places = [Decimal(10) ** power for power in powers if power % _MYRIAD == 0 or power >= digits - _FEWEST_DIGITS]
    return [(place, (amount / place).to_integral_value() * place) for place in places]


def _band(usd: float) -> int:
    """A stretch of amounts: two that `fx.agree` on are of the same or of neighbouring ones."""
    return math.floor(math.log(usd) / math.log1p(fx.DEVIATION_PCT / 100))


def _with_conflicts(deals: Sequence[Deal]) -> list[Deal]:
    """The deals of one organization and kind, those joined of which two sources give different amounts.

    Only where it is plain which two: if more than two could be meant, they stay apart.
    """
    rivals: defaultdict[int, list[int]] = defaultdict(list)
    for i, j in _near(deals):
        plain = len(rivals[i]) < 2 or len(rivals[j]) < 2  # of two it is all the same whether there are more
        if plain and _conflict(deals[i], deals[j]):
            rivals[i].append(j)
            rivals[j].append(i)
    joined = list(deals)
    for i, others in rivals.items():
        if len(others) == 1 and rivals[others[0]] == [i] and i < others[0]:
            # what more sources say, or the earliest, is the deal's
            own, other = sorted(
                (deals[i], deals[others[0]]), key=lambda deal: (-len(deal.source_ids), order(deal.clusters[0]))
            )
            joined[i] = Deal(own.clusters, other.clusters)
            joined[others[0]] = joined[i]
    return list({id(deal): deal for deal in joined}.values())


def _near(deals: Sequence[Deal]) -> Iterator[tuple[int, int]]:
    """Pairs of deals, by their places, of one currency, about one time and, to a factor of four, one amount."""
    bands: defaultdict[tuple[str | None, int], list[tuple[date, int]]] = defaultdict(list)
    for i, deal in enumerate(deals):
        day, money = deal.day, deal.cited.mention.figure.money
        if day and money.amount and money.amount > 0:
            bands[money.currency, math.floor(math.log2(money.amount))].append((day, i))
    for dated in bands.values():
        dated.sort()
    for (currency, band), dated in bands.items():
        above = bands.get((currency, band + 1), [])
        for n, (day, i) in enumerate(dated):
            yield from ((i, j) for _, j in dated[n + 1 : bisect_right(dated, (day + CLOSE, len(deals)))])
            yield from (
                (i, j)
                for _, j in above[bisect_left(above, (day - CLOSE, 0)) : bisect_right(above, (day + CLOSE, len(deals)))]
            )


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
        and all((one.status in ends) == (other.status in ends) for ends in (_TRUE, _VOID))
        and all(_dates_agree(m, n) for m in one.mentions for n in other.mentions)
    )


def _clusters(mentions: Iterable[Mention]) -> list[MentionCluster]:
    told = [mention for mention in mentions if mention.figure.is_deal]
    clusters = {mention.mention_id: MentionCluster(mention) for mention in told if mention.parent is None}
    for mention in told:
        if mention.parent in clusters:
            clusters[mention.parent].restatements.append(mention)
    return [*clusters.values()]


def order(cluster: MentionCluster) -> tuple[date, str, int]:
    """By what clusters are sorted: the day they appeared, their source, their place in it."""
    mention = cluster.mention
    return mention.source.published or date.max, mention.source.source_id, mention.figure.money.start


def _may_be_one(one: Deal, other: Deal) -> bool:
    """Whether nothing keeps what two articles tell, or one in two places, from being one event of an organization.

    In one article the same amount is, whatever its dates.
    """
    statuses = {mention.figure.status for deal in (one, other) for mention in deal.mentions}
    if not (statuses.isdisjoint(_TRUE) or statuses.isdisjoint(_VOID)):
        return False
    x, y = one.cited.mention.figure.money, other.cited.mention.figure.money
    if x.currency == y.currency and not _of_one_amount(one, other):
        return False
    if one.source_ids == other.source_ids:
        if len({one.first("round"), other.first("round")} - {None}) > 1:
            return False
        if any(a.amount is not None and a.amount == b.amount for a, b in _in_one_currency(one, other)):
            return True
    return all(_dates_agree(m, n) for m in one.mentions for n in other.mentions)


def _in_one_currency(one: Deal, other: Deal) -> list[tuple[MoneyMention, MoneyMention]]:
    """The pairs of amounts of two that are in one currency.

    Conversions count only where the amounts are in different currencies: they are rounded, and follow from these.
    """
    x, y = one.cited.mention.figure.money, other.cited.mention.figure.money
    if x.currency == y.currency:
        return [(x, y)]
    known = [money for cluster in other.clusters for money in cluster.monies]
    return [(a, b) for cluster in one.clusters for a in cluster.monies for b in known if a.currency == b.currency]


def _of_one_amount(one: Deal, other: Deal) -> bool:
    """Whether two amounts agree, in one currency or at the day's rate.

    What one article plans and another tells as done is one deal only where the amounts are equal.
    """
    told = _in_one_currency(one, other)
    within = one.source_ids == other.source_ids
    if not within and (one.status in _TRUE) != (other.status in _TRUE):
        return any(a.amount == b.amount and _agree(a, b) for a, b in told)
    if any(_agree(a, b) for a, b in told):
        return True
    x, y = one.cited, other.cited
    if x.mention.figure.money.currency == y.mention.figure.money.currency:
        return False
    if not within and not (x.rate_day and y.rate_day and abs(x.rate_day - y.rate_day) <= RECENT):
        return False
    return fx.agree(x.usd, y.usd, min(ROUNDED_PCT + max(x.rounded_pct, y.rounded_pct), fx.DEVIATION_PCT))


def _dates_agree(one: Mention, other: Mention) -> bool:
    """Whether two mentions can date one event: what was done has happened by the day its article appeared.

    Days that two articles give may be a few apart, but not those of one article.
    """
    near = timedelta(0) if one.source.source_id == other.source.source_id else NEAR
    told = [m.figure.date for m in (one, other) if m.figure.date and m.figure.date_basis in ("stated", "relative")]
    appeared = [m.source.published for m in (one, other) if m.source.published and m.figure.date_basis == "published"]
    done = [m.source.published for m in (one, other) if m.source.published and m.figure.status == "completed"]
    if done and any(begins > min(done) + near for date_ in told if (begins := bounds(date_)[0])):
        return False
    if len(told) == 2:
        return _at_one_time(told[0], told[1], near)
    if len(appeared) == 2:
        return abs(appeared[0] - appeared[1]) <= RECENT
    first = first_day(told[0]) if told else None
    return not (first and appeared and first > appeared[0] and "completed" in (one.figure.status, other.figure.status))


def _at_one_time(one: str, other: str, near: timedelta = NEAR) -> bool:
    """Whether two dates can be of one event: one holds the other, or a day is near another day, week or month."""
    if contains(one, other) or contains(other, one):
        return True
    (first, last), (begin, end) = bounds(one), bounds(other)
    if not (first and last and begin and end):
        return False
    lengths = sorted((last - first, end - begin))
    return lengths[0] == timedelta(0) and lengths[1] <= CLOSE and max(begin - last, first - end) <= near


def _agree(a: MoneyMention, b: MoneyMention) -> bool:
    """Whether the finer amount, rounded to the last digit of the coarser one, equals it."""
    if a.amount is None or b.amount is None:
        return a.amount == b.amount and (a.low, a.high) == (b.low, b.high) and a.low is not None
    return a.amount == b.amount or abs(a.amount - b.amount) * 2 < max(_step(a.amount), _step(b.amount))


def _differ(a: MoneyMention, b: MoneyMention) -> bool:
    """Whether two amounts of one currency are not the same."""
    return a.currency == b.currency and not _agree(a, b)


def _caps(mention: Mention) -> bool:
    return mention.figure.money.qualifier in (AT_MOST, LESS_THAN)


@lru_cache(2**14)
def _step(amount: Decimal) -> Decimal:
    """The unit that the last digit counts: of 6억 it is 억, of 6억 700만 만, of 100억 10억, as two digits count."""
    zeros = trailing_zeros(amount)
    named, second = zeros // _MYRIAD * _MYRIAD, abs(amount).adjusted() + 1 - _FEWEST_DIGITS
    return Decimal(10) ** (max(named, second) if second <= zeros else named)

"""Decides which deals may be added up, says of each other one why not, and names what a person should look at again.

In go deals as linking.py links them, each leaves with its `exclude_reason` and its `doubts`. Nothing is counted twice:
not a figure told as two kinds, not a part beside its whole, not what is spent beside what was raised for it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal

import pandas as pd

from ..edtf import bounds, contains
from ..intake.problems import Problem
from ..kinds import COMES_IN, COMMITTED, NEVER_SUMMED, ONCE_DONE, RAISED
from . import fx
from .linking import Deal, Index, order
from .mentions import amounts

MOST_PARTS = 12
"""Figures that are tried as the parts of one: an article lists no more."""
OUTLIER = 10
"""Times the next largest figure of its organization from which one is looked at again."""
HUGE = 10**16
"""In any currency: beyond it an amount is likelier misread than meant. A year's output of China is about 1.4 × 10^14
yuan."""
OUTLIER_DOUBT, EARLY_DOUBT, HUGE_DOUBT, TWICE_DOUBT, RATE_DOUBT = (
    "outlier",
    "after_publication",
    "huge",
    "twice",
    "late_rate",
)
DOUBTS = (OUTLIER_DOUBT, EARLY_DOUBT, HUGE_DOUBT, TWICE_DOUBT, RATE_DOUBT)


def settle(deals: Sequence[Deal], rates: fx.Rates, problems: list[Problem]) -> pd.DataFrame:
    """Give every deal its worth, its reason to be left out of totals, if there is one, and what is odd about it.

    A maintainer's correction of the reason stands, and the others are settled beside it; one that does not hold is a
    problem. Returns what `fx.convert` gives for the deals, a row each in their order.
    """
    frame = _valued(deals)
    converted = fx.convert(frame, rates)
    known = converted[[f"amount_{target.lower()}" for target in fx.TARGETS]].notna().all(axis=1).tolist()
    for deal, usd in zip(deals, converted["amount_usd"], strict=True):
        deal.usd = usd
    _leave_out(deals, known)
    if corrected := [deal for deal in deals if deal.left_out]:
        for deal in corrected:
            deal.settled = _holds(deal, problems)
        _leave_out(deals, known)
        problems += [
            _unmet(deal, deal.left_out[0].line, deal.left_out[0].value)
            for deal in corrected
            if deal.settled and not _as_corrected(deal)
        ]
    largest = pd.concat([frame.filter(like="amount"), converted.filter(like="amount")], axis=1).abs().max(axis=1)
    late = frame["value_to"] - converted["rate_to"] > fx.LATE
    for odd, doubt in (
        (largest > HUGE, HUGE_DOUBT),
        (late, RATE_DOUBT),
        ([_is_early(deal) for deal in deals], EARLY_DOUBT),
    ):
        for deal, holds in zip(deals, odd, strict=True):
            deal.doubts += [doubt] if holds else []
    _doubt_outliers(deals)
    _doubt_what_stands_twice(deals)
    return converted


def _valued(deals: Sequence[Deal]) -> pd.DataFrame:
    """The amounts of deals, each with the days whose rates apply, as `fx.convert` takes them."""
    names = [f"amount{bound}" for bound in fx.BOUNDS]
    rows = [
        (*(amounts(deal.cited.mention.figure.money)[name] for name in (*names, "currency")), *deal.value_window)
        for deal in deals
    ]
    frame = pd.DataFrame(rows, columns=[*names, "currency", "value_from", "value_to"], dtype=object)
    return frame.astype(dict.fromkeys(names, "float64") | dict.fromkeys(["value_from", "value_to"], "datetime64[s]"))


def _leave_out(deals: Sequence[Deal], convertible: Sequence[bool]) -> None:
    """Give every deal its reason to be left out of totals, if there is one; `convertible`.

    Of which there are rates into every currency.
    """
    for deal, has_rates in zip(deals, convertible, strict=True):
        deal.exclude_reason = reason(deal, convertible=has_rates)
        if deal.settled and deal.exclude_reason is None:
            deal.exclude_reason = deal.left_out[0].value
    _leave_out_duplicates(deals)
    _leave_out_parts(deals)
    _leave_out_contributions(deals)
    _leave_out_addends(deals)


def _holds(deal: Deal, problems: list[Problem]) -> bool:
    """Whether what maintainers say of why a deal is left out expects what it is left out for, and is one thing.

    It has to be said of the amount of each source: where a figure was a duplicate of another one and has come to be of
    one deal with it, that one counts.
    """
    first, *others = deal.left_out
    unmet = [_unmet(deal, said.line, said.expected) for said in deal.left_out if said.expected != deal.exclude_reason]
    unmet += [
        _unmet(deal, said.line, said.value, f"{first.value!r} by line {first.line}")
        for said in others
        if said.value != first.value
    ]
    if not all(_is_corrected(article) for article in deal.by_article):
        unmet.append(_unmet(deal, first.line, first.value, "not said of the amount of each of its sources"))
    problems += unmet
    return not unmet


def _is_corrected(article: Deal) -> bool:
    """Whether what one article tells of a deal has a correction of why it is left out, at the amount that it gives."""
    given = article.cited.mention.figure.money
    said = (mention.figure.money for mention in article.mentions if mention.left_out)
    return any((money.currency, money.amount) == (given.currency, given.amount) for money in said)


def _as_corrected(deal: Deal) -> bool:
    return deal.exclude_reason == deal.left_out[0].value


def _unmet(deal: Deal, line: str, expected: str | None, found: str | None = None) -> Problem:
    action = (
        "Review it again: this correction does not hold, "
        "or another field says so (kind, status, qualifier, organization_id …)"
    )
    return Problem(
        "reviews.csv",
        f"line {line}",
        f"left_out of {deal.deal_id} is {found or repr(deal.exclude_reason)}",
        repr(expected),
        action,
    )


def reason(deal: Deal, *, convertible: bool) -> str | None:
    """Why a deal may not be added up, whatever other deals there are; `convertible`.

    There are rates into every currency.

    What a maintainer has settled is no matter of talks or hopes but by what that correction says.
    """
    money, status, figure = deal.cited.mention.figure.money, deal.status, deal.cited.mention.figure
    if status in ("forecast", "cancelled", "superseded"):
        return status
    if figure.kind in NEVER_SUMMED:
        return NEVER_SUMMED[figure.kind]
    if deal.is_unsettled and not deal.settled:
        return "talks"
    if status == "planned" and deal.measure in ONCE_DONE:
        return "planned"
    if money.amount is None:
        return "no_amount"
    if money.amount < 0:
        return "negative"
    if deal.is_upper_bound:
        return "upper_bound"
    if figure.organization_id is None:
        return "unknown_country"
    return None if convertible else "no_rate"


def _counted(deals: Iterable[Deal]) -> list[Deal]:
    return [deal for deal in deals if deal.exclude_reason is None]


def _is_in_totals(deal: Deal) -> bool:
    """Whether the money of a deal is in totals, as its own row or in another one."""
    return deal.exclude_reason in (None, "part", "duplicate")


def _leave_out_duplicates(deals: Sequence[Deal]) -> None:
    """Of deals of one organization, amount and time but of different kinds, the one that most sources give counts."""
    alike: defaultdict[tuple[str, bool], list[Deal]] = defaultdict(list)
    for deal in sorted(
        _counted(deals), key=lambda deal: (-len(deal.source_ids), -len(deal.mentions), order(deal.clusters[0]))
    ):
        alike[deal.cited.mention.who, deal.measure in COMES_IN].append(deal)
    for told in alike.values():
        _leave_out_duplicates_of_one(told)


def _leave_out_duplicates_of_one(deals: Sequence[Deal]) -> None:
    """Of deals of one organization, as `_leave_out_duplicates` takes them, the first one of each event counts."""
    index = Index()
    for deal in deals:
        kind = deal.cited.mention.figure.kind
        articles = deal.by_article
        others = (other for told in articles for other in index.of_one_event(told))
        if any(other.cited.mention.figure.kind != kind for other in others):
            deal.leave_out("duplicate")
        else:
            for told in articles:
                index.add(deal, told)


def _leave_out_parts(deals: Sequence[Deal]) -> None:
    """What an article says is a part of another figure: left out where that counts, or is counted as another one."""
    deal_of = {
        mention.mention_id: deal
        for deal in deals
        for cluster in deal.clusters
        for mention in (cluster.mention, *cluster.restatements)
    }
    for deal in sorted(_counted(deals), key=lambda deal: -deal.usd):  # a whole comes before its parts
        wholes = (deal_of.get(mention.whole) for mention in deal.mentions if mention.whole)
        if any(whole and whole is not deal and _is_in_totals(whole) for whole in wholes):
            deal.leave_out("part")


def _by_article(deals: Iterable[Deal]) -> Iterator[list[tuple[int, Deal]]]:
    """The deals that one article tells of, each with the place where it first does, in its order."""
    articles: defaultdict[str, dict[int, tuple[int, Deal]]] = defaultdict(dict)
    for deal in deals:
        for mention in deal.mentions:
            place = articles[mention.source.source_id].setdefault(id(deal), (mention.figure.money.start, deal))[0]
            articles[mention.source.source_id][id(deal)] = min(place, mention.figure.money.start), deal
    for told in articles.values():
        yield sorted(told.values(), key=lambda pair: pair[0])


def _leave_out_contributions(deals: Sequence[Deal]) -> None:
    """What somebody puts into a fund, where the fund itself counts and its article names them in it."""
    for told in _by_article(deal for deal in _counted(deals) if deal.measure == COMMITTED):
        members: defaultdict[str, list[Deal]] = defaultdict(list)
        for _, fund in told:
            if fund.cited.mention.figure.kind == "fund":
                for party in {
                    party.organization_id
                    for mention in fund.mentions
                    for party in mention.figure.parties
                    if party.organization_id
                }:
                    members[party].append(fund)
        for _, deal in told:
            money = deal.cited.mention.figure.money
            for fund in members.get(deal.cited.mention.who, ()):
                whole = fund.cited.mention.figure.money
                others = _is_in_totals(fund) and fund.cited.mention.who != deal.cited.mention.who
                if (
                    others
                    and money.currency == whole.currency
                    and _amount(deal) < _amount(fund)
                    and _at_one_time(deal, fund)
                ):
                    deal.leave_out("part")


def _leave_out_addends(deals: Sequence[Deal]) -> None:
    """Figures that stand in one article beside the one that they add up to.

    They are its parts, or it is the sum of them.

    Of one organization, what was raised and what of it goes where, or the instalments of a sum; of several, what they
    put into a fund. Where the parts are of different days, they count and their sum does not.
    """
    for told in _by_article(_counted(deals)):
        rows: defaultdict[Hashable, list[tuple[int, Deal]]] = defaultdict(list)
        for place, deal in told:
            figure = deal.cited.mention.figure
            rows[figure.money.currency, deal.measure, deal.cited.mention.who].append((place, deal))
            if figure.kind == "fund":
                rows[figure.money.currency, figure.kind].append((place, deal))
        for place, whole in sorted(told, key=lambda pair: (-pair[1].usd, pair[0])):
            figure, who = whole.cited.mention.figure, whole.cited.mention.who
            asked: list[tuple[Hashable, int]] = [((figure.money.currency, whole.measure, who), 2)]
            asked += [((figure.money.currency, COMMITTED, who), 1)] if whole.measure == RAISED else []
            asked += [((figure.money.currency, figure.kind), 2)] if figure.kind == "fund" else []
            for key, least in asked:
                parts = _addends(whole, rows[key], place, least) if whole.exclude_reason is None else []
                if parts:
                    _leave_out_parts_or_sum(whole, parts)


def _addends(whole: Deal, row: Sequence[tuple[int, Deal]], place: int, least: int) -> list[Deal]:
    """The deals next to one, all after it or all before it, at `least` so many, that add up to its amount.

    None where none do.
    """
    start = bisect_left(row, place, key=lambda pair: pair[0])
    end = bisect_right(row, place, key=lambda pair: pair[0])
    for side in (row[end : end + MOST_PARTS], row[max(0, start - MOST_PARTS) : start][::-1]):
        parts: list[Deal] = []
        total = Decimal(0)
        for _, deal in side:
            if deal.exclude_reason is not None:
                continue
            parts.append(deal)
            total += _amount(deal)
            if total >= _amount(whole):
                break
        if total == _amount(whole) and len(parts) >= least:
            return parts
    return []


def _leave_out_parts_or_sum(whole: Deal, parts: Sequence[Deal]) -> None:
    uses = parts[0].measure != whole.measure
    days = {part.dated.figure.date for part in parts if part.dated.figure.date_basis in ("stated", "relative")}
    if len(days) == len(parts) and not uses:
        whole.leave_out("aggregate")
    elif uses or all(_at_one_time(part, whole) for part in parts):
        for part in parts:
            part.leave_out("part")


def _amount(deal: Deal) -> Decimal:
    return deal.cited.mention.figure.money.amount or Decimal(0)


def _at_one_time(one: Deal, other: Deal) -> bool:
    """Whether the dates that articles give of two deals do not contradict."""
    x, y = one.dated.figure, other.dated.figure
    told = [figure.date for figure in (x, y) if figure.date and figure.date_basis in ("stated", "relative")]
    return len(told) < 2 or contains(told[0], told[1]) or contains(told[1], told[0])


def _is_early(deal: Deal) -> bool:
    """Whether a deal is completed on a day after the article that it is cited from, or an article has it so."""
    first, published = (
        bounds(deal.dated.figure.date)[0] if deal.dated.figure.date else None,
        deal.cited.mention.source.published,
    )
    late = deal.status == "completed" and first is not None and published is not None and first > published
    return late or any(mention.early for mention in deal.mentions)


def _doubt_outliers(deals: Sequence[Deal]) -> None:
    """Doubt a figure in totals that is far beyond all else that is told of its organization: 조 read for 억."""
    largest: defaultdict[str, list[tuple[float, str, Deal]]] = defaultdict(list)
    for deal in deals:
        if deal.usd > 0 and deal.exclude_reason != "duplicate":
            largest[deal.cited.mention.who].append((deal.usd, deal.deal_id, deal))
    for told in largest.values():
        (most, _, deal), *rest = sorted(told, key=lambda one: one[:2], reverse=True)
        if rest and deal.exclude_reason is None and most > OUTLIER * rest[0][0]:
            deal.doubts.append(OUTLIER_DOUBT)


def _doubt_what_stands_twice(deals: Sequence[Deal]) -> None:
    """Doubt figures in totals of one organization and amount that one article tells of as more than one deal."""
    alike: defaultdict[tuple[str, str, str | None, Decimal | None], dict[str, Deal]] = defaultdict(dict)
    for deal in _counted(deals):
        for mention in deal.mentions:
            money = mention.figure.money
            alike[mention.source.source_id, mention.who, money.currency, money.amount][deal.deal_id] = deal
    for twice in {
        deal_id: deal for found in alike.values() if len(found) > 1 for deal_id, deal in found.items()
    }.values():
        twice.doubts.append(TWICE_DOUBT)

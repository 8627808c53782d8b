"""Who a figure is about, and who else acts: of the names that a text holds, the ones that fit a figure.

Of all candidates the one that costs least is taken: cost is made of the part that its particle gives it, the type of
organization that the figure's kind is about, and what lies between it and the figure.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from ..money import Span
from . import organizations as o
from .figure import INVESTMENT_KINDS
from .kinds import Trigger
from .layout import Layout
from .organizations import Name

CARRY = 1500
"""Code points over which a subject carries on into sentences that leave it out."""
AHEAD = 300
"""Code points in which a headline's subject is looked for below it."""

# Costs weigh against each other only; the unit is one topic's distance of ten code points.
_ROLE_COST = {o.TOPIC: 0, o.SUBJECT: 4, o.BARE: 12, o.TARGET: 15, o.OTHER: 18, o.OBJECT: 20}
_TYPE_COST = 40  # an investor is seldom who raises: only where nobody else is named
_FOREIGN_COST = 25  # the articles are about China; others are named as investors and for comparison
_SENTENCE_COST = 25  # a sentence's own subject before that of the one before it
_MINOR_COST = 40  # what was no topic or subject there does not carry over
_CLAUSE_COST = 5  # a clause's own subject before that of the one before it
_AFTER_COST = 15  # Korean names the subject first
_DISTANCE_COST = 0.1  # for one code point; decides between equals
_STAKE_GAIN = 40  # 알리바바 지분: the one whose stake it is, whoever the subject
_BESIDE_GAIN = 20  # '문샷 AI'의 10억 달러
_TARGET_GAIN = 25  # 지푸에 3억 달러를 투자했다: it is Zhipu's round
_BESIDE = 3
"""Code points between a name and a figure that stand beside each other: a quotation mark, a particle, a space."""
_PREFERRED = {
    "capital_flow": (o.COUNTRY,),
    "market_size": (o.COUNTRY,),
    "government_support": (o.GOVERNMENT,),
    "fund": (o.INVESTOR, *o.COMPANIES),
}
"""Which types of organization a kind is about; a country as such only where money flows into it."""
_EACH = re.compile("각각")


class Actors:
    """The names of a text, in order, and the figures that they belong to."""

    def __init__(self, text: str, names: Sequence[Name], layout: Layout, figures: Sequence[Span]) -> None:
        """`figures` are the spans from each figure to the end of what restates it, in order."""
        self.names = names
        self._layout = layout
        self._starts = [name.start for name in names]
        self._paired = dict(self._pairs(text, figures))

    def _pairs(self, text: str, figures: Sequence[Span]) -> list[tuple[Span, Name]]:
        """A와 B는 각각 1억, 2억: the names before 각각 go to the figures after it, in order."""
        pairs: list[tuple[Span, Name]] = []
        starts = [start for start, _ in figures]
        for each in _EACH.finditer(text):
            start, end = self._layout.sentence(each.start())
            names = [name for name in self._between(start, each.start()) if name.type in (*o.COMPANIES, o.INVESTOR)]
            amounts = figures[bisect_left(starts, each.end()) : bisect_left(starts, end)]
            if 1 < len(names) <= len(amounts):
                pairs += zip(amounts, names, strict=False)
        return pairs

    def _between(self, start: int, end: int) -> Sequence[Name]:
        return self.names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _in_sentence(self, span: Span) -> Sequence[Name]:
        return self._between(*self._layout.sentence(span[0]))

    def before(self, span: Span, roles: Sequence[str], types: Sequence[str]) -> Name | None:
        """The first name of one of these types in one of these roles, in the sentence before the figure."""
        names = (name for name in self._in_sentence(span) if name.end <= span[0] and name.role in roles and name.type in types)
        return next(names, None)

    def company_acts(self, span: Span) -> bool:
        """Whether a company is topic or subject in the figure's sentence."""
        return any(name.role in (o.TOPIC, o.SUBJECT) and name.type not in (o.COUNTRY, o.GOVERNMENT) for name in self._in_sentence(span))

    def organization(self, kind: str, span: Span, trigger: Trigger | None) -> Name | None:
        """Who a figure is about. Only investment figures look beyond their own sentence."""
        if span in self._paired:
            return self._paired[span]
        start, end = self._layout.sentence(span[0])
        if kind in INVESTMENT_KINDS:
            start = span[0] - CARRY
        found = self._cheapest(self._between(start, end), kind, span, trigger)
        if found is None and kind in INVESTMENT_KINDS:
            below = [name for name in self._between(end, end + AHEAD) if name.role in (o.TOPIC, o.SUBJECT, o.BARE)]
            found = self._cheapest(below, kind, span, trigger)
        return found

    def _cheapest(self, names: Sequence[Name], kind: str, span: Span, trigger: Trigger | None) -> Name | None:
        costs = [(cost, -name.start, name) for name in names if (cost := self._cost(name, kind, span, trigger)) is not None]
        return min(costs, default=(0, 0, None))[2]

    def _cost(self, name: Name, kind: str, span: Span, trigger: Trigger | None) -> float | None:
        """How unlikely a name is to be the figure's, or None where it cannot be."""
        preferred = _PREFERRED.get(kind, o.COMPANIES)
        if name.role == o.SPEAKER or name.type == o.PERSON or (name.type == o.COUNTRY) != (o.COUNTRY in preferred):
            return None
        cost: float = _ROLE_COST[name.role] + (0 if name.type in preferred else _TYPE_COST)
        if name.organization and name.organization.country != "CN":
            cost += _FOREIGN_COST
        if kind == "acquisition_or_stake" and name.stake:
            cost -= _STAKE_GAIN
        if kind == "funding_round" and name.role == o.TARGET and trigger and trigger.kind == "investment":
            cost -= _TARGET_GAIN
        after = max(span[1], trigger.end) if trigger and trigger.start >= span[1] else span[1]
        if 0 <= span[0] - name.reach <= _BESIDE or 0 <= name.start - after <= _BESIDE:
            cost -= _BESIDE_GAIN
        if name.start > span[0]:
            return cost + _AFTER_COST + 3 * _DISTANCE_COST * (name.start - span[1])
        sentences = self._layout.sentences_between(name.start, span[0])
        if sentences and name.role not in (o.TOPIC, o.SUBJECT):
            cost += _MINOR_COST
        clauses = self._layout.clauses_between(name.start, span[0])
        return cost + _SENTENCE_COST * min(sentences, 4) + _CLAUSE_COST * clauses + _DISTANCE_COST * (span[0] - name.start)

    def counterparties(self, kind: str, span: Span, who: Name | None) -> list[Name]:
        """Who else acts in the sentence of a round or an acquisition: investors and buyers."""
        if kind not in ("funding_round", "acquisition_or_stake") or who is None:
            return []
        acting = (o.TOPIC, o.SUBJECT, o.TARGET) if kind == "funding_round" else (o.TOPIC, o.SUBJECT)
        return [
            name
            for name in self._in_sentence(span)
            if name.organization
            and name.organization != who.organization
            and name.type not in (o.COUNTRY, o.GOVERNMENT)
            and (name.type in (o.INVESTOR, o.PERSON) or name.role in acting)
            and name.role != o.SPEAKER
        ]

"""Who a figure is about, and who else acts: of the names that a text holds, the ones that fit a figure.

Korean leaves a subject out once it is known. So a text has at each place a company that it is about, its centre: the
last one that was the topic, or the subject of no other clause. A figure belongs to the name in its own sentence that
costs least (by the part that the particle gives it, the type that the kind is about, what lies between), or to the centre.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from ..masking import MASK
from ..money import Span
from . import organizations as o
from .kinds import Trigger
from .layout import Layout
from .organizations import Name

CARRY = 1500
"""Code points over which a subject carries on into sentences that leave it out."""
AHEAD = 400
"""Code points in which a headline's subject is looked for below it."""

# Costs weigh against each other only; the unit is one topic's distance of ten code points.
_ROLE_COST = {o.TOPIC: 0, o.SUBJECT: 3, o.GENITIVE: 12, o.BARE: 24, o.TARGET: 28, o.OBJECT: 32, o.OTHER: 34, o.SOURCE: 45, o.BACKER: 45, o.ASIDE: 50}
# money goes to a place, or is raised in it: all particles but the object's may tell where
_PLACE_ROLE_COST = _ROLE_COST | {o.GENITIVE: 4, o.TARGET: 3, o.SOURCE: 5, o.BARE: 12, o.OTHER: 15, o.BACKER: 3}
_CENTRE_COST = 20  # the centre before whoever is named by the way
_WEAK_COST = {True: 4, False: 15}  # perhaps no company at all
_BACKER_COST = 20  # where a start-up is spoken of, a large company that acts is who invests or buys
_TYPE_COST = 40  # an investor is seldom who raises: only where nobody else is named
_SORT_COST = {o.CITY: 12, o.SECTOR: 12, o.MEMBERS: 24, o.PRODUCT: -10}  # a country before a sector of it, that before the companies in it
_FOREIGN_COST = 12  # the articles are about China; others are named as investors and for comparison
_CLAUSE_COST = 5  # a clause's own subject before that of the one before it
_AFTER_COST = 15  # Korean names the subject first
_DISTANCE_COST = 0.1  # for one code point; decides between equals
_STAKE_GAIN = 40  # 알리바바 지분: the one whose stake it is, whoever the subject
_BESIDE_GAIN = 26  # '문샷 AI'의 10억 달러
_TARGET_GAIN = 30  # 지푸에 3억 달러를 투자했다: it is Zhipu's round
_BOUGHT_GAIN = 40  # 지푸를 인수했다
_OPENING = 4
"""Code points of quotation marks, bullets and spaces before the first word of a sentence."""
_BESIDE = 3
"""Code points between a name and a figure that stand beside each other: a quotation mark, a particle, a space."""
_PREFERRED = {
    "capital_flow": (o.COUNTRY, o.CITY, o.TRADER, o.SECTOR, o.MEMBERS),
    "market_size": (o.COUNTRY, o.SECTOR, o.MEMBERS),
    "price": (o.PRODUCT, *o.COMPANIES),
    "government_support": (o.GOVERNMENT, o.COUNTRY),
    "fund": (o.INVESTOR, *o.COMPANIES),
}
"""Which types of organization a kind is about; a country as such only where money flows into it."""
_RAISING = ("funding_round", "valuation", "cumulative_funding", "ipo")
_COMPANY_LIKE, _GOVERNMENT, _FUND = "companies", "governments", "funds"
_GROUPS: dict[str, Callable[[Name], bool]] = {
    _COMPANY_LIKE: lambda name: name.type in (*o.COMPANIES, o.INVESTOR),
    _GOVERNMENT: lambda name: name.type == o.GOVERNMENT,
    _FUND: lambda name: name.type == o.INVESTOR and name.text.endswith(("기금", "펀드")),
}
"""Who can be what a text is about, for figures of different kinds."""
_PLACES = _PREFERRED["capital_flow"]
_NOBODY = (o.PERSON, o.MEDIA, o.PRODUCT)
_YOUNG = (o.AI_COMPANY, o.UNLISTED)
_ACTING = (o.TOPIC, o.SUBJECT)
_PAIRED = (*o.COMPANIES, o.INVESTOR, o.TRADER)
_LISTED = 6
"""Code points between two figures of a list: a particle, a comma, a space."""
_HIDDEN_LABEL = re.compile(rf"[^\n가-힣A-Za-z0-9{MASK}]{{0,6}}{MASK}+(?: ?{MASK}+){{0,2}} ?(?:[:：=|,]|- )")
"""Whose row of a list it is, masked: better nobody than the one of the row before."""
_MARKETS = ("시장", "산업")
_QUOTES = " '\"’”)"
_EACH = re.compile(r"[^.\n]{0,12}각각")


class Actors:
    """The names of a text, in order, and the figures that they belong to."""

    def __init__(self, text: str, names: Sequence[Name], layout: Layout, figures: Sequence[Span]) -> None:
        """`figures` are the spans from each figure to the end of what restates it, in order."""
        self.names = names
        self._text = text
        self._layout = layout
        self._starts = [name.start for name in names]
        self.each = [match.span() for match in _EACH.finditer(text)]
        self._paired = dict(self._pairs(text, figures))
        self._centres = {group: list(self._find_centres(text, group)) for group in _GROUPS}

    def _pairs(self, text: str, figures: Sequence[Span]) -> Iterator[tuple[Span, Name]]:
        """A와 B는 각각 1억, 2억: as many names side by side as there are figures side by side after them, in order."""
        starts = [start for start, _ in figures]
        for i, last in enumerate(self.names):
            end = min(self._layout.sentence(last.start)[1], self.names[i + 1].start if i + 1 < len(self.names) else len(text))
            amounts = figures[bisect_left(starts, last.end) : bisect_left(starts, end)]
            if (len(amounts) > 1 and last.role in _ACTING) or _EACH.match(text, last.reach):
                beside = next((n for n in range(1, len(amounts)) if amounts[n][0] - amounts[n - 1][1] > _LISTED), len(amounts))
                names = o.coordinated(text, [name for name in self.names[max(0, i - beside) : i + 1] if name.type in _PAIRED])
                if len(names) == beside > 1:
                    yield from zip(amounts, names, strict=False)

    def _find_centres(self, text: str, group: str) -> Iterator[tuple[int, Name]]:
        """Whom of a group the text is about from an offset on."""
        belongs = _GROUPS[group]
        centre: Name | None = None
        for start, end in dict.fromkeys(self._layout.sentence(name.start) for name in self.names):
            here = [name for name in self._between(start, end) if belongs(name) and not name.weak]
            new = next((name for name in here if name.role == o.TOPIC or (name.role == o.GENITIVE and name.start - start <= _OPENING)), None)
            if new is None:
                opens = "\n" in text[max(0, start - 2) : start] and (centre is None or centre.type not in _YOUNG)
                likely = (*_YOUNG, o.GOVERNMENT, *((o.TECHNOLOGY_COMPANY,) if opens else ()))
                new = next((name for name in here if name.role == o.SUBJECT and (centre is None or (name.type in likely and not name.foreign))), None)
            if new is None and centre is None:
                new = next((name for name in here if name.role in (o.BARE, o.GENITIVE, o.TARGET, o.OTHER) and name.type != o.INVESTOR), None)
            if new:
                centre = new
                yield end, new

    def _centre(self, offset: int, group: str) -> Name | None:
        """Whom of a group the text is about before the sentence that starts at an offset."""
        centres = self._centres[group]
        i = bisect_right(centres, offset, key=itemgetter(0))
        return centres[i - 1][1] if i and offset - centres[i - 1][0] <= CARRY else None

    def public_payer(self, span: Span, *, carried: bool) -> Name | None:
        """The government that acts in the figure's sentence or, where nobody does, `carried` from those before it."""
        here = self.before(span, (*_ACTING, o.BACKER, o.GENITIVE), (o.GOVERNMENT,))
        if here or self.company_acts(span) or not carried:
            return here
        start = self._layout.sentence(span[0])[0]
        company, government = (self._centre(start, group) for group in (_COMPANY_LIKE, _GOVERNMENT))
        return government if government and (company is None or company.start < government.start) else None

    def _between(self, start: int, end: int) -> Sequence[Name]:
        return o.names_between(self.names, self._starts, start, end)

    def _in_sentence(self, span: Span) -> Sequence[Name]:
        return self._between(*self._layout.sentence(span[0]))

    def before(self, span: Span, roles: Sequence[str], types: Sequence[str]) -> Name | None:
        """The first name of one of these types in one of these roles, in the sentence before the figure."""
        names = (name for name in self._in_sentence(span) if name.end <= span[0] and name.role in roles and name.type in types and not name.weak)
        return next(names, None)

    def receiver(self, span: Span) -> Name | None:
        """Where the money goes: the last company or sector before a figure that is its target, or whose share it is."""
        types = (*o.COMPANIES, o.SECTOR, o.MEMBERS)
        before = (name for name in reversed(self._in_sentence(span)) if name.end <= span[0] and name.type in types)
        return next((name for name in before if name.role == o.TARGET or (name.role == o.GENITIVE and span[0] - name.reach <= _BESIDE)), None)

    def backed(self, span: Span, *, planned: bool) -> Name | None:
        """The company that an investor, or a large company at once, who acts in the figure's sentence puts money into."""
        types = (o.INVESTOR,) if planned else (o.INVESTOR, o.TECHNOLOGY_COMPANY)
        backer = next((name for name in self._in_sentence(span) if name.end <= span[0] and name.type in types and name.role in (o.SUBJECT, o.BACKER)), None)
        centre = self._centre(self._layout.sentence(span[0])[0], _COMPANY_LIKE)
        receiver = self.receiver(span)
        return centre if backer and centre and centre.type in _YOUNG and (receiver is None or receiver.type in o.COMPANIES) else None

    def somebody(self, span: Span) -> bool:
        """Whether a company acts in the figure's sentence or the text was about one before."""
        return bool(self.company_acts(span) or self._centre(self._layout.sentence(span[0])[0], _COMPANY_LIKE))

    def company_acts(self, span: Span) -> Name | None:
        """A company that is topic, subject or owner in the figure's sentence."""
        acting = (*_ACTING, o.GENITIVE)
        return next((name for name in self._in_sentence(span) if name.role in acting and name.type in (*o.COMPANIES, o.INVESTOR)), None)

    def organization(self, kind: str, span: Span, trigger: Trigger | None, last: Name | None) -> Name | None:
        """Who a figure is about; `last` is who the figure before it is about, where that is on the same line and of the same kind."""
        if span in self._paired:
            return self._paired[span]
        start, end = self._layout.sentence(span[0])
        centre = last or self._carried(kind, start)
        costs = [(cost, -name.start, name) for name in self._between(start, end) if (cost := self._cost(name, kind, span, trigger, centre)) is not None]
        best = min(costs, default=None)
        if centre and (best is None or best[0] > _CENTRE_COST + (_FOREIGN_COST if centre.foreign else 0)):
            return None if _HIDDEN_LABEL.match(self._text, start, span[0]) else centre
        if best:
            return best[2]
        return self._elsewhere(kind, start, end)

    def _carried(self, kind: str, start: int) -> Name | None:
        """Whom the sentences before an offset are about, of those that a kind can be about."""
        preferred = _PREFERRED.get(kind, o.COMPANIES)
        if o.GOVERNMENT in preferred:
            return self._centre(start, _GOVERNMENT)
        if o.COUNTRY in preferred:
            return next((name for name in reversed(self._between(max(0, start - CARRY), start)) if name.type == o.COUNTRY), None)
        return (self._centre(start, _FUND) if kind == "fund" else None) or self._centre(start, _COMPANY_LIKE)

    def _elsewhere(self, kind: str, start: int, end: int) -> Name | None:
        """The last name of the right type before a sentence, or the first that acts below it."""
        preferred = _PREFERRED.get(kind, o.COMPANIES)
        earlier = (name for name in reversed(self._between(max(0, start - CARRY), start)) if name.type in preferred and not name.foreign)
        below = (name for name in self._between(end, end + AHEAD) if name.type in preferred and name.role in (*_ACTING, o.BARE, o.GENITIVE))
        return next(earlier, None) or next(below, None)

    def _cost(self, name: Name, kind: str, span: Span, trigger: Trigger | None, centre: Name | None) -> float | None:
        """How unlikely a name in the figure's sentence is to be the figure's, or None where it cannot be."""
        preferred = _PREFERRED.get(kind, o.COMPANIES)
        if name.type not in preferred and (name.type in (*_NOBODY, *_PLACES) or o.COUNTRY in preferred):
            return None
        if name.type in _PLACES and o.COUNTRY in preferred:
            return self._place_cost(name, kind, span, trigger)
        role = o.SUBJECT if name.role == o.BACKER and kind not in _RAISING else name.role
        if role == o.GENITIVE and name.start - self._layout.sentence(span[0])[0] <= _OPENING:
            role = o.TOPIC
        cost: float = _SORT_COST.get(name.type, 0) + _ROLE_COST[role] + (0 if name.type in preferred else _TYPE_COST)
        if name.weak:
            cost += _WEAK_COST[name.role == o.TOPIC]
        if role == o.SUBJECT and name.type == o.TECHNOLOGY_COMPANY and kind in (*_RAISING, "acquisition_or_stake") and centre and centre.type in _YOUNG:
            cost += _BACKER_COST
        if name.foreign:
            cost += _FOREIGN_COST
        if kind == "acquisition_or_stake":
            cost -= _STAKE_GAIN if name.stake else _BOUGHT_GAIN if name.role == o.OBJECT else 0
        if name.role == o.TARGET and kind in (*_RAISING, "acquisition_or_stake"):
            cost -= _TARGET_GAIN
        cost -= self._gain_beside(name, span, trigger)
        if name.start > span[0]:
            return cost + _AFTER_COST + 3 * _DISTANCE_COST * (name.start - span[1])
        return cost + _CLAUSE_COST * self._layout.clauses_between(name.start, span[0]) + _DISTANCE_COST * (span[0] - name.start)

    def _place_cost(self, name: Name, kind: str, span: Span, trigger: Trigger | None) -> float:
        """How unlikely a country or a sector is to be what money flows into, or a market's."""
        cost: float = _PLACE_ROLE_COST[name.role] + (
            0 if kind == "market_size" and name.type == o.SECTOR and name.text.endswith(_MARKETS) else _SORT_COST.get(name.type, 0)
        )
        if kind == "market_size" or name.type not in (o.SECTOR, o.MEMBERS):
            cost -= self._gain_beside(name, span, trigger)
        if name.start > span[0]:
            return cost + _AFTER_COST + 3 * _DISTANCE_COST * (name.start - span[1])
        return cost + _DISTANCE_COST * (span[0] - name.start)

    def _gain_beside(self, name: Name, span: Span, trigger: Trigger | None) -> float:
        """What a name gains that stands right before the figure or the word for its kind, or right after both."""
        owner = name.role in (o.GENITIVE, o.BARE)
        first, last = (trigger.start, max(span[1], trigger.end)) if trigger else span
        if (owner and 0 <= span[0] - name.reach <= _BESIDE) or (0 <= name.start - last <= _BESIDE and not self._text[last : name.start].strip(_QUOTES)):
            return _BESIDE_GAIN
        return _BESIDE_GAIN / 2 if owner and 0 <= first - name.reach <= _BESIDE else 0

    def counterparties(self, kind: str, span: Span, who: Name | None) -> list[Name]:
        """Who else acts in the sentence of a round or an acquisition: investors and buyers."""
        if kind not in ("funding_round", "acquisition_or_stake") or who is None or span in self._paired:
            return []
        acting = (*_ACTING, o.TARGET, o.SOURCE, o.BACKER) if kind == "funding_round" else (*_ACTING, o.BACKER)
        return [
            name
            for name in self._in_sentence(span)
            if name.organization
            and name.organization != who.organization
            and name.type not in (o.COUNTRY, o.GOVERNMENT)
            and (name.type in (o.INVESTOR, o.PERSON) or name.role in acting)
            and name.role != o.ASIDE
        ]

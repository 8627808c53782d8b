"""One reading of a text: its amounts, each with the kind, the organization, the date and the status that the words near it give."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from ..money import MoneyMention, Span, find_money
from ..money.vocabulary import any_of
from . import dates as d
from . import figure as f
from . import kinds as k
from . import organizations as o
from .actors import Actors
from .dates import DateExpression, find_dates
from .figure import Figure
from .kinds import Modifiers, Trigger
from .layout import Layout
from .organizations import Directory, Name
from .restatements import find_restatements, restating_words, spans_with_restatements
from .vocabulary import DEFINITION, TOPIC

_ANY_DAY = date(2000, 12, 31)
"""Stands for the publication date while masking: which words are dates does not depend on it."""
_NEAR = 200
"""Code points over which money that is spent is still that of the fund named before."""
_RECENT = 12
"""How many figures back the whole of a part is looked for."""
_DATE_COST = {d.EVENT: 0, d.NOW: 0, d.REPORT: 60}
"""In code points: the day of a report dates a figure only where nothing else does; other roles never do."""
_LATER_COST = 20
"""In code points: a date that follows the figure is more often another's."""
_CLAIMED = 10
"""Code points between a date and the figure that it then belongs to."""
_OF_TODAY = (*k.STOCKS, "price")
"""Kinds of figures that hold when they are written, whatever the sentence before tells of."""
_MADE_OF = 12
"""Code points between an amount and the fund that it makes up."""
_BLANK = 40
"""Code points over which the sentence before is looked for."""
_LONGEST_SPAN = len("2015-01/2016-06")
"""Of an interval that money flows over, as EDTF: from month to month; one of days is when something happened."""
_LONGEST_DATE = 40
_ACTING = (o.TOPIC, o.SUBJECT)
_ANY_ROLE = (*_ACTING, o.GENITIVE, o.BARE, o.SOURCE)
_BY_THE_WAY = (o.BACKER, o.SOURCE, o.ASIDE)
ABOUT_AI, ABOUT_CHINA = re.compile(rf"(?<![A-Za-z])AI(?![A-Za-z])|{any_of(TOPIC['ai'])}"), re.compile(any_of(TOPIC["china"]))
_DEFINITION = re.compile(rf"(?P<word>{any_of(DEFINITION)}) ?[(（][^()（）]*$")


class Reading:
    """One masked article and all that was found in it."""

    def __init__(self, text: str, names: Directory) -> None:
        self.text = text
        self.mentions = find_money(text)
        self.layout = Layout(text)
        self.names = names.find(text, self._near()) if self.mentions else []
        self._name_starts = [name.start for name in self.names]
        self._set_dates(_ANY_DAY)
        self.restates = find_restatements(text, self.mentions)
        self.spans = spans_with_restatements(self.mentions, self.restates)
        roots = [span for span, parent in zip(self.spans, self.restates, strict=True) if parent is None]
        others = [(name.start, name.end) for name in self.names if name.type == o.MEDIA or name.role in _BY_THE_WAY or self._gives(name)]
        self.triggers = k.Triggers(text, self.layout, roots, others)
        self._roots = roots
        self.actors = Actors(text, self.names, self.layout, roots)
        self.relevant = all(topic.search(text) or name for topic, name in zip((ABOUT_AI, ABOUT_CHINA), self._topical(), strict=True))

    def topical_names(self) -> list[Name]:
        """The names that alone tell that the text is about AI, and about China."""
        return [name for name in self._topical() if name] if self.mentions else []

    def _topical(self) -> tuple[Name | None, Name | None]:
        companies = (name for name in self.names if name.type == o.AI_COMPANY)
        chinese = (name for name in self.names if name.organization and name.organization.country == "CN")
        return (
            None if ABOUT_AI.search(self.text) else next(companies, None),
            None if ABOUT_CHINA.search(self.text) else next(chinese, None),
        )

    def _gives(self, name: Name) -> bool:
        """Whether a fund is named as who invests, so that the word in its name says nothing of a figure."""
        if name.type != o.INVESTOR:
            return False
        if name.role in (o.SUBJECT, o.TARGET):
            i = bisect_left(self.spans, (name.start, 0))
            return not i or name.start - self.spans[i - 1][1] > _MADE_OF  # 3억 위안으로 조성된 …기금이
        if name.role != o.TOPIC:
            return False
        start, end = self.layout.sentence(name.start)
        here = o.names_between(self.names, self._name_starts, start, end)
        return any(other.role == o.TARGET and other.type in o.COMPANIES for other in here)

    def published_on(self, published: date | None) -> "Reading":
        """The same reading with the dates that relative ones (지난달, 올해) mean in an article of that day."""
        other = copy(self)
        other._set_dates(published)
        return other

    def _set_dates(self, published: date | None) -> None:
        self.published = published
        self.dates = find_dates(self.text, published) if self.mentions else []
        self._usable_dates = [x for x in self.dates if x.role in _DATE_COST]
        self._news_day = d.news_day(self.dates, published)
        self._latest = d.latest_past(self.dates)

    def _near(self) -> list[Span]:
        """The sentences that hold a mention, each with the one before it, none twice."""
        near: list[Span] = []
        for mention in self.mentions:
            start, end = self.layout.sentence(mention.start)
            start = max(self._sentence_before(start), near[-1][1] if near else 0)
            if start < end:
                near.append((start, end))
        return near

    def figures(self) -> list[Figure]:
        """The figures of the text, one a mention, in order."""
        figures: list[Figure] = []
        who: Name | None = None
        for i in range(len(self.mentions)):
            parent = self.restates[i]
            if parent is None:
                figure, who = self._figure(i, figures, who)
                figures.append(figure)
            else:
                figures.append(self._restatement(i, figures[parent], parent))
        self._complete_headlines(figures)
        return [figure if figure.restates is None else self._restatement(i, figures[figure.restates], figure.restates) for i, figure in enumerate(figures)]

    def _complete_headlines(self, figures: list[Figure]) -> None:
        """Add to the figures of headlines what the text below says of the same amount."""
        below: dict[tuple[str | None, Decimal | None], Figure] = {}
        for i in reversed(range(len(figures))):
            figure = figures[i]
            start, end = self.layout.sentence(figure.money.start)
            if figure.restates is not None or figure.money.amount is None:
                continue
            told = below.get((figure.money.currency, figure.money.amount))
            if told and self.text.startswith("\n", end - 1):
                figures[i] = figure = _completed(figure, told, start, end)
            below[(figure.money.currency, figure.money.amount)] = figure

    def _restatement(self, i: int, parent: Figure, index: int) -> Figure:
        words = restating_words(self.text, self.mentions[i - 1], self.mentions[i])
        return replace(parent, money=self.mentions[i], restates=index, part_of=None, evidence={"restates": (words,)})

    def _figure(self, i: int, earlier: Sequence[Figure], before: Name | None) -> tuple[Figure, Name | None]:
        """The figure of a mention and the name that it belongs to; `before` is the name of the figure before it."""
        mention, span = self.mentions[i], self.spans[i]
        clause = (self.layout.clause(span[0])[0], self.layout.clause(span[1])[1])
        modifiers = k.find_modifiers(self.text, *clause)
        evidence: dict[str, tuple[Span, ...]] = {}
        last = _last(earlier)
        trigger = self.triggers.nearest(span, mention)
        definition = _DEFINITION.search(self.text, self.layout.sentence(span[0])[0], span[0])
        if definition:
            kind = "other"
            evidence["kind"] = (definition.span("word"),)
        elif inherited := None if trigger else self._inherited(mention, earlier):
            kind = inherited
        elif trigger := trigger or self._heading(mention):
            kind, further = self._kind(trigger, modifiers, mention, span)
            if trigger.kind == "investment" and kind != "funding_round" and last and last.kind == "fund" and span[0] - last.money.end < _NEAR:
                kind = "fund"
            evidence["kind"] = (trigger.evidence, *further)
        else:
            kind = "other"
        if "part" in modifiers and kind == "investment_plan" and last and last.kind == "funding_round" and span[0] - last.money.end < _NEAR:
            kind = "funding_round"  # what one of the investors put into the round before
        continues = last and last.kind == kind and "\n" not in self.text[last.money.end : span[0]]
        who = None if definition else self.actors.organization(kind, span, trigger, before if continues else None)
        if who:
            evidence["organization"] = who.evidence
        when, basis, date_span = (None, "none", None) if definition else self._date(span, kind)
        if date_span:
            evidence["date"] = (date_span,)
        done = k.find_done(self.text, trigger) if trigger else None
        if done:
            evidence["status"] = (done,)
        elif "forecast" in modifiers or "planned" in modifiers:
            evidence["status"] = modifiers.get("forecast") or modifiers["planned"]
        period = self._period(span)
        if period:
            evidence["period"] = ((period.start, period.end),)
        funding_round = k.find_round(self.text, *clause, span[0]) if kind == "funding_round" else None
        if funding_round:
            evidence["round"] = (funding_round[1],)
        others = self.actors.counterparties(kind, span, who)
        if others:
            evidence["counterparties"] = tuple(span for name in others for span in name.evidence)
        whole = self._whole(mention, kind, who, modifiers, earlier)
        if whole is not None:
            evidence["part_of"] = modifiers["part"]
        figure = Figure(
            mention,
            kind,
            _status(kind, {} if done else modifiers),
            who.text if who else None,
            who.organization.organization_id if who and who.organization else None,
            when,
            basis,
            period.edtf if period else None,
            funding_round[0] if funding_round else None,
            tuple(dict.fromkeys(name.text for name in others)),
            part_of=whole,
            exclude_reason=self._exclusion(kind, who, definition is not None),
            evidence=evidence,
        )
        return figure, who

    def _inherited(self, mention: MoneyMention, earlier: Sequence[Figure]) -> str | None:
        """The kind of a figure whose sentence says none: of the one before it on its line, or the last one that is no level."""
        size = k.magnitude(mention)
        roots = [figure for figure in earlier[-_RECENT:] if figure.restates is None]
        if size is not None and size < k.LITTLE:
            return roots[-1].kind if roots and roots[-1].kind in k.SMALL_KINDS else "price"
        heading = self._heading(mention)
        if heading and (not roots or heading.start > roots[-1].money.start):
            return None
        roots = [figure for figure in roots if figure.kind != "price" or not k.is_much(mention)]
        if roots and "\n" not in self.text[roots[-1].money.end : mention.start]:
            return roots[-1].kind
        if roots and "kind" not in roots[-1].evidence:
            return roots[-1].kind  # a list goes on
        return next((figure.kind for figure in reversed(roots) if figure.kind not in (*k.STOCKS, *k.SMALL_KINDS)), None)

    def _heading(self, mention: MoneyMention) -> Trigger | None:
        """The last word for a kind in the sentence before a figure's; one for a level only if that has no figure itself."""
        start = self.layout.sentence(mention.start)[0]
        before = self._sentence_before(start)
        i = bisect_left(self.mentions, start, key=lambda other: other.start)
        alone = not i or self.mentions[i - 1].start < before
        without = (*(() if alone else k.STOCKS), *(("price",) if k.is_much(mention) else ()))
        return self.triggers.before(before, start, without)

    def _sentence_before(self, start: int) -> int:
        """Where the sentence begins that ends before a sentence, blank ones left out."""
        last = max(0, start - _BLANK)
        stretch = self.text[last:start].rstrip()
        return self.layout.sentence(last + len(stretch) - 1)[0] if stretch else last

    def _kind(self, trigger: Trigger, modifiers: Modifiers, mention: MoneyMention, span: Span) -> tuple[str, tuple[Span, ...]]:
        """What a trigger says of a figure, and the further words that it took to tell."""
        payer = self.actors.public_payer(span, carried=trigger.kind in ("investment", "price"))
        company, size = self.actors.company_acts(span), k.magnitude(mention)
        trader = self.actors.before(span, _ACTING, (o.TRADER,))
        if trader and trigger.kind != "price":
            return "capital_flow", trader.evidence
        if trigger.kind == "price" and payer and not company and size is not None and size >= k.LITTLE:
            return "government_support", payer.evidence
        if trigger.kind == "capital_flow" and (receiver := self.actors.receiver(span)) and receiver.type in o.COMPANIES:
            return "funding_round", receiver.evidence
        if trigger.kind not in ("funding", "investment", "acquisition_or_stake", "cumulative_funding"):
            return trigger.kind, ()
        named_round = trigger.kind == "funding" and trigger.tier == 0
        if not payer and not company:
            if "sector" in modifiers and not named_round:
                return "capital_flow", modifiers["sector"][:1]
            place = self.actors.before(span, _ACTING, (o.COUNTRY, o.SECTOR))
            if place is None and not self.actors.somebody(span):
                place = self.actors.before(span, _ANY_ROLE, (o.COUNTRY,))
            if place:
                return "capital_flow", place.evidence
        if trigger.kind == "acquisition_or_stake":
            return trigger.kind, ()
        if payer:
            return "government_support", payer.evidence
        if trigger.kind == "funding" and not named_round and ("listing" in modifiers or mention.currency == "HKD"):
            return "ipo", modifiers.get("listing", ())[:1]
        if trigger.kind in ("funding", "cumulative_funding"):
            cumulative = trigger.kind == "cumulative_funding" or ("cumulative" in modifiers and not named_round)
            return ("cumulative_funding", modifiers.get("cumulative", ())[:1]) if cumulative else ("funding_round", company.evidence if company else ())
        targets = o.COMPANIES if company else (o.AI_COMPANY, o.UNLISTED)
        if backed := self.actors.backed(span, planned="planned" in modifiers) or self.actors.before(span, (o.TARGET,), targets):
            return "funding_round", backed.evidence
        return "investment_plan", company.evidence if company else ()

    def clause_ends(self) -> list[Span]:
        """The verb endings that part the clauses of sentences with figures: without them a plan would colour a deed."""
        return [span for mention in self.mentions for span in self.layout.clause_ends(*self.layout.sentence(mention.start))]

    def dated(self, start: int, end: int) -> bool:
        """Whether a stretch is part of a date: half of one would be another date."""
        return any(x.end > start for x in self._dates(start - _LONGEST_DATE, end))

    def _dates(self, start: int, end: int) -> list[DateExpression]:
        """The dates that start between two offsets."""
        first, last = (bisect_left(self.dates, offset, key=attrgetter("start")) for offset in (start, end))
        return self.dates[first:last]

    def _date(self, span: Span, kind: str) -> tuple[str | None, str, Span | None]:
        """When: the nearest date of the figure's sentence, the last one before it on its line, or what the whole text allows."""
        sentence = self.layout.sentence(span[0])
        roles = _DATE_COST | ({d.FOUNDING: 0} if kind == "fund" else {})
        near = [x for x in self._dates(*sentence) if x.role in roles and not span[0] <= x.start < span[1]]

        def cost(x: DateExpression) -> int:
            first, last = (x.end, span[0]) if x.end <= span[0] else (span[1], x.start)
            clauses = self.layout.clauses_between(*sorted((first, last)))
            behind = self._roots[i][0] if (i := bisect_left(self._roots, (x.end, 0))) < len(self._roots) else None
            claimed = behind not in (None, span[0]) and behind - x.end <= _CLAIMED < last - first
            return roles[x.role] + abs(last - first) + k.CLAUSE_COST * clauses + (_LATER_COST if x.start > span[0] else 0) + (k.FIGURE_COST if claimed else 0)

        best = min(near, key=cost, default=None)
        if best and best.role != d.NOW:
            return best.edtf, best.basis, (best.start, best.reach)
        line = self.text.rfind("\n", 0, sentence[0]) + 1
        if kind not in _OF_TODAY and best is None:
            i = bisect_left(self._usable_dates, sentence[0], key=attrgetter("start"))
            best = self._usable_dates[i - 1] if i and self._usable_dates[i - 1].start >= line else None
        best = best if best and best.role != d.NOW else self._news_day
        if best and (best.role != d.EVENT or not self.published or best.edtf != self.published.isoformat()):
            return best.edtf, best.basis, (best.start, best.reach)
        if self.published:
            return self.published.isoformat(), "published", None
        return (self._latest, "inferred", None) if self._latest else (None, "none", None)

    def _period(self, span: Span) -> DateExpression | None:
        """The duration or interval over which the money flows, from the figure's clause."""
        here = [x for x in self._dates(*self.layout.clause(span[0])) if x.role == d.DURATION or ("/" in x.edtf and len(x.edtf) <= _LONGEST_SPAN)]
        return min(here, key=lambda x: ("/" not in x.edtf, abs(span[0] - x.end)), default=None)

    def _whole(self, mention: MoneyMention, kind: str, who: Name | None, modifiers: Modifiers, earlier: Sequence[Figure]) -> int | None:
        """The larger figure of the same organization that this one is said to be a part of."""
        if "part" not in modifiers or mention.amount is None:
            return None
        for i in range(len(earlier) - 1, max(-1, len(earlier) - 1 - _RECENT), -1):
            figure = earlier[i]
            same = figure.restates is None and figure.organization == (who.text if who else None) and figure.money.currency == mention.currency
            if same and figure.kind in f.INVESTMENT_KINDS and figure.money.amount and figure.money.amount > mention.amount:
                return i
        return None

    def _exclusion(self, kind: str, who: Name | None, definition: bool) -> str | None:
        """Why a figure is no deal of this dataset, if it is none."""
        if definition:
            return f.IS_DEFINITION
        if kind not in f.INVESTMENT_KINDS:
            return f.NOT_INVESTMENT
        if who and who.foreign:
            return f.NOT_CHINESE
        return None if self.relevant else f.NOT_AI


def _completed(figure: Figure, told: Figure, start: int, end: int) -> Figure:
    """A figure of the sentence between two offsets with what another telling of it adds."""
    evidence = dict(figure.evidence)
    if "kind" in told.evidence:
        evidence["kind"] = told.evidence["kind"]
        figure = replace(figure, kind=told.kind, status=told.status, exclude_reason=told.exclude_reason)
    named = any(start <= span[0] < end for span in evidence.get("organization", ()))
    if told.organization and not named:
        evidence["organization"] = told.evidence["organization"]
        figure = replace(figure, organization=told.organization, organization_id=told.organization_id)
    dated = any(start <= span[0] < end for span in evidence.get("date", ()))
    if "date" in told.evidence and not dated:
        evidence["date"] = told.evidence["date"]
        figure = replace(figure, date=told.date, date_basis=told.date_basis)
    return replace(figure, evidence=evidence)


def _last(figures: Sequence[Figure]) -> Figure | None:
    """The last figure that restates none."""
    return next((figure for figure in reversed(figures) if figure.restates is None), None)


def _status(kind: str, modifiers: Modifiers) -> str:
    if "forecast" in modifiers:
        return f.FORECAST
    if kind in ("valuation", "cumulative_funding", "market_size"):
        return f.AS_OF
    return f.PLANNED if "planned" in modifiers else f.COMPLETED

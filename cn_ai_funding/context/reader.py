"""Reads an article: `read_article(text)` gives its figures, `mask_article(text)` the same text with only what it reads.

An article is masked before it is read, and only what the mask keeps is read. So the masked text reads as the full one
does, by construction: `read_article(mask_article(text)) == read_article(text)` for every text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from ..masking import hide, mask
from ..money import MoneyMention, Span, find_money
from ..money.vocabulary import any_of
from . import dates as d
from . import figure as f
from . import kinds as k
from . import organizations as o
from .actors import Actors
from .dates import DateExpression, find_dates
from .figure import Figure
from .kinds import Trigger
from .layout import Layout
from .organizations import Directory, Name, Organization
from .vocabulary import COUNTED, DEFINITION, RESTATEMENT, TOPIC

_RECENT = 12
"""How many figures back the whole of a part is looked for."""
_DATE_COST = {d.EVENT: 0, d.REPORT: 60}
"""In code points: the day of a report dates a figure only where nothing else does; other roles never do."""
_LATER_COST = 20
"""In code points: a date that follows the figure is more often another's."""
_LONGEST_DATE = _LONGEST_GAP = 40
_ANY_DAY = date(2000, 12, 31)
"""Stands for the publication date while masking: which words are dates does not depend on it."""
_EVIDENCE_ORDER = ("restates", "kind", "organization", "date", "status", "counterparties", "period", "round", "part_of")

_GAP = rf"(?:{any_of(RESTATEMENT)}|[ ,.'’‘\"”“])*"
_RESTATES = re.compile(rf"{_GAP}[(（\[][^()（）\[\]\n]*|{_GAP}[·/=]{_GAP}|{_GAP}(?:우리 ?돈|한화|원화|미화)(?:로|으로)?{_GAP}")
_SEPARATOR = re.compile(rf"[ ,·/]*(?:{any_of(RESTATEMENT)}|[ ,·/])*")
_NUMBER = re.compile(rf"[0-9][0-9,.]*\S*(?: ?{any_of(COUNTED)}\S*)?")
_ABOUT_AI, _ABOUT_CHINA = re.compile(any_of(TOPIC["ai"])), re.compile(any_of(TOPIC["china"]))
_DEFINITION = re.compile(rf"(?P<word>{any_of(DEFINITION)}) ?[(（][^()（）]*$")


def read_article(text: str, published_on: date | None = None, organizations: Iterable[Organization] | None = None) -> list[Figure]:
    """Every amount of money in an article, with what it is about.

    `published_on` is what relative dates (지난달, 올해) count from; without it they are left out. `organizations` is the
    directory of names (default: the published table). One `Figure` a mention, in order of the text.

    >>> [f.kind for f in read_article("딥시크는 2억 위안(약 380억원)을 유치했다. 기업가치는 90억 위안이다.")]
    ['funding_round', 'funding_round', 'valuation']
    """
    return read_and_mask(text, published_on, organizations)[0]


def read_and_mask(text: str, published_on: date | None = None, organizations: Iterable[Organization] | None = None) -> tuple[list[Figure], str]:
    """The figures of an article as `read_article` gives them, and the masked text that they were read from."""
    names = _directory(organizations)
    masked = _masked(text, names)
    return _Reading(masked, published_on, names).figures(), masked


def mask_article(text: str, organizations: Iterable[Organization] | None = None) -> str:
    """The article with every word masked that `read_article` does not read. Same length, same line breaks."""
    return _masked(text, _directory(organizations))


def _directory(organizations: Iterable[Organization] | None) -> Directory:
    return _published() if organizations is None else o.directory(tuple(organizations))


@cache
def _published() -> Directory:
    from ..tables import load_organizations  # the one place where a reader needs the published tables

    return Directory(map(Organization.from_row, load_organizations(backend="pyarrow").to_pylist()))


def _masked(text: str, names: Directory) -> str:
    """Mask until nothing more is masked: a word may have been evidence only because of one that did not stay.

    What was no money stays none: a number is masked where the word that told so, as the weight before 780파운드, is gone.
    """
    money = {offset for mention in find_money(text) for offset in range(mention.start, mention.end)}
    while True:
        masked = mask(text, *_evidence(_Reading(text, _ANY_DAY, names)))
        for mention in find_money(masked):
            if money.isdisjoint(range(mention.start, mention.end)):
                masked = hide(masked, mention.start, mention.end)
        if masked == text:
            return text
        text = masked


def _evidence(reading: "_Reading") -> tuple[list[Span], list[Span]]:
    """The spans that must stay, and those that may, the most telling first.

    Every field is the best of its candidates, so a text that keeps the best of each reads as before. What is kept
    besides shows a person why other numbers, names and dates were not taken.
    """
    figures = reading.figures()
    text = reading.text
    always = [(m.start, m.end) for m in reading.mentions] + [span for m in reading.mentions for span in m.evidence]
    always += [match.span() for topic in (_ABOUT_AI, _ABOUT_CHINA) if (match := topic.search(text)) and reading.mentions]
    telling = [span for name in _EVIDENCE_ORDER for figure in figures for span in figure.evidence.get(name, ())]
    telling += reading.clause_ends()
    chosen = {start for figure in figures for start, _ in figure.evidence.get("organization", ())}
    telling += [(x.start, x.reach) for x in reading.names if x.start in chosen]
    telling += [(x.start, x.reach) for x in reading.dates]
    telling += [match.span() for match in _NUMBER.finditer(text) if not reading.dated(*match.span())]
    telling += [(x.start, x.reach) for x in reading.names]
    return always, telling


class _Reading:
    """One masked article and all that was found in it."""

    def __init__(self, text: str, published: date | None, names: Directory) -> None:
        self.text = text
        self.published = published
        self.mentions = find_money(text)
        self.layout = Layout(text)
        self.names = names.find(text) if self.mentions else []
        self.dates = find_dates(text, published) if self.mentions else []
        self.restates = self._restatements()
        self.spans = self._spans()
        roots = [span for span, parent in zip(self.spans, self.restates, strict=True) if parent is None]
        self.triggers = k.Triggers(text, self.layout, roots)
        self.actors = Actors(text, self.names, self.layout, roots)
        self._date_starts = [x.start for x in self.dates]
        self.latest = d.latest_past(self.dates)
        self.relevant = (bool(_ABOUT_AI.search(text)) or any(n.type == o.AI_COMPANY for n in self.names)) and (
            bool(_ABOUT_CHINA.search(text)) or any(n.organization and n.organization.country == "CN" for n in self.names)
        )

    def figures(self) -> list[Figure]:
        figures: list[Figure] = []
        for i in range(len(self.mentions)):
            parent = self.restates[i]
            figures.append(self._figure(i, figures) if parent is None else self._restatement(i, figures[parent], parent))
        return figures

    def _restatements(self) -> list[int | None]:
        """For each mention the one that it says again: another currency, in brackets or after 우리 돈."""
        restates: list[int | None] = []
        for i, mention in enumerate(self.mentions):
            before = self.mentions[i - 1] if i else None
            again = before and before.currency != mention.currency and self._restates(before.end, mention.start, within=restates[i - 1] is not None)
            restates.append((i - 1 if restates[i - 1] is None else restates[i - 1]) if again else None)
        return restates

    def _restates(self, start: int, end: int, *, within: bool) -> bool:
        """Whether what stands between two amounts makes the second one say the first again; `within` a bracket that does."""
        if end - start > _LONGEST_GAP:
            return False
        if within and _SEPARATOR.fullmatch(self.text, start, end):
            return True
        return bool(_RESTATES.fullmatch(self.text, start, end)) and not k.find_triggers(self.text[start:end])

    def _spans(self) -> list[Span]:
        """For each mention its span, together with the mentions that restate it."""
        ends = [mention.end for mention in self.mentions]
        for i in reversed(range(len(ends))):
            parent = self.restates[i]
            if parent is not None:
                ends[parent] = max(ends[parent], ends[i])
        return [(mention.start, end) for mention, end in zip(self.mentions, ends, strict=True)]

    def _restatement(self, i: int, parent: Figure, index: int) -> Figure:
        gap = (self.mentions[i - 1].end, self.mentions[i].start)
        return replace(parent, money=self.mentions[i], restates=index, part_of=None, evidence={"restates": (gap,)})

    def _figure(self, i: int, earlier: Sequence[Figure]) -> Figure:
        mention, span = self.mentions[i], self.spans[i]
        clause = (self.layout.clause(span[0])[0], self.layout.clause(span[1])[1])
        modifiers = k.find_modifiers(self.text, *clause)
        evidence: dict[str, tuple[Span, ...]] = {}
        trigger = self.triggers.nearest(span)
        definition = _DEFINITION.search(self.text, self.layout.sentence(span[0])[0], span[0])
        if definition:
            kind = "other"
            evidence["kind"] = (definition.span("word"),)
        elif trigger:
            payer = self.actors.before(span, (o.TOPIC, o.SUBJECT), (o.GOVERNMENT,))
            kind = self._kind(trigger, modifiers, span, payer is not None)
            evidence["kind"] = ((trigger.start, trigger.end),)
            if payer and kind == "government_support":
                evidence["kind"] += ((payer.start, payer.reach),)
            if kind == "capital_flow":
                evidence["kind"] += modifiers.get("sector", ())
        else:
            last = _last(earlier)
            kind = last.kind if last else "other"
        who = None if definition else self.actors.organization(kind, span, trigger)
        if who:
            evidence["organization"] = ((who.start, who.end),)
        when, basis, date_span = (None, "none", None) if definition else self._date(span, kind, earlier)
        if date_span:
            evidence["date"] = (date_span,)
        if "forecast" in modifiers or "planned" in modifiers:
            evidence["status"] = modifiers.get("forecast") or modifiers["planned"]
        period = self._period(span)
        if period:
            evidence["period"] = ((period.start, period.end),)
        funding_round = k.find_round(self.text, *clause) if kind == "funding_round" else None
        if funding_round:
            evidence["round"] = (funding_round[1],)
        others = self.actors.counterparties(kind, span, who)
        if others:
            evidence["counterparties"] = tuple((name.start, name.end) for name in others)
        whole = self._whole(mention, kind, who, modifiers, earlier)
        if whole is not None:
            evidence["part_of"] = modifiers["part"]
        return Figure(
            mention,
            kind,
            _status(kind, modifiers),
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

    def _kind(self, trigger: Trigger, modifiers: dict[str, tuple[Span, ...]], span: Span, public_payer: bool) -> str:
        if trigger.kind not in ("funding", "investment", "acquisition_or_stake"):
            return trigger.kind
        roles = (o.TOPIC, o.SUBJECT, o.OTHER, o.BARE) if "sector" in modifiers else (o.TOPIC, o.SUBJECT)
        if self.actors.before(span, roles, (o.COUNTRY,)) and not public_payer and not self.actors.company_acts(span):
            return "capital_flow"
        if trigger.kind == "acquisition_or_stake":
            return trigger.kind
        if public_payer:
            return "government_support"
        if trigger.kind == "funding":
            return "funding_round"
        if "planned" not in modifiers and self.actors.before(span, (o.TARGET,), (o.AI_COMPANY, o.UNLISTED)):
            return "funding_round"
        return "investment_plan"

    def clause_ends(self) -> list[Span]:
        """The verb endings that part the clauses of sentences with figures: without them a plan would colour a deed."""
        return [span for mention in self.mentions for span in self.layout.clause_ends(*self.layout.sentence(mention.start))]

    def dated(self, start: int, end: int) -> bool:
        """Whether a stretch is part of a date: half of one would be another date."""
        return any(x.end > start for x in self._dates(start - _LONGEST_DATE, end))

    def _dates(self, start: int, end: int) -> list[DateExpression]:
        """The dates that start between two offsets."""
        return self.dates[bisect_left(self._date_starts, start) : bisect_left(self._date_starts, end)]

    def _date(self, span: Span, kind: str, earlier: Sequence[Figure]) -> tuple[str | None, str, Span | None]:
        """When: the nearest date of the figure's sentence, that of the figure before it, or what the whole text allows."""
        sentence = self.layout.sentence(span[0])
        roles = _DATE_COST | ({d.FOUNDING: 0} if kind == "fund" else {})
        near = [x for x in self._dates(*sentence) if x.role in roles and not span[0] <= x.start < span[1]]

        def cost(x: DateExpression) -> int:
            first, last = (x.end, span[0]) if x.end <= span[0] else (span[1], x.start)
            clauses = self.layout.clauses_between(*sorted((first, last)))
            return roles[x.role] + abs(last - first) + k.CLAUSE_COST * clauses + (_LATER_COST if x.start > span[0] else 0)

        best = min(near, key=cost, default=None)
        if best:
            return best.edtf, best.basis, (best.start, best.reach)
        last = _last(earlier)
        if last and last.kind == kind and "date" in last.evidence and "\n" not in self.text[last.money.end : span[0]]:
            return last.date, last.date_basis, last.evidence["date"][0]
        if self.published:
            return self.published.isoformat(), "published", None
        return (self.latest, "inferred", None) if self.latest else (None, "none", None)

    def _period(self, span: Span) -> DateExpression | None:
        """The duration or interval over which the money flows, from the figure's clause."""
        here = [x for x in self._dates(*self.layout.clause(span[0])) if x.role == d.DURATION or "/" in x.edtf]
        return min(here, key=lambda x: ("/" not in x.edtf, abs(span[0] - x.end)), default=None)

    def _whole(self, mention: MoneyMention, kind: str, who: Name | None, modifiers: dict[str, tuple[Span, ...]], earlier: Sequence[Figure]) -> int | None:
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
        if who and who.organization and who.organization.country != "CN":
            return f.NOT_CHINESE
        return None if self.relevant else f.NOT_AI


def _last(figures: Sequence[Figure]) -> Figure | None:
    """The last figure that restates none."""
    return next((figure for figure in reversed(figures) if figure.restates is None), None)


def _status(kind: str, modifiers: dict[str, tuple[Span, ...]]) -> str:
    if "forecast" in modifiers:
        return f.FORECAST
    if kind in ("valuation", "cumulative_funding", "market_size"):
        return f.AS_OF
    return f.PLANNED if "planned" in modifiers else f.COMPLETED

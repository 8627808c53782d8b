"""One text with all that was found in it: sentences, amounts, names, dates and words of the lexicon.

Nothing is chosen here.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from ..money import MoneyMention, Span
from ..money.vocabulary import any_of
from .dates import DURATION, DateExpression, find_dates, likeliest
from .layout import layout_of
from .lexicon import NAME, WORDS, Hit, Lexicon
from .morphology import COINED, ODD, PERSON, PROPER
from .names import ANAPHOR, COMPANIES, FORM, Name
from .restatements import find_restatements, spans_with_restatements

LEXICON = Lexicon(WORDS)
LONGEST_HEADING = 45
"""Code points of a line without a full stop that is a heading to what follows."""
HEADING_REACH = 12
"""Lines below a heading that it still governs."""
LISTED = 8
"""Code points between two figures of a list: a particle, a comma, a space."""
_TWINS = 2
"""How many figures before and after one, with the same amount, tell more of it."""
_LONGEST_HEADLINE = 200
_MANY, _EVERY = 3, 25
"""A text is full of a class that has at least so many of its words, and one of so many of them."""
UNITS = {"KRW": 1000, "JPY": 100, "VND": 10_000, "IDR": 10_000, "TWD": 10, "INR": 10}
"""How many units of these currencies are worth about as much as one like the dollar or the yuan, by order of
magnitude."""
_TITLE = re.compile(rf" ?(?:{any_of(NAME['title'])})")
_ROW = re.compile(r"[|\t]|^ *[▲△▶▷•·\-*ㅇ○●◇◆□■✓✔➤❑☞]")


class Document:
    """A text, its mentions and the candidates for what they are about."""

    def __init__(
        self, text: str, mentions: Sequence[MoneyMention], names: Sequence[Name], published: date | None
    ) -> None:
        self.text = text
        self.published = published
        self.mentions = mentions
        self.layout = layout_of(text)
        self.names = _with_people(text, names)
        self.dates: Sequence[DateExpression] = find_dates(text, published) if mentions else []
        self.restates = find_restatements(text, mentions)
        self.spans = spans_with_restatements(mentions, self.restates)
        self.roots = [i for i, parent in enumerate(self.restates) if parent is None]
        self.root_spans = [self.spans[i] for i in self.roots]
        self.root_starts = [start for start, _ in self.root_spans]
        self.hits: list[Hit] = []
        if mentions:
            inside = [(mention.start, mention.end) for mention in mentions]
            starts = [start for start, _ in inside]
            for hit in LEXICON.find(text):
                i = bisect_right(starts, hit.start) - 1
                if i < 0 or hit.start >= inside[i][1]:
                    self.hits.append(hit)
        self._hit_starts = [hit.start for hit in self.hits]
        self._name_starts = [name.start for name in self.names]
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def hits_between(self, start: int, end: int) -> list[Hit]:
        """The words of the lexicon that start between two offsets."""
        return self.hits[bisect_left(self._hit_starts, start) : bisect_left(self._hit_starts, end)]

    def names_between(self, start: int, end: int) -> Sequence[Name]:
        """The names that start between two offsets."""
        return self.names[bisect_left(self._name_starts, start) : bisect_left(self._name_starts, end)]

    def roots_between(self, start: int, end: int) -> int:
        """How many figures that restate none start between two offsets."""
        return bisect_left(self.root_starts, end) - bisect_left(self.root_starts, start)

    def line(self, offset: int) -> Span:
        """The line that holds an offset."""
        i = bisect_right(self.lines, offset)
        return self.lines[i - 1], (self.lines[i] if i < len(self.lines) else len(self.text))

    def line_number(self, offset: int) -> int:
        """The line that holds an offset, counted from 0."""
        return bisect_right(self.lines, offset) - 1

    @cached_property
    def headline(self) -> Span:
        """The first line that is not blank."""
        start = len(self.text) - len(self.text.lstrip())
        return start, min(self.line(start)[1], start + _LONGEST_HEADLINE)

    def in_headline(self, j: int) -> bool:
        """Whether a figure, by its place among the roots, stands in the headline.

        It is then read last, as the body says more of it.
        """
        return j >= 0 and self.root_starts[j] < self.headline[1]

    @cached_property
    def _headings(self) -> list[Span]:
        """The lines that head what follows: short, without a full stop and without a figure of their own."""
        found = []
        for start in self.lines[1:]:
            line = self.text[start : self.line(start)[1]].strip()
            if (
                line
                and len(line) <= LONGEST_HEADING
                and not line.endswith((".", "다", "요"))
                and not self.roots_between(start, start + len(line) + 1)
            ):
                found.append((start, self.line(start)[1]))
        return found

    def heading(self, offset: int) -> Span:
        """The heading that the line of an offset stands under; empty where there is none."""
        i = bisect_left(self._headings, (self.line(offset)[0], 0)) - 1
        if i >= 0 and self.line_number(offset) - self.line_number(self._headings[i][0]) <= HEADING_REACH:
            return self._headings[i]
        return (0, 0)

    def is_row(self, offset: int) -> bool:
        """Whether the line of an offset is one of a list or a table."""
        start, end = self.line(offset)
        return bool(_ROW.search(self.text, start, min(end, start + 200)))

    def sentence_before(self, start: int) -> Span:
        """The sentence that ends before one that starts here, blank ones left out."""
        last = max(0, start - 40)
        stretch = self.text[last:start].rstrip()
        return (self.layout.sentence(last + len(stretch) - 1)[0], start) if stretch else (last, start)

    @cached_property
    def likeliest_dates(self) -> list[DateExpression]:
        """The first reading of each date."""
        return likeliest(self.dates)

    @cached_property
    def runs(self) -> list[Span]:
        """For each figure the first and the last of the list that it is one of: those side by side in its sentence."""
        runs: list[Span] = []
        spans, sentences = self.root_spans, [self.layout.sentence(start) for start in self.root_starts]
        for j in range(1, len(spans) + 1):
            ends = j == len(spans) or spans[j][0] - spans[j - 1][1] > LISTED or sentences[j] != sentences[j - 1]
            if ends:
                runs += [(len(runs), j - 1)] * (j - len(runs))
        return runs

    @cached_property
    def twins(self) -> dict[int, list[int]]:
        """For each figure the others, by their place among the roots, that name the same amount."""
        groups: defaultdict[tuple[str | None, Decimal | None], list[int]] = defaultdict(list)
        for j, i in enumerate(self.roots):
            if self.mentions[i].amount is not None:
                groups[self.mentions[i].currency, self.mentions[i].amount].append(j)
        near = {
            j: group[max(0, at - _TWINS) : at] + group[at + 1 : at + 1 + _TWINS]
            for group in groups.values()
            for at, j in enumerate(group)
        }
        return {j: others for j, others in near.items() if others}

    @cached_property
    def whos(self) -> dict[str, list[Name]]:
        """The names by whom they name, each in order of the text."""
        grouped: dict[str, list[Name]] = {}
        for name in self.names:
            if name.type != ANAPHOR:
                grouped.setdefault(name.key, []).append(name)
        return grouped

    @cached_property
    def usual_names(self) -> dict[str, list[Name]]:
        """Of the names by whom they name those to say.

        A listed company's as the text has it most (페이스++ is seldom meant), 중국 rather than 中.
        """
        return {key: _usual(names) for key, names in self.whos.items()}

    @cached_property
    def company_counts(self) -> Counter[str]:
        """How often each company is named."""
        return Counter(name.key for name in self.names if name.type in COMPANIES)

    @cached_property
    def company_total(self) -> int:
        """How often companies are named, at least once."""
        return sum(self.company_counts.values()) or 1

    @cached_property
    def main(self) -> str:
        """The company that is named most."""
        return self.company_counts.most_common(1)[0][0] if self.company_counts else ""

    @cached_property
    def first(self) -> str:
        """The company that is named first."""
        return next((name.key for name in self.names if name.type in COMPANIES), "")

    @cached_property
    def full_of(self) -> list[str]:
        """The classes of words that a text is full of."""
        counts = Counter(name for hit in self.hits for name in hit.classes)
        least = max(_MANY, len(self.hits) // _EVERY)
        return [name for name, count in counts.items() if count >= least]

    @cached_property
    def events(self) -> list[DateExpression]:
        """The dates that are no durations."""
        return [x for x in self.dates if x.role != DURATION]

    @cached_property
    def _event_starts(self) -> list[int]:
        return [x.start for x in self.events]

    def dates_between(self, start: int, end: int) -> list[DateExpression]:
        """The dates that start between two offsets."""
        return self.events[bisect_left(self._event_starts, start) : bisect_left(self._event_starts, end)]

    @cached_property
    def _named_at(self) -> list[int]:
        return sorted({x.start for x in self.events})

    def places_of_dates(self, start: int, end: int) -> int:
        """At how many places between two offsets a date stands."""
        return max(0, bisect_left(self._named_at, end) - bisect_left(self._named_at, start))

    @cached_property
    def first_day(self) -> int:
        """Where the first day stands that the text names; -1 where it names none."""
        return next((x.start for x in self.events if len(x.edtf) == len("2000-01-01")), -1)

    def sentences_between(self, start: int, end: int, most: int) -> int:
        """How many sentences or lines end between two offsets, at most so many."""
        stops, lines = self._stops, self.lines
        count = (
            max(0, bisect_left(stops, end - 1) - bisect_left(stops, start))
            + bisect_right(lines, end)
            - bisect_right(lines, start)
        )
        return min(most, count)

    @cached_property
    def _stops(self) -> list[int]:
        return [match.start() for match in re.finditer("[.] ", self.text)]


def _with_people(text: str, names: Sequence[Name]) -> Sequence[Name]:
    """The names, those of people with a title anywhere known as people's."""
    people = {name.text for name in names if name.type in (COINED, PROPER, ODD, FORM) and _TITLE.match(text, name.end)}
    return [name._replace(type=PERSON) if name.text in people else name for name in names]


def _usual(names: Sequence[Name]) -> list[Name]:
    if names[0].organization and names[0].type in COMPANIES:
        most = Counter(name.text for name in names).most_common(1)[0][0]
        return [name for name in names if name.text == most]
    return [name for name in names if len(name.text) > 1] or list(names)


def magnitude(mention: MoneyMention) -> int:
    """The power of ten of an amount in units like the yuan or the dollar; -1 where it is not known."""
    amount = mention.amount or mention.low or mention.high
    if not amount:
        return -1
    return max(0, min(14, (abs(amount) / UNITS.get(mention.currency or "", 1)).adjusted()))

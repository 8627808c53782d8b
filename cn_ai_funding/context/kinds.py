"""What: the kind of a figure, from the words near it.

Every trigger word speaks for a kind. The one that costs least is heard: cost is its distance from the figure in code
points (brackets between do not count), plus what lies between them (another figure, a clause's end), plus its tier, since a
word such as 기업가치 says more than one such as 투자. In go the text, its layout and where the figures are; out come triggers,
modifiers and rounds. What `funding` and `investment` come to, by the modifiers and by who acts, is for reading.py.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate

from ..money import MoneyMention, Span
from ..money.vocabulary import any_of, canonical
from .figure import KINDS
from .layout import PAST, Layout
from .vocabulary import MODIFIER, SET_UP, TRIGGERS, plain, words_pattern

TIER_COST, BEFORE_COST, FIGURE_COST, CLAUSE_COST, COMMA_COST = 12, 4, 25, 15, 10
"""In code points; chosen so that a strong word in the figure's clause outdoes a weak one beside the figure."""
LABEL_GAIN = 0.5
"""The share of its distance that counts for a word marked as topic or subject: it speaks for what follows."""
LITTLE, MUCH = Decimal(10**5), Decimal(10**8)
"""Below the one no amount is an investment, from the other on none is a price; in a currency like the yuan or the dollar."""
UNITS = {"KRW": 100, "JPY": 100, "VND": 10_000, "IDR": 10_000}
"""How many units of these currencies are worth about as much as one of those, by order of magnitude."""

STOCKS = ("valuation", "cumulative_funding")
"""Levels: what is said of one company's does not carry over to the next sentence."""
LABEL = 5
"""Code points between a word and the figure after it that it is the label of: a particle, 약, a space."""
ADJACENT = 3
"""Code points between a figure and the word that it belongs to: a particle and a space."""
SMALL_KINDS = ("price", "other")

_TRIGGER_KIND = {canonical(plain(word)): (entry["kind"], entry["tier"]) for entry in reversed(TRIGGERS) for word in entry["words"]}
if unknown := {kind for kind, _ in _TRIGGER_KIND.values()} - {*KINDS, "funding", "investment", "none"}:
    raise ValueError(f"vocabulary.toml: no kinds of figures: {', '.join(sorted(unknown))}")
_ALL_WORDS = [word for entry in TRIGGERS for word in entry["words"]]
_TRIGGER = re.compile(words_pattern(_ALL_WORDS))
_MODIFIER_OF = {canonical(word): name for name, words in MODIFIER.items() for word in words}
_MODIFIER = re.compile(any_of(word for words in MODIFIER.values() for word in words))
_ROUND_NAMES = {"시드": "seed", "엔젤": "angel", "프리ipo": "pre-IPO", "pre-ipo": "pre-IPO"}
_ROUND = re.compile(
    r"(?P<name>프리 ?IPO|Pre-IPO|시드|엔젤)"
    r"|(?P<pre>프리|Pre-)? ?(?:시리즈|Series) ?(?P<series>[A-H])(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<letter_round>[A-H])[0-9]?\+? ?(?:라운드|시리즈)"
    r"|(?:(?P<pre_>프리|Pre-)) ?(?P<after>[A-H])(?![A-Za-z])",
    re.IGNORECASE,
)
_DONE = re.compile(rf"[가-힣]{{0,2}}?(?![겠있])[{PAST}](?:다|고|으며|는데|지만|던|습니다|음|어요|죠)")
_MARKED = re.compile(r"[가-힣]{0,3}?(?:은|는|이|가|도|만)(?![가-힣])|\s?[:：]")
_GIVES = re.compile(r"(?: ?[0-9]기)?(?: ?등)?(?:에서|으?로부터|[과와이가])(?![가-힣])| ?등")
_SET_UP = re.compile(rf"[^.\n]{{0,40}}?{any_of(SET_UP)}")
"""A fund that gives money is no fund that is raised, unless it is also said to be set up."""
_BRACKET = re.compile(r"[(（][^()（）\n]*[)）]")


Modifiers = dict[str, tuple[Span, ...]]
"""Where the words of each modifier stand."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that speaks for a kind, where it stands; `marked` where it is the topic or subject of what follows."""

    start: int
    end: int
    kind: str
    tier: int
    marked: bool
    core: Span

    @property
    def evidence(self) -> Span:
        """The part of the word that says as much alone: 가치 of 기업가치."""
        return self.start + self.core[0], self.start + self.core[1]


def find_triggers(text: str) -> list[Trigger]:
    """Every trigger word of the text, in order."""
    found = (
        (match, kind, tier)
        for match in _TRIGGER.finditer(text)
        for kind, tier in (_TRIGGER_KIND[canonical(match.group())],)
        if kind != "fund" or not _GIVES.match(text, match.end()) or _SET_UP.match(text, match.end())
    )
    return [Trigger(*match.span(), kind, tier, bool(_MARKED.match(text, match.end())), _core(match.group())) for match, kind, tier in found if kind != "none"]


@cache
def _core(word: str) -> Span:
    """Where in a trigger word the shortest one stands that speaks for the same kind as loudly."""
    whole = _TRIGGER_KIND[canonical(word)]
    shorter = [other for other in _ALL_WORDS if other in word and _TRIGGER_KIND[canonical(other)] == whole]
    core = min(shorter, key=len, default=word)
    return word.rindex(core), word.rindex(core) + len(core)


def find_modifiers(text: str, start: int, end: int) -> Modifiers:
    """The words of each modifier (planned, forecast, sector, cumulative, listing, part) between two offsets."""
    found: Modifiers = {}
    for match in _MODIFIER.finditer(text, start, end):
        name = _MODIFIER_OF[canonical(match.group())]
        found[name] = (*found.get(name, ()), match.span())
    return found


def find_round(text: str, start: int, end: int, at: int) -> tuple[str, Span] | None:
    """The funding round named between two offsets nearest to a figure at `at`: `Series B`, `pre-Series A`, `pre-IPO`, `seed`, `angel`."""
    match = min(_ROUND.finditer(text, start, end), key=lambda match: abs(at - match.end()), default=None)
    if match is None:
        return None
    letter = next((match[name] for name in ("series", "letter_round", "after") if match[name]), None)
    if letter:
        return f"{'pre-' if match['pre'] or match['pre_'] else ''}Series {letter.upper()}", match.span()
    return _ROUND_NAMES[canonical(match["name"]).lower()], match.span()


def find_done(text: str, trigger: Trigger) -> Span | None:
    """The ending of the verb that a trigger word is part of, where it says that it has been done: 유치했다, 받았고."""
    match = _DONE.match(text, trigger.end)
    return match.span() if match else None


def magnitude(mention: MoneyMention) -> Decimal | None:
    """About how much an amount is in units like the yuan or the dollar."""
    amount = mention.amount or mention.low or mention.high
    return None if amount is None else amount / UNITS.get(mention.currency or "", 1)


def is_much(mention: MoneyMention) -> bool:
    """Whether an amount is too much for a price."""
    size = magnitude(mention)
    return size is not None and size >= MUCH


class Triggers:
    """The trigger words of a text, and which of them speaks for a figure."""

    def __init__(self, text: str, layout: Layout, figures: Sequence[Span], names: Sequence[Span]) -> None:
        """`figures` are the spans from each figure to the end of what restates it, `names` those of other organizations, in order."""
        self._text, self._layout = text, layout
        ends = [0, *(end for _, end in names)]
        starts = [start for start, _ in names]
        self._triggers = [trigger for trigger in find_triggers(text) if trigger.start >= ends[bisect_left(starts, trigger.end)]]
        self._starts = [trigger.start for trigger in self._triggers]
        self._figure_starts = [start for start, _ in figures]
        outside = bytearray(b"\1" * len(text))
        for match in _BRACKET.finditer(text):
            outside[match.start() : match.end()] = bytes(match.end() - match.start())
        self._position = [0, *accumulate(outside)]

    def nearest(self, span: Span, mention: MoneyMention) -> Trigger | None:
        """The trigger that costs least in the figure's sentence."""
        size = magnitude(mention)
        start, end = self._layout.sentence(span[0])
        near = self._triggers[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        if size is not None and size < LITTLE:
            near = [trigger for trigger in near if trigger.kind in SMALL_KINDS]
        elif is_much(mention):
            near = [trigger for trigger in near if trigger.kind != "price"]
        return min(near, key=lambda trigger: self._cost(trigger, span), default=None)

    def before(self, start: int, end: int, without: Sequence[str]) -> Trigger | None:
        """The last trigger between two offsets that speaks for none of some kinds."""
        near = self._triggers[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return next((trigger for trigger in reversed(near) if trigger.kind not in without), None)

    def _cost(self, trigger: Trigger, span: Span) -> float:
        if trigger.start >= span[1]:
            first, last = span[1], trigger.start
        elif trigger.end <= span[0]:
            first, last = trigger.end, span[0]
        else:
            return TIER_COST * trigger.tier  # between the figure and what restates it
        before = trigger.end <= span[0]
        figures = bisect_left(self._figure_starts, last) - bisect_left(self._figure_starts, first)
        distance = self._position[last] - self._position[first]
        if not before:
            following = bisect_left(self._figure_starts, trigger.end)
            claimed = following < len(self._figure_starts) and self._position[self._figure_starts[following]] - self._position[trigger.end] <= LABEL
            figures += claimed and "\n" not in self._text[trigger.end : self._figure_starts[following]]
        return (
            distance * (LABEL_GAIN if before and trigger.marked else 1)
            + TIER_COST * trigger.tier * (0.5 if not before and distance <= ADJACENT else 1)
            + (BEFORE_COST if before and not trigger.marked else 0)
            + FIGURE_COST * figures
            + CLAUSE_COST * self._layout.clauses_between(first, last)
            + COMMA_COST * self._text.count(",", first, last)
        )

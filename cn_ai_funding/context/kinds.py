"""What: the kind of a figure, from the words near it.

Every trigger word speaks for a kind. The one that costs least is heard: cost is its distance from the figure in code
points, plus what lies between them (another figure, a clause's end), plus its tier, since a word such as
기업가치 says more than one such as 투자. `funding` and `investment` are then made precise by the modifiers in the
figure's clause and by who acts.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ..money import Span
from ..money.vocabulary import any_of
from .layout import Layout
from .vocabulary import MODIFIER, TRIGGERS

TIER_COST, BEFORE_COST, FIGURE_COST, CLAUSE_COST, COMMA_COST = 12, 2, 25, 15, 10
"""In code points; chosen so that a strong word in the figure's clause outdoes a weak one beside the figure."""

STOCKS = ("valuation", "cumulative_funding")
"""Levels: what is said of one company's does not carry over to the next sentence."""

_WORD_START = "^"
_TRIGGER_KIND = {word.strip(_WORD_START).replace(" ", ""): (entry["kind"], entry["tier"]) for entry in TRIGGERS for word in entry["words"]}
_WORDS = sorted((word for entry in TRIGGERS for word in entry["words"]), key=lambda word: -len(word.strip(_WORD_START)))
_TRIGGER = re.compile("|".join(f"(?<![가-힣]){any_of([word[1:]])}" if word.startswith(_WORD_START) else any_of([word]) for word in _WORDS))
_MODIFIER_OF = {word.replace(" ", ""): name for name, words in MODIFIER.items() for word in words}
_MODIFIER = re.compile(any_of(word for words in MODIFIER.values() for word in words))
_ROUND = re.compile(r"시리즈 ?([A-H])|(프리 ?IPO|시드|엔젤)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that speaks for a kind, where it stands."""

    start: int
    end: int
    kind: str
    tier: int


def find_triggers(text: str) -> list[Trigger]:
    """Every trigger word of the text, in order."""
    found = ((match.span(), _TRIGGER_KIND[match.group().replace(" ", "")]) for match in _TRIGGER.finditer(text))
    return [Trigger(*span, kind, tier) for span, (kind, tier) in found if kind != "none"]


def find_modifiers(text: str, start: int, end: int) -> dict[str, tuple[Span, ...]]:
    """The words of each modifier (planned, forecast, sector, part) between two offsets."""
    found: dict[str, tuple[Span, ...]] = {}
    for match in _MODIFIER.finditer(text, start, end):
        name = _MODIFIER_OF[match.group().replace(" ", "")]
        found[name] = (*found.get(name, ()), match.span())
    return found


def find_round(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """The funding round named between two offsets: `Series B`, `pre-IPO`, `seed`, `angel`."""
    match = _ROUND.search(text, start, end)
    if match is None:
        return None
    names = {"시드": "seed", "엔젤": "angel"}
    return (f"Series {match[1].upper()}" if match[1] else names.get(match[2], "pre-IPO")), match.span()


class Triggers:
    """The trigger words of a text, and which of them speaks for a figure."""

    def __init__(self, text: str, layout: Layout, figures: Sequence[Span]) -> None:
        """`figures` are the spans from each figure to the end of what restates it, in order."""
        self._text, self._layout = text, layout
        self._triggers = find_triggers(text)
        self._starts = [trigger.start for trigger in self._triggers]
        self._figure_starts = [start for start, _ in figures]

    def nearest(self, span: Span) -> Trigger | None:
        """The trigger that costs least, in the figure's sentence or, if that has none, in the one before."""
        sentence = self._layout.sentence(span[0])
        before = self._layout.sentence(sentence[0] - 1)[0] if sentence[0] else 0
        for start, end in (sentence, (before, sentence[0])):
            near = self._triggers[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
            if end <= span[0]:
                near = [trigger for trigger in near if trigger.kind not in STOCKS]
            if near:
                return min(near, key=lambda trigger: self._cost(trigger, span))
        return None

    def _cost(self, trigger: Trigger, span: Span) -> int:
        if trigger.start >= span[1]:
            first, last = span[1], trigger.start
        elif trigger.end <= span[0]:
            first, last = trigger.end, span[0]
        else:
            return TIER_COST * trigger.tier  # between the figure and what restates it
        figures = bisect_left(self._figure_starts, last) - bisect_left(self._figure_starts, first)
        return (
            (last - first)
            + TIER_COST * trigger.tier
            + (BEFORE_COST if trigger.end <= span[0] else 0)
            + FIGURE_COST * figures
            + CLAUSE_COST * self._layout.clauses_between(first, last)
            + COMMA_COST * self._text.count(",", first, last)
        )

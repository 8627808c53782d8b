"""Chooses by what was learned: features and weights in, an answer with its probability and its evidence out.

Knows no Korean and no text.

The model of a field is a network of one hidden layer. Every feature has a few whole numbers, one a hidden unit; those
of a candidate's features are added up, what is below zero counts as zero, and each output adds the units up by its own
weights. All sums are of whole numbers, so every machine makes the same choice; of equal scores the first candidate's
wins.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from importlib.resources import files
from itertools import chain
from typing import NamedTuple, ParamSpec, cast

import numpy as np
from numpy.typing import NDArray

from ..money import Span

GRAIN, THOUSAND = 32, 1000
"""The numbers of features are whole parts of so many to one, those of outputs whole thousandths of a logit: a finer
grain makes the files larger."""
OUTPUT, ALWAYS = ">", "="
"""What the names of outputs begin with; what is added up with the features of every candidate."""
MOST_SPANS = 4
"""Stretches of words that are named as evidence."""
Weights = Mapping[str, Sequence[int]]
Whole = NDArray[np.int64]


class Choice(NamedTuple):
    """A candidate by its place, the probability that it is right, and the runner-up.

    `evidence` is the words that spoke most for the one against the other.
    """

    best: int
    probability: float
    second: int | None
    second_probability: float
    evidence: tuple[Span, ...] = ()


Features = Mapping[str, Span | None]


class Words(tuple[str, ...]):
    """Features that come together for many candidates.

    Compared by identity, so that looking one up reads no word of it: make each once.
    """

    __slots__ = ()
    __hash__ = object.__hash__
    __eq__ = object.__eq__
    __ne__ = object.__ne__


Arguments = ParamSpec("Arguments")


def made_once(make: Callable[Arguments, tuple[str, ...]]) -> Callable[Arguments, Words]:
    """Features by a few values, made once for the same values."""

    @cache
    @wraps(make)
    def made(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Words:
        return Words(make(*args, **kwargs))

    return cast("Callable[Arguments, Words]", made)


@dataclass(slots=True)
class Candidate:
    """The features of a candidate.

    Its own, and bundles that many share, those that no words show and those that one stretch shows.

    No feature is in two of them.
    """

    own: Features
    plain: Sequence[Words] = ()
    shown: Sequence[Words] = ()
    span: Span | None = None

    def __iter__(self) -> Iterator[str]:
        return chain(self.own, *self.plain, *self.shown)


class Model:
    """The weights of one field: by feature, and by output; a field whose candidates are ranked has one output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        outputs = {name: weights[name] for name in sorted(weights) if name.startswith(OUTPUT)}
        self.classes = [name.removeprefix(OUTPUT) for name in outputs]
        self._out: Whole = np.array([*outputs.values()], dtype=np.int64).T
        features = [ALWAYS, *(name for name in weights if name not in outputs and name != ALWAYS)]
        self._row = {name: i for i, name in enumerate(features)}
        self._table: Whole = np.array([weights[name] for name in features], dtype=np.int64)
        self._filled = len(features)
        self._bundles: dict[Words, int] = {}

    def classify(self, features: Features) -> tuple[Choice, str]:
        """The class that the features speak for."""
        known = [(self._row[name], span) for name, span in features.items() if name in self._row]
        units = np.add.reduce(self._table[[0, *[i for i, _ in known]]])
        choice = _choice((np.maximum(units, 0) @ self._out).tolist())
        against = 0 if choice.second is None else self._out[:, choice.second]
        gained = self._gained(units, [(i, span) for i, span in known if span], self._out[:, choice.best] - against)
        return _with_evidence(choice, gained), self.classes[choice.best]

    def rank(self, candidates: Sequence[Candidate]) -> Choice:
        """The candidate that its features speak for most."""
        row = self._row
        rows: list[int] = []
        starts = []
        for x in candidates:
            starts.append(len(rows))
            rows += [0, *[row[name] for name in x.own if name in row]]
            rows += [self._bundle(words) for words in x.plain]
            rows += [self._bundle(words) for words in x.shown]
        units = np.add.reduceat(self._table[rows], starts)
        choice = _choice((np.maximum(units, 0) @ self._out)[:, 0].tolist())
        best = candidates[choice.best]
        told = [(row[name], span) for name, span in best.own.items() if span and name in row]
        told += [(self._bundle(words), best.span) for words in best.shown if best.span]
        return _with_evidence(choice, self._gained(units[choice.best], told, self._out[:, 0]))

    def holds(self, features: Candidate) -> Choice:
        """Whether what has these features is what is asked for (best 1), or not (best 0)."""
        return self.rank([Candidate({}), features])

    def _bundle(self, words: Words) -> int:
        """The row of a bundle of features, each added up once."""
        found = self._bundles.get(words)
        if found is None:
            found, self._filled = self._filled, self._filled + 1
            if found == len(self._table):
                self._table = np.concatenate([self._table, np.zeros_like(self._table)])
            self._table[found] = np.add.reduce(self._table[[self._row[word] for word in words if word in self._row]])
            self._bundles[words] = found
        return found

    def _gained(self, units: Whole, told: Sequence[tuple[int, Span]], out: Whole) -> Iterable[tuple[Span, int]]:
        """What each row of the table adds to a score through the units that are above zero."""
        gains = self._table[[i for i, _ in told]] @ np.where(units > 0, out, 0)
        return zip([span for _, span in told], gains.tolist(), strict=True)


def _choice(scores: Sequence[int]) -> Choice:
    most = max(scores)
    best = scores.index(most)
    others = [*scores[:best], *scores[best + 1 :]]
    shares = [math.exp((score - most) / (GRAIN * THOUSAND)) for score in scores]
    total = sum(shares)
    if not others:
        return Choice(best, shares[best] / total, None, 0.0)
    second = others.index(max(others))
    second += second >= best
    return Choice(best, shares[best] / total, second, shares[second] / total)


def _with_evidence(choice: Choice, gained: Iterable[tuple[Span, int]]) -> Choice:
    """A choice with the stretches of words, none overlapping, that gained it most."""
    gains: dict[Span, int] = {}
    for span, gain in gained:
        gains[span] = gains.get(span, 0) + gain
    chosen: list[Span] = []
    for _, (start, end) in sorted([(-gain, span) for span, gain in gains.items() if gain > 0]):
        if not any(start < b and a < end for a, b in chosen):
            chosen.append((start, end))
            if len(chosen) == MOST_SPANS:
                break
    return choice._replace(evidence=tuple(chosen))


def parse(lines: Iterable[str]) -> dict[str, list[int]]:
    """Weights from their lines: a feature, a tab, and its numbers with spaces between them; # begins a comment."""
    rows = (line.split("\t") for line in lines if line and not line.startswith("# "))
    return {feature: [*map(int, numbers.split(" "))] for feature, numbers in rows}


@cache
def weights_of(field: str) -> Weights:
    """The weights of a field as they are published."""
    return parse(files(__package__).joinpath("weights", f"{field}.tsv").read_text(encoding="utf-8").split("\n"))


@cache
def published(field: str) -> Model:
    """The model of a field as it is published."""
    return Model(weights_of(field))

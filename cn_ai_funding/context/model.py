"""Chooses by what was learned: features and weights in, an answer with its probability and its evidence out.

Knows no Korean and no text.

A score is a sum of whole numbers (thousandths of a logit), so every machine makes the same choice; of equal scores the
first candidate's wins.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from typing import NamedTuple, ParamSpec, cast

import numpy as np

from ..money import Span

THOUSAND = 1000
"""Weights are whole thousandths of a logit."""
MOST_SPANS = 4
"""Stretches of words that are named as evidence."""


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


class _Sums(dict[Words, int]):
    """The weights of bundles of features, each summed up once."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._weights = weights

    def __missing__(self, words: Words) -> int:
        self[words] = total = sum(self._weights.get(word, 0) for word in words)
        return total


class Model:
    """The weights of one field.

    Of each feature for each class, or for a candidate that has it (the class is then empty).
    """

    def __init__(self, weights: dict[str, dict[str, int]]) -> None:
        self.weights = weights
        self.classes = sorted({name for row in weights.values() for name in row})
        self._row = {feature: i for i, feature in enumerate(weights)}
        self._table = np.array(
            [[row.get(name, 0) for name in self.classes] for row in weights.values()], dtype=np.int64
        ).reshape(len(weights), -1)
        self._single = {feature: row[""] for feature, row in weights.items() if "" in row}
        self._sums = _Sums(self._single)

    def classify(self, features: Features) -> tuple[Choice, str]:
        """The class that the features speak for."""
        row = self._row
        known = [(row[feature], span) for feature, span in features.items() if feature in row]
        choice = _choice(
            np.add.reduce(self._table[[i for i, _ in known]]).tolist() if known else [0] * len(self.classes)
        )
        told = [(i, span) for i, span in known if span]
        table = self._table[[i for i, _ in told]]
        gain = table[:, choice.best] - (table[:, choice.second] if choice.second is not None else 0)
        return _with_evidence(choice, zip([span for _, span in told], gain.tolist(), strict=True)), self.classes[
            choice.best
        ]

    def rank(self, candidates: Sequence[Candidate]) -> Choice:
        """The candidate that its features speak for most."""
        single, sums = self._single, self._sums
        scores = []
        for x in candidates:
            own = [single[feature] for feature in x.own if feature in single]
            scores.append(sum([*own, *[sums[words] for words in x.plain], *[sums[words] for words in x.shown]]))
        choice = _choice(scores)
        best = candidates[choice.best]
        gained = [(span, single[feature]) for feature, span in best.own.items() if feature in single]
        return _with_evidence(choice, [*gained, *[(best.span, sums[words]) for words in best.shown]])

    def holds(self, features: Candidate) -> Choice:
        """Whether what has these features is what is asked for (best 1), or not (best 0)."""
        return self.rank([Candidate({}), features])


def _choice(scores: Sequence[int]) -> Choice:
    most = max(scores)
    best = scores.index(most)
    others = [*scores[:best], *scores[best + 1 :]]
    shares = [math.exp((score - most) / THOUSAND) for score in scores]
    total = sum(shares)
    if not others:
        return Choice(best, shares[best] / total, None, 0.0)
    second = others.index(max(others))
    second += second >= best
    return Choice(best, shares[best] / total, second, shares[second] / total)


def _with_evidence(choice: Choice, gained: Iterable[tuple[Span | None, int]]) -> Choice:
    """A choice with the stretches of words, none overlapping, that gained it most."""
    gains: dict[Span, int] = {}
    for span, gain in gained:
        if span:
            gains[span] = gains.get(span, 0) + gain
    chosen: list[Span] = []
    for _, (start, end) in sorted([(-gain, span) for span, gain in gains.items() if gain > 0]):
        if not any(start < b and a < end for a, b in chosen):
            chosen.append((start, end))
            if len(chosen) == MOST_SPANS:
                break
    return choice._replace(evidence=tuple(chosen))


def parse(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """Weights from their lines: feature, class and thousandths of a logit, tab-separated; # begins a comment."""
    weights: dict[str, dict[str, int]] = {}
    for line in lines:
        if line and not line.startswith("# "):
            feature, name, weight = line.split("\t")
            weights.setdefault(feature, {})[name] = int(weight)
    return weights


@cache
def published(field: str, folder: Traversable | None = None) -> Model:
    """The model of a field as it is published."""
    folder = folder or files(__package__).joinpath("weights")
    return Model(parse(folder.joinpath(f"{field}.tsv").read_text(encoding="utf-8").split("\n")))

"""Learns to choose among candidates: a network of one hidden layer, as context/model.py reads it.

The probability of a candidate is its share of exp(score); of the right answers, if there are several, their sum counts.
A class is an output of its own; candidates that are ranked share one. Learned by Adam (Kingma and Ba 2015,
arXiv:1412.6980) with dropout of features (Srivastava et al. 2014); the numbers are means over the second half of the
steps (Polyak and Juditsky 1992).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from cn_ai_funding.context.model import ALWAYS, GRAIN, OUTPUT, THOUSAND

Weights = dict[str, list[int]]
BATCH, RATE, LAST_RATE = 256, 0.01, 0.0001
"""Questions that a step is made from; what its size loses on the way, and what is left at the end."""
FADE = (0.9, 0.999)
"""How much of the mean slope, and of its mean square, a step keeps; as in Adam's paper."""
SPREAD = 0.05
"""Of the numbers that learning begins with."""
PENALTY = 1e-5
"""Of the squares of the numbers of features."""


@dataclass(frozen=True)
class Net:
    """How a field is learned; each number by cross-validation."""

    units: int
    """In the hidden layer."""
    least: int
    """Questions that have to hold a feature, so that it is learned."""
    dropout: float
    """The share of features that each step leaves out."""
    rounds: int
    """Through all questions."""


@dataclass(frozen=True)
class Group:
    """The candidates of one question, each as its features, and which of them are right."""

    candidates: Sequence[frozenset[str]]
    right: Sequence[bool]


@dataclass(frozen=True)
class Question:
    """The features of one question that has classes for candidates, and which of the classes are right."""

    features: frozenset[str]
    right: frozenset[str]


def learn_ranking(groups: Sequence[Group], net: Net) -> Weights:
    """Weights that rank the candidates of groups."""
    groups = [group for group in groups if any(group.right) and not all(group.right)]
    place = _vocabulary((frozenset().union(*group.candidates) for group in groups), net.least)
    rows = [candidate for group in groups for candidate in group.candidates]
    right = np.array([[right] for group in groups for right in group.right])
    return _learn(place, rows, right, [len(group.candidates) for group in groups], [""], net)


def learn_classes(questions: Sequence[Question], classes: Sequence[str], net: Net) -> Weights:
    """Weights that tell classes."""
    questions = [question for question in questions if not question.right.isdisjoint(classes)]
    place = _vocabulary((question.features for question in questions), net.least)
    right = np.array([[name in question.right for name in classes] for question in questions])
    return _learn(place, [question.features for question in questions], right, [1] * len(questions), classes, net)


def _learn(
    place: dict[str, int],
    rows: Sequence[frozenset[str]],
    right: np.ndarray,
    sizes: Sequence[int],
    outputs: Sequence[str],
    net: Net,
) -> Weights:
    """The weights by which rows, so many to each question, get the scores that make what is right likeliest."""
    draw = np.random.default_rng(0)
    table, size = _table(rows, place), np.array(sizes)
    start = np.cumsum(size) - size
    of_feature = draw.normal(0, SPREAD, (len(place), net.units))
    of_output = draw.normal(0, 2 * SPREAD, (net.units, len(outputs)))
    always = np.zeros(net.units)
    numbers = [of_feature, of_output, always]
    step, means = _Adam(numbers), [np.zeros_like(x) for x in numbers]
    batches = -(-len(size) // BATCH)
    for done in range(net.rounds * batches):
        if done % batches == 0:
            order = draw.permutation(len(size))
        asked = np.sort(order[done % batches :: batches])
        chosen = np.concatenate([np.arange(start[i], start[i] + size[i]) for i in asked])
        some = table[chosen]
        some.data = (draw.random(len(some.data)) > net.dropout) / (1 - net.dropout)
        units = np.maximum(some @ of_feature + always, 0)
        slope = _slope(units @ of_output, right[chosen], size[asked] * len(outputs)) / len(asked)
        back = slope @ of_output.T * (units > 0)
        slopes = some.T.tocsr() @ back + PENALTY * of_feature, units.T @ slope, back.sum(axis=0)
        step.down(slopes, RATE * (1 - done / (net.rounds * batches)) + LAST_RATE)
        if (count := done - net.rounds * batches // 2) >= 0:
            means = [mean + (x - mean) / (count + 1) for mean, x in zip(means, numbers, strict=True)]
    of_feature, of_output, always = means
    named = {name: of_feature[i] for name, i in place.items()} | {ALWAYS: always}
    whole = {name: np.rint(row * GRAIN) for name, row in named.items()}
    whole |= {OUTPUT + name: np.rint(row * THOUSAND) for name, row in zip(outputs, of_output.T, strict=True)}
    return {name: row.astype(int).tolist() for name, row in whole.items() if row.any() or name not in place}


def _slope(scores: np.ndarray, right: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How the surprise at what is right changes with each score, over questions with so many scores each."""
    flat, starts = scores.ravel(), np.cumsum(sizes) - sizes

    def shares(values: np.ndarray) -> np.ndarray:
        return values / np.repeat(np.add.reduceat(values, starts), sizes)

    chances = np.exp(flat - np.repeat(np.maximum.reduceat(flat, starts), sizes))
    return (shares(chances) - shares(np.where(right.ravel(), chances + 1e-300, 0))).reshape(scores.shape)


class _Adam:
    """Steps down a slope, each number at a pace of its own."""

    def __init__(self, numbers: Sequence[np.ndarray]) -> None:
        self._numbers = numbers
        self._means = [(np.zeros_like(x), np.zeros_like(x)) for x in numbers]
        self._steps = 0

    def down(self, slopes: Sequence[np.ndarray], rate: float) -> None:
        self._steps += 1
        scale = [1 - fade**self._steps for fade in FADE]
        for i, slope in enumerate(slopes):
            for mean, fade, value in zip(self._means[i], FADE, (slope, slope * slope), strict=True):
                mean[...] = fade * mean + (1 - fade) * value
            mean, square = self._means[i]
            self._numbers[i][...] -= rate * (mean / scale[0]) / (np.sqrt(square / scale[1]) + 1e-8)


def learn_sum(names: Sequence[str], rows: Sequence[Sequence[float]], right: Sequence[bool]) -> Weights:
    """Weights of a few numbers, and a bias, whose sum is the logit of being right."""
    table = np.column_stack([np.ones(len(rows)), np.array(rows)])
    sign = np.where(right, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (table @ weights)
        return float(np.logaddexp(0, -margin).sum()), -table.T @ (sign / (1 + np.exp(margin)))

    weights = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    return {name: [round(weight * THOUSAND)] for name, weight in zip(("bias", *names), weights, strict=True)}


def _vocabulary(sets: Iterable[frozenset[str]], least: int) -> dict[str, int]:
    """The features that enough groups hold, in order, each with its column."""
    count = Counter(feature for features in sets for feature in features)
    return {feature: i for i, feature in enumerate(sorted(feature for feature, n in count.items() if n >= least))}


def _table(rows: Sequence[frozenset[str]], place: dict[str, int]) -> csr_matrix:
    columns: list[int] = []
    ends = [0]
    for row in rows:
        columns += sorted(place[feature] for feature in row if feature in place)
        ends.append(len(columns))
    return csr_matrix(
        (np.ones(len(columns)), np.array(columns, np.int32), np.array(ends, np.int32)), shape=(len(rows), len(place))
    )

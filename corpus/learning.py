"""Learns to choose among candidates: a conditional logit with a quadratic penalty, by SciPy's L-BFGS.

The probability of a candidate is its share of exp(sum of its features' weights); of the right answers, if there are
several, their sum counts. A class is a candidate that has each feature once for itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

LEAST = 4
"""Groups that have to hold a feature, so that it is learned."""
SMALLEST = 90
"""Thousandths of a logit below which a weight is left out: too little to change a choice that is no toss-up."""


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


def learn_ranking(groups: Sequence[Group], penalty: float) -> dict[str, dict[str, int]]:
    """Weights that rank the candidates of groups, as model.py reads them."""
    groups = [group for group in groups if any(group.right) and not all(group.right)]
    place = _vocabulary(frozenset().union(*group.candidates) for group in groups)
    rows = [candidate for group in groups for candidate in group.candidates]
    right = np.array([right for group in groups for right in group.right])
    ends = np.cumsum([len(group.candidates) for group in groups])
    starts = np.concatenate(([0], ends[:-1]))
    group_of = np.repeat(np.arange(len(groups)), np.diff(np.concatenate(([0], ends))))
    table = _table(rows, place)
    turned = table.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        shares = np.exp(scores - np.maximum.reduceat(scores, starts)[group_of])
        total = np.add.reduceat(shares, starts)
        of_right = np.add.reduceat(np.where(right, shares, 0), starts) + 1e-300
        slope = shares / total[group_of] - np.where(right, shares, 0) / of_right[group_of]
        return float(
            np.log(total).sum() - np.log(of_right).sum() + penalty / 2 * weights @ weights
        ), turned @ slope + penalty * weights

    weights = _minimum(loss, len(place))
    return {
        feature: {"": thousandths}
        for feature, i in place.items()
        if abs(thousandths := round(weights[i] * 1000)) >= SMALLEST
    }


def learn_classes(questions: Sequence[Question], classes: Sequence[str], penalty: float) -> dict[str, dict[str, int]]:
    """Weights that tell classes, as model.py reads them."""
    place = _vocabulary(question.features for question in questions)
    table = _table([question.features for question in questions], place)
    turned = table.T.tocsr()
    right = np.array([[name in question.right for name in classes] for question in questions])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, len(classes))
        scores = table @ weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        total = shares.sum(axis=1, keepdims=True)
        of_right = np.where(right, shares, 0)
        among = of_right.sum(axis=1, keepdims=True) + 1e-300
        slope = turned @ (shares / total - of_right / among)
        return float(
            np.log(total).sum() - np.log(among).sum() + penalty / 2 * flat @ flat
        ), slope.ravel() + penalty * flat

    weights = _minimum(loss, len(place) * len(classes)).reshape(-1, len(classes))
    learned = {}
    for feature, i in place.items():
        row = {
            name: thousandths
            for name, weight in zip(classes, weights[i], strict=True)
            if abs(thousandths := round(weight * 1000)) >= SMALLEST
        }
        if row:
            learned[feature] = row
    return learned


def learn_sum(
    names: Sequence[str], rows: Sequence[Sequence[float]], right: Sequence[bool]
) -> dict[str, dict[str, int]]:
    """Weights of a few numbers, and a bias, whose sum is the logit of being right."""
    table = np.column_stack([np.ones(len(rows)), np.array(rows)])
    sign = np.where(right, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (table @ weights)
        return float(np.logaddexp(0, -margin).sum()), -table.T @ (sign / (1 + np.exp(margin)))

    return {
        name: {"": round(weight * 1000)}
        for name, weight in zip(("bias", *names), _minimum(loss, len(names) + 1), strict=True)
    }


def _vocabulary(sets: Iterable[frozenset[str]]) -> dict[str, int]:
    """The features that enough groups hold, in order, each with its column."""
    count = Counter(feature for features in sets for feature in features)
    return {feature: i for i, feature in enumerate(sorted(feature for feature, n in count.items() if n >= LEAST))}


def _table(rows: Sequence[frozenset[str]], place: dict[str, int]) -> csr_matrix:
    columns: list[int] = []
    ends = [0]
    for row in rows:
        columns += sorted(place[feature] for feature in row if feature in place)
        ends.append(len(columns))
    return csr_matrix(
        (np.ones(len(columns)), np.array(columns, np.int32), np.array(ends, np.int32)), shape=(len(rows), len(place))
    )


def _minimum(loss, size: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    return minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-6}).x

"""What was learned belongs to the corpus, and a choice is an exact sum that says why."""

import json
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from cn_ai_funding.context.model import Candidate, Model, parse, published
from cn_ai_funding.context.read import FIELDS

sys.path.insert(0, str(ROOT / "corpus"))

from compose import content_hash

WEIGHTS = ROOT / "cn_ai_funding" / "context" / "weights"
FLOORS = {"kind": 0.78, "organization": 0.62, "date": 0.72, "status": 0.72, "all": 0.40}
"""On articles and events that were not learned from, by cross-validation: below one of these a change has broken
something."""


@pytest.mark.parametrize("file", sorted(WEIGHTS.glob("*.tsv")), ids=lambda file: file.stem)
def test_weights_and_corpus_belong_together(file):
    """Who changes an annotation runs make train: else what is read is not what the corpus teaches."""
    head = file.read_text(encoding="utf-8").split("\n", 1)[0]
    assert head == f"# learned from the corpus {content_hash(ROOT / 'corpus')}"


def test_weights_are_sorted_whole_numbers_of_two_megabytes_at_most():
    for file in WEIGHTS.glob("*.tsv"):
        lines = file.read_text(encoding="utf-8").split("\n")[1:-1]
        assert lines == sorted(lines)
        assert all(isinstance(weight, int) for row in parse(lines).values() for weight in row.values())
    assert sum(file.stat().st_size for file in WEIGHTS.glob("*.tsv")) <= 2_000_000


def test_every_field_has_its_weights():
    assert {file.stem for file in WEIGHTS.glob("*.tsv")} == {*FIELDS, "confidence"}
    assert all(published(field).weights for field in FIELDS)


def test_a_choice_is_the_largest_sum_and_the_first_of_equal_ones():
    model = Model({"a": {"": 100}, "b": {"": 40}, "c": {"": 60}})
    assert model.rank([Candidate({"b": None}), Candidate({"a": None}), Candidate({"b": None, "c": None})]).best == 1
    assert model.rank([Candidate({"b": None, "c": None}), Candidate({"a": None})]).best == 0


def test_evidence_is_the_words_that_spoke_for_the_choice_the_loudest_first():
    model = Model({"a": {"": 100}, "b": {"": 300}, "c": {"": -50}})
    assert model.rank([Candidate({}), Candidate({"a": (0, 2), "b": (5, 7), "c": (9, 11)})]).evidence == ((5, 7), (0, 2))


def test_a_class_is_told_with_its_probability_and_the_runner_up():
    choice, name = Model({"x": {"price": 1000, "fund": 0}, "y": {"ipo": 500}}).classify({"x": (1, 3), "y": None})
    assert (name, round(choice.probability, 2), choice.evidence) == ("price", 0.51, ((1, 3),))


def test_the_measured_accuracy_is_of_this_corpus_and_above_its_floors():
    measured = json.loads(Path(ROOT / "corpus" / "accuracy.json").read_text(encoding="utf-8"))
    assert measured["corpus"] == content_hash(ROOT / "corpus")
    assert {field: measured[field] for field, floor in FLOORS.items() if measured[field] < floor} == {}

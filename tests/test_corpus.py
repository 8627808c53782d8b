"""The annotated articles in corpus/ agree with their texts and the rule book, and what checks them finds faults."""

import json
import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "corpus"))

import compose

CORPUS = ROOT / "corpus"
TEXTS, GOLDS, SOURCES = compose.load_texts(CORPUS), compose.load_gold(CORPUS), compose.load_sources(CORPUS)
TEXT = (
    "바오테크, 3억 달러 유치\n\n"
    "중국 바오테크는 13억 달러(약 1조4000억원)의 가치로 투자자 린캐피털에서 3억 달러를 받았다.\n"
)
FIGURES = [
    {
        "text": "3억 달러",
        "nth": 2,
        "amount": "300000000",
        "currency": "USD",
        "qualifier": "exact",
        "kind": "funding_round",
        "org": "바오테크",
        "date": "2024-03",
    }
    | {"status": "completed", "counterparties": ["린캐피털"]},
    {
        "text": "13억 달러",
        "amount": "1300000000",
        "currency": "USD",
        "qualifier": "exact",
        "kind": "valuation",
        "org": "바오테크",
        "date": "",
        "status": "as_of",
    },
    {"text": "1조4000억원", "amount": "1400000000000", "currency": "KRW", "qualifier": "about", "parent": 1},
]


def composed(**changes):
    """The gold of the example, with changes to the figure whose place `at` is."""
    gold, problems = compose.compose("2701.json", TEXT, FIGURES)
    assert problems == []
    gold[changes.pop("at", 2)] |= changes
    return gold


@pytest.fixture
def authored(tmp_path):
    """A folder with one article and what its author knows of it."""
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "2701.txt").write_text(TEXT, encoding="utf-8")
    known = {
        "url": "https://example.org/1",
        "publisher": "한국신문",
        "published": "2024-03-04",
        "title": "바오테크, 3억 달러 유치",
        "figures": FIGURES,
    }
    (folder / "2701.json").write_text(json.dumps(known), encoding="utf-8")
    return folder


def test_every_annotation_agrees_with_its_text_and_the_rule_book():
    problems = [problem for name, gold in GOLDS.items() for problem in compose.check_article(name, TEXTS[name], gold)]
    assert [str(problem) for problem in problems] == []


def test_no_article_stands_twice_and_each_has_its_annotations_and_its_source():
    assert [str(problem) for problem in compose.check_sources(TEXTS, GOLDS, SOURCES)] == []


def test_an_article_that_stands_twice_is_told():
    (problem,) = compose.check_sources(
        {"2701": TEXT, "2702": TEXT},
        ["2701", "2702"],
        {name: {**SOURCES["0001"], "id": name} for name in ("2701", "2702")},
    )
    assert (problem.file, problem.found) == ("articles/2702.txt", "the text of articles/2701.txt")


def test_an_article_without_annotations_or_source_is_told():
    (problem,) = compose.check_sources({"2701": TEXT}, [], {})
    assert problem.found == "no gold/2701.jsonl and no row of sources.csv"


@pytest.mark.parametrize(
    ("words", "nth", "start"),
    [
        ("3억 달러", 1, TEXT.index("3억")),
        ("3억 달러", 2, TEXT.rindex("3억")),
        ("3억 달러", 3, None),
        ("13억 달러", 1, TEXT.index("13억")),
        ("엔", 1, None),
    ],
)
def test_words_are_placed_by_their_occurrence_outside_longer_numbers(words, nth, start):
    assert compose.place(TEXT, words, nth) == start
    assert start is None or compose.which(TEXT, start, words) == nth


def test_figures_are_placed_in_the_order_of_the_text_and_restatements_name_their_parent():
    gold = composed()
    assert [line["text"] for line in gold] == ["13억 달러", "1조4000억원", "3억 달러"]
    assert [(line["parent"], line["kind"]) for line in gold] == [
        (None, "valuation"),
        (gold[0]["start"], "restated_conversion"),
        (None, "funding_round"),
    ]
    assert compose.check_article("2701", TEXT, gold) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"text": "4억 달러"}, "'3억 달러' at"),
        ({"start": 25, "end": 31, "text": "13억 달러"}, "'13억 달러' beginning in or before '1조4000억원'"),
        ({"amount": None}, "exact with no amount"),
        ({"amount": "3억"}, "amount '3억'"),
        ({"qualifier": "range", "amount": None, "low": "2", "high": "1"}, "low 2, high 1"),
        ({"qualifier": "roughly"}, "qualifier 'roughly'"),
        ({"currency": "달러"}, "currency '달러'"),
        ({"kind": "funding_round|revenue"}, "kind 'revenue'"),
        ({"kind": None}, "kind ''"),
        ({"status": "done"}, "status 'done'"),
        ({"status": None}, "no status"),
        ({"date": "2024-02-30"}, "date '2024-02-30'"),
        ({"date": "2024|작년"}, "date '작년'"),
        ({"period": "3년"}, "period '3년'"),
        ({"org": "바오테크|바이두"}, "org '바이두'"),
        ({"counterparties": ["세쿼이아"]}, "counterparties '세쿼이아'"),
        ({"china_ai": "no"}, "china_ai 'no'"),
        ({"parent": 1}, "parent 1"),
        ({"at": 1, "currency": "USD"}, "USD like its parent"),
        ({"at": 1, "org": "바오테크"}, "org '바오테크'"),
        ({"at": 1, "kind": "price"}, "kind 'price' and a parent"),
        ({"investor": "린캐피털"}, "field 'investor'"),
    ],
)
def test_a_fault_of_an_annotation_is_told(changes, found):
    problems = compose.check_article("2701", TEXT, composed(**changes))
    assert any(problem.found.startswith(found) for problem in problems), problems
    assert all(problem.file == "gold/2701.jsonl" and problem.action for problem in problems)


def test_a_line_that_lacks_a_field_is_told():
    gold = composed()
    del gold[0]["org"]
    assert [problem.found for problem in compose.check_article("2701", TEXT, gold)] == ["no org"]


def test_the_finder_is_compared_with_the_annotation():
    assert list(compose.disagreements("2701", TEXT, composed())) == [
        "2701 6 바오테크, [3억 달러] 유치  중국 : seen by find_money, not annotated"
    ]
    assert any(
        "qualifier at_most, find_money reads exact" in line
        for line in compose.disagreements("2701", TEXT, composed(qualifier="at_most"))
    )


def test_a_draft_finds_every_amount_with_its_occurrence_and_parent():
    drafted = compose.draft(TEXT)
    assert [(figure["text"], figure["nth"], figure.get("parent")) for figure in drafted] == [
        ("3억 달러", 1, None),
        ("13억 달러", 1, None),
        ("1조4000억원", 1, 1),
        ("3억 달러", 2, None),
    ]
    assert [line["amount"] for line in compose.compose("2701.json", TEXT, drafted)[0]] == [
        "300000000",
        "1300000000",
        "1400000000000",
        "300000000",
    ]


def test_an_authored_article_is_added(authored, tmp_path, capsys):
    out = tmp_path / "corpus"
    assert compose.main(["add", str(authored), "--into", str(out)]) == 0
    assert compose.check(out) == []
    assert compose.load_sources(out)["2701"]["published_date"] == "2024-03-04"
    assert compose.main(["check", str(out)]) == compose.main(["count", str(out)]) == 0
    assert "1 articles, 3 amounts" in capsys.readouterr().out


def test_nothing_is_added_while_there_is_a_fault(authored, tmp_path, capsys):
    (authored / "2702.txt").write_text(TEXT, encoding="utf-8")
    figure = FIGURES[0] | {"nth": 3}
    (authored / "2702.json").write_text(
        json.dumps({"url": "", "publisher": "", "published": "", "title": "바오테크", "figures": [figure]}),
        encoding="utf-8",
    )
    assert compose.main(["add", str(authored), "--into", str(tmp_path / "corpus")]) == 1
    assert "error: 2702.json, figure 0 '3억 달러': found no occurrence 3 of it in the text" in capsys.readouterr().err
    assert not (tmp_path / "corpus").exists()

"""A checked source: what a maintainer accepted of it stands, and any change in its reading is told with both values."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import copy_raw
from linking import as_deals, mentions

import build
from cn_ai_funding import tables
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.context.figure import Party
from cn_ai_funding.deals import checked
from cn_ai_funding.deals.checked import Checked, differences, read_accepted, row_of, to_csv
from cn_ai_funding.deals.corrections import FIELDS, LEFT_OUT, REVIEWABLE, Corrections, said

TEXT = "중국 AI 기업 센스타임은 3억 달러(약 3300억원)를 조달했다. 매출은 12조에 달한다."
DIRECTORY = [
    {"organization_id": "sensetime"},
    {"organization_id": "tencent", "name_ko": "텐센트", "aliases": "텅쉰|텐센트홀딩스"},
]


def compared(folder, found, accepted):
    """What is told of the mentions of a checked source beside what was accepted of it."""
    (folder / "000.checked.csv").write_bytes(to_csv(map(row_of, accepted)))
    Checked(folder).compare(found, "000", problems := [])
    return [str(problem) for problem in problems]


def changed(mention, **fields):
    return replace(mention, figure=replace(mention.figure, **fields))


def test_what_was_accepted_reads_back_as_it_was(tmp_path):
    found = mentions(TEXT)
    assert compared(tmp_path, found, found) == []
    accepted = read_accepted(tmp_path / "000.checked.csv", [])
    assert [differences(mention, accepted[mention.mention_id]) for mention in found] == [{}, {}, {}]
    assert (tmp_path / "000.checked.csv").read_text(encoding="utf-8").count("\n") == 4


@pytest.mark.parametrize(
    ("fields", "now", "then"),
    [
        ({"kind": "ipo"}, "kind of 000:15-20 (3억 달러) is 'ipo'", "'funding_round', as it was accepted"),
        ({"date": None}, "date of 000:15-20 (3억 달러) is None", "expected '2019-02-07', as it was accepted"),
        ({"round": "A"}, "round of 000:15-20 (3억 달러) is 'A'", "expected None, as it was accepted"),
        (
            {"parties": (Party("seller", "텐센트", None, (0, 3)),)},
            "parties of 000:15-20 (3억 달러) is 'seller: 텐센트'",
            "as it was accepted",
        ),
        (
            {"organization": "메그비"},
            "organization of 000:15-20 (3억 달러) is '메그비'",
            "'센스타임', as it was accepted",
        ),
    ],
)
def test_a_change_names_both_values_and_the_line(tmp_path, fields, now, then):
    first, *others = mentions(TEXT)
    (told,) = [
        told for told in compared(tmp_path, [changed(first, **fields), *others], [first, *others]) if now in told
    ]
    assert told.startswith("000.checked.csv, line 2: found ")
    assert then in told


def test_a_change_of_the_amount_is_told(tmp_path):
    first, *others = mentions(TEXT)
    other = changed(first, money=replace(first.figure.money, amount=400000000))
    assert compared(tmp_path, [other, *others], [first, *others])[0].startswith(
        "000.checked.csv, line 2: found amount of 000:15-20 (3억 달러) is "
    )


def test_a_figure_that_comes_or_goes_is_told(tmp_path):
    first, *others = mentions(TEXT)
    (gone,) = compared(tmp_path, others, [first, *others])
    (new,) = compared(tmp_path, [first, *others], others)
    assert gone.startswith("000.checked.csv, line 2: found no figure 000:15-20; expected 3억 달러, a funding_round")
    assert new.startswith("000.checked.csv: found 000:15-20 (3억 달러), a figure that was not there: funding_round")


def test_a_source_that_is_checked_has_its_accepted_figures(tmp_path):
    Checked(tmp_path).compare(mentions(TEXT), "000", problems := [])
    assert str(problems[0]).startswith("000.toml, checked: found a source that is checked, without 000.checked.csv")


def test_what_was_accepted_of_no_source_is_told(tmp_path):
    (tmp_path / "gone.checked.csv").write_bytes(to_csv([]))
    (tmp_path / "here.checked.csv").write_bytes(to_csv([]))
    Checked(tmp_path).left({"here"}, problems := [])
    assert [problem.file for problem in problems] == ["gone.checked.csv"]


def test_a_deal_is_checked_where_every_telling_of_it_is():
    one, other = mentions(
        "중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 3억 달러를 조달했다."
    )
    read = replace(one, source=replace(one.source, checked=date(2026, 11, 25)))
    assert {deal.row({})["review"] for deal in as_deals([read])} == {"checked"}
    assert {deal.row({})["review"] for deal in as_deals([read, other])} == {"machine"}
    assert {deal.row({})["review"] for deal in as_deals([read, replace(other, reviewed=True)])} == {"corrected"}


def corrected(text, *rows):
    """The mentions of a text after corrections (field, value, number of the mention), and what was told of them."""
    found = mentions(text)
    told = [(found[number].mention_id, field, said(found[number], field), value) for field, value, number in rows]
    reviews = [
        dict(zip(("mention_id", "field", "expected", "value"), row, strict=True)) | {"reason": "read", "line": "2"}
        for row in told
    ]
    return Corrections(reviews, DIRECTORY).apply("000", found, problems := []), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("field", "value", "sound"),
    [
        ("parties", "lead_investor: 텅쉰 | investor: 어느펀드", True),
        ("parties", None, True),
        ("parties", "friend: 텐센트", False),
        ("parties", "텐센트", False),
        ("parties", "investor: ", False),
        ("period", "P5Y", True),
        ("period", "P18M", True),
        ("period", "2019/2024", True),
        ("period", "5 years", False),
        ("period", "2024/2019", False),
        ("round", "B+", True),
        ("part_of", "000:1-2", False),
        ("part_of", "000:15-20", False),
    ],
)
def test_everything_that_is_told_can_be_corrected(field, value, sound):
    (first, *_), problems = corrected(TEXT, (field, value, 0))
    assert (said(first, field) == value and not problems) == sound
    assert first.reviewed == sound


def test_a_corrected_party_is_known_by_the_directory_and_a_deal_has_it():
    found, _ = corrected(TEXT, ("parties", "lead_investor: 텅쉰 | seller: 어느펀드", 0))
    (deal,) = as_deals(found)
    assert sorted((row["role"], row["name_text"], row["organization_id"]) for row in deal.parties) == [
        ("lead_investor", "텅쉰", "tencent"),
        ("seller", "어느펀드", None),
    ]
    assert deal.counterparties == ["텅쉰", "어느펀드"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("organization", "텅쉰")], ("tencent", "텅쉰")),
        ([("organization", "어느회사")], (None, "어느회사")),
        ([("organization_id", "tencent")], ("tencent", None)),
        ([("organization_id", None)], (None, None)),
    ],
)
def test_a_corrected_name_brings_its_id_and_a_corrected_id_stands(rows, expected):
    (first, *_), problems = corrected(TEXT, *((*row, 0) for row in rows))
    assert (problems, (first.figure.organization_id, first.figure.organization)) == ([], expected)


def test_a_part_has_the_whole_that_a_maintainer_names_and_no_circle_comes_of_it():
    text = "중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임은 1억 달러를 조달하고 쉬었다."
    whole, part = mentions(text)
    found, problems = corrected(text, ("part_of", whole.mention_id, 1))
    assert (problems, [mention.whole for mention in found]) == ([], [None, whole.mention_id])
    _, (problem,) = corrected(text, ("part_of", whole.mention_id, 1), ("part_of", part.mention_id, 0))
    assert "is no part of this one" in problem


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("qualifier", "at_least")], ("at_least", "300000000", "300000000", None)),
        ([("qualifier", "at_most")], ("at_most", "300000000", None, "300000000")),
        ([("qualifier", "about")], ("about", "300000000", None, None)),
        ([("qualifier", "unreadable")], ("unreadable", None, None, None)),
        ([("qualifier", "at_least"), ("amount", "400000000")], ("at_least", "400000000", "400000000", None)),
        ([("qualifier", "range"), ("high", "500000000")], ("range", None, "300000000", "500000000")),
        (
            [("low", "400000000"), ("high", "500000000"), ("qualifier", "indefinite")],
            ("indefinite", None, "400000000", "500000000"),
        ),
    ],
)
def test_a_qualifier_sets_amount_and_bounds(rows, expected):
    (first, again, *_), problems = corrected(TEXT, *((*row, 0) for row in rows))
    assert problems == []
    assert tuple(said(first, field) for field in ("qualifier", "amount", "low", "high")) == expected
    assert (again.figure.money.qualifier, again.reviewed) == ("about", False)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("qualifier", "roughly")], "the value 'roughly'; expected one of exact"),
        ([("low", "100000000")], "the value '100000000'; expected a number of whole units above 0, of a range"),
        (
            [("qualifier", "range"), ("low", "400000000")],
            "000:15-20 from 400000000 to 300000000; expected a low up to the high",
        ),
        ([("qualifier", "range"), ("high", None)], "the value None; expected a number"),
    ],
)
def test_bounds_that_do_not_fit_are_a_problem(rows, found):
    _, (problem,) = corrected(TEXT, *((*row, 0) for row in rows))
    assert found in problem


def test_a_qualifier_without_what_it_sets_is_a_problem():
    _, (problem,) = corrected("중국 AI 기업 센스타임은 3억~5억 달러를 조달했다.", ("qualifier", "exact", 0))
    assert "exact without what that sets; expected amount, low, high" in problem
    (first,), problems = corrected(
        "중국 AI 기업 센스타임은 3억~5억 달러를 조달했다.", ("qualifier", "at_least", 0), ("amount", "300000000", 0)
    )
    assert ([said(first, field) for field in ("qualifier", "amount", "low", "high")], len(problems)) == (
        ["exact", "300000000", "300000000", "300000000"],
        1,
    )


def test_every_field_that_can_be_corrected_is_accepted_too():
    """But for why a deal is left out of totals, which other articles may change."""
    assert set(REVIEWABLE) - {LEFT_OUT} == set(FIELDS)
    assert set(checked.COLUMNS) >= set(FIELDS)


def test_a_build_fails_on_a_change_in_a_checked_source(tmp_path, monkeypatch, capsys):
    raw = copy_raw(tmp_path / "raw", "")
    (tmp_path / "article.txt").write_text("중국 AI 기업 하오테크는 2024년 2월 3억 위안을 유치했다.", encoding="utf-8")
    assert (
        command(
            [
                "add",
                str(tmp_path / "article.txt"),
                "--publisher",
                "신문",
                "--published",
                "2024-03-04",
                "--id",
                "a",
                "--raw",
                str(raw),
            ]
        )
        == 0
    )
    with (raw / "a.toml").open("a", encoding="utf-8") as file:
        file.write("checked = 2024-03-05\n")
    out = tmp_path / "out"
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 1
    assert "a source that is checked, without a.checked.csv" in capsys.readouterr().err
    assert command(["review", "a", "--accept", "--raw", str(raw)]) == 0
    kept = [*read_accepted(raw / "a.checked.csv", []).values()]
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 0
    monkeypatch.setattr(tables, "_DATA", out)
    for load in (tables.load_deals, tables.load_mentions):
        assert {row["review"] for row in load(backend="pyarrow").to_pylist()} == {"checked"}
    assert [row["checked"] for row in tables.load_sources(backend="pyarrow").to_pylist()] > [date(2024, 3, 5)]
    (raw / "a.checked.csv").write_bytes(to_csv([row | {"kind": "ipo"} for row in kept]))
    capsys.readouterr()
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 1
    assert (
        f"kind of {kept[0]['mention_id']} (3억 위안) is {kept[0]['kind']!r}; expected 'ipo'" in capsys.readouterr().err
    )

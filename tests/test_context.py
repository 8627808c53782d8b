"""What figures are about: the cases in tests/cases, and evidence for every field."""

from datetime import date

import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st

from cn_ai_funding import read_article
from cn_ai_funding.context import DATE_BASES, STATUSES
from cn_ai_funding.context.dates import CONTEXT, DURATION, STATED, TOGETHER, find_dates
from cn_ai_funding.context.lexicon import DATE
from cn_ai_funding.edtf import bounds
from cn_ai_funding.intake.masked import hide
from cn_ai_funding.kinds import KINDS


def day(cell):
    return date.fromisoformat(cell) if cell else None


FIELDS = ("kind", "status", "organization", "date", "date_basis", "restates", "exclude_reason")
LEAST = 0.85
"""Of a hundred cases how many have to be read right in a field: a reader that learns gives way in one case for
another."""


@pytest.mark.parametrize("field", FIELDS)
def test_reads_what_figures_are_about(field):
    """Sentences whose grammar a reader has to know, most of them part of the corpus.

    They guard what was learned, they do not measure it.
    """
    wrong = []
    for row in rows("figures"):
        figure = read_article(row["text"].replace("\\n", "\n"), published_on=day(row["published"]))[int(row["n"])]
        told = getattr(figure, field)
        if str(told if told is not None else "") != (row[field] or ""):
            wrong.append((row["text"], told, row[field]))
    assert 1 - len(wrong) / len(rows("figures")) >= LEAST, wrong


def cells(row, name, count):
    """The values of a cell, one a reading; a single one holds for all."""
    values = row[name].split(";")
    return values * count if len(values) == 1 else values


@pytest.mark.parametrize("row", rows("dates"), ids=lambda row: f"{row['text']} {row['published']}")
def test_reads_dates(row):
    dates = row["edtf"].split(";") if row["edtf"] else []
    expected = (
        list(zip(dates, *(cells(row, name, len(dates)) for name in ("basis", "role", "reading")), strict=True))
        if dates
        else []
    )
    found = find_dates(row["text"].replace("\\n", "\n"), day(row["published"]))
    assert [(x.edtf, x.basis, x.role, x.reading) for x in found] == expected


date_words = st.sampled_from(sorted({word for table in DATE.values() for word in table}))
date_texts = st.lists(
    st.one_of(
        date_words,
        st.sampled_from([row["text"].replace("\\n", "\n") for row in rows("dates")]),
        st.sampled_from(
            [
                "년",
                "월",
                "일",
                "분기",
                "년 ",
                "월 ",
                "일 ",
                " ",
                "\n",
                "~",
                "·",
                "/",
                "-",
                ".",
                "'",
                "첫 ",
                "░",
                "회사",
                "AI",
            ]
        ),
        st.integers(0, 40).map(str),
        st.integers(1990, 2040).map(str),
        st.text(max_size=2),
    ),
    max_size=20,
).map("".join)
any_day = st.one_of(st.none(), st.dates())


@given(text=date_texts, published=any_day)
def test_finds_dates_that_exist_in_any_text(text, published):
    found = find_dates(text, published)
    assert [x.start for x in found] == sorted(x.start for x in found)
    for x in found:
        assert 0 <= x.start < x.end <= x.reach <= len(text)
        first, last = (None, None) if x.role == DURATION else bounds(x.edtf)
        assert first is None or first <= last
        assert published or x.reading in (STATED, CONTEXT, TOGETHER)


@given(text=date_texts, published=any_day)
def test_finds_the_same_dates_where_all_but_their_words_is_masked(text, published):
    found = find_dates(text, published)
    masked, end = "", 0
    for x in found:
        masked += hide(text, end, x.start)[end : x.start] + text[max(x.start, end) : x.reach]
        end = max(end, x.reach)
    masked += hide(text, end, len(text))[end:]
    assert find_dates(masked, published) == found


@pytest.mark.parametrize(
    "text",
    [
        "1" * 20_000,
        "2024." * 5_000,
        "3년 " * 5_000,
        "지난 " * 8_000,
        "2024년부터 " * 3_000,
        "1월~" * 5_000,
        "앞으로 " * 5_000,
        "6·" * 10_000,
        "2023·" * 4_000,
    ],
)
def test_finds_dates_in_time_that_grows_with_the_text(text):
    """Ends at all: a pattern that tries every split of such a text would not."""
    assert all(x.end <= len(text) for x in find_dates(text, date(2025, 6, 23)))


@pytest.mark.parametrize("row", rows("figures"), ids=lambda row: f"{row['text'][:24]}…{row['n']}")
def test_every_field_that_the_text_gives_names_its_evidence(row):
    text = row["text"].replace("\\n", "\n")
    for figure in read_article(text, published_on=day(row["published"])):
        assert (figure.kind in KINDS, figure.status in STATUSES, figure.date_basis in DATE_BASES) == (True, True, True)
        if figure.restates is None and figure.organization:
            assert any(figure.organization in text[start:end] for start, end in figure.evidence["organization"])
        if figure.restates is None and figure.date_basis in ("stated", "relative"):
            assert figure.evidence["date"]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("알리바바가 중국 AI 기업 메그비 지분 10%를 3억 달러에 인수했다.", {("알리바바", "buyer")}),
        (
            "중국 AI 기업 가온테크는 시리즈 B에서 3억 달러를 유치했다. "
            "이번 라운드는 텐센트가 주도했고 메이퇀이 참여했다.",
            {("텐센트", "lead_investor"), ("메이퇀", "investor")},
        ),
    ],
)
def test_names_who_else_takes_part_and_as_what(text, parties):
    (figure,) = read_article(text)
    assert {(party.name, party.role) for party in figure.parties} == parties
    assert set(figure.counterparties) == {name for name, _ in parties}
    assert all(text[slice(*party.span)] == party.name for party in figure.parties)


def test_confidence_is_a_probability_and_a_restatement_has_its_parents():
    first, again = read_article("중국 AI 기업 가온테크는 2017년 11월 3억 달러(약 3400억원)를 유치했다.")
    assert 0 < first.confidence < 1
    assert again.confidence == first.confidence


def test_reads_the_length_of_a_plan():
    (figure,) = read_article(
        "중국 샤오미는 앞으로 4년간 AI에 90억 위안을 투자할 계획이다.", published_on=date(2019, 2, 7)
    )
    assert figure.period == "P4Y"


def test_a_day_that_is_no_date_is_an_error_that_says_what_to_do():
    with pytest.raises(TypeError, match=r"date\.fromisoformat"):
        read_article("중국 메그비는 3억 위안을 조달했다.", published_on="2019-02-07")


def test_what_one_investor_put_into_a_round_is_part_of_it():
    round_, share = read_article(
        "중국 AI 기업 메그비는 10억 달러를 유치했다. 이 가운데 2억 달러는 알리바바가 투자했다."
    )
    assert (share.part_of, share.counterparties, round_.part_of) == (0, ("알리바바",), None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("시리즈 B에서", "Series B"),
        ("B라운드에서", "Series B"),
        ("프리A 투자로", "pre-Series A"),
        ("Pre-IPO 투자로", "pre-IPO"),
        ("엔젤 투자로", "angel"),
    ],
)
def test_names_the_round(text, name):
    (figure,) = read_article(f"중국 AI 기업 메그비는 {text} 3억 위안을 유치했다.")
    assert (figure.kind, figure.round) == ("funding_round", name)


def test_what_restates_a_figure_is_about_the_same():
    first, again = read_article("중국 AI 기업 메그비는 지난달 3억 위안(약 500억원)을 유치했다.", date(2025, 3, 10))
    assert (first.kind, first.organization, first.date) == ("funding_round", "메그비", "2025-02")
    assert (again.kind, again.organization, again.date, again.restates) == ("funding_round", "메그비", "2025-02", 0)

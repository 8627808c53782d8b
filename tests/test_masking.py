"""Masked texts read as full ones do, and hold no prose."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import ARTICLES, ROOT, needs_full_texts, rows
from hypothesis import given
from hypothesis import strategies as st

from cn_ai_funding import Organization, find_money, load_organizations, mask_article, read_article
from cn_ai_funding.context.mask import mask_text
from cn_ai_funding.context.masking import PLAIN, READABLE, WINDOW, mask
from cn_ai_funding.context.names import Directory
from cn_ai_funding.intake.masked import MASK, fits, masked_share, passage, quote

PUBLISHED = date(2019, 2, 7)
DIRECTORY = Directory(map(Organization.from_row, load_organizations(backend="pyarrow").to_pylist()))
SENTENCES = [row["text"].replace("\\n", "\n") for row in rows("figures")] + [
    row["text"].replace("\\n", "\n") for row in rows("money")
]


def readings(text):
    return read_article(text, published_on=PUBLISHED)


def prose(masked):
    """Stretches of WINDOW code points without a mask with READABLE syllables, PLAIN of them in no amount or name."""
    read = mask_text(masked, DIRECTORY)
    plain = list(masked)
    for thing in (*read.mentions, *read.names):
        plain[thing.start : thing.end] = "#" * (thing.end - thing.start)
    kept = [i for i, character in enumerate(masked) if not (character.isspace() and masked[i - 1 : i].isspace())]
    found = []
    for i in range(len(kept) - WINDOW + 1):
        here = kept[i : i + WINDOW]
        hangul = [at for at in here if "가" <= masked[at] <= "힣"]
        if (
            all(masked[at] != MASK for at in here)
            and len(hangul) >= READABLE
            and sum(plain[at] != "#" for at in hangul) >= PLAIN
        ):
            found.append(masked[here[0] : here[-1] + 1])
    return found


@given(st.lists(st.sampled_from(SENTENCES), max_size=6), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_masked_article_reads_as_the_full_one(sentences, joint):
    text = joint.join(sentences)
    assert readings(mask_article(text)) == readings(text)


@given(st.lists(st.sampled_from(SENTENCES), max_size=6), st.sampled_from([" ", "\n", "\n\n"]))
def test_an_article_has_all_the_amounts_of_its_text(sentences, joint):
    text = joint.join(sentences)
    found = [replace(money, evidence=()) for money in find_money(text)]
    assert [replace(figure.money, evidence=()) for figure in readings(text)] == found


HOSTILE = [
    "(",
    "3억 달러 ",
    "3억 달러한화",
    "샤오미는 ",
    "2017년 11월 ",
    "2015년까지 늘린다. 3억 달러를 조달했다. ",
    "각각 3억 위안 ",
    "유니콘(3억 위안 ",
    "정부가 ",
    "가나(ABC, ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_reads_long_hostile_runs_to_their_end(piece):
    """An input that took quadratic time would not come back within the patience of any test run."""
    figures = read_article(
        "중국 AI. "
        + piece * (20_000 // len(piece))
        + "\n아무 일도 없이 지나가는 하루였다.\n메그비는 3억 위안을 조달했다."
    )
    assert figures[-1].organization == "메그비"


@given(st.text())
def test_any_text_reads_the_same_when_masked(text):
    assert readings(mask_article(text)) == readings(text)


@pytest.mark.skipif(not ARTICLES, reason="the full articles are not at hand")
@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_a_real_article_reads_the_same_when_masked(path):
    text = path.read_text(encoding="utf-8")
    assert readings(mask_article(text)) == readings(text)


@given(st.lists(st.sampled_from(SENTENCES), max_size=6).map("\n".join))
def test_masking_keeps_length_line_breaks_and_what_is_left(text):
    masked = mask_article(text)
    assert len(masked) == len(text)
    assert all(new == old or (new == MASK and old.isalnum()) for new, old in zip(masked, text, strict=True))
    assert mask_article(masked) == masked


@pytest.mark.parametrize("path", sorted((ROOT / "raw").glob("*.txt")), ids=lambda path: path.stem)
def test_no_prose_stands_in_raw(path):
    assert prose(path.read_text(encoding="utf-8")) == []


@needs_full_texts
@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_no_prose_survives_masking(path):
    masked = mask_article(path.read_text(encoding="utf-8"))
    assert prose(masked) == []


def test_what_was_no_money_is_none_when_masked():
    """The word that says so may be masked: then the number is."""
    text = "몸무게가 무려 자그마치 정말로 대단히 커서 780파운드인 사람이 만든 중국 AI 회사는 3억 위안을 투자받았다."
    assert [m.text for m in find_money(mask_article(text, []))] == [m.text for m in find_money(text)] == ["3억 위안"]


def test_a_list_of_names_and_amounts_is_no_prose():
    """What was left of a sentence would be readable; names and amounts alone are facts."""
    text = "센스타임 10억 달러, 유비테크 6억 달러, 딥시크 3억 달러."
    assert mask_article(text) == text


def test_evidence_gives_way_where_prose_would_survive():
    """The more important span is kept, the rest of the sentence is not."""
    text = "가나다라마바사 아자차카타파하 거너더러머버서 어저처커터퍼허"
    masked = mask(text, [], [(8, 15), (0, 7), (16, 23), (24, 31)])
    assert masked[8:15] == "아자차카타파하"
    assert MASK in masked


def test_quote_shows_the_words_kept():
    assert quote("░░░ ░░ 2억 위안을 ░░░░.", 0, 19) == "… 2억 위안을 …"


def test_masked_share_counts_no_spaces():
    assert masked_share("░░ 가나") == 0.5


MENTION = {"prefix": "░░ ", "exact": "1억", "suffix": "을 ░", "start": 13, "end": 15}


@pytest.mark.parametrize(
    ("evidence", "pieces"),
    [
        ([], [["░░ "], ["1억", "amount"], ["을 ░"]]),
        ([("kind", 2, "투자")], [["투자", "kind"], [" … ░░ "], ["1억", "amount"], ["을 ░"]]),
        ([("kind", 18, "투자")], [["░░ "], ["1억", "amount"], ["을 ░"], ["투자", "kind"]]),
        ([("kind", 30, "투자")], [["░░ "], ["1억", "amount"], ["을 ░ … "], ["투자", "kind"]]),
        (
            [("amount", 10, "약 "), ("status", 15, "을")],
            [["약 ", "amount"], [" "], ["1억", "amount"], ["을", "status"], [" ░"]],
        ),
        ([("kind", 15, "을"), ("date", 15, "을")], [["░░ "], ["1억", "amount"], ["을", "kind", "date"], [" ░"]]),
    ],
    ids=["nothing", "before", "adjacent", "after", "inside", "two fields"],
)
def test_a_passage_holds_the_evidence_where_it_stands(evidence, pieces):
    given = [
        {"field": field, "start": start, "end": start + len(exact), "exact": exact} for field, start, exact in evidence
    ]
    assert passage(MENTION, given) == pieces


@pytest.mark.parametrize(
    ("text", "whole"),
    [("가나 3억", True), ("가나 4억", False), ("가  3억", False), ("가. 3억", False), ("가나 3억.", False)],
)
def test_a_mask_stands_for_one_letter_or_digit(text, whole):
    assert fits("░░ 3억", text) == whole


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("더우위가", "더우위"),
        ("이웨이에", "이웨이"),
        ("쉰이커는", "쉰이커"),
        ("네옴의", "네옴"),
        ("삼성SDS는", "삼성SDS"),
        ("에어로HT가", "에어로HT"),
    ],
)
def test_a_name_stays_though_its_syllables_are_words_or_its_letters_of_two_scripts(word, name):
    names = DIRECTORY.find(f"{word} 3억 위안을 받았다.", [(0, 20)])
    assert [found.text for found in names] == [name]
    assert name in mask_article(f"{word} 3억 위안을 받았다.")


def test_initials_after_a_word_are_no_name():
    assert DIRECTORY.find("국산GPU에 3억 위안을 썼다.", [(0, 20)]) == []

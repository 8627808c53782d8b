"""Korean money: the cases in tests/cases, and what must hold for any text."""

import unicodedata
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st

from cn_ai_funding import find_money
from cn_ai_funding.money import QUALIFIERS

MONEY = defaultdict(list)
for row in rows("money"):
    MONEY[row.pop("text")].append(row)
NO_MONEY = [row["text"] for row in rows("no_money")]


def decimal(cell):
    return Decimal(cell) if cell else None


def values(text):
    return [(m.amount, m.low, m.high, m.currency, m.qualifier) for m in find_money(text)]


@pytest.mark.parametrize("text", MONEY)
def test_reads(text):
    """Each mention has the span, amount, bounds, currency and qualifier that its rows say."""
    expected = [(r["span"], decimal(r["amount"]), decimal(r["low"]), decimal(r["high"]), r["currency"] or None, r["qualifier"]) for r in MONEY[text]]
    assert [(m.text, m.amount, m.low, m.high, m.currency, m.qualifier) for m in find_money(text)] == expected


@pytest.mark.parametrize("text", NO_MONEY)
def test_leaves_alone(text):
    assert find_money(text) == []


@pytest.mark.parametrize("text", ["매출 3조", "투자액이 천970조"])
def test_says_that_a_missing_currency_was_inferred(text):
    (mention,) = find_money(text)
    assert (mention.currency, mention.currency_inferred) == ("KRW", True)
    assert any(word in text[start:end] for start, end in mention.evidence for word in ("매출", "투자액"))


@pytest.mark.parametrize("text", ["홍콩에서 주당 17달러였다", "멕시코가 3억 페소를 냈다"])
def test_says_which_word_told_the_currency(text):
    (mention,) = find_money(text)
    assert mention.currency_inferred
    assert any(text[start:end] in ("홍콩", "멕시코") for start, end in mention.evidence)


SIGNS = "0123456789,.~-( )０\n\u00a0\u1100\u1161"
PIECES = st.sampled_from([*SIGNS, *"억조만천원약수대여명일열점", "위안", "달러", "$", "이상", "투자", "에서 ", "각각 ", "홍콩", "페소", "US$"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_gives_ordered_disjoint_mentions_that_are_their_substring(text):
    mentions = find_money(text)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.qualifier in QUALIFIERS
        assert mention.low is None or mention.high is None or mention.low <= mention.high
        assert all(0 <= start <= end <= len(text) for start, end in mention.evidence)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


BIG = (("경", 16), ("조", 12), ("억", 8), ("만", 4), ("", 0))
SMALL = (("천", 3), ("백", 2), ("십", 1), ("", 0))
HANGUL = "영일이삼사오육칠팔구"
HANJA = str.maketrans("일이삼사오육칠팔구십백천만억조경", "一二三四五六七八九十百千萬億兆京")
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def in_units(number, units, section):
    """A number with each unit after the section that it multiplies."""
    parts = []
    for unit, power in units:
        count, number = divmod(number, 10**power)
        if count:
            parts.append(section(count) + unit)
    return parts


def in_hangul(number):
    return in_units(number, BIG, lambda count: "".join(in_units(count, SMALL, lambda digit: HANGUL[digit])))


STYLES = {
    "digits": lambda number: [str(number)],
    "commas": lambda number: [f"{number:,}"],
    "sections": lambda number: in_units(number, BIG, str),
    "sections with commas": lambda number: in_units(number, BIG, lambda count: f"{count:,}"),
    "digits and 천 백 십": lambda number: in_units(number, BIG, lambda count: "".join(in_units(count, SMALL, str))),
    "Hangul": in_hangul,
    "hanja": lambda number: [part.translate(HANJA) for part in in_hangul(number)],
    "full width": lambda number: [f"{number:,}".translate(FULL_WIDTH)],
}


@pytest.mark.parametrize("style", STYLES)
@given(number=st.one_of(st.integers(10, 99_999), st.integers(10, 10**18)), between=st.sampled_from(["", " "]), gap=st.sampled_from(["", " "]), data=st.data())
def test_a_number_written_in_a_style_reads_back(style, number, between, gap, data):
    currency = data.draw(st.sampled_from(["위안", "달러"]))
    text = f"{between.join(STYLES[style](number))}{gap}{currency}"
    (mention,) = find_money(f"금액은 {text}입니다")
    assert (mention.text, mention.amount) == (text, number)


@given(st.decimals(0, 10**9, places=2), st.sampled_from([("조", 10**12), ("억", 10**8), ("만", 10**4), ("", 1)]))
def test_decimals_on_a_unit_are_exact(number, unit):
    (mention,) = find_money(f"금액은 {number}{unit[0]} 달러입니다")
    assert mention.amount == number * unit[1]


@given(st.sampled_from(list(MONEY)), st.sampled_from(["그는 말했다. ", "(", "\n", "“"]), st.sampled_from([".", "\n다음 줄", " ."]))
def test_text_around_a_mention_changes_neither_span_nor_value(text, before, after):
    moved = [(m.start - len(before), m.text, m.amount, m.currency) for m in find_money(before + text + after)]
    assert moved == [(m.start, m.text, m.amount, m.currency) for m in find_money(text)]


@pytest.mark.parametrize("text", [*MONEY, *NO_MONEY])
def test_decomposed_text_reads_as_composed(text):
    """macOS writes syllables letter by letter (NFD): same values, and spans that are the same words there."""
    decomposed = unicodedata.normalize("NFD", text)
    assert values(decomposed) == values(text)
    assert [unicodedata.normalize("NFC", m.text) for m in find_money(decomposed)] == [unicodedata.normalize("NFC", m.text) for m in find_money(text)]
    assert all(decomposed[m.start : m.end] == m.text for m in find_money(decomposed))


@pytest.mark.parametrize("text", [*MONEY, *NO_MONEY])
def test_full_width_figures_read_as_others(text):
    assert values(text.translate(FULL_WIDTH)) == values(text)


@pytest.mark.parametrize("number", ["0억", "0조"])
def test_nothing_is_nothing(number):
    assert [m.amount for m in find_money(f"{number} 원")] == [0]


LONG = "1234567890" * 4


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (f"{LONG}원 50전", f"{LONG}.50", f"{LONG}.50"),
        (f"{LONG}1.5억 원", f"{LONG}150000000", f"{LONG}150000000"),
        (f"{LONG}만1~2원", f"{LONG}0001", f"{LONG}0002"),
        (f"{LONG}1원대", f"{LONG}1", f"{LONG}2"),
    ],
)
def test_a_long_number_is_exact(text, low, high):
    (mention,) = find_money(text)
    assert (mention.low, mention.high) == (Decimal(low), Decimal(high))


def test_a_number_longer_than_any_amount_is_none():
    assert find_money("1" * 5000 + "원") == []


@pytest.mark.parametrize("piece", ["억", "1,", "일", "1 ", "(", "수", "1억", "억 원(약 ", "약 ", "1~", "각각 1, ", "A1", "열 ", "$", "홍콩 1달러 "])
def test_reads_long_hostile_runs_to_their_end(piece):
    """An input that took quadratic time would never come back."""
    assert find_money(piece * (1_000_000 // len(piece)) + "\n3억 위안")[-1].text == "3억 위안"

"""Korean money: the cases in tests/cases, and what must hold for any text."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from conftest import rows
from hypothesis import assume, given
from hypothesis import strategies as st

from cn_ai_funding import find_money
from cn_ai_funding.intake.masked import hide
from cn_ai_funding.intake.texts import as_text
from cn_ai_funding.money import QUALIFIERS, unread_tables

MONEY = defaultdict(list)
for row in rows("money"):
    row["span"] = row["span"].replace("\\n", "\n")
    MONEY[row.pop("text").replace("\\n", "\n")].append(row)
NO_MONEY = [row["text"].replace("\\n", "\n") for row in rows("no_money")]


def decimal(cell):
    return Decimal(cell) if cell else None


def values(text):
    return [(m.amount, m.low, m.high, m.currency, m.qualifier) for m in find_money(text)]


@pytest.mark.parametrize("text", MONEY)
def test_reads(text):
    """Each mention has the span, amount, bounds, currency and qualifier that its rows say."""
    expected = [
        (r["span"], decimal(r["amount"]), decimal(r["low"]), decimal(r["high"]), r["currency"] or None, r["qualifier"])
        for r in MONEY[text]
    ]
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


@pytest.mark.parametrize("text", MONEY)
def test_all_that_a_reading_rests_on_is_its_span_and_evidence(text):
    """What an amount is read as does not change where every other word is hidden."""
    found = find_money(text)
    hidden, end = "", 0
    for start, until in sorted(span for m in found for span in ((m.start, m.end), *m.evidence)):
        if until > end:
            hidden += hide(text, end, max(start, end))[end : max(start, end)] + text[max(start, end) : until]
            end = until
    hidden += hide(text, end, len(text))[end:]
    assert [replace(m, evidence=()) for m in find_money(hidden)] == [replace(m, evidence=()) for m in found]


SIGNS = "0123456789,.~-( )０\n\u00a0\u1100\u1161"
MARKUP = ["<b>", "&nbsp;", "[1]", "마이너스 ", "억원"]
WORDS = ["위안", "달러", "$", "이상", "투자", "에서 ", "각각 ", "홍콩", "페소", "US$"]
PIECES = st.sampled_from([*SIGNS, *"억조만천원약수대여명일열점반－△'·\u200b", *MARKUP, *WORDS])


BEFORE_HEAD = r"A-Za-z0-9.,/:;>가-힣\u1100-\u11ff\u200b-\u200f\u202a-\u202e\ufeff-"
GLUE = re.compile(rf"(?<![{BEFORE_HEAD}])[0-9]+[만억조]?(?:[ \u00a0]*|['’]|\.\.|\u200b|</?b>|&nbsp;|\[1\]|\n)\Z")


def touches_another_numeral(text, mention, mentions):
    """Whether digits of no other amount stand before an amount, with only what parts digits of one number between."""
    if not text[mention.start].isdigit():
        return False
    head = GLUE.search(text, max(0, mention.start - 30), mention.start)
    return head is not None and not any(other.start <= head.start() < other.end for other in mentions)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_gives_ordered_disjoint_mentions_that_are_their_substring(text):
    mentions = find_money(text)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.qualifier in QUALIFIERS
        assert mention.low is None or mention.high is None or mention.low <= mention.high
        assert mention.qualifier != "exact" or not touches_another_numeral(text, mention, mentions)
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
@given(
    number=st.one_of(st.integers(10, 99_999), st.integers(10, 10**18)),
    between=st.sampled_from(["", " "]),
    gap=st.sampled_from(["", " "]),
    data=st.data(),
)
def test_a_number_written_in_a_style_reads_back(style, number, between, gap, data):
    assume(not skips_a_unit(number))
    currency = data.draw(st.sampled_from(["위안", "달러"]))
    text = f"{between.join(STYLES[style](number))}{gap}{currency}"
    (mention,) = find_money(f"금액은 {text}입니다")
    assert (mention.text, mention.amount) == (text, number)


def skips_a_unit(number):
    """Whether a number has nothing between 억 and the 천 백 십 that end it, where custom reads 만 (1억 5천)."""
    return number > 10**8 and 0 < number % 10**8 < 10**4 and number % 10 == 0


@given(st.integers(1, 9), st.sampled_from(["억", "조"]), st.integers(1, 9), st.sampled_from([" 위안", "달러", "여 원"]))
def test_thousands_after_a_large_unit_count_the_one_below_it(count, unit, thousands, currency):
    (mention,) = find_money(f"값은 {count}{unit}{thousands}천{currency}이다")
    assert mention.amount == (count * 10 + thousands) * {"억": 10**7, "조": 10**11}[unit]


BREAKS = [" ", "  ", "\n", "\u2009", "'", "’", ", ", ",\u200b", "..", "·", "/", "*"]
JOINTS = [" ", "   ", "\n", "\u2003", "\u00a0", "\u200b", "<b>", "</b> ", "** ", "&nbsp;", "[3]", "[3] ", "’", "…"]


@given(st.integers(1, 999), st.integers(1, 9999), st.sampled_from(JOINTS), st.sampled_from([" 위안", "달러"]))
def test_the_end_of_a_torn_number_is_never_an_amount(count, rest, joint, currency):
    """It is joined, or has no value."""
    whole, tail = count * 10**8 + rest * 10**4, rest * 10**4
    amounts = [m.amount for m in find_money(f"값은 {count}억{joint}{rest}만{currency}이다")]
    assert tail not in amounts if joint != "…" else tail in amounts
    assert set(amounts) <= {whole, None, tail}


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(BREAKS), st.sampled_from(["", "만", "억"]))
def test_the_last_digits_of_a_torn_number_are_never_an_amount(first, last, joint, unit):
    amounts = [m.amount for m in find_money(f"값은 {first}{joint}{last:03}{unit} 위안이다")]
    assert set(amounts) <= {(first * 1000 + last) * {"": 1, "만": 10**4, "억": 10**8}[unit], None}


@given(
    st.lists(st.integers(0, 999_999).filter(lambda n: not 1900 <= n < 2100), min_size=1, max_size=5),
    st.sampled_from([("억", 10**8), ("백만", 10**6), ("", 1)]),
    st.sampled_from(
        [
            "(단위: {} 위안)\n회사\t투자액\n{}",
            "투자액 단위={}위안\n|회사|투자액|\n|---|---|\n{}",
            "회사\t투자액({} 위안)\n{}",
        ]
    ),
)
def test_a_heading_gives_the_cells_below_it_their_value(numbers, unit, table):
    joint = "|" if "|" in table else "\t"
    text = table.format(unit[0], "\n".join(f"갑{i}사{joint}{number:,}" for i, number in enumerate(numbers)))
    found = find_money(text)
    assert [(m.amount, m.currency, m.text) for m in found] == [
        (number * unit[1], "CNY", f"{number:,}") for number in numbers
    ]
    assert all(any("위안" in text[start:end] for start, end in m.evidence) for m in found)


def test_says_which_table_it_does_not_understand():
    text = "(단위: 억 원)\n갑사 12 34\n\n(단위: 조 원)\n갑사 12"
    assert [text[start:end] for start, end in unread_tables(text)] == ["단위: 억 원"]
    assert [m.amount for m in find_money(text)] == [12 * 10**12]


@pytest.mark.parametrize("text", MONEY)
def test_the_command_reads_what_the_function_reads(text):
    """A text that was mended on its way from a file or a pipe has the same amounts."""
    assert values(as_text("standard input", text.encode(), [], [])) == values(text)


@given(
    st.integers(10, 10**15),
    st.sampled_from(["영업이익은 -{}원", "순이익 △{}원", "영업손실 ▲{}원", "손익은 마이너스 {} 원", "수지는 −{} 원"]),
)
def test_what_is_less_than_nothing_is_no_positive_amount(number, sentence):
    (mention,) = find_money(sentence.format(number))
    assert mention.amount == -number


@given(st.decimals(0, 10**9, places=2), st.sampled_from([("조", 10**12), ("억", 10**8), ("만", 10**4), ("", 1)]))
def test_decimals_on_a_unit_are_exact(number, unit):
    (mention,) = find_money(f"금액은 {number}{unit[0]} 달러입니다")
    assert mention.amount == number * unit[1]


@given(
    st.sampled_from(list(MONEY)),
    st.sampled_from(["그는 말했다. ", "(", "\n", "“"]),
    st.sampled_from([".", "\n다음 줄", " ."]),
)
def test_text_around_a_mention_changes_neither_span_nor_value(text, before, after):
    moved = [(m.start - len(before), m.text, m.amount, m.currency) for m in find_money(before + text + after)]
    assert moved == [(m.start, m.text, m.amount, m.currency) for m in find_money(text)]


@pytest.mark.parametrize("text", [*MONEY, *NO_MONEY])
def test_decomposed_text_reads_as_composed(text):
    """macOS writes syllables letter by letter (NFD): same values, and spans that are the same words there."""
    decomposed = unicodedata.normalize("NFD", text)
    assert values(decomposed) == values(text)
    assert [unicodedata.normalize("NFC", m.text) for m in find_money(decomposed)] == [
        unicodedata.normalize("NFC", m.text) for m in find_money(text)
    ]
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


@pytest.mark.parametrize(
    "piece",
    ["억", "1,", "일", "1 ", "(", "수", "1억", "억 원(약 ", "약 ", "1~", "각각 1, ", "A1", "열 ", "$", "홍콩 1달러 "],
)
def test_reads_long_hostile_runs_to_their_end(piece):
    """An input that took quadratic time would never come back."""
    assert find_money(piece * (1_000_000 // len(piece)) + "\n그 뒤 3억 위안")[-1].text == "3억 위안"

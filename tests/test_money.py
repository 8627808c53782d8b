"""Korean money: the cases in tests/cases, and what must hold for any text."""

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


def decimal(cell):
    return Decimal(cell) if cell else None


@pytest.mark.parametrize("text", MONEY)
def test_reads(text):
    """Each mention has the span, amount, bounds, currency and qualifier that its rows say."""
    expected = [(r["span"], decimal(r["amount"]), decimal(r["low"]), decimal(r["high"]), r["currency"], r["qualifier"]) for r in MONEY[text]]
    assert [(m.text, m.amount, m.low, m.high, m.currency, m.qualifier) for m in find_money(text)] == expected


@pytest.mark.parametrize("row", rows("no_money"), ids=lambda row: row["text"])
def test_leaves_alone(row):
    assert find_money(row["text"]) == []


@pytest.mark.parametrize("text", ["매출 3조", "투자액이 천970조"])
def test_says_that_a_missing_currency_was_inferred(text):
    (mention,) = find_money(text)
    assert (mention.currency, mention.currency_inferred) == ("KRW", True)
    assert any(word in text[start:end] for start, end in mention.evidence for word in ("매출", "투자액"))


PIECES = st.sampled_from([*"0123456789,.~-( )", "억", "조", "만", "천", "원", "위안", "달러", "$", "약", "수", "이상", "대", "여", "명", "투자", "일", "\n"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_gives_ordered_disjoint_mentions_that_are_their_substring(text):
    mentions = find_money(text)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.qualifier in QUALIFIERS
        assert mention.low is None or mention.high is None or mention.low <= mention.high
    assert all(one.end <= other.start for one, other in pairwise(mentions))


def in_sections(number, *, comma, space):
    """A number as Korean writes it: sections of four digits with 조, 억, 만."""
    sections = []
    for unit, power in (("조", 12), ("억", 8), ("만", 4), ("", 0)):
        section, number = divmod(number, 10**power)
        if section:
            sections.append((f"{section:,}" if comma else str(section)) + unit)
    return space.join(sections)


@given(st.integers(1, 10**16 - 1), st.booleans(), st.sampled_from(["", " "]), st.sampled_from(["원", "위안", "달러"]), st.sampled_from(["", " "]))
def test_a_rendered_number_reads_back(number, comma, space, currency, gap):
    text = f"{in_sections(number, comma=comma, space=space)}{gap}{currency}"
    (mention,) = find_money(f"금액은 {text}입니다")
    assert (mention.text, mention.amount) == (text, number)


@given(st.sampled_from(list(MONEY)), st.sampled_from(["그는 말했다. ", "(", "\n", "“"]), st.sampled_from([".", "\n다음 줄", " ."]))
def test_text_around_a_mention_changes_neither_span_nor_value(text, before, after):
    moved = [(m.start - len(before), m.text, m.amount, m.currency) for m in find_money(before + text + after)]
    assert moved == [(m.start, m.text, m.amount, m.currency) for m in find_money(text)]


@pytest.mark.parametrize("number", ["0억", "0조"])
def test_nothing_is_nothing(number):
    assert [m.amount for m in find_money(f"{number} 원")] == [0]


@pytest.mark.parametrize("text", ["3\u200b억 달러", "①억 원", "A3억 달러"])
def test_half_of_a_number_is_no_number(text):
    assert find_money(text) == []


@pytest.mark.parametrize("piece", ["억", "1,", "일", "1 ", "(", "수", "1억", "억 원(약 ", "약 "])
def test_reads_long_hostile_runs_to_their_end(piece):
    """An input that took quadratic time would never come back."""
    assert [m.text for m in find_money(piece * 50_000 + "\n3억 위안")][-1] == "3억 위안"

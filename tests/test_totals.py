"""What may be added up, why the rest may not, and what a person is asked to look at again."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from conftest import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from linking import HISTORY, RATES, as_deals, deals, mentions, source

from cn_ai_funding import Party, find_money
from cn_ai_funding.context import STATUSES, Figure
from cn_ai_funding.deals.citing import cite
from cn_ai_funding.deals.corrections import Corrections
from cn_ai_funding.deals.linking import link
from cn_ai_funding.deals.mentions import Mention
from cn_ai_funding.deals.totals import settle
from cn_ai_funding.kinds import MEASURES, ONCE_DONE, SUMMED

PUBLISHED = date(2019, 2, 7)
GIVEN = {"status", "date", "round", "whole", "with"}


def composed(text, published=PUBLISHED):
    """The mentions of figures in the notation of cases/totals.tsv."""
    found = []
    for number, told in enumerate(text.split(" ; ")):
        article, kind, who, *rest = told.split(" ")
        known = dict(word.split("=") for word in rest if word.partition("=")[0] in GIVEN)
        amount = " ".join(word for word in rest if word.partition("=")[0] not in GIVEN)
        (money,) = find_money(amount)
        when = known.get("date")
        figure = Figure(
            replace(money, start=1000 * number, end=1000 * number + len(money.text)),
            kind,
            known.get("status", "completed"),
            organization=who.removeprefix("?") if who != "-" else None,
            organization_id=None if who.startswith(("?", "-")) else who,
            date=None if when == "none" else when or published.isoformat(),
            date_basis="none" if when == "none" else "stated" if when else "published",
            round=known.get("round"),
            parties=(Party("investor", known["with"], known["with"], (0, 1)),) if "with" in known else (),
        )
        whole = found[int(known["whole"])].mention_id if "whole" in known else None
        found.append(
            Mention(
                f"{article}:{figure.money.start}-{figure.money.end}",
                source(article, published),
                figure,
                None,
                "",
                whole,
            )
        )
    return found


def outcome(found):
    """Of each mention why its deal is left out of totals, `in`, or the number of its deal's first mention."""
    settled = {mention.mention_id: deal for deal in as_deals(found) for mention in deal.mentions}
    first, said = {}, []
    for number, mention in enumerate(found):
        deal = settled[mention.mention_id]
        said.append(f"={first[id(deal)]}" if id(deal) in first else deal.exclude_reason or "in")
        first.setdefault(id(deal), number)
    return " ; ".join(said)


@pytest.mark.parametrize("row", rows("totals"), ids=lambda row: row["case"])
def test_what_may_be_added_up(row):
    assert outcome(composed(row["figures"])) == row["expected"]


def settled(found, *rows):
    """Composed mentions after corrections (number of mention, expected, value) of why they are left out; problems."""
    reviews = [
        {
            "mention_id": found[number].mention_id,
            "field": "left_out",
            "expected": expected,
            "value": value,
            "reason": "read",
            "line": str(line),
        }
        for line, (number, expected, value) in enumerate(rows, 2)
    ]
    corrections = Corrections(reviews, [])
    articles = dict.fromkeys(mention.source.source_id for mention in found)
    problems = []
    found = [
        m
        for name in articles
        for m in corrections.apply(name, [m for m in found if m.source.source_id == name], problems)
    ]
    linked = link(found, RATES)
    settle(linked, RATES, problems)
    settled = {mention.mention_id: deal for deal in linked for mention in deal.mentions}
    return [settled[mention.mention_id].exclude_reason or "in" for mention in found if mention.figure.is_deal], [
        *map(str, problems)
    ]


PLAN_AND_FUND = "a investment_plan sensetime 3억 달러 ; a fund sensetime 3억 달러"
SUM = "a funding_round sensetime 3억 달러 ; a funding_round sensetime 1억 달러 ; a funding_round sensetime 2억 달러"


@pytest.mark.parametrize(
    ("figures", "rows", "expected"),
    [
        (PLAN_AND_FUND, [], ["in", "duplicate"]),
        (PLAN_AND_FUND, [(1, "duplicate", None)], ["in", "in"]),
        (PLAN_AND_FUND, [(0, None, "duplicate")], ["duplicate", "in"]),
        (PLAN_AND_FUND, [(1, "duplicate", "part")], ["in", "part"]),
        (SUM, [], ["in", "part", "part"]),
        (SUM, [(0, None, "aggregate")], ["aggregate", "in", "in"]),
        (SUM, [(1, "part", None), (2, "part", None)], ["in", "in", "in"]),
        ("a funding_round sensetime 3억 달러", [(0, None, "talks")], ["talks"]),
    ],
)
def test_why_a_figure_is_left_out_can_be_corrected_and_the_others_are_settled_beside_it(figures, rows, expected):
    assert settled(composed(figures), *rows) == (expected, [])


def test_talks_that_a_maintainer_calls_a_plan_count():
    found = mentions("바이두는 AI 데이터센터에 100억 위안을 투자하는 방안을 놓고 정부와 협의 중이다.")
    assert settled(found) == (["talks"], [])
    assert settled(found, (0, "talks", None)) == (["in"], [])


@pytest.mark.parametrize(
    ("figures", "rows", "problem"),
    [
        (PLAN_AND_FUND, [(1, "part", None)], "line 2: found left_out of a:1000-1005 is 'duplicate'; expected 'part'"),
        (PLAN_AND_FUND, [(0, "duplicate", None)], "line 2: found left_out of a:0-5 is None; expected 'duplicate'"),
        (
            PLAN_AND_FUND,
            [(1, "duplicate", "mistake")],
            "line 2: found the value 'mistake'; expected duplicate, part, aggregate, talks, or nothing",
        ),
        ("a fund sensetime 최대 3억 달러", [(0, "upper_bound", None)], "Correct that field: status, kind, qualifier"),
        (
            "a capital_flow china 3억 달러",
            [(0, "aggregate", None)],
            "line 2: found left_out of a:0-5 is 'aggregate'; expected None",
        ),
        ("a price china 3억 달러", [(0, None, "part")], "which is no deal"),
        (
            "a fund x 3억 달러 ; b fund x 3억 달러",
            [(1, None, "duplicate")],
            "not said of the amount of each of its sources",
        ),
        ("a fund x 1조 6700억 원 ; a fund x 100억 위안", [(0, None, "duplicate")], "not said of the amount of each"),
        (
            "a fund x 3억 달러 ; b fund x 3억 달러",
            [(0, None, "part"), (1, None, "talks")],
            "line 3: found left_out of a:0-5 is 'part' by line 2; expected 'talks'",
        ),
    ],
)
def test_a_correction_of_why_a_figure_is_left_out_that_does_not_hold_is_a_problem(figures, rows, problem):
    found = [
        m if m.figure.investment else replace(m, figure=replace(m.figure, exclude_reason="not_investment"))
        for m in composed(figures)
    ]
    _, problems = settled(found, *rows)
    assert [problem in one for one in problems] == [True]


def with_amount(mention, amount):
    money = replace(mention.figure.money, amount=Decimal(amount), low=Decimal(amount), high=Decimal(amount))
    return replace(mention, figure=replace(mention.figure, money=money))


@pytest.mark.parametrize("kind", MEASURES)
def test_less_than_nothing_counts_in_no_total(kind):
    (mention,) = composed(f"a {kind} sensetime 3억 달러")
    (deal,) = as_deals([with_amount(mention, -300_000_000)])
    assert deal.exclude_reason == ("negative" if MEASURES[kind] in SUMMED else as_deals([mention])[0].exclude_reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("바이두는 AI에 100억 위안을 투자할 계획이다.", None),
        ("바이두는 AI에 100억 위안을 투자하는 방안을 놓고 정부와 협의 중이다.", "talks"),
        ("바이두는 AI에 100억 위안을 투자하기를 희망한다.", "talks"),
        ("바이두는 AI에 100억 위안을 투자해 스타트업을 지원한다.", None),
        ("바이두는 AI에 100억 위안을 투자하기를 원한다.", "talks"),
        ("바이두는 AI에 100억 위안을 투자할 계획이다. 구체적인 일정은 협의 중이다.", None),
        ("중국 AI 기업 센스타임은 3억 달러 유치를 놓고 투자자와 협상하고 있다.", "talks"),
    ],
)
def test_what_is_only_talked_about_or_hoped_for_counts_in_no_total(text, expected):
    (deal,) = deals(text)
    assert (deal.status, deal.exclude_reason) == ("planned", expected)


def test_talks_that_another_article_reports_as_decided_count():
    talks, decided = (
        "바이두는 AI 데이터센터에 100억 위안을 투자하는 방안을 협의 중이다.",
        "바이두는 AI 데이터센터에 100억 위안을 투자할 계획이다.",
    )
    assert [deal.exclude_reason for deal in deals(talks)] == ["talks"]
    assert [deal.exclude_reason for deal in deals(talks, decided)] == [None]


@pytest.mark.parametrize(
    ("gloss", "currencies"),
    [
        (", 190조 원", ["KRW"]),
        ("(인건비 포함)(190조 원)", ["KRW"]),
        (", 190조 원(1700억 달러)", ["KRW", "USD"]),
        (", 290조 원", []),
    ],
)
def test_what_stands_near_in_another_currency_restates_where_it_agrees_at_the_days_rate(gloss, currencies):
    found = mentions(f"샤오미는 AI에 1조 1500억 위안{gloss}을 투자할 계획이다.")
    parents = [mention.figure.money.currency for mention in found[1:] if mention.parent == found[0].mention_id]
    assert parents == currencies
    assert len(as_deals(found)) == 2 - bool(currencies)


def test_the_amount_in_another_currency_of_one_article_is_the_stated_one():
    (deal,) = as_deals(composed("a investment_plan xiaomi 190조 원 ; a investment_plan xiaomi 1조 1500억 위안"))
    row = deal.row({})
    assert (row["currency"], row["stated_amount"], row["stated_currency"]) == ("CNY", 190e12, "KRW")


@pytest.mark.parametrize(
    ("figures", "doubts"),
    [
        ("a funding_round sensetime 3억 달러 ; b funding_round sensetime 31억 달러", [[], ["outlier"]]),
        ("a funding_round sensetime 3억 달러 ; b funding_round sensetime 29억 달러", [[], []]),
        ("a funding_round sensetime 31억 달러", [[]]),
        (
            "a funding_round sensetime 3억 달러 ; b funding_round sensetime 31억 달러 ; c ipo sensetime 31억 달러",
            [[], ["outlier"], []],
        ),
        (
            "a funding_round sensetime 31억 달러 ; b valuation sensetime 40억 달러 ; "
            "c funding_round sensetime 1억 달러",
            [[], [], []],
        ),
        ("a valuation sensetime 40억 달러 ; b funding_round sensetime 1억 달러", [[], []]),
        ("a capital_flow china 2경 원", [["huge"]]),
        ("a capital_flow china 9조 달러", [["huge"]]),
        ("a capital_flow china 5조 달러", [[]]),
        (
            "a funding_round sensetime 3억 달러 round=A ; a funding_round sensetime 3억 달러 round=B",
            [["twice"], ["twice"]],
        ),
        ("a funding_round sensetime 3억 달러 ; a investment_plan sensetime 3억 달러 date=2017", [[], []]),
    ],
)
def test_what_is_odd_is_named_and_still_counts(figures, doubts):
    found = composed(figures)
    assert [sorted(deal.doubts) for mention in found for deal in as_deals(found) if mention in deal.mentions] == doubts


def test_what_is_told_as_done_on_a_day_after_its_article_is_doubted_until_it_is_dated_anew():
    figure = composed("a funding_round sensetime 3억 달러 date=2019-03")[0].figure
    text = figure.money.text
    (mention,) = cite(source("a", PUBLISHED), text, text, [figure], [])
    (deal,) = as_deals([mention])
    assert (deal.status, deal.doubts) == ("planned", ["after_publication"])


def test_of_what_one_article_plans_and_another_tells_as_done_the_latter_is_cited():
    planned, done = (
        "a funding_round sensetime 3억 달러 status=planned date=2019",
        "b funding_round sensetime 3억 달러 date=2019-03",
    )
    (deal,) = as_deals([*composed(planned), *composed(done, date(2019, 4, 1))])
    assert (deal.status, deal.cited.mention.source.source_id, deal.doubts) == ("completed", "b", [])


def test_a_maintainer_who_dates_it_or_says_whether_it_happened_settles_the_doubt():
    figure = composed("a funding_round sensetime 3억 달러 date=2019-03")[0].figure
    (mention,) = cite(source("a", PUBLISHED), figure.money.text, figure.money.text, [figure], [])
    for field, expected, value in (("status", "planned", "forecast"), ("date", "2019-03", "2019-01")):
        row = {
            "mention_id": mention.mention_id,
            "field": field,
            "expected": expected,
            "value": value,
            "reason": "read again",
            "line": "2",
        }
        ((deal,), problems) = (as_deals(Corrections([row], []).apply("a", [mention], found := [])), found)
        assert (deal.doubts, problems) == ([], [])


def test_a_rate_more_than_five_days_older_than_its_date_is_told():
    last = HISTORY.date.max()
    for days, doubts in ((5, []), (6, ["late_rate"]), (40, [])):
        day = (last + timedelta(days=days)).date()
        (deal,) = as_deals(composed("a funding_round sensetime 3억 위안", day))
        assert (deal.doubts, deal.exclude_reason) == (doubts, "no_rate" if days == 40 else None)


@pytest.mark.parametrize(
    ("who", "directory", "name"),
    [
        ("sensetime", {"name_en": "SenseTime", "name_ko": "센스타임"}, "SenseTime"),
        ("sensetime", {"name_en": None, "name_ko": "센스타임"}, "센스타임"),
        ("?어느회사", {}, "어느회사"),
        ("-", {}, "not named"),
    ],
)
def test_every_deal_has_a_name_to_group_by(who, directory, name):
    (deal,) = as_deals(composed(f"a funding_round {who} 3억 달러"))
    assert deal.row({"sensetime": directory})["organization_name"] == name


KINDS = st.sampled_from([*MEASURES])
FIGURES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        KINDS,
        st.sampled_from(["sensetime", "xiaomi", "?어느회사"]),
        st.sampled_from(
            [
                f"{many}{n}억 {currency}"
                for many in ("", "최대 ")
                for n in (1, 2, 3, 5)
                for currency in ("달러", "위안", "대만달러")
            ]
        ),
        st.sampled_from([f"status={status}" for status in STATUSES]),
        st.sampled_from(["", " date=2017-05", " date=2018"]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=50)
@given(FIGURES)
def test_totals_hold_nothing_twice_and_nothing_that_nobody_would_sign(told):
    """Whatever the articles tell."""
    found = composed(
        " ; ".join(
            f"{article} {kind} {who} {amount} {status}{when}" for article, kind, who, amount, status, when in told
        )
    )
    settled = as_deals(found)
    assert sorted(mention.mention_id for deal in settled for mention in deal.mentions) == sorted(
        mention.mention_id for mention in found
    )
    counted = [deal for deal in settled if deal.exclude_reason is None]
    for deal in counted:
        assert deal.measure in SUMMED
        assert deal.status in ("completed", "as_of", *(() if deal.measure in ONCE_DONE else ("planned",)))
        assert deal.usd > 0
        assert deal.cited.mention.figure.organization_id
        assert deal.cited.mention.figure.money.qualifier == "exact"
    once = [
        (m.source.source_id, d.measure, m.who, m.figure.money.currency, m.figure.money.amount, m.figure.date)
        for d in counted
        for m in [d.cited.mention]
    ]
    assert len(once) == len(set(once))


@settings(max_examples=25)
@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_in_which_articles_are_read_changes_nothing(told, draw):
    found = composed(
        " ; ".join(
            f"{article} {kind} {who} {amount} {status}{when}" for article, kind, who, amount, status, when in told
        )
    )
    mixed = draw.sample(found, len(found))
    assert [deal.row({}) for deal in as_deals(mixed)] == [deal.row({}) for deal in as_deals(found)]

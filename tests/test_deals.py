"""Which mentions tell of one deal, and what the deal is."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import ROOT
from linking import as_deals, deals, mentions, source

from cn_ai_funding import Party, read_article
from cn_ai_funding.context import STATUSES
from cn_ai_funding.deals.citing import cite
from cn_ai_funding.deals.corrections import REVIEWABLE, Corrections
from cn_ai_funding.deals.mentions import as_published

RAISED = "중국 AI 기업 센스타임은 3억 달러를 조달했다."
OTHER = "중국 AI 기업 센스타임은 4억 달러를 조달했다."


def told(*articles):
    """The mentions of articles of one figure each: its text, and what else is known of it than is read there."""
    found = mentions(*(text for text, _ in articles))
    return [
        replace(mention, figure=replace(mention.figure, **known))
        for mention, (_, known) in zip(found, articles, strict=True)
    ]


def test_headline_and_body_are_one_deal():
    (deal,) = deals("센스타임, AI에 3억 달러 조달\n\n중국 센스타임은 3억 달러(약 3300억원)를 조달했다.")
    assert len(deal.mentions) == 2
    assert [m.figure.money.text for m in deal.cited.restatements] == ["3300억원"]


def test_a_rounded_amount_is_the_same_and_the_precise_one_is_kept():
    (deal,) = deals("중국 AI 기업 센스타임, 3억 달러 조달\n\n센스타임은 3억 1200만 달러를 조달했다.")
    assert deal.cited.mention.figure.money.text == "3억 1200만 달러"
    assert deal.deal_id == "000:15-20"


def test_the_precise_amount_is_kept_where_the_rounded_one_is_restated_too():
    (deal,) = deals(
        "중국 AI 기업 센스타임은 3억 달러(약 3300억원)를 조달했다.\n\n센스타임은 3억 1200만 달러를 조달했다."
    )
    assert deal.cited.mention.figure.money.text == "3억 1200만 달러"


def test_a_plan_that_another_article_reports_as_done_is_done():
    plan, done = (
        ("중국 AI 기업 센스타임은 3억 달러 투자를 유치할 계획이다.", date(2018, 1, 5)),
        ("중국 AI 기업 센스타임은 3억 달러 투자를 유치했다.", date(2018, 2, 1)),
    )
    (deal,) = deals(plan, done)
    assert (deal.status, deal.exclude_reason) == ("completed", None)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", date(2024, 6, 1)),
        ("중국 AI 기업 센스타임은 2018년 11월 3억 달러를 조달했다.", date(2018, 12, 1)),
    ],
)
def test_the_same_amount_years_apart_or_after_the_first_report_is_another_deal(text, published):
    assert len(deals(("중국 AI 기업 센스타임은 3억 달러를 조달했다.", date(2017, 6, 1)), (text, published))) == 2


@pytest.mark.parametrize("gloss", ["약 500억원", "당시 환율 약 500억원", "2016년 기준 약 500억원", "한국돈 약 500억원"])
def test_what_stands_in_the_bracket_after_an_amount_restates_it(gloss):
    (deal,) = deals(f"중국 AI 기업 센스타임은 3억 위안({gloss})을 조달했다.")
    assert [m.figure.money.text for m in deal.cited.restatements] == ["500억원"]
    assert deal.dated.figure.date == "2019-02-07"


def test_what_two_sources_tell_differently_is_one_deal_with_both_citations():
    (deal,) = deals("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 4억 달러를 조달했다.")
    assert deal.conflict == "000:15-20 3억 달러 | 001:15-20 4억 달러"
    assert (deal.deal_id, len(deal.source_ids), deal.cited.mention.figure.money.text) == ("000:15-20", 2, "3억 달러")


def test_only_another_amount_in_the_same_currency_is_told_as_a_conflict():
    few, many = RAISED, "센스타임, AI에 4500억원 조달\n\n중국 AI 기업 센스타임은 4억 달러(약 4500억원)를 조달했다."
    (deal,) = deals(few, many)
    assert len(deal.mentions) == 3
    assert deal.conflict == "000:15-20 3억 달러 | 001:36-41 4억 달러"


def test_what_articles_write_in_other_ways_is_no_conflict():
    one = "바이두, AI에 84조원 투자 계획\n\n중국 바이두는 AI에 5000억 위안을 투자할 계획이다."
    (deal,) = deals(one, "바이두는 AI에 5천억위안(약 83조2천억원)을 투자할 계획이다.")
    assert (deal.conflict, len(deal.source_ids)) == (None, 2)


def test_what_was_done_is_no_other_amount_of_a_plan():
    plan, done = (RAISED, {"status": "planned"}), (OTHER, {})
    assert [(deal.status, deal.conflict) for deal in as_deals(told(plan, done))] == [
        ("planned", None),
        ("completed", None),
    ]


def test_a_headline_in_won_joins_what_another_article_tells_in_dollars():
    body = "센스타임, AI에 3300억원 조달\n\n중국 AI 기업 센스타임은 3억 달러(약 3370억원)를 조달했다."
    (deal,) = deals(RAISED, body)
    assert [mention.figure.money.text for mention in deal.mentions] == ["3억 달러", "3300억원", "3억 달러"]


def test_what_most_sources_tell_is_the_deals_amount():
    few, many = "중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 4억 달러를 조달했다."
    (deal,) = deals(few, many, many)
    assert deal.conflict == "001:15-20 4억 달러 | 000:15-20 3억 달러"
    assert deal.deal_id == "000:15-20"


@pytest.mark.parametrize(
    "articles",
    [
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임은 4억 달러도 조달했다.",),
        (
            "중국 AI 기업 센스타임은 3억 달러를 조달했다.",
            ("중국 AI 기업 센스타임은 4억 달러를 조달했다.", date(2019, 4, 7)),
        ),
        (
            "중국 AI 기업 센스타임은 시리즈 A로 3억 달러를 조달했다.",
            "중국 AI 기업 센스타임은 시리즈 B로 4억 달러를 조달했다.",
        ),
        tuple(f"중국 AI 기업 센스타임은 {amount}억 달러를 조달했다." for amount in (30, 40, 50)),
    ],
    ids=["one source", "another time", "another round", "more than two"],
)
def test_amounts_stay_apart_where_they_may_be_of_different_deals(articles):
    found = deals(*articles)
    assert len(found) > 1
    assert {deal.conflict for deal in found} == {None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 9억 달러를 조달했다."),
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 메그비는 3억 달러를 조달했다."),
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 3억 위안을 조달했다."),
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임의 기업가치는 3억 달러다."),
        ("중국 AI 기업 센스타임은 2017년 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 2018년 3억 달러를 조달했다."),
    ],
)
def test_other_amounts_organizations_currencies_kinds_or_dates_are_other_deals(one, other):
    assert len(deals(one, other)) == 2


def test_two_articles_that_tell_the_same_are_one_deal_dated_by_the_one_that_knows():
    early, late = date(2018, 1, 5), date(2019, 2, 7)
    (deal,) = deals(
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", late),
        ("중국 AI 기업 센스타임은 2017년 11월 3억 달러를 조달했다.", early),
    )
    assert {m.source.source_id for m in deal.mentions} == {"000", "001"}
    assert (deal.deal_id.split(":")[0], deal.dated.figure.date) == ("001", "2017-11")


def test_no_rate_is_later_than_the_article_that_gives_the_amount():
    """Another article, which appeared later, gives the date.

    The amount is valued with what was known when it was published.
    """
    early, late = date(2018, 1, 5), date(2018, 11, 2)
    (deal,) = deals(
        ("중국 AI 기업 센스타임은 3억 1200만 달러를 투자받았다.", early),
        ("중국 AI 기업 센스타임은 2018년 1월 3억 달러를 투자받았다.", late),
    )
    assert (deal.cited.mention.source.published, deal.dated.source.published) == (early, late)
    assert deal.value_window == (date(2018, 1, 1), early)


def test_a_headline_in_won_is_the_deal_that_the_body_restates_in_won():
    (deal,) = deals("샤오미, 중국 AI에 15조원 투자 계획\n\n샤오미는 AI에 100억 달러(약 15조2천억원)를 투자할 계획이다.")
    assert deal.cited.mention.figure.money.text == "100억 달러"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", None),
        ("중국 AI 기업 센스타임은 3억 달러를 조달할 계획이다.", "planned"),
        ("중국 AI 기업 센스타임이 지금까지 유치한 돈은 3억 달러다.", "cumulative"),
        ("중국 AI 기업 센스타임의 기업가치는 3억 달러다.", "valuation"),
        ("중국 AI 시장에 3억 달러의 외자가 유입됐다.", "aggregate"),
        ("중국 AI 기업 센스타임은 수억 달러를 조달했다.", "no_amount"),
        ("중국 AI 전체 투자액은 3억 달러에 달할 것으로 전망된다.", "forecast"),
    ],
)
def test_says_what_must_not_be_added_up(text, reason):
    (deal,) = deals(text)
    assert deal.exclude_reason == reason


@pytest.mark.parametrize("status", ["cancelled", "superseded"])
@pytest.mark.parametrize("kind", ["funding_round", "investment_plan", "valuation"])
def test_what_did_not_happen_or_was_replaced_counts_in_no_total(kind, status):
    (deal,) = as_deals(told((RAISED, {"kind": kind, "status": status})))
    assert (deal.row({})["status"], deal.row({})["exclude_reason"], deal.row({})["include_in_totals"]) == (
        status,
        status,
        False,
    )


@pytest.mark.parametrize("status", STATUSES)
def test_a_deal_may_have_any_status(status):
    assert [deal.status for deal in as_deals(told((RAISED, {"status": status})))] == [status]


@pytest.mark.parametrize("void", ["cancelled", "superseded"])
@pytest.mark.parametrize(
    ("other", "expected"),
    [("completed", None), ("as_of", None), ("planned", "void"), ("forecast", "void"), ("void", "void")],
)
def test_what_did_not_happen_is_no_mention_of_what_did_but_the_end_of_a_plan(void, other, expected):
    for statuses in ((void, other), (other, void)):
        found = as_deals(told(*((RAISED, {"status": void if status == "void" else status}) for status in statuses)))
        assert [deal.status for deal in found] == (
            [void] if expected else [void if status == void else other for status in statuses]
        )


def test_a_plan_that_was_called_off_is_no_other_amount_of_one_that_stands():
    """Two sources, two amounts: they are told apart only where one tells what the other says is over."""
    assert [deal.conflict is None for deal in as_deals(told((RAISED, {}), (OTHER, {})))] == [False]
    assert [deal.exclude_reason for deal in as_deals(told((RAISED, {"status": "superseded"}), (OTHER, {})))] == [
        "superseded",
        None,
    ]
    (deal,) = as_deals(told((RAISED, {"status": "cancelled"}), (OTHER, {"status": "cancelled"})))
    assert (deal.exclude_reason, deal.conflict is None) == ("cancelled", False)


@pytest.mark.parametrize(
    ("known", "published", "status"),
    [
        ({"date": "2019-02-08"}, date(2019, 2, 7), "planned"),
        ({"date": "2019-03"}, date(2019, 2, 7), "planned"),
        ({"date": "2020/2025"}, date(2019, 2, 7), "planned"),
        ({"date": "2019-02-07"}, date(2019, 2, 7), "completed"),
        ({"date": "2019"}, date(2019, 2, 7), "completed"),
        ({"date": "../2025"}, date(2019, 2, 7), "completed"),
        ({"date": None}, date(2019, 2, 7), "completed"),
        ({"date": "2030"}, None, "completed"),
        ({"date": "2030", "status": "as_of"}, date(2019, 2, 7), "as_of"),
    ],
)
def test_what_begins_after_its_publication_is_planned_and_not_completed(known, published, status):
    (figure,) = read_article(RAISED)
    figure = replace(figure, **known)
    assert as_published(figure, published) == replace(figure, status=status)
    (mention,) = cite(source("000", published), RAISED, RAISED, [figure], [])
    assert (mention.figure.status, mention.figure.evidence) == (status, figure.evidence)


def test_what_had_happened_by_its_publication_is_not_what_another_dates_after_it():
    year, day = (
        {"date": "2018", "date_basis": "stated"},
        {"date": "2018-04-10", "date_basis": "stated", "status": "planned"},
    )
    assert len(as_deals(told(((RAISED, date(2018, 1, 5)), year), ((RAISED, date(2018, 4, 1)), day)))) == 2
    assert len(as_deals(told(((RAISED, date(2018, 5, 5)), year), ((RAISED, date(2018, 4, 1)), day)))) == 1


def test_a_deal_is_as_sure_as_its_citation_and_a_restatement_as_what_it_restates():
    text = "중국 AI 기업 센스타임, 3억 달러 조달\n\n센스타임은 3억 1200만 달러(약 3300억원)를 조달했다."
    figures = [
        replace(figure, confidence=confidence)
        for figure, confidence in zip(read_article(text), (0.99, 0.87654, 0.1), strict=True)
    ]
    found = cite(source("000"), text, text, figures, [])
    assert [mention.row(text)["confidence"] for mention in found] == [0.99, 0.877, 0.877]
    (deal,) = as_deals(found)
    assert (deal.cited.mention.figure.money.text, deal.row({})["confidence"]) == ("3억 1200만 달러", 0.877)
    after, problems = corrected(found, {"mention_id": found[1].mention_id, "field": "kind", "value": "ipo"})
    assert problems == []
    assert [mention.row(text)["confidence"] for mention in after] == [0.99, 0.877, 0.877]
    assert {(deal.row({})["confidence"], deal.row({})["review"]) for deal in as_deals(after)} == {
        (0.99, "machine"),
        (0.877, "corrected"),
    }


def party(role, name, organization_id=None):
    return Party(role, name, organization_id, (0, 3))


def test_a_name_is_a_party_of_a_deal_once_in_each_role_by_the_first_mention_that_tells_it():
    first = {"parties": (party("investor", "텐센트", "tencent"), party("investor", "어느펀드"))}
    again = {"parties": (party("lead_investor", "텐센트", "tencent"), party("investor", "텐센트", "tencent"))}
    (deal,) = as_deals(told((RAISED, {}), (RAISED, first), (RAISED, again)))
    rows = sorted(map(tuple, (row.values() for row in deal.parties)), key=str)
    assert rows == [
        ("000:15-20", "investor", "tencent", "텐센트", "001:15-20"),
        ("000:15-20", "investor", None, "어느펀드", "001:15-20"),
        ("000:15-20", "lead_investor", "tencent", "텐센트", "002:15-20"),
    ]


def test_where_the_reader_names_no_party_none_is_derived():
    (deal,) = as_deals(told((RAISED, {"counterparties": ("텐센트",), "parties": ()})))
    assert (deal.counterparties, deal.parties) == (["텐센트"], [])


def test_a_part_is_left_out_beside_its_whole():
    whole, part = deals("중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임은 그중 1억 달러를 조달하고 쉬었다.")
    assert (whole.exclude_reason, part.exclude_reason) == (None, "part")


def test_restatements_make_no_deal_of_their_own():
    (deal,) = deals("중국 AI 기업 센스타임은 25억 위안(3억 4,200만 달러·약 4601억원)을 조달했다.")
    assert [m.figure.money.currency for m in deal.cited.restatements] == ["USD", "KRW"]


REVIEW = {"field": "kind", "expected": "funding_round", "value": "fund", "reason": "said so", "line": "2"}


TEXT = "중국 AI 기업 센스타임은 3억 달러(약 3300억원)를 조달했다. 매출은 12조에 달한다."


def corrected(found, *reviews):
    """The mentions after reviews, each a dictionary that names its mention by its place, and the problems."""
    problems = []
    rows = [REVIEW | {"mention_id": found[0].mention_id} | row for row in reviews]
    corrections = Corrections(
        rows, [{"organization_id": "sensetime"}, {"organization_id": "megvii", "name_ko": "메그비"}]
    )
    after = corrections.apply("000", found, problems)
    corrections.left({"000"}, problems)
    return after, [str(problem) for problem in problems]


def reviewed(**changes):
    return corrected(mentions(TEXT), changes)


def test_a_review_corrects_a_mention_and_what_restates_it():
    found, problems = reviewed()
    assert problems == []
    assert [(m.figure.kind, m.reviewed) for m in found] == [("fund", True), ("fund", True), ("financials", False)]
    assert [m.row(TEXT)["review"] for m in found] == ["corrected", "corrected", "machine"]


def test_what_a_wrong_value_was_read_from_is_no_evidence_any_more():
    before = {row["field"] for row in mentions(TEXT)[0].evidence(TEXT)}
    (round_, *_), _ = reviewed()
    assert before - {row["field"] for row in round_.evidence(TEXT)} == {"kind"}


@pytest.mark.parametrize("kind", ["market_size", "other"])
def test_a_review_may_say_that_a_figure_is_no_deal_and_the_reverse(kind):
    found, _ = reviewed(value=kind)
    assert as_deals(found) == []
    back, _ = corrected(found, {"expected": kind, "value": "ipo"})
    assert [deal.measure for deal in as_deals(back)] == ["raised"]


@pytest.mark.parametrize(("value", "named"), [(None, (None, None)), ("megvii", ("megvii", "메그비"))])
def test_a_review_of_the_organization_takes_the_wrong_name_away(value, named):
    found, problems = reviewed(field="organization_id", expected="sensetime", value=value)
    assert problems == []
    (deal,) = as_deals(found)
    row = deal.row({"megvii": {"name_ko": "메그비"}})
    assert (row["organization_id"], row["organization_ko"]) == named
    assert found[0].row(TEXT)["organization_text"] is None


@pytest.mark.parametrize("status", ["cancelled", "superseded"])
def test_a_review_may_say_that_it_did_not_happen_or_was_replaced(status):
    found, problems = reviewed(field="status", expected="completed", value=status)
    assert problems == []
    (deal,) = as_deals(found)
    assert (deal.status, deal.exclude_reason, deal.row({})["review"]) == (status, status, "corrected")


def test_a_review_cannot_complete_what_begins_after_its_publication_unless_it_dates_it_too():
    early, late = date(2019, 2, 7), "2019-05"
    found = told(((RAISED, early), {"date": late, "date_basis": "stated", "status": "planned"}))
    completed = {"field": "status", "expected": "planned", "value": "completed"}
    _, (problem,) = corrected(found, completed)
    assert problem.startswith(
        "reviews.csv, line 2: found 000:15-20 completed in 2019-05; expected a date up to its publication, 2019-02-07"
    )
    after, problems = corrected(found, completed, {"field": "date", "expected": late, "value": "2019-01"})
    assert (problems, after[0].figure.status) == ([], "completed")


def test_a_review_of_the_amount_keeps_how_vague_it_is():
    found, problems = corrected(
        mentions("중국 AI 기업 센스타임은 최소 3억 달러를 조달했다."),
        {"field": "amount", "expected": "300000000", "value": "400000000"},
        {"field": "currency", "expected": "USD", "value": "HKD"},
    )
    assert problems == []
    money = found[0].figure.money
    assert (money.amount, money.low, money.high, money.currency, money.qualifier) == (
        400000000,
        400000000,
        None,
        "HKD",
        "at_least",
    )


def test_a_correction_of_what_restates_a_deal_shows_in_the_deal():
    found = mentions(TEXT)
    after, problems = corrected(
        found,
        {"mention_id": found[1].mention_id, "field": "amount", "expected": "330000000000", "value": "340000000000"},
    )
    assert problems == []
    (deal,) = as_deals(after)
    assert (deal.row({})["stated_amount"], deal.row({})["review"]) == (340000000000, "corrected")
    apart, _ = corrected(
        found, {"mention_id": found[1].mention_id, "field": "restates", "expected": found[0].mention_id, "value": None}
    )
    assert {deal.row({})["review"] for deal in as_deals(apart)} == {"corrected"}


def test_a_name_of_ones_own_is_no_organization_of_the_directory():
    found, problems = reviewed(field="organization", expected="센스타임", value="센스타임홀딩스")
    assert problems == []
    assert (found[0].figure.organization, found[0].figure.organization_id) == ("센스타임홀딩스", None)


def test_corrections_hold_in_any_order():
    found = mentions("중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임이 조달한 돈은 3300억원이다.")
    rows = [{"field": "kind", "expected": "funding_round", "value": "ipo"}]
    rows += [{"mention_id": found[1].mention_id, "field": "restates", "expected": None, "value": found[0].mention_id}]
    for order in (rows, rows[::-1]):
        assert [m.figure.kind for m in corrected(found, *order)[0]] == ["ipo", "ipo"]


def test_a_review_of_the_amount_leaves_what_restates_it():
    found, _ = reviewed(field="amount", expected="300000000", value="400000000")
    assert [(m.figure.money.amount, m.reviewed) for m in found][:2] == [(400000000, True), (330000000000, False)]


def test_a_review_may_say_what_restates_what_and_the_reverse():
    found = mentions("중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임이 조달한 돈은 3900억원이다.")
    assert len(as_deals(found)) == 2
    again, problems = corrected(
        found, {"mention_id": found[1].mention_id, "field": "restates", "expected": None, "value": found[0].mention_id}
    )
    assert problems == []
    (deal,) = as_deals(again)
    assert [m.figure.money.text for m in deal.cited.restatements] == ["3900억원"]
    apart, problems = corrected(
        again, {"mention_id": found[1].mention_id, "field": "restates", "expected": found[0].mention_id, "value": None}
    )
    assert problems == []
    assert len(as_deals(apart)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expected": "valuation"}, "no longer holds"),
        ({"mention_id": "000:1-2"}, "a mention of this build"),
        ({"mention_id": "009:1-2"}, "a mention of this build"),
        ({"field": "quote"}, "the field 'quote'"),
        ({"value": "gift"}, "the value 'gift'"),
        ({"field": "exclude_reason", "expected": None, "value": "whatever"}, "the value 'whatever'"),
        ({"field": "date", "expected": "2019-02-07", "value": "2019-2"}, "an EDTF date"),
        ({"field": "organization_id", "expected": "sensetime", "value": "nobody"}, "an id in organizations.csv"),
        ({"field": "date", "expected": "2019-02-07", "value": "2019-02-30"}, "an EDTF date"),
        ({"field": "amount", "expected": "300000000", "value": "3억"}, "a number of whole units"),
        ({"field": "amount", "expected": "30000000", "value": "3"}, "no longer holds"),
        ({"field": "amount", "expected": "300000000", "value": "0"}, "a number of whole units"),
        ({"field": "amount", "expected": "300000000", "value": "9999999999999999.99"}, "a number of whole units"),
        ({"field": "currency", "expected": "USD", "value": "달러"}, "an ISO 4217 code"),
        ({"field": "currency", "expected": "USD", "value": "XXX"}, "an ISO 4217 code"),
        ({"field": "currency", "expected": "USD", "value": "KRW"}, "another currency than"),
        ({"mention_id": "000:42-45", "field": "restates", "expected": None, "value": "000:22-27"}, "restates none"),
        ({"field": "restates", "expected": None, "value": "000:1-2"}, "another mention of the same source"),
        ({"field": "restates", "expected": None, "value": "000:42-45"}, "which others restate"),
    ],
)
def test_a_review_that_does_not_fit_is_a_problem(changes, said):
    found, (problem,) = reviewed(**changes)
    assert said in problem
    assert problem.startswith("reviews.csv, line 2")
    assert not any(m.reviewed for m in found)


def test_a_correction_of_a_source_that_could_not_be_read_is_no_problem_of_its_own():
    problems = []
    Corrections([REVIEW | {"mention_id": "000:1-2"}], []).left({"000"}, problems)
    assert problems == []


def test_the_fields_that_can_be_corrected_are_named_where_a_maintainer_looks():
    text = (ROOT / "raw" / "README.md").read_text(encoding="utf-8")
    assert [field for field in REVIEWABLE if f"`{field}`" not in text] == []


def test_a_citation_that_does_not_stand_in_its_text_is_a_problem():
    problems = []
    cite(source("000"), TEXT.replace("3억", "4억"), TEXT, read_article(TEXT), problems)
    assert "000.txt: found a citation that does not stand in the text" in str(problems[0])

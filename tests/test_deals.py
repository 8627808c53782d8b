"""Which mentions tell of one deal, what is judged from them, and what may be added up."""

from datetime import date

import pytest

from cn_ai_funding import read_article
from cn_ai_funding.deals import judge
from cn_ai_funding.mentions import cite, review
from cn_ai_funding.sources import Source


def source(source_id, published=date(2019, 2, 7)):
    return Source(source_id, "", True, "신문", None, None, None, published, "stated", "ko", "", 0, "", "", "")


def mentions(*articles):
    """The mentions of articles, each a text or a text with its date of publication."""
    found = []
    for number, article in enumerate(articles):
        text, published = article if isinstance(article, tuple) else (article, date(2019, 2, 7))
        found += cite(source(f"{number:03}", published), text, read_article(text, published), [])
    return found


def deals(*articles):
    return judge(mentions(*articles))


def test_headline_and_body_are_one_deal():
    (deal,) = deals("센스타임, AI에 3억 달러 조달\n\n중국 센스타임은 3억 달러(약 3300억원)를 조달했다.")
    assert len(deal.mentions) == 2
    assert [m.figure.money.text for m in deal.cited.restatements] == ["3300억원"]


def test_a_rounded_amount_is_the_same_and_the_precise_one_is_kept():
    (deal,) = deals("중국 AI 기업 센스타임, 3억 달러 조달\n\n센스타임은 3억 1200만 달러를 조달했다.")
    assert deal.cited.mention.figure.money.text == "3억 1200만 달러"
    assert deal.deal_id == "000:15-20"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("중국 AI 기업 센스타임은 3억 달러를 조달했다.", "중국 AI 기업 센스타임은 4억 달러를 조달했다."),
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
    (deal,) = deals(("중국 AI 기업 센스타임은 3억 달러를 조달했다.", late), ("중국 AI 기업 센스타임은 2017년 11월 3억 달러를 조달했다.", early))
    assert {m.source.source_id for m in deal.mentions} == {"000", "001"}
    assert (deal.deal_id.split(":")[0], deal.dated.figure.date) == ("001", "2017-11")


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


def test_a_part_is_left_out_beside_its_whole():
    whole, part = deals("중국 AI 기업 센스타임은 3억 달러를 조달했다. 센스타임은 그중 1억 달러를 조달하고 쉬었다.")
    assert (whole.exclude_reason, part.exclude_reason) == (None, "part")


def test_restatements_make_no_deal_of_their_own():
    (deal,) = deals("중국 AI 기업 센스타임은 25억 위안(3억 4,200만 달러·약 4601억원)을 조달했다.")
    assert [m.figure.money.currency for m in deal.cited.restatements] == ["USD", "KRW"]


REVIEW = {"field": "kind", "expected": "funding_round", "value": "fund", "reason": "said so", "line": "2"}


def reviewed(**changes):
    problems = []
    found = mentions("중국 AI 기업 센스타임은 3억 달러(약 3300억원)를 조달했다.")
    return review(found, [REVIEW | {"mention_id": found[0].mention_id} | changes], ["sensetime"], problems), [str(problem) for problem in problems]


def test_a_review_corrects_a_mention_and_what_restates_it():
    found, problems = reviewed()
    assert problems == []
    assert [(m.figure.kind, m.reviewed) for m in found] == [("fund", True), ("fund", True)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expected": "valuation"}, "no longer holds"),
        ({"mention_id": "000:1-2"}, "a mention of this build"),
        ({"field": "amount"}, "the field 'amount'"),
        ({"value": "gift"}, "the value 'gift'"),
        ({"field": "organization_id", "expected": "sensetime", "value": "nobody"}, "an id in organizations.csv"),
        ({"field": "date", "expected": "2019-02-07", "value": "2019-02-30"}, "an EDTF date"),
    ],
)
def test_a_review_that_does_not_fit_is_a_problem(changes, said):
    found, (problem,) = reviewed(**changes)
    assert said in problem
    assert problem.startswith("reviews.csv, line 2")
    assert not any(m.reviewed for m in found)

"""A table that breaks a rule is not published: each rule, broken once."""

import pandas as pd
import pytest

from cn_ai_funding import context, money, tables
from cn_ai_funding.context.figure import PARTY_ROLES
from cn_ai_funding.deals.fx import RATE_METHODS
from cn_ai_funding.deals.totals import DOUBTS
from cn_ai_funding.intake.csv_files import ORGANIZATION_TYPES
from cn_ai_funding.intake.sidecars import EXTENTS, PUBLISHED_BASES
from cn_ai_funding.kinds import KINDS, MEASURES, ONCE_DONE, SUMMED
from cn_ai_funding.release.schema import TABLES, VALUES, check, to_arrow


@pytest.fixture
def frames():
    loaded = {name: getattr(tables, f"load_{name}")() for name in tables.NAMES}
    return {name: TABLES[name].frame(frame) for name, frame in loaded.items()}


def test_the_published_tables_hold(frames):
    assert check(frames) == []


def spoil(frames, table, column, value, where=0):
    frames[table].loc[where, column] = value


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("deals", "kind", "gift", "isin"),
        ("deals", "stated_deviation_pct", float("inf"), "is a finite number"),
        ("deals", "kind", None, "not_nullable"),
        ("deals", "amount_usd", 1.0, "amount_usd = amount × rate_usd"),
        ("deals", "amount_krw_low", 1.0, "amount_krw_low = amount_low × rate_krw"),
        ("deals", "organization_name", None, "not_nullable"),
        ("deals", "measure", "stock", "the measure is that of the kind"),
        ("deals", "amount_low", None, "sets"),
        ("deals", "source_id", "nowhere", "source_id is a key of sources"),
        ("deals", "organization_id", "nobody", "organization_id is a key of organizations"),
        ("deals", "rate_to", pd.Timestamp("2030-01-01"), "no rate is later than the publication"),
        ("deals", "n_mentions", 9, "n_mentions counts"),
        ("deals", "include_in_totals", False, "exactly where exclude_reason is null"),
        ("deals", "status", "gone", "isin"),
        ("deals", "confidence", 0.5, "the confidence of the mention that it cites"),
        ("deals", "confidence", 1.001, "in_range"),
        ("mentions", "confidence", -0.001, "in_range"),
        ("mentions", "confidence", None, "not_nullable"),
        ("sources", "masked_share", 1.5, "in_range"),
        ("evidence", "mention_id", "nothing", "mention_id is a key of mentions"),
        ("mentions", "deal_id", "nothing", "deal_id is a key of deals"),
        ("mentions", "restates", "nothing", "restates is a key of mentions"),
        ("sources", "source_id", "001-joongang", "unique"),
    ],
)
def test_a_broken_rule_is_named(frames, table, column, value, said):
    row = (
        frames["deals"].query("published.notna() and include_in_totals and qualifier == 'exact'").index[0]
        if table == "deals"
        else 0
    )
    spoil(frames, table, column, value, row)
    problems = [str(problem) for problem in check(frames)]
    assert any(said in problem and f"table {table}" in problem for problem in problems), problems


def test_totals_must_leave_stocks_out(frames):
    stock = frames["deals"].index[frames["deals"].measure == "stock"][0]
    frames["deals"].loc[stock, ["include_in_totals", "exclude_reason"]] = [True, None]
    assert any("stocks and flows are left out" in str(problem) for problem in check(frames))


@pytest.mark.parametrize(
    ("measure", "status"),
    [
        *((measure, "planned") for measure in ONCE_DONE),
        *((measure, status) for measure in SUMMED for status in ("forecast", "cancelled", "superseded")),
    ],
)
def test_totals_must_leave_out_what_may_never_come(frames, measure, status):
    deals = frames["deals"]
    spoil(frames, "deals", "status", status, deals.index[deals.include_in_totals & (deals.measure == measure)][0])
    assert any("only planned but for commitments are left out of totals" in str(problem) for problem in check(frames))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("qualifier", "at_most", "upper bounds"),
        ("qualifier", "less_than", "upper bounds"),
        ("amount", -1.0, "negative amounts"),
        ("organization_id", None, "organizations that are not in the directory"),
        ("amount_cny", None, "rows without an amount in each currency"),
    ],
)
def test_totals_must_leave_out_what_nobody_would_sign(frames, column, value, said):
    deals = frames["deals"]
    spoil(frames, "deals", column, value, deals.index[deals.include_in_totals & (deals.currency != "CNY")][0])
    assert any(f"{said} are left out of totals" in str(problem) for problem in check(frames))


def test_a_column_of_several_values_holds_known_ones_joined(frames):
    spoil(frames, "deals", "doubt", "huge | outlier")
    assert check(frames) == []
    for value in ("huge, outlier", "huge | strange", ""):
        spoil(frames, "deals", "doubt", value)
        assert any("doubt" in str(problem) and "isin" in str(problem) for problem in check(frames)), value


def test_a_restatement_has_no_deal_of_its_own(frames):
    mentions = frames["mentions"]
    spoil(frames, "mentions", "deal_id", None, mentions.index[mentions.restates.notna() & mentions.deal_id.notna()][0])
    assert any("a restatement has the deal of what it restates" in str(problem) for problem in check(frames))


@pytest.mark.parametrize("table", ["deals", "mentions"])
def test_what_is_completed_begins_by_its_publication(frames, table):
    """A source whose day is not known may have appeared at any time."""
    frame, rule = frames[table], "what is completed begins by its publication"
    spoil(frames, "sources", "published", pd.Timestamp("2200-03-01"), slice(None))
    spoil(
        frames,
        table,
        "date_edtf",
        "2200-03-02",
        frame.index[(frame.status == "completed") & frame.date_edtf.notna()][0],
    )
    assert [str(problem).partition(":")[0] for problem in check(frames) if rule in str(problem)] == [f"table {table}"]
    spoil(frames, "sources", "published", None, slice(None))
    assert [problem for problem in check(frames) if rule in str(problem)] == []


def test_a_restatement_is_as_sure_as_what_it_restates(frames):
    mentions = frames["mentions"]
    spoil(frames, "mentions", "confidence", 0.25, mentions.index[mentions.restates.notna()][0])
    assert any("a restatement has the confidence of what it restates" in str(problem) for problem in check(frames))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("role", "friend", "isin"),
        ("organization_id", "nobody", "organization_id is a key of organizations"),
        ("deal_id", "nothing", "deal_id is a key of deals"),
        ("mention_id", "other", "a party is named by a mention of its deal"),
        ("name_text", None, "not_nullable"),
    ],
)
def test_a_party_is_a_known_role_in_a_deal_that_names_it(frames, column, value, said):
    deals = frames["deals"]
    if value == "other":
        value = deals.mention_id[1]
    row = {
        "deal_id": deals.deal_id[0],
        "role": "investor",
        "organization_id": None,
        "name_text": "어느펀드",
        "mention_id": deals.mention_id[0],
    }
    frames["parties"] = TABLES["parties"].frame(pd.DataFrame([row]))
    assert check(frames) == []
    frames["parties"] = TABLES["parties"].frame(pd.DataFrame([row | {column: value}]))
    problems = [str(problem) for problem in check(frames)]
    assert any(said in problem and "table parties" in problem for problem in problems), problems


def test_a_missing_column_is_named(frames):
    frames["deals"] = frames["deals"].drop(columns="quote")
    assert any("quote" in str(problem) for problem in check(frames))


@pytest.mark.parametrize("name", TABLES)
def test_arrow_types_are_flat_and_carry_no_metadata(frames, name):
    table = to_arrow(frames[name], TABLES[name])
    assert {str(kind) for kind in table.schema.types} <= {"string", "double", "int32", "bool", "date32[day]"}
    assert table.schema.metadata is None


@pytest.mark.parametrize(
    ("values", "produced"),
    [
        ("kind", KINDS),
        ("status", context.STATUSES),
        ("date_basis", context.DATE_BASES),
        ("qualifier", money.QUALIFIERS),
        ("rate_method", RATE_METHODS),
        ("measure", MEASURES.values()),
        ("doubt", DOUBTS),
        ("party_role", PARTY_ROLES),
        ("evidence_field", ("amount", *context.EVIDENCE_FIELDS)),
        ("published_basis", PUBLISHED_BASES),
        ("extent", EXTENTS),
        ("organization_type", ORGANIZATION_TYPES),
    ],
)
def test_what_the_rooms_can_say_is_what_the_schema_allows(values, produced):
    assert set(VALUES[values]) == set(produced)


def test_the_meaning_of_a_measure_names_its_kinds():
    assert all(kind in VALUES["measure"][measure] for kind, measure in MEASURES.items())

"""The queue of a maintainer.

What comes first, what a decision writes, and that a table filled in does the same as a conversation.
"""

import csv
import io
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import copy_raw

import build
from cn_ai_funding import tables
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.deals.corrections import REVIEWABLE
from cn_ai_funding.intake.csv_files import read_reviews
from cn_ai_funding.release.schema import QUERIES

LARGE = "중국 AI 기업 하오테크는 2024년 2월 텐센트에서 30억 달러(약 4조원)를 유치했다.\n가격은 3위안이다.\n"
SMALL = "중국 AI 기업 가온테크는 2024년 2월 3억 위안을 유치했다.\n"


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A folder of two sources, as `add` makes it."""
    top = tmp_path_factory.mktemp("added")
    raw = copy_raw(top / "raw", "")
    (top / "articles").mkdir()
    (top / "articles" / "large.txt").write_text(LARGE, encoding="utf-8")
    (top / "articles" / "small.txt").write_text(SMALL, encoding="utf-8")
    (top / "articles" / "facts.csv").write_text(
        "file,id,publisher\nlarge.txt,2024-large,=신문\nsmall.txt,small,신문\n", encoding="utf-8"
    )
    assert command(["add", str(top / "articles"), "--published", "2024-03-04", "--raw", str(raw)]) == 0
    return raw


@pytest.fixture
def raw(added, tmp_path):
    return Path(shutil.copytree(added, tmp_path / "raw"))


@pytest.fixture
def review(raw, capsys, monkeypatch):
    """Runs `review` with options and answers; gives its exit status, and what it printed."""

    def run(*arguments, answers=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        capsys.readouterr()
        status = command(["review", *arguments, "--raw", str(raw)])
        out, err = capsys.readouterr()
        return status, out + err

    return run


def mention_id(source_id, text, words):
    start = text.index(words)
    return f"{source_id}:{start}-{start + len(words)}"


ROUND, AGAIN, PRICE = (mention_id("2024-large", LARGE, words) for words in ("30억 달러", "4조원", "3위안"))
OTHER = mention_id("small", SMALL, "3억 위안")


def reviews(raw):
    rows = read_reviews(raw / "reviews.csv", problems := [])
    assert problems == []
    return [(row["mention_id"], row["field"], row["expected"], row["value"]) for row in rows]


def accepted(raw, source_id):
    path = raw / f"{source_id}.checked.csv"
    return (
        [row["mention_id"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
        if path.is_file()
        else []
    )


def exported(raw, name="queue.csv"):
    with (raw.parent / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(raw, changes, name="queue.csv", encoding="utf-8-sig"):
    """Fill in an exported table: changes by mention."""
    rows = exported(raw, name)
    with (raw.parent / name).open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(row | changes.get(row["mention_id"], {}) for row in rows)
    return str(raw.parent / name)


def builds(raw, monkeypatch):
    out = raw.parent / "out"
    monkeypatch.setattr(tables, "_DATA", out)
    return build.main(["--raw", str(raw), "--out", str(out)])


def test_what_would_weigh_most_if_wrong_comes_first(review):
    status, out = review(answers="skip\n" * 9)
    assert status == 0
    heads = [line.split("  ")[0] for line in out.splitlines() if " more after it" in line]
    assert heads == [ROUND, OTHER, PRICE]
    assert "accepted 0 figures; 3 are left" in out
    assert AGAIN in out


def test_an_accepted_figure_is_kept_with_what_says_it_again_and_does_not_come_back(review, raw):
    assert review(answers="accept\nq\n")[0] == 0
    assert accepted(raw, "2024-large") == [ROUND, AGAIN]
    assert "checked" not in (raw / "2024-large.toml").read_text(encoding="utf-8")
    assert ROUND not in review(answers="")[1]


def test_a_source_is_checked_once_all_its_figures_are_accepted(review, raw, monkeypatch):
    assert review("2024-large", answers="a\na\n")[0] == 0
    assert accepted(raw, "2024-large") == [ROUND, AGAIN, PRICE]
    assert "checked = 20" in (raw / "2024-large.toml").read_text(encoding="utf-8")
    assert "checked" not in (raw / "small.toml").read_text(encoding="utf-8")
    assert builds(raw, monkeypatch) == 0
    assert {row["mention_id"]: row["review"] for row in tables.load_mentions(backend="pyarrow").to_pylist()} == {
        ROUND: "checked",
        AGAIN: "checked",
        PRICE: "checked",
        OTHER: "machine",
    }
    (how_sure,) = (query["sql"] for query in QUERIES if query["en"].startswith("How sure"))
    monkeypatch.chdir(raw.parent / "out")
    assert duckdb.sql(f"SELECT mention_id FROM ({how_sure})").fetchall() == [(OTHER,), (ROUND,)]


def test_a_correction_is_written_shown_and_kept_by_the_build(review, raw, monkeypatch):
    answers = (
        "fix kind ipo\nfix parties lead_investor: 텐센트 | seller: 어느펀드\nfix round A\nfix period P2Y\naccept\nq\n"
    )
    _, out = review(answers=answers)
    assert {(name, field): value for name, field, _, value in reviews(raw)} == {
        (ROUND, "kind"): "ipo",
        (ROUND, "parties"): "lead_investor: 텐센트 | seller: 어느펀드",
        (ROUND, "round"): "A",
        (ROUND, "period"): "P2Y",
    }
    assert out.count(f"{ROUND}  ") >= 5
    assert builds(raw, monkeypatch) == 0
    (deal,) = (row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["mention_id"] == ROUND)
    assert (deal["kind"], deal["round"], deal["period_years"], deal["review"]) == ("ipo", "A", 2.0, "corrected")
    parties = [
        (row["role"], row["organization_id"])
        for row in tables.load_parties(backend="pyarrow").to_pylist()
        if row["deal_id"] == deal["deal_id"]
    ]
    assert sorted(parties, key=str) == [("lead_investor", "tencent"), ("seller", None)]


def test_a_second_correction_takes_the_place_of_the_first_and_the_readers_own_value_takes_it_away(review, raw):
    ((_, field, expected, value),) = _after(review, raw, "fix kind ipo\n")
    assert (field, value) == ("kind", "ipo")
    assert [row[2:] for row in _after(review, raw, "fix kind fund\n")] == [(expected, "fund")]
    assert _after(review, raw, f"fix kind {expected}\n") == []


def _after(review, raw, answers):
    assert review(answers=answers)[0] == 0
    return reviews(raw)


def test_what_says_an_amount_again_can_be_corrected_by_its_id(review, raw):
    assert _after(review, raw, f"fix {AGAIN} amount 3900000000000\n") == [
        (AGAIN, "amount", "4000000000000", "3900000000000")
    ]


def test_why_a_figure_is_left_out_of_totals_is_shown_corrected_and_kept(review, raw, monkeypatch):
    _, out = review(answers="fix left_out part\nfix organization_id sensetime\nfix left_out part\nq\n")
    assert [line.split()[1] for line in out.splitlines() if line.startswith("left_out ")] == [
        "unknown_country",
        "?",
        "part",
    ]
    assert (
        "not corrected: found the value 'unknown_country'; expected duplicate, part, aggregate, talks, or nothing"
        in out
    )
    assert (ROUND, "left_out", None, "part") in reviews(raw)
    assert builds(raw, monkeypatch) == 0
    reasons = {row["mention_id"]: row["exclude_reason"] for row in tables.load_deals(backend="pyarrow").to_pylist()}
    assert reasons == {ROUND: "part", OTHER: "unknown_country"}
    review("--export", str(raw.parent / "queue.csv"))
    assert {row["mention_id"]: row["left_out"] for row in exported(raw)} == {
        ROUND: "part",
        AGAIN: "",
        OTHER: "unknown_country",
        PRICE: "",
    }
    assert "corrected 1 fields" in review("--import", fill(raw, {ROUND: {"left_out": ""}}))[1]
    assert "left_out" not in [field for _, field, _, _ in reviews(raw)]


def test_a_correction_of_why_it_is_left_out_that_no_longer_holds_goes_with_the_acceptance(review, raw, monkeypatch):
    (raw / "reviews.csv").write_text(
        f"mention_id,field,expected,value,reason\n{OTHER},left_out,part,duplicate,old\n", encoding="utf-8"
    )
    assert builds(raw, monkeypatch) == 1
    _, out = review("small", answers="accept\n")
    assert f"left_out of {OTHER} is 'unknown_country', but 'part' is expected by a correction" in out
    assert reviews(raw) == []
    assert builds(raw, monkeypatch) == 0


def test_one_source_is_settled_together_with_the_others(review, raw):
    same = ("organization_id sensetime", "amount 300000000", "currency CNY", "date 2024-02")
    review(
        answers="".join(f"fix {change}\n" for change in same) + "skip\nfix organization_id sensetime\nfix kind ipo\nq\n"
    )
    out = review("small", answers="")[1]
    assert [line.split()[1] for line in out.splitlines() if line.startswith("left_out ")] == ["duplicate"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("fix qualifier at_least\n", {"qualifier": ("exact", "at_least")}),
        (
            "fix qualifier range\nfix high 500000000\n",
            {"qualifier": ("exact", "range"), "high": ("300000000", "500000000")},
        ),
        ("fix qualifier range\nfix high 500000000\nfix qualifier exact\n", {}),
        ("fix qualifier range\nfix high 500000000\nfix amount 400000000\n", {"amount": ("300000000", "400000000")}),
        ("fix qualifier range\nfix low 500000000\n", {"qualifier": ("exact", "range")}),
    ],
)
def test_how_exact_an_amount_is_can_be_corrected(review, raw, monkeypatch, answers, expected):
    assert review("small", answers=answers)[0] == 0
    assert {field: told for _, field, *told in reviews(raw)} == {field: [*told] for field, told in expected.items()}
    assert builds(raw, monkeypatch) == 0


def test_a_range_is_filled_in_at_once(review, raw, monkeypatch):
    review("--export", str(raw.parent / "queue.csv"))
    cells = {"qualifier": "range", "low": "400000000", "high": "500000000", "amount": ""}
    assert review("--import", fill(raw, {OTHER: cells}))[0] == 0
    assert {field for _, field, *_ in reviews(raw)} == {"qualifier", "low", "high"}
    assert builds(raw, monkeypatch) == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("fix kind gift", "found the value 'gift'"),
        ("fix colour red", "found the field 'colour'"),
        ("fix date 2019-2", "expected an EDTF date"),
        ("fix parties friend: 텐센트", "each role one of investor"),
        ("fix organization_id nobody", "an id in organizations.csv"),
        ("fix", "accept (a), fix"),
        ("what", "accept (a), fix"),
        ("", "accept (a), fix"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_changes_nothing(review, raw, answer, said):
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    status, out = review(answers=f"{answer}\nq\n")
    assert (status, said in out) == (0, True)
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before


def test_accept_takes_all_figures_of_a_source_as_they_are_read(review, raw):
    assert review("small", "--accept")[0] == 0
    assert accepted(raw, "small") == [OTHER]
    assert "checked = 20" in (raw / "small.toml").read_text(encoding="utf-8")
    assert review("--accept")[0] == 2


def test_what_was_accepted_can_be_looked_at_again_and_corrected(review, raw, monkeypatch):
    review("small", "--accept")
    assert "가온테크" not in review("small", answers="")[1]
    status, said = review("small", "--again", "--reason", "read again", answers="fix kind valuation\naccept\n")
    assert (status, "accepted 1 figures" in said) == (0, True)
    (row,) = csv.DictReader((raw / "small.checked.csv").read_text(encoding="utf-8").splitlines())
    assert row["kind"] == "valuation"
    assert "read again" in (raw / "reviews.csv").read_text(encoding="utf-8")
    assert builds(raw, monkeypatch) == 0


def test_a_table_of_accepted_figures_corrects_them_and_says_why(review, raw):
    review("small", "--accept")
    review("small", "--again", "--export", str(raw.parent / "queue.csv"))
    table = fill(raw, {OTHER: {"kind": "valuation"}})
    status, said = review("--import", table, "--reason", "read again")
    assert (status, "corrected 1 fields" in said) == (0, True)
    assert "read again" in (raw / "reviews.csv").read_text(encoding="utf-8")


def test_what_changed_since_it_was_accepted_comes_back_with_both_values(review, raw, monkeypatch):
    review("small", "--accept")
    path = raw / "small.checked.csv"
    (row,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    path.write_text(path.read_text(encoding="utf-8").replace(f",{row['kind']},", ",fund,"), encoding="utf-8")
    assert builds(raw, monkeypatch) == 1
    (line,) = (line for line in review("small", answers="")[1].splitlines() if line.startswith("kind "))
    assert row["kind"] in line
    assert "accepted before as fund" in line
    assert review("small", answers="fix kind fund\n")[0] == 0
    assert builds(raw, monkeypatch) == 0


def test_when_the_reader_has_changed_the_corrections_of_checked_sources_are_written_anew(review, raw, monkeypatch):
    review("2024-large", answers="fix kind ipo\nfix round A\na\na\n")
    before = reviews(raw)
    assert (ROUND, "kind", "funding_round", "ipo") in before
    other_reader = (
        "mention_id,field,expected,value,reason\n"
        f"{ROUND},kind,fund,ipo,a reader before said fund\n"
        f"{PRICE},kind,other,price,one that is right now\n"
    )
    (raw / "reviews.csv").write_text(other_reader, encoding="utf-8")
    assert builds(raw, monkeypatch) == 1
    status, out = review("--renew")
    assert status == 0
    assert "to look at: none" in out
    assert sorted(reviews(raw)) == sorted(before)
    assert "a reader before said fund" in (raw / "reviews.csv").read_text(encoding="utf-8")
    assert builds(raw, monkeypatch) == 0
    (raw / "reviews.csv").write_text("mention_id,field,expected,value,reason\n", encoding="utf-8")
    assert review("--renew", "--reason", "as it was accepted")[0] == 0
    assert sorted(reviews(raw)) == sorted(before)
    assert "as it was accepted" in (raw / "reviews.csv").read_text(encoding="utf-8")


def test_a_correction_that_no_longer_holds_is_told_and_goes_with_the_acceptance(review, raw, monkeypatch):
    (raw / "reviews.csv").write_text(
        f"mention_id,field,expected,value,reason\n{OTHER},kind,price,ipo,old\n", encoding="utf-8"
    )
    _, out = review("small", answers="accept\n")
    assert "'price' is expected by a correction" in out
    assert reviews(raw) == []
    assert builds(raw, monkeypatch) == 0


def test_a_table_says_all_that_a_person_needs_and_no_cell_runs(review, raw):
    assert review("--export", str(raw.parent / "queue.csv"))[0] == 0
    rows = {row["mention_id"]: row for row in exported(raw)}
    assert [*rows] == [ROUND, AGAIN, OTHER, PRICE]
    assert rows[ROUND]["publisher"] == "'=신문"
    assert "30억 달러" in rows[ROUND]["passage"]
    assert rows[ROUND]["amount"] == "'3000000000"
    assert rows[AGAIN]["restates"] == ROUND
    assert float(rows[ROUND]["weight_usd"]) > 0
    assert set(REVIEWABLE) <= set(rows[ROUND])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_table_filled_in_corrects_and_accepts(review, raw, monkeypatch, encoding):
    review("--export", str(raw.parent / "queue.csv"))
    changes = {
        ROUND: {
            "kind": "ipo",
            "date": "'2024-01",
            "parties": "seller: 텐센트",
            "reason": "the text says so",
            "decision": "accept",
        },
        PRICE: {"decision": "accept"},
        OTHER: {"round": "A"},
    }
    status, out = review("--import", fill(raw, changes, encoding=encoding))
    assert (status, "corrected 4 fields, accepted 2 figures" in out) == (0, True)
    assert {(name, field): value for name, field, _, value in reviews(raw)} == {
        (ROUND, "kind"): "ipo",
        (ROUND, "date"): "2024-01",
        (ROUND, "parties"): "seller: 텐센트",
        (OTHER, "round"): "A",
    }
    assert accepted(raw, "2024-large") == [ROUND, AGAIN, PRICE]
    assert accepted(raw, "small") == []
    assert "the text says so" in (raw / "reviews.csv").read_text(encoding="utf-8")
    assert builds(raw, monkeypatch) == 0


def test_of_a_name_and_an_id_filled_in_together_the_id_stands_and_without_one_the_name(review, raw, monkeypatch):
    fix = "fix organization_id tencent\n"
    review(answers=f"skip\n{fix}q\n")
    for cells, expected in (
        ({"organization_id": "sensetime", "organization": "센스그룹"}, ("sensetime", None)),
        ({"organization_id": "", "organization": "센스그룹"}, (None, "센스그룹")),
    ):
        review("--export", str(raw.parent / "queue.csv"))
        assert review("--import", fill(raw, {OTHER: cells}))[0] == 0
        assert builds(raw, monkeypatch) == 0
        (told,) = (row for row in tables.load_mentions(backend="pyarrow").to_pylist() if row["mention_id"] == OTHER)
        assert (told["organization_id"], told["organization_text"]) == expected


def test_a_table_that_nobody_filled_in_changes_nothing(review, raw):
    review("--export", str(raw.parent / "queue.csv"))
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    assert "corrected 0 fields, accepted 0 figures" in review("--import", str(raw.parent / "queue.csv"))[1]
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({OTHER: {"kind": "gift"}}, "queue.csv, line 4: found the value 'gift'"),
        ({OTHER: {"date": "Feb-24"}}, "queue.csv, line 4: found the value 'Feb-24'; expected an EDTF date"),
        ({OTHER: {"amount": "3E+08"}}, "queue.csv, line 4: found the value '3E+08'; expected a number of whole units"),
        ({OTHER: {"decision": "yes"}}, "queue.csv, line 4, decision: found 'yes'; expected accept"),
        ({AGAIN: {"kind": "fund"}}, f"queue.csv, line 3: found {AGAIN}, which restates {ROUND}"),
        ({OTHER: {"mention_id": "small:1-2"}}, "queue.csv, line 4: found the mention 'small:1-2'"),
        ({OTHER: {"reading": "0" * 12}}, "as it was read when the queue was exported"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_whole(review, raw, changes, said):
    review("--export", str(raw.parent / "queue.csv"))
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    status, out = review("--import", fill(raw, {ROUND: {"kind": "ipo", "decision": "accept"}} | changes))
    assert (status, said in out) == (1, True), out
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before


def test_a_table_of_what_is_no_longer_read_so_is_refused(review, raw):
    review("--export", str(raw.parent / "queue.csv"))
    review("small", answers="fix kind ipo\n")
    status, out = review("--import", str(raw.parent / "queue.csv"))
    assert (status, f"found {OTHER} as it was read when the queue was exported" in out) == (1, True)


def test_a_source_that_is_not_there_is_told(review):
    status, out = review("smal")
    assert (status, "no source 'smal'; expected one that is there, such as small" in out) == (1, True)

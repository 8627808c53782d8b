"""Bad input in raw/: one clear line each, all of them in one run, and what can be mended is mended and said."""

import re
import unicodedata
from datetime import date

import pytest

from cn_ai_funding.intake.csv_files import read_organizations, read_reviews
from cn_ai_funding.intake.near_names import near_names
from cn_ai_funding.intake.sources import find_sources, read_sources
from cn_ai_funding.intake.texts import read_text, sha256

TODAY = date(2026, 1, 1)
TEXT = "가온테크는 3억 위안을 조달했다.\n둘째 줄\n"
FACTS = {
    "publisher": '"한 신문"',
    "title": '"제목"',
    "published": "2019-02-07",
    "published_basis": '"stated"',
    "language": '"ko"',
    "text_sha256": f'"{sha256(TEXT)}"',
    "text_length": str(len(TEXT)),
    "masked_sha256": f'"{sha256("masked")}"',
    "origin": '"a page"',
    "licence": '"the publisher\'s"',
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    write_sidecar(tmp_path / "a.toml")
    return tmp_path


def write_sidecar(path, **changes):
    facts = {key: value for key, value in (FACTS | changes).items() if value is not None}
    path.write_text("".join(f"{key} = {value}\n" for key, value in facts.items()), encoding="utf-8")


def read(folder):
    problems, notices = [], []
    files = find_sources(folder, problems)
    return list(read_sources(files, TODAY, problems, notices)), [str(problem) for problem in problems], notices


def test_reads_a_source(folder):
    ((source, text),), problems, notices = read(folder)
    assert (source.source_id, text, source.published) == ("a", TEXT, date(2019, 2, 7))
    assert (problems, notices) == ([], [])


@pytest.mark.parametrize(
    ("changes", "extent"), [({}, "full"), ({"extent": '"full"'}, "full"), ({"extent": '"excerpt"'}, "excerpt")]
)
def test_a_source_is_its_whole_article_unless_its_sidecar_says_otherwise(folder, changes, extent):
    write_sidecar(folder / "a.toml", **changes)
    ((source, _),), problems, _ = read(folder)
    assert (source.row()["extent"], problems) == (extent, [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TEXT.encode("cp949"), "CP949"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-8-sig"), "byte order mark"),
        (unicodedata.normalize("NFD", TEXT).encode(), "NFD"),
        (TEXT.replace("\n", "\r\n").encode(), "CR LF"),
        (TEXT.replace("위안", "위\u200b안").encode(), "zero-width"),
    ],
)
def test_mends_an_encoding_and_says_so(folder, data, said):
    (folder / "a.txt").write_bytes(data)
    ((_, text),), problems, (notice,) = read(folder)
    assert text == TEXT
    assert problems == []
    assert "a.txt" in notice
    assert said in notice


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\x00\x81\x00\xfe", "bytes that are no text"),
        (b"", "an empty text"),
        (b" \n\n", "an empty text"),
        ("가\0나".encode(), "line 1: found the control character U+0000"),
        ("가\n나\x1b[2J".encode(), "line 2: found the control character U+001B"),
        ("다른 글".encode(), "expected the full text"),
        (b"x" * 1_000_001, "bytes; expected at most"),
    ],
)
def test_refuses_a_text(folder, data, said):
    (folder / "a.txt").write_bytes(data)
    sources, (problem,), _ = read(folder)
    assert sources == []
    assert problem.startswith("a.txt")
    assert said in problem


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": '"red"'}, "colour: found an unknown key"),
        ({"publisher": None}, "publisher: found nothing; expected a required key"),
        ({"publisher": '""'}, "publisher: found an empty string"),
        ({"text_length": '"12"'}, "text_length: found '12'; expected a whole number"),
        ({"text_length": "12"}, "text_length: found 12"),
        ({"published": "2019-02-30"}, "no valid TOML"),
        ({"published": '"2019-02-07"'}, "published: found '2019-02-07'; expected a date"),
        ({"published": "2019-02-07T10:00:00"}, "expected a date"),
        ({"published": "2026-01-02"}, "published: found 2026-01-02; expected a day up to today"),
        ({"published": None}, "expected a date unless published_basis is unknown"),
        ({"published_basis": '"guess"'}, "published_basis: found 'guess'"),
        ({"extent": '"half"'}, "extent: found 'half'; expected one of full, excerpt"),
        ({"text_sha256": '"12"'}, "expected 64 hexadecimal digits"),
        ({"url": '"javascript:alert(1)"'}, "expected an http or https address"),
    ],
)
def test_refuses_a_sidecar(folder, changes, said):
    write_sidecar(folder / "a.toml", **changes)
    sources, (problem,), _ = read(folder)
    assert sources == []
    assert problem.startswith("a.toml")
    assert said in problem


def test_names_a_text_without_a_sidecar_and_the_reverse(folder):
    (folder / "b.txt").write_text("글")
    write_sidecar(folder / "c.toml")
    _, problems, _ = read(folder)
    assert [problem.split(":")[0] for problem in problems] == ["b.txt", "c.toml"]


def test_refuses_two_sources_whose_ids_differ_by_case_only(folder):
    (folder / "A.txt").write_bytes(TEXT.encode())
    _, problems, _ = read(folder)
    assert any("a second source with the id of" in problem for problem in problems)


def test_refuses_the_same_article_twice(folder):
    (folder / "b.txt").write_bytes(TEXT.encode())
    write_sidecar(folder / "b.toml")
    _, (problem,), _ = read(folder)
    assert problem.startswith("b.toml, text_sha256: found the article of a")


def test_refuses_an_id_that_is_no_plain_name(folder):
    (folder / "a b;c.txt").write_bytes(TEXT.encode())
    _, problems, _ = read(folder)
    assert any("the id 'a b;c'" in problem for problem in problems)


def test_tells_all_problems_in_one_run(folder):
    (folder / "a.txt").write_bytes(b"")
    (folder / "b.txt").write_bytes(b"\0")
    write_sidecar(folder / "b.toml", publisher=None)
    _, problems, _ = read(folder)
    assert len(problems) == 3
    assert all(re.search(r"found .+; expected .+\. .+\.$", problem) for problem in problems)


def test_reads_a_missing_folder_as_a_problem(tmp_path):
    _, (problem,), _ = read(tmp_path / "nowhere")
    assert "no such folder" in problem


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("organization_id,name_en\n", "line 1"),
        ("{header}\nx,X,,,,investor,CN\nx,Y,,,,investor,CN\n", "line 3: found the id 'x' of x, which line 2 has for x"),
        (
            "{header}\nx,X,,,,investor,CN\ny,X,,,,investor,CN\n",
            "line 3: found the name 'X' of y, which line 2 has for x",
        ),
        (
            "{header}\nx,X,,,가|나,investor,CN\ny,Y,나,,,investor,CN\n",
            "line 3: found the name '나' of y, which line 2 has for x",
        ),
        ("{header}\nx,,,,,investor,CN\n", "line 2: found an empty name_en"),
        ("{header}\nx,X,,\n", "line 2: found 4 cells"),
        ("{header}\nx,X,,,,startup,CN\n", "line 2: found the type 'startup'"),
        ("{header}\nx,X,,,,investor,cn\n", "line 2: found the country 'cn'"),
        ('{header}\nx,"X\n', "line"),
    ],
)
def test_refuses_a_directory(tmp_path, lines, said):
    path = tmp_path / "organizations.csv"
    path.write_text(
        lines.format(header="organization_id,name_en,name_ko,name_zh,aliases,type,country"), encoding="utf-8"
    )
    problems = []
    read_organizations(path, problems)
    assert len(problems) == 1
    assert said in str(problems[0])


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Gaon Technology Co., Ltd.", "gaon", True),
        ("Ga-On Inc.", "GAON", True),
        ("가온 테크", "가온", True),
        ("가온커지", "가온과기", True),
        ("佳昂科技有限公司", "佳昂", True),
        ("Ｇａｏｎ", "Gaon Group", True),
        ("Gaonco", "Gaon", False),
        ("가온캐피털", "가온", False),
        ("가온홀딩스", "가온", False),
        ("가온벤처스", "가온테크", False),
        ("테크", "커지", False),
        ("Technology", "Group", False),
    ],
)
def test_names_that_differ_by_what_may_end_a_name_are_told_with_both_rows(one, other, near):
    rows = [
        {"organization_id": "x", "name_en": "First", "name_ko": None, "name_zh": None, "aliases": f"하나|{one}"},
        {"organization_id": "y", "name_en": other, "name_ko": "둘", "name_zh": None, "aliases": None},
    ]
    told = near_names(rows)
    assert len(told) == near
    assert all(f"{name!r} of {key}" in told[0] for key, name in (("x", one), ("y", other)) if near)


def test_names_of_one_row_are_near_and_two_rows_are_told_once():
    row = {"name_en": "Gaon", "name_ko": "가온", "name_zh": None, "aliases": "Gaon Inc|가온테크"}
    assert near_names([{"organization_id": "x"} | row]) == []
    assert len(near_names([{"organization_id": "x"} | row, {"organization_id": "y"} | row])) == 1


def test_a_review_knows_its_line(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("mention_id,field,expected,value,reason\na:1-2,kind,other,fund,said so\n", encoding="utf-8")
    problems = []
    assert [row["line"] for row in read_reviews(path, problems)] == ["2"]
    assert problems == []


def test_an_unreadable_file_is_a_problem(tmp_path):
    problems = []
    assert read_text(tmp_path / "gone.txt", problems, []) is None
    assert "cannot be read" in str(problems[0])

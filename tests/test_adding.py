"""From an article to a deal that anybody can check: add, build, show, verify."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from conftest import FULL_TEXTS, ROOT, copy_raw, needs_full_texts
from linking import mentions

import build
from cn_ai_funding import Party, tables
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.cli.verifying import verify
from cn_ai_funding.context import read_and_mask
from cn_ai_funding.desk.adding import undecided

ARTICLE = """바오테크, 3억 달러 유치

중국 AI 기업 바오테크는 지난달 투자자 바이두에서 3억 달러(약 3300억원)를 유치했다. 이 소식은 널리 알려졌다.
회사는 앞으로 5년간 수십억 위안을 투자할 계획이다. 매출은 12조에 달한다.
"""
FACTS = ("--publisher", "한국신문", "--title", "바오테크 투자", "--published", "2024-03-04")


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def empty_raw(tmp_path):
    return copy_raw(tmp_path / "raw", "")


@pytest.fixture
def release(article, empty_raw, tmp_path, monkeypatch, capsys):
    """The article added and published; the folder of the release."""
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--id", "a"]) == 0
    assert build.main(["--raw", str(empty_raw), "--out", str(tmp_path / "out")]) == 0
    monkeypatch.setattr(tables, "_DATA", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return tmp_path / "out"


def held(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_add_writes_the_masked_text_and_its_sidecar_and_nothing_else(article, empty_raw, capsys, encoding):
    before = held(empty_raw)
    article.write_bytes(ARTICLE.encode(encoding))
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw)]) == 0
    new = held(empty_raw)
    assert {str(path): data for path, data in new.items() if path not in before}.keys() == {
        "2024-03-04-hangugsinmun.txt",
        "2024-03-04-hangugsinmun.toml",
    }
    assert before.items() <= new.items()
    assert "널리" not in (empty_raw / "2024-03-04-hangugsinmun.txt").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    at = ARTICLE.index("3억 달러(")
    assert re.search(
        rf"2024-03-04-hangugsinmun:{at}-{at + 5}  3억 달러  funding_round \d+%  바오테크 \d+%  2024-\S+ \d+%.*\n"
        r" +.*바이두에서 3억 달러",
        said,
    )
    assert "who 바오테크 is: not in organizations.csv" in said


def test_add_tells_of_a_table_that_it_does_not_understand(article, empty_raw, capsys):
    article.write_text(ARTICLE + "\n(단위: 억 원)\n바오테크 12 34\n", encoding="utf-8")
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--dry-run"]) == 0
    assert re.search(r"line 6, 단위: 억 원: the numbers below it", capsys.readouterr().out)


def test_a_dry_run_shows_the_same_and_writes_nothing(article, empty_raw, capsys):
    before = held(empty_raw)
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--dry-run"]) == 0
    assert held(empty_raw) == before
    assert "would write" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--id", "../x"), "'../x'"),
        (("--id", "/etc/x"), "'/etc/x'"),
        (("--id", "nul.a"), "'nul.a'"),
        (("--id", "a."), "'a.'"),
        (("--url", "javascript:alert(1)"), "an http or https address"),
        (("--url", 'https://a.kr/"><script>'), "an http or https address"),
        (("--title", "줄\n바꿈"), "one line without control characters"),
        (("--author", "\x1b[2J"), "one line without control characters"),
        (("--published", "2999-01-01"), "a day up to today"),
        (("--published-basis", "guess"), "listing"),
        (("--published", "4.3.2024"), "write it as 2019-02-07"),
        (("--raw", "nowhere"), "nowhere: found no such folder"),
        (("--id", "README"), None),
    ],
)
def test_add_refuses_what_does_not_fit_and_writes_nothing(article, empty_raw, capsys, changes, said):
    before = held(empty_raw)
    status = command(["add", str(article), *FACTS, "--raw", str(empty_raw), *changes])
    assert (status == 0) == (said is None)
    if said:
        assert said in capsys.readouterr().err
        assert held(empty_raw) == before


def test_add_refuses_an_article_that_is_there_and_an_id_that_is_taken(article, empty_raw, capsys):
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--id", "a"]) == 0
    before = held(empty_raw)
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--id", "A"]) == 1
    said = capsys.readouterr().err
    assert "the article of a" in said
    assert "found A, which" in said
    assert command(["add", str(empty_raw / "a.txt"), *FACTS, "--raw", str(empty_raw), "--id", "b"]) == 1
    assert "masked already" in capsys.readouterr().err
    assert held(empty_raw) == before


@pytest.mark.parametrize("left", [0, 1])
def test_add_leaves_nothing_behind_where_the_disk_is_full(article, empty_raw, capsys, monkeypatch, left):
    flushed = []

    def flush(descriptor):
        if len(flushed) == left:
            raise OSError(errno.ENOSPC, "No space left on device")
        flushed.append(descriptor)

    monkeypatch.setattr(os, "fsync", flush)
    before = held(empty_raw)
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw)]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert held(empty_raw) == before


@pytest.mark.parametrize("name", ["mine.txt", "MINE.TXT", "mine.toml"])
def test_add_never_writes_over_a_file_that_is_there(article, empty_raw, capsys, name):
    path = empty_raw / name
    path.write_text(ARTICLE, encoding="utf-8")
    assert (
        command(
            ["add", str(path if path.suffix == ".txt" else article), *FACTS, "--raw", str(empty_raw), "--id", "mine"]
        )
        == 1
    )
    assert "found mine, which" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == ARTICLE


def test_add_takes_an_article_from_standard_input_and_puts_it_on_no_disk(empty_raw, tmp_path):
    """Whatever is written, anywhere that the process may write, no word of it is one that the mask hides."""
    home = tmp_path / "home"
    home.mkdir()
    before = held(empty_raw)
    arguments = ("add", "-", *FACTS, "--url", "https://a.kr/1", "--raw", str(empty_raw), "--id", "a")
    result = subprocess.run(
        [sys.executable, "-m", "cn_ai_funding", *arguments],
        input=ARTICLE.encode("cp949"),
        capture_output=True,
        check=True,
        cwd=home,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "CP949" in result.stderr.decode()
    new = held(empty_raw)
    assert {str(path) for path in new.keys() - before.keys()} == {"a.txt", "a.toml"}
    assert 'url = "https://a.kr/1"' in (empty_raw / "a.toml").read_text(encoding="utf-8")
    assert not any(
        "널리".encode(encoding) in data
        for encoding in ("utf-8", "cp949")
        for data in [*new.values(), *held(home).values()]
    )


OTHER = "중국 AI 기업 하오테크는 지난해 상하이에서 2억 위안을 유치했다.\n하오테크의 기업가치는 30억 위안이다.\n"


@pytest.fixture
def folder(tmp_path):
    """Two articles, and a table of what is known of them."""
    made = tmp_path / "articles"
    made.mkdir()
    (made / "one.txt").write_text(ARTICLE, encoding="utf-8")
    (made / "둘.txt").write_bytes(OTHER.encode("cp949"))
    (made / "facts.csv").write_text(
        "publisher,file,published,id\n한국신문,one.txt,2024-03-04,a\n,둘.txt,,\n", encoding="utf-8-sig"
    )
    return made


def test_add_takes_a_folder_with_a_table_of_its_facts(folder, empty_raw, capsys):
    before = held(empty_raw)
    assert (
        command(
            ["add", str(folder), "--facts", str(folder / "facts.csv"), "--publisher", "Daily", "--raw", str(empty_raw)]
        )
        == 0
    )
    assert {str(path) for path in held(empty_raw).keys() - before.keys()} == {
        "a.txt",
        "a.toml",
        "undated-daily.txt",
        "undated-daily.toml",
    }
    out, err = capsys.readouterr()
    assert "둘.txt: read as CP949" in err
    for source_id, text in (("a", ARTICLE), ("undated-daily", OTHER)):
        ids = re.findall(rf"^{source_id}:(\d+)-(\d+)  (\S+ \S+|\S+)  ", out, re.MULTILINE)
        assert [text[int(start) : int(end)] for start, end, _ in ids] == [shown for *_, shown in ids]
        assert ids
    again = held(empty_raw)
    assert command(["add", str(folder), "--publisher", "Daily", "--raw", str(empty_raw)]) == 0
    out, err = capsys.readouterr()
    assert ("one.txt: is there already, as a" in err, "nothing to add" in out) == (True, True)
    assert held(empty_raw) == again


def test_what_is_undecided_of_many_figures_is_said_once(folder, empty_raw, capsys):
    assert command(["add", str(folder), "--publisher", "Daily", "--raw", str(empty_raw), "--dry-run"]) == 0
    points = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  who ")]
    assert len({line.split(":")[0] for line in points}) == len(points) > 0
    assert any(len(re.findall(r"\(\S+:\d+-\d+\)", line)) > 1 for line in points)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file,publisher\none.txt,A\n", ["둘.txt: found no row of facts.csv"]),
        ("file,publisher\none.txt,A\n둘.txt,\n", ["facts.csv, line 3, publisher: found nothing"]),
        ("file,publisher\none.txt,A\n둘.txt,A\none.txt,A\n", ["facts.csv, line 4, file: found 'one.txt' again"]),
        ("file,publisher\none.txt,A\n둘.txt,A\n../secret.txt,A\n", ["facts.csv, line 4, file: found '../secret.txt'"]),
        ("file,publisher,id\none.txt,A,a\n둘.txt,A,A\n", ["facts.csv, line 3, id: found A, which"]),
        ("file,publisher,id\none.txt,A,../a\n둘.txt,A,b\n", ["facts.csv, line 2, id: found '../a'"]),
        (
            "file,publisher,published\none.txt,A,4.3.2024\n둘.txt,A,2999-01-01\n",
            ["line 2, published: found '4.3.2024'", "line 3, published: found 2999-01-01"],
        ),
        ("file,publisher,url\none.txt,A,javascript:x\n둘.txt,A,\n", ["facts.csv, line 2, url: found"]),
        ("file,paper\none.txt,A\n", ["facts.csv, line 1: found 'file,paper'; expected file and any of id,publisher"]),
        ("publisher\nA\n", ["facts.csv, line 1"]),
    ],
)
def test_all_that_is_wrong_with_a_folder_is_told_before_anything_is_written(folder, empty_raw, capsys, table, said):
    before = held(empty_raw)
    (folder / "facts.csv").write_text(table, encoding="utf-8")
    assert command(["add", str(folder), "--raw", str(empty_raw)]) == 1
    err = capsys.readouterr().err
    assert [line for line in said if line not in err] == []
    assert held(empty_raw) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("articles", "--id", "a"), "--id is for one article"),
        (("article.txt", "--publisher", "A", "--facts", "f.csv"), "--facts is for a folder"),
        (("article.txt",), "Missing option '--publisher'"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    folder, article, empty_raw, tmp_path, monkeypatch, capsys, arguments, said
):
    monkeypatch.chdir(tmp_path)
    assert command(["add", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_new_name_in_the_directory_needs_no_full_text_where_the_mask_kept_it(release, empty_raw):
    (before,) = (row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["kind"] == "funding_round")
    assert (before["organization_id"], before["organization_ko"]) == (None, "바오테크")
    with (empty_raw / "organizations.csv").open("a", encoding="utf-8") as file:
        file.write("baotech,Baotech,바오테크,,,ai_company,CN\n")
    assert build.main(["--raw", str(empty_raw), "--out", str(release)]) == 0
    (after,) = (row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["kind"] == "funding_round")
    assert after["organization_id"] == "baotech"


@pytest.mark.parametrize(
    ("published", "said"), [(date(2019, 2, 7), "the date"), (None, "the date: give --published, if it is known")]
)
def test_a_date_that_is_not_known_asks_for_the_day_of_publication_only_where_that_is_not_known(published, said):
    (mention,) = mentions(("중국 AI 기업 센스타임은 3억 달러를 조달했다.", published))
    undated = replace(mention, figure=replace(mention.figure, date=None, date_basis="none"))
    assert said in undecided(undated, None)


def test_an_article_whose_day_is_unknown_says_so(article, empty_raw, capsys):
    assert command(["add", str(article), "--publisher", "한국신문", "--raw", str(empty_raw)]) == 0
    assert 'published_basis = "unknown"' in (empty_raw / "undated-hangugsinmun.toml").read_text(encoding="utf-8")
    assert "give --published" in capsys.readouterr().out


def test_show_tells_a_deal_with_citations_and_rates(release, capsys):
    deal = next(row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["kind"] == "funding_round")
    assert command(["show", deal["deal_id"]]) == 0
    said = capsys.readouterr().out
    for words in (
        "바오테크",
        "300,000,000.00",
        "the ECB's rates",
        "330,000,000,000.00 KRW",
        f"{deal['stated_deviation_pct']:+.2f} %",
        "바이두",
        "지난달",
    ):
        assert words in said
    assert "\x1b" not in said
    mentions = [row for row in tables.load_mentions(backend="pyarrow").to_pylist() if row["deal_id"] == deal["deal_id"]]
    assert [row["mention_id"] in said for row in mentions] == [True, True, True]
    capsys.readouterr()
    assert command(["show", mentions[-1]["mention_id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deal"]["amount"] == 3e8


def test_show_names_the_parties_with_their_roles(release, empty_raw, tmp_path, monkeypatch, capsys):
    """As far as the reader names them; what it does not name stays in `counterparties`."""

    def with_parties(text, *facts):
        figures, masked = read_and_mask(text, *facts)
        start = masked.index("바이두")
        return [
            replace(figure, parties=(Party("lead_investor", "바이두", "baidu", (start, start + 3)),), confidence=0.75)
            for figure in figures
        ], masked

    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    monkeypatch.setattr("cn_ai_funding.context.read.read_and_mask", with_parties)
    assert build.main(["--raw", str(empty_raw), "--out", str(release)]) == 0
    deal = next(row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["kind"] == "funding_round")
    assert deal["counterparties"] == "바이두"
    capsys.readouterr()
    assert command(["show", deal["deal_id"]]) == 0
    said = capsys.readouterr().out
    assert re.search(r"with +바이두 \(lead_investor\)", said)
    assert re.search("confidence +75%", said)
    assert command(["show", deal["deal_id"], "--json"]) == 0
    party = {
        "deal_id": deal["deal_id"],
        "role": "lead_investor",
        "organization_id": "baidu",
        "name_text": "바이두",
        "mention_id": deal["deal_id"],
    }
    assert json.loads(capsys.readouterr().out)["parties"] == [party]


def test_what_is_told_as_done_on_a_day_after_its_publication_is_planned(release, article, empty_raw, capsys):
    article.write_text("중국 AI 기업 바오테크는 2025년 3월 3억 달러를 유치했다.", encoding="utf-8")
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--id", "b"]) == 0
    assert "2025-03 is after the publication, 2024-03-04, so the tables call it planned" in capsys.readouterr().out
    assert build.main(["--raw", str(empty_raw), "--out", str(release)]) == 0
    rows = [
        row
        for load in (tables.load_deals, tables.load_mentions)
        for row in load(backend="pyarrow").to_pylist()
        if row["source_id"] == "b"
    ]
    assert [(row["status"], row["date_edtf"]) for row in rows] == [("planned", "2025-03")] * 2
    assert rows[0]["exclude_reason"] == "planned"


@pytest.mark.parametrize(("name", "said"), [("a:1-2", "no deal"), ("price", "Deals are called like a:")])
def test_show_says_what_deals_are_called(release, capsys, name, said):
    assert command(["show", name]) == 1
    assert said in capsys.readouterr().err


def test_show_names_the_deals_of_an_organization_and_of_a_source(capsys):
    (deal, *_) = (row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["organization_id"])
    for name in (deal["organization_id"], deal["organization_ko"], deal["source_id"]):
        assert command(["show", name]) == 1
        assert f"  {deal['deal_id']}  " in capsys.readouterr().err


def test_verify_proves_an_article_in_any_encoding(release, article, capsys):
    article.write_bytes(ARTICLE.replace("\n", "\r\n").encode("cp949"))
    assert command(["verify", str(article)]) == 0
    assert f"{article}: checksum, amounts (5)" in capsys.readouterr().out


CHANGES = [
    ("바이두에서 3억", "바이두에서 4억", "line 3: '4억' stands for '3억'", None),
    ("바오테크는", "바오테크가", "line 3: '바오테크가' stands for '바오테크는'", None),
    ("바오테크, 3억", "오늘의 바오테크, 3억", "elsewhere (+4 to +4 code points)", 0),
    (" ", "  ", "elsewhere", 0),
    ("\n\n", "\n", "elsewhere (-1 to -1 code points)", 0),
]


@pytest.mark.parametrize("at_hand", [True, False])
@pytest.mark.parametrize(("old", "new", "said", "lost"), CHANGES, ids=[new for _, new, *_ in CHANGES])
def test_verify_says_exactly_what_differs(release, article, capsys, at_hand, old, new, said, lost):
    article.write_text(ARTICLE.replace(old, new, -1 if old == " " else 1), encoding="utf-8")
    assert command(["verify", str(article), "--raw", "raw" if at_hand else "nowhere"]) == 1
    out = capsys.readouterr().out
    assert "not what a cites" in out
    assert "SHA-256" in out
    assert said in out
    found, *told = [line.strip() for line in out.splitlines()[2:]]
    if lost == 0:
        assert found.endswith(" 0 in these words nowhere")
    else:
        assert said in told
        assert all("stands for" in line for line in told)
        assert len(set(told)) == 1 or not at_hand


def test_a_citation_that_does_not_stand_is_told_whatever_the_checksum(release, article):
    source, mentions, evidence = (
        load(backend="pyarrow").to_pylist()
        for load in (tables.load_sources, tables.load_mentions, tables.load_evidence)
    )
    assert verify(ARTICLE, source[0], mentions, evidence).differences == []
    next(row for row in mentions if row["exact"] == "3억 달러" and row["start"] > ARTICLE.index("중국"))["exact"] = (
        "9억 달러"
    )
    (found, told) = verify(ARTICLE, source[0], mentions, evidence).differences
    assert found.endswith(" 1 in these words nowhere")
    assert "'3억' stands for '9억'" in told


def test_verify_is_not_led_astray_by_masked_texts_of_another_folder(release, article, tmp_path, capsys):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_bytes(b"\xff\xfe\xfa")
    article.write_text(ARTICLE.replace("에서 3억", "에서 4억"), encoding="utf-8")
    assert command(["verify", str(article), "--raw", str(tmp_path / "other")]) == 1
    assert "line 3: '4억' stands for '3억'" in capsys.readouterr().out


def test_verify_tells_words_that_no_citation_touches(release, article, capsys):
    article.write_text(ARTICLE.replace("이 소식은 널리 알려졌다.", "") + "끝\n", encoding="utf-8")
    assert command(["verify", str(article)]) == 1
    out = capsys.readouterr().out
    assert "line 3: '░ ░░░ ░░ 알려졌░.' missing" in out
    assert "line 5: 1 more, beginning with '끝'" in out


def test_verify_goes_on_after_a_file_that_proves_nothing(release, article, tmp_path, capsys):
    other, empty = tmp_path / "other.txt", tmp_path / "empty.txt"
    other.write_text("다른 글이다. 12조에 이른다.", encoding="utf-8")
    empty.write_bytes(b"")
    masked = release.parent / "raw" / "a.txt"
    assert command(["verify", *map(str, (empty, other, masked, tmp_path / "gone.txt", article))]) == 1
    out, err = capsys.readouterr()
    assert f"{other}: the text of no source" in out
    assert f"{masked}: a masked text" in out
    assert f"{article}: checksum, amounts (5)" in out
    assert "empty.txt: found an empty text" in err
    assert "gone.txt: found a file that cannot be read" in err
    assert command(["verify", str(article), "--source", "b"]) == 1
    assert "no source 'b': there are a" in capsys.readouterr().err


WHOLE = """오늘의 산업

바오테크, 3억 달러 유치…시장은 환영

중국 AI 기업 바오테크는 지난달 투자자 바이두에서 3억 달러(약 3300억원)를 유치했다. 이 소식은 널리 알려졌다.
직원은 200명이고 사무실은 두 곳이다.

회사는 앞으로 5년간 수십억 위안을 투자할 계획이다. 경쟁사 하오테크의 기업가치는 30억 위안이다.
"""
PARTS = """바오테크, 3억 달러 유치…시장은 환영
중국 AI 기업 바오테크는 지난달 투자자 바이두에서 3억 달러(약 3300억원)를 유치했다. …
5년간 수십억 위안을 투자할 계획이다. 경쟁사 하오테크의 기업가치는 30억 위안"""
"""What could be read of it."""


@pytest.fixture
def excerpt(article, empty_raw, tmp_path, monkeypatch, capsys):
    """PARTS added as an excerpt, and published beside another article of one amount."""
    other = tmp_path / "other.txt"
    other.write_text("가격은 3억 달러 정도다.\n", encoding="utf-8")
    article.write_text(PARTS, encoding="utf-8")
    assert command(["add", str(other), *FACTS, "--raw", str(empty_raw), "--id", "0"]) == 0
    assert command(["add", str(article), *FACTS, "--raw", str(empty_raw), "--id", "a", "--extent", "excerpt"]) == 0
    assert build.main(["--raw", str(empty_raw), "--out", str(tmp_path / "out")]) == 0
    monkeypatch.setattr(tables, "_DATA", tmp_path / "out")
    capsys.readouterr()
    return article


def test_an_excerpt_is_told_in_its_sidecar_its_table_and_where_a_deal_is_shown(excerpt, empty_raw, capsys):
    assert 'extent = "excerpt"' in (empty_raw / "a.toml").read_text(encoding="utf-8")
    assert dict(zip(tables.load_sources().source_id, tables.load_sources().extent, strict=True)) == {
        "0": "full",
        "a": "excerpt",
    }
    deal = next(row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["source_id"] == "a")
    assert command(["show", deal["deal_id"]]) == 0
    assert re.search(r"source +한국신문 +2024-03-04 .*excerpt", capsys.readouterr().out)


@pytest.mark.parametrize(
    "text",
    [WHOLE, PARTS, WHOLE.replace(" ", "  "), WHOLE.replace(". ", ".\n\n"), "3억 달러 유치. 투자, 기업가치.\n" + WHOLE],
    ids=["whole", "itself", "spaced", "broken", "after_other_words"],
)
def test_verify_finds_an_excerpt_in_its_article_and_compares_it_in_order(excerpt, capsys, text):
    excerpt.write_text(text, encoding="utf-8")
    assert command(["verify", str(excerpt)]) == 0
    assert re.search(
        r"amounts \(5\) and words of evidence \(\d+\) of a, an excerpt, stand in it in their order",
        capsys.readouterr().out,
    )


HEAD, FIRST, SECOND = (WHOLE.index(words) for words in ("바오테크, 3억", "중국 AI", "회사는"))


@pytest.mark.parametrize(
    ("text", "counted", "told"),
    [
        (WHOLE.replace("수십억", "수백억"), r" 0 elsewhere, [1-9]\d* in these words nowhere", "수십억"),
        (
            WHOLE[:HEAD] + WHOLE[SECOND:] + WHOLE[FIRST:SECOND] + WHOLE[HEAD:FIRST],
            r" [1-9]\d* elsewhere, 0 in these words nowhere",
            "3억 달러",
        ),
        (WHOLE[:SECOND], r" [1-9]\d* in these words nowhere", "30억 위안"),
    ],
    ids=["changed", "turned_round", "cut"],
)
def test_verify_says_what_of_an_excerpt_does_not_stand_in_order(excerpt, capsys, text, counted, told):
    excerpt.write_text(text, encoding="utf-8")
    assert command(["verify", str(excerpt)]) == 1
    first, count, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("not what a, an excerpt, cites")
    assert re.search(counted, count)
    assert any(told in line and re.search(r" stands (nowhere|elsewhere)$", line) for line in lines)


def test_the_extent_of_an_article_may_come_from_the_table_of_facts(folder, empty_raw, capsys):
    table = folder / "facts.csv"
    table.write_text("file,publisher,id,extent\none.txt,A,a,excerpt\n둘.txt,A,b,half\n", encoding="utf-8")
    assert command(["add", str(folder), "--raw", str(empty_raw)]) == 1
    assert "facts.csv, line 3, extent: found 'half'; expected one of full, excerpt" in capsys.readouterr().err
    table.write_text(table.read_text(encoding="utf-8").replace("half", ""), encoding="utf-8")
    assert command(["add", str(folder), "--raw", str(empty_raw)]) == 0
    assert ['extent = "excerpt"' in (empty_raw / f"{name}.toml").read_text(encoding="utf-8") for name in "ab"] == [
        True,
        False,
    ]


@needs_full_texts
def test_the_founding_articles_are_verified(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert command(["verify", *map(str, FULL_TEXTS)]) == 0
    assert capsys.readouterr().out.count("checksum, amounts") == len(FULL_TEXTS)


def test_a_review_shows_and_fails_when_it_no_longer_holds(release, empty_raw, capsys):
    deal = next(row for row in tables.load_deals(backend="pyarrow").to_pylist() if row["kind"] == "funding_round")
    with (empty_raw / "reviews.csv").open("a", encoding="utf-8") as file:
        file.write(f"{deal['mention_id']},kind,funding_round,ipo,read again\n")
    assert build.main(["--raw", str(empty_raw), "--out", str(release)]) == 0
    capsys.readouterr()
    assert command(["show", deal["mention_id"]]) == 0
    assert re.search("review +corrected", capsys.readouterr().out)
    kept = held(release)
    (empty_raw / "reviews.csv").write_text(
        (empty_raw / "reviews.csv").read_text(encoding="utf-8").replace("funding_round", "fund"), encoding="utf-8"
    )
    assert build.main(["--raw", str(empty_raw), "--out", str(release)]) == 1
    assert "what the correction expects no longer holds" in capsys.readouterr().err
    assert held(release) == kept


def test_a_link_out_of_the_folder_is_refused(empty_raw, tmp_path, capsys):
    shutil.copy(ROOT / "raw" / "003-newspim.txt", tmp_path / "outside.txt")
    (empty_raw / "003-newspim.txt").symlink_to(tmp_path / "outside.txt")
    shutil.copy(ROOT / "raw" / "003-newspim.toml", empty_raw)
    assert build.main(["--raw", str(empty_raw), "--out", str(tmp_path / "out")]) == 1
    assert "003-newspim.txt: found a link that leads out of the folder" in capsys.readouterr().err

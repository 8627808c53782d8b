"""The commands money and read: a text, a file or standard input; a table, tab-separated lines or JSON lines."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console

import cn_ai_funding
from cn_ai_funding import Party, read_article
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.cli.terminal import show_figures

TEXT = "매출은 13억 위안(약 2149억원), 최소 수십억 달러"


ARTICLE = "중국 AI 기업 메그비는 지난달 투자자 바이두에서 3억 달러(약 3300억원)를 유치했다. 가격은 30위안이다."


def money(*arguments, stdin=b"", **environment):
    return run("money", *arguments, stdin=stdin, **environment)


def run(*arguments, stdin=b"", **environment):
    return subprocess.run(
        [sys.executable, "-m", "cn_ai_funding", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}])
def test_a_pipe_gets_a_row_for_each_mention(environment):
    rows = list(csv.DictReader(io.StringIO(money(TEXT, **environment).stdout.decode()), delimiter="\t"))
    assert [(row["text"], row["amount"], row["low"], row["currency"], row["qualifier"]) for row in rows] == [
        ("13억 위안", "1300000000", "1300000000", "CNY", "exact"),
        ("2149억원", "214900000000", "", "KRW", "about"),
        ("수십억 달러", "", "1000000000", "USD", "indefinite"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_standard_input_gives_json_lines(encoding):
    result = money("--json", stdin=TEXT.encode(encoding))
    mentions = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert [TEXT[mention["start"] : mention["end"]] for mention in mentions] == [
        mention["text"] for mention in mentions
    ]
    assert [mention["amount"] for mention in mentions] == [1300000000, 214900000000, None]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_a_file_is_read_in_any_encoding(tmp_path, encoding):
    (tmp_path / "article.txt").write_bytes(TEXT.encode(encoding))
    assert money(str(tmp_path / "article.txt")).stdout == money(TEXT).stdout


def test_a_dash_is_standard_input():
    assert money("-", stdin=TEXT.encode()).stdout == money(TEXT).stdout


def test_a_file_that_is_not_there_is_no_text():
    result = money("article-of-9억원.txt")
    assert (result.returncode, result.stdout) == (1, b"")
    assert "article-of-9억원.txt: found a file that cannot be read" in result.stderr.decode()


def test_a_text_of_one_word_or_too_long_for_a_name_is_a_text():
    for text in ("-5억위안", "5억위안." * 900):
        assert money("--json", text).stdout.count(b"CNY") == text.count("위안")


def test_a_text_without_money_is_no_error():
    assert (money("--json", "연구원 셋").returncode, money("--json", "연구원 셋").stdout) == (0, b"")


def test_another_encoding_is_read_and_told():
    result = money(stdin=TEXT.encode("cp949"))
    assert result.stdout == money(TEXT).stdout
    assert b"CP949" in result.stderr


def test_what_is_no_text_is_an_error_that_says_what_to_do():
    result = money(stdin=b"\xff\x00\x81\x00\xfe")
    assert result.returncode == 1
    assert b"standard input" in result.stderr
    assert b"Save the article as UTF-8" in result.stderr


def test_help_shows_examples():
    assert b"examples:" in money("--help").stdout


def test_read_gives_the_figures_of_an_article_with_their_evidence(tmp_path):
    article = tmp_path / "article.txt"
    article.write_bytes(ARTICLE.encode("cp949"))
    result = run("read", str(article), "--published", "2019-02-07", "--json")
    round_, again, price = (json.loads(line) for line in result.stdout.decode().splitlines())
    assert (round_["kind"], round_["organization"], round_["date"], round_["counterparties"]) == (
        "funding_round",
        "메그비",
        "2019-01",
        ["바이두"],
    )
    assert (again["restates"], round_["deal"], price["deal"]) == (0, True, False)
    assert ARTICLE[slice(*round_["evidence"]["kind"][0])] == "유치"
    assert b"CP949" in result.stderr


def test_read_gives_a_pipe_a_row_for_each_figure():
    rows = list(csv.DictReader(io.StringIO(run("read", "-", stdin=ARTICLE.encode()).stdout.decode()), delimiter="\t"))
    assert [(row["text"], row["kind"], row["exclude_reason"]) for row in rows] == [
        ("3억 달러", "funding_round", ""),
        ("3300억원", "funding_round", ""),
        ("30위안", "price", "not_investment"),
    ]


@pytest.fixture
def figures(monkeypatch):
    """The figures of ARTICLE, the first with parties and all but sure, as `read` gets them."""
    start = ARTICLE.index("바이두")
    parties = (
        Party("lead_investor", "바이두", "baidu", (start, start + 3)),
        Party("investor", "투자자", None, (start - 4, start - 1)),
    )
    found = [
        replace(figure, parties=parties, confidence=0.87654) if number == 0 else figure
        for number, figure in enumerate(read_article(ARTICLE))
    ]
    monkeypatch.setattr(cn_ai_funding, "read_article", lambda *_: found)
    return found


def test_read_gives_confidence_and_parties_as_json(figures, tmp_path, capsys):
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    assert command(["read", str(tmp_path / "article.txt"), "--json"]) == 0
    first, *_, last = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["confidence"], 0 < last["confidence"] < 1, last["parties"]) == (0.877, True, [])
    assert [(party["role"], party["name"], party["organization_id"]) for party in first["parties"]] == [
        ("lead_investor", "바이두", "baidu"),
        ("investor", "투자자", None),
    ]
    assert [ARTICLE[slice(*party["span"])] for party in first["parties"]] == ["바이두", "투자자"]


def test_read_gives_confidence_and_parties_in_a_row(figures, tmp_path, capsys):
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    assert command(["read", str(tmp_path / "article.txt")]) == 0
    first, *_, last = csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter="\t")
    assert (first["confidence"], first["parties"], last["parties"]) == (
        "0.877",
        "lead_investor: 바이두 | investor: 투자자",
        "",
    )


def test_a_person_sees_confidence_and_parties(figures):
    console = Console(file=io.StringIO(), width=300)
    show_figures(console, ARTICLE, figures)
    shown = console.file.getvalue()
    assert "completed; 88% sure" in shown
    assert "with 바이두 (lead_investor), 투자자 (investor)" in " ".join(shown.split())


def test_read_shows_a_terminal_a_table_and_the_text():
    pty = pytest.importorskip("pty")
    shown = bytearray()

    def keep(descriptor):
        data = os.read(descriptor, 4096)
        shown.extend(data)
        return data

    script = f"""
import io, sys
sys.stdin = io.TextIOWrapper(io.BytesIO({ARTICLE!r}.encode()))
from cn_ai_funding.__main__ import main
main(['read', '-'])"""
    pty.spawn([sys.executable, "-c", script], keep)
    text = shown.decode()
    assert "funding_round" in text
    assert "3억 달러" in text.replace("\x1b[1;7m", "").replace("\x1b[0m", "")


@pytest.mark.parametrize(
    ("arguments", "said"), [(("nowhere.txt",), b"nowhere.txt"), (("-", "--published", "7.2.2019"), b"2019-02-07")]
)
def test_read_says_what_is_wrong(arguments, said):
    result = run("read", *arguments)
    assert result.returncode != 0
    assert said in result.stderr

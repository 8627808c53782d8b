"""python -m cn_ai_funding money: a text or standard input, a table, tab-separated lines or JSON lines."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

TEXT = "매출은 13억 위안(약 2149억원), 최소 수십억 달러"


def money(*arguments, stdin=b"", **environment):
    return subprocess.run(
        [sys.executable, "-m", "cn_ai_funding", "money", *arguments],
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
    assert [TEXT[mention["start"] : mention["end"]] for mention in mentions] == [mention["text"] for mention in mentions]
    assert [mention["amount"] for mention in mentions] == [1300000000, 214900000000, None]


def test_a_text_without_money_is_no_error():
    assert (money("--json", "연구원 셋").returncode, money("--json", "연구원 셋").stdout) == (0, b"")


def test_what_is_no_utf_8_is_an_error_that_says_what_to_do():
    result = money(stdin=TEXT.encode("cp949"))
    assert result.returncode == 1
    assert b"not UTF-8" in result.stderr
    assert b"iconv" in result.stderr


def test_help_shows_examples():
    assert b"examples:" in money("--help").stdout

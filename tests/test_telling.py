"""What sources tell by themselves: the same on one core as on several, once, and anew where anything has changed."""

import os
import re
import subprocess
import sys
from datetime import date
from subprocess import PIPE

import pytest
from conftest import ROOT
from linking import HISTORY, RATES, source

import build
from cn_ai_funding import mask_article
from cn_ai_funding.deals import fx, telling
from cn_ai_funding.deals.checked import Checked
from cn_ai_funding.deals.corrections import Corrections
from cn_ai_funding.deals.telling import Teller
from cn_ai_funding.intake.masked import masked_share
from cn_ai_funding.intake.texts import sha256

TEXT = "중국 AI 기업 가온테크는 지난달 3억 위안(약 500억원)을 조달했다. 매출은 12억 위안이다."


def teller(folder, reviews=(), rates=RATES):
    return Teller(folder, [], Corrections(reviews, []), Checked(folder), rates)


def published(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_source_tells_its_rows_and_what_of_it_is_a_deal(tmp_path):
    review = {"mention_id": "000:19-24", "field": "kind", "expected": "ipo", "value": "fund", "line": "2"}
    ((_, told),) = teller(tmp_path, [review]).tell_all([(source("000"), TEXT)], 1)
    assert told.mentions["exact"] == ["3억 위안", "500억원", "12억 위안"]
    assert told.mentions["restates"] == [None, "000:19-24", None]
    assert {*told.evidence["mention_id"]} == {*told.mentions["mention_id"]}
    assert [mention.mention_id for mention in told.of_deals] == told.mentions["mention_id"][:2]
    assert {mention.source for mention in told.of_deals} == {source("000")}
    masked = mask_article(TEXT, [])
    assert (told.masked_sha256, told.masked_share) == (sha256(masked), masked_share(masked))
    assert [str(problem) for problem in told.problems] == [
        "reviews.csv, line 2: found kind is 'funding_round'; expected 'ipo'. "
        "Review the mention again: what the correction expects no longer holds."
    ]


def test_many_sources_tell_in_order_the_same_to_several_processes_and_each_once(tmp_path, monkeypatch):
    asked = [(source(f"{number:03}"), f"{number}. {TEXT}") for number in range(telling.MANY + 1)]
    shared = [*teller(tmp_path / "two").tell_all(asked, 2)]
    assert [told for told, _ in shared] == [one for one, _ in asked]
    assert shared == [*teller(tmp_path / "one").tell_all(asked, 1)]
    monkeypatch.delattr("cn_ai_funding.context.read.read_and_mask")
    assert shared == [*teller(tmp_path / "two").tell_all(asked, 1)]


def test_processes_end_with_the_one_that_shares_its_work(tmp_path):
    code = """
import sys
from itertools import count
from pathlib import Path
from linking import source
from test_telling import TEXT, teller
for _ in teller(Path(sys.argv[1])).tell_all(((source("000"), f"{number}. {TEXT}") for number in count()), 2):
    print("told", flush=True)
"""
    command = [sys.executable, "-c", code, tmp_path]
    with subprocess.Popen(
        command, cwd=ROOT / "tests", env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=PIPE
    ) as build:
        assert build.stdout.readline() == b"told\n"
        build.kill()
        build.communicate(timeout=60)  # what all of them may write to is closed when the last one has ended


def test_what_a_source_told_with_a_problem_is_told_again(tmp_path):
    """The problem stands until it is mended."""
    asked = [(source("000"), TEXT + " 9" + "0" * 30 + "1원")]
    first, again = ([*teller(tmp_path).tell_all(asked, 1)] for _ in range(2))
    assert first == again
    assert first[0][1].problems


def test_other_rates_make_other_restatements(tmp_path):
    asked = [(source("000"), "중국 AI 기업 센스타임은 3억 달러, 3300억 원을 조달했다.")]
    dear = HISTORY.assign(per_eur=HISTORY["per_eur"].where(HISTORY["currency"] == "USD", HISTORY["per_eur"] / 2))
    for rates, restates in ((RATES, "000:15-20"), (fx.Rates(dear), None)):
        ((_, told),) = teller(tmp_path, rates=rates).tell_all(asked, 1)
        assert told.mentions["restates"] == [None, restates]


def correct(raw, out):
    found = re.search(rb"[0-9]{3}-[a-z]+:[0-9]+-[0-9]+", (out / "deals.parquet").read_bytes())
    with (raw / "reviews.csv").open("a", encoding="utf-8") as file:
        file.write(f"{found[0].decode()},period,,P5Y,read again\n")


def rename(raw, _):
    table = raw / "organizations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("센스타임", "센스타임즈"), encoding="utf-8")


def redate(raw, _):
    sidecar = raw / "003-newspim.toml"
    text = re.sub(r"(?m)^published = .*", f"published = {date(2019, 1, 2)}", sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("change", [correct, rename, redate])
def test_a_change_shows_as_if_nothing_had_been_kept(raw, tmp_path, monkeypatch, capsys, change):
    def built(cache):
        monkeypatch.setattr(build, "CACHE", tmp_path / cache)
        status = build.main(["--raw", str(raw), "--out", str(out)])
        return status, capsys.readouterr().err, published(out)

    out = tmp_path / "out"
    before = built("kept")
    change(raw, out)
    after = built("kept")
    assert after != before
    assert after == built("nothing kept")

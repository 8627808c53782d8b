"""The main job: raw/ in, published tables out, the same bytes again; and nothing published where something is wrong."""

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from conftest import FULL_TEXTS, ROOT, copy_raw, needs_full_texts

import build
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.deals import fx
from cn_ai_funding.intake.texts import sha256
from cn_ai_funding.release.publish import SUMS, claimed, sums


def published(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def out(raw, tmp_path):
    """A release built from some sources of the repository."""
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def test_the_published_tables_are_what_raw_gives():
    assert build.main(["--check"]) == 0


def test_another_place_gives_the_same_bytes(tmp_path):
    out = tmp_path / "out"
    assert build.main(["--out", str(out)]) == 0
    files = published(build.OUT) | {name: (ROOT / name).read_bytes() for name in ("DATA_DICTIONARY.md", "CITATION.cff")}
    assert published(out) == files | sums({name: data for name, data in files.items() if name != SUMS})


def test_builds_twice_into_one_folder(raw, out):
    before = published(out)
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 0
    assert published(out) == before


@pytest.mark.parametrize("name", ["deals.parquet", "datapackage.json", SUMS, "DATA_DICTIONARY.md"])
def test_check_fails_when_a_byte_of_a_table_is_changed(raw, out, capsys, name):
    data = (out / name).read_bytes()
    (out / name).write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 1
    assert name in capsys.readouterr().err


def test_mirrors_come_on_request_are_checked_and_go_with_the_next_build(raw, out, capsys):
    plain = published(out)
    assert build.main(["--mirrors", "--raw", str(raw), "--out", str(out)]) == 0
    mirrored = published(out)
    assert mirrored.keys() - plain.keys() == {"deals.csv", "deals.xlsx", "README.md"}
    assert mirrored[SUMS] == sums({name: data for name, data in mirrored.items() if name != SUMS})[SUMS]
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 0
    (out / "deals.csv").write_bytes(mirrored["deals.csv"] + b"stale")
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 1
    assert "deals.csv" in capsys.readouterr().err
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 0
    assert published(out) == plain
    assert build.main(["--check", "--mirrors", "--raw", str(raw), "--out", str(out)]) == 1


def test_mirrors_leave_the_release_of_the_repository_as_it_is(tmp_path, monkeypatch):
    """They go where git does not look."""
    monkeypatch.setattr(build, "MIRRORED", tmp_path / "mirrors")
    before = published(build.OUT)
    assert build.main(["--mirrors"]) == 0
    assert published(build.OUT) == before
    assert {"deals.csv", "deals.parquet", "DATA_DICTIONARY.md", SUMS} <= published(tmp_path / "mirrors").keys()
    monkeypatch.undo()
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{build.MIRRORED.relative_to(ROOT)}/" in ignored


def test_check_rests_on_nothing_that_was_read_before(raw, out, monkeypatch):
    """However the kept readings were spoiled, a check reads again."""
    monkeypatch.setattr(build, "CACHE", None)
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 0


def test_a_failed_publication_leaves_the_documents_of_the_repository(raw, out, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "OUT", (tmp_path / "data").resolve())
    for name in ("pyproject.toml", "DATA_DICTIONARY.md", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "DATA_DICTIONARY.md").write_text("the old one", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.docx").write_bytes(b"years of work")
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "data")]) == 1
    assert "thesis.docx" in capsys.readouterr().err
    assert (tmp_path / "DATA_DICTIONARY.md").read_text(encoding="utf-8") == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".data.lock",
        ".out.lock",
        "DATA_DICTIONARY.md",
        "README.md",
        "data",
        "out",
        "pyproject.toml",
        "raw",
    ]
    (tmp_path / "data" / "thesis.docx").unlink()
    (tmp_path / "CITATION.cff").mkdir()
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "data")]) == 1
    assert "the tables are published, the documents at the top are not" in capsys.readouterr().err
    (tmp_path / "CITATION.cff").rmdir()
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "data")]) == 0
    assert (tmp_path / "DATA_DICTIONARY.md").read_bytes() == (out / "DATA_DICTIONARY.md").read_bytes()
    (tmp_path / "README.md").write_text("# Without answers", encoding="utf-8")
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "data")]) == 1
    assert "README.md: found no <!-- answers" in capsys.readouterr().err


def test_check_fails_when_a_rate_is_changed(raw, out, capsys):
    archive = raw / "ecb" / fx.ARCHIVE
    with zipfile.ZipFile(archive) as old:
        name = old.namelist()[0]
        data = old.read(name).replace(b"2019-02-07,1.1345", b"2019-02-07,1.1346")
    with zipfile.ZipFile(archive, "w") as new:
        new.writestr(name, data)
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 1
    assert "a damaged rate history" in capsys.readouterr().err
    (raw / "ecb" / f"{fx.ARCHIVE}.sha256").write_text(
        f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {fx.ARCHIVE}\n"
    )
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 1
    assert "deals.parquet" in capsys.readouterr().err


def test_check_fails_when_a_raw_text_is_changed(raw, out, capsys):
    path = raw / "003-newspim.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("12억", "13억"), encoding="utf-8")
    assert build.main(["--check", "--raw", str(raw), "--out", str(out)]) == 1
    assert "003-newspim.txt: found a text with SHA-256" in capsys.readouterr().err


def test_every_problem_is_told_in_one_run_and_the_release_stands(raw, out, capsys):
    before = published(out)
    (raw / "000-kotra.txt").write_bytes(b"")
    (raw / "001-joongang.toml").unlink()
    (raw / "002-kbs.toml").write_text(
        (raw / "002-kbs.toml").read_text(encoding="utf-8") + 'colour = "red"\n', encoding="utf-8"
    )
    (raw / "organizations.csv").write_text("nothing\n")
    (raw / "reviews.csv").write_text(
        "mention_id,field,expected,value,reason\n004-globaleconomic:1-2,kind,other,fund,why\n"
    )
    (raw / "ecb" / fx.ARCHIVE).unlink()
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    for file in (
        "000-kotra.txt",
        "001-joongang.txt",
        "002-kbs.toml",
        "organizations.csv",
        "reviews.csv",
        f"ecb/{fx.ARCHIVE}",
    ):
        assert f"error: {file}" in said
    assert "6 problems" in said
    assert published(out) == before


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert build.main(["--out", str(tmp_path / "file" / "out")]) == 1
    assert "cannot be read or written" in capsys.readouterr().err


def test_a_review_shows_in_the_deal(raw, tmp_path):
    deals = pd.read_parquet(build.OUT / "deals.parquet")
    deal = deals[deals.kind == "investment_plan"].iloc[0]
    with (raw / "reviews.csv").open("a", encoding="utf-8") as file:
        file.write(f"{deal.mention_id},kind,{deal.kind},fund,read again\n")
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "out")]) == 0
    rebuilt = pd.read_parquet(tmp_path / "out" / "deals.parquet").set_index("mention_id")
    assert rebuilt.loc[deal.mention_id, ["kind", "review"]].tolist() == ["fund", "corrected"]


def test_an_empty_folder_of_sources_gives_empty_tables(tmp_path):
    raw = copy_raw(tmp_path / "raw", "")
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "out")]) == 0
    assert [
        len(pd.read_parquet(tmp_path / "out" / f"{name}.parquet")) for name in ("deals", "mentions", "sources")
    ] == [0, 0, 0]


@needs_full_texts
def test_full_texts_give_the_same_tables(raw, out):
    by_hash = {sha256(path.read_text(encoding="utf-8")): path for path in FULL_TEXTS}
    replaced = 0
    for sidecar in raw.glob("*.toml"):
        full = next(path for digest, path in by_hash.items() if digest in sidecar.read_text(encoding="utf-8"))
        shutil.copy(full, sidecar.with_suffix(".txt"))
        replaced += 1
    assert replaced == len(FULL_TEXTS)
    assert build.main(["--raw", str(raw), "--out", str(out), "--check"]) == 0


@needs_full_texts
def test_masking_a_full_text_gives_what_raw_holds(raw):
    for sidecar in sorted(raw.glob("*.toml")):
        full = next(
            path
            for path in FULL_TEXTS
            if sha256(path.read_text(encoding="utf-8")) in sidecar.read_text(encoding="utf-8")
        )
        before, facts = sidecar.with_suffix(".txt").read_bytes(), sidecar.read_text(encoding="utf-8")
        assert command(["mask", str(full), str(sidecar)]) == 0
        assert sidecar.with_suffix(".txt").read_bytes() == before
        assert sidecar.read_text(encoding="utf-8") == facts


def test_a_new_source_is_masked_and_built(raw, tmp_path, capsys):
    article = tmp_path / "article.txt"
    article.write_text("중국 AI 기업 가온테크는 지난달 3억 위안(약 500억원)을 조달했다.\n", encoding="utf-8")
    lines = (raw / "003-newspim.toml").read_text(encoding="utf-8").splitlines()
    facts = [line for line in lines if not line.startswith(("text_", "masked_"))]
    (raw / "999-new.toml").write_text("\n".join(facts) + "\n", encoding="utf-8")
    assert command(["mask", str(article), str(raw / "999-new.toml")]) == 0
    assert build.main(["--raw", str(raw), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    sources = pd.read_parquet(tmp_path / "out" / "sources.parquet").set_index("source_id")
    assert sources.loc["999-new", ["n_mentions", "n_deals"]].tolist() == [2, 1]


@pytest.mark.parametrize("amount", ["12345678901234567원", "9" * 300 + "원"])
def test_an_absurd_number_is_a_problem_or_no_amount(raw, tmp_path, capsys, amount):
    """What float64 cannot hold is refused with its line; what is no amount of money at all is kept as unreadable."""
    article = tmp_path / "article.txt"
    article.write_text(f"중국 AI 기업 가온테크\n몸값은 {amount}이다.\n", encoding="utf-8")
    lines = (raw / "003-newspim.toml").read_text(encoding="utf-8").splitlines()
    (raw / "999-new.toml").write_text(
        "\n".join(line for line in lines if not line.startswith(("text_", "masked_"))) + "\n", encoding="utf-8"
    )
    assert command(["mask", str(article), str(raw / "999-new.toml")]) == 0
    status = build.main(["--raw", str(raw), "--out", str(tmp_path / "out")])
    assert (status == 1) == ("999-new.txt, line 2: found the amount" in capsys.readouterr().err) == (len(amount) < 100)


def test_mask_tells_what_prevents_it(raw, tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert command(["mask", str(tmp_path / "empty.txt"), str(raw / "003-newspim.toml")]) == 1
    assert "an empty text" in capsys.readouterr().err
    assert command(["mask", str(tmp_path / "empty.txt"), str(raw / "no.toml")]) == 1
    for file in (raw / "003-newspim.txt", raw / "000-kotra.txt"):
        before = published(raw / "ecb"), file.read_bytes(), (raw / "003-newspim.toml").read_bytes()
        assert command(["mask", str(file), str(raw / "003-newspim.toml")]) == 1
        assert "a text that is masked already" in capsys.readouterr().err
        assert before == (published(raw / "ecb"), file.read_bytes(), (raw / "003-newspim.toml").read_bytes())


def test_help_has_examples(capsys):
    assert build.main(["--help"]) == 0
    assert "examples:" in capsys.readouterr().out


def test_a_second_build_says_that_another_is_at_it(raw, out, capsys):
    before = published(out)
    script = "import sys, build; sys.exit(build.main(['--raw', sys.argv[1], '--out', sys.argv[2]]))"
    with claimed(out):
        second = subprocess.run(
            [sys.executable, "-c", script, str(raw), str(out)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert second.returncode == 1
    assert "found another build of it; expected one build at a time" in second.stderr
    assert published(out) == before
    assert build.main(["--raw", str(raw), "--out", str(out)]) == 0


def test_the_summary_is_plain_text_in_a_pipe(raw, out, capsys):
    build.main(["--check", "--raw", str(raw), "--out", str(out)])
    out = capsys.readouterr().out
    assert re.search(r"^\d+ sources, \d+ mentions of money, \d+ deals$", out, re.MULTILINE)
    assert "\x1b" not in out

"""What was read once is not read again, unless anything that a reading follows from has changed."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cn_ai_funding import Party, kept
from cn_ai_funding.context import read_and_mask
from cn_ai_funding.context.readings import PACKAGES, ROOMS, Readings

TEXT = "중국 AI 기업 가온테크는 지난달 3억 위안(약 500억원)을 조달했다."
DAY = date(2019, 2, 7)
READ = "cn_ai_funding.context.read.read_and_mask"
GAON = {
    "organization_id": "gaon",
    "name_en": "Gaon",
    "name_ko": "가온테크",
    "name_zh": None,
    "aliases": None,
    "type": "ai_company",
    "country": "CN",
}


@pytest.fixture
def reads(monkeypatch):
    """The texts that were read in full."""
    texts = []
    monkeypatch.setattr(READ, lambda text, *rest: (texts.append(text), read_and_mask(text, *rest))[1])
    return texts


def test_a_kept_reading_has_all_that_a_figure_can_say(tmp_path, monkeypatch):
    first, *rest = read_and_mask(TEXT, DAY, [])[0]
    figure = replace(first, parties=(Party("investor", "가온테크", None, (9, 13)),), confidence=0.875)
    monkeypatch.setattr(READ, lambda text, *_: ([figure, *rest], text))
    Readings(tmp_path, []).read(TEXT, DAY)
    monkeypatch.delattr(READ)
    assert Readings(tmp_path, []).read(TEXT, DAY).figures == [figure, *rest]


def test_an_unchanged_source_is_read_once_and_gives_the_same(tmp_path, reads):
    first = Readings(tmp_path, []).read(TEXT, DAY)
    again = Readings(tmp_path, [])
    assert again.read(TEXT, DAY) == first
    assert reads == [TEXT]
    assert [figure.date for figure in first.figures] == ["2019-01", "2019-01"]


@pytest.mark.parametrize(
    ("text", "day", "organizations"),
    [
        (TEXT + " ", DAY, []),
        (TEXT, date(2020, 2, 7), []),
        (TEXT, None, []),
        (TEXT, DAY, [GAON]),
    ],
)
def test_a_changed_text_day_or_directory_is_read_again(tmp_path, reads, text, day, organizations):
    Readings(tmp_path, []).read(TEXT, DAY)
    Readings(tmp_path, organizations).read(text, day)
    assert len(reads) == 2


def test_what_other_code_read_is_cleared_away_and_nothing_else(tmp_path, reads):
    for name in ("0123456789abcdef", "thesis"):
        (tmp_path / name).mkdir()
    Readings(tmp_path, []).read(TEXT, DAY)
    names = {path.name for path in tmp_path.iterdir()}
    assert "thesis" in names
    assert "0123456789abcdef" not in names
    assert len(names) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data.replace(b"300000000", b"900000000"),
        lambda data: b"\xff" + data,
    ],
)
def test_a_damaged_reading_is_read_anew(tmp_path, reads, damage):
    first = Readings(tmp_path, []).read(TEXT, DAY)
    (file,) = tmp_path.glob("*/*")
    assert damage(file.read_bytes()) != file.read_bytes()
    file.write_bytes(damage(file.read_bytes()))
    assert Readings(tmp_path, []).read(TEXT, DAY) == first
    assert len(reads) == 2


def test_a_folder_that_is_deleted_or_cannot_be_written_is_no_matter(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "gone", tmp_path / "file" / "below"):
        readings = Readings(folder, [])
        assert readings.read(TEXT, DAY) == readings.read(TEXT, DAY)
        shutil.rmtree(folder, ignore_errors=True)
        assert readings.read(TEXT, DAY).figures


def test_the_code_and_its_packages_make_the_version(monkeypatch, tmp_path):
    def version():
        kept.code_version.cache_clear()
        return kept.code_version(ROOMS, PACKAGES)

    before = version()
    monkeypatch.setattr(kept, "version", lambda name: "0")
    other_packages = version()
    shutil.copytree(Path(kept.__file__).parent, tmp_path / "copy", ignore=shutil.ignore_patterns("data"))
    monkeypatch.setattr(kept, "files", lambda package: tmp_path / "copy")
    assert version() == other_packages
    with (tmp_path / "copy" / "context" / "lexicon.toml").open("a", encoding="utf-8") as file:
        file.write("# one more word")
    assert len({before, other_packages, version()}) == 3
    kept.code_version.cache_clear()

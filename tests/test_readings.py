"""What was read once is not read again, unless anything that a reading follows from has changed."""

from datetime import date

import pytest

from cn_ai_funding import Organization, readings
from cn_ai_funding.readings import Readings

TEXT = "중국 AI 기업 가온테크는 지난달 3억 위안(약 500억원)을 조달했다."
DAY = date(2019, 2, 7)


@pytest.fixture
def reads(monkeypatch):
    """The texts that were read in full."""
    texts = []
    read = readings.read_and_mask
    monkeypatch.setattr(readings, "read_and_mask", lambda text, *rest: (texts.append(text), read(text, *rest))[1])
    return texts


def test_an_unchanged_source_is_read_once_and_gives_the_same(tmp_path, reads):
    first = Readings(tmp_path, []).read("a", TEXT, DAY)
    again = Readings(tmp_path, [])
    assert again.read("a", TEXT, DAY) == first
    assert reads == [TEXT]
    assert [figure.date for figure in first.figures] == ["2019-01", "2019-01"]
    assert dict(again) == {"a": first.masked}


@pytest.mark.parametrize(
    ("text", "day", "organizations"),
    [(TEXT + " ", DAY, []), (TEXT, date(2020, 2, 7), []), (TEXT, None, []), (TEXT, DAY, [Organization("gaon", ("가온테크",), "ai_company", "CN")])],
)
def test_a_changed_text_day_or_directory_is_read_again(tmp_path, reads, text, day, organizations):
    Readings(tmp_path, []).read("a", TEXT, DAY)
    Readings(tmp_path, organizations).read("a", text, day)
    assert len(reads) == 2


def test_what_other_code_read_is_cleared_away(tmp_path, reads):
    (tmp_path / "0123456789abcdef").mkdir()
    Readings(tmp_path, []).read("a", TEXT, DAY)
    (folder,) = tmp_path.iterdir()
    assert folder.name != "0123456789abcdef"


@pytest.mark.parametrize("damage", [b"", b"{", b'{"figures": 1, "masked": ""}', b"\xff"])
def test_a_damaged_reading_is_read_anew(tmp_path, reads, damage):
    first = Readings(tmp_path, []).read("a", TEXT, DAY)
    (file,) = tmp_path.glob("*/*")
    file.write_bytes(damage)
    assert Readings(tmp_path, []).read("a", TEXT, DAY) == first
    assert len(reads) == 2

"""A release is whole or not there; the same tables give the same bytes."""

import errno
import os
import shutil
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet
import pytest

from cn_ai_funding.release import publish as room
from cn_ai_funding.release.publish import (
    SUMS,
    content_sha256,
    differences,
    parquet_files,
    publish,
    staged,
    sums,
    write_files,
)

OLD = {"deals.parquet": b"old"} | sums({"deals.parquet": b"old"})
NEW = {"deals.parquet": b"new"} | sums({"deals.parquet": b"new"})
TABLE = pa.table({"name": ["가", None], "amount": [1.5, 2.0]})


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    publish(OLD, tmp_path / "data")
    return tmp_path / "data"


def test_replaces_a_release(folder):
    publish(NEW, folder)
    assert held(folder) == NEW
    assert sorted(path.name for path in folder.parent.iterdir()) == [".data.lock", "data"]


DYING = """
import os, pathlib, signal, sys
from cn_ai_funding.release import publish
left = int(sys.argv[2])

def dies_before(step):
    def dying(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*arguments, **options)
    return dying

for owner, name in ((os, "fsync"), (pathlib.Path, "mkdir"), (pathlib.Path, "rename"), (publish.shutil, "rmtree")):
    setattr(owner, name, dies_before(getattr(owner, name)))
files = {"deals.parquet": b"new"}
publish.publish(files | publish.sums(files), pathlib.Path(sys.argv[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no SIGKILL here")
def test_a_killed_build_leaves_a_whole_release_and_the_next_one_works(folder):
    """Killed before its first step to the disk, its second …, until one run comes through."""
    for steps in range(20):
        done = subprocess.run([sys.executable, "-c", DYING, str(folder), str(steps)], check=False).returncode
        assert held(folder) in (OLD, NEW)
        if done == 0:
            break
        assert done == -signal.SIGKILL
        publish(OLD, folder)
        assert held(folder) == OLD
    assert steps >= 5
    assert held(folder) == NEW


def test_without_an_atomic_exchange_an_interrupted_build_is_mended_by_the_next(folder, monkeypatch):
    """Also by one that cannot publish: the old release is back first."""
    monkeypatch.setattr(room, "_exchange", lambda *_: False)
    folder.rename(folder.with_name(".data.old"))  # dead between the two renames
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            publish(NEW, folder)
    assert held(folder) == OLD
    publish(NEW, folder)
    assert held(folder) == NEW


def test_a_file_of_an_older_release_may_go(folder):
    older = OLD | {"gone.csv": b"", "also gone.csv": b""}
    del older[SUMS]
    publish(older | sums(older), folder.with_name("older"))
    publish(NEW, folder.with_name("older"))
    assert held(folder.with_name("older")) == NEW


def test_a_list_of_other_files_makes_no_release(folder):
    """A SHA256SUMS of somebody's own files vouches for nothing that may be deleted."""
    own = folder.with_name("own")
    own.mkdir()
    for name, data in ({"thesis.docx": b"years of work"} | sums({"thesis.docx": b"years of work"})).items():
        (own / name).write_bytes(data)
    with pytest.raises(FileExistsError, match="no part of a release"):
        publish(NEW, own)
    assert (own / "thesis.docx").read_bytes() == b"years of work"


def test_a_folder_that_is_named_like_one_of_an_interrupted_build_stays(folder):
    old = folder.with_name(".own.old")
    old.mkdir()
    (old / "thesis.docx").write_bytes(b"years of work")
    publish(NEW, folder.with_name("own"))
    assert held(folder.with_name("own")) == NEW


def test_a_folder_of_files_named_like_ours_is_no_release(folder):
    own = folder.with_name("own")
    own.mkdir()
    (own / "deals.csv").write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"deals\.csv"):
        publish(NEW | {"deals.csv": b"new"}, own)


def test_a_release_from_before_there_was_a_list_may_go(folder):
    (folder / SUMS).rename(folder / "checksums.json")
    publish(NEW, folder)
    assert held(folder) == NEW


def test_a_file_that_is_only_named_like_an_old_list_stays(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "checksums.json").write_bytes(b"years of work")
    with pytest.raises(FileExistsError, match="checksums"):
        publish(NEW, tmp_path / "mine")


def test_refuses_a_folder_that_holds_other_files(folder):
    (folder / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(FileExistsError, match="thesis"):
        publish(NEW, folder)
    assert held(folder) == OLD | {"thesis.docx": b"years of work"}


def test_refuses_a_folder_whose_files_are_hidden(tmp_path):
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    with pytest.raises(FileExistsError, match="git"):
        publish(NEW, tmp_path / "checkout")
    assert (tmp_path / "checkout" / ".git").is_dir()


@pytest.mark.parametrize("damaged", [b"5", b"0" * 64 + b"  other.csv\n5", b"\xff"])
def test_a_damaged_list_of_files_vouches_for_none(folder, damaged):
    (folder / SUMS).write_bytes(damaged)
    (folder / "other.csv").write_bytes(b"")
    with pytest.raises(FileExistsError, match="no part of a release"):
        publish(NEW, folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_keeps_its_release(folder):
    folder.parent.chmod(0o500)
    try:
        with pytest.raises(OSError, match="denied"):
            publish(NEW, folder)
    finally:
        folder.parent.chmod(0o700)
    assert held(folder) == OLD


def test_the_same_table_gives_the_same_bytes():
    assert parquet_files({"deals": TABLE}, "1.2.3") == parquet_files(
        {"deals": pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])}, "1.2.3"
    )


def test_a_parquet_file_knows_its_version():
    file = parquet_files({"deals": TABLE}, "1.2.3")["deals.parquet"]
    assert pyarrow.parquet.read_metadata(pa.BufferReader(file)).metadata[b"cn_ai_funding_version"] == b"1.2.3"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_sha256sum_checks_a_release(tmp_path):
    files = {"deals.parquet": b"new", "deals.csv": b"more"}
    publish(files | sums(files), tmp_path / "data")
    check = ["sha256sum", "--strict", "-c", SUMS]
    assert (
        subprocess.run(check, cwd=tmp_path / "data", check=True, capture_output=True).stdout
        == b"deals.csv: OK\ndeals.parquet: OK\n"
    )
    (tmp_path / "data" / "deals.csv").write_bytes(b"less")
    assert subprocess.run(check, cwd=tmp_path / "data", check=False, capture_output=True).returncode == 1


def test_the_content_hash_follows_the_content():
    other = pa.table({"name": ["가", None], "amount": [1.5, 2.5]})
    assert content_sha256(TABLE) != content_sha256(other)
    assert content_sha256(TABLE) == content_sha256(pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]))


def test_differences_names_each_file_that_differs(folder):
    problems = differences(NEW | {"more.parquet": b""}, folder)
    assert [problem.file.rpartition(os.sep)[2] for problem in problems] == ["deals.parquet", SUMS, "more.parquet"]
    assert differences(OLD, folder) == []


def test_files_are_replaced(tmp_path):
    write_files({tmp_path / "a.md": b"one"})
    write_files({tmp_path / "a.md": b"two", tmp_path / "b.md": b"three"})
    assert held(tmp_path) == {"a.md": b"two", "b.md": b"three"}


def test_of_files_that_belong_together_all_are_written_or_none_and_nothing_is_left(tmp_path, monkeypatch):
    write_files({tmp_path / "a.md": b"old"})
    flush, left = os.fsync, [1]

    def full(descriptor):
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_files({tmp_path / "a.md": b"new", tmp_path / "b.md": b"new"})
    assert held(tmp_path) == {"a.md": b"old"}


def test_what_is_staged_is_not_there_until_what_follows_succeeds(tmp_path):
    write_files({tmp_path / "a.md": b"old"})
    with pytest.raises(ValueError, match="a build that fails"), staged({tmp_path / "a.md": b"new"}):
        raise ValueError("a build that fails")
    assert held(tmp_path) == {"a.md": b"old"}
    with staged({tmp_path / "a.md": b"new"}):
        assert (tmp_path / "a.md").read_bytes() == b"old"
    assert held(tmp_path) == {"a.md": b"new"}

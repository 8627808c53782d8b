"""Writes the release: the same tables give the same bytes, and readers see the old release or the new one, whole.

A release is a folder of files. It is written beside the published one, flushed to disk, and then takes its name in one
step: Linux and macOS can exchange two folders atomically; elsewhere the old one is moved away first, and a build that
finds it so puts it back.
"""

import ctypes
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from filelock import FileLock

from ..intake.problems import Problem

SUMS = "SHA256SUMS"
_SUM = re.compile(r"[0-9a-f]{64} [ *](.+)")
"""A line as `sha256sum` writes and checks it."""
_ALWAYS = "deals.parquet"
"""In every release."""
_FORMER = {"checksums.json", _ALWAYS}
"""What a release that was published before it had a SHA256SUMS held."""
_AT_ONCE = 50_000
"""Values that are hashed at once."""
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave in any folder."""


def parquet_files(tables: Mapping[str, pa.Table], version: str) -> dict[str, bytes]:
    """The Parquet files of a release by name, each with the version of the dataset in its metadata."""
    return {f"{name}.parquet": _parquet(table, version) for name, table in tables.items()}


def sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The list of the files of a release, for `sha256sum -c`."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return {SUMS: "".join(lines).encode()}


def content_sha256(table: pa.Table) -> str:
    """A hash of what a table says, whatever writes its Parquet: a line of JSON a column, its name and its values."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = column.cast(pa.string()) if pa.types.is_date(column.type) else column
        digest.update(f"[{json.dumps(name)}".encode())
        for start in range(0, len(values), _AT_ONCE):  # not all values of a column as objects
            part = json.dumps(values.slice(start, _AT_ONCE).to_pylist(), ensure_ascii=False)
            digest.update(f", {part[1:-1]}".encode())
        digest.update(b"]\n")
    return digest.hexdigest()


def claimed(folder: Path) -> FileLock:
    """A claim on a folder for as long as one builds for it.

    A second process that wants it gets `filelock.Timeout` at once.
    """
    folder = folder.resolve()
    if not folder.name:
        raise IsADirectoryError(f"{folder} is no folder for a release")
    folder.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0, is_singleton=True)


def publish(files: Mapping[str, bytes], folder: Path) -> None:
    """Replace the release in `folder` by these files.

    Raises OSError where it cannot, `filelock.Timeout` while another build is at it; the old release then stands.
    """
    folder = folder.resolve()
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    with claimed(folder):
        if old.is_dir() and not folder.exists() and _held(old) <= listed(old):
            old.rename(folder)  # a build was interrupted between the two steps below
        if strangers := _held(folder) - listed(folder):
            raise FileExistsError(f"it holds files that are no part of a release, such as {min(strangers)}")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            for name, data in files.items():
                _write(new / name, data)
            if not folder.exists():
                new.rename(folder)
            elif not _exchange(new, folder):
                folder.rename(old)
                new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)


def _held(folder: Path) -> set[str]:
    return (
        {path.name for path in folder.iterdir() if path.name not in _LITTER or not path.is_file()}
        if folder.exists()
        else set()
    )


def listed(folder: Path) -> set[str]:
    """The files that the release in a folder says it has; none where its list is damaged or another's."""
    if not (folder / SUMS).is_file():
        return _FORMER if _held(folder) >= _FORMER else set()
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    names = [found[1] for found in map(_SUM.fullmatch, lines) if found]
    return {SUMS, *names} if len(names) == len(lines) and _ALWAYS in names else set()


@contextmanager
def staged(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Write files beside their places, and put them there if what follows succeeds: all, each in one step, or none."""
    temporary = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, data in files.items():
            _write(temporary[path], data)
        yield
        for path, new in temporary.items():
            new.replace(path)
    finally:
        for new in temporary.values():
            new.unlink(missing_ok=True)


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, all or none, so that no reader sees half of one. Raises OSError where that cannot be done."""
    with staged(files):
        pass


def differences(files: Mapping[str, bytes], folder: Path) -> list[Problem]:
    """In what the published files differ from these."""
    problems = []
    for name, data in files.items():
        path = folder / name
        published = path.read_bytes() if path.is_file() else None
        if published != data:
            found = "no file" if published is None else f"SHA-256 {hashlib.sha256(published).hexdigest()[:12]}…"
            expected = f"SHA-256 {hashlib.sha256(data).hexdigest()[:12]}… as raw/ gives it"
            problems.append(
                Problem(
                    str(path), "", found, expected, "Run 'python build.py', or restore raw/ and the locked packages"
                )
            )
    return problems


def _parquet(table: pa.Table, version: str) -> bytes:
    sink = pa.BufferOutputStream()
    with pyarrow.parquet.ParquetWriter(
        sink, table.schema, version="2.6", compression="snappy", store_schema=False, data_page_version="1.0"
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"cn_ai_funding_version": version})
    return bytes(sink.getvalue())


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (renameat2 on Linux, renamex_np on macOS). False where that cannot be done."""
    swap = 2  # RENAME_EXCHANGE in linux/fs.h, RENAME_SWAP in sys/stdio.h
    first, second = os.fsencode(one), os.fsencode(other)
    at_cwd = -100  # AT_FDCWD
    try:
        library = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, swap) == 0)
        return bool(library.renameat2(at_cwd, first, at_cwd, second, swap) == 0)
    except (AttributeError, OSError, TypeError):
        return False

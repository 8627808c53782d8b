"""Keeps what was read of each source on disk, so that an unchanged one is not read again.

A reading follows from the text, the day it was published, the directory of names and the code. They make its name: when
one of them changes, it is another file. The folder may be deleted at any time; what is damaged in it, by its checksum,
is read anew.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from datetime import date
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain, islice, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import msgspec

from . import Figure, Organization, read_and_mask

_READERS = ("ahocorasick_rs", "babel", "kiwipiepy", "kiwipiepy_model", "numpy")
"""The packages whose version can change a reading."""
_ROOMS = ("edtf.py", "kinds.py", "intake", "money", "context")
_DIGITS = 16
"""Of the hash of the code, which names a folder."""


BATCH, CHUNK, MANY = 256, 16, 32
"""Texts that are asked for at once (two such are in memory), that a process takes at once, and new ones from which more
processes pay for their start."""
Asked = TypeVar("Asked")


class Reading(msgspec.Struct, frozen=True):
    """What one text says, and the masked text that it was read from."""

    figures: list[Figure]
    masked: str


class Readings:
    """The readings of texts in a folder."""

    def __init__(self, folder: Path, organizations: Iterable[Organization]) -> None:
        """Use a folder for the readings, and clear it of those that other code left."""
        self._organizations = tuple(organizations)
        self._folder = folder / code_version()
        self._names = hashlib.sha256(repr(self._organizations).encode()).hexdigest()
        for other in folder.glob("[0-9a-f]" * _DIGITS):
            if other != self._folder and not folder.is_symlink():
                shutil.rmtree(other, ignore_errors=True)

    def read(self, text: str, published: date | None) -> Reading:
        """What a text says, from the folder if it was read before."""
        return self._kept(text, published) or self._keep(text, published, _read(self._organizations, text, published))

    def read_all(
        self, asked: Iterable[tuple[Asked, str, date | None]], processes: int
    ) -> Iterator[tuple[Asked, str, Reading]]:
        """What texts say, in their order, each with what came with it. Processes share what is new, if it is much."""
        asked, read = iter(asked), partial(_read, self._organizations)
        with ExitStack() as stack:
            pool: ProcessPoolExecutor | None = None

            def start(batch: Sequence[tuple[Asked, str, date | None]]) -> Iterator[tuple[Asked, str, Reading]]:
                """Set the processes to work; what is given is waited for only when it is asked for."""
                nonlocal pool
                found = [self._kept(text, published) for _, text, published in batch]
                new = [(text, published) for (_, text, published), known in zip(batch, found, strict=True) if not known]
                if pool is None and processes > 1 and len(new) >= MANY:
                    # a process that is forked inherits locks of threads that it does not have; each starts anew
                    pool = stack.enter_context(ProcessPoolExecutor(processes, get_context("spawn")))
                columns = zip(*new, strict=True) if new else ((), ())
                fresh = iter(pool.map(read, *columns, chunksize=CHUNK) if pool else map(read, *columns))
                return (
                    (what, text, known or self._keep(text, published, next(fresh)))
                    for (what, text, published), known in zip(batch, found, strict=True)
                )

            batches = iter(lambda: [*islice(asked, BATCH)], [])
            for batch, _ in pairwise(chain(map(start, batches), [()])):  # the next one is at work while one is taken
                yield from batch

    def _file(self, text: str, published: date | None) -> Path:
        name = hashlib.sha256("\0".join((self._names, str(published), text)).encode()).hexdigest()
        return self._folder / f"{name}.json"

    def _kept(self, text: str, published: date | None) -> Reading | None:
        """What a text says, if that is in the folder."""
        try:
            digest, _, data = self._file(text, published).read_bytes().partition(b"\n")
            if digest.decode() == hashlib.sha256(data).hexdigest():
                return msgspec.json.decode(data, type=Reading)
        except (OSError, ValueError):
            pass
        return None

    def _keep(self, text: str, published: date | None, data: bytes) -> Reading:
        """Put into the folder what a text says."""
        file = self._file(text, published)
        with suppress(OSError):  # a build does not need it
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
            temporary.replace(file)
        return msgspec.json.decode(data, type=Reading)


def _read(organizations: tuple[Organization, ...], text: str, published: date | None) -> bytes:
    """A `Reading` as it is kept."""
    return msgspec.json.encode(Reading(*read_and_mask(text, published, organizations)))


@cache
def code_version() -> str:
    """A hash of the rooms that a reading goes through, and of the versions of what it reads with."""
    digest = hashlib.sha256()
    package = files(__package__.partition(".")[0])
    for file in sorted((file for room in _ROOMS for file in _code(package.joinpath(room))), key=str):
        digest.update(file.read_bytes())
    digest.update(" ".join([sys.version, *map(version, _READERS)]).encode())
    return digest.hexdigest()[:_DIGITS]


def _code(entry: Traversable) -> Iterator[Traversable]:
    if entry.is_dir():
        for inner in entry.iterdir():
            yield from _code(inner)
    elif entry.name.endswith((".py", ".toml", ".tsv")):
        yield entry

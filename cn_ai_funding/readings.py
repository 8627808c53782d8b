"""Keeps what was read of each source on disk, so that an unchanged one is not read again.

A reading follows from the text, the day it was published, the directory of names and the code. They make its name: when one
of them changes, it is another file. The folder may be deleted at any time; what is damaged in it is read anew.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from .context import Figure, Organization, read_and_mask

_READERS = ("ahocorasick_rs", "babel", "kiwipiepy", "kiwipiepy_model")
"""The packages whose version can change a reading."""


class Reading(msgspec.Struct, frozen=True):
    """What one text says, and the masked text that it was read from."""

    figures: list[Figure]
    masked: str


class Readings(Mapping[str, str]):
    """The readings of a build's sources in a folder; as a mapping, the masked texts by source id, from disk."""

    def __init__(self, folder: Path, organizations: Iterable[Organization]) -> None:
        """Use a folder for the readings, and clear it of those that other code left."""
        self._organizations = tuple(organizations)
        self._folder = folder / _code_version()
        self._names = hashlib.sha256(repr(self._organizations).encode()).hexdigest()
        self._files: dict[str, Path] = {}
        self._folder.mkdir(parents=True, exist_ok=True)
        for other in folder.iterdir():
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def read(self, source_id: str, text: str, published: date | None) -> Reading:
        """What a text says, from the folder if it was read before."""
        name = hashlib.sha256("\0".join((self._names, str(published), text)).encode()).hexdigest()
        file = self._files[source_id] = self._folder / f"{name}.json"
        try:
            return msgspec.json.decode(file.read_bytes(), type=Reading)
        except (OSError, ValueError):
            reading = Reading(*read_and_mask(text, published, self._organizations))
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(msgspec.json.encode(reading))
        temporary.replace(file)  # not flushed to disk: what a power failure leaves half written is read anew
        return reading

    def __getitem__(self, source_id: str) -> str:
        return msgspec.json.decode(self._files[source_id].read_bytes(), type=Reading).masked

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@cache
def _code_version() -> str:
    """A hash of this package's code and vocabulary, and of the versions of what it reads with."""
    digest = hashlib.sha256()
    for file in sorted(_code(files(__package__)), key=str):
        digest.update(file.read_bytes())
    digest.update(" ".join([sys.version, *map(version, _READERS)]).encode())
    return digest.hexdigest()[:16]


def _code(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _code(entry)
        elif entry.name.endswith((".py", ".toml")):
            yield entry

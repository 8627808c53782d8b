"""Keeps what was read of each source on disk, so that an unchanged one is not read again.

A reading follows from the text, the day it was published, the directory of names and the code. They make its name: when
one of them changes, it is another file. The folder may be deleted at any time; what is damaged in it, by its checksum,
is read anew.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from . import Figure, Organization, read_and_mask

_READERS = ("ahocorasick_rs", "babel", "kiwipiepy", "kiwipiepy_model", "numpy")
"""The packages whose version can change a reading."""
_DIGITS = 16
"""Of the hash of the code, which names a folder."""


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
        name = hashlib.sha256("\0".join((self._names, str(published), text)).encode()).hexdigest()
        file = self._folder / f"{name}.json"
        try:
            digest, _, data = file.read_bytes().partition(b"\n")
            if digest.decode() == hashlib.sha256(data).hexdigest():
                return msgspec.json.decode(data, type=Reading)
        except (OSError, ValueError):
            pass
        reading = Reading(*read_and_mask(text, published, self._organizations))
        data = msgspec.json.encode(reading)
        with suppress(OSError):  # a build does not need it
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
            temporary.replace(file)
        return reading


@cache
def code_version() -> str:
    """A hash of this package's code, vocabulary and weights, and of the versions of what it reads with."""
    digest = hashlib.sha256()
    for file in sorted(_code(files(__package__.partition(".")[0])), key=str):
        digest.update(file.read_bytes())
    digest.update(" ".join([sys.version, *map(version, _READERS)]).encode())
    return digest.hexdigest()[:_DIGITS]


def _code(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _code(entry)
        elif entry.name.endswith((".py", ".toml", ".tsv")):
            yield entry

"""Keeps results on disk, each under a name that is a hash of all that it follows from, so that none is made twice.

When anything of that changes, it is another file; when the code does, another folder, and that of the old code goes.
The folder may be deleted at any time; what is damaged in it, by its checksum, counts as not there.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_DIGITS = 16
"""Of the hash of the code, which names a folder."""


class Kept:
    """Results in a folder, as bytes."""

    def __init__(self, folder: Path, rooms: tuple[str, ...], packages: tuple[str, ...]) -> None:
        """Use a folder for what these rooms make with these packages, and clear it of what other code made."""
        self._folder = folder / code_version(rooms, packages)
        for other in folder.glob("[0-9a-f]" * _DIGITS):
            if other != self._folder and not folder.is_symlink():
                shutil.rmtree(other, ignore_errors=True)

    def get(self, name: str) -> bytes | None:
        """What is kept under a name, if anything is."""
        try:
            digest, _, data = (self._folder / name).read_bytes().partition(b"\n")
        except OSError:
            return None
        return data if digest == hashlib.sha256(data).hexdigest().encode() else None

    def holds(self, name: str) -> bool:
        """Whether anything is kept under a name, damaged or not."""
        return (self._folder / name).is_file()

    def put(self, name: str, data: bytes) -> None:
        """Keep something, where that can be done: nobody needs it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary = self._folder / f"{name}.{os.getpid()}"
            temporary.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
            temporary.replace(self._folder / name)


def name_of(*parts: object) -> str:
    """The name of what follows from these, by how they print."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


@cache
def code_version(rooms: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """A hash of the code of some rooms, of the versions of the packages that they use, and of Python's."""
    digest = hashlib.sha256()
    package = files(__package__)
    for file in sorted((file for room in rooms for file in _code(package.joinpath(room))), key=str):
        digest.update(file.read_bytes())
    digest.update(" ".join([sys.version, *map(version, packages)]).encode())
    return digest.hexdigest()[:_DIGITS]


def _code(entry: Traversable) -> Iterator[Traversable]:
    if entry.is_dir():
        for inner in entry.iterdir():
            yield from _code(inner)
    elif entry.name.endswith((".py", ".toml", ".tsv")):
        yield entry

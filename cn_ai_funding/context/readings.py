"""Keeps what was read of each text on disk, so that an unchanged one is not read again.

A reading follows from the text, the day it was published, the directory of names and the code.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..kept import Kept, name_of
from .figure import Figure

if TYPE_CHECKING:
    from .names import Directory

PACKAGES = ("ahocorasick_rs", "babel", "kiwipiepy", "kiwipiepy_model", "numpy")
"""Those whose version can change a reading."""
LOADED = f"{__package__}.loaded"
"""The module that loads what reads."""
ROOMS = ("edtf.py", "kinds.py", "intake", "money", "context")
"""Those that a reading goes through."""


class Reading(msgspec.Struct, frozen=True):
    """What one text says, and the masked text that it was read from."""

    figures: list[Figure]
    masked: str


class Readings:
    """The readings of texts in a folder."""

    def __init__(self, folder: Path, organizations: Iterable[Mapping[str, Any]]) -> None:
        """Use a folder for the readings. `organizations` are the rows of the directory."""
        self._organizations = tuple(organizations)
        self._names = name_of(self._organizations)
        self._kept = Kept(folder, ROOMS, PACKAGES)

    @cached_property
    def _directory(self) -> "Directory":
        from .names import Directory, Organization

        return Directory(map(Organization.from_row, self._organizations))

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, which makes its own directory."""
        return {name: value for name, value in vars(self).items() if name != "_directory"}

    def known(self, text: str, published: date | None) -> bool:
        """Whether a text was read before."""
        return self._kept.holds(self._name(text, published))

    def _name(self, text: str, published: date | None) -> str:
        return name_of(self._names, published, text)

    def read(self, text: str, published: date | None) -> Reading:
        """What a text says, from the folder if it was read before."""
        name = self._name(text, published)
        data = self._kept.get(name)
        if data is None:
            # imported where something is read: to load what reads takes longer than to build from what was read
            from .read import read_and_mask

            data = msgspec.json.encode(Reading(*read_and_mask(text, published, self._directory)))
            self._kept.put(name, data)
        return msgspec.json.decode(data, type=Reading)

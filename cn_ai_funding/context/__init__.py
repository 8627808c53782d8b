"""What a figure is about: a text and its money in, `Figure`s out. Knows nothing of exchange rates or tables.

What reads is loaded when something is to be read: to compile its patterns takes a while.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .figure import (
    DATE_BASES,
    EVIDENCE_FIELDS,
    EXCLUDE_REASONS,
    NOT_INVESTMENT,
    STATUSES,
    Figure,
)

if TYPE_CHECKING:
    from .layout import Layout
    from .names import Organization
    from .read import mask_article, read_and_mask, read_article, read_unmasked

__all__ = [
    "DATE_BASES",
    "EVIDENCE_FIELDS",
    "EXCLUDE_REASONS",
    "NOT_INVESTMENT",
    "STATUSES",
    "Figure",
    "Layout",
    "Organization",
    "mask_article",
    "read_and_mask",
    "read_article",
    "read_unmasked",
]

_ELSEWHERE = {"Layout": "layout", "Organization": "names"}


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'read')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

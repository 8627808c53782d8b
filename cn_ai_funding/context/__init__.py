"""What a figure is about: a text and its money in, `Figure`s out. Knows nothing of exchange rates or tables."""

from .figure import (
    DATE_BASES,
    EVIDENCE_FIELDS,
    EXCLUDE_REASONS,
    NOT_INVESTMENT,
    STATUSES,
    Figure,
)
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

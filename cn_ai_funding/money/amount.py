"""What the rooms of the grammar hand on: one amount as it was found, before it is known whether it is money."""

from dataclasses import dataclass

from .mention import Span
from .numerals import Numeral


@dataclass(slots=True)
class Amount:
    """One numeral and its currency: `source[start:end]`; without name and sign that is the numeral."""

    start: int
    end: int
    numeral: str
    value: Numeral | None
    """None where the digits are no number."""
    name: str
    """The currency word as the vocabulary writes it; empty where there is none."""
    currency: str | None
    inferred: bool
    evidence: tuple[Span, ...] = ()
    several: bool = False
    """Whether it is a range rather than one number."""
    shared: bool = False
    """Whether its currency is written beside another amount of its list or range."""
    touched: int | None = None
    """Where digits begin that stand before it with nothing between but what parts the digits of one number."""

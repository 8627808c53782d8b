"""The arithmetic of amounts: exact, however many digits they have."""

from decimal import Context, Decimal

LONGEST = 100
"""Code points of a numeral; whatever is longer counts no money."""
EXACT = Context(prec=2 * LONGEST)
"""No sum or product of numerals is rounded."""


def trailing_zeros(amount: Decimal) -> int:
    """How many zeros end a number: of 6억 7000만 it is 7, of 1.25 it is -2."""
    exponent = amount.normalize(EXACT).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0

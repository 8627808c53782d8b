"""The kinds of figures: which of them are deals, what the amounts of each measure, and which may be added up.

To add a kind, add a row here; CONTRIBUTING.md has the rest.
"""

from typing import NamedTuple

RAISED, ACQUIRED, GRANTED, COMMITTED, STOCK, FLOW = "raised", "acquired", "granted", "committed", "stock", "flow"
SUMMED = (RAISED, ACQUIRED, GRANTED, COMMITTED)
"""The measures that may be added up, each by itself. The others are levels, and totals of others' figures."""
ONCE_DONE = (RAISED, ACQUIRED, GRANTED)
"""Those of which only what has happened counts. A commitment counts from its announcement."""
COMES_IN = (RAISED, ACQUIRED)
"""Money that comes to the organization or to who held its shares.

In the others that are added up it goes out from the organization."""


class Kind(NamedTuple):
    """What follows from the kind of a figure.

    `measure` is what its amounts measure, None where it is no investment figure; `left_out` why they are never added
    up, None where they may be; `party` what somebody else is who is named in it.
    """

    measure: str | None
    left_out: str | None = None
    party: str = "investor"


_KINDS = {
    "funding_round": Kind(RAISED),
    "cumulative_funding": Kind(STOCK, left_out="cumulative"),
    "valuation": Kind(STOCK, left_out="valuation"),
    "ipo": Kind(RAISED),
    "acquisition_or_stake": Kind(ACQUIRED, party="buyer"),
    "investment_plan": Kind(COMMITTED, party="partner"),
    "fund": Kind(COMMITTED),
    "government_support": Kind(GRANTED, party="recipient"),
    "capital_flow": Kind(FLOW, left_out="aggregate"),
    "market_size": Kind(None),
    "financials": Kind(None),
    "price": Kind(None),
    "other": Kind(None),
}
if any((kind.measure in SUMMED) == (kind.left_out is not None) for kind in _KINDS.values() if kind.measure):
    raise ValueError("a kind whose measure is not added up needs its reason, and no other has one")

KINDS = tuple(_KINDS)
MEASURES = {name: kind.measure for name, kind in _KINDS.items() if kind.measure}
"""The measure of each kind of investment figure."""
INVESTMENT_KINDS = tuple(MEASURES)
"""The kinds that make a figure a deal."""
NEVER_SUMMED = {name: kind.left_out for name, kind in _KINDS.items() if kind.left_out}
"""Why the amounts of a kind are never added up."""
PARTIES = {name: kind.party for name, kind in _KINDS.items()}
"""What somebody else in a figure of a kind is, unless the words after the name say otherwise."""

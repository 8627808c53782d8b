"""What the amounts of a kind measure. Only amounts of one measure may be added up, and not those of every measure."""

RAISED, ACQUIRED, GRANTED, COMMITTED, STOCK, FLOW = "raised", "acquired", "granted", "committed", "stock", "flow"

MEASURES = {
    "funding_round": RAISED,
    "ipo": RAISED,
    "acquisition_or_stake": ACQUIRED,
    "government_support": GRANTED,
    "investment_plan": COMMITTED,
    "fund": COMMITTED,
    "cumulative_funding": STOCK,
    "valuation": STOCK,
    "capital_flow": FLOW,
}
"""The measure of each kind of investment figure."""
SUMMED = (RAISED, ACQUIRED, GRANTED, COMMITTED)
"""Those that may be added up, each by itself. The others are levels, and totals of others' figures."""
ONCE_DONE = (RAISED, ACQUIRED, GRANTED)
"""Those of which only what has happened counts. A commitment counts from its announcement."""
COMES_IN = (RAISED, ACQUIRED)
"""Money that comes to the organization or to who held its shares; in the others that are added up it goes out from the organization."""

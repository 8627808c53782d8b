"""What the amounts of a kind measure, and what a qualifier sets.

Only amounts of one measure may be added up, and not those of every measure.
"""

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
"""Money that comes to the organization or to who held its shares; in the others that are added up it goes out from the
organization."""
SETS = {
    "exact": (True, True, True),
    "at_least": (True, True, False),
    "more_than": (True, True, False),
    "at_most": (True, False, True),
    "less_than": (True, False, True),
    "range": (False, True, True),
    "indefinite": (False, True, True),
    "unreadable": (False, False, False),
}
"""Which of amount, amount_low and amount_high a qualifier sets; `about` has bounds only with 대."""

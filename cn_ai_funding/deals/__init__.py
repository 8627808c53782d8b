"""Which figures are each one deal.

Figures of all sources go in, cited, corrected, linked, converted and settled deals come out.

Knows citations and amounts. What a text says was read before; how tables are published comes after.
"""

"""What comes in: articles with their sidecars, the directory of organizations, corrections. Nothing in it is trusted.

A folder goes in, sources and rows come out, and a `Problem` for whatever is wrong. What money is, this room does not
know.
"""

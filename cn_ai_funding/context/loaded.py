"""Has, once imported, all in memory that reads: patterns, weights and Kiwi's dictionary.

For a process from which others are forked: what takes each of them seconds and half a gigabyte is then there once. The
thread that Kiwi has besides serves batches of texts alone, and they ask for words.
"""

from .model import published
from .morphology import proper_noun
from .read import FIELDS

for field in FIELDS:
    published(field)
proper_noun("가온테크")  # Kiwi loads with the first word

"""Korean money: any string in, `MoneyMention`s out. Knows nothing of companies, deals or exchange rates."""

from .finder import find_money, unread_tables
from .mention import QUALIFIERS, MoneyMention, Span
from .numerals import trailing_zeros

__all__ = ["QUALIFIERS", "MoneyMention", "Span", "find_money", "trailing_zeros", "unread_tables"]

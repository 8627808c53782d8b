"""Korean money: any string in, `MoneyMention`s out. Knows nothing of companies, deals or exchange rates.

What finds money is loaded when something is to be found: to compile its patterns takes a while.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .arithmetic import trailing_zeros
from .mention import QUALIFIERS, MoneyMention, Span

if TYPE_CHECKING:
    from .finder import find_money, unread_tables

__all__ = ["QUALIFIERS", "MoneyMention", "Span", "find_money", "trailing_zeros", "unread_tables"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.finder"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Investment figures on Chinese AI, read from Korean-language articles, each traced to the character it was read from.

>>> import cn_ai_funding
>>> deals = cn_ai_funding.load_deals()

The tables need pandas and pyarrow only. `find_money` needs the `money` extra, `read_article` the `read` extra; both
read columns of texts too (`find_money_frame`, `read_article_frame`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .tables import (
    data_path,
    load_deals,
    load_evidence,
    load_fx_rates,
    load_mentions,
    load_organizations,
    load_parties,
    load_sources,
)

if TYPE_CHECKING:
    from .context import Figure, Organization, mask_article, read_article
    from .context.figure import Party
    from .frames import as_row, find_money_frame, read_article_frame
    from .money import MoneyMention, find_money

__all__ = [
    "Figure",
    "MoneyMention",
    "Organization",
    "Party",
    "__version__",
    "as_row",
    "data_path",
    "find_money",
    "find_money_frame",
    "load_deals",
    "load_evidence",
    "load_fx_rates",
    "load_mentions",
    "load_organizations",
    "load_parties",
    "load_sources",
    "mask_article",
    "read_article",
    "read_article_frame",
]

_LAZY = {
    "Figure": "context",
    "MoneyMention": "money",
    "Organization": "context",
    "Party": "context.figure",
    "as_row": "frames",
    "find_money": "money",
    "find_money_frame": "frames",
    "mask_article": "context",
    "read_article": "context",
    "read_article_frame": "frames",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import what reads Korean on first use, so that an analyst's import stays light."""
    if name == "__version__":
        from importlib.metadata import version

        return version("cn-ai-funding")
    if name in _LAZY:
        try:
            return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
        except ImportError as error:
            from .extras import missing

            told = missing(error, name, "money" if _LAZY[name] == "money" else "read")
            if told is None:
                raise
            raise ImportError(told) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

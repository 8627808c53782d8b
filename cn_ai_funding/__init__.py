"""Investment figures on Chinese AI, read from Korean-language articles, each traced to the character it was read from.

>>> import cn_ai_funding
>>> deals = cn_ai_funding.load_deals()

The tables need pandas and pyarrow only. `find_money` needs the `money` extra, `read_article` the `read` extra; both
read columns of texts too (`find_money_frame`, `read_article_frame`), and `read_batches` Arrow batches of a cluster.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
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
    from .context import Figure, Organization
    from .context.figure import Party
    from .context.names import Directory
    from .frames import as_row, find_money_frame, read_article_frame, read_batches
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
    "read_batches",
]

_LAZY = {
    "Figure": "context",
    "MoneyMention": "money",
    "Organization": "context",
    "Party": "context.figure",
    "as_row": "frames",
    "find_money": "money",
    "find_money_frame": "frames",
    "read_article_frame": "frames",
    "read_batches": "frames",
}


def read_article(
    text: str, published_on: date | None = None, organizations: "Iterable[Organization] | None" = None
) -> "list[Figure]":
    """Every amount of money in an article, with what it is about.

    `published_on` is what relative dates (지난달, 올해) count from; without it they are left out. `organizations` is
    the directory of names (default: the published table). `text` is NFC with LF, as in every table: offsets count its
    code points. One `Figure` a mention, in order of the text. TypeError where `published_on` is no date.

    >>> [f.kind for f in read_article("딥시크는 2억 위안(약 380억원)을 유치했다. 기업가치는 90억 위안이다.")]
    ['funding_round', 'funding_round', 'valuation']
    """
    read = _imported("read_article", "context")
    figures: list[Figure] = read(text, published_on, _published() if organizations is None else organizations)
    return figures


def mask_article(text: str, organizations: "Iterable[Organization] | None" = None) -> str:
    """The article with every word masked that `read_article` does not read. Same length, same line breaks."""
    masked: str = _imported("mask_article", "context")(text, _published() if organizations is None else organizations)
    return masked


@cache
def _published() -> "Directory":
    """The published table of organizations as a directory of names."""
    from .context.names import Directory, Organization

    return Directory(map(Organization.from_row, load_organizations(backend="pyarrow").to_pylist()))


def _imported(name: str, module: str) -> Any:
    """What a module of the package has by a name. ImportError with the extra that is missing for it, if one is."""
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ImportError as error:
        from .extras import missing

        told = missing(error, name, "money" if module == "money" else "read")
        if told is None:
            raise
        raise ImportError(told) from error


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import what reads Korean on first use, so that an analyst's import stays light."""
    if name == "__version__":
        from importlib.metadata import version

        return version("cn-ai-funding")
    if name in _LAZY:
        return _imported(name, _LAZY[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Loads the published tables.

The only room that an analyst's process enters: it knows the files, not how they came to be.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NAMES = ("deals", "parties", "mentions", "evidence", "sources", "organizations", "fx_rates")
BACKENDS = ("pandas", "pyarrow", "polars")
Backend = Literal["pandas", "pyarrow", "polars"]

_DATA = Path(__file__).parent / "data"


def data_path(name: str = "deals") -> Path:
    """The Parquet file of a table.

    `name` is deals, parties, mentions, evidence, sources, organizations or fx_rates.

    Raises ValueError for another name, FileNotFoundError where the tables have not been built.
    """
    if name not in NAMES:
        raise ValueError(f"no table {name!r}: there are {', '.join(NAMES)}")
    path = _DATA / f"{name}.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run 'python build.py' in a checkout, or install the package anew")
    return path


def _load(name: str, backend: str) -> Any:
    if backend not in BACKENDS:
        raise ValueError(f"no backend {backend!r}: there are {', '.join(BACKENDS)}")
    path = data_path(name)
    if backend == "polars":
        try:
            import polars
        except ImportError as error:
            raise ImportError("backend='polars' needs Polars: pip install polars") from error
        return polars.read_parquet(path)
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    return table if backend == "pyarrow" else table.to_pandas(date_as_object=False)


class Loader(Protocol):
    """Loads a table anew: a pandas DataFrame, a pyarrow Table or a Polars DataFrame, by `backend`."""

    @overload
    def __call__(self, backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
    @overload
    def __call__(self, backend: Literal["pyarrow"]) -> "pa.Table": ...
    @overload
    def __call__(self, backend: Literal["polars"]) -> Any: ...
    def __call__(self, backend: Backend = "pandas") -> Any: ...


def _loader(name: str, what: str) -> Loader:
    def load(backend: Backend = "pandas") -> Any:
        return _load(name, backend)

    load.__name__ = load.__qualname__ = f"load_{name}"
    kinds = "Gives a new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md."
    load.__doc__ = f"{what}\n\n{kinds}"
    return load


load_deals = _loader(
    "deals", "Investment figures, one row each: who, what, when, how much in CNY, USD and KRW, and where it says so."
)
load_parties = _loader("parties", "Who takes part in a deal and as what, one row for each name and role.")
load_mentions = _loader("mentions", "Amounts of money, one row for each place in a source that names one.")
load_evidence = _loader(
    "evidence", "The words that each field of a mention was read from, one row for each stretch of them."
)
load_sources = _loader("sources", "Articles, one row each.")
load_organizations = _loader("organizations", "The directory of organizations, one row each.")
load_fx_rates = _loader("fx_rates", "Euro reference rates of the European Central Bank, one row a day and currency.")

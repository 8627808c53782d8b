"""Loads the published tables. The only room that an analyst's process enters: it knows the files, not how they came to be."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NAMES = ("deals", "mentions", "sources", "organizations", "fx_rates")
BACKENDS = ("pandas", "pyarrow", "polars")
Backend = Literal["pandas", "pyarrow", "polars"]

_DATA = Path(__file__).parent / "data"


def data_path(name: str = "deals") -> Path:
    """The Parquet file of a table: `deals`, `mentions`, `sources`, `organizations` or `fx_rates`.

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


@overload
def load_deals(backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load_deals(backend: Literal["pyarrow"]) -> "pa.Table": ...
@overload
def load_deals(backend: Literal["polars"]) -> Any: ...
def load_deals(backend: Backend = "pandas") -> Any:
    """Investment figures, one row each: who, what, when, how much, in CNY, USD and KRW, and where it says so.

    A new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md.
    """
    return _load("deals", backend)


@overload
def load_mentions(backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load_mentions(backend: Literal["pyarrow"]) -> "pa.Table": ...
@overload
def load_mentions(backend: Literal["polars"]) -> Any: ...
def load_mentions(backend: Backend = "pandas") -> Any:
    """Amounts of money, one row for each place in a source that names one.

    A new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md.
    """
    return _load("mentions", backend)


@overload
def load_sources(backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load_sources(backend: Literal["pyarrow"]) -> "pa.Table": ...
@overload
def load_sources(backend: Literal["polars"]) -> Any: ...
def load_sources(backend: Backend = "pandas") -> Any:
    """Articles, one row each.

    A new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md.
    """
    return _load("sources", backend)


@overload
def load_organizations(backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load_organizations(backend: Literal["pyarrow"]) -> "pa.Table": ...
@overload
def load_organizations(backend: Literal["polars"]) -> Any: ...
def load_organizations(backend: Backend = "pandas") -> Any:
    """The directory of organizations, one row each.

    A new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md.
    """
    return _load("organizations", backend)


@overload
def load_fx_rates(backend: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load_fx_rates(backend: Literal["pyarrow"]) -> "pa.Table": ...
@overload
def load_fx_rates(backend: Literal["polars"]) -> Any: ...
def load_fx_rates(backend: Backend = "pandas") -> Any:
    """Euro reference rates of the European Central Bank, one row a day and currency.

    A new pandas DataFrame, pyarrow Table or Polars DataFrame. Columns and units: DATA_DICTIONARY.md.
    """
    return _load("fx_rates", backend)

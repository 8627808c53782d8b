"""Reads columns and batches of texts into flat rows for pandas, Arrow or Spark, and gives one reading as JSON has it.

A column in, a table out, in the kind of the column; order is kept, whatever the number of processes. What has no place
in a flat row (spans of evidence, probabilities of each field, the ids of parties) is in `as_row` only.
"""

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, repeat
from math import isnan
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from .context import Figure, Organization
    from .money import MoneyMention

SEVERAL = " | "
"""Between the names in one cell, as in the tables."""
BATCH = 16
"""Texts that a process takes at once."""

_MONEY = (
    *(("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())),
    *(("amount", pa.float64()), ("low", pa.float64()), ("high", pa.float64())),
    *(("currency", pa.string()), ("currency_inferred", pa.bool_()), ("qualifier", pa.string())),
)
_TEXTS = (
    "kind",
    "status",
    "organization",
    "organization_id",
    "date",
    "date_basis",
    "period",
    "round",
    "counterparties",
    "parties",
    "exclude_reason",
)
_INDEX = pa.int32()
"""Of figures within their text. Null where there is none, so that pandas gets its own Int32 and no float."""
MONEY = pa.schema([("row", pa.int64()), *_MONEY])
"""The columns of `find_money_frame`."""
FIGURE = pa.schema(
    [
        *(("row", pa.int64()), ("figure", _INDEX), *_MONEY),
        *((name, pa.string()) for name in _TEXTS),
        *(("restates", _INDEX), ("part_of", _INDEX), ("confidence", pa.float64()), ("deal", pa.bool_())),
    ]
)
"""The columns of `read_article_frame`."""
BATCHES = pa.schema([("source_id", pa.string()), *list(FIGURE)[1:], ("problem", pa.string())])
"""The columns of `read_batches`."""
_SPARK = {"bool": "BOOLEAN", "double": "DOUBLE", "int32": "INT", "int64": "BIGINT", "string": "STRING"}
BATCHES_DDL = ", ".join(f"`{field.name}` {_SPARK[str(field.type)]}" for field in BATCHES)
"""`BATCHES` as Spark writes a schema: the second argument of `mapInArrow`."""

Row = dict[str, Any]


def as_row(found: "MoneyMention | Figure") -> Row:
    """What was found as JSON has it.

    Texts, numbers, booleans, None, lists and dictionaries, under the names of the fields.

    An amount is an int where it is whole, exact whatever its size, else the nearest float, as the tables have it. A
    span is a list of two offsets. A `Figure` has the fields of its money in place of `money`, `deal` for `is_deal`, and
    the evidence of its money as `evidence["amount"]`.

    >>> as_row(find_money("13억 위안")[0])["amount"]
    1300000000
    """
    row: Row = _plain(found)
    if "money" in row:
        money = row.pop("money")
        evidence = {"amount": money.pop("evidence"), **row["evidence"]}
        row = {**money, **row, "deal": found.is_deal, "evidence": evidence}  # type: ignore[union-attr]
    return row


def find_money_frame(texts: Any, *, processes: int = 1) -> Any:
    """Every amount of money in a column of texts, one row each.

    `texts` is a pandas Series, a pyarrow Array or ChunkedArray, anything else that Arrow reads as a column, or an
    iterable of texts; null (None, NaN, NA) is a text without money. Gives a pandas DataFrame for pandas and iterables,
    else a pyarrow Table: `row`, the position of the text from 0, then start, end, text, amount, low, high, currency,
    currency_inferred and qualifier of `MoneyMention`, amounts as float64 in whole units of the currency. In pandas the
    index is that of `texts`, so that `articles[["title"]].join(found)` works.

    `processes` share the work; more than one needs a script to stand under `if __name__ == "__main__":`. TypeError for
    what is no column of texts, ValueError for fewer than one process.
    """
    column = _column(texts)
    return _framed(texts, MONEY, _rows(_money, [(text,) for text in column], processes))


def read_article_frame(
    texts: Any, published_on: Any = None, organizations: "Iterable[Organization] | None" = None, *, processes: int = 1
) -> Any:
    """Every amount of money in a column of articles, with what it is about, one row each.

    As `find_money_frame`, with the fields of `Figure` besides: `figure` is its position in its article, which
    `restates` and `part_of` count by; `counterparties` and `parties` (role: name) are joined by ' | '; `deal` is
    whether it becomes one. `published_on` is one day for all, or a column of days, null where it is unknown;
    `organizations` as in `read_article`.

    Raises as `find_money_frame`; TypeError too for what is no day, ValueError where there are not as many days as
    texts.
    """
    column = _column(texts)
    asked = [*zip(column, _days(published_on, len(column)), strict=True)]
    listed = None if organizations is None else tuple(organizations)
    return _framed(texts, FIGURE, _rows(partial(_figures, listed), asked, processes))


def read_batches(
    batches: Iterable[pa.RecordBatch], organizations: "Iterable[Organization] | None" = None
) -> Iterator[pa.RecordBatch]:
    """Every amount of money in batches of articles, with what it is about: for engines that share out Arrow batches.

    A batch has the column `text` and, if known, `published` (a date, a time, or text such as 2019-02-07; empty is
    unknown) and `source_id`; others are passed over. Gives batches with the columns `BATCHES`: those of
    `read_article_frame` with the article's `source_id` in place of `row`, and `problem`. Offsets count the text as
    every table has it, NFC with LF. Null text has no row. An article that cannot be read has one row, with `problem`
    and its `source_id` alone. Holds no more than a few texts at once, needs no state but the package, and pickles:
    `partial(read_batches, organizations=listed)` too.

    TypeError for what is no stream of batches, ValueError for a batch without one column `text`, ImportError where the
    `read` extra is missing.
    """
    from . import Organization

    listed = None if organizations is None else tuple(organizations)
    if not all(isinstance(organization, Organization) for organization in listed or ()):
        raise TypeError("organizations: Organization objects are needed")
    _figures(listed, "", None)  # what is missing is missing for every page
    for batch in batches.to_batches() if isinstance(batches, pa.Table) else batches:
        if not isinstance(batch, pa.RecordBatch):
            raise TypeError(f"a stream of record batches is needed, not of {type(batch).__name__}: [batch] is one")
        if batch.schema.names.count("text") != 1:
            raise ValueError(f"a batch needs one column text; it has {', '.join(batch.schema.names) or 'none'}")
        absent = pa.nulls(batch.num_rows)
        columns = [
            batch.column(name) if name in batch.schema.names else absent for name in ("source_id", "text", "published")
        ]
        for start in range(0, max(batch.num_rows, 1), BATCH):
            part = [column.slice(start, BATCH) for column in columns]
            rows = [row for asked in zip(*part, strict=True) for row in _of_one(listed, *asked)]
            yield pa.RecordBatch.from_arrays(_arrays(rows, BATCHES), schema=BATCHES)


def _of_one(
    organizations: "tuple[Organization, ...] | None", source: pa.Scalar, text: pa.Scalar, published: pa.Scalar
) -> list[Row]:
    """The rows of one article, or the one that says why there are none."""
    named = dict.fromkeys(BATCHES.names)
    try:
        named["source_id"] = None if source.as_py() is None else str(source.as_py())
        article, day = text.as_py(), published.as_py()
        if article is None:
            return []
        if not isinstance(article, str):
            raise TypeError(f"{article!r:.60} is no text")
        article = unicodedata.normalize("NFC", article.replace("\r\n", "\n"))
        return [named | row for row in _figures(organizations, article, _published(day))]
    except MemoryError:
        raise
    except Exception as error:  # whatever is wrong with one page of millions, the others are read
        return [named | {"problem": f"{type(error).__name__}: {error}"}]


def _published(value: Any) -> date | None:
    """The day of an article as a batch has it."""
    if value == "" or _is_null(value):
        return None
    try:
        return _day(datetime.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise ValueError(f"published: {value!r} is no day, such as 2019-02-07") from error


def _money(text: str) -> list[Row]:
    from . import find_money

    return [*map(as_row, find_money(text))]


def _figures(organizations: "tuple[Organization, ...] | None", text: str, published_on: date | None) -> list[Row]:
    from . import read_article

    rows = []
    for number, figure in enumerate(read_article(text, published_on, organizations)):
        several = {
            "counterparties": figure.counterparties,
            "parties": [f"{party.role}: {party.name}" for party in figure.parties],
        }
        rows.append(
            as_row(figure) | {"figure": number} | {name: SEVERAL.join(names) or None for name, names in several.items()}
        )
    return rows


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [*map(_plain, value)] if isinstance(value, tuple) else value


def _rows(
    read: Callable[..., list[Row]], asked: Sequence[tuple[Any, ...]], processes: int
) -> Iterator[tuple[int, Row]]:
    """Every row with the position of its text, in order."""
    if processes < 1:
        raise ValueError(f"processes={processes}: one or more, such as {os.cpu_count()}")
    known = [(row, arguments) for row, arguments in enumerate(asked) if arguments[0] is not None]
    batches = [known[start : start + BATCH] for start in range(0, len(known), BATCH)]
    if processes == 1 or len(batches) < 2:
        yield from chain.from_iterable(map(_read_batch, repeat(read), batches))
        return
    # a process that is forked inherits locks of threads that it does not have; each starts anew
    with ProcessPoolExecutor(min(processes, len(batches)), get_context("spawn")) as pool:
        yield from chain.from_iterable(pool.map(_read_batch, repeat(read), batches))


def _read_batch(read: Callable[..., list[Row]], batch: Sequence[tuple[int, tuple[Any, ...]]]) -> list[tuple[int, Row]]:
    return [(row, found) for row, asked in batch for found in read(*asked)]


def _framed(texts: Any, schema: pa.Schema, rows: Iterable[tuple[int, Row]]) -> Any:
    """The rows as a table of the kind that `texts` is."""
    found = [{**row, "row": number} for number, row in rows]
    table = pa.Table.from_arrays(_arrays(found, schema), schema=schema)
    if _is_arrow(texts):
        return table
    import pandas as pd

    frame = table.to_pandas(types_mapper={_INDEX: pd.Int32Dtype()}.get)
    if isinstance(texts, pd.Series):
        frame.index = texts.index.take(frame["row"].to_numpy())
    return frame


def _arrays(rows: Sequence[Row], schema: pa.Schema) -> list[pa.Array]:
    return [pa.array([_cell(row[field.name], field.type) for row in rows], field.type) for field in schema]


def _cell(value: Any, kind: pa.DataType) -> Any:
    return float(value) if value is not None and kind == pa.float64() else value


def _is_arrow(values: Any) -> bool:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return True
    return (
        hasattr(values, "__arrow_c_stream__") and type(values).__module__.partition(".")[0] != "pandas"
    )  # as a Series of Polars


def _column(values: Any, what: str = "text") -> list[Any]:
    """The texts of a column, None for null."""
    named = f"{type(values).__module__.partition('.')[0]}.{type(values).__name__}".removeprefix("builtins.")
    if isinstance(values, str | bytes | dict) or hasattr(
        values, "columns"
    ):  # to go through them gives characters, or names of columns
        raise TypeError(
            f"a column of {what}s is needed, not a {named}; "
            f"frame['…'] is one column of a table, ['…'] a list of one {what}"
        )
    if not isinstance(values, pa.Array | pa.ChunkedArray) and _is_arrow(values):
        values = pa.chunked_array(values)
    try:
        listed = values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else [*values]
    except TypeError as error:
        raise TypeError(f"a column of {what}s is needed, not a {named}") from error
    column = [None if _is_null(value) else value for value in listed]
    for row, value in enumerate(column):
        if what == "text" and value is not None and not isinstance(value, str):
            raise TypeError(f"row {row} is {value!r:.60}, no text; drop it, or make it null")
    return column


def _is_null(value: Any) -> bool:
    """Whether a cell is null: None, NaN, NaT or NA, which has no truth value."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and isnan(value))


def _days(published_on: Any, count: int) -> Iterable[date | None]:
    if published_on is None or isinstance(published_on, date):
        return repeat(_day(published_on), count)
    days = _column(published_on, "day")
    if len(days) != count:
        raise ValueError(f"{len(days)} days of publication for {count} texts")
    return map(_day, days, range(count))


def _day(value: Any, row: int | None = None) -> date | None:
    if isinstance(value, datetime):  # pandas and Arrow have days as times
        return value.date()
    if value is None or isinstance(value, date):
        return value
    raise TypeError(
        f"published_on{'' if row is None else f', row {row}'}: {value!r} is no date; "
        "pandas.to_datetime makes days of texts"
    )

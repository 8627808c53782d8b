"""Columns of texts: flat rows in the kind of the column, nulls passed over, the same with any number of processes."""

import json
import pickle
import unicodedata
from datetime import date
from functools import partial

import pandas as pd
import polars
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cn_ai_funding
from cn_ai_funding import (
    Organization,
    as_row,
    find_money,
    find_money_frame,
    read_article,
    read_article_frame,
    read_batches,
)
from cn_ai_funding.frames import BATCHES

ARTICLE = "중국 AI 기업 가온테크는 지난달 나루벤처스에서 3억 위안(약 500억원)을 유치했다."
TEXTS = ["매출은 13억 위안이고, 목표는 20억~30억 위안이다", None, "연구원 셋", ARTICLE]
MONEY = [(0, "13억 위안"), (0, "20억~30억 위안"), (3, "3억 위안"), (3, "500억원")]
DAY = date(2019, 2, 7)
NULLS = [None, float("nan"), pd.NA, pd.NaT]
COLUMNS = {
    "list": list,
    "generator": iter,
    "object": lambda texts: pd.Series(texts, dtype="object"),
    "string": lambda texts: pd.Series(texts, dtype="string"),
    "arrow in pandas": lambda texts: pd.Series(texts, dtype=pd.ArrowDtype(pa.string())),
    "array": pa.array,
    "chunks": lambda texts: pa.chunked_array([texts[:1], texts[1:]]),
    "dictionary": lambda texts: pa.array(texts).dictionary_encode(),
    "polars": polars.Series,
}


def listed(frame):
    """The rows of a table of either kind, null as None."""
    rows = frame.to_pylist() if isinstance(frame, pa.Table) else frame.to_dict("records")
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_kind_of_column_gives_the_same_rows(kind):
    """Those of pandas and of Python as a DataFrame, those of Arrow and Polars as an Arrow table."""
    arrow = kind in ("array", "chunks", "dictionary", "polars")
    money, figures = find_money_frame(COLUMNS[kind](TEXTS)), read_article_frame(COLUMNS[kind](TEXTS), DAY)
    assert [isinstance(frame, pa.Table) for frame in (money, figures)] == [arrow, arrow]
    assert [(row["row"], row["text"]) for row in listed(money)] == MONEY
    assert listed(money) == listed(find_money_frame(TEXTS))
    assert listed(figures) == listed(read_article_frame(TEXTS, DAY))


def test_a_flat_row_says_what_a_figure_says():
    rows = listed(read_article_frame([None, ARTICLE], DAY))
    for number, (row, figure) in enumerate(zip(rows, read_article(ARTICLE, DAY), strict=True)):
        whole = as_row(figure)
        parties = " | ".join(f"{party.role}: {party.name}" for party in figure.parties) or None
        assert (row.pop("row"), row.pop("figure"), row.pop("parties")) == (1, number, parties)
        assert row.pop("counterparties") == (" | ".join(figure.counterparties) or None)
        assert row == {name: whole[name] for name in row}
    assert rows[1]["restates"] == 0


def test_rows_join_the_frame_that_the_texts_are_of():
    articles = pd.DataFrame({"title": list("abcd"), "text": TEXTS}, index=["w", "x", "y", "z"])
    joined = articles[["title"]].join(find_money_frame(articles.text))
    assert joined.loc[joined.text.notna(), ["title", "text"]].to_numpy().tolist() == [
        ["abcd"[row], text] for row, text in MONEY
    ]
    assert len(joined) == len(MONEY) + 2


@pytest.mark.parametrize("frame", [find_money_frame, read_article_frame])
@pytest.mark.parametrize("texts", [[], ["연구원 셋"], NULLS])
def test_no_money_gives_an_empty_table_of_the_same_columns_and_types(frame, texts):
    full = frame(pa.array(TEXTS))
    assert frame(pa.array(texts, pa.string(), from_pandas=True)).schema == full.schema
    empty = frame(texts)
    assert len(empty) == 0
    assert empty.dtypes.tolist() == frame(TEXTS).dtypes.tolist()


@pytest.mark.parametrize(
    "days",
    [
        [DAY, None, None, DAY],
        pd.Series(pd.to_datetime(["2019-02-07", None, None, "2019-02-07"])),
        pa.array([DAY, None, None, DAY]),
        pd.Series([DAY, pd.NA, float("nan"), DAY], dtype="object"),
    ],
)
def test_each_article_has_its_own_day(days):
    found = listed(read_article_frame(TEXTS, days))
    assert {row["date"] for row in found if row["row"] == 3} == {"2019-01"}
    assert found == listed(read_article_frame(TEXTS, DAY))


def test_the_directory_is_that_of_the_caller():
    gaon = Organization("gaon", ("가온테크",), "ai_company", "CN")
    assert "gaon" in set(read_article_frame([ARTICLE], DAY, [gaon]).organization_id)


def test_processes_change_no_row_and_no_order():
    texts = [text and f"{text} {number}억 원" for number, text in enumerate(TEXTS * 10)]
    assert listed(find_money_frame(texts, processes=2)) == listed(find_money_frame(texts))
    gaon = Organization("gaon", ("가온테크",), "ai_company", "CN")
    one, two = (read_article_frame(texts, DAY, [gaon], processes=count) for count in (1, 2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("13억 위안", "column of texts is needed, not a str"),
        (pd.DataFrame({"text": TEXTS}), "not a pandas.DataFrame"),
        (pa.table({"text": TEXTS}), "not a pyarrow.Table"),
        ({"text": TEXTS}, "not a dict"),
        (13, "not a int"),
        (["13억 위안", 13], "row 1 is 13, no text"),
        ([b"13"], "row 0 is b'13', no text"),
    ],
)
def test_what_is_no_column_of_texts_is_refused(texts, said):
    for frame in (find_money_frame, read_article_frame):
        with pytest.raises(TypeError, match=said):
            frame(texts)


@pytest.mark.parametrize(
    ("days", "error", "said"),
    [
        ([DAY], ValueError, "1 days of publication for 4 texts"),
        ([DAY, 1, DAY, DAY], TypeError, "row 1: 1 is no date"),
        ("2019", TypeError, "not a str"),
    ],
)
def test_days_that_are_none_are_refused(days, error, said):
    with pytest.raises(error, match=said):
        read_article_frame(TEXTS, days)


def batched(**columns):
    return pa.RecordBatch.from_pydict(columns)


def test_batches_give_the_rows_of_the_frame_under_the_name_of_their_article():
    """Whatever the sizes of the batches, which other columns they have, and in which order."""
    texts, names = TEXTS * 10, [f"page-{number}" for number in range(40)]
    whole = batched(other=range(40), published=[DAY] * 40, text=texts, source_id=names)
    frame = read_article_frame(pa.array(texts), DAY)
    expected = [{"source_id": names[row.pop("row")], "problem": None} | row for row in frame.to_pylist()]
    for batches in ([whole], [whole.slice(0, 1), whole.slice(1, 0), whole.slice(1)]):
        found = [*read_batches(iter(batches))]
        assert {batch.schema for batch in found} == {BATCHES}
        assert pa.Table.from_batches(found).to_pylist() == expected


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("2019-02-07", None),
        ("2019-02-07T09:30:00", None),
        ("", ""),
        ("어제", "published: '어제' is no day"),
        (13, "13 is no date"),
    ],
)
def test_a_batch_takes_days_as_text_and_says_what_is_none(published, said):
    (batch,) = read_batches([batched(text=[ARTICLE], published=[published])])
    rows = batch.to_pylist()
    if said == "":
        assert [(row["date"], row["problem"]) for row in rows] == [(None, None)] * 2
    elif said:
        assert [(said in row["problem"], row["text"]) for row in rows] == [(True, None)]
    else:
        assert [(row["date"], row["problem"]) for row in rows] == [("2019-01", None)] * 2


def test_a_page_is_read_as_every_table_has_it():
    """NFC with LF, whatever it comes as."""
    decomposed = unicodedata.normalize("NFD", ARTICLE.replace(" ", "\r\n", 1))
    (found,) = read_batches([batched(text=[decomposed])])
    (plain,) = read_batches([batched(text=[ARTICLE.replace(" ", "\n", 1)])])
    assert found.to_pylist() == plain.to_pylist()


def test_a_bad_page_fails_no_batch():
    unreadable = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff"))
    texts = pa.concat_arrays([unreadable, pa.array([None, ARTICLE])])
    (batch,) = read_batches([batched(text=texts, source_id=["a", "b", "c"])])
    found = [(row["source_id"], row["text"], (row["problem"] or "").partition(":")[0]) for row in batch.to_pylist()]
    assert found == [("a", None, "UnicodeDecodeError"), ("c", "3억 위안", ""), ("c", "500억원", "")]
    (numbers,) = read_batches([batched(text=[13])])
    assert numbers.to_pylist()[0]["problem"] == "TypeError: 13 is no text"


def test_batches_need_texts_and_travel_to_other_processes():
    with pytest.raises(ValueError, match="needs one column text; it has page"):
        next(read_batches([batched(page=[ARTICLE])]))
    with pytest.raises(TypeError, match="not of StringArray"):
        next(read_batches(batched(text=[ARTICLE])))
    with pytest.raises(TypeError, match="Organization objects"):
        next(read_batches([], organizations=["gaon"]))
    assert next(read_batches(pa.table({"text": [ARTICLE]}))).num_rows == 2
    gaon = Organization("gaon", ("가온테크",), "ai_company", "CN")
    read = pickle.loads(pickle.dumps(partial(read_batches, organizations=[gaon])))  # noqa: S301
    assert "gaon" in next(read([batched(text=[ARTICLE])])).column("organization_id").to_pylist()


def test_no_process_is_refused():
    with pytest.raises(ValueError, match="processes=0"):
        find_money_frame(TEXTS, processes=0)


@given(st.text("억조만수십천 .,0123456789원위안달러센트약~이상AI샤오미는유치", max_size=60))
def test_a_row_is_the_same_after_json(text):
    for found in (*find_money(text), *read_article(text, DAY)):
        assert json.loads(json.dumps(as_row(found), allow_nan=False)) == as_row(found)


def test_a_row_has_every_field_and_exact_whole_amounts():
    (mention,) = find_money("9007199254740993달러")
    row = as_row(mention)
    assert row == {name: getattr(mention, name) for name in mention.__dataclass_fields__} | {"evidence": []}
    assert (row["amount"], type(row["amount"])) == (9007199254740993, int)
    assert as_row(find_money("1.05달러")[0])["amount"] == 1.05
    figure = read_article(ARTICLE, DAY)[0]
    row = as_row(figure)
    assert {*figure.__dataclass_fields__} - {*row} == {"money"}
    assert row["deal"] == figure.is_deal
    assert [ARTICLE[slice(*span)] for span in row["evidence"]["kind"]] == [
        ARTICLE[slice(*span)] for span in figure.evidence["kind"]
    ]
    assert row["answers"]["kind"]["value"] == figure.kind


def test_the_package_offers_them():
    assert {"as_row", "find_money_frame", "read_article_frame"} <= set(cn_ai_funding.__all__)

"""A cluster's engine runs `read_batches`: its rows are those of the plain function, bad rows and nulls among them.

Needs pyspark and Java (`make spark` installs the first, and .ci/run both).
"""

import shutil
import sys
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import blocks

from cn_ai_funding import read_batches
from cn_ai_funding.frames import BATCHES_DDL

sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make spark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, such as Debian's default-jre-headless"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own
]
TEXTS = [
    "가온테크는 지난달 나루벤처스에서 3억 위안(약 500억원)을 유치했다.",
    None,
    "연구원 셋",
    "중국 AI 기업 샤오미는 향후 5년간 2000억 위안을 투자할 계획이다.",
]
PAGES = pa.table(
    {
        "source_id": [f"page-{number:02}" for number in range(60)],
        "text": [TEXTS[number % 4] for number in range(60)],
        "published": [None if number % 7 == 0 else date(2019, 2, 7) + timedelta(number) for number in range(60)],
    }
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """A session of two workers, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("spark"))
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # the workers' too
        builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        local = {"spark.driver.host": "localhost", "spark.driver.bindAddress": "127.0.0.1"}
        session = builder.config(map=local | {"spark.sql.execution.arrow.maxRecordsPerBatch": "7"}).getOrCreate()
        yield session
        session.stop()


def test_the_lines_of_the_readme_give_the_rows_of_the_plain_function(spark):
    for part in range(4):
        pq.write_table(PAGES.slice(part * 15, 15), f"pages-{part}.parquet")
    (code,) = blocks("py")
    exec(code.replace('"pages"', '"pages-*.parquet"'), {})  # noqa: S102
    figures = pq.read_table("figures").sort_by([("source_id", "ascending"), ("start", "ascending")])
    plain = pa.Table.from_batches(read_batches(PAGES.to_batches()))
    assert figures.to_pylist() == plain.to_pylist()
    assert plain.num_rows == 45


def test_a_page_that_is_no_utf8_is_told_and_the_others_are_read(spark):
    pages = spark.sql(
        "select 'bad' source_id, cast(X'EC00FF' as string) text union all select 'good', '3억 위안을 유치했다'"
    )
    rows = {row.source_id: row for row in pages.mapInArrow(read_batches, BATCHES_DDL).collect()}
    assert rows["good"].amount == 3e8
    assert rows["good"].problem is None
    assert "UnicodeDecodeError" in rows["bad"].problem
    assert rows["bad"].amount is None

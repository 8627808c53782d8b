"""A build of many sources, and articles a second in every way that they can be read. make scale

Composes a raw/ of articles from sentences and names with a fixed seed and builds it into a temporary folder in a
process of its own: on one core, on all, then again with everything read already. Then reads the articles of the first
in batches: in this process, in several, and on Spark where that is installed (make spark), and says what ten million
pages would take by that. Linux only: the kernel counts the memory (VmHWM), of the process that builds.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from bench import WORDS
from conftest import ROOT, copy_raw

from cn_ai_funding import load_organizations, mask_article, read_article_frame, read_batches
from cn_ai_funding.frames import BATCHES_DDL
from cn_ai_funding.intake.texts import sha256

SENTENCES = (
    "중국 AI 기업 {who}{topic} {n}억 위안(약 {m}억원)을 조달했다.",
    "{who}, {n}억 달러 투자 유치",
    "{who}{topic} 지난달 {other}에서 {n}억 달러를 유치했다.",
    "{who}의 기업가치는 {n}억 달러를 넘는다.",
    "{who}{topic} 향후 5년간 AI에 {n}억 위안을 투자할 계획이다.",
    "{who}의 매출은 {n}억 위안이다.",
    "{who}{topic} 지금까지 {n}억 달러를 유치했다.",
    "{who}{topic} {n}억 위안 규모의 AI 펀드를 조성했다.",
)
FIRST, DAYS = date(2015, 1, 1), 3650
CORES = os.cpu_count() or 1
PAGES = 10_000_000
"""Of the crawl whose cost is told."""
BUILD = """
import sys
from pathlib import Path
import build
build.CACHE = Path(sys.argv[2])
build.CORES = int(sys.argv[4])
status = build.main(["--raw", sys.argv[1], "--out", sys.argv[3]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(status)
"""


def articles(count: int) -> Iterator[tuple[str, date]]:
    """That many articles, each with four figures among running text, and their days."""
    draw = random.Random(0)  # noqa: S311
    names = [
        name
        for name in load_organizations().query("type in ('ai_company', 'technology_company')").name_ko.dropna()
        if "가" <= name[-1] <= "힣"
    ]
    for _ in range(count):
        sentences = []
        for _ in range(4):
            who, other = draw.sample(names, 2)
            topic = "은" if (ord(who[-1]) - ord("가")) % 28 else "는"
            sentence = draw.choice(SENTENCES).format(
                who=who, other=other, topic=topic, n=draw.randint(2, 900), m=draw.randint(300, 9000)
            )
            sentences += [sentence, " ".join(draw.choices(WORDS, k=80)) + "."]
        yield "\n".join(sentences), FIRST + timedelta(days=draw.randrange(DAYS))


def compose(folder: Path, count: int) -> None:
    """A raw/ of that many sources."""
    copy_raw(folder, "")
    for number, (text, published) in enumerate(articles(count)):
        masked = mask_article(text)
        facts = {
            "publisher": "신문",
            "published_basis": "stated",
            "language": "ko",
            "origin": "composed",
            "licence": "CC0",
            "text_sha256": sha256(text),
        }
        lines = [f'{key} = "{value}"' for key, value in (facts | {"masked_sha256": sha256(masked)}).items()]
        lines += [f"text_length = {len(text)}", f"published = {published}"]
        (folder / f"{number:06}.txt").write_text(masked, encoding="utf-8")
        (folder / f"{number:06}.toml").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    counts = [*map(int, sys.argv[1:] or ("2000", "20000"))]
    print(
        f"{'sources':>9}{'mentions':>10}{'deals':>8}{'articles/s, one core':>22}{'all cores':>11}{'again':>8}"
        f"{'peak MiB':>10}{'again':>8}{'tables MiB':>12}",
        flush=True,
    )
    for count in counts:
        with TemporaryDirectory() as scratch:
            raw, out = Path(scratch) / "raw", Path(scratch) / "out"
            compose(raw, count)
            # the last one finds in its cache what the one before has read
            ways = ((1, "one"), (CORES, "all"), (CORES, "all"))
            took, peak = zip(*(timed(raw, Path(scratch) / cache, out, cores) for cores, cache in ways), strict=True)
            import pandas as pd

            frames = {path.stem: pd.read_parquet(path) for path in out.glob("*.parquet")}
            memory = sum(frame.memory_usage(deep=True).sum() for frame in frames.values()) / 2**20
            one, every, again = (count / seconds for seconds in took)
            print(
                f"{count:9,}{len(frames['mentions']):10,}{len(frames['deals']):8,}{one:22.0f}{every:11.0f}{again:8.0f}"
                f"{peak[1]:10.0f}{peak[2]:8.0f}{memory:12.0f}",
                flush=True,
            )
    print(
        f"\n{'read in batches':<28}{'articles/s':>11}{'a core':>8}{'core hours for ten million pages':>34}", flush=True
    )
    texts, days = zip(*articles(counts[0]), strict=True)
    batch = pa.RecordBatch.from_arrays([pa.array(texts), pa.array(days)], ["text", "published"])
    for way, (cores, read) in in_batches(batch).items():
        read()  # what is loaded once does not count
        start = time.perf_counter()
        read()
        speed = len(texts) / (time.perf_counter() - start)
        print(f"{way:<28}{speed:11.0f}{speed / cores:8.0f}{PAGES / speed * cores / 3600:34.1f}", flush=True)


def in_batches(batch: pa.RecordBatch) -> dict[str, tuple[int, Callable[[], object]]]:
    """The ways to read a batch by the number of cores that they take."""
    text, published = batch.columns
    ways = {
        "in this process": (1, lambda: sum(found.num_rows for found in read_batches([batch]))),
        f"{CORES} processes, with their start": (CORES, lambda: read_article_frame(text, published, processes=CORES)),
    }
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        print("(Spark is not installed: make spark)")
        return ways
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master(f"local[{CORES}]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    pages = spark.createDataFrame(pa.Table.from_batches([batch])).repartition(CORES * 4).cache()
    return ways | {"Spark": (CORES, lambda: pages.mapInArrow(read_batches, BATCHES_DDL).count())}


def timed(raw: Path, cache: Path, out: Path, cores: int) -> tuple[float, float]:
    """Seconds that a build took, and the most memory in MiB that it held."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, raw, cache, out, str(cores)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},  # without Spark, which pandera would import
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    main()

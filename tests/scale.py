"""A build of many sources: articles a second, and the most memory it took. make scale

Composes a raw/ of articles from sentences and names with a fixed seed, builds it into a temporary folder in a process
of its own, then builds it again with everything read already. Linux only: the kernel counts the memory (VmHWM).
"""

import random
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import WORDS
from conftest import ROOT, copy_raw

from cn_ai_funding import load_organizations, mask_article
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
BUILD = """
import sys
from pathlib import Path
import build
build.CACHE = Path(sys.argv[2])
status = build.main(["--raw", sys.argv[1], "--out", sys.argv[3]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(status)
"""


def compose(folder: Path, count: int) -> None:
    """A raw/ of that many sources, each with four figures among running text."""
    draw = random.Random(0)  # noqa: S311
    names = [
        name
        for name in load_organizations().query("type in ('ai_company', 'technology_company')").name_ko.dropna()
        if "가" <= name[-1] <= "힣"
    ]
    copy_raw(folder, "")
    for number in range(count):
        sentences = []
        for _ in range(4):
            who, other = draw.sample(names, 2)
            topic = "은" if (ord(who[-1]) - ord("가")) % 28 else "는"
            sentence = draw.choice(SENTENCES).format(
                who=who, other=other, topic=topic, n=draw.randint(2, 900), m=draw.randint(300, 9000)
            )
            sentences += [sentence, " ".join(draw.choices(WORDS, k=80)) + "."]
        text = "\n".join(sentences)
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
        lines += [f"text_length = {len(text)}", f"published = {FIRST + timedelta(days=draw.randrange(DAYS))}"]
        (folder / f"{number:06}.txt").write_text(masked, encoding="utf-8")
        (folder / f"{number:06}.toml").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    print(
        f"{'sources':>9}{'mentions':>10}{'deals':>8}{'articles/s':>12}{'again':>9}"
        f"{'peak MiB':>10}{'again':>8}{'tables MiB':>12}",
        flush=True,
    )
    for count in map(int, sys.argv[1:] or ("2000", "20000")):
        with TemporaryDirectory() as scratch:
            raw, cache, out = (Path(scratch) / name for name in ("raw", "cache", "out"))
            compose(raw, count)
            took, peak = zip(*(timed(raw, cache, out) for _ in range(2)), strict=True)
            import pandas as pd

            frames = {path.stem: pd.read_parquet(path) for path in out.glob("*.parquet")}
            memory = sum(frame.memory_usage(deep=True).sum() for frame in frames.values()) / 2**20
            speeds = [count / seconds for seconds in took]
            print(
                f"{count:9,}{len(frames['mentions']):10,}{len(frames['deals']):8,}{speeds[0]:12.0f}{speeds[1]:9.0f}{peak[0]:10.0f}{peak[1]:8.0f}{memory:12.0f}",
                flush=True,
            )


def timed(raw: Path, cache: Path, out: Path) -> tuple[float, float]:
    """Seconds that a build took, and the most memory in MiB that it held."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, raw, cache, out], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    main()

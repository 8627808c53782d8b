"""Speed, as ratios within one run: make bench.

Texts are composed from words and numbers with a fixed seed, so that two machines measure the same characters.
"""

import cProfile
import pstats
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

import pandas as pd
from conftest import rows

from cn_ai_funding import data_path, find_money, load_deals, read_article

TEXT = """
회사는 정부가 최근 새로운 기술을 개발하고 있다고 밝혔다 시장에서 이용자들이 서비스를 통해 지난 연구원은 대학과 함께
다양한 분야의 이유로 계획을 세우고 공장을 짓는 동안 사람들은 도시에서 일하며 경제와 사회 문제를 논의했다 조사에 따르면
이번 사업은 만들어진 수많은 자료를 바탕으로 한다 관계자는 앞으로 더 많은 인재를 키울 것이라고 말했고 전문가들은 백화점과
병원에서도 천천히 변화가 일어나리라 본다
"""
WORDS = TEXT.split()
OTHER_NUMBERS = ("{}년", "{}월", "{}일", "{}명", "{}%", "{}개", "{}위", "제{}회", "{}건")
AMOUNTS = (
    "{}억 위안",
    "약 {}억 달러",
    "{}조{}억원",
    "{}만 달러",
    "{},000원",
    "{}억 원을 넘는",
    "{}~{}억 달러",
    "{}.5억 유로",
)
SPARSE, NEWSPAPER, DENSE = 1200, 900, 60
"""Code points from one amount to the next: in running text, in newspapers, and in a table of figures."""
OTHER_SHARE = {NEWSPAPER: 0.0625}
"""How many words are other numbers; in newspapers there are twelve to each amount."""
ODD_SHARE, ODD_WORDS = {NEWSPAPER: 0.02}, ("‘{}’", "“{}”", "美", "{}…", "韓·美", "三星", "{}→{}", "({})", "<{}>")
"""How many words hold a character that is rare in running text, and such words."""


ARTICLE, ARTICLES = 2000, 200
"""Code points of an article, and how many are read."""
STAGES = {
    "finder.py:find_money": "amounts",
    "names.py:find": "names",
    "dates.py:find_dates": "dates",
    "read.py:answer": "what each is about",
    "masking.py:mask": "masking",
}
"""The functions of the reader that take time, and what they look for."""


def compose(length: int, every: int) -> str:
    """Korean-looking text of that many code points with other numbers among its words and an amount now and then."""
    draw = random.Random(0)  # noqa: S311
    words: list[str] = []
    size, next_amount = 0, every
    while size < length:
        pattern = draw.choice(WORDS)
        if size >= next_amount:
            pattern, next_amount = draw.choice(AMOUNTS), next_amount + every
        elif draw.random() < OTHER_SHARE.get(every, 0.07):
            pattern = draw.choice(OTHER_NUMBERS)
        elif draw.random() < ODD_SHARE.get(every, 0):
            pattern = draw.choice(ODD_WORDS).replace("{}", pattern)
        low = draw.randint(2, 2500)
        word = pattern.format(low, low + draw.randint(1, 900))
        words.append(word + ("\n" if draw.random() < 0.07 else " "))
        size += len(words[-1])
    return "".join(words)[:length]


def articles(every: int) -> list[str]:
    """Articles of running text with a sentence of tests/cases/figures.tsv every so many code points."""
    draw = random.Random(0)  # noqa: S311
    sentences = [row["text"].replace("\\n", "\n") for row in rows("figures")]
    return [
        "\n".join(
            f"{' '.join(draw.choices(WORDS, k=every // 4))}. {draw.choice(sentences)}" for _ in range(ARTICLE // every)
        )[:ARTICLE]
        for _ in range(ARTICLES)
    ]


def seconds(call: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of some runs."""
    runs = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        runs.append(time.perf_counter() - start)
    return min(runs)


def main() -> None:
    digits = re.compile("[0-9]+")
    find_money("3억 위안")
    print("find_money against a bare digit scan, re.compile('[0-9]+').finditer")
    print(f"{'text':28}{'amounts':>9}{'MB':>7}{'find_money':>13}{'digit scan':>13}{'ratio':>8}")
    for name, every in (("few amounts", SPARSE), ("as in newspapers", NEWSPAPER), ("many amounts", DENSE)):
        text = compose(1_000_000, every)
        size = len(text.encode()) / 1e6
        found, floor = (
            seconds(lambda text=text: find_money(text)),
            seconds(lambda text=text: sum(1 for _ in digits.finditer(text))),
        )
        print(
            f"{name:28}{len(find_money(text)):9,}{size:7.1f}"
            f"{size / found:8.1f} MB/s{size / floor:8.1f} MB/s{floor / found:8.2f}"
        )
    sentences = compose(1_000_000, NEWSPAPER).splitlines()
    found, floor = (
        seconds(lambda: [find_money(line) for line in sentences]),
        seconds(lambda: [sum(1 for _ in digits.finditer(line)) for line in sentences]),
    )
    print(f"{'… line by line':28}{'':9}{'':7}{'':13}{'':13}{floor / found:8.2f}")
    print("\nfind_money's time from 100 kB to 10 MB, 100 times the length (100 is linear)")
    for piece in ("few amounts", "억", "1,", "일", "1 ", "("):
        short, long = (repeat(piece, size) for size in (100_000, 10_000_000))
        took = seconds(lambda text=long: find_money(text), 2)
        print(f"{piece:28}{took / seconds(lambda text=short: find_money(text), 20):8.0f}{took:8.2f} s")
    read_articles()
    load_tables()


def load_tables() -> None:
    """What an analyst waits for: the import over Python's own start, and load_deals() against pandas alone."""
    start, package = (
        seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True), 20)
        for code in ("pass", "import cn_ai_funding")
    )
    path = data_path("deals")
    loaded, bare = seconds(load_deals, 50), seconds(lambda: pd.read_parquet(path), 50)
    print(f"\nimport cn_ai_funding: {(package - start) * 1000:.0f} ms over Python's own start of {start * 1000:.0f} ms")
    print(f"load_deals(): {loaded * 1000:.1f} ms, {loaded / bare:.2f} times pandas.read_parquet of the same file")


def read_articles() -> None:
    """How many articles a second are read, and where the time goes."""
    read_article("중국 메그비는 3억 위안을 조달했다.")
    print(f"\nread_article, {ARTICLES} articles of {ARTICLE} code points")
    print(f"{'text':28}{'amounts':>9}{'articles/s':>12}{'of find_money':>15}")
    for name, every in (("a figure every 500", 500), ("a figure every 200", 200), ("a figure every 80", 80)):
        texts = articles(every)
        took = seconds(lambda texts=texts: [read_article(text, date(2025, 2, 23)) for text in texts], 3)
        floor = seconds(lambda texts=texts: [find_money(text) for text in texts])
        print(
            f"{name:28}{sum(len(find_money(text)) for text in texts) / len(texts):9.1f}"
            f"{len(texts) / took:12.0f}{took / floor:14.0f}x"
        )
    profile = cProfile.Profile()
    profile.runcall(lambda: [read_article(text, date(2025, 2, 23)) for text in articles(200)])
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = max(times[3] for times in stats.values())
    print("\nwhere the time goes (a figure every 200; the rest is gluing)")
    for place, stage in STAGES.items():
        took = sum(times[3] for (path, _, function), times in stats.items() if f"{path}:{function}".endswith(place))
        print(f"{stage:28}{took / whole:8.0%}")


def repeat(piece: str, size: int) -> str:
    """A text of that many bytes: of one piece over and over, or composed."""
    return compose(size * 10 // 24, SPARSE) if piece == "few amounts" else piece * (size // len(piece.encode()))


if __name__ == "__main__":
    main()

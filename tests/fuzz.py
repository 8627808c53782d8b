"""Hostile inputs by the thousand: make fuzz, or make fuzz N=100000

Find_money, read_article, the reader of raw/ and the command add get composed, mangled and random inputs. None may
raise, take longer than PATIENCE or break an invariant; the first that does is shrunk and printed. Every run draws new
ones.
"""

import contextlib
import faulthandler
import io
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import ROOT, copy_raw, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_masking import prose
from test_money import touches_another_numeral

from cn_ai_funding import find_money, mask_article, read_article
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.context import DATE_BASES, EVIDENCE_FIELDS, STATUSES
from cn_ai_funding.context.figure import PARTY_ROLES
from cn_ai_funding.edtf import bounds
from cn_ai_funding.intake.csv_files import read_organizations, read_reviews
from cn_ai_funding.intake.masked import MASK
from cn_ai_funding.intake.sources import find_sources, read_sources
from cn_ai_funding.kinds import KINDS
from cn_ai_funding.money import QUALIFIERS

PATIENCE = timedelta(seconds=20)
TODAY = date(2026, 1, 1)
SHARES = {"composed": 10.0, "money": 1.0, "article": 0.3, "sources": 0.3, "add": 0.05}
"""How many inputs of each kind there are for one of money: an article takes longer to read."""

CASES = [row["text"].replace("\\n", "\n") for name in ("money", "no_money", "figures", "dates") for row in rows(name)]
WORDS = sorted({word for text in CASES for word in text.split()})
ODD = [
    *"0123456789.,~-+()[]{}'\"‘’“”·…%:;/\\|<>=@#&*_^`\t\n\r",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u202e",
    "０",
    "１",
    "億",
    "万",
    "元",
    "＄",
    "€",
    "₩",
    "¥",
    MASK,
]
ODD += [
    "\ud800",
    "😀",
    unicodedata.normalize("NFD", "각"),
    unicodedata.normalize("NFD", "억원"),
    "ﷺ",
    "İ",
    "ß",
    "\x00",
    "\x1b",
    "٣",
    "Ⅲ",
    "½",
    "９９",
    "9" * 400,
]
UNITS = [
    "억",
    "조",
    "만",
    "천",
    "백",
    "십",
    "일",
    "이",
    "수",
    "몇",
    "여",
    "원",
    "달러",
    "위안",
    "약 ",
    "이상",
    "최소 ",
    "년",
    "월",
    "각각 ",
    "정부가 ",
    "중국 AI ",
]

pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(ODD),
    st.sampled_from(UNITS),
    st.integers(0, 10**12).map(str),
    st.text(max_size=3),
)
mangled = st.lists(pieces, max_size=40).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda joint: joint.join(parts))
)
sentences = st.lists(st.one_of(st.sampled_from(CASES), mangled), max_size=8).flatmap(
    lambda parts: st.sampled_from(["\n", " ", ". "]).map(lambda j: j.join(parts))
)
repeated = st.tuples(mangled, st.integers(1, 300)).map(lambda drawn: drawn[0] * drawn[1])
texts = st.one_of(sentences, mangled, repeated, st.text())
days = st.one_of(st.none(), st.dates())


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """The bytes of a text in some encoding, some of them spoiled."""
    data = draw(texts).encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949"])), "replace")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.binary(max_size=4)) + data[place + draw(st.integers(0, 4)) :]
    return data


def check_money(text: str) -> None:
    last = 0
    mentions = find_money(text)
    for mention in mentions:
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.qualifier in QUALIFIERS
        numbers = [number for number in (mention.low, mention.amount, mention.high) if number is not None]
        assert numbers == sorted(numbers)
        assert all(map(Decimal.is_finite, numbers))
        assert mention.qualifier != "exact" or not touches_another_numeral(text, mention, mentions)
        assert all(0 <= start <= end <= len(text) for start, end in mention.evidence)
        last = mention.end


def check_composed(count: int) -> None:
    """Short texts of words, units, numbers and odd characters, joined at random.

    Many more than Hypothesis draws in the same time.
    """
    seed = random.SystemRandom().getrandbits(32)
    draw = random.Random(seed)  # noqa: S311
    tables = [WORDS, [odd for odd in ODD if len(odd) < 10], UNITS, [case for case in CASES if len(case) < 60]]
    for number in range(count):
        parts = [
            str(draw.randint(0, 10 ** draw.randint(0, 6))) if draw.random() < 0.3 else draw.choice(draw.choice(tables))
            for _ in range(draw.randint(1, 10))
        ]
        text = draw.choice(["", " ", "\n"]).join(parts)
        try:
            check_money(text)
        except Exception as error:
            error.add_note(f"seed {seed}, input {number}: {text!a}")
            raise
    print(f"{'composed':10}{count:10,} inputs, none of which raised, hung or broke an invariant", flush=True)


def check_article(text: str, published: date | None) -> None:
    figures = read_article(text, published)
    masked = mask_article(text)
    assert len(masked) == len(text)
    assert all(new in (old, MASK) for new, old in zip(masked, text, strict=True))
    assert read_article(masked, published) == figures
    assert no_prose(masked)
    for index, figure in enumerate(figures):
        assert figure.kind in KINDS
        assert figure.status in STATUSES
        assert figure.date_basis in DATE_BASES
        assert (figure.date is None) == (figure.date_basis == "none")
        assert figure.date is None or bounds(figure.date)
        assert figure.restates is None or 0 <= figure.restates < index
        assert figure.part_of is None or 0 <= figure.part_of < len(figures)
        assert 0 <= figure.confidence <= 1
        assert all(party.role in PARTY_ROLES and text[slice(*party.span)] for party in figure.parties)
        assert set(figure.evidence) <= set(EVIDENCE_FIELDS)
        assert all(0 <= start < end <= len(text) for spans in figure.evidence.values() for start, end in spans)


def no_prose(masked: str) -> bool:
    """Whether no readable run is left between the amounts, which stay whatever stands around them."""
    without = list(masked)
    for mention in find_money(masked):
        for start, end in ((mention.start, mention.end), *mention.evidence):
            without[start:end] = "0" * (end - start)
    return not prose("".join(without))


def check_sources(raw: Path, text: bytes, sidecar: bytes, table: bytes, name: str) -> None:
    """Whatever stands in raw/ is a source, or a problem with its file, what was found and expected and what to do."""
    for file, data in (
        (f"{name}.txt", text),
        (f"{name}.toml", sidecar),
        ("organizations.csv", table),
        ("reviews.csv", table),
    ):
        (raw / file).write_bytes(data)
    problems: list = []
    found = list(read_sources(find_sources(raw, problems), TODAY, problems, []))
    read_organizations(raw / "organizations.csv", problems)
    read_reviews(raw / "reviews.csv", problems)
    assert found or problems
    assert all(problem.file and problem.found and problem.expected and problem.action for problem in problems)


def check_add(raw: Path, data: bytes, facts: list[str], source_id: str) -> None:
    """An article is added, and its sidecar is then sound; or nothing is written and a reason given."""
    (raw.parent / "article.txt").write_bytes(data)
    before = {path: path.read_bytes() for path in raw.iterdir() if path.is_file()}
    names = ("--publisher", "--title", "--author", "--url", "--published")
    said = io.StringIO()
    arguments = [part for pair in zip(names, facts, strict=True) for part in pair if pair[1]]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        status = command(["add", str(raw.parent / "article.txt"), *arguments, f"--id={source_id}", "--raw", str(raw)])
    new = {path: path.read_bytes() for path in raw.iterdir() if path.is_file()}
    if status:
        assert said.getvalue().strip()
        assert new == before
        return
    assert {path.name for path in new.keys() - before.keys()} == {f"{source_id}.txt", f"{source_id}.toml"}
    problems: list = []
    ((source, text),) = read_sources(find_sources(raw, problems), date.today(), problems, [])
    assert (problems, source.source_id) == ([], source_id)
    assert no_prose(text)
    for path in new.keys() - before.keys():
        path.unlink()


SIDECARS = [(ROOT / "raw" / name).read_text(encoding="utf-8") for name in ("002-kbs.toml", "003-newspim.toml")]
tables = st.sampled_from(
    [(ROOT / "raw" / name).read_text(encoding="utf-8")[:500] for name in ("organizations.csv", "reviews.csv")]
)


@st.composite
def spoiled(draw: st.DrawFn, whole: st.SearchStrategy[str]) -> bytes:
    """A file of lines, some of them dropped, doubled or mangled."""
    lines = draw(whole).split("\n")
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(lines) - 1)))
        lines[place : place + 1] = draw(
            st.sampled_from([[], lines[place : place + 1] * 2, [draw(st.text(max_size=20))], [draw(mangled)]])
        )
    return "\n".join(lines).encode("utf-8", "replace")


ids = st.one_of(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    st.sampled_from(["../x", "/etc/x", "a/b", "..", "CON", "a" * 80, "가", "\x00"]),
)
names = ids.filter(lambda name: name and "/" not in name and "\x00" not in name and name not in ("..", "."))
argument = st.one_of(
    st.sampled_from(["신문", "https://a.kr/1", "javascript:alert(1)", "</script>", "2024-03-04", "0001-01-01", ""]),
    st.text(max_size=20),
).map(lambda text: text.replace("\x00", ""))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with TemporaryDirectory() as scratch:
        raw, other = Path(scratch, "raw"), Path(scratch, "other")
        for folder in (raw, other):
            copy_raw(folder / "raw", "")

        def sources(text: bytes, sidecar: bytes, table: bytes, name: str) -> None:
            check_sources(raw / "raw", text, sidecar, table, name)
            for file in (f"{name}.txt", f"{name}.toml"):
                (raw / "raw" / file).unlink()

        check_composed(round(count * SHARES["composed"]))
        run("money", count, check_money, texts)
        run("article", count, check_article, texts, days)
        run("sources", count, sources, files(), spoiled(st.sampled_from(SIDECARS)), spoiled(tables), names)
        run(
            "add",
            count,
            lambda *drawn: check_add(other / "raw", *drawn),
            files(),
            st.lists(argument, min_size=5, max_size=5),
            ids,
        )


def run(name: str, count: int, check: Callable[..., None], *drawn: st.SearchStrategy) -> None:
    """Check that many inputs and say how many there were."""
    done: Counter = Counter()

    def counted(inputs: tuple) -> None:
        done["inputs"] += 1
        faulthandler.dump_traceback_later(PATIENCE.total_seconds() * 3, exit=True)  # what hangs in C is stopped, too
        check(*inputs)
        faulthandler.cancel_dump_traceback_later()

    most = max(1, round(count * SHARES[name]))
    settings(max_examples=most, deadline=PATIENCE, suppress_health_check=[*HealthCheck], database=None)(
        given(st.tuples(*drawn))(counted)
    )()
    print(f"{name:10}{done['inputs']:10,} inputs, none of which raised, hung or broke an invariant", flush=True)


if __name__ == "__main__":
    main()

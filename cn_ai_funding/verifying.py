"""Proves for whoever holds an article that every citation of it stands there: its checksum, its offsets, its words.

In go the full text and the published tables, out comes what differs. Knows no reader: the tables say what must stand where.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from .masking import MASK
from .sources import sha256

Row = Mapping[str, Any]
HALF = 0.5
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was compared with, and every way in which it differs; proven where it does not."""

    source_id: str
    n_amounts: int
    n_words: int
    differences: list[str] = field(default_factory=list)


def find_source(text: str, sources: Sequence[Row], mentions: Sequence[Row]) -> str | None:
    """The source whose text this is, or of whose amounts it holds most, and at least half; None for no such source."""
    digest = sha256(text)
    for source in sources:
        if source["text_sha256"] == digest:
            return str(source["source_id"])
    held = Counter(mention["source_id"] for mention in mentions if mention["exact"] in text)
    shares = {source["source_id"]: held[source["source_id"]] / source["n_mentions"] for source in sources if source["n_mentions"]}
    best = max(shares, key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= HALF else None


def verify(text: str, source: Row, mentions: Sequence[Row], evidence: Sequence[Row], masked: str | None = None) -> Verdict:
    """Compare a text with what the tables cite of a source. `text` is NFC with LF.

    `source` is a row of its table, `mentions` and `evidence` are all rows of theirs. With the `masked` text of raw/, every
    line is compared too.
    """
    differences = []
    if sha256(text) != source["text_sha256"]:
        differences.append(f"SHA-256 {sha256(text)[:12]}…, not {source['text_sha256'][:12]}…; {len(text):,} code points, not {source['text_length']:,}")
        differences += _lines(masked, text) if masked is not None else []
    cited = {row["mention_id"]: row for row in mentions if row["source_id"] == source["source_id"]}
    words = [row for row in evidence if row["mention_id"] in cited]
    around = [(row["start"] - len(row["prefix"]), row["prefix"] + row["exact"] + row["suffix"], f"around {name}") for name, row in cited.items()]
    places = sorted([*around, *((row["start"], row["exact"], f"{row['field']} of {row['mention_id']}") for row in words)])
    shifts = [shift for shift, _ in Counter(filter(None, (_shift(text, start, exact) for start, exact, _ in around))).most_common()]
    moved: Counter[int] = Counter()
    for start, exact, what in places:
        shift = next((shift for shift in (0, *shifts) if _fits(exact, text[start + shift : start + shift + len(exact)])), None)
        if shift is None:
            line, found = text.count("\n", 0, start) + 1, text[start : start + len(exact)]
            differences += [f"line {line}, {start}-{start + len(exact)}: {what}: {difference}" for difference in _words(exact, found)]
        elif shift:
            moved[shift] += 1
    differences += [f"{count} of {len(places)} citations stand {abs(shift)} {'later' if shift > 0 else 'earlier'}" for shift, count in moved.most_common()]
    return Verdict(source["source_id"], len(cited), len(words), differences)


def _shift(text: str, start: int, exact: str) -> int | None:
    """How many code points later than expected the nearest place is where words stand; None where they stand nowhere."""
    pattern = re.escape(exact).replace(MASK, _LETTER.pattern)
    return min((match.start() - start for match in re.finditer(pattern, text)), key=abs, default=None)


def _fits(words: str, found: str) -> bool:
    """Whether a text is what masked words show of it: a mask stands for one letter or digit."""
    return len(words) == len(found) and all(a == b or (a == MASK and _LETTER.match(b)) for a, b in zip(words, found, strict=True))


def _words(expected: str, found: str) -> Iterator[str]:
    """In which words a text differs from what masked words show of it."""
    if not _fits(expected, found):
        before, after = expected.split(), found.split()
        pairs = zip(before, after, strict=True) if len(before) == len(after) else [(expected, found)]
        yield from (f"{new!r} stands for {old!r}" for old, new in pairs if not _fits(old, new))


def _lines(masked: str, text: str) -> Iterator[str]:
    """Where the lines of a text differ from those of its masked form."""
    expected, found = masked.split("\n"), text.split("\n")
    before, after = ([_LETTER.sub(MASK, line) for line in lines] for lines in (expected, found))
    for change, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            for i, j in zip(range(a, b), range(c, d), strict=True):
                yield from (f"line {i + 1}: {difference}" for difference in _words(expected[i], found[j]))
        elif change == "insert":
            yield f"after line {a}: {d - c} more, the first {found[c]!r}"
        else:
            missing = f"line {a + 1}" if b == a + 1 else f"lines {a + 1} to {b}"
            yield f"{missing}: missing" if change == "delete" else f"{missing}: {found[c]!r} stands for {expected[a]!r}"

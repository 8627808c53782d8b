"""Proves for whoever holds an article that every citation of it stands there: its checksum, its offsets, its words.

In go the full text and the published tables, out comes what differs. Knows no reader: the tables say what must stand
where.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..intake.masked import LETTER, MASK, fits, hide
from ..intake.texts import sha256

Row = Mapping[str, Any]
LEAST_SHARE = 0.5
"""Of a source's amounts that a text has to hold to be taken for it, where its checksum is another."""
MOST_PAIRS = 1_000_000
"""Of lines or words that are compared with each other; beyond, a passage is another one."""
NEAR = 200
"""Code points beyond where the amounts have gone in which a word of evidence is looked for, if they went to several
places."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was compared with, and every way in which it differs; proven where it does not."""

    n_amounts: int
    n_words: int
    differences: list[str]


def find_source(text: str, sources: Sequence[Row], mentions: Sequence[Row]) -> str | None:
    """The source whose text this is, or of whose amounts it holds most, one of them in its own words.

    None for no such source.
    """
    digest, squeezed = sha256(text), _squeezed(text)
    for source in sources:
        if source["text_sha256"] == digest:
            return str(source["source_id"])
    held = [mention for mention in mentions if _squeezed(mention["exact"]) in squeezed]
    counts = Counter(mention["source_id"] for mention in held)
    near = {mention["source_id"] for mention in held if _shift(text, *_around(mention)) is not None}
    shares = {
        source["source_id"]: counts[source["source_id"]] / source["n_mentions"]
        for source in sources
        if source["source_id"] in near
    }
    best = max(shares, key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= LEAST_SHARE else None


def verify(
    text: str, source: Row, mentions: Sequence[Row], evidence: Sequence[Row], masked: str | None = None
) -> Verdict:
    """Compare a text with what the tables cite of a source. `text` is NFC with LF.

    `source` is a row of its table, `mentions` and `evidence` are all rows of theirs. With the `masked` text of raw/,
    every word of it is compared; without it those of the citations.
    """
    cited = {row["mention_id"]: row for row in mentions if row["source_id"] == source["source_id"]}
    words = [row for row in evidence if row["mention_id"] in cited]
    differences: list[str] = []
    if sha256(text) != source["text_sha256"]:
        length = (
            "" if len(text) == source["text_length"] else f"; {len(text):,} code points, not {source['text_length']:,}"
        )
        differences = [f"SHA-256 {sha256(text)[:12]}…, not {source['text_sha256'][:12]}…{length}"]
    places = [_around(row) for row in cited.values()]
    shifts = [_shift(text, *place) for place in places]
    known = sorted({0, *filter(None, shifts)}, key=abs)
    found = [*shifts, *(_shift_of_words(text, row, known) for row in words)]
    if differences or any(found) or None in found:
        moved = [shift for shift in found if shift]
        reach = f" ({min(moved):+d} to {max(moved):+d} code points)" if moved else ""
        differences.append(
            f"of {len(found)} citations {found.count(0)} stand at their offsets, {len(moved)} elsewhere{reach}, "
            f"{found.count(None)} in these words nowhere"
        )
        if (
            masked is not None
            and len(masked) == source["text_length"]
            and all(fits(place[1], masked[place[0] :][: len(place[1])]) for place in places)
        ):
            differences += _lines(masked, text)
        else:
            at = [*places, *((row["start"], row["exact"]) for row in words)]
            differences += dict.fromkeys(
                line
                for place, shift in zip(at, found, strict=True)
                if shift is None
                for line in _near(text, place, at, found)
            )
    return Verdict(len(cited), len(words), differences)


def _around(mention: Row) -> tuple[int, str]:
    """An amount with the whole words that are known around it: where they start, and the words."""
    before = (
        re.sub(r"^\S*\s", "", mention["prefix"]) if mention["start"] > len(mention["prefix"]) else mention["prefix"]
    )
    after = re.sub(r"\s\S*$", "", mention["suffix"])
    return mention["start"] - len(before), before + mention["exact"] + after


def _shift(text: str, start: int, words: str) -> int | None:
    """How many code points later than expected the nearest place is where words stand, however spaced.

    None where they stand nowhere.
    """
    if fits(words, text[start : start + len(words)]):
        return 0
    pattern = r"\s+".join(re.escape(word).replace(MASK, LETTER) for word in words.split())
    start += len(words) - len(words.lstrip())
    return (
        min((match.start() - start for match in re.finditer(pattern, text)), key=abs, default=None) if pattern else None
    )


def _shift_of_words(text: str, row: Row, known: Sequence[int]) -> int | None:
    """The same for words of evidence: where amounts have led to, or near by in other white space."""
    start, words = row["start"], row["exact"]
    for shift in known:
        if start + shift >= 0 and fits(words, text[start + shift : start + shift + len(words)]):
            return shift
    if len(known) == 1:
        return None
    begin = max(0, start + min(known) - NEAR)
    return _shift(text[begin : start + max(known) + NEAR + len(words)], start - begin, words)


def _near(
    text: str, place: tuple[int, str], places: Sequence[tuple[int, str]], shifts: Sequence[int | None]
) -> Iterator[str]:
    """In which words a text differs where words should stand, by where the citations before and after are found."""
    start, words = place
    before = [(at, shift) for (at, _), shift in zip(places, shifts, strict=True) if shift is not None and at <= start]
    after = [(at, shift) for (at, _), shift in zip(places, shifts, strict=True) if shift is not None and at > start]
    shift = max(before)[1] if before else min(after)[1] if after else 0
    begins = max(0, start + shift)
    line = text.count("\n", 0, begins + len(words) // 2) + 1
    yield from (f"line {line}: {difference}" for difference in _differing(words, text[begins : begins + len(words)]))


def _lines(masked: str, text: str) -> Iterator[str]:
    """In which words the lines of a text differ from those of its masked form.

    Lines are counted in the text; blank ones do not matter.
    """
    expected = [line for line in masked.split("\n") if line.strip()]
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    before, after = [_shape(line) for line in expected], [_shape(line) for _, line in numbered]
    for change, a, b, c, d in _opcodes(before, after):
        place = f"line {numbered[c][0]}" if c < len(numbered) else "at the end"
        if change == "insert":
            yield f"{place}: {d - c} more, beginning with {_short(numbered[c][1])}"
        elif change == "delete":
            yield f"{place}: {b - a} missing, beginning with {_short(expected[a])}"
        elif change == "equal":
            for i, j in zip(range(a, b), range(c, d), strict=True):
                yield from (
                    f"line {numbered[j][0]}: {difference}" for difference in _differing(expected[i], numbered[j][1])
                )
        else:
            old, new = "\n".join(expected[a:b]), "\n".join(line for _, line in numbered[c:d])
            yield from (f"{place}: {difference}" for difference in _differing(old, new))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What turns one list into another, as difflib has it.

    What is too long to compare, between a common beginning and end, as one change.
    """
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    ends = len(before) - tail, len(after) - tail
    if head:
        yield "equal", 0, head, 0, head
    if (ends[0] - head) * (ends[1] - head) > MOST_PAIRS:
        yield "replace", head, ends[0], head, ends[1]
    elif ends != (head, head):
        for change, a, b, c, d in SequenceMatcher(None, before[head : ends[0]], after[head : ends[1]]).get_opcodes():
            yield change, a + head, b + head, c + head, d + head
    if tail:
        yield "equal", ends[0], len(before), ends[1], len(after)


def _differing(expected: str, found: str) -> Iterator[str]:
    """In which words a text differs from what masked words show of it."""
    before, after = expected.split(), found.split()
    for change, a, b, c, d in _opcodes([*map(_shape, before)], [*map(_shape, after)]):
        if change == "equal":
            yield from (
                f"{new!r} stands for {old!r}"
                for old, new in zip(before[a:b], after[c:d], strict=True)
                if not fits(old, new)
            )
        elif change == "insert":
            yield f"{_short(' '.join(after[c:d]))} more"
        elif change == "delete":
            yield f"{_short(' '.join(before[a:b]))} missing"
        else:
            yield f"{_short(' '.join(after[c:d]))} stands for {_short(' '.join(before[a:b]))}"


def _shape(text: str) -> str:
    """A text with every letter masked, its white space alike: what it shares with its masked form."""
    return " ".join(hide(text, 0, len(text)).split())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    """Enough of a text to find it by."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")

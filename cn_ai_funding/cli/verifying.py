"""Proves for whoever holds an article that every citation of it stands there: its checksum, its offsets, its words.

Of an article of which only an excerpt was read there is neither checksum nor offset to compare: its words and amounts
must stand in the text in their order.

In go the full text and the published tables, out comes what differs. Knows no reader: the tables say what must stand
where.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..intake.masked import LETTER, MASK, fits, hide, quote
from ..intake.sidecars import EXCERPT
from ..intake.texts import sha256

Row = Mapping[str, Any]
LEAST_SHARE = 0.5
"""Of a source's amounts that a text has to hold to be taken for it, where its checksum is another."""
MOST_PAIRS = 1_000_000
"""Of lines or words that are compared with each other; beyond, a passage is another one."""
NEAR = 200
"""Code points beyond where the amounts have gone in which a word of evidence is looked for, if they went to several
places."""
_SEAM = re.compile(r"\n|…|\.{3,}")
"""Where parts of an article may have been joined in an excerpt: what stands on the other side proves nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was compared with, and every way in which it differs; proven where it does not."""

    n_amounts: int
    n_words: int
    differences: list[str]
    in_order: bool = False
    """Whether words and amounts were compared in their order only, as of an excerpt."""


def find_source(text: str, sources: Sequence[Row], mentions: Sequence[Row]) -> str | None:
    """The source whose text this is, or of whose amounts it holds at least LEAST_SHARE, most of them in its own words.

    None for no such source.
    """
    digest, squeezed = sha256(text), _squeezed(text)
    for source in sources:
        if source["text_sha256"] == digest:
            return str(source["source_id"])
    held = [mention for mention in mentions if _squeezed(mention["exact"]) in squeezed]
    counts = Counter(mention["source_id"] for mention in held)
    excerpts = {source["source_id"] for source in sources if source["extent"] == EXCERPT}
    near = Counter(
        mention["source_id"]
        for mention in held
        if _shift(text, *_around(mention, mention["source_id"] in excerpts)) is not None
    )
    shares = {
        source["source_id"]: counts[source["source_id"]] / source["n_mentions"]
        for source in sources
        if source["source_id"] in near
    }
    likely = {source_id: (near[source_id], share) for source_id, share in shares.items() if share >= LEAST_SHARE}
    return max(likely, key=likely.__getitem__, default=None)


def verify(
    text: str, source: Row, mentions: Sequence[Row], evidence: Sequence[Row], masked: str | None = None
) -> Verdict:
    """Compare a text with what the tables cite of a source. `text` is NFC with LF.

    `source` is a row of its table, `mentions` and `evidence` are all rows of theirs. With the `masked` text of raw/,
    every word of it is compared; without it those of the citations. Of an excerpt only these are compared, in their
    order.
    """
    cited = {row["mention_id"]: row for row in mentions if row["source_id"] == source["source_id"]}
    words = [row for row in evidence if row["mention_id"] in cited]
    if source["extent"] == EXCERPT:
        return Verdict(len(cited), len(words), _in_order(text, [*cited.values()], words), in_order=True)
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


def _in_order(text: str, mentions: Sequence[Row], words: Sequence[Row]) -> list[str]:
    """How many citations of an excerpt do not stand in a text in their order, and which."""
    places = sorted(
        [*(_around(row, excerpt=True) for row in mentions), *((row["start"], row["exact"]) for row in words)]
    )
    grouped = [
        [cited for _, cited in group] for _, group in groupby(places, itemgetter(0))
    ]  # what begins at one place has to begin at one
    starts = [
        sorted(set.intersection(*({match.start() for match in re.finditer(_pattern(cited), text)} for cited in group)))
        for group in grouped
    ]
    lost = [
        (group, bool(found))
        for group, found, at in zip(grouped, starts, _longest_chain(starts), strict=True)
        if at is None
    ]
    if not lost:
        return []
    moved, gone = (sum(len(group) for group, found in lost if found == there) for there in (True, False))
    counted = (
        f"of {len(places)} citations {len(places) - moved - gone} stand in their order, {moved} elsewhere, "
        f"{gone} in these words nowhere"
    )
    told = (
        f"{_short(quote(cited, 0, len(cited)))} stands {'elsewhere' if found else 'nowhere'}"
        for group, found in lost
        for cited in group
    )
    return [counted, *dict.fromkeys(told)]


def _longest_chain(options: Sequence[Sequence[int]]) -> list[int | None]:
    """Of each sorted list one number or none, so that they ascend and as many as possible are chosen."""
    ends: list[float] = [-math.inf]  # for each number of lists, the least at which so many can end
    ended: list[dict[int, int]] = []  # for each list, which of these it made less
    for numbers in options:
        ended.append({})
        for length in range(len(ends), 0, -1):
            at = bisect_right(numbers, ends[length - 1])
            if at < len(numbers) and (length == len(ends) or numbers[at] < ends[length]):
                ended[-1][length] = numbers[at]
                ends[length : length + 1] = [numbers[at]]
    chosen: list[int | None] = []
    length = len(ends) - 1
    for of_list in reversed(ended):
        chosen.append(of_list.get(length))
        length -= chosen[-1] is not None
    return chosen[::-1]


def _around(mention: Row, excerpt: bool = False) -> tuple[int, str]:
    """An amount with the whole words that are known around it, in an excerpt up to a seam.

    Where they start, and the words.
    """
    before = (
        re.sub(r"^\S*\s", "", mention["prefix"]) if mention["start"] > len(mention["prefix"]) else mention["prefix"]
    )
    after = re.sub(r"\s\S*$", "", mention["suffix"])
    if excerpt:
        before, after = _SEAM.split(before)[-1].lstrip(), _SEAM.split(after)[0]
    return mention["start"] - len(before), before + mention["exact"] + after


def _shift(text: str, start: int, words: str) -> int | None:
    """How many code points later than expected the nearest place is where words stand, however spaced.

    None where they stand nowhere.
    """
    if fits(words, text[start : start + len(words)]):
        return 0
    pattern = _pattern(words)
    start += len(words) - len(words.lstrip())
    return (
        min((match.start() - start for match in re.finditer(pattern, text)), key=abs, default=None) if pattern else None
    )


def _pattern(words: str) -> str:
    """What words look like in a text, however spaced."""
    return r"\s+".join(re.escape(word).replace(MASK, LETTER) for word in words.split())


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

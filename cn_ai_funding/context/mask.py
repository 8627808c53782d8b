"""What of an article is kept, so that it reads as the whole does.

A text goes in, its masked form and what stands in it come out.

Knows the lexicon and the candidates, no weights: learning anew masks nothing anew. Kept are the amounts with all the
words that their reading rests on, numbers with what they count, and as far as no readable run results: for each amount
in turn the words of the lexicon, the names and the dates that stand nearest, then the second nearest and so on, then
the rest.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from ..intake.masked import MASK, hide
from ..money import MoneyMention, Span, find_money
from ..money.vocabulary import any_of
from .dates import find_dates
from .document import LEXICON, LONGEST_HEADING
from .layout import Layout, layout_of
from .lexicon import COUNTED, TOPIC
from .masking import AFFIX, mask
from .names import GROUP, SECTOR, Directory, Name
from .restatements import find_restatements, restating_words
from .triggers import SAYS_LITTLE

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_COUNTED = re.compile(rf"(?<=[0-9]) ?{any_of(COUNTED)}")
_HEADING = re.compile(rf"^.{{1,{LONGEST_HEADING}}}$", re.MULTILINE)
_WORD_END = re.compile(r"\S{0,12}")
_TOPICS = [re.compile(any_of(words)) for words in TOPIC.values()]
_ANY_DAY = date(2000, 12, 31)
"""Stands for the day of publication: which words are dates does not depend on it."""
_LISTED = re.compile(rf"[^\w\n{MASK}]{{0,4}}")
"""What may stand between a name and its amount in a list: 메그비 10억 달러, 센스타임: 6억 달러."""
_OPENING = 200
"""Code points of a text in which names are looked for by morphology: its headline and the first words below it."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text, with the amounts and the names in it."""

    text: str
    mentions: list[MoneyMention]
    names: list[Name]


def mask_text(text: str, directory: Directory) -> Masked:
    """The text with all masked that is not read. Masking what it gives once more changes nothing."""
    read, mentions = text, find_money(text)
    spans = {(mention.start, mention.end) for mention in mentions}
    while True:
        zones = _zones(text, mentions) if mentions else []
        names = directory.find(text, zones) if mentions else []
        masked = mask(text, *_kept(text, mentions, names, zones))
        found = mentions if masked == read else find_money(masked)
        new = [(mention.start, mention.end) for mention in found if (mention.start, mention.end) not in spans]
        if new:  # what was no money by a word that is masked now
            for start, end in new:
                text = hide(text, start, end)
        elif masked == text:
            return Masked(text, mentions, names)
        else:
            read = text = masked
            mentions = found


def unmasked(text: str, directory: Directory) -> Masked:
    """The text as it is, to compare what is read of it with what is read of what the mask keeps."""
    mentions = find_money(text)
    return Masked(text, mentions, directory.find(text, _zones(text, mentions)) if mentions else [])


def _zones(text: str, mentions: Sequence[MoneyMention]) -> list[Span]:
    """The stretches of a text that figures are read from, beside the names and dates anywhere in it.

    None twice, in order.

    They are its opening, the sentence of each amount and the one before it, and lines as short as a heading.
    """
    layout = layout_of(text)
    wanted = [(0, min(_OPENING, len(text)))]
    for mention in mentions:
        start, end = layout.sentence(mention.start)
        wanted.append((layout.sentence(max(0, start - 2))[0], end))
    wanted += [match.span() for match in _HEADING.finditer(text)]
    zones: list[Span] = []
    for start, end in sorted(wanted):
        if zones and start <= zones[-1][1]:
            zones[-1] = (zones[-1][0], max(end, zones[-1][1]))
        else:
            zones.append((start, end))
    return zones


def _kept(
    text: str, mentions: Sequence[MoneyMention], names: Sequence[Name], zones: Sequence[Span]
) -> tuple[list[Span], list[Span], list[Span]]:
    """The spans that must stay, those that may, the most telling first, and the facts."""
    starts = {mention.start for mention in mentions}
    always = [(mention.start, mention.end) for mention in mentions] + [
        span for mention in mentions for span in mention.evidence
    ]
    always += [match.span() for match in _NUMBER.finditer(text)]
    if not mentions:
        return always, [], []
    always += [match.span() for topic in _TOPICS if (match := topic.search(text))]
    people = [(name.start, name.reach) for name in names]
    days = [(x.start, x.reach) for x in find_dates(text, _ANY_DAY)]
    hits = [hit for start, end in zones for hit in LEXICON.find(text, start, end)]
    words = [(hit.start, hit.end) for hit in hits if not SAYS_LITTLE.issuperset(hit.classes)]
    layout = layout_of(text)
    ranked = [list(_nearest(mention, layout, words)) for mention in mentions]
    people = [(name.start, name.reach) for name in names if name.type not in (SECTOR, GROUP)]
    evidence = [
        restating_words(text, mentions[i - 1], mentions[i])
        for i, parent in enumerate(find_restatements(text, mentions))
        if parent is not None
    ]
    bare = {(name.start, name.reach): (name.start, name.end) for name in names}
    evidence += days
    for who in _last_before(mentions, people) + people:  # a name without its particle, rather than none
        evidence += [who, bare[who]]
    for rank in zip_longest(*ranked):
        for mention, span in zip(mentions, rank, strict=True):
            if span:  # after an amount how a verb ends tells whether it has happened
                evidence += [_word(text, *span), span] if span[0] >= mention.end else [span]
    evidence += [match.span() for match in _COUNTED.finditer(text)]
    evidence += people + words
    evidence += [(hit.start, hit.end) for hit in hits]
    facts = [(mention.start, mention.end) for mention in mentions]
    facts += [(name.start, name.end) for name in names if _LISTED.match(text, name.end).end() in starts]  # type: ignore[union-attr]
    return always, [*dict.fromkeys(evidence)], facts


def _word(text: str, start: int, end: int) -> Span:
    """The space-delimited words that a span touches, with their particles."""
    after = _WORD_END.match(text, end)
    before = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    return (before if start - before <= AFFIX else start), (after.end() if after else end)


def _last_before(mentions: Sequence[MoneyMention], spans: Sequence[Span]) -> list[Span]:
    """Of some spans in order, those that stand last before an amount."""
    places = [bisect_left(spans, (mention.start, 0)) for mention in mentions]
    return [spans[i - 1] for i in places if i]


def _nearest(mention: MoneyMention, layout: Layout, words: Sequence[Span]) -> list[Span]:
    """The words of an amount's sentence, the nearest first."""
    start, end = layout.sentence(mention.start)
    here = words[bisect_left(words, (start, 0)) : bisect_left(words, (end, 0))]
    return sorted(here, key=lambda span: min(abs(span[0] - mention.end), abs(mention.start - span[1])))

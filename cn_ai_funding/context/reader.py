"""Reads an article: `read_article(text)` gives its figures, `mask_article(text)` the same text with only what it reads.

An article is masked before it is read, and only what the mask keeps is read. So the masked text reads as the full one
does, by construction: `read_article(mask_article(text)) == read_article(text)` for every text.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from ..masking import hide, mask
from ..money import Span
from ..money.vocabulary import any_of
from .figure import EVIDENCE_FIELDS, Figure
from .organizations import Directory, Organization, directory
from .reading import ABOUT_AI, ABOUT_CHINA, Reading
from .vocabulary import COUNTED

_NUMBER = re.compile(rf"[0-9][0-9,.]*\S*(?: ?{any_of(COUNTED)}\S*)?")


def read_article(text: str, published_on: date | None = None, organizations: Iterable[Organization] | None = None) -> list[Figure]:
    """Every amount of money in an article, with what it is about.

    `published_on` is what relative dates (지난달, 올해) count from; without it they are left out. `organizations` is the
    directory of names (default: the published table). `text` is NFC with LF, as in every table: offsets count its code
    points. One `Figure` a mention, in order of the text. TypeError where `published_on` is no date.

    >>> [f.kind for f in read_article("딥시크는 2억 위안(약 380억원)을 유치했다. 기업가치는 90억 위안이다.")]
    ['funding_round', 'funding_round', 'valuation']
    """
    return read_and_mask(text, published_on, organizations)[0]


def read_and_mask(text: str, published_on: date | None = None, organizations: Iterable[Organization] | None = None) -> tuple[list[Figure], str]:
    """The figures of an article as `read_article` gives them, and the masked text that they were read from."""
    if published_on is not None and not isinstance(published_on, date):
        raise TypeError(f"published_on: {published_on!r} is no datetime.date; use date.fromisoformat")
    reading = _masked(text, _directory(organizations))
    return reading.published_on(published_on).figures(), reading.text


def read_unmasked(text: str, published_on: date | None = None, organizations: Iterable[Organization] | None = None) -> list[Figure]:
    """The figures of an article as they would be read without masking it: how they differ from `read_article`'s is what the mask costs."""
    return Reading(text, _directory(organizations)).published_on(published_on).figures()


def mask_article(text: str, organizations: Iterable[Organization] | None = None) -> str:
    """The article with every word masked that `read_article` does not read. Same length, same line breaks."""
    return _masked(text, _directory(organizations)).text


def _directory(organizations: Iterable[Organization] | None) -> Directory:
    return _published() if organizations is None else directory(tuple(organizations))


@cache
def _published() -> Directory:
    from ..tables import load_organizations  # the one place where a reader needs the published tables

    return Directory(map(Organization.from_row, load_organizations(backend="pyarrow").to_pylist()))


def _masked(text: str, names: Directory) -> Reading:
    """The reading of a text in which all is masked that it does not rest on.

    It is masked until nothing more is: a word may have been evidence only because of one that did not stay. What was no
    money stays none: a number is masked where the word that told so, as the weight before 780파운드, is gone.
    """
    reading = Reading(text, names)
    money = {offset for mention in reading.mentions for offset in range(mention.start, mention.end)}
    while True:
        masked = mask(reading.text, *_evidence(reading))
        if masked == reading.text:
            return reading
        reading = Reading(masked, names)
        while new := [mention for mention in reading.mentions if money.isdisjoint(range(mention.start, mention.end))]:
            for mention in new:
                masked = hide(masked, mention.start, mention.end)
            reading = Reading(masked, names)


def _evidence(reading: Reading) -> tuple[list[Span], list[Sequence[Span]]]:
    """The spans that must stay, and the groups of those that may, the most telling first.

    Every field is the best of its candidates, so a text that keeps the best of each reads as before. What is kept
    besides shows a person why other numbers, names and dates were not taken.
    """
    figures = reading.figures()
    text = reading.text
    always = [(m.start, m.end) for m in reading.mentions] + [span for m in reading.mentions for span in m.evidence]
    always += [match.span() for topic in (ABOUT_AI, ABOUT_CHINA) if (match := topic.search(text)) and reading.mentions]
    telling: list[Sequence[Span]] = [name.evidence for name in reading.topical_names()]
    evidence = {name: [figure.evidence[name] for figure in figures if name in figure.evidence] for name in EVIDENCE_FIELDS}
    for name in ("restates", "kind", "organization", "date"):
        telling += [spans[:1] for spans in evidence[name]]
    telling += evidence["organization"] + evidence["counterparties"]  # half a part would be another part
    telling += [spans[1:] for spans in evidence["kind"]]
    for name in ("status", "period", "round", "part_of"):
        telling += [[span] for spans in evidence[name] for span in spans]
    telling += [[span] for span in reading.clause_ends()]
    telling += [[span] for span in reading.actors.each]
    telling += [[(x.start, x.reach)] for x in reading.dates]
    telling += [[match.span()] for match in _NUMBER.finditer(text) if not reading.dated(*match.span())]
    telling += [name.evidence for name in reading.names]
    return always, list(dict.fromkeys(map(tuple, telling)))

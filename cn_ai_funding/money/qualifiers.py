"""How exactly an amount is meant: the words before and after it."""

import re
from decimal import Decimal

from . import mention as q
from .arithmetic import trailing_zeros
from .mention import Span
from .numerals import UNIT
from .vocabulary import FINAL, PARTICLE, QUALIFIER, any_of, canonical

REACH = 24
"""Code points before and after an amount in which its qualifiers are looked for."""

LEVEL = "level"
"""대: about, from the amount up to its next digit."""

_BEFORE = {word: qualifier for qualifier, words in QUALIFIER["before"].items() for word in words}
_AFTER = {word: qualifier for qualifier, words in QUALIFIER["after"].items() for word in words}
_ATTACHED = {word: qualifier for qualifier, words in QUALIFIER["attached"].items() for word in words}
_COMPACT = {canonical(word): qualifier for word, qualifier in _AFTER.items()}
if unknown := {*_BEFORE.values(), *_AFTER.values(), *_ATTACHED.values()} - {*q.QUALIFIERS, LEVEL}:
    raise ValueError(f"vocabulary.toml, qualifier: no qualifiers: {', '.join(sorted(unknown))}")
_PARTICLE = any_of(PARTICLE)
_WORD_END = f"(?:(?![가-힣A-Za-z0-9])|(?={_PARTICLE}(?![가-힣])|{any_of(FINAL)}))"
_RESTATED = rf"(?: ?\([^()\n]{{0,60}}\)|,? {any_of(QUALIFIER['restated'])} [^()\n]{{0,30}}?원)"
_QUALIFIER_AFTER = re.compile(
    rf"(?P<attached>{any_of(_ATTACHED)}){_WORD_END}"
    rf"|{_RESTATED}?{_PARTICLE}?(?: ?(?:규모|선))?{_PARTICLE}? ?(?:{any_of(QUALIFIER['adverb'])} )?"
    rf"(?:(?!{any_of(QUALIFIER['unless'])}|(?<=에 ){any_of(QUALIFIER['handed_over'])})"
    rf"(?:(?P<word>{any_of(_AFTER)})|(?<=[)])(?P<again>{any_of(_ATTACHED)}){_WORD_END}))"
)
_COMPARES = re.compile(any_of(QUALIFIER["compares"]))
_BEATS = re.compile(rf"{any_of(QUALIFIER['beats'])} (?:[^\s.,]{{1,8}} ){{0,2}}(?:약 ?)?[0-9][0-9,.]*+ ?[{UNIT}]")
_BEATEN = re.compile(rf"{any_of(QUALIFIER['beaten'])}[가-힣]{{0,3}}[ (]?\Z")
_BREAKS = " (~,[<‘’'“”\"…·"
_TRANSPARENT = {part for word in QUALIFIER["transparent"] for part in word.split()}

Bounds = tuple[Decimal | None, Decimal | None]


def qualify(text: str, start: int, end: int, amount: Decimal, *, over: bool) -> tuple[str, Bounds, tuple[Span, ...]]:
    """The qualifier of one amount, its bounds, and the words that say so. What follows a number binds it closest."""
    if over:
        return q.MORE_THAN, (amount, None), ()
    if found := _QUALIFIER_AFTER.match(text, end):
        word = found["word"]
        qualifier = _COMPACT[canonical(word)] if word else _ATTACHED[found["attached"] or found["again"]]
        if word and (beaten := _beaten(text, start, found.start("word"))):
            return q.EXACT, (amount, amount), (beaten, (end, found.end()))
        return *_bounds(qualifier, amount), ((end, found.end()),)
    if found_before := _word_before(text, start):
        qualifier, word_start = found_before
        return *_bounds(qualifier, amount), ((word_start, start),)
    return q.EXACT, (amount, amount), ()


def _beaten(text: str, start: int, word: int) -> Span | None:
    """What says that a word after an amount compares another one with it, if anything does.

    예상치 300억 원을 웃돌았다, 300억 원을 웃돈 350억 원.
    """
    if not _COMPARES.match(text, word):
        return None
    found = _BEATS.match(text, word) or _BEATEN.search(text, max(0, start - REACH), start)
    return found.span() if found else None


def _word_before(text: str, start: int) -> tuple[str, int] | None:
    """The qualifier before an amount and where its word starts; words that qualify nothing may stand between."""
    reach = max(0, start - REACH)
    while start > reach:
        start, word = _last_word(text, reach, start)
        if qualifier := _BEFORE.get(word) or _BEFORE.get(word.rstrip("은는")):
            earlier, word_before = _last_word(text, max(0, start - REACH), start)
            if word_before in QUALIFIER["superlative_after"]:
                return q.EXACT, earlier
            return (
                (_BEFORE[word_before], earlier)
                if qualifier == q.ABOUT and word_before in _BEFORE
                else (qualifier, start)
            )
        if word.rstrip("은는이의에") not in _TRANSPARENT:
            return None
    return None


def _last_word(text: str, reach: int, end: int) -> tuple[int, str]:
    """The last word before `end` and where it starts, brackets and quotation marks aside.

    One that reaches farther is cut.
    """
    while end > reach and text[end - 1] in _BREAKS:
        end -= 1
    start = end
    while start > reach and text[start - 1] not in _BREAKS and text[start - 1] != "\n":
        start -= 1
    return start, text[start:end]


def _bounds(qualifier: str, amount: Decimal) -> tuple[str, Bounds]:
    match qualifier:
        case q.EXACT:
            return qualifier, (amount, amount)
        case _ if qualifier == LEVEL:
            return q.ABOUT, (amount, amount + Decimal(10) ** trailing_zeros(amount))
        case q.AT_LEAST | q.MORE_THAN:
            return qualifier, (amount, None)
        case q.AT_MOST | q.LESS_THAN:
            return qualifier, (None, amount)
    return qualifier, (None, None)

"""Which Korean words are names, by Kiwi's dictionary: its proper nouns, and nouns that it does not hold.

A word is looked at by itself, so that masking the words around it changes nothing, and once, so that common words cost
little.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from kiwipiepy import Kiwi, Token

from .lexicon import NAME

COINED, PROPER, ODD, PERSON = "coined", "proper", "odd", "person"
"""A noun that Kiwi does not hold, a proper noun of its, a compound or a determiner and a noun that are not said
together, a person."""
SHORTEST = 2
"""Syllables; a single one that is in no dictionary is a typo or a part of another word."""
CLOSE = 2.0
"""Log probability within which a reading that needs no unknown noun is believed instead."""
UNLIKELY = -8.0
"""Log probability of a noun after the one before it, below which the two are no compound that is in use (투자금액: -5,
딥엑스: -11)."""
_NOUNS = ("NNG", "NNP", "NNB", "SL", "SN", "XPN")
_FULL_NAME = 3
"""Syllables of most Korean names, and of many Chinese ones in Korean letters."""
_SURNAMES = frozenset(NAME["surname"])


@lru_cache(maxsize=1 << 17)
def proper_noun(word: str) -> tuple[int, str] | None:
    """The length of the name that a word (letters and digits, with its particles) begins with, and what shows that.

    >>> proper_noun("즈위안로봇이"), proper_noun("회사가")
    ((5, 'coined'), None)
    """
    tokens = _kiwi().tokenize(word)
    nouns: list[Token] = []
    for token in tokens:
        if (token.tag not in _NOUNS and not (token.tag == "MM" and not nouns)) or token.start != (
            nouns[-1].end if nouns else 0
        ):
            break
        nouns.append(token)
    length = nouns[-1].end if nouns else 0
    if length < SHORTEST or nouns[-1].tag == "MM":
        return None
    if any(token.oov and token.len >= SHORTEST for token in nouns):
        (_, best), *others = _kiwi().analyze(word, top_n=3)
        if not any(best - score <= CLOSE and _known(other) for other, score in others):
            return length, COINED
    first = nouns[0]
    if length == _FULL_NAME and first.len == 1 and first.form in _SURNAMES and first.tag == "NNP":
        return length, PERSON
    if any(token.tag == "NNP" and token.len >= SHORTEST for token in nouns):
        return length, PROPER
    odd = (
        len(nouns) > 1
        and all(token.score < UNLIKELY for token in nouns[1:])
        and first.tag in ("NNG", "NNP", "MM", "SL")
    )
    return (length, ODD) if odd else None


def _known(tokens: Sequence[Token]) -> bool:
    """Whether a reading of a word needs no noun that is unknown or of one syllable."""
    return not any(token.oov for token in tokens) and all(
        token.len >= SHORTEST for token in tokens if token.tag in _NOUNS
    )


@cache
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)

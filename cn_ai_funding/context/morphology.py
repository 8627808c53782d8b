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
CLOSE, WITHIN_REACH = 2.0, 3.0
"""Log probability within which a reading that needs no unknown noun is believed instead; and that within which one is
looked for that takes a word whole which the likeliest reading cuts into single syllables."""
UNLIKELY = -8.0
"""Log probability of a noun after the one before it, below which the two are no compound that is in use (투자금액: -5,
딥엑스: -11)."""
_NOUNS = ("NNG", "NNP", "NNB", "SL", "SN", "XPN")
_BEFORE_NOUNS = (*_NOUNS, "MM", "MAG", "MAJ", "NR", "IC", "XR")
"""Of one syllable, what a word is cut into that no dictionary holds: 더·우위, 이·웨이, 쉰·이·커."""
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
    if not tokens:
        return None
    nouns = _leading(tokens)
    length = nouns[-1].end if nouns else 0
    first = tokens[0]
    person = length == _FULL_NAME and first.len == 1 and first.form in _SURNAMES and first.tag == "NNP"
    unknown = any(token.oov and token.len >= SHORTEST for token in nouns)
    if (unknown or (not person and _is_fragment(first))) and (name := _whole(word)):
        return name
    if length < SHORTEST or nouns[-1].tag == "MM":
        return None
    if person:
        return length, PERSON
    if any(token.tag == "NNP" and token.len >= SHORTEST for token in nouns):
        return length, PROPER
    odd = (
        len(nouns) > 1
        and all(token.score < UNLIKELY for token in nouns[1:])
        and first.tag in ("NNG", "NNP", "MM", "SL")
    )
    return (length, ODD) if odd else None


def _leading(tokens: Sequence[Token]) -> list[Token]:
    """The nouns that a word begins with, joined."""
    nouns: list[Token] = []
    for token in tokens:
        if (token.tag not in _NOUNS and not (token.tag == "MM" and not nouns)) or token.start != (
            nouns[-1].end if nouns else 0
        ):
            break
        nouns.append(token)
    return nouns


def _whole(word: str) -> tuple[int, str] | None:
    """The name that a word begins with by a reading of it that takes an unknown noun for one.

    Where an ordinary reading is about as likely, the proper noun that it is made of, or None.
    """
    readings = _kiwi().analyze(word, top_n=4)
    best = readings[0][1]
    for tokens, score in readings:
        if best - score <= CLOSE and _ordinary(tokens):
            if [token.tag[:2] for token in tokens] in (["NN"], ["NN", "JK"]) and tokens[0].tag == "NNP":
                return tokens[0].end, PROPER
            if tokens[0].tag != "NNP":
                return None
    for tokens, score in readings:
        nouns = _leading(tokens)
        if best - score <= WITHIN_REACH and any(token.oov and token.len >= SHORTEST for token in nouns):
            return nouns[-1].end, COINED
    return None


def _ordinary(tokens: Sequence[Token]) -> bool:
    """Whether a reading of a word needs no noun that is unknown, and cuts nothing of one syllable off."""
    return not any(token.oov or _is_fragment(token) for token in tokens)


def _is_fragment(token: Token) -> bool:
    return token.len < SHORTEST and token.tag in _BEFORE_NOUNS


@cache
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)

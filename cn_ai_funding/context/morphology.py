"""Which Korean words are no words of the language: names that no list holds, by Kiwi's dictionary.

A word is judged by itself, so that masking the words around it changes nothing, and once, so that common words cost little.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from kiwipiepy import Kiwi, Token

SHORTEST = 2
"""Syllables; a single one that is in no dictionary is a typo or a part of another word."""
CLOSE = 2.0
"""Log probability within which a reading that needs no unknown noun is believed instead."""
_NOUNS = ("NNG", "NNP", "NNB", "SL", "SN", "XPN")


@lru_cache(maxsize=1 << 17)
def unknown_noun(word: str) -> int:
    """The length of the name that a word (letters and digits, with its particles) begins with; 0 where it begins with none.

    >>> unknown_noun("즈위안로봇이"), unknown_noun("회사가")
    (5, 0)
    """
    (best, best_score), *others = _kiwi().analyze(word, top_n=3)
    length = _unknown_length(best)
    known = (tokens for tokens, score in others if best_score - score <= CLOSE and not any(token.oov for token in tokens))
    return 0 if any(all(token.len >= SHORTEST for token in tokens if token.tag in _NOUNS) for tokens in known) else length


@lru_cache(maxsize=1 << 14)
def proper_noun(word: str) -> bool:
    """Whether a word without particles is a name, known to Kiwi or not."""
    tokens = _kiwi().tokenize(word)
    return unknown_noun(word) == len(word) or all(token.tag == "NNP" for token in tokens)


def _unknown_length(tokens: Sequence[Token]) -> int:
    length, unknown = 0, False
    for token in tokens:
        if token.tag not in _NOUNS or token.start != length:
            break
        length = token.end
        unknown |= bool(token.oov) and token.len >= SHORTEST
    return length if unknown else 0


@cache
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)

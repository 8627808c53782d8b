"""Which amounts say another one again: in another currency, in brackets or after 우리 돈.

A text and its mentions go in, for each mention the index of the one that it says again comes out.
"""

import re
from collections.abc import Sequence

from ..intake.masked import MASK
from ..money import MoneyMention, Span
from ..money.vocabulary import any_of
from .lexicon import RESTATEMENT, WORDS, Lexicon

_LONGEST_GAP = 40
"""Code points that may stand between an amount and what says it again."""
_GAP = rf"(?:{any_of(RESTATEMENT['word'])}|[ ,.'’‘\"”“])*"
_RESTATES = re.compile(
    rf"{_GAP}[(（\[][^()（）\[\]\n]*|{_GAP}[·/=]{_GAP}|{_GAP}(?:우리 ?돈|한화|원화|미화)(?:로|으로)?{_GAP}"
)
_CONVERTED = re.compile(rf"\S{{0,2}} (?P<said>\S{{1,10}}데,? {any_of(RESTATEMENT['into_won'])}[ ,]*(?:약 ?)?)|,? ?약 ?")
"""Between an amount in another currency and one in won: a verb in -는데 and 우리 돈으로, or 약 and nothing besides."""
_OF_ITS_OWN = re.compile(rf"의|[은는이가] |[^.\n]{{0,8}}{any_of(RESTATEMENT['own'])}")
"""After an amount that says no other one again: it is somebody's or something's own."""
_SEPARATOR = re.compile(rf"[ ,·/()（）]*(?:{any_of(RESTATEMENT['word'])}|[ ,·/()（）])*")
_OF_ANOTHER = Lexicon(
    {
        name: WORDS[name]
        for name in (
            "raise",
            "valuation",
            "listing",
            "stake",
            "acquire",
            "fund",
            "invest",
            "support",
            "revenue",
            "profit",
            "loss",
            "price",
        )
    }
)
"""Words between two amounts that make the second a figure of its own."""


def find_restatements(text: str, mentions: Sequence[MoneyMention]) -> list[int | None]:
    """For each mention the index of the one that it says again, or None."""
    restates: list[int | None] = []
    for i, mention in enumerate(mentions):
        before = mentions[i - 1] if i else None
        again = (
            before
            and before.currency != mention.currency
            and _restates(text, before, mention, within=restates[i - 1] is not None)
        )
        restates.append((i - 1 if restates[i - 1] is None else restates[i - 1]) if again else None)
    return restates


def restating_words(text: str, before: MoneyMention, mention: MoneyMention) -> Span:
    """What tells that an amount says the one before it again: all between the two, or the verb and 우리 돈으로."""
    converted = _CONVERTED.fullmatch(text, before.end, mention.start)
    said = converted.start("said") if converted and not _RESTATES.fullmatch(text, before.end, mention.start) else -1
    return (said if said >= 0 else before.end), mention.start


def spans_with_restatements(mentions: Sequence[MoneyMention], restates: Sequence[int | None]) -> list[Span]:
    """For each mention its span, together with the mentions that restate it."""
    ends = [mention.end for mention in mentions]
    for i in reversed(range(len(ends))):
        parent = restates[i]
        if parent is not None:
            ends[parent] = max(ends[parent], ends[i])
    return [(mention.start, end) for mention, end in zip(mentions, ends, strict=True)]


def _restates(text: str, before: MoneyMention, mention: MoneyMention, *, within: bool) -> bool:
    """Whether what stands between two amounts makes the second restate the first; `within` a bracket that does."""
    start, end = before.end, mention.start
    if end - start > _LONGEST_GAP:
        return False
    if within and _SEPARATOR.fullmatch(text, start, end):
        return True
    if (
        mention.currency == "KRW"
        and before.currency is not None
        and (converted := _CONVERTED.fullmatch(text, start, end))
    ):
        hidden = converted["said"] is None and text.startswith(
            MASK, mention.end
        )  # 약 says too little where a particle cannot be seen
        return not hidden and not _OF_ITS_OWN.match(text, mention.end)
    return bool(_RESTATES.fullmatch(text, start, end)) and not _OF_ANOTHER.find(text[start:end])

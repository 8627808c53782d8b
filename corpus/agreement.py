"""Which answers agree with an annotation, `a|b` being either: one definition for learning and for measuring."""

import re

_OUTSIDE = re.compile(r"\(.*?\)")
_MARKS = re.compile(r"[\s()\[\]「」『』<>‘’“”'\"·]")


def kinds_of(gold: str) -> list[str]:
    """The kinds that an annotation takes for right."""
    return gold.split("|")


def first_of(gold: str | None) -> str | None:
    """The first answer of an annotation: of an announcement and the years of spending, the announcement."""
    return gold and gold.split("|")[0]


def same_organization(name: str | None, gold: str) -> bool:
    """Whether, without spaces and brackets, a name holds one of an annotation's or the other way round.

    Two syllables or three letters of it have to agree.
    """
    return any(_same_name(name, answer) for answer in gold.split("|"))


def same_date(edtf: str | None, gold: str | None) -> bool:
    """Whether a date says what one of an annotation's does, down to its precision; no date what none does."""
    if edtf is None or gold is None:
        return edtf is gold
    return any(edtf.startswith(answer) for answer in gold.split("|"))


def _same_name(name: str | None, gold: str) -> bool:
    said, wanted, outside = (_MARKS.sub("", text) for text in (name or "", gold, _OUTSIDE.sub("", gold)))
    return bool(said) and any(
        said == answer or _holds(said, answer) or _holds(answer, said) for answer in (wanted, outside) if answer
    )


def _holds(name: str, part: str) -> bool:
    """Whether a part of a name is long enough to stand for it: AI is no OpenAI."""
    return part in name and (len(part) > 2 or sum("가" <= character <= "힣" for character in part) == 2)

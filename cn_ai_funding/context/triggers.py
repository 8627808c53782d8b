"""Words that speak for what a figure is and whether it has happened.

Where the nearest stand, how verbs end, which round is named.
"""

import re

from ..intake.masked import MASK
from ..money import Span
from ..money.vocabulary import canonical
from .layout import PAST
from .lexicon import ENDINGS

SAYS_LITTLE = frozenset(
    [
        "public",
        "sector",
        "limit",
        "total",
        "change",
        "past",
        "part",
        "company",
        "person",
        "chinese_ai",
        "say",
        "talk",
        "done",
        "replace",
        "plan",
        "every",
        "use",
        "join",
    ]
)
"""Classes of words that alone say little of what a figure is: the nearest of the others is told apart."""
PART = ("그중", "이중", "이가운데", "그가운데")
"""After one of these a figure is a part of one before it."""


def _closing(final: int) -> str:
    """The syllables that close with a consonant, by the arithmetic of Unicode's Hangul Syllables block."""
    return "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == final)


_SYLLABLES = {"[P]": f"[{PAST}]", "[L]": f"[{_closing(8)}]", "[N]": f"[{_closing(4)}]"}


def _ending(form: str) -> str:
    for mark, syllables in _SYLLABLES.items():
        form = form.replace(mark, syllables)
    return form


_ENDINGS = [
    (name, re.compile(rf"(?:{'|'.join(map(_ending, forms))})[.,\"'”’)\]…]*$")) for name, forms in ENDINGS.items()
]
_WORD = re.compile(r"\S+")
_ROUND_NAMES = {"시드": "seed", "엔젤": "angel", "프리ipo": "pre-IPO", "pre-ipo": "pre-IPO"}
_ROUND = re.compile(
    r"(?P<name>프리 ?IPO|Pre-IPO|시드|엔젤)"
    r"|(?P<pre>프리|Pre-)? ?(?:시리즈|Series) ?(?P<series>[A-H])(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<letter_round>[A-H])[0-9]?\+? ?(?:라운드|시리즈)"
    r"|(?:(?P<pre_>프리|Pre-)) ?(?P<after>[A-H])(?![A-Za-z])",
    re.IGNORECASE,
)


def find_endings(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """How the words between two offsets end, as far as they are kept whole."""
    found = []
    for match in _WORD.finditer(text, start, end):
        if MASK not in match.group():
            name = next((name for name, pattern in _ENDINGS if pattern.search(match.group())), None)
            if name:
                found.append((name, match.span()))
    return found


def find_round(text: str, start: int, end: int, at: int) -> tuple[str, Span] | None:
    """The funding round named nearest to `at` between two offsets: `Series B`, `pre-IPO`, `seed`, `angel`."""
    match = min(_ROUND.finditer(text, start, end), key=lambda match: abs(at - match.end()), default=None)
    if match is None:
        return None
    letter = next((match[name] for name in ("series", "letter_round", "after") if match[name]), None)
    if letter:
        return f"{'pre-' if match['pre'] or match['pre_'] else ''}Series {letter.upper()}", match.span()
    return _ROUND_NAMES[canonical(match["name"]).lower()], match.span()

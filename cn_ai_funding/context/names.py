"""Whom a text names: candidates for who a figure is about and who else acts.

Each comes with its type and the particle after it.

A name is known from the directory (raw/organizations.csv), from the lexicon (countries, governments, sectors, groups of
companies), by its form (a gloss in brackets, an ending such as 테크, a Latin capital, quotation marks), by morphology
(a proper noun of Kiwi's, or a noun that it does not know), or because the text has named it so elsewhere. What a name
is to a figure is not decided here. Only the name's own words are looked at, so that a masked text has those that it
kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from ..intake.masked import MASK
from ..money import Span
from ..money.vocabulary import any_of
from .lexicon import COUNTRIES, NAME, WORD_START, WORDS, joined
from .morphology import COINED, ODD, PROPER, proper_noun

BARE, HIDDEN = "bare", "hidden"
"""No particle, and one that is masked."""
ROLES = ("topic", "subject", "genitive", "object", "target", "source", "with", "other")
AI_COMPANY, TECHNOLOGY_COMPANY, INVESTOR, GOVERNMENT, PUBLIC_BODY = (
    "ai_company",
    "technology_company",
    "investor",
    "government",
    "public_body",
)
COUNTRY = "country"
"""Types of the directory."""
FORM, LATIN, PRODUCT, WORK = "form", "latin", "product", "work"
"""Types of names that only the text has: by an ending, in Latin letters, with a number, in quotation marks; morphology
adds some."""
PLACE, SECTOR, GROUP, TRADER, MEDIA, THING, ANAPHOR = "place", "sector", "group", "trader", "media", "thing", "anaphor"
"""Types of words that stand for somebody."""
COMPANIES = (AI_COMPANY, TECHNOLOGY_COMPANY, INVESTOR, FORM, COINED, PROPER, LATIN, ODD)

_PARTICLES = {particle: role for role in ROLES for particle in NAME[role]}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = f"가-힣A-Za-z0-9{MASK}"
_IN_WORD = re.compile(f"[{_WORD}]")
_QUOTE = "['’\"”」』>〉》\\]]"
_GLOSS = (
    rf"(?:\s?[(（](?![^()（）\n]*[0-9{MASK}][조억만천백]?[0-9조억만천백,. ]*(?:달러|위안|원|弗|유로|엔|元))"
    r"[^()（）\n]{1,60}[)）])?"
)
_AFTER = re.compile(
    rf"(?:{any_of(NAME['tail'])})?{_QUOTE}?(?P<gloss>{_GLOSS}){_QUOTE}?(?:{any_of([*NAME['tail'], *NAME['suffix']])})?"
    rf"(?P<etc> ?등)?(?P<particle>{any_of(_PARTICLES)})?(?P<more>도|만|은|는|의|까지)?"
    rf"(?P<hidden>{MASK}{{1,4}})?(?![{_WORD}])"
)
_END = rf"(?=(?:{any_of(_PARTICLES)})?(?![{_WORD}]))"
_OFFICE = re.compile(
    rf"(?P<gloss>)(?P<etc> [가-힣]{{1,10}}?{any_of(NAME['office'])})(?P<particle>{any_of(_PARTICLES)})"
    rf"(?P<more>)(?P<hidden>)(?![{_WORD}])"
)
_GLOSSED = re.compile(
    rf"(?<![{_WORD}])(?P<name>[가-힣A-Z][가-힣A-Za-z0-9.&-]{{1,15}}) ?"
    r"[(（](?:[一-鿿]{2,12}|(?=[^()（）]*[a-z])[A-Z][A-Za-z0-9.+& -]{2,30})(?:[,，·] ?[^()（）\n]{1,40})?[)）]"
)
_SUFFIX = re.compile(rf"(?<![{_WORD}])[가-힣A-Za-z0-9&]{{2,12}}?{any_of(NAME['suffix'])}{_END}")
_LATIN = re.compile(
    rf"(?<![A-Za-z0-9가-힣{MASK}])(?:(?P<product>[A-Z][A-Za-z]{{0,10}}-?[0-9]{{1,4}}[A-Za-z]{{0,3}})"
    rf"|(?P<name>[A-Z][A-Za-z0-9&-][A-Za-z0-9.&-]{{0,30}}(?: [A-Z][A-Za-z0-9.&-]{{1,20}}){{0,2}})"
    rf"|[가-힣]{{2,8}}(?!{any_of(NAME['initials'])}{_END})[A-Z][A-Za-z0-9&]{{1,10}}){_END}"
)
"""Names in Latin letters, and in Hangul with Latin letters after it (삼성SDS) that are no initials (국산GPU)."""
_QUOTED = re.compile(r"[‘'\"“<〈《「『]([가-힣A-Za-z0-9][^‘’'\"“”<>〈〉《》「」『』\n.,?!]{1,18})[’'\"”>〉》」』]")
_COUNTED_GROUP = re.compile(
    rf"(?<![{_WORD}])(?:(?:[가-힣A-Za-z]{{1,6}} )?(?:[두세네]|[0-9]{{1,3}}(?:대|개|여)?) ?"
    rf"(?:회사|기업|업체|은행|통신사|금융지주|스타트업|개사|사|곳|명))(?![{_WORD}](?<![은는이가의을를에도과와]))"
)
_HANGUL_WORD = re.compile(
    rf"(?<![{_WORD}])(?:[가-힣][가-힣A-Za-z0-9]|[A-Z][A-Za-z&]{{0,7}}[가-힣])[가-힣A-Za-z0-9]{{0,18}}(?!{MASK})"
)
_MIXED = re.compile("[A-Z]+[가-힣]{2}")
_CITY = re.compile("[가-힣]{2,4}[시성]")
_AREA = re.compile(
    rf"(?<![{_WORD}])(?:{any_of(NAME['place'])}(?:특별시|광역시|시|성|구|현|군|도|주|신구)"
    r"|[가-힣]{2,3}(?:시|구|군|신구)(?= |[의은는이가에] ))"
)
_LIKENED = re.compile(rf"(?:{any_of([*COUNTRIES, *NAME['place']])})판")
"""상하이판 나스닥: what is only compared."""
_COMMON_END = re.compile(rf"{any_of(NAME['common_end'])}$")
_INVESTOR = re.compile(rf"{any_of(NAME['investor'])}$")
_JOINED = re.compile(rf"(?:{any_of([*NAME['suffix'], 'AI'])})$")
_THE_COMPANY = ("회사", "이들")
"""At the beginning of a sentence those that were spoken of last; elsewhere just a company, or a word."""
_OPENS = re.compile(r"(?:^|\n|[.!?”\"] |[◇◆■□▲△▶▷•·○●※☞] ?)$")
_SHORTEST_FORM = 2
"""Letters of a name that may stand for a longer one."""
LONGEST_SHARED = 40
"""Names of a text's own are looked for elsewhere in it up to this length."""

_MEMBERS = [f"{member}{plural}" for member in NAME["member"] for plural in ("", "들")]
_TYPE_OF: dict[str, str] = {
    word: kind
    for kind, words in {
        SECTOR: [
            *joined(NAME["field"]),
            *(f"{field}{space}{member}" for field in NAME["field"] for space in ("", " ") for member in _MEMBERS),
        ],
        GROUP: [f"{word}{plural}" for word in (*NAME["group"], *NAME["member"]) for plural in ("", "들")],
        COUNTRY: [*COUNTRIES, *NAME["country"]],
        PLACE: NAME["place"],
        TRADER: NAME["trader"],
        MEDIA: NAME["media"],
        THING: NAME["thing"],
        GOVERNMENT: NAME["government"],
        ANAPHOR: NAME["anaphor"],
    }.items()
    for word in words
}
"""What stands for somebody or is spoken of like one, by the word."""
_NO_NAMES = {
    *NAME["generic"],
    *NAME["title"],
    *NAME["initials"],
    *(word.strip(WORD_START + " ").replace(" ", "") for words in WORDS.values() for word in words),
}
"""Words that are no name, though Kiwi may not know them or their end looks like one."""


@dataclass(frozen=True, slots=True)
class Organization:
    """One row of the directory."""

    organization_id: str
    names: tuple[str, ...]
    type: str
    country: str

    @classmethod
    def from_row(cls, row: Mapping[str, str | None]) -> "Organization":
        """One organization from a row of raw/organizations.csv or of the published table."""
        names = [row["name_en"], row["name_ko"], row["name_zh"], *(row["aliases"] or "").split("|")]
        return cls(
            row["organization_id"] or "",
            tuple(dict.fromkeys(filter(None, names))),
            row["type"] or "",
            row["country"] or "",
        )


class Name(NamedTuple):
    """A place where a text names somebody.

    `reach` is where its gloss and its particle end, `role` what that particle gives it.
    """

    start: int
    end: int
    reach: int
    text: str
    organization: Organization | None
    type: str
    role: str
    etc: bool = False
    once: bool = False
    meant: str = ""

    @property
    def key(self) -> str:
        """What two names of one organization share."""
        return self.organization.organization_id if self.organization else self.meant or self.text.replace(" ", "")

    @property
    def foreign(self) -> bool:
        """Whether it is known not to be Chinese."""
        return self.type == TRADER or (
            self.type == COUNTRY if self.organization is None else self.organization.country != "CN"
        )


class Directory:
    """Finds the listed organizations in a text, by any of their names, and all else that may be a name."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        by_name = {name: organization for organization in organizations for name in organization.names}
        short = {
            name[:-1]: organization
            for name, organization in by_name.items()
            if organization.type == GOVERNMENT and _CITY.fullmatch(name)
        }
        self._short = {_lower(name) for name in short.keys() - by_name.keys()}
        self._by_name = {_lower(name): organization for name, organization in (short | by_name).items()}
        self._names = [*self._by_name, *({_lower(word) for word in _TYPE_OF} - self._by_name.keys())]
        self._types = {_lower(word): kind for word, kind in _TYPE_OF.items()}
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, near: Sequence[Span]) -> list[Name]:
        """Every name in the text, in order, none overlapping.

        By morphology and quotation marks they are looked for in the stretches `near`.
        """
        text = _SURROGATE.sub("\ufffd", text)  # the automaton takes well-formed text only
        found = _Found(text)
        for index, start, end in self._automaton.find_matches_as_indexes(_lower(text)):
            word = self._names[index]
            organization = self._by_name.get(word)
            kind = PLACE if word in self._short else organization.type if organization else self._types[word]
            inside = organization is None and start and _IN_WORD.match(text, start - 1)
            if not inside and (word not in _THE_COMPANY or _OPENS.search(text, max(0, start - 3), start)):
                found.add(start, end, organization, kind)
        for gloss in _GLOSSED.finditer(text):
            found.add_unlisted(*gloss.span("name"), FORM)
        for match in _LATIN.finditer(text):
            found.add_unlisted(*match.span(), PRODUCT if match["product"] else LATIN)
        for match in _SUFFIX.finditer(text):
            found.add_unlisted(*match.span(), INVESTOR if _INVESTOR.search(match.group()) else FORM)
        for match in _AREA.finditer(text):
            found.add_unlisted(*match.span(), PLACE)
        for match in _COUNTED_GROUP.finditer(text):
            found.add(*match.span(), None, GROUP)
        for stretch in near:
            for match in _HANGUL_WORD.finditer(text, *stretch):
                word = match.group()
                if (
                    not found.taken(*match.span())
                    and word not in _NO_NAMES
                    and not _LIKENED.fullmatch(word)
                    and (noun := proper_noun(word))
                ):
                    found.add_unlisted(match.start(), match.start() + noun[0], noun[1])
            for match in _QUOTED.finditer(text, *stretch):
                found.add_unlisted(*match.span(1), WORK)
        return found.all()


class _Found:
    """The names found so far in a text, none overlapping."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: list[Name] = []
        self._taken = bytearray(len(text))

    def taken(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) >= 0

    def add(self, start: int, end: int, organization: Organization | None, kind: str) -> None:
        if self._taken.find(1, start, end) < 0 and (name := _name(self.text, start, end, organization, kind)):
            self.names.append(name)
            self._taken[name.start : name.end] = b"\1" * (name.end - name.start)

    def add_unlisted(self, start: int, end: int, kind: str) -> None:
        """Add what looks like a name, unless it is a word that names nobody."""
        word = self.text[start:end]
        if word not in _NO_NAMES and not _COMMON_END.search(word):
            self.add(start, end, None, kind)

    def all(self) -> list[Name]:
        """All in order, with those by the text's own names elsewhere, without what only explains the one before."""
        own = {
            name.text: name.type
            for name in self.names
            if name.organization is None and name.type in COMPANIES and 2 < len(name.text) <= LONGEST_SHARED
        }
        if own:
            texts = list(own)
            for index, start, end in AhoCorasick(texts, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(
                self.text
            ):
                self.add(start, end, None, own[texts[index]])
        return _outside_glosses(_compounds(self.text, sorted(self.names, key=_start)))


@lru_cache(maxsize=4)
def directory(organizations: tuple[Organization, ...]) -> Directory:
    """The directory of these organizations, built once."""
    return Directory(organizations)


def _start(name: Name) -> int:
    return name.start


def _lower(text: str) -> str:
    """Lower case of the same length."""
    lower = text.lower()
    return (
        lower
        if len(lower) == len(text)
        else "".join(low if len(low := character.lower()) == 1 else character for character in text)
    )


def _name(text: str, start: int, end: int, organization: Organization | None, kind: str) -> Name | None:
    """The name at this place, or None where the letters go on and it is part of another word."""
    begun = start and text[start].isalnum() and _IN_WORD.match(text, start - 1)
    if begun and (text[start - 1] == MASK or not text[start].isascii() or text[start - 1].isascii()):
        return None
    after = (_OFFICE.match(text, end) if kind == GOVERNMENT else None) or _AFTER.match(text, end)
    if after is None:
        return None
    particle = after["particle"]
    name_end = next((after.start(part) for part in ("gloss", "etc", "particle", "hidden") if after[part]), after.end())
    whole = text[start:name_end].rstrip("'’\"”」』>〉》] ")
    role = _PARTICLES[particle] if particle else HIDDEN if after["hidden"] else BARE
    return Name(start, start + len(whole), after.end(), whole, organization, kind, role, bool(after["etc"]))


def _compounds(text: str, names: Iterable[Name]) -> Iterator[Name]:
    """호라이즌 로보틱스, 문샷 AI: two words of one name, by the form of the second."""
    last: Name | None = None
    for name in names:
        if last:
            joint = (
                name.organization is None
                and last.organization is None
                and last.reach == last.end
                and text[last.end : name.start] == " "
            )
            if (
                joint
                and last.type in COMPANIES
                and name.type in COMPANIES
                and (_JOINED.search(name.text) or name.type == last.type == LATIN)
            ):
                last = name._replace(start=last.start, text=text[last.start : name.end])
                continue
            yield last
        last = name
    if last:
        yield last


def _outside_glosses(names: Iterable[Name]) -> list[Name]:
    """Without the names that only explain the one before them, 터쓰롄(特斯联, TERMINUS)은.

    Elsewhere they are that one's other names.
    """
    outside: list[Name] = []
    other: dict[str, Name] = {}
    for name in names:
        last = outside[-1] if outside else None
        if last and name.start < last.reach:
            if last.organization is None and name.organization and last.type in COMPANIES:
                outside[-1] = last = last._replace(organization=name.organization, type=name.organization.type)
            if last.type in COMPANIES and name.type in COMPANIES and name.organization is None:
                other.setdefault(name.text, last)
        else:
            outside.append(name)
    for name in outside:
        if name.organization and name.type in COMPANIES:
            other.setdefault(name.text, name)
    longer = _longer_forms([name for name in outside if name.type in COMPANIES])
    count = Counter(name.text for name in outside)
    resolved = []
    for name in outside:
        full = (
            other.get(longer.get(name.text, name.text))
            if name.organization is None and name.type in COMPANIES
            else None
        )
        known = name._replace(once=count[name.text] == 1)
        if full and full.organization:
            known = known._replace(organization=full.organization, type=full.type)
        elif full or name.text in longer:
            known = known._replace(meant=(full.text if full else longer[name.text]).replace(" ", ""))
        resolved.append(known)
    return resolved


def _longer_forms(names: Sequence[Name]) -> dict[str, str]:
    """Of the names that another one of the text begins with, the longest that does: 호라이즌 of 호라이즌로보틱스."""
    texts = sorted({name.text for name in names})
    longer: dict[str, str] = {}
    for short, full in pairwise(texts):
        if full.startswith(short) and len(short) >= _SHORTEST_FORM:
            longer[short] = full
    return {short: longer.get(full, full) for short, full in longer.items()}

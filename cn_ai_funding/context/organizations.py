"""Who: the organizations that a Korean text names, with the part that each plays in its sentence.

A name is known from the directory (raw/organizations.csv, found with one Aho-Corasick automaton, so that its size does not
matter), by its form (a gloss in brackets, an ending such as 테크), by morphology (a noun that Kiwi's dictionary does not
hold), or because the text has named it so elsewhere.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ..masking import MASK
from ..money import Span
from ..money.vocabulary import any_of
from .morphology import proper_noun, unknown_noun
from .vocabulary import COUNTRIES, KNOWN_WORDS, ORGANIZATION, words_pattern

TOPIC, SUBJECT, GENITIVE, TARGET, SOURCE, OBJECT, OTHER, BARE = "topic", "subject", "genitive", "target", "source", "object", "other", "bare"
BACKER, ASIDE = "backer", "aside"
GOVERNMENT, COUNTRY, INVESTOR, PERSON, MEDIA = "government", "country", "investor", "person", "media"
ANAPHOR = "anaphor"
CITY, SECTOR, MEMBERS, TRADER = "city", "sector", "members", "trader"
AI_COMPANY, TECHNOLOGY_COMPANY, UNLISTED, PRODUCT = "ai_company", "technology_company", "unlisted", "product"
COMPANIES = (AI_COMPANY, TECHNOLOGY_COMPANY, UNLISTED)

_PARTICLES = {particle: role for role in (TOPIC, SUBJECT, GENITIVE, TARGET, SOURCE, OBJECT, OTHER) for particle in ORGANIZATION[role]}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = "가-힣A-Za-z0-9"
_QUOTE = "['’\"”」』>〉》]"
_GLOSS = r"(?:\s?[(（](?![^()（）\n]*[0-9][조억만천백]?[0-9조억만천백,. ]*(?:달러|위안|원|弗|유로|엔|元))[^()（）\n]{1,60}[)）])?"
_AFTER = re.compile(
    rf"(?:{any_of(ORGANIZATION['tail'])})?{_QUOTE}?(?P<gloss>{_GLOSS}){_QUOTE}?(?:{any_of([*ORGANIZATION['tail'], *ORGANIZATION['suffix']])})?"
    rf"(?P<etc> ?등| ?[한두세네] (?:곳|회사|기업|업체))?(?P<particle>{any_of(_PARTICLES)})?(?![{_WORD}])"
)
_OFFICE = re.compile(rf"(?P<gloss>)(?P<etc> [가-힣]{{1,10}}?{any_of(ORGANIZATION['office'])})(?P<particle>{any_of(_PARTICLES)})(?![{_WORD}])")
_CITY = re.compile("[가-힣]{2,4}[시성]")
_ACTS = re.compile(rf"(?:{any_of([*ORGANIZATION['topic'], *ORGANIZATION['subject']])})(?![{_WORD}])|\s?:")
_EACH = "각각"
_SURNAME, _PERSON_LENGTH = re.compile(any_of(ORGANIZATION["surname"])), 3
_COMMON_END = re.compile(rf"{any_of(ORGANIZATION['common_end'])}$")
_TITLES, _NEXT = frozenset(ORGANIZATION["title"]), 6
_TITLE = rf"{any_of(ORGANIZATION['title'])}"
_TITLE_AFTER = re.compile(rf"의?(?: \S{{1,8}}){{0,2}} ?(?P<word>{_TITLE})(?![가-힣]{{3}})")
_TITLE_BEFORE = re.compile(rf"(?P<word>{_TITLE}) ?$")
_LIKENED = re.compile(rf"(?P<word>{any_of(ORGANIZATION['likened'])}) ?['\"‘“]?$")
_INVESTOR = re.compile(rf"{any_of(ORGANIZATION['investor'])}$")
_ATTRIBUTE = re.compile(rf"의? ?(?:\S{{1,4}} )?(?P<word>{any_of(ORGANIZATION['attribute'])})")
_REPORT = re.compile(rf"[^.\n]{{0,10}}?(?P<word>{any_of(ORGANIZATION['report'])})")
_BACKING = re.compile(rf"[^.\n]{{0,24}}?(?P<word>{words_pattern(ORGANIZATION['backing'])})")
_BACKING_BARE = re.compile(rf"[^.\n0-9]{{0,24}}?(?P<word>{words_pattern(ORGANIZATION['backing'])})")
_RELATIVE = re.compile(rf"[^.,\n0-9]{{0,30}}?(?P<word>\S?{any_of(ORGANIZATION['adnominal'])}) (?:[^ .,\n0-9]{{1,8}} ){{0,4}}$")
_QUOTED = re.compile(rf"['\"‘“「『<〈《].*{_QUOTE}")
_SHARE = re.compile(rf" ?{any_of(ORGANIZATION['share'])}(?:은|는|이|가|만|도)?(?![{_WORD}])")
_LABEL = re.compile(r"\s?[:：=]")
_BRACKETED = re.compile(r"[(（\[【]$")
_LINE_START = re.compile(rf"(?:^|\n)[^\n가-힣A-Za-z0-9{MASK}]*(?:[\[【(][^\]】)\n]{{1,12}}[\]】)] ?)?['\"‘“]?$")
_LINE_BEGINNING = re.compile(r"(?:^|\n)(?:(?![은는이가을를에] )[^\n.,]){0,20}$")
_APART = re.compile(r"['\"’”]?(?:,(?!\d)|…|\.\.\.| ?[/|] )")
_HEADLINE = re.compile(r"['\"’”]?,(?!\d)|['\"’”]?(?:…|\.\.\.)|[)）\]】]|(?= )")
_STAKE = re.compile(rf" ?(?:\S{{1,6}} )?(?P<word>{any_of(ORGANIZATION['stake'])})")
_COORDINATOR = re.compile(rf"['\"’”]? ?(?:[,·、/&{MASK}]|및|그리고)?(?: ?{MASK}+ ?[,·、/&])* ?['\"‘“]?")
_COORDINATING = re.compile(r"[와과나]|이나")
_END = rf"(?=(?:{any_of(_PARTICLES)})?(?![{_WORD}]))"
_GLOSSED = re.compile(
    rf"[(（](?:[一-鿿]{{2,12}}|(?![A-Z]{{2,5}}[)）])[A-Z][A-Za-z0-9.+& -]{{2,30}})(?:[,，·] ?[^()（）\n]{{1,40}})?[)）]"
    rf"(?:{any_of(ORGANIZATION['suffix'])})?{_END}"
)
_BEFORE_GLOSS = re.compile(rf"(?<![{_WORD}])[가-힣A-Z][가-힣A-Za-z0-9.&-]{{1,15}} ?$")
_SUFFIX = re.compile(rf"(?<=[{_WORD}][{_WORD}]){any_of(ORGANIZATION['suffix'])}{_END}")
_LETTER_BEFORE = re.compile(f"[{_WORD}]$")
_LETTERS_BEFORE = re.compile(rf"(?<![{_WORD}])[{_WORD}]{{2,12}}$")
_PAIRED = re.compile(rf"(?<![{_WORD}])(?P<name>(?![0-9])[{_WORD}]{{2,12}}?)(?=(?:[와과] \S{{2,16}}?)?(?:은|는|이|가) 각각)")
_LATIN = re.compile(
    rf"(?<![{_WORD}])(?=[A-Z])(?:(?P<product>[A-Z][A-Za-z]{{0,8}}-?[0-9]{{1,4}}[A-Za-z]{{0,3}})"
    rf"|(?P<name>(?=[A-Za-z0-9.&-]{{0,30}}[a-z])[A-Z][A-Za-z0-9.&-]{{2,30}}(?: AI)?)(?![-0-9])){_END}"
)
_THE_COMPANY = "회사"
"""At the beginning of a sentence the company that was the topic last; elsewhere just a company."""
_COMMON = (COUNTRY, CITY, SECTOR, MEMBERS, TRADER, PRODUCT)
_MEMBERS = [f"{member}{plural}" for member in ORGANIZATION["members"] for plural in ("", "들")]
_SECTORS = [f"{field}{space}{members}" for field in ORGANIZATION["field"] for space in ("", " ") for members in _MEMBERS]
_WORDS_OF: dict[str, Sequence[str]] = {
    SECTOR: [*ORGANIZATION["field"], *_SECTORS],
    MEMBERS: _MEMBERS,
    COUNTRY: [*COUNTRIES, *ORGANIZATION["country"]],
    TRADER: ORGANIZATION["trader"],
    MEDIA: ORGANIZATION["media"],
    PRODUCT: ORGANIZATION["product"],
    GOVERNMENT: ORGANIZATION["government"],
    ANAPHOR: [*ORGANIZATION["anaphor"], _THE_COMPANY],
}
_KINDS = {word: kind for kind, words in _WORDS_OF.items() for word in words}
"""What stands for an organization or is spoken of like one, by the word."""
_ONLY_BEFORE = {
    TRADER: re.compile(rf"[은는이가도](?![{_WORD}])| 홀로| 투자자"),
    MEMBERS: re.compile(r"[에은는이가] | 중 "),
    CITY: re.compile(r"[에의] |에만 |에는 |, | [0-9]"),
}
"""What has to follow such a word."""
_OPENS = re.compile(r"(?:^|\n|[.!?] )$")
_VALUED = re.compile(rf"(?<![{_WORD}])(?P<name>[가-힣][{_WORD}]{{1,14}}) ?[(（](?=약? ?[0-9])")
_HANGUL_WORD = re.compile(rf"(?<![{_WORD}])[가-힣][{_WORD}]{{1,19}}")
LONGEST_SHARED = 40
"""Names of a text's own are looked for elsewhere in it up to this length."""


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
        return cls(row["organization_id"] or "", tuple(dict.fromkeys(filter(None, names))), row["type"] or "", row["country"] or "")


@dataclass(frozen=True, slots=True)
class Name:
    """A place where a text names an organization, and the part that the words after it give it.

    `reach` is where its gloss and its particle end, `because` where the further words stand that give it its part.
    `known_from` is where the text shows that it is a name, if that is elsewhere. `weak` is a name of which nothing is known
    but that it is no Korean word, and that the text has only once.
    """

    start: int
    end: int
    reach: int
    text: str
    organization: Organization | None
    type: str
    role: str
    stake: bool
    because: Span | None = None
    known_from: Span | None = None
    titled: bool = False
    weak: bool = False

    @property
    def evidence(self) -> tuple[Span, ...]:
        """Where the text shows all this, the name itself first."""
        return ((self.start, self.end), *filter(None, ((self.end, self.reach) if self.end < self.reach else None, self.because, self.known_from)))

    @property
    def foreign(self) -> bool:
        """Whether it is known not to be Chinese."""
        return self.type == TRADER or (self.type == COUNTRY if self.organization is None else self.organization.country != "CN")


class Directory:
    """Finds the listed organizations in a text, by any of their names."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.by_name = {name: organization for organization in organizations for name in organization.names}
        short = {name[:-1]: organization for name, organization in self.by_name.items() if organization.type == GOVERNMENT and _CITY.fullmatch(name)}
        self._short = short.keys() - self.by_name.keys()
        self.by_name = short | self.by_name
        self._names = [*self.by_name, *(_KINDS.keys() - self.by_name.keys())]
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, near: Sequence[Span]) -> list[Name]:
        """Every name in the text, in order, none overlapping. Unknown nouns are looked for in the stretches `near`."""
        text = _SURROGATE.sub("\ufffd", text)  # the automaton takes well-formed text only
        found = _Found(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            name = self._names[index]
            organization = self.by_name.get(name)
            if organization is None and _LETTER_BEFORE.search(text, max(0, start - 1), start):
                continue
            kind = organization.type if organization else _KINDS[name]
            if name in self._short and not _ACTS.match(text, end):
                kind, organization = CITY, None  # a city that does nothing is a place
            follows = None if organization else _ONLY_BEFORE.get(kind)
            opens = name != _THE_COMPANY or _OPENS.search(text, max(0, start - 2), start)
            if opens and (follows is None or follows.match(text, end)):
                found.add(start, end, organization, kind)
        for gloss in _GLOSSED.finditer(text):
            if before := _BEFORE_GLOSS.search(text, max(0, gloss.start() - 20), gloss.start()):
                found.add_unlisted(before.start(), before.start() + len(before.group().rstrip()))
        for suffix in _SUFFIX.finditer(text):
            if before := _LETTERS_BEFORE.search(text, max(0, suffix.start() - 13), suffix.start()):
                found.add_unlisted(before.start(), suffix.end())
        for match in _LATIN.finditer(text):
            if match["product"]:
                found.add(*match.span(), None, PRODUCT)
            else:
                found.add_unlisted(*match.span())
        for match in _PAIRED.finditer(text) if _EACH in text else ():
            found.add_unlisted(*match.span("name"))
        for stretch in near:
            for match in _HANGUL_WORD.finditer(text, *stretch):
                if not found.taken(*match.span()) and (length := unknown_noun(match.group())):
                    person = length == _PERSON_LENGTH and _SURNAME.match(match.group())
                    found.add_unlisted(match.start(), match.start() + length, PERSON if person else None, weak=True)
        for match in _VALUED.finditer(text):
            if not found.taken(*match.span("name")) and proper_noun(match["name"]):
                found.add_unlisted(*match.span("name"))
        found.add_repeated()
        names = _outside_glosses(sorted(found.names, key=lambda name: name.start))
        return list(_resolve_short_forms(_with_sentence_roles(text, _with_persons(list(names)))))


class _Found:
    """The names found so far in a text, none overlapping."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: list[Name] = []
        self._taken = bytearray(len(text))

    def taken(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) >= 0

    def add(self, start: int, end: int, organization: Organization | None, kind: str, known_from: Span | None = None, *, weak: bool = False) -> None:
        if not self.taken(start, end) and (name := _name(self.text, start, end, organization, kind, known_from)):
            self.names.append(replace(name, weak=True) if weak else name)
            self._taken[name.start : name.end] = b"\1" * (name.end - name.start)

    def add_unlisted(self, start: int, end: int, kind: str | None = None, *, weak: bool = False) -> None:
        """Add what looks like a name, unless it is a word that names nobody."""
        word = self.text[start:end]
        if word not in KNOWN_WORDS and not _COMMON_END.search(word):
            self.add(start, end, None, kind or (INVESTOR if _INVESTOR.search(word) else UNLISTED), weak=weak)

    def add_repeated(self) -> None:
        """Where else the text has the names that only it knows."""
        own: dict[str, Span] = {}
        count = Counter(name.text for name in self.names)
        self.names = [replace(name, weak=False) if name.weak and count[name.text] > 1 else name for name in self.names]
        for name in self.names:
            bare = name.text.partition("(")[0].strip()
            if name.organization is None and name.type == UNLISTED and 2 < len(bare) <= LONGEST_SHARED:
                own.setdefault(bare, (name.start, name.end))
        if own:
            names = list(own)
            for index, start, end in AhoCorasick(names, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(self.text):
                self.add(start, end, None, UNLISTED, own[names[index]])


@lru_cache(maxsize=4)
def directory(organizations: tuple[Organization, ...]) -> Directory:
    """The directory of these organizations, built once."""
    return Directory(organizations)


def _name(text: str, start: int, end: int, organization: Organization | None, kind: str, known_from: Span | None) -> Name | None:
    """The name at this place, or None where the letters go on and it is part of another word."""
    if start and re.match(f"[{_WORD}]", text[start - 1]) and text[start].isalnum() and not (text[start].isascii() and not text[start - 1].isascii()):
        return None
    after = (_OFFICE.match(text, end) if kind == GOVERNMENT else None) or _AFTER.match(text, end)
    if after is None:
        return None
    particle = after["particle"]
    name_end = after.start("etc") if after["etc"] else after.start("particle") if particle else after.end()
    whole = text[start : after.start("gloss") if name_end == after.end("gloss") else name_end].rstrip("'’\"”」』>〉》 ")
    reach = after.end()
    role = _PARTICLES[particle] if particle else TOPIC if text.startswith(MASK, reach) else BARE
    because = stake = _STAKE.match(text, reach) if particle in (None, "의") else None
    if stake:
        pass
    elif (
        (role in (BARE, GENITIVE) and (because := _TITLE_AFTER.match(text, reach) or _ATTRIBUTE.match(text, reach)))
        or (because := _TITLE_BEFORE.search(text, max(0, start - 10), start) or _LIKENED.search(text, max(0, start - 8), start))
        or (kind != GOVERNMENT and not organization and (because := _REPORT.match(text, reach)))
    ):
        role = ASIDE
    elif role == BARE and (share := _SHARE.match(text, reach)):
        role, reach = GENITIVE, share.end()
    elif role == BARE and not after["etc"] and _heads_line(text, start, reach, kind):
        role = TOPIC
    titled = (
        role == ASIDE
        and because is not None
        and because["word"] in _TITLES
        and abs(because.start("word") - reach) + abs(start - because.end("word")) <= len(whole) + _NEXT
    )
    if kind == UNLISTED and role in (OBJECT, OTHER) and _QUOTED.fullmatch(text, start - 1, start + len(whole) + 1):
        kind = PRODUCT
    return Name(
        start, start + len(whole), reach, whole, organization, kind, role, stake is not None, because.span("word") if because else None, known_from, titled
    )


def _heads_line(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a name without a particle is what its line is about: a headline, a label, a row of a table."""
    if _APART.match(text, end) and _LINE_BEGINNING.search(text, max(0, start - 24), start):
        return True
    if kind in _COMMON:
        return False
    if _LABEL.match(text, end):
        return not _BRACKETED.search(text, max(0, start - 1), start)  # (베이징=…) is where an agency writes from
    return bool(_HEADLINE.match(text, end) and _LINE_START.search(text, max(0, start - 24), start))


def _outside_glosses(names: Iterable[Name]) -> Iterator[Name]:
    """Without the names that only explain the one before them, 터쓰롄(特斯联, TERMINUS)은, which is then the listed one."""
    last: Name | None = None
    reach = 0
    for name in names:
        if last and name.start < reach:
            if last.type == UNLISTED and name.organization and name.type in COMPANIES:
                last = replace(last, organization=name.organization, type=name.type, known_from=(name.start, name.end))
            continue
        if last:
            yield last
        last = name
        reach = name.reach if name.role != ASIDE and not name.stake else name.end
    if last:
        yield last


def _with_persons(names: Sequence[Name]) -> Iterator[Name]:
    """The names, those of people known as such: who has a title in one place is nobody's company in another."""
    titled = {name.text: name for name in reversed(names) if name.type == UNLISTED and name.titled}
    for name in names:
        person = titled.get(name.text)
        yield replace(name, type=PERSON, known_from=person.because) if person and name.organization is None else name


def _with_sentence_roles(text: str, names: Iterable[Name]) -> list[Name]:
    """The roles that a name has from the words up to the next one: who backs, who stands in a clause about another."""
    resolved: list[Name] = []
    following: Name | None = None
    for name in reversed(list(names)):
        end = following.start if following else len(text)
        role, because = name.role, name.because
        joint = following and (name.role == BARE or _COORDINATING.fullmatch(text, name.end, name.reach)) and _COORDINATOR.fullmatch(text, name.reach, end)
        of_sector = (
            following and following.type in (SECTOR, MEMBERS) and text[name.reach : end] in ("", " ") and name.type == COUNTRY and name.role in (BARE, GENITIVE)
        )
        if of_sector and following:
            role = following.role
        elif joint and following and name.type not in (COUNTRY, GOVERNMENT):
            role, because = following.role, following.because or (following.start, following.reach)
        elif role in (TOPIC, SUBJECT, BARE) and name.type != COUNTRY:
            backing = (_BACKING_BARE if role == BARE else _BACKING).match(text, name.reach, min(end, name.reach + 40))
            relative = _RELATIVE.fullmatch(text, name.reach, end) if role == SUBJECT and following and end - name.reach <= 60 else None
            if backing:
                role, because = BACKER, backing.span("word")
            elif relative:
                role, because = ASIDE, relative.span("word")
        following = replace(name, role=role, because=because)
        resolved.append(following)
    return resolved[::-1]


def _resolve_short_forms(names: Iterable[Name]) -> Iterator[Name]:
    """이 회사 is the company that the text has named last; a bare 정부 the government that it has named before."""
    last: Organization | None = None
    company: Name | None = None
    acting: Name | None = None
    for name in names:
        if name.type == ANAPHOR:
            if meant := acting if name.text == "회사" else company:
                yield replace(name, text=meant.text, organization=meant.organization, type=meant.type, known_from=(meant.start, meant.end))
            continue
        if name.type in COMPANIES and name.role not in (BACKER, SOURCE):
            company = name
            acting = name if acting is None or name.role == TOPIC or (name.role == SUBJECT and name.type in (AI_COMPANY, UNLISTED)) else acting
        if name.type == GOVERNMENT and name.organization:
            last = name.organization
        short = last and not name.organization and name.text in ORGANIZATION["government"] and any(full.endswith(name.text) for full in last.names)
        yield replace(name, organization=last) if short else name


def coordinated(text: str, names: Sequence[Name]) -> Sequence[Name]:
    """The last of these names with those that it is joined to: A와 B, A·B."""
    first = len(names) - 1
    while first > 0 and _COORDINATOR.fullmatch(text, names[first - 1].reach, names[first].start):
        first -= 1
    return names[max(first, 0) :]


def names_between(names: Sequence[Name], starts: Sequence[int], start: int, end: int) -> Sequence[Name]:
    """The names that start between two offsets; `starts` are theirs, in order."""
    return names[bisect_left(starts, start) : bisect_right(starts, end - 1)]

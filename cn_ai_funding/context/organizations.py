"""Who: the organizations that a Korean text names, from the directory and by their form, with the part they play.

The directory (raw/organizations.csv) is found with one Aho-Corasick automaton, so its size does not matter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ..money.vocabulary import any_of
from .vocabulary import ORGANIZATION

TOPIC, SUBJECT, OBJECT, TARGET, OTHER, BARE, SPEAKER = "topic", "subject", "object", "target", "other", "bare", "speaker"
GOVERNMENT, COUNTRY, INVESTOR, PERSON = "government", "country", "investor", "person"
ANAPHOR = "anaphor"
AI_COMPANY, TECHNOLOGY_COMPANY, UNLISTED = "ai_company", "technology_company", "unlisted"
COMPANIES = (AI_COMPANY, TECHNOLOGY_COMPANY, UNLISTED)

_SURROGATE = re.compile("[\ud800-\udfff]")
_PARTICLES = {particle: role for role in (TOPIC, SUBJECT, OBJECT, TARGET, OTHER) for particle in ORGANIZATION[role]}
_WORD = "가-힣A-Za-z0-9"
_GLOSS = r"(?:\s?[(（][^()（）\n]{1,60}[)）])?"
_AFTER = re.compile(
    rf"(?:{any_of(ORGANIZATION['tail'])})?[’'”\"]?(?P<gloss>{_GLOSS})[’'”\"]?(?:{any_of([*ORGANIZATION['tail'], *ORGANIZATION['suffix']])})?"
    rf"(?P<particle>{any_of(_PARTICLES)})?(?![가-힣A-Za-z0-9])"
)
_SPEAKER = re.compile(rf"(?:\s?[(（][^()（）\n]{{1,40}}[)）])?(?: \S{{1,8}}){{0,2}} ?{any_of(ORGANIZATION['speaker'])}(?![가-힣]{{3}})")
_HEADLINE_TOPIC = re.compile(r",(?! ?\d)|…|\.\.\.|:")
_STAKE = re.compile(rf" ?(?:\S{{1,6}} )?{any_of(ORGANIZATION['stake'])}")
_BY_FORM = re.compile(
    rf"(?<![{_WORD}])(?:"
    rf"(?P<glossed>[가-힣A-Z][가-힣A-Za-z0-9.&-]{{1,15}}) ?"
    rf"[(（](?:[一-鿿]{{2,12}}|(?![A-Z]{{2,5}}[)）])[A-Z][A-Za-z0-9.+& -]{{2,30}})(?:[,，·] ?[^()（）\n]{{1,40}})?[)）]"
    rf"|(?P<formed>[가-힣A-Za-z0-9]{{2,12}}?{any_of(ORGANIZATION['suffix'])})"
    rf"|(?P<paired>[가-힣A-Za-z0-9]{{2,12}}?)(?=(?:[와과] \S{{2,16}}?)?(?:은|는|이|가) 각각)"
    rf"|(?P<anaphor>{any_of(ORGANIZATION['anaphor'])})"
    rf"|(?P<government>(?:[가-힣]{{1,6}}[시성] )?{any_of(ORGANIZATION['government'])})"
    rf")(?=(?:{any_of(_PARTICLES)})?(?![가-힣A-Za-z0-9]))"
)


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
    """A place where a text names an organization, and the part that its particle gives it.

    `reach` is where the words end that give it that part: its gloss, its particle, the title of who speaks for it.
    """

    start: int
    end: int
    reach: int
    text: str
    organization: Organization | None
    type: str
    role: str
    stake: bool


class Directory:
    """Finds the listed organizations in a text, by any of their names."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.by_name = {name: organization for organization in organizations for name in organization.names}
        self._names = list(self.by_name)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[Name]:
        """Every name in the text, listed or known by its form, in order, none overlapping."""
        text = _SURROGATE.sub("\ufffd", text)  # the automaton takes well-formed text only
        found = [
            name for index, start, end in self._automaton.find_matches_as_indexes(text) if (name := _name(text, start, end, self.by_name[self._names[index]]))
        ]
        taken = bytearray(len(text))
        for name in found:
            taken[name.start : name.end] = b"\1" * (name.end - name.start)
        for match in _BY_FORM.finditer(text):
            group = match.lastgroup or ""
            start, end = match.span(group)
            generic = match.group(group) in ORGANIZATION["generic"]
            if not generic and not any(taken[start:end]) and (name := _name(text, start, end, None, group if group in (GOVERNMENT, ANAPHOR) else UNLISTED)):
                found.append(name)
        return list(_resolve_short_forms(_outside_glosses(sorted(found, key=lambda name: name.start))))


@lru_cache(maxsize=4)
def directory(organizations: tuple[Organization, ...]) -> Directory:
    """The directory of these organizations, built once."""
    return Directory(organizations)


def _name(text: str, start: int, end: int, organization: Organization | None, kind: str = UNLISTED) -> Name | None:
    """The name at this place, or None where the letters go on and it is part of another word."""
    if start and re.match(f"[{_WORD}]", text[start - 1]) and text[start].isalnum() and not (text[start].isascii() and not text[start - 1].isascii()):
        return None
    after = _AFTER.match(text, end)
    if after is None:
        return None
    particle = after["particle"]
    name_end = after.start("particle") if particle else after.end()
    whole = text[start : after.start("gloss") if name_end == after.end("gloss") else name_end].rstrip("’'”\" ")
    role = _PARTICLES[particle] if particle else BARE
    if role == BARE and _HEADLINE_TOPIC.match(text, after.end()):
        role = TOPIC
    reach = after.end()
    if particle in (None, "의") and (speaker := _SPEAKER.match(text, after.end())):
        role, reach = SPEAKER, speaker.end()
    type_ = organization.type if organization else kind
    stake = _STAKE.match(text, after.end()) if particle in (None, "의") else None
    reach = stake.end() if stake else reach
    return Name(start, start + len(whole), reach, whole, organization, type_, role, stake is not None)


def _outside_glosses(names: Iterable[Name]) -> Iterator[Name]:
    """Without the names that only explain the one before them: 터쓰롄(特斯联, TERMINUS)은."""
    reach = 0
    for name in names:
        if name.start >= reach:
            yield name
            reach = name.reach if name.role != SPEAKER and not name.stake else name.end


def _resolve_short_forms(names: Iterable[Name]) -> Iterator[Name]:
    """이 회사 is the company that the text has named last; a bare 정부 the government that it has named before."""
    last: Organization | None = None
    company: Name | None = None
    for name in names:
        if name.type == ANAPHOR:
            if company:
                yield replace(name, text=company.text, organization=company.organization, type=company.type)
            continue
        if name.type in COMPANIES:
            company = name
        if name.type == GOVERNMENT and name.organization:
            last = name.organization
        short = last and not name.organization and name.text in ORGANIZATION["government"] and any(full.endswith(name.text) for full in last.names)
        yield replace(name, organization=last) if short else name

"""What is known of a figure, and of each candidate for its fields, as named features with the words that show them.

Features are a mapping of names to spans (None where no words show one). In go a document, a figure by its place among
the roots, the answers so far and a candidate; out come features. No feature holds a name of an organization: what is
learned is how Korean tells whose a figure is, not whose it was.

Names are short, as there are many. Of words: a zone, a colon, the word (`R:투자`) or # and its class (`R:#invest`).
Zones: L and R the words before and after the figure up to the next figure in its sentence, 1 the nearest of them; N the
nearest that tells most; C the clause, S the rest of the sentence, P the one before, H the headline, G the heading
above, T the sentences with the same amount, D the whole text. Of names and dates: where it stands (b before and a after
the figure in its sentence, p earlier, l later), its particle, type, form. `k:` and `s:` before the end: together with
that kind, status or state of the sentence.

To add a feature: add a line to the function of its field, then `make train` and `make accuracy`, which tells what it
brings.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, pairwise

from ..money import Span
from .dates import TOGETHER, DateExpression
from .document import LISTED, Document, magnitude
from .lexicon import NAME, Hit
from .model import Candidate, Words, made_once
from .morphology import PERSON
from .names import ANAPHOR, BARE, COMPANIES, COUNTRY, GOVERNMENT, GROUP, PLACE, PUBLIC_BODY, SECTOR, WORK, Name
from .triggers import SAYS_LITTLE, find_endings

Features = dict[str, Span | None]
_ACTING = ("topic", "subject")
_ATTACHED = re.compile(r"(?:[)）\]]|\([^()\n]*\))*([가-힣]{0,3})")
_MARKED = re.compile(r"[가-힣]{0,3}?(?:은|는|이|가|도|만)(?![가-힣])|\s?[:：]")
_TITLE = re.compile("|".join(sorted(map(re.escape, NAME["title"]), key=len, reverse=True)))
_COORDINATED = re.compile(r"[\s,·、/&'\"‘’“”]*(?:및|그리고|와|과)?[\s'\"‘“]*")
_EACH = re.compile("각각|각기")
_OPENS = tuple("(（▲△•·-*ㅇ◇▷|'‘\"“[")
_SEPARATORS, _ROWS_ABOVE = ("|", "\t"), 30
"""Of the cells of a table's row, and rows above one in which its column's head may stand."""
_CARRY = 3000
"""Code points before a figure in which names and dates may still be its."""
_LAST, _NEXT = 10, 4
"""Of those named before and after a figure, how many may be whose it is, besides whom the text is about."""
_AHEAD = 300
"""Code points after a figure's sentence in which whose it is may be named first."""
_LAST_DATES, _DATE_AHEAD = 6, 100
"""Dates before a figure's sentence, and code points after it, that may be the figure's."""
_FOLLOWS = 25
"""Code points after a name in which a word tells what it does."""
_NEWS = 7
"""Days before publication that a day of the news may be."""
PUBLISHED, UNDATED = "published", "undated"
"""The candidates for a date that are no words: the day of publication, and none."""
_FORMS = {4: "year", 7: "month", 10: "day"}
"""Of dates, by the length of their EDTF."""
_CLAUSES, _FIGURES = ("c0", "c1", "c2"), ("f0", "f1", "f2")
_PARTIES = (*COMPANIES, PERSON, GOVERNMENT, PUBLIC_BODY, GROUP, PLACE, COUNTRY, WORK)
_EVIDENCE_OF_PARTIES = frozenset(["lead", "join", "round", "raise", "stake", "acquire", "person", "invest"])
_NEGATED = 3
"""Code points between a verb and what denies it: 유치하지 못했다."""
_EVIDENCE_OF_STATUS = frozenset(["plan", "forecast", "done", "fail", "deny", "untrue", "talk", "replace", "say"])


def _log(distance: int, most: int) -> int:
    """A distance by order of magnitude, to base two."""
    return min(most, (max(distance, 0) + 1).bit_length())


@dataclass(slots=True)
class Answers:
    """What has been answered so far, each by a figure's place among the roots. An organization is told by its key."""

    kind: dict[int, str] = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)
    organization: dict[int, str | None] = field(default_factory=dict)
    date: dict[int, str | None] = field(default_factory=dict)
    expression: dict[int, DateExpression | str] = field(default_factory=dict)


class Place:
    """Where a figure stands: computed once, used for every field."""

    def __init__(self, document: Document, j: int) -> None:
        self.j = j
        self.mention = document.mentions[document.roots[j]]
        self.span = span = document.root_spans[j]
        layout = document.layout
        self.sentence = start, end = layout.sentence(span[0])
        self.clause = layout.clause(span[0])[0], layout.clause(max(span[0], span[1] - 1))[1]
        self.before = max([start, *(document.root_spans[j - 1][1:] if j else ())])
        self.after = min([end, *([document.root_starts[j + 1]] if j + 1 < len(document.roots) else ())])
        self.line = document.line(span[0])
        self.in_headline = document.in_headline(j)
        self.earlier_here = j > 0 and document.root_starts[j - 1] >= start
        self.near = "s" if self.earlier_here else "p"
        self.left = document.hits_between(self.before, span[0])
        self.right = document.hits_between(span[1], self.after)
        self.previous = document.sentence_before(start)
        self.twins = document.twins.get(j, ())
        self.last = j - 1 if document.in_headline(j - 1) == self.in_headline else -1
        self.known_twins = [twin for twin in self.twins if (document.in_headline(twin), twin) < (self.in_headline, j)]
        self.heading = document.heading(span[0])
        self.is_row = document.is_row(span[0])
        self.endings = find_endings(document.text, span[1], self.clause[1])
        later_here = j + 1 < len(document.roots) and document.root_starts[j + 1] < end
        self.order = ("middle" if later_here else "last") if self.earlier_here else "first" if later_here else "only"


def _bag(features: Features, zone: str, hits: Iterable[Hit]) -> None:
    """The words of a zone and their classes."""
    for hit in hits:
        span = (hit.start, hit.end)
        features[f"{zone}:{hit.word}"] = span
        for name in hit.classes:
            features[f"{zone}:#{name}"] = span


def about(document: Document, place: Place) -> Features:
    """What the words around a figure say, whatever is asked."""
    (start, end), span, mention = place.sentence, place.span, place.mention
    features: Features = {"bias": None}
    attached = _ATTACHED.match(document.text, span[1])
    tail = attached[1] if attached else ""
    size = magnitude(mention)
    features.update(
        dict.fromkeys(
            (f"A:{tail}", f"mag{size}", f"mag{size}:A:{tail}", f"cur:{mention.currency}", f"q:{mention.qualifier}")
        )
    )
    features.update(
        (name, None)
        for name, holds in (("inf", mention.currency_inferred), ("head", place.in_headline), ("row", place.is_row))
        if holds
    )
    for side, hits in (("L", place.left[::-1]), ("R", place.right)):
        for i, hit in enumerate(hits[:2], start=1):
            _bag(features, f"{side}{i}", [hit])
        if not hits:
            features[f"{side}1:-"] = None
    for a in place.left[-1:]:
        if _MARKED.match(document.text, a.end):
            _bag(features, "L1m", [a])
        for b in place.right[:1]:
            features.update((f"LR:#{c}:#{d}", (b.start, b.end)) for c in a.classes for d in b.classes)
    for b in place.right[:1]:
        features.update((f"AR:{tail}:#{name}", (b.start, b.end)) for name in b.classes)
    _nearest(document, place, features)
    for zone, hits in (
        ("L", place.left),
        ("R", place.right),
        ("S", document.hits_between(start, place.before)),
        ("S", document.hits_between(place.after, end)),
        ("P", document.hits_between(*place.previous)),
        ("H", document.hits_between(*document.headline)),
        ("G", document.hits_between(*place.heading)),
        *(("T", document.hits_between(*document.layout.sentence(document.root_starts[twin]))) for twin in place.twins),
    ):
        _bag(features, zone, hits)
    for zone, hits in (
        ("CL", document.hits_between(max(place.clause[0], start), span[0])),
        ("CR", document.hits_between(span[1], place.clause[1])),
    ):
        features.update((f"{zone}:#{name}", (hit.start, hit.end)) for hit in hits for name in hit.classes)
    return features


def _nearest(document: Document, place: Place, features: Features) -> None:
    """The nearest telling words before and after a figure in its sentence, and how near they are."""
    (start, end), span = place.sentence, place.span
    told: list[Hit] = []
    for side, hits in (
        ("l", reversed(document.hits_between(start, span[0]))),
        ("r", document.hits_between(span[1], end)),
    ):
        hit = next((hit for hit in hits if not SAYS_LITTLE.issuperset(hit.classes)), None)
        if hit is None:
            features[f"N{side}:-"] = None
            continue
        told.append(hit)
        first, last = (hit.end, span[0]) if side == "l" else (span[1], hit.start)
        near = f"{min(1, document.layout.clauses_between(first, last))}{min(1, document.roots_between(first, last))}"
        words = [f"N{side}:{hit.word}:{near}"]
        for name in hit.classes:
            words += (f"N{side}:#{name}", f"N{side}:#{name}:{near}", f"N{side}:#{name}:d{_log(last - first, 6)}")
        features.update(dict.fromkeys(words, (hit.start, hit.end)))
    if len(told) == len("lr"):
        features.update(
            (f"Nlr:#{a}:#{b}", (told[1].start, told[1].end)) for a in told[0].classes for b in told[1].classes
        )


def kind(document: Document, place: Place, answers: Answers, shared: Features) -> Features:
    """Features of a figure's kind: `shared` with who is named, the kind before, and what the text is full of."""
    features = dict(shared)
    (start, end), span = place.sentence, place.span
    before = document.names_between(start, span[0])
    features.update((f"N:{name.type}:{name.role}", (name.start, name.reach)) for name in before)
    features.update(
        (f"Na:{name.type}:{name.role}", (name.start, name.reach)) for name in document.names_between(span[1], end)
    )
    acting = next((name for name in before if name.role in _ACTING), None)
    features[f"Nt:{acting.type}" if acting else "Nt:-"] = (acting.start, acting.reach) if acting else None
    features[f"Nl:{before[-1].type}:{before[-1].role}" if before else "N:-"] = (
        (before[-1].start, before[-1].reach) if before else None
    )
    last = answers.kind.get(place.last)
    features[f"prev:{last}"] = None
    if last:
        gap = document.text[document.root_spans[place.last][1] : span[0]]
        features[f"prev{'s' if place.earlier_here else 'p' if chr(10) in gap else 'l'}:{last}"] = None
        if len(gap) <= LISTED:
            features[f"prevlist:{last}"] = None
        if not place.left and not place.right:
            features[f"prevbare:{last}"] = None
    features.update((f"twin:{answers.kind.get(twin)}", None) for twin in place.known_twins)
    features.update((f"D:#{name}", None) for name in document.full_of)
    return features


def status(document: Document, place: Place, answers: Answers, shared: Features) -> Features:
    """Features of whether it has happened: `shared`, how verbs end, the dates of the sentence, the status before."""
    k = answers.kind[place.j]
    features = {**shared, f"k:{k}": None}
    features.update((f"E:{name}", span) for name, span in place.endings)
    if place.endings:
        (first, at), (last, to) = place.endings[0], place.endings[-1]
        features.update({f"E1:{first}": at, f"Ez:{last}": to, f"Ez:{last}:k:{k}": to})
    whole = find_endings(document.text, place.after, place.sentence[1])
    if whole:
        features.update(dict.fromkeys((f"Es:{whole[-1][0]}", f"Es:{whole[-1][0]}:k:{k}"), whole[-1][1]))
    features.update(
        (f"R:#{name}:k:{k}", (hit.start, hit.end))
        for hit in place.right
        for name in hit.classes
        if name in _EVIDENCE_OF_STATUS
    )
    outcome = [hit for hit in document.hits_between(*place.sentence) if not _EVIDENCE_OF_STATUS.isdisjoint(hit.classes)]
    for verb, negation in pairwise(document.hits_between(place.span[1], place.sentence[1])):
        if "deny" in negation.classes and negation.start - verb.end <= _NEGATED:
            features.update(
                dict.fromkeys(
                    ("not", f"not:{verb.word}", *(f"not:#{name}" for name in verb.classes)), (verb.start, negation.end)
                )
            )
    order = f"at:{place.order}"
    features[order] = None
    for hit in outcome:
        features.update(
            dict.fromkeys(
                (f"{order}:{'b' if hit.start < place.span[0] else 'a'}:#{name}" for name in hit.classes),
                (hit.start, hit.end),
            )
        )
        features[f"{order}:{hit.word}"] = (hit.start, hit.end)
    for zone, hits in (("Z", outcome), ("ZC", [hit for hit in outcome if hit.start < place.clause[1]])):
        for i, hit in enumerate(hits[-2:][::-1], start=1):
            _bag(features, f"{zone}{i}", [hit])
            features.update(dict.fromkeys((f"{zone}{i}:#{name}:k:{k}" for name in hit.classes), (hit.start, hit.end)))
    for x in document.dates_between(*place.sentence):
        when = _when(document.published, x.edtf)
        features.update(dict.fromkeys((f"D:{when}:{x.role}", f"D:{when}:k:{k}"), (x.start, x.reach)))
    before = answers.status.get(place.last)
    if before:
        features.update(
            dict.fromkeys(
                (f"prev{place.near}:{before}", f"prev{place.near}:{before}:same{answers.kind.get(place.last) == k}")
            )
        )
    return features


@lru_cache(maxsize=1 << 10)
def _when(published: date | None, edtf: str) -> str:
    """Whether a date lies before, at or after the publication, as far as both are known."""
    if published is None:
        return "?"
    day, first = published.isoformat(), edtf.partition("/")[0]
    if first > day:
        return "future"
    return "now" if day.startswith(first) else "past"


@lru_cache(maxsize=1 << 10)
def _is_news(published: date, day: str) -> bool:
    """Whether a day lies so little before publication that it may be that of the news."""
    return (published - date.fromisoformat(day)).days <= _NEWS


def named(document: Document, place: Place, key: str) -> Name:
    """Where a text names somebody: in the figure's own sentence, else as the text does most.

    The last time before the figure, else the first after it.
    """
    start, end = place.sentence
    names = [
        name for name in document.whos[key] if start <= name.start < end and len(name.text) > 1
    ] or document.usual_names[key]
    at = bisect_left(names, (place.span[0],))
    return names[at - 1] if at else names[0]


class Whom:
    """The candidates for whose a figure is.

    Each who is named up to the end of its sentence or little later, and nobody.
    """

    def __init__(self, document: Document, place: Place, answers: Answers) -> None:
        self.document, self.place, self.answers = document, place, answers
        start = place.sentence[0]
        self.kind = answers.kind[place.j]
        here = document.names_between(start, place.span[0])
        earlier = document.names_between(max(0, place.span[0] - _CARRY), place.span[0])
        topics = [name for name in earlier if name.role in _ACTING]
        acting = [name for name in topics if name.type in COMPANIES]
        paragraph = [name for name in acting if name.start >= place.line[0]]
        inside = {name.key: None for name in here if name.type in COMPANIES}
        row = document.names_between(max(place.line[0], place.sentence[0]), place.span[0]) if place.is_row else ()
        self.companies = len(inside)
        self.recent, self.recent_topics = _ranks([name for name in earlier if name.type in COMPANIES]), _ranks(acting)
        self.state = _state(here)
        roles = {
            "lastt": topics[-1].key if topics else "",
            "par1": paragraph[0].key if paragraph else "",
            "parz": paragraph[-1].key if paragraph else "",
            "only": next(iter(inside)) if len(inside) == 1 else "",
            "main": document.main,
            "first": document.first,
            "rowhead": row[0].key if row else "",
            "aligned": _aligned(document, place),
        }
        self.headed = {name.key for name in document.names_between(*place.heading)}
        self.titled = {name.key for name in document.names_between(*document.headline)}
        self.twins = {
            name.key
            for twin in place.twins
            for name in document.names_between(*document.layout.sentence(document.root_starts[twin]))
        }
        listed: dict[str, Iterable[str | None]] = {"headed": self.headed, "titled": self.titled, "twin": self.twins}
        listed["twinanswer"] = {answers.organization.get(twin, "") for twin in place.known_twins}
        self.named_as = _inverted({name: (key,) for name, key in roles.items()})
        self.listed_as = _inverted(listed)

    def candidates(self) -> list[str | None]:
        """Whom the figure may be about, by key, in order of the text, and None for nobody.

        Who was named last, is named next, and whom the text is about.
        """
        document, place = self.document, self.place
        wanted = {
            document.main,
            document.first,
            self.answers.organization.get(place.last),
            *self.headed,
            *self.titled,
            *self.twins,
        }
        last = dict.fromkeys(
            name.key for name in reversed(document.names_between(max(0, place.span[0] - _CARRY), place.span[0]))
        )
        following = dict.fromkeys(
            name.key for name in document.names_between(place.span[1], place.sentence[1] + _AHEAD)
        )
        wanted.update([*last][:_LAST], [*following][:_NEXT])
        return [
            None,
            *sorted((key for key in wanted if key in document.whos), key=lambda key: document.whos[key or ""][0].start),
        ]

    def features(self, key: str | None) -> Candidate:
        """Features of one of them."""
        k, s, previous = self.kind, self.state, self.place.last
        same = previous >= 0 and self.answers.organization.get(previous, "") == key
        if key is None:
            head = "h" if self.place.in_headline else ""
            words = [
                "nobody",
                f"nobody:k:{k}",
                f"nobody:{s}{head}",
                f"nobody:c{min(2, self.companies)}:k:{k}",
                *(["nobody:same"] if same else []),
            ]
            return Candidate(dict.fromkeys(words))
        document, place = self.document, self.place
        names = document.whos[key]
        at = bisect_left(names, (place.span[0],))
        before = names[at - 1] if at else None
        inside = before is not None and before.start >= place.sentence[0]
        after = names[at] if at < len(names) and names[at].start < place.sentence[1] else None
        sample = before or names[0]
        w = ("b" if inside else "") + ("a" if after else "") or ("p" if before else "l")
        share = int(document.company_counts[key] / document.company_total * 5)
        plain = [_whom(sample.type, sample.once, w, k, s), _often(min(5, len(names)), share, w, k)]
        plain += (
            _recent("rc", self.recent.get(key, 9), w, k, s),
            _recent("rt", self.recent_topics.get(key, 9), w, k, s),
        )
        plain += [_as(name, w, k, s) for name in self.named_as.get(key, ())]
        plain += [_listed(name, w, k, s, place.in_headline, sample.type) for name in self.listed_as.get(key, ())]
        if sample.foreign:
            plain.append(_crossed("foreign", f"k:{k}"))
        if same:
            plain.append(_same(place.near, w, k, s, self.answers.kind.get(previous)))
        elif previous >= 0:
            plain.append(_other(place.near, w, sample.type))
        found: Features = {f"h:w:{w}:t:{sample.type}": None} if place.in_headline else {}
        if after:
            self._beside(after, "a", found)
        if before and inside:
            self._beside(before, "b", found)
        if not before or inside:
            return Candidate(found, plain)
        return Candidate(found, plain, self._earlier(before), (before.start, before.reach))

    def _beside(self, name: Name, side: str, found: Features) -> None:
        """A name in the figure's sentence: its particle, and what lies between."""
        document, place, k, s = self.document, self.place, self.kind, self.state
        span, t = place.span, name.type
        first, last = (name.reach, span[0]) if side == "b" else (span[1], name.start)
        r = f"{side}:r:{name.role}{'+' if name.etc else ''}"
        others = (
            document.names_between(name.end, span[0]) if side == "b" else document.names_between(span[1], name.start)
        )
        d = f"{side}:d{_log(last - first, 7)}"
        c = f"{side}:c{min(2, document.layout.clauses_between(*sorted((name.start, span[0]))))}"
        between = sorted((name.end, span[0])) if side == "b" else (span[1], name.start)
        g = f"{side}:f{min(2, document.roots_between(*between))}"
        n = f"{side}:n{min(2, sum(other.type in COMPANIES for other in others))}"
        opening = "first" if not document.names_between(place.sentence[0], name.start) else "later"
        words = [
            r,
            f"{r}:k:{k}",
            f"{r}:t:{t}",
            f"{r}:t:{t}:k:{k}",
            f"{r}:s:{s}",
            f"{r}:s:{s}:k:{k}",
            d,
            f"{d}:k:{k}",
            f"{r}:{d}",
            c,
            f"{r}:{c}",
            g,
            f"{g}:k:{k}",
            f"{r}:{g}",
        ]
        words += [
            f"{side}:N{min(3, len(others))}",
            f"{r}:{n}",
            f"{r}:{n}:{g}:{c}",
            f"{r}:{n}:{g}:k:{k}",
            f"{r}:{opening}",
        ]
        if document.text[max(0, name.start - 1) : name.start] in _OPENS:
            words.append(f"{r}:open")
        if _TITLE.match(document.text, name.reach + document.text.startswith(" ", name.reach)):
            words += [f"{side}:title", f"{side}:title:t:{t}"]
        words += [f"{r}:R:#{name_}" for hit in place.right[:2] for name_ in hit.classes]
        words += [f"{r}:L:#{name_}" for hit in place.left[-1:] for name_ in hit.classes]
        found.update(dict.fromkeys(words, (name.start, name.reach)))
        limit = span[0] if side == "b" else place.sentence[1]
        following = _following(document, name, limit)
        if not following:
            found[f"{r}:next:-"] = None
        for i, hit in enumerate(following[:3]):
            words = [f"{side}:next:{hit.word}:{r}"] if i == 0 else []
            for name_ in hit.classes:
                words += (
                    [f"{side}:next:#{name_}", f"{r}:next:#{name_}", f"{side}:next:#{name_}:k:{k}"]
                    if i == 0
                    else [f"{r}:then:#{name_}"]
                )
            found.update(dict.fromkeys(words, (hit.start, hit.end)))

    def _earlier(self, name: Name) -> Sequence[Words]:
        """A name in a sentence before the figure's."""
        place = self.place
        back = self.document.sentences_between(name.start, place.sentence[0], 4)
        return _back(back, name.role, name.type, self.kind), _paragraph(
            name.start >= place.line[0], _log(place.span[0] - name.end, 11), self.state
        )


@made_once
def _crossed(word: str, *others: str) -> tuple[str, ...]:
    """A feature alone and together with each of some others.

    Made once, as the same few come for one candidate after the other.
    """
    return word, *(f"{word}:{other}" for other in others)


@made_once
def _as(word: str, w: str, k: str, s: str) -> tuple[str, ...]:
    return _crossed(word, f"k:{k}", f"w:{w}", f"s:{s}")


@made_once
def _listed(word: str, w: str, k: str, s: str, in_headline: bool, type_: str) -> tuple[str, ...]:
    return *_as(word, w, k, s), f"{word}:h{in_headline}:t:{type_}"


@made_once
def _whom(type_: str, once: bool, w: str, k: str, s: str) -> tuple[str, ...]:
    t = f"t:{type_}{1 if once else ''}"
    return *_crossed(t, f"k:{k}"), *_crossed(f"w:{w}", f"k:{k}", t, f"s:{s}", f"s:{s}:t:{type_}:k:{k}")


@made_once
def _often(count: int, share: int, w: str, k: str) -> tuple[str, ...]:
    return f"n:{count}", f"n:{min(3, count)}:k:{k}", f"share:{share}", f"share:{share}:w:{w}"


@made_once
def _recent(name: str, rank: int, w: str, k: str, s: str) -> tuple[str, ...]:
    return *_as(f"{name}{rank}", w, k, s), f"{name}{rank}:w:{w}:s:{s}"


@made_once
def _same(near: str, w: str, k: str, s: str, previous: str | None) -> tuple[str, ...]:
    return "same", f"same:k:{k}:{previous}", *_crossed(f"same:{near}", f"w:{w}", f"s:{s}", f"s:{s}:k{previous == k}")


@made_once
def _other(near: str, w: str, type_: str) -> tuple[str, ...]:
    return (f"other:{near}:w:{w}:t:{type_}",)


@made_once
def _back(back: int, role: str, type_: str, k: str) -> tuple[str, ...]:
    return _crossed(f"p:s{back}", f"k:{k}", f"r:{role}", f"t:{type_}:k:{k}")


@made_once
def _paragraph(same: bool, distance: int, s: str) -> tuple[str, ...]:
    return *_crossed(f"p:par{same}", f"s:{s}"), f"p:d{distance}"


def _following(document: Document, name: Name, limit: int) -> list[Hit]:
    """The words right after a name, up to the next one."""
    limit = min(limit, name.reach + _FOLLOWS)
    following = document.names_between(name.end, limit)
    return document.hits_between(name.reach, following[0].start if following else limit)


def _inverted(keys: Mapping[str, Iterable[str | None]]) -> dict[str | None, list[str]]:
    """For each of those listed the lists that hold them."""
    names: dict[str | None, list[str]] = {}
    for name, listed in keys.items():
        for key in listed:
            names.setdefault(key, []).append(name)
    return names


def _start(name: Name) -> int:
    return name.start


def _date_start(x: DateExpression) -> int:
    return x.start


def _state(here: Sequence[Name]) -> str:
    """Who is named in a sentence before a figure: an acting company, an acting name, a company, some name or none.

    And whether 이 회사 is.
    """
    companies = [name for name in here if name.type in COMPANIES]
    if any(name.role in _ACTING for name in companies):
        state = "tc"
    elif any(name.role in _ACTING for name in here):
        state = "t"
    else:
        state = "c" if companies else "n" if here else "-"
    return state + ("a" if any(name.type == ANAPHOR for name in here) else "")


def _ranks(names: Sequence[Name]) -> dict[str, int]:
    """For each of some names how many others were named since it was last, at most four."""
    ranks: dict[str, int] = {}
    for name in reversed(names):
        if name.key not in ranks:
            ranks[name.key] = min(len(ranks), 4)
    return ranks


def _a_lap_before(document: Document, place: Place) -> int:
    """The figure at the same place in the list before, where figures stand in lists; -1 where they do not."""
    first, last = document.runs[place.j]
    return place.j - (last - first + 1) if last > first else -1


def _at_the_same_place(
    document: Document, place: Place, things: Sequence[Name] | Sequence[DateExpression]
) -> Name | DateExpression | None:
    """Of things side by side before figures side by side, the one in the figure's place: A와 B는 각각 x와 y."""
    first, last = document.runs[place.j]
    count = last - first + 1
    run = [thing for thing in things if thing.end <= document.root_spans[first][0]][-count:]
    if count < len("AB") or len(run) < count:
        return None
    joined = all(_COORDINATED.fullmatch(document.text, a.end, b.start) for a, b in pairwise(run))
    return run[place.j - first] if joined else None


def _above(document: Document, place: Place) -> Iterator[Span]:
    """The cells above a figure in its column of a table, the nearest first."""
    start, end = place.line
    for separator in _SEPARATORS if place.is_row and end - start <= _CARRY else ():
        column = document.text.count(separator, start, place.span[0])
        if not column:
            continue
        for _ in range(_ROWS_ABOVE):
            if not start:
                return
            start, end = document.line(start - 1)
            if end - start > _CARRY:
                return
            cells = document.text[start:end].split(separator)
            if len(cells) <= column:
                return
            first = start + sum(len(cell) + 1 for cell in cells[:column])
            yield first, first + len(cells[column])
        return


def _aligned(document: Document, place: Place) -> str:
    """The name that stands at the same place among names as the figure among figures."""
    names = [
        name for name in document.names_between(place.sentence[0], place.span[0]) if name.type not in (SECTOR, GROUP)
    ]
    name = _at_the_same_place(document, place, names)
    return name.key if isinstance(name, Name) else ""


class When:
    """The candidates for when a figure holds: the dates that the text names, the day of publication, and none."""

    def __init__(self, document: Document, place: Place, answers: Answers) -> None:
        self.document, self.place, self.answers = document, place, answers
        self.kind, self.status = answers.kind[place.j], answers.status[place.j]
        start, end = place.sentence
        self.inside = {x.start: None for x in document.dates_between(start, end)}
        here, before = (
            document.dates_between(start, place.span[0]),
            document.dates_between(max(0, start - _CARRY), start),
        )
        self.last_here = here[-1] if here else None
        self.last_here_at = here[-1].start if here else -1
        self.last_before = before[-1].start if before else -1
        single = [x for x in {x.start: x for x in reversed(here)}.values() if x.reading != TOGETHER]
        aligned = _at_the_same_place(document, place, sorted(single, key=_date_start))
        self.aligned = aligned.start if aligned else -1
        self.each = bool(aligned) and bool(_EACH.search(document.text, self.aligned, place.span[0]))
        self.column = next((x.start for cell in _above(document, place) for x in document.dates_between(*cell)), -1)
        self.lap = answers.date.get(_a_lap_before(document, place), "")
        self.line = document.line_number(place.span[0])
        self.right = _following_words(*(hit.classes for hit in place.right[:2]))
        self.has = f"in{min(2, len(self.inside))}"
        self.twin_sentences = [document.layout.sentence(document.root_starts[twin]) for twin in place.twins]
        self.twin_dates = {answers.date.get(twin, "") for twin in place.known_twins}

    def candidates(self) -> list[DateExpression | str]:
        """The dates that a figure may be of."""
        document, place = self.document, self.place
        starts = [
            *dict.fromkeys(
                x.start for x in document.dates_between(max(0, place.sentence[0] - _CARRY), place.sentence[0])
            )
        ]
        wanted = {
            document.first_day,
            *starts[-_LAST_DATES:],
            *dict.fromkeys(x.start for x in document.dates_between(*place.heading)),
        }
        for start, end in (place.sentence, *self.twin_sentences):
            wanted.update(x.start for x in document.dates_between(start, end + _DATE_AHEAD))
        return [
            UNDATED,
            *([PUBLISHED] if document.published else []),
            *(
                x
                for start in sorted(wanted)
                if not place.span[0] <= start < place.span[1]
                for x in document.dates_between(start, start + 1)
                if not (self.each and x.reading == TOGETHER)  # 각각 gives each figure its own
            ),
        ]

    def value(self, x: DateExpression | str) -> str | None:
        """A candidate as EDTF."""
        if isinstance(x, str):
            return self.document.published.isoformat() if x == PUBLISHED and self.document.published else None
        return x.edtf

    def features(self, x: DateExpression | str) -> Candidate:
        """Features of one of them."""
        return self._wordless(x) if isinstance(x, str) else self._named(x)

    def _wordless(self, x: str) -> Candidate:
        """Features of the day of publication, or of no date."""
        place, k, s, has = self.place, self.kind, self.status, self.has
        words = [
            x,
            f"{x}:k:{k}",
            f"{x}:s:{s}",
            f"{x}:s:{s}:k:{k}",
            f"{x}:{has}",
            f"{x}:{has}:k:{k}",
            f"{x}:{has}:s:{s}",
            f"{x}:h{place.in_headline}",
        ]
        words += [
            f"{x}:pub{self.document.published is not None}",
            f"{x}:last:{self.last_here.role if self.last_here else '-'}",
        ]
        if self.answers.date.get(place.last, "") == self.value(x):
            alike = f"{x}:same:{place.near}"
            words += [alike, f"{alike}:{has}", f"{alike}:k{self.answers.kind.get(place.last) == k}"]
        elif place.last >= 0:
            words.append(f"{x}:other:{place.near}:{has}")
        found: Features = dict.fromkeys(words)
        found.update((f"{x}:E:{name}", span) for name, span in place.endings)
        found.update((f"{x}:R:#{name}", (hit.start, hit.end)) for hit in place.right for name in hit.classes)
        found.update((f"{x}:L:#{name}", (hit.start, hit.end)) for hit in place.left[-2:] for name in hit.classes)
        return Candidate(found)

    def _named(self, x: DateExpression) -> Candidate:
        """Features of a date that the text names."""
        document, place, k, s, has = self.document, self.place, self.kind, self.status, self.has
        (start, end), span = place.sentence, place.span
        inside, side = start <= x.start < end, "b" if x.end <= span[0] else "a"
        p = "i" if inside else "p" if x.start < start else "n"
        form = _FORMS.get(len(x.edtf), "range")
        first, last = (x.end, span[0]) if side == "b" else (span[1], x.start)
        edges = (x.start, span[0]) if x.start < span[0] else (span[0], x.start)
        when, w = _when(document.published, x.edtf), p + side
        c, g = (
            _CLAUSES[min(2, document.layout.clauses_between(*edges))],
            _FIGURES[min(2, document.roots_between(first, last))],
        )
        words: list[Words] = [
            _stands(w, x.role, form, k, s),
            _between(w, _log(last - first, 8), c, g, min(2, document.places_of_dates(first, last))),
        ]
        words += (
            _at(w, has, g, form, k),
            _lies(when, p, form, k, s),
            _read_as(x.reading, p, form, when, s),
            self._after(x),
        )
        if inside:
            words.append(self.right)
            words += [_crossed(f"{w}:E:{name}:{form}") for name, _ in place.endings[-1:]]
            if len(self.inside) == 1:
                words.append(_crossed("only", f"k:{k}", f"r:{x.role}", f"s:{s}", form))
        else:
            lines = min(3, abs(document.line_number(x.start) - self.line))
            words.append(_lines(w, lines, document.sentences_between(*edges, 4), has, k))
            if place.heading[0] <= x.start < place.heading[1]:
                words.append(_crossed("headed", has))
        words += self._listed(x, form, w)
        if x.start == self.last_here_at:
            words.append(_crossed("lasthere", f"k:{k}", f"s:{s}", c, g))
        if x.start == self.last_before:
            words.append(_crossed("lastbefore", has, f"{has}:k:{k}", f"{has}:par{x.start >= place.line[0]}"))
        if document.first_day == x.start:
            words.append(_crossed("firstday", has))
        if document.published and form == "day" and when != "future":
            words.append(_crossed(f"news{_is_news(document.published, x.edtf)}", p, has, f"k:{k}"))
        if self.answers.date.get(place.last, "") == x.edtf:
            words.append(_same_day(place.near, w, has, k, self.answers.kind.get(place.last)))
        if x.edtf in self.twin_dates:
            words.append(_crossed("twin"))
        if self.twin_sentences and any(a <= x.start < b for a, b in self.twin_sentences):
            words.append(_crossed("twinsentence", has))
        shown = (x.start, x.reach)
        return Candidate({f"after:{document.text[x.reach : x.reach + 2].strip()}:{w}": shown}, (), words, shown)

    def _listed(self, x: DateExpression, form: str, w: str) -> Iterator[Words]:
        """Features of a date where dates and figures stand in lists or tables."""
        if x.start == self.aligned:
            yield _crossed("together" if x.reading == TOGETHER else "aligned", form)
        if self.column >= 0:
            yield _crossed(f"column{x.start == self.column}", form)
        if self.lap:
            yield _crossed(f"lap{x.edtf == self.lap}", form, f"w:{w}")

    def _after(self, x: DateExpression) -> Words:
        following = self.document.hits_between(x.reach, x.reach + 12)
        return _crossed(f"b:{x.basis}") if not following else _next(x.basis, following[0].classes)


@made_once
def _following_words(*classes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"i:R:#{name}" for names in classes for name in names))


@made_once
def _next(basis: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    return f"b:{basis}", *(f"next:#{name}" for name in classes)


@made_once
def _stands(w: str, role: str, form: str, k: str, s: str) -> tuple[str, ...]:
    words = (
        *_crossed(f"w:{w}", f"r:{role}", f"k:{k}", form, f"{form}:k:{k}"),
        *_crossed(f"r:{role}", f"k:{k}", f"s:{s}"),
    )
    return *words, f"{form}:k:{k}", f"{form}:s:{s}:k:{k}"


@made_once
def _between(w: str, distance: int, c: str, g: str, dates: int) -> tuple[str, ...]:
    return _crossed(w, f"d{distance}", c, g, f"x{dates}", f"{c}:{g}:x{dates}")[1:]


@made_once
def _at(w: str, has: str, g: str, form: str, k: str) -> tuple[str, ...]:
    return _crossed(w, has, f"{has}:k:{k}", f"{g}:{form}")[1:]


@made_once
def _lies(when: str, p: str, form: str, k: str, s: str) -> tuple[str, ...]:
    return _crossed(f"when:{when}", f"k:{k}", f"s:{s}", f"s:{s}:k:{k}", f"{form}:{p}")


@made_once
def _read_as(reading: str, p: str, form: str, when: str, s: str) -> tuple[str, ...]:
    return _crossed(f"as:{reading}", f"s:{s}", form, p, when)


@made_once
def _same_day(near: str, w: str, has: str, k: str, previous: str | None) -> tuple[str, ...]:
    return "same", f"same:k:{k}", f"same:{near}:{w}", f"same:{near}:{has}", f"same:{near}:k{previous == k}"


@made_once
def _lines(w: str, lines: int, sentences: int, has: str, k: str) -> tuple[str, ...]:
    return _crossed(w, f"nl{lines}", f"s{sentences}", f"nl{lines}:{has}:k:{k}")[1:]


def leads(document: Document, name: Name) -> bool:
    """Whether the words after a name, up to the next one, say that it led."""
    return any("lead" in hit.classes for hit in _following(document, name, name.reach + _FOLLOWS))


class Others:
    """The candidates for who else takes part in a figure.

    The names of its sentence and of the two before and after it, and whom the text or the paragraph is about.
    """

    def __init__(self, document: Document, place: Place, answers: Answers) -> None:
        self.document, self.place = document, place
        start, end = document.sentence_before(place.previous[0])[0], place.sentence[1]
        for _ in range(2):
            end = document.layout.sentence(end)[1] if end < len(document.text) else end
        self.span = start, end
        self.kind, self.who = answers.kind[place.j], answers.organization[place.j]
        near = document.names_between(max(0, place.span[0] - _CARRY), place.span[0])
        acting = [name for name in near if name.role in _ACTING]
        self.about = {"main": document.main, "first": document.first, "lastt": acting[-1].key if acting else ""}

    def candidates(self) -> list[Name]:
        """The names near a figure but whose it is; of one who is named twice the nearer."""
        nearest: dict[str, Name] = {}
        about: list[Name] = []
        for names in (self.document.whos.get(key, ()) for key in self.about.values()):
            about += names[: bisect_left(names, (self.place.sentence[1],))][-1:]
        for name in chain(self.document.names_between(*self.span), about):
            is_attribute = name.type == COUNTRY and name.role == BARE  # 중국 AI 기업
            if name.key != self.who and name.type in _PARTIES and not is_attribute:
                nearest[name.key] = min(nearest.get(name.key, name), name, key=self._distance)
        return sorted(nearest.values(), key=_start)

    def _distance(self, name: Name) -> tuple[bool, int]:
        start, end = self.place.sentence
        return not start <= name.start < end, abs(name.start - self.place.span[0])

    def features(self, name: Name) -> Candidate:
        """Features of one of them."""
        document, place, k, t = self.document, self.place, self.kind, name.type
        (start, end), word = place.sentence, (name.start, name.reach)
        inside = start <= name.start < end
        w = ("i" if inside else "p" if name.start < start else "n") + ("b" if name.start < place.span[0] else "a")
        last, links = name, 0
        for other in document.names_between(name.end, self.span[1]):  # the last of names side by side has the particle
            joint = last.role in (BARE, "with") and _COORDINATED.fullmatch(
                document.text, last.end if last.role == "with" else last.reach, other.start
            )
            if not joint:
                break
            last, links = other, links + 1
        r = f"j:{last.role}{'+' if last.etc or name.etc else ''}"
        figures = document.roots_between(*sorted((name.end, place.span[0])))
        who = [other.start for other in document.whos.get(self.who or "", ()) if start <= other.start < end]
        of_whom = f"who{'-:w:' + w if not who else 'b' if who[0] < name.start else 'a'}"
        words = [
            "bias",
            f"k:{k}",
            f"t:{t}",
            f"t:{t}:k:{k}",
            f"w:{w}",
            f"w:{w}:k:{k}",
            f"r:{name.role}",
            r,
            f"{r}:w:{w}",
            f"{r}:t:{t}",
            f"{r}:k:{k}",
            f"{r}:chain{min(2, links)}",
        ]
        words += [f"f{min(2, figures)}:w:{w}", f"w:{w}:t:{t}", f"w:{w}:t:{t}:k:{k}", f"{r}:{of_whom}"]
        away = document.sentences_between(min(name.start, place.span[0]), max(name.start, place.span[0]), 4)
        words += [f"s{away}:{w}", f"par{name.start >= place.line[0]}:{w}"]
        words += [f"{role}:w:{w}" for role, key in self.about.items() if name.key == key]
        if not figures:
            words += [f"{r}:R:#{c}" for hit in place.right[:2] for c in hit.classes]
        if _TITLE.match(document.text, name.reach + document.text.startswith(" ", name.reach)):
            words.append(f"title:w:{w}")
        found: Features = dict.fromkeys(words, word)
        following = _following(document, last, self.span[1])
        if not following:
            found[f"{r}:next:-:w:{w}"] = None
        for i, hit in enumerate(following[:4]):
            step = "then" if i else "next"
            words = [] if i else [f"next:{hit.word}"]
            for c in hit.classes:
                words += [f"{step}:#{c}", f"{r}:{step}:#{c}", *([] if i else [f"next:#{c}:w:{w}"])]
            found.update(dict.fromkeys(words, (hit.start, hit.end)))
        sentence = document.layout.sentence(name.start)
        found.update(
            (f"S:#{c}:w:{w[0]}", (hit.start, hit.end))
            for hit in document.hits_between(*sentence)
            for c in hit.classes
            if c in _EVIDENCE_OF_PARTIES
        )
        found[f"n{min(6, sum(other.type in COMPANIES for other in document.names_between(*sentence)))}:w:{w[0]}"] = None
        return Candidate(found)

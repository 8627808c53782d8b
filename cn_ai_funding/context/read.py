"""Reads an article: `read_article(text)` gives its figures, `mask_article(text)` the same text with only what it reads.

An article is masked before it is read, and only what the mask keeps is read. So the masked text reads as the full one
does, by construction: `read_article(mask_article(text)) == read_article(text)` for every text. The fields are answered
one after the other, each for all figures in the order of the text, since what was answered is known to what is asked
next.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from ..kinds import INVESTMENT_KINDS, PARTIES
from ..money import Span
from ..money.vocabulary import any_of
from . import features as f
from . import figure as values
from .dates import DURATION, DateExpression
from .document import Document
from .features import Answers, Place
from .figure import Answer, Figure, Party
from .lexicon import DEFINITION, TOPIC
from .mask import Masked, mask_text, unmasked
from .model import Choice, Model, Weights, published, weights_of
from .names import AI_COMPANY, Directory, Name, Organization, directory
from .restatements import restating_words
from .triggers import PART, find_round

FIELDS = ("kind", "status", "organization", "date", "party")
"""In the order in which they are answered: what is asked later knows what was answered before."""
_RECENT = 12
"""How many figures back the whole of a part is looked for."""
_LONGEST_SPAN = len("2015-01/2016-06")
"""Of an interval that money flows over, as EDTF: from month to month; one of days is when something happened."""
SURE = ("kind", "organization", "date", "together", "least")
"""What the confidence is a sum of (`surety`)."""
_MOST = 7.0
"""Logits beyond which a field is no surer."""
_TAKES_PART = 0.25
"""The probability from which somebody is named as taking part: between 0.2 and 0.4 F1 in cross-validation is the same,
and best."""
_ABOUT_AI, _ABOUT_CHINA = (
    re.compile(rf"(?<![A-Za-z])AI(?![A-Za-z])|{any_of(TOPIC['ai'])}"),
    re.compile(any_of(TOPIC["china"])),
)
_DEFINITION = re.compile(rf"(?P<word>{any_of(DEFINITION)}) ?[(（][^()（）]*$")


def read_article(
    text: str, published_on: date | None = None, organizations: Iterable[Organization] | Directory = ()
) -> list[Figure]:
    """Every amount of money in an article, with what it is about.

    `published_on` is what relative dates (지난달, 올해) count from; without it they are left out. `organizations` is
    the directory of names. `text` is NFC with LF, as in every table: offsets count its code points. One `Figure` a
    mention, in order of the text. TypeError for what is no text, and where `published_on` is no date.
    """
    return read_and_mask(text, published_on, organizations)[0]


def read_and_mask(
    text: str, published_on: date | None = None, organizations: Iterable[Organization] | Directory = ()
) -> tuple[list[Figure], str]:
    """The figures of an article as `read_article` gives them, and the masked text that they were read from."""
    if not isinstance(text, str):
        raise TypeError(f"{text!r:.60} is no text")
    if published_on is not None and not isinstance(published_on, date):
        raise TypeError(f"published_on: {published_on!r} is no datetime.date; use date.fromisoformat")
    masked = mask_text(text, _directory(organizations))
    return _figures(masked, published_on), masked.text


def read_unmasked(
    text: str, published_on: date | None = None, organizations: Iterable[Organization] | Directory = ()
) -> list[Figure]:
    """The figures of an article as they would be read without masking it.

    How they differ from `read_article`'s is what the mask costs.
    """
    return _figures(unmasked(text, _directory(organizations)), published_on)


def mask_article(text: str, organizations: Iterable[Organization] | Directory = ()) -> str:
    """The article with every word masked that `read_article` does not read. Same length, same line breaks."""
    return mask_text(text, _directory(organizations)).text


def _directory(organizations: Iterable[Organization] | Directory) -> Directory:
    return organizations if isinstance(organizations, Directory) else directory(tuple(organizations))


@dataclass(slots=True)
class Reading:
    """A document with all that was answered of it: of each field the choices by figure, and what they say."""

    document: Document
    places: list[Place]
    shared: list[f.Features]
    answers: Answers
    choices: dict[str, dict[int, Choice]]
    told: dict[str, dict[int, Answer]]
    parties: dict[int, list[tuple[Name, Choice]]]


def open_reading(masked: Masked, published_on: date | None) -> Reading:
    """A masked text before any question is asked of it."""
    document = Document(masked.text, masked.mentions, masked.names, published_on)
    places = [Place(document, j) for j in range(len(document.roots))]
    return Reading(document, places, [f.about(document, place) for place in places], Answers(), {}, {}, {})


def answer(reading: Reading, field: str, model: Model) -> None:
    """Answer one field for every figure, in order, those of the headline last, given the fields before it."""
    document, answers = reading.document, reading.answers
    choices: dict[int, Choice] = {}
    told: dict[int, Answer] = {}
    reading.choices[field], reading.told[field] = choices, told
    for place in sorted(reading.places, key=lambda place: place.in_headline):
        j = place.j
        if field == "kind":
            choice, answers.kind[j] = model.classify(f.kind(document, place, answers, reading.shared[j]))
            told[j] = _told(choice, model.classes.__getitem__)
        elif field == "status":
            choice, answers.status[j] = model.classify(f.status(document, place, answers, reading.shared[j]))
            told[j] = _told(choice, model.classes.__getitem__)
        elif field == "organization":
            whom = f.Whom(document, place, answers)
            keys = whom.candidates()
            choice = model.rank([whom.features(key) for key in keys])
            answers.organization[j] = keys[choice.best]
            told[j] = _told(choice, partial(_who, document, place, keys))
        elif field == "date":
            when = f.When(document, place, answers)
            dates = when.candidates()
            choice = model.rank([when.features(x) for x in dates])
            answers.date[j], answers.expression[j] = when.value(dates[choice.best]), dates[choice.best]
            told[j] = _told(choice, partial(_when, when, dates))
        else:
            others = f.Others(document, place, answers)
            named = others.candidates() if answers.kind[j] in INVESTMENT_KINDS else ()
            asked = [(name, model.holds(others.features(name))) for name in named]
            reading.parties[j] = [
                (name, choice)
                for name, choice in asked
                if (choice.probability if choice.best else choice.second_probability) >= _TAKES_PART
            ]
            continue
        choices[j] = choice


def _told(choice: Choice, value: Callable[[int], str | None]) -> Answer:
    """A choice in words. `value` says what a candidate is by its place."""
    second = None if choice.second is None else value(choice.second)
    return Answer(value(choice.best), round(choice.probability, 3), second, round(choice.second_probability, 3))


def _who(document: Document, place: Place, keys: Sequence[str | None], i: int) -> str | None:
    key = keys[i]
    return None if key is None else f.named(document, place, key).text


def _when(when: f.When, dates: Sequence[DateExpression | str], i: int) -> str | None:
    return when.value(dates[i])


def _figures(masked: Masked, published_on: date | None) -> list[Figure]:
    """The figures of a masked text, one a mention, in order."""
    reading = open_reading(masked, published_on)
    for field in FIELDS:
        answer(reading, field, published(field))
    document = reading.document
    relevant = _is_relevant(document)
    figures: list[Figure] = []
    place = {i: j for j, i in enumerate(document.roots)}
    for i, parent in enumerate(document.restates):
        if parent is None:
            figures.append(_figure(reading, place[i], relevant, figures))
        else:
            words = restating_words(document.text, document.mentions[i - 1], document.mentions[i])
            figures.append(
                replace(
                    figures[parent],
                    money=document.mentions[i],
                    restates=parent,
                    part_of=None,
                    evidence={"restates": (words,)},
                )
            )
    return figures


def _is_relevant(document: Document) -> bool:
    """Whether a text is about AI, and about China: by a word or by a name."""
    about_ai = _ABOUT_AI.search(document.text) or any(name.type == AI_COMPANY for name in document.names)
    return bool(
        about_ai
        and (
            _ABOUT_CHINA.search(document.text)
            or any(name.organization and name.organization.country == "CN" for name in document.names)
        )
    )


def _figure(reading: Reading, j: int, relevant: bool, earlier: list[Figure]) -> Figure:
    """The figure of a mention that restates none, of all that was answered."""
    document, place, answers = reading.document, reading.places[j], reading.answers
    evidence: dict[str, tuple[Span, ...]] = {
        name: choices[j].evidence for name, choices in reading.choices.items() if choices and choices[j].evidence
    }
    definition = _DEFINITION.search(document.text, place.sentence[0], place.span[0])
    if definition:
        evidence = {"kind": (definition.span("word"),)}
        return Figure(
            place.mention,
            "other",
            answers.status[j],
            exclude_reason=values.IS_DEFINITION,
            evidence=evidence,
            confidence=confidence(surety(reading, j), weights_of("confidence")),
            answers={"status": reading.told["status"][j]},
        )
    kind = answers.kind[j]
    key = answers.organization[j]
    who = None if key is None else f.named(document, place, key)
    if who:
        evidence["organization"] = tuple(dict.fromkeys(((who.start, who.end), *evidence.get("organization", ()))))
    when, basis = answers.date[j], _basis(document, place, answers.expression[j], evidence)
    period = _period(document, place, answers.expression[j])
    if period:
        evidence["period"] = ((period.start, period.end),)
    round_ = find_round(document.text, *place.clause, place.span[0]) if kind == "funding_round" else None
    if round_:
        evidence["round"] = (round_[1],)
    parties = tuple(_party(document, kind, name) for name, _ in reading.parties[j])
    if parties:
        evidence["counterparties"] = tuple(
            dict.fromkeys(
                span
                for party, (_, choice) in zip(parties, reading.parties[j], strict=True)
                for span in (party.span, *choice.evidence[:1])
            )
        )
    figure = Figure(
        place.mention,
        kind,
        answers.status[j],
        who.text if who else None,
        who.organization.organization_id if who and who.organization else None,
        when,
        basis,
        period.edtf if period else None,
        round_[0] if round_ else None,
        tuple(dict.fromkeys(party.name for party in parties)),
        exclude_reason=_exclusion(kind, who, relevant),
        parties=parties,
        confidence=confidence(surety(reading, j), weights_of("confidence")),
        answers={name: told[j] for name, told in reading.told.items() if told},
    )
    part = next((hit for hit in document.hits_between(place.clause[0], place.span[0]) if hit.word in PART), None)
    whole = _whole(figure, earlier) if part else None
    if part and whole is not None:
        evidence["part_of"] = ((part.start, part.end),)
    return replace(figure, part_of=whole, evidence=evidence)


def _basis(
    document: Document, place: Place, chosen: DateExpression | str, evidence: dict[str, tuple[Span, ...]]
) -> str:
    """How a date is known; its words become the evidence."""
    if isinstance(chosen, str):
        evidence.pop("date", None)
        return "published" if chosen == f.PUBLISHED else "none"
    evidence["date"] = ((chosen.start, chosen.reach),)
    inside = place.sentence[0] <= chosen.start < place.sentence[1]
    return chosen.basis if document.published or inside else "inferred"


def _period(document: Document, place: Place, chosen: DateExpression | str) -> DateExpression | None:
    """The duration or interval over which the money flows, from the figure's clause, beside what its date is read from.

    A year, a quarter or an interval that is the date itself is none.
    """
    here = [x for x in document.likeliest_dates if place.clause[0] <= x.start < place.clause[1]]
    spans = [
        x
        for x in here
        if (x.role == DURATION or ("/" in x.edtf and len(x.edtf) <= _LONGEST_SPAN))
        and (isinstance(chosen, str) or x.start != chosen.start)
    ]
    return min(spans, key=lambda x: ("/" not in x.edtf, abs(place.span[0] - x.end)), default=None)


def _party(document: Document, kind: str, name: Name) -> Party:
    """Somebody else in a figure, with the part that the words after the name give."""
    role = PARTIES[kind]
    if role == "buyer" and name.role == "source":
        role = "seller"
    if role == "investor" and f.leads(document, name):
        role = "lead_investor"
    return Party(
        role, name.text, name.organization.organization_id if name.organization else None, (name.start, name.end)
    )


def _whole(part: Figure, earlier: list[Figure]) -> int | None:
    """The larger figure of the same organization that this one is said to be a part of."""
    if part.money.amount is None:
        return None
    for i in range(len(earlier) - 1, max(-1, len(earlier) - 1 - _RECENT), -1):
        whole = earlier[i]
        same = (
            whole.restates is None
            and whole.organization == part.organization
            and whole.money.currency == part.money.currency
        )
        if same and whole.investment and whole.money.amount and whole.money.amount > part.money.amount:
            return i
    return None


def _exclusion(kind: str, who: Name | None, relevant: bool) -> str | None:
    """Why a figure is no deal of this dataset, if it is none."""
    if kind not in INVESTMENT_KINDS:
        return values.NOT_INVESTMENT
    if who and who.foreign:
        return values.NOT_CHINESE
    return None if relevant else values.NOT_AI


def surety(reading: Reading, j: int) -> list[float]:
    """How sure kind, organization and date are, the three together, and the least sure of them, in logits.

    What the confidence is a sum of.
    """
    chances = [reading.choices[field][j].probability for field in ("kind", "organization", "date")]
    return [_logit(chance) for chance in (*chances, math.prod(chances), min(chances))]


def _logit(chance: float) -> float:
    return min(math.log(max(chance, 1e-4) / (1 - min(chance, 1 - 1e-4))), _MOST)


def confidence(sure: Sequence[float], weights: Weights) -> float:
    """The probability that kind, organization and date are all right, calibrated on articles not learned from."""
    score = weights["bias"][0] + sum(weights[name][0] * value for name, value in zip(SURE, sure, strict=True))
    return round(1 / (1 + math.exp(-score / 1000)), 3)

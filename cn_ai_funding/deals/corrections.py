"""Applies a maintainer's corrections (raw/reviews.csv) to the mentions of a source; one that does not fit is a problem.

Says too what a field of a mention holds as text, which a correction expects, and which is accepted with a source.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..context import DATE_BASES, EXCLUDE_REASONS, NOT_INVESTMENT, STATUSES, Figure
from ..context.figure import PARTY_ROLES, Party
from ..edtf import bounds
from ..intake.problems import Problem
from ..kept import name_of
from ..kinds import INVESTMENT_KINDS, KINDS
from ..money import MoneyMention
from ..money.mention import ABOUT, EXACT, INDEFINITE, QUALIFIERS, RANGE, SETS, UNREADABLE
from .mentions import LeftOut, Mention, as_published, is_exact, said_again

_NO_CURRENCIES = ("XXX", "XTS")
"""ISO 4217 codes for none and for tests."""
_NUMBER = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,2})?")
_EVIDENCE_OF = {"organization_id": "organization", "date_basis": "date"}
"""The field of the evidence for a field that a review corrects, where its name is another."""
OF_MONEY = ("qualifier", "amount", "low", "high", "currency")
OF_CITATION = {"restates": "parent", "part_of": "whole"}
"""Fields that name another mention, and where a Mention holds them."""
FIELDS = (
    "kind",
    "status",
    "organization_id",
    "organization",
    "date",
    "date_basis",
    "period",
    "round",
    "parties",
    "exclude_reason",
    *OF_CITATION,
    "amount",
    "currency",
    "low",
    "high",
    "qualifier",
)
"""All that is told of a figure, as text: what is accepted when a source is checked."""
LEFT_OUT = "left_out"
"""Why a deal is left out of totals. That follows from other figures, too, so it is no field of a figure."""
REVIEWABLE = (*FIELDS, LEFT_OUT)
"""What a maintainer can correct; OF_MONEY for one mention only, the rest for what restates it too."""
_FIRST = ("restates", "amount", "qualifier")
_TURNS = (*_FIRST, *(field for field in REVIEWABLE if field not in _FIRST))
NO_AMOUNT = (RANGE, INDEFINITE, UNREADABLE)
"""The qualifiers of what has no one amount."""
FROM_OTHERS = ("duplicate", "part", "aggregate", "talks")
"""Reasons to be left out of totals that follow from other figures or from words. All others follow from a field,
and are corrected there."""
_PERIOD = re.compile(r"P[0-9]+(?:\.[0-9]+)?[YM]")


class Corrections:
    """The corrections of reviews.csv, each applied when its source is read. One that does not fit is a problem."""

    def __init__(self, reviews: Iterable[Mapping[str, str | None]], organizations: Iterable[Mapping[str, Any]]) -> None:
        """`organizations` are the rows of the directory: whom a correction may name."""
        rows = list(organizations)
        self._directory = name_of(rows)
        self._listed = {row["organization_id"] for row in rows}
        self._named = {name: row["organization_id"] for row in rows for name in names_of(row)}
        self._of: defaultdict[str, list[Mapping[str, str | None]]] = defaultdict(list)
        for row in reviews:
            self._of[(row["mention_id"] or "").rpartition(":")[0]].append(row)

    def basis(self, source_id: str) -> str:
        """What `apply` goes by: the corrections of a source, and whom they may name."""
        return f"{self._directory} {self._of.get(source_id)}"

    def apply(self, source_id: str, mentions: Iterable[Mention], problems: list[Problem]) -> list[Mention]:
        """A source's mentions with their corrections.

        The words that a wrong value was read from are no evidence any more.
        """
        by_id = {mention.mention_id: mention for mention in mentions}
        reviews = sorted(self._of.get(source_id, ()), key=lambda row: turn(row["field"]))
        for row in reviews:
            mention_id, field, value = row["mention_id"] or "", row["field"] or "", row["value"]
            mention = by_id.get(mention_id)
            if fault := self._fault(mention, by_id, row):
                problems.append(Problem("reviews.csv", f"line {row['line']}", *fault))
            elif mention and field == "part_of":
                evidence = {name: spans for name, spans in mention.figure.evidence.items() if name != field}
                by_id[mention_id] = replace(
                    mention, whole=value, figure=replace(mention.figure, evidence=evidence), reviewed=True
                )
            elif mention and field == "restates":
                for parent in filter(None, (mention.parent, value)):
                    by_id[parent] = replace(by_id[parent], reviewed=True)
                by_id[mention_id] = _restating(mention, by_id.get(value or ""))
            elif mention and field == LEFT_OUT:
                by_id[mention_id] = replace(
                    mention, left_out=LeftOut(row["expected"], value, row["line"] or ""), reviewed=True
                )
            else:
                alike = (
                    [mention_id]
                    if field in OF_MONEY
                    else [
                        other.mention_id for other in by_id.values() if mention_id in (other.mention_id, other.parent)
                    ]
                )
                by_id |= {name: self._reviewed(by_id[name], field, value) for name in alike}
        for mention_id, line in {row["mention_id"] or "": row["line"] for row in reviews}.items():
            mention = by_id.get(mention_id)
            if (
                mention
                and mention.parent is None
                and as_published(mention.figure, mention.source.published) != mention.figure
            ):
                expected = f"a date up to its publication, {mention.source.published}"
                problems.append(
                    Problem(
                        "reviews.csv",
                        f"line {line}",
                        f"{mention_id} completed in {mention.figure.date}",
                        expected,
                        "Correct date or status",
                    )
                )
            if mention and (fault := _unsound(mention)):
                problems.append(Problem("reviews.csv", f"line {line}", *fault))
        return list(by_id.values())

    def _reviewed(self, mention: Mention, field: str, value: str | None) -> Mention:
        """A mention with a field corrected; who says when or whether it happened settles what was odd about that."""
        early, unsettled = mention.early and field not in ("date", "status"), mention.unsettled and field != "status"
        return replace(
            mention,
            figure=_corrected(mention.figure, field, value, self._named),
            early=early,
            unsettled=unsettled,
            reviewed=True,
        )

    def left(self, sources: Collection[str], problems: list[Problem]) -> None:
        """Report the corrections of sources that there are not.

        One of `sources` that could not be read has a problem of its own.
        """
        for source_id, rows in self._of.items():
            if source_id not in sources:
                for row in rows:
                    found = f"the mention {row['mention_id']!r}"
                    problems.append(
                        Problem(
                            "reviews.csv",
                            f"line {row['line']}",
                            found,
                            "a mention of this build",
                            "Correct or remove the review",
                        )
                    )

    def _fault(
        self, mention: Mention | None, by_id: Mapping[str, Mention], row: Mapping[str, str | None]
    ) -> tuple[str, str, str] | None:
        """What was found wrong with a correction, what was expected, and what to do."""
        field, value = row["field"] or "", row["value"]
        if mention is None:
            return f"the mention {row['mention_id']!r}", "a mention of this build", "Correct or remove the review"
        if field not in REVIEWABLE:
            return f"the field {field!r}", f"one of {', '.join(REVIEWABLE)}", "Correct the field"
        if mention.parent and field not in (*OF_MONEY, "restates"):
            return (
                f"{mention.mention_id}, which restates {mention.parent}",
                "the mention that it restates",
                "Review that one: both then change",
            )
        if field == LEFT_OUT:
            return _fault_of_left_out(mention, row["expected"], value)
        found = said(mention, field)
        if found != row["expected"]:
            return (
                f"{field} is {found!r}",
                repr(row["expected"]),
                "Review the mention again: what the correction expects no longer holds",
            )
        if field in OF_CITATION:
            return _fault_of_link(mention, field, value, by_id)
        beside = [
            other
            for other in by_id.values()
            if mention.mention_id == other.parent or other.mention_id == mention.parent
        ]
        if field == "currency" and value in [other.figure.money.currency for other in beside]:
            return (
                f"the value {value!r}",
                "another currency than that of what it restates, or of what restates it",
                "Correct the value",
            )
        if field == "organization_id" and value and value not in self._listed:
            return f"the organization {value!r}", "an id in organizations.csv", "Add the organization or correct the id"
        return (
            None
            if _allowed(mention.figure, field, value)
            else (f"the value {value!r}", _EXPECTED[field], "Correct the value")
        )


def turn(field: str | None) -> int:
    """When a correction is applied, whatever its line: `restates` first, so that the rest reaches what restates.

    Bounds after what sets them.
    """
    return _TURNS.index(field) if field in _TURNS else len(_TURNS)


def _fault_of_link(
    mention: Mention, field: str, value: str | None, by_id: Mapping[str, Mention]
) -> tuple[str, str, str] | None:
    """What is wrong with the mention that another is said to restate, or to be a part of."""
    if not value:
        return None
    target = by_id.get(value)
    found = f"the mention {value!r}"
    if field == "part_of":
        sound = target and not target.parent and mention.mention_id not in _wholes(by_id, value)
        whole = "another mention of the same source that restates none, and is no part of this one"
        return None if sound else (found, whole, "Correct the value")
    if target is None or value == mention.mention_id or target.parent:
        return found, "another mention of the same source that restates none", "Correct the value"
    if target.figure.money.currency == mention.figure.money.currency:
        return f"{value}, in the same currency", "an amount in another currency", "Correct the value"
    if any(other.parent == mention.mention_id for other in by_id.values()):
        return f"{mention.mention_id}, which others restate", "one that none restates", "Review those first"
    return None


def _fault_of_left_out(mention: Mention, expected: str | None, value: str | None) -> tuple[str, str, str] | None:
    """What is wrong with a correction of why a deal is left out.

    Whether it finds what it expects is seen when all deals are settled.
    """
    if not mention.figure.is_deal:
        return f"{mention.mention_id}, which is no deal", "a figure that is one", "Correct its kind or exclude_reason"
    for reason in (expected, value):
        if reason is not None and reason not in FROM_OTHERS:
            why = f"{', '.join(FROM_OTHERS)}, or nothing: what else leaves a figure out follows from one of its fields"
            return (
                f"the value {reason!r}",
                why,
                "Correct that field: status, kind, qualifier, amount, organization_id, date or currency",
            )
    return None


def _unsound(mention: Mention) -> tuple[str, str, str] | None:
    """What is wrong with an amount after its corrections: a qualifier without what it sets, bounds that cross."""
    money = mention.figure.money
    has = tuple(value is not None for value in (money.amount, money.low, money.high))
    if has != SETS.get(money.qualifier, has):
        sets = (
            ", ".join(
                name for name, needed in zip(("amount", "low", "high"), SETS[money.qualifier], strict=True) if needed
            )
            or "none of amount, low and high"
        )
        return f"{mention.mention_id}, {money.qualifier} without what that sets", sets, "Correct these, too"
    if money.low is not None and money.high is not None and money.low > money.high:
        return (
            f"{mention.mention_id} from {money.low:f} to {money.high:f}",
            "a low up to the high",
            "Correct the high first, or both",
        )
    return None


def _restating(mention: Mention, parent: Mention | None) -> Mention:
    """A mention that says another one again, or that stands by itself."""
    return replace(said_again(mention, parent, {}) if parent else replace(mention, parent=None), reviewed=True)


def _wholes(by_id: Mapping[str, Mention], mention_id: str | None) -> set[str]:
    """A mention, what it is a part of, what that is a part of, and so on."""
    found: set[str] = set()
    while mention_id is not None and mention_id in by_id and mention_id not in found:
        found.add(mention_id)
        mention_id = by_id[mention_id].whole
    return found


def names_of(row: Mapping[str, Any]) -> list[str]:
    """All names of an organization of the directory."""
    return [
        name
        for name in (row.get("name_ko"), row.get("name_en"), row.get("name_zh"), *(row.get("aliases") or "").split("|"))
        if name
    ]


def said(mention: Mention, field: str) -> str | None:
    """What a field of a mention (REVIEWABLE) holds, as reviews.csv writes it.

    Amounts as plain numbers, parties as 'role: name | role: name'.
    """
    if field == LEFT_OUT:
        return mention.left_out.value if mention.left_out else None
    if field in OF_CITATION:
        value = getattr(mention, OF_CITATION[field])
    elif field == "parties":
        value = " | ".join(f"{party.role}: {party.name}" for party in mention.figure.parties) or None
    else:
        value = getattr(mention.figure if hasattr(mention.figure, field) else mention.figure.money, field)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _parties(text: str | None) -> list[tuple[str, str]] | None:
    """Roles and names, as `said` writes them; None where that is not how they are written."""
    told = [part.partition(": ") for part in text.split(" | ")] if text else []
    sound = all(role in PARTY_ROLES and name == name.strip() != "" for role, _, name in told)
    return [(role, name) for role, _, name in told] if sound else None


def _corrected(figure: Figure, field: str, value: str | None, named: Mapping[str, str]) -> Figure:
    if field == "parties":
        return _with_parties(figure, _parties(value) or [], named)
    if field == "amount":
        return replace(figure, money=_with_amount(figure.money, Decimal(value or 0)))
    if field == "qualifier":
        return replace(figure, money=_qualified(figure.money, value or ""))
    if field in ("low", "high"):
        bound = None if value is None else Decimal(value)
        return replace(
            figure, money=replace(figure.money, low=bound) if field == "low" else replace(figure.money, high=bound)
        )
    if field == "currency":
        return replace(figure, money=replace(figure.money, currency=value, currency_inferred=False))
    told = {name: spans for name, spans in figure.evidence.items() if name != _EVIDENCE_OF.get(field, field)}
    change: dict[str, Any] = {field: value, "evidence": told} | _consequence(figure, field, value, named)
    return replace(figure, **change)


def _with_parties(figure: Figure, told: Sequence[tuple[str, str]], named: Mapping[str, str]) -> Figure:
    """The figure with others that take part.

    Who is new stands at no words of the text: at the amount, in an empty stretch.
    """
    known = {party.name: party for party in figure.parties}
    nowhere = figure.money.start, figure.money.start
    parties = tuple(
        replace(known[name], role=role) if name in known else Party(role, name, named.get(name), nowhere)
        for role, name in told
    )
    evidence = {name: spans for name, spans in figure.evidence.items() if name != "counterparties"}
    return replace(
        figure, parties=parties, counterparties=tuple(dict.fromkeys(name for _, name in told)), evidence=evidence
    )


def _with_amount(money: MoneyMention, amount: Decimal) -> MoneyMention:
    """The money with another amount, as vague as before; exact where there was no amount."""
    return _qualified(replace(money, amount=amount), EXACT if money.qualifier in NO_AMOUNT else money.qualifier)


def _qualified(money: MoneyMention, qualifier: str) -> MoneyMention:
    """The money with a qualifier and what that sets of its amount and bounds.

    A range keeps the bounds that there are, for others to come.
    """
    _, has_low, has_high = SETS.get(qualifier, (True, False, False))
    if qualifier in NO_AMOUNT:
        return replace(
            money,
            amount=None,
            low=money.low if has_low else None,
            high=money.high if has_high else None,
            qualifier=qualifier,
        )
    return replace(
        money, low=money.amount if has_low else None, high=money.amount if has_high else None, qualifier=qualifier
    )


_VALUES = {
    "kind": KINDS,
    "status": STATUSES,
    "date_basis": DATE_BASES,
    "exclude_reason": EXCLUDE_REASONS,
    "qualifier": QUALIFIERS,
}
_EXPECTED = {field: f"one of {', '.join(values)}" for field, values in _VALUES.items()} | {
    "date": "an EDTF date",
    "amount": "a number of whole units above 0, such as 1200000000",
    "low": "a number of whole units above 0, of a range, an indefinite amount or one about so much",
    "high": "a number of whole units above 0, of a range, an indefinite amount or one about so much",
    "currency": "an ISO 4217 code",
    "period": "a duration such as P5Y or P18M, or an interval in EDTF such as 2019/2024",
    "parties": f"'role: name | role: name', each role one of {', '.join(PARTY_ROLES)}",
}


def _consequence(figure: Figure, field: str, value: str | None, named: Mapping[str, str]) -> dict[str, str | None]:
    """What a correction means for other fields: whether it is a deal, how the date is known, whose name it is."""
    if field == "organization":
        return {"organization_id": named.get(value or "")}
    if field == "organization_id":
        return {"organization": None}
    if field == "date":
        return {
            "date_basis": "none"
            if value is None
            else "stated"
            if figure.date_basis in ("none", "published", "inferred")
            else figure.date_basis
        }
    if field != "kind":
        return {}
    if value not in INVESTMENT_KINDS:
        return {"exclude_reason": figure.exclude_reason or NOT_INVESTMENT}
    return {"exclude_reason": None if figure.exclude_reason == NOT_INVESTMENT else figure.exclude_reason}


def _allowed(figure: Figure, field: str, value: str | None) -> bool:
    if field == "exclude_reason" and value is None:
        return figure.investment
    if field == "date_basis" and (value == "none") != (figure.date is None):
        return False
    if field in _VALUES:
        return value in _VALUES[field]
    if field in ("low", "high") and (value is None or figure.money.qualifier not in (RANGE, INDEFINITE, ABOUT)):
        return value is None and figure.money.qualifier == ABOUT
    if field in ("amount", "low", "high"):
        return bool(value and _NUMBER.fullmatch(value) and Decimal(value) > 0 and is_exact(Decimal(value)))
    if field == "currency":
        from babel.numbers import is_currency  # which few builds need

        return value is None or (is_currency(value) and value not in _NO_CURRENCIES)
    if field == "parties":
        return _parties(value) is not None
    if field == "period" and value and _PERIOD.fullmatch(value):
        return True
    if field in ("date", "period") and value:
        try:
            first, last = bounds(value)
        except ValueError:
            return False
        return first is None or last is None or first <= last
    return True

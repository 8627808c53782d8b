"""The desk of a maintainer: figures to compare with their articles, those first where an error would weigh most.

In go the sources and what was decided before, out come a queue, and the files that a decision changes: corrections in
reviews.csv, accepted figures in ID.checked.csv, and the day in the sidecar once every figure of a source is accepted.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from math import isnan
from pathlib import Path
from typing import Any

import tomlkit
from rich.console import Console
from rich.progress import track

from ..context.readings import Readings
from ..deals import fx
from ..deals.checked import differences, file_of, read_accepted, row_of, to_csv
from ..deals.citing import mentions_of
from ..deals.corrections import FIELDS, LEFT_OUT, NO_AMOUNT, REVIEWABLE, Corrections, said, turn
from ..deals.linking import Deal, link
from ..deals.mentions import Mention
from ..deals.totals import settle
from ..intake.csv_files import REVIEW_COLUMNS, read_organizations, read_reviews
from ..intake.problems import Problem
from ..intake.sources import Source, find_sources, read_sources

REASON = "read against the article by a maintainer"
CACHE = ".cache"
"""Beside raw/, where a build keeps its readings."""
Review = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Item:
    """A figure to look at, with what says it again.

    `weight` is its worth in dollars times the doubt of it, 0 where that is not known; `masked` the text that it was
    read from; `changed` what is not as it was accepted, by mention and field: what it is, and what it was; `left_out`
    why its deal is left out of totals.
    """

    mention: Mention
    restatements: tuple[Mention, ...]
    weight: float
    masked: str
    changed: Mapping[tuple[str, str], tuple[str | None, str | None]]
    left_out: str | None

    def said(self, mention: Mention, field: str) -> str | None:
        """What a field of one of its mentions holds, as reviews.csv writes it."""
        return self.left_out if field == LEFT_OUT and mention is self.mention else said(mention, field)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        return (self.mention, *self.restatements)


@dataclass(slots=True)
class _Told:
    """One source on the desk: what is read of it before corrections and after, and what was accepted."""

    cited: list[Mention]
    mentions: list[Mention]
    masked: str
    accepted: dict[str, Mapping[str, str | None]]
    checked: date | None


class Desk:
    """What is read of sources, what was decided of it, and what is left to decide."""

    def __init__(
        self,
        raw: Path,
        reviews: Iterable[Review],
        organizations: Sequence[Mapping[str, Any]],
        rates: fx.Rates,
        today: date,
        again: bool = False,
    ) -> None:
        """`reviews` are rows of reviews.csv, `organizations` of the directory; `again`: what was accepted, too."""
        self._raw, self._organizations, self._rates, self._today = raw, organizations, rates, today
        self._again = again
        self._reviews: list[Review] = [*reviews]
        self._told: dict[str, _Told] = {}
        self._decided: set[str] = set()
        """The sources of which something was accepted and not yet written."""
        self._kept = self._reviews
        self._beside: list[Mention] = []
        """What other sources tell, which are not on the desk."""
        self._deals: dict[str, Deal] | None = None
        """What all sources together tell, by mention; None where they have to be settled anew."""

    def add(self, source: Source, text: str, readings: Readings, problems: list[Problem], stale: list[Problem]) -> None:
        """Put a source on the desk. A correction that no longer holds is `stale`, and not applied."""
        reading = readings.read(text, source.published)
        cited = mentions_of(source, text, (reading.figures, reading.masked), Corrections([], []), self._rates, problems)
        accepted = read_accepted(file_of(self._raw, source.source_id), problems)
        told = _Told(cited, cited, reading.masked, dict(accepted), source.checked)
        self._told[source.source_id] = told
        told.mentions = self._apply(source.source_id, self._reviews, stale)

    def beside(self, source: Source, text: str, readings: Readings) -> None:
        """Judge a source together with those on the desk, without putting it there."""
        reading = readings.read(text, source.published)
        mentions = mentions_of(
            source,
            text,
            (reading.figures, reading.masked),
            self._corrections(source.source_id, self._reviews),
            self._rates,
            [],
        )
        self._beside += [mention.without_text() for mention in mentions if mention.figure.is_deal]

    def left_out(self, mention_id: str) -> str | None:
        """Why the deal of a mention is left out of totals, as all sources together tell.

        None where it is not, or is no deal.
        """
        deal = self._settled().get(mention_id)
        return deal.exclude_reason if deal else None

    def unmet(self) -> list[Problem]:
        """The corrections of why deals are left out that no longer hold, and are not applied."""
        problems: list[Problem] = []
        self._deals = self._settle_with("", [], problems)
        return problems

    def _settled(self) -> dict[str, Deal]:
        if self._deals is None:
            self._deals = self._settle_with("", [], [])
        return self._deals

    def _settle_with(self, source_id: str, mentions: Iterable[Mention], problems: list[Problem]) -> dict[str, Deal]:
        """The deals that all sources tell of, by mention, with other `mentions` in place of those of one source."""
        elsewhere = (mention for name, told in self._told.items() if name != source_id for mention in told.mentions)
        deals = link([*self._beside, *elsewhere, *mentions], self._rates)
        settle(deals, self._rates, problems)
        return {mention.mention_id: deal for deal in deals for mention in deal.mentions}

    def queue(self, source_id: str | None = None) -> list[Item]:
        """The figures that nobody has accepted as they are read now, or all of them, those that weigh most first.

        What says one again is with it.
        """
        items = []
        for told in self._told.values() if source_id is None else [self._told[source_id]]:
            again: defaultdict[str, list[Mention]] = defaultdict(list)
            for mention in told.mentions:
                again[mention.parent or ""].append(mention)
            for mention in again.pop("", ()):
                together = (mention, *again[mention.mention_id])
                changed = [
                    (other.mention_id, differences(other, told.accepted.get(other.mention_id))) for other in together
                ]
                if self._again or any(found for _, found in changed):
                    known = {
                        (name, field): pair
                        for name, found in changed
                        if name in told.accepted
                        for field, pair in found.items()
                    }
                    items.append(
                        Item(
                            mention,
                            tuple(again[mention.mention_id]),
                            0.0,
                            told.masked,
                            known,
                            self.left_out(mention.mention_id),
                        )
                    )
        weighed = (
            replace(item, weight=_in_dollars(item.mention, self._rates) * (1 - item.mention.confidence))
            for item in items
        )
        return sorted(weighed, key=lambda item: (-item.weight, item.mention.mention_id))

    def item(self, mention_id: str) -> Item | None:
        """One item of the queue, by the id of its figure or of what says that again."""
        source_id = mention_id.rpartition(":")[0]
        return next(
            (item for item in self.queue(source_id) if mention_id in [mention.mention_id for mention in item.mentions]),
            None,
        )

    def mention(self, mention_id: str) -> Mention | None:
        """A mention on the desk, as it is read and corrected now."""
        told = self._told.get(mention_id.rpartition(":")[0])
        return next((mention for mention in told.mentions if mention.mention_id == mention_id), None) if told else None

    def fix(self, mention_id: str, changes: Mapping[str, str | None], reason: str = REASON) -> list[Problem]:
        """Correct fields of a mention. What does not fit is a problem, and then nothing is corrected."""
        source_id = mention_id.rpartition(":")[0]
        told = self._told.get(source_id)
        if told is None:
            return [
                Problem("reviews.csv", "", f"the mention {mention_id!r}", "a mention of this build", "Correct the id")
            ]
        reviews = self._reviews
        before: list[Problem] = []
        problems: list[Problem] = []
        self._apply(source_id, reviews, before)
        for field, value in sorted(changes.items(), key=lambda change: turn(change[0])):
            if (field == "amount" and value is None and changes.get("qualifier") in NO_AMOUNT) or (
                field == "organization" and changes.get("organization_id")
            ):
                continue  # a range takes the amount away, an id takes the place of the name
            reviews = self._with(reviews, told, mention_id, field, value, reason)
        mentions = self._apply(source_id, reviews, problems)
        known = {replace(problem, place="") for problem in before}  # a correction may stand in another line now
        if new := [problem for problem in problems if replace(problem, place="") not in known]:
            return new
        if LEFT_OUT in changes:
            deal = self._settle_with(source_id, mentions, []).get(mention_id)
            if deal and deal.exclude_reason != changes[LEFT_OUT]:
                found = f"{mention_id}, left out as {deal.exclude_reason} whatever else is said"
                return [Problem("reviews.csv", "", found, repr(changes[LEFT_OUT]), "Correct the field that says so")]
        self._reviews, told.mentions, self._deals = reviews, mentions, None
        return []

    def _with(
        self, reviews: list[Review], told: _Told, mention_id: str, field: str, value: str | None, reason: str
    ) -> list[Review]:
        """The corrections with one more, or with another value in one that is there.

        Without it where the reader said so by itself.
        """
        source_id = mention_id.rpartition(":")[0]
        others = [row for row in reviews if row["mention_id"] != mention_id or not _is_replaced(row, field)]
        mentions = self._apply(source_id, others, [])
        found = next((mention for mention in mentions if mention.mention_id == mention_id), None)
        expected = said(found, field) if found and field in REVIEWABLE else None
        if field == LEFT_OUT:
            deal = self._settle_with(source_id, mentions, []).get(mention_id)
            expected = deal.exclude_reason if deal else None
        if found and field in REVIEWABLE and expected == value:
            return others
        place = next(
            (i for i, row in enumerate(reviews) if (row["mention_id"], row["field"]) == (mention_id, field)),
            len(others),
        )
        return [*others[:place], _review(mention_id, field, expected, value, reason), *others[place:]]

    def accept(self, item: Item) -> None:
        """Accept a figure, and what says it again, as they are read and corrected now.

        Corrections of them that no longer hold go.
        """
        source_id = item.mention.source.source_id
        told = self._told[source_id]
        names = {mention.mention_id for mention in item.mentions}
        stale: list[Problem] = []
        self._apply(source_id, self._reviews, stale)
        places = {problem.place for problem in stale}
        unmet = {name for name in names if (deal := self._settled().get(name)) and not deal.settled}
        gone = [
            row["mention_id"] in names
            and (f"line {i}" in places or (row["field"] == LEFT_OUT and row["mention_id"] in unmet))
            for i, row in enumerate(self._reviews)
        ]
        if any(gone):
            self._reviews = [row for row, goes in zip(self._reviews, gone, strict=True) if not goes]
            told.mentions, self._deals = self._apply(source_id, self._reviews, []), None
        for mention in told.mentions:
            if mention.mention_id in names:
                told.accepted[mention.mention_id] = row_of(mention)
        self.close(source_id)

    def close(self, source_id: str) -> bool:
        """Call a source checked, from today, if every figure of it is accepted.

        What was accepted of figures that are gone goes.
        """
        told = self._told[source_id]
        complete = not any(differences(mention, told.accepted.get(mention.mention_id)) for mention in told.mentions)
        if complete:
            there = {mention.mention_id for mention in told.mentions}
            told.accepted = {name: row for name, row in told.accepted.items() if name in there}
            told.checked = self._today
        self._decided.add(source_id)
        return complete

    def renew(self, reason: str = REASON) -> list[str]:
        """Write the corrections of checked sources anew, so that what was accepted holds whatever is read now.

        A correction keeps its reason; one that is new has `reason`. Gives the ids of figures where what was accepted
        still does not hold.
        """
        left: list[str] = []
        for source_id, told in self._told.items():
            if told.checked is None:
                continue
            reasons = {(row["mention_id"], row["field"]): row["reason"] for row in self._reviews}
            self._reviews = [
                row
                for row in self._reviews
                if row["field"] == LEFT_OUT or (row["mention_id"] or "").rpartition(":")[0] != source_id
            ]
            told.mentions, self._deals = self._apply(source_id, self._reviews, []), None
            order = *sorted(FIELDS, key=turn), "status"  # once more: what was dated later had to be planned
            for mention_id, accepted in told.accepted.items():
                for field in order:
                    by_id = field == "organization" and accepted.get("organization_id")  # it takes the name's place
                    mention = self.mention(mention_id)
                    if mention and said(mention, field) != accepted.get(field) and not by_id:
                        self.fix(mention_id, {field: accepted.get(field)}, reasons.get((mention_id, field)) or reason)
            for mention in told.mentions:
                changed = differences(mention, told.accepted.get(mention.mention_id))
                if (
                    changed.keys() == {"organization"}
                    and mention.figure.organization_id
                    and mention.mention_id in told.accepted
                ):
                    told.accepted[mention.mention_id] = row_of(mention)  # how the text calls whom the id names
                    self._decided.add(source_id)
                elif changed:
                    left.append(mention.mention_id)
            left += [mention_id for mention_id in told.accepted if self.mention(mention_id) is None]
        return left

    def files(self) -> dict[Path, bytes]:
        """The files that were changed by what was decided since this was asked last."""
        files = {} if self._reviews == self._kept else {self._raw / "reviews.csv": _table(self._reviews)}
        for source_id in sorted(self._decided):
            told = self._told[source_id]
            files[file_of(self._raw, source_id)] = to_csv(told.accepted.values())
            sidecar = self._raw / f"{source_id}.toml"
            facts = tomlkit.parse(sidecar.read_text(encoding="utf-8-sig"))
            if told.checked and facts.get("checked") != told.checked:
                facts["checked"] = told.checked
                files[sidecar] = tomlkit.dumps(facts).encode()
        self._decided, self._kept = set(), self._reviews
        return files

    def _apply(self, source_id: str, reviews: Sequence[Review], problems: list[Problem]) -> list[Mention]:
        """What a source tells after corrections; problems name the place of a correction among all."""
        return self._corrections(source_id, reviews).apply(source_id, self._told[source_id].cited, problems)

    def _corrections(self, source_id: str, reviews: Sequence[Review]) -> Corrections:
        own = [
            dict(row) | {"line": str(i)}
            for i, row in enumerate(reviews)
            if (row["mention_id"] or "").rpartition(":")[0] == source_id
        ]
        return Corrections(own, self._organizations)


def _is_replaced(row: Review, field: str) -> bool:
    """Whether a correction goes when a field of its mention is corrected.

    That of the field, and what no longer fits a new amount or qualifier.
    """
    bounds = field in ("amount", "qualifier") and row["field"] in ("low", "high")
    return (
        row["field"] == field
        or bounds
        or (field == "amount" and row["field"] == "qualifier" and row["value"] in NO_AMOUNT)
    )


def _review(mention_id: str, field: str, expected: str | None, value: str | None, reason: str) -> Review:
    return dict(zip(REVIEW_COLUMNS, (mention_id, field, expected, value, reason), strict=True))


def _table(reviews: Iterable[Review]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(REVIEW_COLUMNS)
    writer.writerows([row[column] or "" for column in REVIEW_COLUMNS] for row in reviews)
    return out.getvalue().encode()


def _in_dollars(mention: Mention, rates: fx.Rates) -> float:
    """What an amount is worth, or its upper bound, or its lower one; 0 where that is not known."""
    money = mention.figure.money
    amount = next((value for value in (money.amount, money.high, money.low) if value is not None), None)
    usd = rates.usd(amount, money.currency, mention.value_window)
    return 0.0 if isnan(usd) else abs(usd)


def open_desk(
    raw: Path, source_id: str | None, today: date, screen: Console, problems: list[Problem], again: bool = False
) -> tuple[Desk, list[str]]:
    """A desk with all sources of a folder, or with one, and notices.

    Of what was mended, and of corrections that no longer hold. `again`: its queue has what was accepted, too.
    """
    notices: list[str] = []
    found = find_sources(raw, problems)
    ids = [text.stem for text, _ in found]
    if source_id and source_id not in ids:
        near = ", ".join(get_close_matches(source_id, ids, 3, 0)) or "none"
        problems.append(
            Problem(str(raw), "", f"no source {source_id!r}", f"one that is there, such as {near}", "Correct the id")
        )
    chosen = [(text, sidecar) for text, sidecar in found if source_id in (None, text.stem)]
    organizations = read_organizations(raw / "organizations.csv", problems)
    reviews = read_reviews(raw / "reviews.csv", problems)
    rates = fx.Rates(fx.read_rates(raw / "ecb", problems))
    here = datetime.now().astimezone().date()  # `today` is the latest anywhere
    desk = Desk(raw, reviews, organizations, rates, here, again)
    readings = Readings(raw.resolve().parent / CACHE, organizations)
    stale: list[Problem] = []
    progress = track(chosen, "Reading", console=screen, transient=True, disable=not screen.is_terminal)
    for source, text in read_sources(progress, today, problems, notices):
        desk.add(source, text, readings, problems, stale)
    for source, text in read_sources(
        [pair for pair in found if pair not in chosen], today, [], []
    ):  # a build tells what is wrong with them
        desk.beside(source, text, readings)
    stale += desk.unmet()
    left_out = (
        f"{problem.found}, but {problem.expected} is expected by a correction: "
        "it is left out, and goes when the figure is accepted"
        for problem in stale
    )
    return desk, [*notices, *left_out]

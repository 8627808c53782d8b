"""Learns the weights of the reader: python corpus/train.py (make train).

It learns from the annotated articles and the checked sources.

Fields are learned in the order in which they are read. What an earlier field answered is a feature of a later one, and
what was answered of the figure before of this one: both are taken from models that did not learn from the article
(folds by event), as errors would travel otherwise.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from agreement import first_of, kinds_of, same_date, same_organization
from compose import content_hash
from learning import Group, Net, Question, Weights, learn_classes, learn_ranking

from cn_ai_funding.context import features as f
from cn_ai_funding.context.figure import CANCELLED, STATUSES, SUPERSEDED
from cn_ai_funding.context.mask import mask_text, unmasked
from cn_ai_funding.context.model import Model
from cn_ai_funding.context.names import Directory, Organization
from cn_ai_funding.context.read import Reading, answer, open_reading
from cn_ai_funding.deals.checked import file_of, read_accepted
from cn_ai_funding.deals.corrections import names_of
from cn_ai_funding.intake.csv_files import read_organizations
from cn_ai_funding.intake.sources import find_sources, read_sources
from cn_ai_funding.kinds import INVESTMENT_KINDS, KINDS

HERE = Path(__file__).resolve().parent
FIELDS = ("kind", "status", "organization", "date", "party")
NETS = {
    "kind": Net(16, 5, 0.5, 8),
    "status": Net(8, 6, 0.6, 5),
    "organization": Net(16, 16, 0.4, 6),
    "date": Net(16, 8, 0.3, 6),
    "party": Net(8, 8, 0.3, 6),
}
SELDOM, AGAIN = frozenset({CANCELLED, SUPERSEDED}), 4
"""What did not happen is told of few figures, and to miss it is worst: such questions are asked so many times more."""
FOLDS = 4
_SHARED = 2
"""Figures that two articles share when they tell of one event. By one alone 6 in 10 articles hang together, as many
name the same well-known sums."""
CLASSES = {"kind": KINDS, "status": STATUSES}
RAW, WEIGHTS = HERE.parent / "raw", HERE.parent / "cn_ai_funding" / "context" / "weights"
Gold = dict[str, Any]


@dataclass
class Article:
    """An annotated article, read as far as its candidates; `gold` by the place among figures that restate none."""

    name: str
    reading: Reading
    gold: dict[int, Gold]
    all_gold: list[Gold]
    page: bool = False
    """Whether it is a checked source, and no text of the corpus."""
    given: f.Answers = field(default_factory=f.Answers)


def load(folder: Path, directory: Directory, masked: bool = True) -> list[Article]:
    """The articles of a folder laid out as this one is, read through the mask, or whole."""
    days = {row["id"]: row["published_date"] for row in csv.DictReader((folder / "sources.csv").open(encoding="utf-8"))}
    articles = []
    for file in sorted((folder / "gold").glob("*.jsonl")):
        gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        text = (folder / "articles" / f"{file.stem}.txt").read_text(encoding="utf-8")
        day = days[file.stem]
        reading = open_reading(
            mask_text(text, directory) if masked else unmasked(text, directory),
            date.fromisoformat(day) if day else None,
        )
        articles.append(_article(file.stem, reading, gold))
    return articles


def load_checked(raw: Path, directory: Directory, names: Mapping[str, str]) -> list[Article]:
    """The checked sources of raw/, by what was accepted of them.

    `names` are all names of an organization by its id, as an annotation has them.
    """
    articles = []
    for source, text in read_sources(find_sources(raw, []), date.max, [], []):
        if source.checked:
            accepted = read_accepted(file_of(raw, source.source_id), [])
            gold = [_gold(mention_id, row, names) for mention_id, row in accepted.items() if not row["restates"]]
            articles.append(
                _article(source.source_id, open_reading(mask_text(text, directory), source.published), gold, page=True)
            )
    return articles


def _gold(mention_id: str, row: Mapping[str, str | None], names: Mapping[str, str]) -> Gold:
    """What was accepted of a figure, as an annotation has it."""
    start, end = map(int, mention_id.rpartition(":")[2].split("-"))
    org = "|".join(filter(None, (row["organization"], names.get(row["organization_id"] or "")))) or None
    parties = [party.partition(": ")[2] for party in (row["parties"] or "").split(" | ") if party]
    return {**row, "start": start, "end": end, "org": org, "counterparties": parties}


def _article(name: str, reading: Reading, gold: list[Gold], page: bool = False) -> Article:
    own = {(row["start"], row["end"]): row for row in gold if row["kind"] != "restated_conversion"}
    document = reading.document
    spans = [(document.mentions[i].start, document.mentions[i].end) for i in document.roots]
    return Article(name, reading, {j: own[span] for j, span in enumerate(spans) if span in own}, gold, page)


def load_all(masked: bool = True) -> list[Article]:
    """All that is learned from: the corpus, and the checked sources of raw/ after it."""
    organizations = read_organizations(RAW / "organizations.csv", [])
    names = {row["organization_id"]: "|".join(names_of(row)) for row in organizations}
    directory = Directory(map(Organization.from_row, organizations))
    return load(HERE, directory, masked) + load_checked(RAW, directory, names)


def events(articles: Sequence[Article]) -> dict[str, str]:
    """For each article one that tells of the same event.

    Two do that share two figures, or half of those of either, and so on.
    """
    parent = {article.name: article.name for article in articles}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    told: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    figures: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for article in articles:
        for row in article.all_gold:
            if row["org"] and row["amount"] and row["kind"].split("|")[0] not in ("price", "other", "market_size"):
                figures[article.name].add((row["currency"], row["amount"]))
                for name in row["org"].split("|"):
                    told[row["currency"], row["amount"], re.sub(r"\W", "", name).lower()].add(article.name)
    shared: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for (currency, amount, _), names in told.items():
        for pair in combinations(sorted(names), 2):
            shared[pair].add((currency, amount))
    for (one, other), same in shared.items():
        if len(same) >= _SHARED or 2 * len(same) >= min(len(figures[one]), len(figures[other])):
            parent[root(one)] = root(other)
    return {article.name: root(article.name) for article in articles}


def folds(articles: Sequence[Article], count: int) -> dict[str, int]:
    """For each article its fold, so that no event is in two and the folds are as even as that allows."""
    event = events(articles)
    sizes: defaultdict[str, int] = defaultdict(int)
    for article in articles:
        sizes[event[article.name]] += len(article.gold)
    load, fold = [0] * count, {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold[name] = min(range(count), key=lambda i: (load[i], i))
        load[fold[name]] += sizes[name]
    return {article.name: fold[event[article.name]] for article in articles}


def questions(field: str, articles: Iterable[Article]) -> Iterator[Question | Group]:
    """What is asked of the figures of some articles in one field, given the answers that they hold.

    The right answers marked.
    """
    for article in articles:
        reading, given = article.reading, article.given
        document = reading.document
        for j, gold in article.gold.items():
            place = reading.places[j]
            if field == "kind":
                yield Question(
                    _names(f.kind(document, place, given, reading.shared[j])), frozenset(kinds_of(gold["kind"]))
                )
            elif field == "status" and gold.get("status"):
                yield Question(
                    _names(f.status(document, place, given, reading.shared[j])), frozenset(gold["status"].split("|"))
                )
            elif field == "organization":
                whom = f.Whom(document, place, given)
                keys = whom.candidates()
                yield Group([_names(whom.features(key)) for key in keys], [_is_whom(article, j, key) for key in keys])
            elif field == "date":
                when = f.When(document, place, given)
                dates = when.candidates()
                agree = [same_date(when.value(x), first_of(gold["date"])) for x in dates]
                yield Group(
                    [_names(when.features(x)) for x in dates],
                    agree if any(agree) else [same_date(when.value(x), gold["date"]) for x in dates],
                )

            elif field == "party" and (gold.get("counterparties") or given.kind[j] in INVESTMENT_KINDS):
                others = f.Others(document, place, given)
                for name in others.candidates():
                    takes_part = any(same_organization(name.text, party) for party in gold.get("counterparties", ()))
                    yield Group([frozenset(), _names(others.features(name))], [not takes_part, takes_part])


def _names(features: f.Features) -> frozenset[str]:
    return frozenset(features)


def _is_whom(article: Article, j: int, key: str | None) -> bool:
    gold = article.gold[j]["org"]
    if key is None or gold is None:
        return key is gold
    return same_organization(f.named(article.reading.document, article.reading.places[j], key).text, gold)


def give_gold(field: str, article: Article) -> None:
    """Let a field's own answers be the right ones, as far as they are among the candidates."""
    reading, given = article.reading, article.given
    for j, gold in article.gold.items():
        if field == "kind":
            given.kind[j] = kinds_of(gold["kind"])[0]
        elif field == "status" and gold.get("status"):
            given.status[j] = gold["status"].split("|")[0]
        elif field == "organization":
            keys = f.Whom(reading.document, reading.places[j], given).candidates()
            given.organization[j] = next((key for key in keys if _is_whom(article, j, key)), None)
        elif field == "date":
            when = f.When(reading.document, reading.places[j], given)
            given.date[j] = next(
                (when.value(x) for x in when.candidates() if same_date(when.value(x), gold["date"])), None
            )


def learn(field: str, articles: Sequence[Article]) -> Weights:
    """The weights of one field, given the answers that the articles hold."""
    asked = list(questions(field, articles))
    asked += [question for question in asked if isinstance(question, Question) and question.right <= SELDOM] * AGAIN
    if field in CLASSES:
        return learn_classes(asked, CLASSES[field], NETS[field])  # type: ignore[arg-type]
    return learn_ranking(asked, NETS[field])  # type: ignore[arg-type]


def give(field: str, articles: Iterable[Article], model: Model) -> None:
    """Let the answers of a field be a model's."""
    for article in articles:
        article.reading.answers = article.given
        if field != "party":
            getattr(article.given, field).clear()
        answer(article.reading, field, model)


def learn_all(
    articles: Sequence[Article], fold: Mapping[str, int], fields: Sequence[str] = FIELDS
) -> dict[str, Weights]:
    """The weights of every field. Leaves the articles with the answers of models that did not learn from them."""
    weights = {}
    for name in fields:
        for article in articles:
            give_gold(name, article)
        for i in sorted(set(fold.values())):
            model = Model(learn(name, [article for article in articles if fold[article.name] != i]))
            held = [article for article in articles if fold[article.name] == i]
            give(name, held, model)
        weights[name] = learn(name, articles)
    return weights


def right(field: str, article: Article, j: int) -> bool | None:
    """Whether the answer that an article holds to a field of a figure is right; None where the annotation has none."""
    gold, given = article.gold[j], article.given
    if field == "kind":
        return given.kind[j] in kinds_of(gold["kind"])
    if field == "status":
        return given.status[j] in gold["status"].split("|") if gold.get("status") else None
    if field == "organization":
        return bool(given.organization[j]) and _is_whom(article, j, given.organization[j]) if gold["org"] else None
    return same_date(given.date[j], gold["date"]) if gold["date"] else None


def all_right(article: Article, j: int) -> bool:
    """Whether kind, organization and date of a figure are, as far as the annotation has them."""
    return all(right(field, article, j) is not False for field in ("kind", "organization", "date"))


def write(weights: Mapping[str, Weights], corpus: str, folder: Path) -> None:
    """The weights as text: a line a feature, sorted, under the hash of the corpus that they come from."""
    folder.mkdir(exist_ok=True)
    for name, rows in weights.items():
        lines = [f"{feature}\t{' '.join(map(str, row))}" for feature, row in rows.items()]
        (folder / f"{name}.tsv").write_text(
            "\n".join([f"# learned from the corpus {corpus}", *sorted(lines), ""]), encoding="utf-8"
        )


def main() -> None:
    """Learn everything from the corpus and write the weights beside the code."""
    articles = load_all()
    weights = learn_all(articles, folds(articles, FOLDS))
    write(weights, content_hash(HERE), WEIGHTS)
    for name, rows in weights.items():
        print(f"{name:14}{len(rows):8,} features")


if __name__ == "__main__":
    main()

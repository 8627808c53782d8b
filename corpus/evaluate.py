"""Measures the reader on articles that it did not learn from: python corpus/evaluate.py (make accuracy).

Cross-validation by event: for each fold everything is learned from the other folds, with all that learning does there,
and the fold is then read. Writes accuracy.json, from which README and DATA_DICTIONARY.md are made, and the weights of
the confidence: how often those were right who had not learned from the article. `--more` adds the learning curve, what
the mask costs and what each group of features brings.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click
import train
from agreement import same_organization
from compose import content_hash
from learning import learn_sum
from rich.progress import track
from train import FIELDS, HERE, WEIGHTS, Article, all_right, folds, give, learn_all, load_all, right, write

from cn_ai_funding.context.model import Model
from cn_ai_funding.context.read import SURE, confidence, surety

ACCURACY = HERE / "accuracy.json"
SCORED = ("kind", "organization", "date", "status")
BINS = 10
CERTAIN = 0.9
WORST = 20
GROUPS: dict[str, Callable[[str], bool]] = {
    "the nearest words": lambda name: name.startswith(("N", "L1", "R1", "L2", "R2", "LR", "AR")),
    "words of the clause and the sentence": lambda name: name.startswith(("L:", "R:", "CL", "CR", "S:")),
    "words of other sentences": lambda name: name.startswith(("P:", "H:", "G:", "T:", "D:#")),
    "the answers before": lambda name: name.startswith(("prev", "same", "other", "twin")) or ":same:" in name,
    "the amount": lambda name: name.startswith(("mag", "cur:", "q:", "A:", "inf")),
    "kind and status in others' features": lambda name: ":k:" in name or ":s:" in name,
    "particles and verb endings": lambda name: ":r:" in name or name.startswith(("E", "j:", "r:")),
}
"""Groups of features by the beginning of their names, or what they hold."""


@dataclass
class Tally:
    """What was right of what was asked, by field; and what the confidence said of each figure."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    sure: list[tuple[list[float], bool]] = field(default_factory=list)
    """How sure each figure is, as context/read.py has it, and whether it is right."""
    parties: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        for name in ("right", "asked", "parties", "wrong"):
            getattr(self, name).update(getattr(other, name))
        self.sure += other.sure

    def result(self, sure: Sequence[tuple[float, bool]]) -> dict[str, Any]:
        """The shares that were right, and how well the confidence tells: `sure` has that of each figure."""
        found = {name: round(self.right[name] / self.asked[name], 3) for name in (*SCORED, "all")}
        total = self.parties["gold"] + self.parties["found"]
        ranked = sorted(sure, reverse=True)
        half = ranked[: len(ranked) // 2]
        certain = [hit for chance, hit in ranked if chance >= CERTAIN]
        return found | {
            "parties_f1": round(2 * self.parties["matched"] / total, 3) if total else None,
            "more_confident_half": round(sum(hit for _, hit in half) / len(half), 3),
            "sure": {
                "from": CERTAIN,
                "right": round(sum(certain) / len(certain), 3) if certain else None,
                "share": round(len(certain) / len(ranked), 3),
            },
            "calibration_error": round(_calibration_error(sure), 3),
        }


def _calibration_error(sure: Sequence[tuple[float, bool]]) -> float:
    """The mean distance, over tenths of the confidence and by their size, between what it says and what is right."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, hit in sure:
        bins[min(BINS - 1, int(chance * BINS))].append((chance, hit))
    return sum(abs(sum(chance for chance, _ in rows) - sum(hit for _, hit in rows)) for rows in bins.values()) / max(
        1, len(sure)
    )


def tally(articles: Iterable[Article]) -> Tally:
    """How the answers that some articles hold agree with their annotations."""
    found = Tally()
    for article in articles:
        for j, gold in article.gold.items():
            for name in SCORED:
                agrees = right(name, article, j)
                if agrees is None:
                    continue
                found.asked[name] += 1
                found.right[name] += agrees
                if not agrees and name in ("kind", "status"):
                    found.wrong[f"{name}: {gold[name]} read as {getattr(article.given, name)[j]}"] += 1
                elif not agrees:
                    found.wrong[f"{name} of {gold['kind'].split('|')[0]}"] += 1
            whole = all_right(article, j)
            found.asked["all"] += 1
            found.right["all"] += whole
            found.sure.append((surety(article.reading, j), whole))
            wanted = gold.get("counterparties") or ()
            names = {name.text for name, _ in article.reading.parties.get(j, ())}
            matched = sum(any(same_organization(name, party) for name in names) for party in wanted)
            found.parties.update(gold=len(wanted), found=len(names), matched=matched)
    return found


def held_out(
    articles: list[Article], fold: dict[str, int], i: int, without: str = "", share: float = 1.0
) -> tuple[Tally, Tally]:
    """Read one fold by what was learned from the others, or a share of their articles, without a group of features.

    All of it, and the checked sources.
    """
    if without:
        drop = GROUPS[without]
        train._names = lambda features: frozenset(name for name in features if not drop(name))
    others = [article for article in articles if fold[article.name] != i]
    others = random.Random(0).sample(others, round(len(others) * share))  # noqa: S311
    test = [article for article in articles if fold[article.name] == i]
    weights = learn_all(others, folds(others, train.FOLDS))
    for name in FIELDS:
        give(name, test, Model(weights[name]))
    return tally(test), tally([article for article in test if article.page])


def measure(
    articles: list[Article], fold: dict[str, int], parts: Sequence[int], without: str = "", share: float = 1.0
) -> list[tuple[Tally, Tally]]:
    """The tallies of some folds, two at a time: of all articles, and of the checked sources."""
    with ProcessPoolExecutor(2) as pool:
        read = pool.map(partial(held_out, articles, fold, without=without, share=share), parts)
        return [*track(read, "Reading each fold by the others", len(parts))]


def summed(tallies: Iterable[Tally]) -> Tally:
    """The tallies of several folds as one."""
    total = Tally()
    for one in tallies:
        total.add(one)
    return total


def confident(tallies: Sequence[tuple[Tally, Tally]]) -> tuple[list[tuple[float, bool]], list[tuple[float, bool]]]:
    """The confidence of each figure, and of those of the checked sources, by what the other folds teach of it."""
    whole: list[tuple[float, bool]] = []
    printed: list[tuple[float, bool]] = []
    for i, (one, pages) in enumerate(tallies):
        sums = learn_confidence([row for j, (other, _) in enumerate(tallies) if j != i for row in other.sure])
        whole += [(confidence(numbers, sums), hit) for numbers, hit in one.sure]
        printed += [(confidence(numbers, sums), hit) for numbers, hit in pages.sure]
    return whole, printed


def learn_confidence(rows: Sequence[tuple[list[float], bool]]) -> train.Weights:
    """How the probabilities of kind, organization and date add up to that of all three."""
    return learn_sum(SURE, *zip(*rows, strict=True))


@click.command()
@click.option(
    "--more",
    is_flag=True,
    help="The learning curve, what the mask costs, and what each group of features brings, on one fold.",
)
def main(more: bool) -> None:
    """Cross-validate the reader on the corpus, by event, and write accuracy.json."""
    articles = load_all()
    fold = folds(articles, train.FOLDS)
    tallies = measure(articles, fold, range(train.FOLDS))
    whole, pages = (summed(column) for column in zip(*tallies, strict=True))
    sure, printed = confident(tallies)
    corpus = content_hash(HERE)
    result = {"corpus": corpus, "articles": len(articles), "figures": whole.asked["all"], **whole.result(sure)}
    if printed:
        result["pages"] = {"figures": pages.asked["all"], **pages.result(printed)}
    write({"confidence": learn_confidence(whole.sure)}, corpus, WEIGHTS)
    ACCURACY.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    click.echo(json.dumps(result, indent=2))
    click.echo("\nwhat was read wrong most")
    for what, count in whole.wrong.most_common(WORST):
        click.echo(f"{count:6}  {what}")
    if more:
        click.echo(f"\none fold: {_line(tallies[1][0])}\n\nlearned from a share of the articles")
        for share in (0.25, 0.5):
            click.echo(f"{share:6.0%}  {_line(measure(articles, fold, [1], share=share)[0][0])}")
        click.echo(f"\nread and learned without the mask: {_line(measure(load_all(masked=False), fold, [1])[0][0])}")
        click.echo("\nwithout a group of features")
        for group in GROUPS:
            click.echo(f"{group:40}  {_line(measure(articles, fold, [1], without=group)[0][0])}")


def _line(found: Tally) -> str:
    return "  ".join(f"{name} {found.right[name] / found.asked[name]:.3f}" for name in (*SCORED, "all"))


if __name__ == "__main__":
    main()

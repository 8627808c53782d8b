"""Cites figures: each with the source and the place that it was read from.

In go a source, its masked text and its figures, out come `Mention`s.
"""

import re
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

from ..context import Figure, Layout
from ..context.figure import PLANNED
from ..intake.masked import fits, quote
from ..intake.problems import Problem
from ..intake.sources import Source
from ..money import Span
from ..money.vocabulary import any_of
from . import fx
from .corrections import Corrections
from .mentions import Mention, as_published, is_exact, said_again, value_window

NEAR = 40
"""Code points between an amount and one that says it again."""
_TABLE: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("unsettled.toml").read_text(encoding="utf-8"))
_UNSETTLED = re.compile(f"{any_of(_TABLE['talks'])}|(?<![가-힣]){any_of(_TABLE['hopes'])}")


def mentions_of(
    source: Source,
    text: str,
    reading: tuple[Sequence[Figure], str],
    corrections: Corrections,
    rates: fx.Rates,
    problems: list[Problem],
) -> list[Mention]:
    """What one source tells as published: cited, with what says an amount again, and corrected.

    `reading` is the figures of its text and the masked text that they were read from.
    """
    figures, masked = reading
    return corrections.apply(
        source.source_id, restate(cite(source, text, masked, figures, problems), masked, rates), problems
    )


def cite(source: Source, text: str, masked: str, figures: Sequence[Figure], problems: list[Problem]) -> list[Mention]:
    """The figures of one source with their citations. `masked` is the source's `text` with only the evidence in it.

    An amount that float64 does not hold exactly is a problem: the tables could not say it. So is a citation that does
    not stand in the text at its offsets, though no text should ever give one. What restates a figure is as sure as that
    one.
    """
    if not fits(masked, text) or any(
        text[figure.money.start : figure.money.end] != figure.money.text for figure in figures
    ):
        action = "This is a fault of the build: report it with the source"
        problems.append(
            Problem(
                f"{source.source_id}.txt",
                "",
                "a citation that does not stand in the text",
                "every word at its offsets",
                action,
            )
        )
    for money in (figure.money for figure in figures):
        if not all(is_exact(value) for value in (money.amount, money.low, money.high)):
            place = f"line {masked.count(chr(10), 0, money.start) + 1}"
            action = "If the article says so, remove the source; no table could hold it"
            problems.append(
                Problem(
                    f"{source.source_id}.txt",
                    place,
                    f"the amount {money.text[:40]}",
                    "a number that float64 holds exactly",
                    action,
                )
            )
    layout = Layout(masked)
    ids = [f"{source.source_id}:{figure.money.start}-{figure.money.end}" for figure in figures]
    starts = [figure.money.start for figure in figures if figure.restates is None]
    mentions = []
    for mention_id, figure in zip(ids, figures, strict=True):
        sentence = layout.sentence(figure.money.start)
        told = figure if figure.restates is None else replace(figure, confidence=figures[figure.restates].confidence)
        mentions.append(
            Mention(
                mention_id,
                source,
                as_published(told, source.published),
                None if figure.restates is None else ids[figure.restates],
                quote(masked, *sentence),
                whole=None if figure.part_of is None else ids[figure.part_of],
                early=as_published(told, source.published) != told,
                unsettled=_is_unsettled(figure, masked, sentence, starts),
            )
        )
    return mentions


def _is_unsettled(figure: Figure, masked: str, sentence: Span, starts: Sequence[int]) -> bool:
    """Whether a plan is only talked about or hoped for.

    By the words of its sentence that told its status, or that follow its amount.

    `starts` is where the amounts of the text start that restate none: what follows the next one is said of that.
    """
    following = bisect_right(starts, figure.money.start)
    after = figure.money.end, min([sentence[1], *starts[following : following + 1]])
    words = (span for span in figure.evidence.get("status", ()) if sentence[0] <= span[0] < sentence[1])
    return figure.status == PLANNED and any(_UNSETTLED.search(masked, *span) for span in (after, *words))


def restate(mentions: Sequence[Mention], masked: str, rates: fx.Rates) -> list[Mention]:
    """The mentions of one source, with those that say the one before again at the day's rate as its restatements.

    Such stands near, in the same clause, in another currency, and is read as of the same kind and organization:
    '1조 위안, 190조 원', or a second bracket.
    """
    by_id = {mention.mention_id: mention for mention in mentions}
    follow: defaultdict[str | None, list[str]] = defaultdict(list)
    for mention in mentions:
        follow[mention.parent].append(mention.mention_id)
    layout = Layout(masked)
    for before, mention in pairwise(mentions):
        again, earlier = by_id[mention.mention_id], by_id[before.mention_id]
        parent = by_id[earlier.parent] if earlier.parent else earlier
        gap = before.figure.money.end, mention.figure.money.start
        if again.parent or gap[1] - gap[0] > NEAR or layout.clauses_between(*gap) or not _alike(parent, again):
            continue
        together = [parent.mention_id, *follow[parent.mention_id], again.mention_id, *follow[again.mention_id]]
        currencies = [by_id[name].figure.money.currency for name in together]
        agrees = any(fx.agree(*pair) for pair in zip(_worth(parent, rates), _worth(again, rates), strict=True))
        if agrees and len(set(currencies)) == len(currencies):
            by_id[again.mention_id] = said_again(again, parent, {"restates": (gap,)} if gap[0] < gap[1] else {})
            for name in follow[again.mention_id]:
                by_id[name] = said_again(by_id[name], parent, by_id[name].figure.evidence)
            follow[parent.mention_id] += [again.mention_id, *follow.pop(again.mention_id, ())]
    return [*by_id.values()]


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two mentions are read as of the same kind and organization."""
    known = {mention.who for mention in (one, other) if mention.figure.organization or mention.figure.organization_id}
    return one.figure.kind == other.figure.kind and len(known) < 2


def _worth(mention: Mention, rates: fx.Rates) -> list[float]:
    """What an amount is worth in dollars at its date, and at its publication: publishers convert at either."""
    windows = mention.value_window, value_window(None, mention.source.published)
    money = mention.figure.money
    return [rates.usd(money.amount, money.currency, window) for window in windows]

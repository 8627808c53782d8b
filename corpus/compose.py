"""Brings an annotated article into the corpus, and checks what is there.

Commands: `python corpus/compose.py` draft, add, check, count.

An article is authored as two files: NNNN.txt, the text, and NNNN.json, what is known of it:

    {"url": "…", "publisher": "…", "published": "2024-03-04", "title": "…",
     "figures": [{"text": "13억 위안", "nth": 1, "amount": "1300000000", "currency": "CNY", "qualifier": "exact",
                  "kind": "cumulative_funding", "org": "아이카본엑스|iCarbonX", "date": "2017", "status": "as_of"},
                 {"text": "2149억원", "nth": 1, "amount": "214900000000", "currency": "KRW", "qualifier": "about",
                  "parent": 0}]}

`nth` tells which occurrence of the words is meant (the first if left out; in a longer number they do not count),
`parent` the figure that this one says again, as its place in the list. GUIDE.md says what the fields mean. `draft`
prints such a file for a text, to be corrected by hand, `add` writes it as articles/NNNN.txt, gold/NNNN.jsonl (a line a
figure, by its place) and a row of sources.csv.
"""

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from cn_ai_funding import find_money
from cn_ai_funding.cli.commandline import SETTINGS, Refused, examples, run
from cn_ai_funding.context.figure import STATUSES
from cn_ai_funding.context.restatements import find_restatements
from cn_ai_funding.edtf import bounds
from cn_ai_funding.intake.problems import Problem
from cn_ai_funding.kinds import KINDS
from cn_ai_funding.money import QUALIFIERS, MoneyMention
from cn_ai_funding.money.mention import INDEFINITE, RANGE, UNREADABLE

HERE = Path(__file__).resolve().parent
PROGRAM = "python corpus/compose.py"
RESTATED = "restated_conversion"
"""The kind of a figure that says another one again: it has no organization and no date of its own."""
SHORTEST, LONGEST = 20, 6000
"""Characters of an article."""
REQUIRED = ("start", "end", "text", "amount", "currency", "qualifier", "kind", "parent", "org", "date")
OF_ITS_OWN = ("status", "period", "round", "counterparties", "china_ai")
"""What only a figure that restates none has."""
FIELDS = (
    "start",
    "end",
    "text",
    "amount",
    "low",
    "high",
    "currency",
    "qualifier",
    "inferred",
    "kind",
    "parent",
    "org",
    "date",
    *OF_ITS_OWN,
    "note",
    "intended",
)
"""The fields of a line of gold, in the order in which they are written. `note` explains a slip of the publisher,
`intended` is what was meant."""
COLUMNS = ("id", "url", "publisher", "published_date", "title")
_CURRENCY = re.compile("[A-Z]{3}")
_DURATION = re.compile(r"P[1-9][0-9]*[YMWD]")
_ID = re.compile("[0-9]{4}")
Gold = dict[str, Any]
Rows = dict[str, dict[str, str]]
"""sources.csv by id."""


def place(text: str, words: str, nth: int = 1) -> int | None:
    """Where the nth occurrence of some words begins that is no part of a longer number (1억 in 11억 or 1,1억).

    None where there is none.
    """
    longer = r"(?<![0-9])(?<![0-9][.,])" if words[:1].isdigit() else ""
    return next(
        (found.start() for i, found in enumerate(re.finditer(longer + re.escape(words), text), 1) if i == nth), None
    )


def which(text: str, start: int, words: str) -> int | None:
    """Which occurrence of the words it is that begins at `start`: the reverse of `place`."""
    nth = 1
    while (at := place(text, words, nth)) is not None:
        if at == start:
            return nth
        nth += 1
    return None


def draft(text: str) -> list[Gold]:
    """The amounts that find_money sees, as figures to be corrected and completed by hand."""
    mentions = find_money(text)
    return [
        {"text": mention.text, "nth": which(text, mention.start, mention.text), **reading(mention)}
        | ({"kind": "", "org": "", "date": "", "status": ""} if parent is None else {"parent": parent})
        for mention, parent in zip(mentions, find_restatements(text, mentions), strict=True)
    ]


def reading(mention: MoneyMention) -> Gold:
    """What a mention says, in the fields of the gold."""

    def plain(amount: Decimal | None) -> str | None:
        return None if amount is None else format(amount, "f")

    said: Gold = {"amount": plain(mention.amount)}
    if mention.amount is None:
        said |= {"low": plain(mention.low), "high": plain(mention.high)}
    said |= {"currency": mention.currency, "qualifier": mention.qualifier}
    return said | ({"inferred": True} if mention.currency_inferred else {})


def compose(file: str, text: str, authored: Sequence[Mapping[str, Any]]) -> tuple[list[Gold], list[Problem]]:
    """The gold of an article, in the order of the text, and which of the authored figures it could not place."""
    spots = [place(text, figure["text"], figure.get("nth", 1)) for figure in authored]
    gold: list[Gold] = []
    problems: list[Problem] = []
    for i, (figure, start) in enumerate(zip(authored, spots, strict=True)):
        parent = figure.get("parent")
        told = f"figure {i} {figure['text']!r}"
        if start is None:
            found = f"no occurrence {figure.get('nth', 1)} of it in the text"
            problems.append(Problem(file, told, found, "the words as the text writes them", "Correct text or nth"))
        elif parent is not None and not (isinstance(parent, int) and 0 <= parent < len(spots)):
            problems.append(
                Problem(
                    file,
                    told,
                    f"parent {parent!r}",
                    f"a figure's place in the list, 0 to {len(spots) - 1}",
                    "Count from 0",
                )
            )
        else:
            gold.append(_line(figure, start, None if parent is None else spots[parent]))
    return sorted(gold, key=lambda line: line["start"]), problems


def _line(figure: Mapping[str, Any], start: int, parent: int | None) -> Gold:
    """A figure of the gold: the authored one with its place instead of its occurrence.

    Unknown fields stay, for `check_article` to tell.
    """
    line = dict(figure) | {"start": start, "end": start + len(figure["text"]), "parent": parent}
    line.pop("nth", None)
    if parent is None:
        line = {"kind": None, "org": None, "date": None, "status": None, "china_ai": True} | line
    else:
        line |= {"kind": RESTATED, "org": None, "date": None}
    known = {
        field: line[field] or None if field in ("org", "date", "status") else line[field]
        for field in FIELDS
        if field in line
    }
    return known | {field: value for field, value in line.items() if field not in FIELDS}


Fault = tuple[str, str, str]
"""What was found, what was expected, what to do."""


def check_article(name: str, text: str, gold: Sequence[Gold]) -> list[Problem]:
    """What is wrong with an article's annotations.

    Places, amounts, restatements, and values that the rule book does not have.
    """
    problems = []
    if not SHORTEST <= len(text) <= LONGEST:
        problems.append(
            Problem(
                f"articles/{name}.txt",
                "",
                f"{len(text)} characters",
                f"{SHORTEST} to {LONGEST}",
                "Lengthen or cut the article",
            )
        )
    by_start = {line.get("start"): line for line in gold}
    for i, line in enumerate(gold, 1):
        told = f"line {i} {line.get('text')!r}"
        problems += [Problem(f"gold/{name}.jsonl", told, *fault) for fault in _faults(text, line, by_start)]
    for i, (line, following) in enumerate(pairwise(gold), 1):
        if following.get("start", 0) < line.get("end", 0):
            found = f"{following.get('text')!r} beginning in or before {line.get('text')!r}"
            problems.append(
                Problem(
                    f"gold/{name}.jsonl",
                    f"line {i + 1}",
                    found,
                    "figures in order, none in another",
                    "Sort the lines or take one out",
                )
            )
    return problems


def _faults(text: str, line: Gold, by_start: Mapping[Any, Gold]) -> Iterator[Fault]:
    """What is wrong with one figure. Where fields are missing or its place is wrong, that alone."""
    if missing := [field for field in REQUIRED if field not in line]:
        yield f"no {', '.join(missing)}", f"all of {', '.join(REQUIRED)}", "Add what is missing"
    elif text[line["start"] : line["end"]] != line["text"]:
        yield (
            f"{text[line['start'] : line['end']]!r} at {line['start']}",
            f"{line['text']!r}",
            "Add the article anew, or correct start and end",
        )
    else:
        if unknown := [field for field in line if field not in FIELDS]:
            yield f"field {unknown[0]!r}", f"one of {', '.join(FIELDS)}", "Rename it or take it out"
        yield from _amount_faults(line)
        yield from _restatement_faults(line, by_start) if line["parent"] is not None else _own_faults(text, line)


def _amount_faults(line: Gold) -> Iterator[Fault]:
    read = {
        field: _decimal(line[field]) for field in ("amount", "low", "high", "intended") if line.get(field) is not None
    }
    for field, amount in read.items():
        if amount is None:
            yield f"{field} {line[field]!r}", "digits such as 1300000000, in a string", "Write whole units"
    if line["qualifier"] not in QUALIFIERS or line["qualifier"] == UNREADABLE:
        yield f"qualifier {line['qualifier']!r}", f"one of {', '.join(QUALIFIERS[:-1])}", "See GUIDE.md, Fields"
    bounded = line["qualifier"] in (RANGE, INDEFINITE)
    if bounded != (line["amount"] is None) or bounded != ({"low", "high"} <= read.keys()):
        yield (
            f"{line['qualifier']} with {', '.join(read) or 'no amount'}",
            "low and high for range and indefinite, else amount",
            "Correct qualifier or amount",
        )
    elif bounded and read["low"] and read["high"] and read["low"] >= read["high"]:
        yield f"low {line['low']}, high {line['high']}", "low below high", "Exchange or correct them"
    if not _CURRENCY.fullmatch(line["currency"] or ""):
        yield f"currency {line['currency']!r}", "an ISO 4217 code", "Write KRW, USD, CNY …"


def _decimal(amount: object) -> Decimal | None:
    try:
        return Decimal(amount) if isinstance(amount, str) and not re.search("[^0-9.]", amount) else None
    except InvalidOperation:
        return None


def _restatement_faults(line: Gold, by_start: Mapping[Any, Gold]) -> Iterator[Fault]:
    parent = by_start.get(line["parent"])
    if parent is None:
        yield (
            f"parent {line['parent']}",
            "the start of a figure of this article",
            "Name the figure that this one says again",
        )
    elif parent.get("parent") is not None:
        yield (
            f"a parent, {parent['text']!r}, that restates another figure",
            "the figure written first",
            "Name the parent's parent",
        )
    elif parent["currency"] == line["currency"] and "note" not in line:
        yield (
            f"{line['currency']} like its parent {parent['text']!r}",
            "another currency",
            "Give it a kind of its own, or say in a note what slipped",
        )
    if line["kind"] != RESTATED:
        yield f"kind {line['kind']!r} and a parent", RESTATED, "Take the one or the other"
    if own := [field for field in ("org", "date", *OF_ITS_OWN) if line.get(field) is not None]:
        yield f"{own[0]} {line[own[0]]!r}", "none: a restatement has its parent's", f"Take {own[0]} out"


def _own_faults(text: str, line: Gold) -> Iterator[Fault]:
    for kind in _answers(line["kind"]) or [""]:
        if kind not in KINDS:
            yield f"kind {kind!r}", f"one of {', '.join(KINDS)}", "See GUIDE.md, Fields"
    if not line.get("status") and "other" not in _answers(line["kind"]):
        yield (
            "no status",
            "one; only a definition or a threshold, which is `other`, has none",
            "Say whether it has happened",
        )
    for status in _answers(line.get("status")):
        if status not in STATUSES:
            yield f"status {status!r}", f"one of {', '.join(STATUSES)}", "See GUIDE.md, Fields"
    for day in _answers(line["date"]):
        if not _is_edtf(day):
            yield f"date {day!r}", "2017, 2017-11, 2017-11-03 or an interval such as 2015/2016-06", "Correct the date"
    if (period := line.get("period")) is not None and not (_DURATION.fullmatch(period) or _is_edtf(period)):
        yield f"period {period!r}", "P3Y, P6M … or an interval such as 2015/2016-06", "Correct the period"
    if not isinstance(line.get("china_ai", True), bool):
        yield f"china_ai {line['china_ai']!r}", "true or false", "Correct it"
    yield from _names_not_in(text, line)


def _names_not_in(text: str, line: Gold) -> Iterator[Fault]:
    for field, names in (
        ("org", _answers(line["org"])),
        ("counterparties", line.get("counterparties") or []),
        ("round", _answers(line.get("round"))),
    ):
        for name in names:
            if not name or name not in text:
                yield f"{field} {name!r}", "words that stand in the article", "Write it as the text does"


def _answers(field: str | None) -> list[str]:
    """The answers that a field takes for right, `a|b`."""
    return field.split("|") if field else []


def _is_edtf(text: str) -> bool:
    try:
        bounds(text)
    except ValueError:
        return False
    return True


def check_sources(texts: Mapping[str, str], golds: Iterable[str], sources: Rows) -> list[Problem]:
    """What is wrong with the articles as a set.

    One that stands twice, lacks its gold or its row of sources.csv, or the reverse.
    """
    problems = []
    first: dict[str, str] = {}
    for name, text in texts.items():
        if (other := first.setdefault(text, name)) != name:
            problems.append(
                Problem(
                    f"articles/{name}.txt",
                    "",
                    f"the text of articles/{other}.txt",
                    "an article once",
                    "Take one of the two out",
                )
            )
    for name in sorted({*texts, *golds, *sources}):
        there = {
            f"articles/{name}.txt": name in texts,
            f"gold/{name}.jsonl": name in golds,
            "row of sources.csv": name in sources,
        }
        if lacking := [what for what, stands in there.items() if not stands]:
            problems.append(
                Problem(name, "", f"no {' and no '.join(lacking)}", "all three", "Add it or take the others out")
            )
    return problems + [
        Problem("sources.csv", name, *fault) for name, row in sources.items() for fault in _row_faults(row)
    ]


def _row_faults(row: Mapping[str, str]) -> Iterator[Fault]:
    if tuple(row) != COLUMNS or None in row.values():
        yield f"columns {', '.join(map(str, row))}", ", ".join(COLUMNS), "Quote what holds a comma"
        return
    if not _ID.fullmatch(row["id"]):
        yield f"id {row['id']!r}", "four digits", "Number the article by its part"
    if not row["title"].strip():
        yield "no title", "the page's, or the headline", "Write it"
    if row["url"] and not row["url"].startswith(("http://", "https://")):
        yield f"url {row['url']!r}", "http:// or https://, or nothing where the facts are invented", "Correct it"
    try:
        date.fromisoformat(row["published_date"] or "2000-01-01")
    except ValueError:
        yield (
            f"published_date {row['published_date']!r}",
            "a day such as 2024-03-04, or nothing where it is unknown",
            "Correct it",
        )


def disagreements(name: str, text: str, gold: Sequence[Gold]) -> Iterator[str]:
    """Where find_money reads an article's amounts otherwise.

    A slip of the annotation, or a construction that the finder does not know.
    """
    seen = {(mention.start, mention.end): mention for mention in find_money(text)}
    said = {(line["start"], line["end"]): line for line in gold}
    for start, end in sorted({*seen, *said}):
        where = f"{name} {start} {text[max(0, start - 12) : start]}[{text[start:end]}]{text[end : end + 8]}".replace(
            "\n", " "
        )
        if (start, end) not in said:
            yield f"{where}: seen by find_money, not annotated"
        elif (start, end) not in seen:
            yield f"{where}: annotated, not seen by find_money"
        else:
            line, found = said[start, end], reading(seen[start, end])
            for field, read in found.items():
                if not _same(line.get(field), read):
                    yield f"{where}: {field} {line.get(field)}, find_money reads {read}"


def _same(said: object, read: object) -> bool:
    return said == read or (
        isinstance(said, str) and isinstance(read, str) and said[:1].isdigit() and Decimal(said) == Decimal(read)
    )


def load_texts(folder: Path) -> dict[str, str]:
    """The articles of a folder laid out as this one is, by id."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted((folder / "articles").glob("*.txt"))}


def load_gold(folder: Path) -> dict[str, list[Gold]]:
    """The annotations of the articles, by id."""
    return {
        file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in sorted((folder / "gold").glob("*.jsonl"))
    }


def load_sources(folder: Path) -> Rows:
    """The rows of sources.csv by id; none where there is no such file."""
    file = folder / "sources.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def check(folder: Path) -> list[Problem]:
    """Everything that is wrong with a folder of annotated articles."""
    texts, golds = load_texts(folder), load_gold(folder)
    problems = [
        problem for name, text in texts.items() if name in golds for problem in check_article(name, text, golds[name])
    ]
    return problems + check_sources(texts, golds, load_sources(folder))


def read_authored(folder: Path) -> tuple[dict[str, tuple[str, list[Gold], dict[str, str]]], list[Problem]]:
    """Text, gold and row of each NNNN.json in a folder, and what is wrong with them."""
    ready, problems = {}, []
    for file in sorted(folder.glob("*.json")):
        name = file.stem
        try:
            known = json.loads(file.read_text(encoding="utf-8"))
            text = file.with_suffix(".txt").read_text(encoding="utf-8")
            gold, lost = compose(file.name, text, known["figures"])
        except (OSError, ValueError, KeyError) as error:
            problems.append(
                Problem(
                    str(file),
                    "",
                    repr(error),
                    f"a JSON file as in {PROGRAM} draft, and {name}.txt beside it",
                    "Correct it",
                )
            )
            continue
        row = {"id": name, "published_date": known.get("published") or ""} | {
            field: known.get(field, "") for field in ("url", "publisher", "title")
        }
        row = {column: row[column] for column in COLUMNS}
        problems += (
            lost + check_article(name, text, gold) + [Problem(file.name, "", *fault) for fault in _row_faults(row)]
        )
        ready[name] = text, gold, row
    return ready, problems


def write(folder: Path, name: str, text: str, gold: Sequence[Gold]) -> None:
    """An article and its gold, as they lie in the corpus."""
    for file, content in (
        (folder / "articles" / f"{name}.txt", text),
        (folder / "gold" / f"{name}.jsonl", "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in gold)),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="\n")


def write_sources(folder: Path, sources: Rows) -> None:
    """sources.csv, sorted by id."""
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sources[name] for name in sorted(sources))


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
CORPUS = click.argument("folder", type=FOLDER, default=HERE)


def content_hash(folder: Path) -> str:
    """SHA-256 of the annotated articles that the weights are learned from, by name and content."""
    digest = hashlib.sha256()
    for file in sorted([*folder.glob("articles/*.txt"), *folder.glob("gold/*.jsonl"), folder / "sources.csv"]):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()


@click.group(
    context_settings=SETTINGS,
    epilog=examples(PROGRAM, "draft new/2701.txt > new/2701.json", "add new", "check", "count"),
)
def cli() -> None:
    """Annotated articles: draft, add, check, count."""


@cli.command("draft")
@click.argument("article", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draft_command(article: Path) -> None:
    """Print the JSON of an article: every amount that find_money sees, to be corrected and completed by hand."""
    figures = ",\n".join(
        f"  {json.dumps(figure, ensure_ascii=False)}" for figure in draft(article.read_text(encoding="utf-8"))
    )
    click.echo(f'{{"url": "", "publisher": "", "published": "", "title": "",\n "figures": [\n{figures}\n]}}')


@cli.command("add")
@click.argument("authored", type=FOLDER)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=HERE, help="The corpus; this one if left out."
)
def add_command(authored: Path, into: Path) -> None:
    """Write every NNNN.txt and NNNN.json of a folder into the corpus. Nothing is written while there is a fault."""
    ready, problems = read_authored(authored)
    if problems:
        raise Refused(problems)
    for name, (text, gold, _) in ready.items():
        write(into, name, text, gold)
        for line in disagreements(name, text, gold):
            click.echo(line)
    write_sources(into, load_sources(into) | {name: row for name, (_, _, row) in ready.items()})
    click.echo(f"{len(ready)} articles, {sum(len(gold) for _, gold, _ in ready.values())} amounts written to {into}")


@cli.command("check")
@CORPUS
def check_command(folder: Path) -> None:
    """Check the whole corpus; tell where find_money reads an amount otherwise, which is no fault."""
    problems = check(folder)
    texts, golds = load_texts(folder), load_gold(folder)
    told = [line for name, text in texts.items() for line in disagreements(name, text, golds.get(name, []))]
    for line in told:
        click.echo(line)
    if problems:
        raise Refused(problems)
    click.echo(
        f"{len(texts)} articles, {sum(map(len, golds.values()))} amounts: no fault; "
        f"find_money differs at {len(told)} places"
    )


@cli.command("count")
@CORPUS
def count_command(folder: Path) -> None:
    """Print how much the corpus holds: articles and amounts by part, figures by kind and status."""
    golds = load_gold(folder)
    articles = Counter(name[:2] for name in golds)
    amounts = Counter(name[:2] for name, gold in golds.items() for _ in gold)
    own = sum(line["parent"] is None for gold in golds.values() for line in gold)
    click.echo(f"{articles.total()} articles, {amounts.total()} amounts, {own} of them with fields of their own")
    click.echo(f"{sum(map(len, load_texts(folder).values()))} characters\n\npart  articles  amounts")
    for part in sorted(articles):
        click.echo(f"{part:4}{articles[part]:10}{amounts[part]:9}")
    for field in ("kind", "status"):
        click.echo(f"\n{field} (an answer of two counts for both)")
        by_answer = Counter(answer for gold in golds.values() for line in gold for answer in _answers(line.get(field)))
        for name, number in by_answer.most_common():
            click.echo(f"{name:24}{number:6}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Its exit status: 0; 1 with what is wrong; 2 where the command itself is."""
    return run(cli, PROGRAM, arguments)


if __name__ == "__main__":
    sys.exit(main())

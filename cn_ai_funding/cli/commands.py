"""Commands: python -m cn_ai_funding add, coverage, mask, money, page, read, review, show, verify.

Each calls a room and shows what it gives.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..context import Organization
    from ..desk.adding import Article

try:
    import click

    from ..intake.problems import Problem
    from .commandline import SETTINGS, Day, Refused, console, examples, run, today
except ImportError as error:
    from ..extras import missing

    sys.exit(f"error: {missing(error, 'every command') or error}")

PROGRAM = "python -m cn_ai_funding"
COLUMNS = ("start", "end", "text", "amount", "low", "high", "currency", "currency_inferred", "qualifier")
"""What is shown of a mention: the fields of MoneyMention but its evidence."""
FIGURE_COLUMNS = (
    "kind",
    "status",
    "organization",
    "organization_id",
    "date",
    "date_basis",
    "period",
    "round",
    "counterparties",
    "parties",
    "restates",
    "part_of",
    "exclude_reason",
    "confidence",
    "answers",
)
"""What is shown of a figure besides."""
MOST_DIFFERENCES = 20
"""How many are told of one text; one that is moved differs everywhere."""
_PATH = re.compile(r"\S*\.(?:txt|text|md|html?)", re.IGNORECASE)
"""What a text never is: one word that ends as the names of files do."""


FILE = click.Path(path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
raw_option = click.option("--raw", type=FILE, default=Path("raw"), show_default=True, help="The folder of sources.")
published_option = click.option(
    "--published",
    type=Day(),
    metavar="DAY",
    help="The day it appeared (2019-02-07); words such as 지난달 count from it.",
)


@click.group(
    epilog=examples(
        PROGRAM,
        "money '13억 위안(약 2149억원)을 투자했다'",
        "read article.txt --published 2019-02-07",
        "add article.txt --publisher 뉴스핌 --title '…' --published 2024-03-04",
        "verify article.txt",
        "review",
        "show 003-newspim:177-184",
    ),
    context_settings=SETTINGS,
)
@click.version_option(package_name="cn-ai-funding", message="%(version)s")
def cli() -> None:
    """Read Korean money and articles; add sources; check and show citations."""


@cli.command(
    epilog=examples(
        PROGRAM,
        "money article.txt",
        "money '13억 위안(약 2149억원)을 투자했다'",
        "money --json - < article.txt | jq .amount",
    ),
    context_settings={"ignore_unknown_options": True},  # -5억 위안 is a text
)
@click.argument("words", nargs=-1, metavar="[FILE | TEXT]...")
@as_json_option
def money(words: Sequence[str], as_json: bool) -> None:
    """Show the money that a Korean text names.

    One argument that is the name of a file is read as one, in any encoding; anything else is the TEXT itself. Reads
    standard input without an argument, or for -.
    """
    from ..frames import as_row
    from ..money import find_money

    text = _text(words[0] if words else "-") if _names_file(words) else " ".join(words)
    mentions = find_money(text)
    if sys.stdout.isatty() and not as_json:
        from .terminal import show_money

        show_money(console(), text, mentions)
    else:
        _write(COLUMNS, ({column: row[column] for column in COLUMNS} for row in map(as_row, mentions)), as_json=as_json)


@cli.command(
    epilog=examples(
        PROGRAM,
        "read article.txt --published 2019-02-07",
        "read article.txt --json | jq 'select(.deal) | .organization'",
        "read - < article.txt",
    )
)
@click.argument("article")
@published_option
@as_json_option
def read(article: str, published: date | None, as_json: bool) -> None:
    """Show what the figures of an article are about, and why.

    ARTICLE is a file in any encoding, or - for standard input. The words that each figure was read from are marked; of
    kind, organization and date the probability is shown, and what would have been read else.
    """
    from .. import read_article
    from ..frames import as_row

    text = _text(article)
    figures = read_article(text, published)
    if sys.stdout.isatty() and not as_json:
        from .terminal import show_figures, show_text

        show_text(console(), text, figures)
        show_figures(console(), text, figures)
        return
    rows = []
    for figure in figures:
        told = as_row(figure) | {"confidence": round(figure.confidence, 3)}
        if not as_json:
            told = {column: told[column] for column in (*COLUMNS, *FIGURE_COLUMNS)}
            told |= {
                "counterparties": " | ".join(figure.counterparties),
                "parties": " | ".join(f"{party.role}: {party.name}" for party in figure.parties),
            }
            told["answers"] = " | ".join(
                f"{field} {x.probability:.2f} or {x.runner_up} {x.runner_up_probability:.2f}"
                for field, x in figure.answers.items()
            )
        rows.append(told)
    _write((*COLUMNS, *FIGURE_COLUMNS), rows, as_json=as_json)


@cli.command(
    epilog=examples(
        PROGRAM,
        "add article.txt --publisher 뉴스핌 --title '…' --published 2024-03-04",
        "add article.txt --publisher KBS --dry-run",
        "add articles --facts facts.csv",
        "add - --publisher KBS --url https://… < article.txt",
    )
)
@click.argument("article")
@click.option(
    "--facts", "facts_file", type=FILE, help="What is known of the articles of a folder.  [default: FOLDER/facts.csv]"
)
@click.option("--publisher", help="Who published it.")
@click.option("--title", help="Its title; leave it out where it is unknown.")
@published_option
@click.option(
    "--published-basis", type=click.Choice(["stated", "listing"]), help="How the day is known.  [default: stated]"
)
@click.option("--author", help="Its author or authors.")
@click.option("--url", help="Its address.")
@click.option("--language", help="BCP 47.  [default: ko]")
@click.option("--origin", help="Where the text was taken from.")
@click.option("--licence", help="The rights in the article.")
@click.option(
    "--extent",
    type=click.Choice(["full", "excerpt"]),
    help="Whether the text is all of the article, or its beginning or parts.  [default: full]",
)
@click.option(
    "--id", "source_id", help="What its files and citations are called.  [default: the day and the publisher]"
)
@raw_option
@click.option("--dry-run", is_flag=True, help="Show what would be added and write nothing.")
def add(article: str, facts_file: Path | None, source_id: str | None, raw: Path, dry_run: bool, **facts: Any) -> None:
    """Show what articles say, then add them to raw/, masked.

    ARTICLE is a full text in any encoding, - for standard input, or a folder of texts; it is only read. Masked texts
    and sidecars are written, nothing else: 'make build' publishes.

    The facts of a folder are rows of a CSV file with the columns file, id, publisher, title, published,
    published_basis, author, url, language, origin, licence, extent, in any order; only file is required. Options fill
    empty cells. Nothing is written unless all articles are sound; those that are there already are left as they are.
    """
    from ..desk.adding import Shelf, prepare, prepare_folder

    if not raw.is_dir():
        raise Refused([Problem(str(raw), "", "no such folder", "the folder of sources", "Name it with --raw")])
    folder = Path(article) if article != "-" and Path(article).is_dir() else None
    if source_id and folder:
        raise click.UsageError("--id is for one article; for a folder put ids into the column id of its facts")
    if facts_file and not folder:
        raise click.UsageError("--facts is for a folder of articles")
    if not folder and not facts["publisher"]:
        raise click.UsageError("Missing option '--publisher'.")
    problems: list[Problem] = []
    notices: list[str] = []
    shelf = Shelf(raw)
    if folder:
        articles = prepare_folder(folder, facts_file or folder / "facts.csv", facts, shelf, today(), problems, notices)
    else:
        text, name = _text(article), article if article == "-" else Path(article).name
        articles = [*filter(None, [prepare(text, name, source_id, facts, shelf, today(), problems)])]
    for notice in notices:
        click.echo(f"note: {notice}", err=True)
    organizations = _directory(raw, problems)
    if problems:
        raise Refused(problems)
    _add_all(articles, raw, organizations, dry_run=dry_run)


def _add_all(
    articles: "Sequence[Article]", raw: Path, organizations: "Sequence[Organization]", *, dry_run: bool
) -> None:
    """Show what articles say, and write those that are sound; what could not be decided of any is told at the end."""
    from ..context import read_unmasked
    from ..desk.adding import grouped, read_new, undecided, unread
    from ..release.publish import write_files
    from .terminal import show_mentions, show_open_points

    screen = console()
    points = []
    problems: list[Problem] = []
    for number, prepared in enumerate(articles, 1):
        with screen.status(f"Reading {number} of {len(articles)}"):
            before = len(problems)
            mentions, files = read_new(prepared, raw, organizations, problems)
            unmasked = {
                figure.money.start: figure
                for figure in read_unmasked(prepared.text, prepared.facts.get("published"), organizations)
            }
        if len(problems) > before:  # the others may be sound
            continue
        points += [
            (mention, point)
            for mention in mentions
            for point in undecided(mention, unmasked.get(mention.figure.money.start))
        ]
        show_mentions(screen, mentions)
        if not mentions:
            screen.print("no money found", style="yellow")
        if not dry_run:
            write_files(files)
        for table in unread(prepared.text):
            screen.print(f"not read: {table}", style="yellow")
        screen.print(f"{'would write' if dry_run else 'wrote'} {' and '.join(map(str, files))}\n", style="green")
    if points:
        show_open_points(screen, grouped(points))
    if problems:
        raise Refused(problems)
    screen.print("nothing to add" if not articles else "nothing was written" if dry_run else "next: make build")


@cli.command(
    epilog=examples(
        PROGRAM,
        "review",
        "review 003-newspim",
        "review --export queue.csv",
        "review --import queue.csv",
        "review 003-newspim --accept",
        "review 003-newspim --again",
        "review --renew",
    )
)
@click.argument("source_id", required=False, metavar="[SOURCE]")
@click.option("--export", "export_file", type=FILE, help="Write the queue as CSV, to fill in.")
@click.option(
    "--import",
    "import_file",
    type=FILE,
    help="Take the changed cells as corrections, and 'accept' in the column decision.",
)
@click.option(
    "--accept",
    "accept_all",
    is_flag=True,
    help="Accept all figures of SOURCE as they are read: you have compared each with its text.",
)
@click.option(
    "--renew",
    is_flag=True,
    help="Write the corrections of checked sources anew, so that what was accepted holds: for when the reader has "
    "changed.",
)
@click.option("--again", is_flag=True, help="Show accepted figures, too: what was accepted may be wrong.")
@click.option("--reason", help="Why, as reviews.csv says it.")
@raw_option
def review(
    source_id: str | None,
    export_file: Path | None,
    import_file: Path | None,
    accept_all: bool,
    renew: bool,
    again: bool,
    reason: str | None,
    raw: Path,
) -> None:
    """Compare figures with their articles, those first where an error would weigh most.

    Shows one figure after the other, by its worth in dollars times the doubt of it: its passage, the words that each
    field was read from, how sure that is and what it would else be. Answer with accept; with fix FIELD VALUE (fix kind
    fund; fix parties lead_investor: 텐센트 | investor: 어느펀드; fix round, for unknown); with skip; or with quit.

    Corrections go into raw/reviews.csv, what was accepted into raw/ID.checked.csv. Once all figures of a source are
    accepted its sidecar says so (checked), and any change in what is read of it fails the build. Answers may come
    through a pipe, too.
    """
    from ..desk.conversation import HELP, converse
    from ..desk.queue import REASON, open_desk
    from ..desk.sheet import export, take
    from ..release.publish import write_files
    from .terminal import show_item

    if sum(map(bool, (export_file, import_file, accept_all, renew))) > 1:
        raise click.UsageError("one of --export, --import, --accept and --renew")
    if again and (import_file or accept_all or renew):
        raise click.UsageError("--again shows accepted figures: in the terminal, or with --export")
    if accept_all and not source_id:
        raise click.UsageError("--accept needs SOURCE: you accept what you have read")
    screen = console()
    problems: list[Problem] = []
    desk, notices = open_desk(raw, source_id, today(), screen, problems, again)
    if problems:
        raise Refused(problems)
    for notice in () if renew else notices:  # they tell which corrections no longer hold: all are written anew
        click.echo(f"note: {notice}", err=True)
    if export_file:
        items = desk.queue()
        write_files({export_file: export(items)})
        screen.print(
            f"wrote {len(items)} figures to {export_file}; next: fill it in, then review --import {export_file}"
        )
        return
    if import_file:
        corrected, accepted = take(import_file, desk, problems, reason or REASON)
        if problems:
            raise Refused(problems)
        write_files(desk.files())
        screen.print(f"corrected {corrected} fields, accepted {accepted} figures")
    elif accept_all and source_id:
        for item in desk.queue():
            desk.accept(item)
        desk.close(source_id)
        write_files(desk.files())
        screen.print(f"accepted all figures of {source_id}")
    elif renew:
        left = desk.renew(reason or REASON)
        write_files(desk.files())
        screen.print(f"corrections of checked sources written anew; to look at: {', '.join(left) or 'none'}")
    else:
        screen.print(HELP, style="dim")
        accepted = converse(
            desk, _answer, partial(show_item, screen), screen.print, lambda: write_files(desk.files()), reason or REASON
        )
        screen.print(f"accepted {accepted} figures{'' if again else f'; {len(desk.queue())} are left'}")


def _answer() -> str | None:
    """The next line that a person types, or that comes through a pipe; None at the end."""
    if sys.stdin.isatty():
        sys.stdout.write("> ")
        sys.stdout.flush()
    return sys.stdin.readline() or None


@cli.command(
    epilog=examples(PROGRAM, "verify article.txt", "verify articles/*.txt", "verify article.txt --source 003-newspim")
)
@click.argument("full_texts", nargs=-1, required=True, type=FILE)
@click.option("--source", "source_id", help="Compare with this source.  [default: the one whose text it is]")
@click.option(
    "--raw",
    type=FILE,
    default=Path("raw"),
    show_default=True,
    help="Where masked texts are, to tell every line that differs.",
)
def verify(full_texts: Sequence[Path], source_id: str | None, raw: Path) -> None:
    """Prove that every citation stands in the articles you hold.

    Compares each of FULL_TEXTS with the published tables: checksum, offsets, words. Of a source that is an excerpt of
    its article, words and amounts in their order.

    Exit status 0 where all is proven, 1 where anything differs: each difference is told.
    """
    from ..intake.masked import MASK
    from ..tables import load_evidence, load_mentions, load_sources
    from .verifying import find_source
    from .verifying import verify as compare

    sources, mentions, evidence = (
        load(backend="pyarrow").to_pylist() for load in (load_sources, load_mentions, load_evidence)
    )
    listed = {row["source_id"]: row for row in sources}
    if source_id is not None and source_id not in listed:
        raise Refused(
            [f"no source {source_id!r}: there are {', '.join([*listed][:10])}{' …' if len(listed) > 10 else ''}"]
        )
    screen, failed = console(), False
    for path in full_texts:
        try:
            text = _text(str(path))
        except Refused as error:  # the next may be sound
            error.show()
            failed = True
            continue
        found = source_id or find_source(text, sources, mentions)
        if MASK in text or found is None:
            failed = True
            fault = (
                "a masked text; only the article in full proves anything"
                if MASK in text
                else "the text of no source; name one with --source"
            )
            screen.print(f"{path}: {fault}", style="red")
            continue
        file = raw / f"{found}.txt"
        verdict = compare(
            text,
            listed[found],
            mentions,
            evidence,
            file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None,
        )
        if not verdict.differences:
            cited = f"amounts ({verdict.n_amounts}) and words of evidence ({verdict.n_words})"
            told = (
                f"{cited} of {found}, an excerpt, stand in it in their order"
                if verdict.in_order
                else f"checksum, {cited} are those of {found}"
            )
            screen.print(f"{path}: {told}", style="green")
            continue
        failed = True
        screen.print(f"{path}: not what {found}{', an excerpt,' if verdict.in_order else ''} cites", style="red")
        for difference in verdict.differences[:MOST_DIFFERENCES]:
            screen.print(f"  {difference}")
        if more := verdict.differences[MOST_DIFFERENCES:]:
            screen.print(f"  and {len(more)} more")
    if failed:
        raise click.exceptions.Exit(1)


@cli.command(
    epilog=examples(PROGRAM, "show 003-newspim:177-184", "show 003-newspim:177-184 --json | jq .deal.amount_usd")
)
@click.argument("deal_id")
@as_json_option
def show(deal_id: str, as_json: bool) -> None:
    """Show a deal with its citations, conversions and rates.

    DEAL_ID may be the id of any of its mentions. Of an organization or a source the deals are named.
    """
    from ..tables import load_deals, load_evidence, load_mentions, load_parties, load_sources

    loaders = (load_deals, load_parties, load_mentions, load_evidence, load_sources)
    deals, parties, mentions, evidence, sources = (load(backend="pyarrow").to_pylist() for load in loaders)
    deal_of = {row["mention_id"]: row["deal_id"] for row in mentions}
    found = deal_of.get(deal_id)
    if found is None:
        raise Refused([_no_deal(deal_id, deals, deal_id in deal_of)])
    (deal,) = (row for row in deals if row["deal_id"] == found)
    cited = sorted(
        (row for row in mentions if row["deal_id"] == found),
        key=lambda row: (row["mention_id"] != deal["mention_id"], row["source_id"], row["start"]),
    )
    involved = [row for row in parties if row["deal_id"] == found]
    words = [row for row in evidence if deal_of[row["mention_id"]] == found]
    texts = {
        row["source_id"]: row for row in sources if row["source_id"] in {mention["source_id"] for mention in cited}
    }
    if as_json:
        told = {
            "deal": deal,
            "parties": involved,
            "mentions": cited,
            "evidence": words,
            "sources": list(texts.values()),
        }
        print(json.dumps(told, ensure_ascii=False, default=str))
        return
    from .terminal import show_deal

    show_deal(console(), deal, involved, cited, words, texts)


_NAMED = 12
"""Deals that are named where a whole organization or source was asked for."""
_NAMES = ("organization_id", "name_en", "name_ko", "name_zh")


def _no_deal(asked: str, deals: Sequence[Mapping[str, Any]], is_mention: bool) -> str:
    """Why what was asked for is no deal, and which there are: of the organization or source that it names, or alike."""
    from difflib import get_close_matches

    from ..tables import load_organizations

    named = {
        row["organization_id"]
        for row in load_organizations(backend="pyarrow").to_pylist()
        if asked.casefold()
        in {name.casefold() for name in (*map(row.get, _NAMES), *(row["aliases"] or "").split("|")) if name}
    }
    of_it = [row for row in deals if row["organization_id"] in named or row["source_id"] == asked]
    if not of_it:
        what = "a mention that is no deal" if is_mention else "no deal"
        alike = ", ".join(get_close_matches(asked, [row["deal_id"] for row in deals], 3, 0))
        return f"{asked!r} is {what}. Deals are called like {alike}; load_deals().deal_id has them all"
    listed = [
        f"  {row['deal_id']}  {row['date_edtf'] or 'undated'}  {row['amount_text']}  {row['kind']}" for row in of_it
    ]
    more = [f"  and {len(of_it) - _NAMED} more"] if len(of_it) > _NAMED else []
    return "\n".join([f"{asked!r} is no deal, but names {len(of_it)}; show one by its id", *listed[:_NAMED], *more])


@cli.command(
    epilog=examples(PROGRAM, "mask article.txt raw/003-newspim.toml", "mask - raw/003-newspim.toml < article.txt")
)
@click.argument("full_text")
@click.argument("sidecar", type=FILE)
def mask(full_text: str, sidecar: Path) -> None:
    """Mask a source anew from its full text.

    Writes the masked FULL_TEXT (a file, or - for standard input) beside its SIDECAR, and what identifies it into that.
    """
    from ..desk.adding import read_again
    from ..release.publish import write_files

    problems: list[Problem] = []
    text = _text(full_text)
    organizations = _directory(sidecar.parent, problems)
    if problems:
        raise Refused(problems)
    files = read_again(text, full_text, sidecar, organizations, problems)
    if problems:
        raise Refused(problems)
    write_files(files)
    click.echo(f"wrote {' and the checksums in '.join(map(str, files))}; next: make build")


@cli.command(epilog=examples(PROGRAM, "page", "page --out figures.html", "page --data mirrors"))
@click.option("--out", type=FILE, default=Path("cn-ai-funding.html"), show_default=True, help="The file to write.")
@click.option(
    "--data",
    type=FILE,
    help="The folder of another release, as build.py --out publishes it.  [default: the published tables]",
)
def page(out: Path, data: Path | None) -> None:
    """Write the published tables as one HTML page.

    The page needs no network: charts, a table to search, every figure with its citations, in English and Korean.
    """
    from ..page import read_release, write_page

    with console(stderr=True).status("Writing the page"):
        write_page(out, *(read_release(data) if data else ()))
    click.echo(f"wrote {out}")


@cli.command(epilog=examples(PROGRAM, "coverage"))
def coverage() -> None:
    """Show what the published tables cover.

    Counts sources, mentions, deals, organizations and conflicts; sources by year, deals by kind, deals that several
    publishers tell.
    """
    from ..tables import load_deals, load_mentions, load_sources
    from .report import cover

    cover({"deals": load_deals(), "mentions": load_mentions(), "sources": load_sources()}, console())


def _directory(raw: Path, problems: list[Problem]) -> "list[Organization]":
    """The directory of names of a folder of sources."""
    from ..context import Organization
    from ..intake.csv_files import read_organizations

    return [*map(Organization.from_row, read_organizations(raw / "organizations.csv", problems))]


def _names_file(words: Sequence[str]) -> bool:
    """Whether words name an input and are no text.

    Nothing, -, a file that is there, or a word that can only be the name of one.
    """
    if len(words) != 1:
        return not words
    try:
        return words[0] == "-" or Path(words[0]).exists() or _PATH.fullmatch(words[0]) is not None
    except (OSError, ValueError):  # too long for a name, or with what no name holds
        return False


def _text(name: str) -> str:
    """An article as text: a file, or standard input for -. What was mended on the way is told."""
    from ..intake.texts import as_text, read_text

    problems: list[Problem] = []
    notices: list[str] = []
    if name == "-":
        if sys.stdin.isatty():
            click.echo("reading standard input: end with Ctrl-D", err=True)
        text = as_text("standard input", sys.stdin.buffer.read(), problems, notices)
    else:
        text = read_text(Path(name), problems, notices)
    for notice in notices:
        click.echo(f"note: {notice}", err=True)
    if text is None:
        raise Refused(problems)
    return text


def _write(columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, as_json: bool) -> None:
    """Rows as JSON lines, or as tab-separated lines under their names."""
    if not as_json:
        print(*columns, sep="\t")
    for row in rows:
        print(
            json.dumps(row, ensure_ascii=False)
            if as_json
            else "\t".join("" if cell is None else " ".join(str(cell).split()) for cell in row.values())
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status 0; 1 with what went wrong; 2 where the command itself is."""
    return run(cli, PROGRAM, arguments)

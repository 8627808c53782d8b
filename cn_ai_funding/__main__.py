"""Commands: python -m cn_ai_funding mask FULL_TEXT raw/ID.toml, money TEXT, read ARTICLE."""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from .context import Figure
    from .money import MoneyMention

MASK_EXAMPLES = """examples:
  python -m cn_ai_funding mask article.txt raw/005-newspim.toml
      writes raw/005-newspim.txt and the checksums in its sidecar
"""
MONEY_EXAMPLES = """examples:
  python -m cn_ai_funding money '13억 위안(약 2149억원)을 투자했다'
  python -m cn_ai_funding money < article.txt
  python -m cn_ai_funding money --json < article.txt | jq .amount
"""
MONEY_STYLE = "bold reverse"
EVIDENCE_STYLES = {
    "kind": "bold magenta",
    "organization": "bold green",
    "date": "bold blue",
    "status": "bold yellow",
    "restates": "dim",
    "counterparties": "green",
}
"""How the words that a field was read from are shown in the text."""
READ_EXAMPLES = """examples:
  python -m cn_ai_funding read article.txt --published 2019-02-07
  python -m cn_ai_funding read article.txt --json | jq 'select(.deal) | .organization'
  python -m cn_ai_funding read - < article.txt
"""
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
    "restates",
    "part_of",
    "exclude_reason",
)
"""What is shown of a figure besides."""


def money(text: str, *, as_json: bool) -> None:
    """Print every amount of money in a text: a table on a terminal, tab-separated lines in a pipe, or JSON lines."""
    from .money import find_money

    mentions = find_money(text)
    if sys.stdout.isatty() and not as_json:
        _show_money(text, mentions)
    else:
        _write(COLUMNS, ({column: getattr(mention, column) for column in COLUMNS} for mention in mentions), as_json=as_json)


def read(article: str, published: date | None, *, as_json: bool) -> list[str]:
    """Print what an article's figures are about, as `money` does; on a terminal with the words that they were read from."""
    from .context import read_article
    from .problems import Problem
    from .sources import as_text, read_text

    problems: list[Problem] = []
    notices: list[str] = []
    given = article == "-"
    text = as_text("standard input", _standard_bytes(), problems, notices) if given else read_text(Path(article), problems, notices)
    for notice in notices:
        print(f"note: {notice}", file=sys.stderr)
    if text is None:
        return [str(problem) for problem in problems]
    figures = read_article(text, published)
    if sys.stdout.isatty() and not as_json:
        _show_figures(text, figures)
    else:
        rows = ({column: getattr(figure.money, column) for column in COLUMNS} | _told(figure, as_json=as_json) for figure in figures)
        _write((*COLUMNS, *FIGURE_COLUMNS), rows, as_json=as_json)
    return []


def _told(figure: "Figure", *, as_json: bool) -> dict[str, object]:
    told = {column: getattr(figure, column) for column in FIGURE_COLUMNS}
    if as_json:
        return told | {"deal": figure.investment and not figure.exclude_reason, "evidence": figure.evidence}
    return told | {"counterparties": " | ".join(figure.counterparties)}


def _write(columns: Sequence[str], rows: Iterable[dict[str, object]], *, as_json: bool) -> None:
    """Rows as JSON lines, or as tab-separated lines under their names."""
    if not as_json:
        print(*columns, sep="\t")
    for row in rows:
        plain = {name: _plain(value) for name, value in row.items()}
        print(json.dumps(plain, ensure_ascii=False) if as_json else "\t".join("" if cell is None else " ".join(str(cell).split()) for cell in plain.values()))


def _show(text: str, styles: Iterable[tuple[int, int, str]], columns: Sequence[str], rows: Sequence[Sequence[str]], legend: "Text | None" = None) -> None:
    """Show a terminal a text with stretches of it marked, and a table below."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not rows:
        console.print("no money found", style="yellow")
        return
    marked = Text(text)
    for start, end, style in styles:
        marked.stylize(style, start, end)
    table = Table(*columns, box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"
        column.justify = "right" if column.header == "amount" else "left"
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(*filter(None, (marked, legend)), table, sep="\n")


def _show_money(text: str, mentions: "list[MoneyMention]") -> None:
    rows: list[tuple[str, ...]] = []
    for mention in mentions:
        ends = [f"{end:,}" for end in ((mention.low, mention.high) if mention.amount is None else (mention.amount,)) if end is not None]
        currency = (mention.currency or "unknown") + (" (inferred)" if mention.currency_inferred else "")
        rows.append((f"{mention.start}-{mention.end}", mention.text, " to ".join(ends), currency, mention.qualifier))
    _show(text, ((mention.start, mention.end, MONEY_STYLE) for mention in mentions), ("at", "text", "amount", "currency", "qualifier"), rows)


def _show_figures(text: str, figures: "list[Figure]") -> None:
    from rich.text import Text

    styles: list[tuple[int, int, str]] = []
    rows: list[tuple[str, ...]] = []
    for number, figure in enumerate(figures):
        styles += ((start, end, EVIDENCE_STYLES.get(field, "cyan")) for field, spans in figure.evidence.items() for start, end in spans)
        styles.append((figure.money.start, figure.money.end, MONEY_STYLE))
        told = (figure.kind, figure.organization, figure.date, _besides(figure)) if figure.restates is None else (f"restates {figure.restates}",)
        rows.append((str(number), figure.money.text, *(cell or "" for cell in told)))
    legend = Text(" ").join(Text(field, style=style) for field, style in EVIDENCE_STYLES.items())
    _show(text, styles, ("", "text", "kind", "organization", "date", "besides"), rows, legend)


def _besides(figure: "Figure") -> str:
    others = f"with {', '.join(figure.counterparties)}" if figure.counterparties else None
    excluded = f"no deal: {figure.exclude_reason}" if figure.exclude_reason else None
    return "; ".join(filter(None, (figure.status, figure.round, figure.period, others, excluded)))


def _plain(value: object) -> object:
    """A value as JSON has it: whole amounts as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _standard_bytes() -> bytes:
    if sys.stdin.isatty():
        print("reading standard input: end with Ctrl-D", file=sys.stderr)
    return sys.stdin.buffer.read()


def _standard_input() -> str:
    try:
        return _standard_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"standard input, byte {error.start}: not UTF-8. Convert it first: iconv -f CP949 -t UTF-8") from None


def mask(full_text: Path, sidecar: Path) -> list[str]:
    """Write the masked text beside a sidecar, and what identifies the text into it. Gives the problems that prevent it."""
    try:
        import tomlkit
    except ImportError as error:
        raise ValueError("this command needs the build extra: run it with .venv/bin/python (make build makes it)") from error

    from .context import Organization, mask_article
    from .masking import MASK
    from .problems import Problem
    from .publish import write_file
    from .sources import read_organizations, read_text, sha256

    problems: list[Problem] = []
    notices: list[str] = []
    text = read_text(full_text, problems, notices)
    rows = read_organizations(sidecar.parent / "organizations.csv", problems)
    if text is None or problems:
        return [str(problem) for problem in problems]
    masked = mask_article(text, map(Organization.from_row, rows))
    facts = tomlkit.parse(sidecar.read_text(encoding="utf-8"))
    target = sidecar.with_suffix(".txt")
    if MASK in text:
        problems.append(Problem(str(full_text), "", "a text that is masked already", "the article in full", "Name the full text"))
    if target.exists() and target.samefile(full_text):
        problems.append(Problem(str(full_text), "", "the file that the masked text goes to", "the full text elsewhere", "Move the full text out of raw/"))
    if facts.get("text_sha256", sha256(text)) != sha256(text):
        problems.append(Problem(sidecar.name, "text_sha256", "another article's checksum", f"{sha256(text)}", "If this is the article, remove the line first"))
    if problems:
        return [str(problem) for problem in problems]
    for notice in notices:
        print(f"note: {notice}")
    facts.update({"text_sha256": sha256(text), "text_length": len(text), "masked_sha256": sha256(masked)})
    write_file(target, masked.encode())
    write_file(sidecar, tomlkit.dumps(facts).encode())
    print(f"wrote {target} and the checksums in {sidecar.name}: 'make build' comes next")
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status 0, or 1 with what went wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    problems: list[str] = []
    try:
        if options.command == "mask":
            problems = mask(options.full_text, options.sidecar)
        elif options.command == "read":
            problems = read(options.article, options.published, as_json=options.json)
        else:
            money(_standard_input() if options.text in ([], ["-"]) else " ".join(options.text), as_json=options.json)
    except BrokenPipeError:  # as in: … | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ImportError, OSError, ValueError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    def add(name: str, help: str, examples: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help, description=help, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter)

    parser = argparse.ArgumentParser(
        "python -m cn_ai_funding", epilog=MASK_EXAMPLES + MONEY_EXAMPLES + READ_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    command = add("mask", "mask an article for raw/", MASK_EXAMPLES)
    command.add_argument("full_text", type=Path, help="the article in full; it is only read")
    command.add_argument("sidecar", type=Path, help="its sidecar in raw/, with everything but the checksums filled in")
    command = add("money", "show the money that a Korean text names", MONEY_EXAMPLES)
    command.add_argument("text", nargs="*", metavar="TEXT", help="what to read; standard input without it, or for -")
    command.add_argument("--json", action="store_true", help="one JSON object a line for each mention")
    command = add("read", "show what the figures of an article are about", READ_EXAMPLES)
    command.add_argument("article", metavar="ARTICLE", help="the article in full, or - for standard input")
    command.add_argument("--published", type=_day, metavar="DATE", help="the day that it appeared (2019-02-07); words such as 지난달 count from it")
    command.add_argument("--json", action="store_true", help="one JSON object a line for each figure, with its evidence")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2019-02-07") from None


if __name__ == "__main__":
    sys.exit(main())

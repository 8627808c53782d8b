"""Commands: python -m cn_ai_funding mask FULL_TEXT raw/ID.toml, python -m cn_ai_funding money TEXT."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
COLUMNS = ("start", "end", "text", "amount", "low", "high", "currency", "currency_inferred", "qualifier")
"""What is shown of a mention: the fields of MoneyMention but its evidence."""


def money(text: str, *, as_json: bool) -> None:
    """Print every amount of money in a text: a table on a terminal, tab-separated lines in a pipe, or JSON lines."""
    from .money import find_money

    mentions = find_money(text)
    if sys.stdout.isatty() and not as_json:
        _show(text, mentions)
        return
    rows = [{column: _plain(getattr(mention, column)) for column in COLUMNS} for mention in mentions]
    if not as_json:
        print(*COLUMNS, sep="\t")
    for row in rows:
        print(json.dumps(row, ensure_ascii=False) if as_json else "\t".join("" if cell is None else " ".join(str(cell).split()) for cell in row.values()))


def _show(text: str, mentions: "list[MoneyMention]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not mentions:
        console.print("no money found", style="yellow")
        return
    marked = Text(text)
    table = Table("at", "text", "amount", "currency", "qualifier", box=box.SIMPLE_HEAD)
    table.columns[2].justify = "right"
    for mention in mentions:
        marked.stylize("bold reverse", mention.start, mention.end)
        ends = [f"{end:,}" for end in ((mention.low, mention.high) if mention.amount is None else (mention.amount,)) if end is not None]
        currency = (mention.currency or "unknown") + (" (inferred)" if mention.currency_inferred else "")
        table.add_row(*map(Text, (f"{mention.start}-{mention.end}", mention.text, " to ".join(ends), currency, mention.qualifier)))
    console.print(marked, table)


def _plain(value: object) -> object:
    """A value as JSON has it: whole amounts as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _standard_input() -> str:
    if sys.stdin.isatty():
        print("reading standard input: end with Ctrl-D", file=sys.stderr)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
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

    parser = argparse.ArgumentParser("python -m cn_ai_funding", epilog=MASK_EXAMPLES + MONEY_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    command = add("mask", "mask an article for raw/", MASK_EXAMPLES)
    command.add_argument("full_text", type=Path, help="the article in full; it is only read")
    command.add_argument("sidecar", type=Path, help="its sidecar in raw/, with everything but the checksums filled in")
    command = add("money", "show the money that a Korean text names", MONEY_EXAMPLES)
    command.add_argument("text", nargs="*", metavar="TEXT", help="what to read; standard input without it, or for -")
    command.add_argument("--json", action="store_true", help="one JSON object a line for each mention")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Commands for maintainers: python -m cn_ai_funding mask FULL_TEXT raw/ID.toml."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

EXAMPLES = """examples:
  python -m cn_ai_funding mask article.txt raw/005-newspim.toml
      writes raw/005-newspim.txt and the checksums in its sidecar
"""


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
    parser = argparse.ArgumentParser("python -m cn_ai_funding", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("mask", help="mask an article for raw/", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("full_text", type=Path, help="the article in full; it is only read")
    command.add_argument("sidecar", type=Path, help="its sidecar in raw/, with everything but the checksums filled in")
    options = parser.parse_args(arguments)
    try:
        problems = mask(options.full_text, options.sidecar)
    except (OSError, ValueError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Builds the dataset: the articles in raw/ go in, the published tables come out."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pandas as pd
from filelock import Timeout
from rich.console import Console
from rich.progress import track

from cn_ai_funding.cli.commandline import SETTINGS, console, examples, run, today
from cn_ai_funding.cli.report import list_problems, summarize
from cn_ai_funding.deals import fx
from cn_ai_funding.deals.checked import Checked
from cn_ai_funding.deals.corrections import Corrections
from cn_ai_funding.deals.linking import link
from cn_ai_funding.deals.mentions import Mention
from cn_ai_funding.deals.telling import Teller, Told
from cn_ai_funding.deals.totals import settle
from cn_ai_funding.intake.csv_files import read_organizations, read_reviews
from cn_ai_funding.intake.near_names import near_names
from cn_ai_funding.intake.problems import Problem, ProblemsError
from cn_ai_funding.intake.sources import Source, find_sources, read_sources
from cn_ai_funding.release.answers import with_answers
from cn_ai_funding.release.card import CARD, card
from cn_ai_funding.release.dictionary import data_dictionary
from cn_ai_funding.release.metadata import CITATION, citation, metadata
from cn_ai_funding.release.mirrors import MIRRORS, mirrors
from cn_ai_funding.release.project import Project
from cn_ai_funding.release.publish import claimed, differences, listed, parquet_files, publish, staged, sums
from cn_ai_funding.release.schema import TABLES, check, to_arrow
from cn_ai_funding.release.tabulate import Rows, tabulate, tabulate_deals

HERE = Path(__file__).resolve().parent
ACCURACY = HERE / "corpus" / "accuracy.json"
RAW, OUT, CACHE, DICTIONARY = HERE / "raw", HERE / "cn_ai_funding" / "data", HERE / ".cache", "DATA_DICTIONARY.md"
README = "README.md"
"""Of the documents at the top the one that goes into no other release."""
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""That this process may use: a container, or taskset, may leave it fewer than there are."""
MIRRORED = HERE / "mirrors"
"""Where a release with mirrors goes, so that the one in the repository stays as it is."""


def build(raw: Path, cache: Path, today: date, screen: Console) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables that a folder of sources gives, and notices. Raises ProblemsError with everything that is wrong."""
    problems: list[Problem] = []
    notices: list[str] = []
    files = find_sources(raw, problems)
    if not raw.is_dir():
        raise ProblemsError(problems)
    organizations = read_organizations(raw / "organizations.csv", problems)
    notices += near_names(organizations)
    corrections = Corrections(read_reviews(raw / "reviews.csv", problems), organizations)
    history = fx.read_rates(raw / "ecb", problems)
    progress = track(files, "Reading", console=screen, transient=True, disable=not screen.is_terminal)
    rates = fx.Rates(history)
    checked = Checked(raw)
    teller = Teller(cache, organizations, corrections, checked, rates)
    told = teller.tell_all(read_sources(progress, today, problems, notices), CORES)
    rows, of_deals = gather(told, problems, notices)
    for kept in (corrections, checked):
        kept.left({text.stem for text, _ in files}, problems)
    if problems:
        raise ProblemsError(problems)
    with screen.status("Linking and checking"):
        deals = link(of_deals, rates)
        converted = settle(deals, rates, problems)
        if problems:
            raise ProblemsError(problems)
        tables_of_deals = tabulate_deals(deals, converted, organizations)
        del files, of_deals, deals  # as objects they take as much as all tables
        frames = tabulate(rows, tables_of_deals, organizations, history)
        del rows, tables_of_deals  # with what they were looked up by
        if faults := check(frames):
            raise ProblemsError(faults)
    return frames, notices


def gather(
    told: Iterable[tuple[Source, Told]], problems: list[Problem], notices: list[str]
) -> tuple[dict[str, pd.DataFrame], list[Mention]]:
    """What needs no other source: the rows of sources, mentions and evidence; and the mentions that tell of a deal."""
    rows = {name: Rows(name) for name in ("sources", "mentions", "evidence")}
    of_deals: list[Mention] = []
    for source, tells in told:
        if tells.masked_sha256 != source.masked_sha256:
            notices.append(
                f"{source.source_id}: the mask has changed since this source was added; mask it anew (raw/README.md)"
            )
        problems += tells.problems
        rows["sources"].add([source.row() | {"masked_share": tells.masked_share}])
        rows["mentions"].extend(tells.mentions)
        rows["evidence"].extend(tells.evidence)
        of_deals += tells.of_deals
    return {name: table.frame() for name, table in rows.items()}, of_deals


def release(frames: Mapping[str, pd.DataFrame], mirrored: bool) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a release by name, but for their sums, and its documents."""
    tables = {name: to_arrow(frames[name], table) for name, table in TABLES.items()}
    project = Project.read(HERE / "pyproject.toml")
    files = parquet_files(tables, project.version)
    files |= metadata(tables, files, project)
    measured = json.loads(ACCURACY.read_text(encoding="utf-8"))
    files |= mirrors(tables, project) | {CARD: card(tables, project, measured).encode()} if mirrored else {}
    documents = {DICTIONARY: data_dictionary(tables, measured), CITATION: citation(project)}
    documents[README] = with_answers((HERE / README).read_text(encoding="utf-8"), tables)
    return files, {name: text.encode() for name, text in documents.items()}


@click.command(
    context_settings=SETTINGS,
    epilog=examples(
        "python build.py",
        "                   read raw/, check everything, publish",
        "--check            rebuild in memory and compare with what is published",
        "--mirrors          publish into mirrors/, for Excel and Hugging Face too",
        "--raw my_articles  read another folder, laid out like raw/",
        "--out release      publish into another folder",
    ),
)
@click.option("--raw", type=click.Path(path_type=Path), default=RAW, help="Folder of sources.  [default: raw/]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to publish into.  [default: cn_ai_funding/data/, with --mirrors mirrors/]",
)
@click.option(
    "--check", "checking", is_flag=True, help="Publish nothing: fail where the published files differ from raw/."
)
@click.option(
    "--mirrors",
    "mirrored",
    is_flag=True,
    help="Copies of the deals as CSV and Excel too, and a dataset card by which Hugging Face opens the folder.",
)
def cli(raw: Path, out: Path | None, checking: bool, mirrored: bool) -> None:
    """Build the dataset: the articles in raw/ go in, the published tables come out."""
    screen = console()
    out = out or (MIRRORED if mirrored else OUT)
    published = False
    try:
        with ExitStack() as stack:
            # a check rests on nothing that was read before; of two builds the later one must not be overtaken
            cache = Path(stack.enter_context(TemporaryDirectory())) if checking else CACHE
            stack.enter_context(nullcontext() if checking else claimed(out))
            frames, notices = build(raw, cache, today(), screen)
            stack.enter_context(screen.status("Comparing" if checking else "Publishing"))
            files, documents = release(
                frames, mirrored or (checking and not (MIRRORS | {CARD}).isdisjoint(listed(out)))
            )  # a check is of what is published
            top = documents if out.resolve() == OUT else {}  # in the repository they stand at its top
            files |= {} if top else {name: data for name, data in documents.items() if name != README}
            files |= sums(files)
            if checking and (found := differences(files, out) + differences(top, HERE)):
                raise ProblemsError(found)
            if not checking:
                stack.enter_context(staged({HERE / name: data for name, data in top.items()}))
                publish(files, out)
                published = True
    except ProblemsError as error:
        problems = error.problems
    except Timeout:
        problems = [Problem(str(out), "", "another build of it", "one build at a time", "Wait for it to end")]
    except OSError as error:
        problems = [
            Problem(
                str(error.filename or out),
                "",
                f"what cannot be read or written ({error})",
                "access and space",
                "Free it, or choose another",
            )
        ]
    else:
        summarize(frames, notices, screen)
        screen.print(f"\n{'the same as' if checking else 'published in'} {out}")
        return
    left = (
        "the tables are published, the documents at the top are not"
        if published
        else "the published tables are as they were"
    )
    list_problems(problems, console(stderr=True), "nothing was published" if checking else left)
    raise click.exceptions.Exit(1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a build from the command line. 0, or 1 with every problem listed and the published tables as they were."""
    return run(cli, "python build.py", arguments)


if __name__ == "__main__":
    sys.exit(main())

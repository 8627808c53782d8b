"""What every command shares: how it is run, what it refuses, its examples."""

import io
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click
from rich.console import Console

from ..extras import missing

WIDE = 1000
"""Columns of a pipe."""
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Day(click.ParamType[date]):
    """A day, written as 2019-02-07."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2019-02-07", param, ctx)


class Refused(click.ClickException):
    """What is wrong, one line each."""

    def __init__(self, problems: Iterable[object]) -> None:
        super().__init__("\n".join(f"error: {problem}" for problem in problems))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


def console(*, stderr: bool = False) -> Console:
    """Where a person reads: as wide as the terminal, or in a pipe as wide as the text, which is shown as it is."""
    width = None if (sys.stderr if stderr else sys.stdout).isatty() else WIDE
    return Console(stderr=stderr, width=width, soft_wrap=True, markup=False, emoji=False, highlight=False)


def today() -> date:
    """The day that it is where it is latest, UTC+14: an article may have appeared there."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def examples(program: str, *lines: str) -> str:
    """The end of a help text: what a user might type."""
    return "\n".join(["\b", "examples:", *(f"  {program} {line}".rstrip() for line in lines)])


def run(command: click.Command, program: str, arguments: Sequence[str] | None) -> int:
    """Run a command in UTF-8. Its exit status: 0; 1 with what went wrong; 2 where the command itself is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = command.main(arguments, program, standalone_mode=False)
        return status if isinstance(status, int) else 0
    except BrokenPipeError:  # as in: … | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        return 130  # as the shell has it for Ctrl-C
    except (ImportError, OSError) as error:
        click.echo(f"error: {missing(error, 'this command') or error}", err=True)
        return 1

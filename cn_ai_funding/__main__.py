"""`python -m cn_ai_funding`: the commands of cli/commands.py."""

import sys

from .cli.commands import cli, main

__all__ = ["cli", "main"]

if __name__ == "__main__":
    sys.exit(main())

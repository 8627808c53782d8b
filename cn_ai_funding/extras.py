"""Says which extra a missing package belongs to, and the command that adds it here.

To a checkout or to what was installed.
"""

import shlex
from pathlib import Path

EXTRAS = {"babel": "money", "ahocorasick_rs": "read", "kiwipiepy": "read", "click": "cli", "rich": "cli"}
"""The smallest extra that has what is imported by a name; all that is not listed is of `build`."""

_ROOT = Path(__file__).resolve().parent.parent


def install(extra: str) -> str:
    """The command that adds an extra. A checkout is named by its path, since no index may know it."""
    if (_ROOT / "pyproject.toml").is_file():
        return shlex.join(["pip", "install", "-e", f"{_ROOT}[{extra}]"])
    return f"pip install 'cn-ai-funding[{extra}]'"


def missing(error: BaseException, what: str, extra: str | None = None) -> str | None:
    """What to tell a user where `what` failed for a package that is not there; None where it failed for anything else.

    `extra` is named whatever is missing of it, else the one that has the package.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ModuleNotFoundError):
        cause = cause.__cause__
    module = (cause.name or "").partition(".")[0] if cause else ""
    if module in ("", "cn_ai_funding"):
        return None
    extra = extra or EXTRAS.get(module, "build")
    return f"{what} needs the {extra} extra (no module {module!r}): {install(extra)}"

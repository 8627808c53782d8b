"""What the tests share: the rows of tests/cases, the full articles where they are at hand, a scratch copy of raw/."""

import csv
import os
import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
ROOT = HERE.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHARED = Path(os.environ.get("CN_AI_FUNDING_SHARED", ROOT.parent / "shared"))
FULL_TEXTS = sorted((SHARED / "seeds").glob("0*.txt"))
ARTICLES = FULL_TEXTS + sorted((SHARED / "devset" / "articles").glob("*.txt"))

needs_full_texts = pytest.mark.skipif(
    not FULL_TEXTS, reason=f"the full articles are not at {SHARED}: they stay with their publishers"
)


def blocks(language):
    """The code of a language that README shows."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def rows(name):
    """The rows of tests/cases/NAME.tsv as dictionaries; lines that start with # are comments."""
    lines = (HERE / "cases" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader(
            (line for line in lines if line and not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
    )


FOUNDING = "00[0-4]-*"


def copy_raw(to, sources=FOUNDING):
    """A copy of raw/ with only the sources that a pattern names, "" for none, as if nobody had checked them."""

    def others(folder, names):
        if Path(folder) != ROOT / "raw":
            return []
        files = {name for name in names if "." in name} - {"organizations.csv", "reviews.csv", "README.md"}
        return [name for name in files if ".checked." in name or not fnmatch(name, sources)]

    raw = Path(shutil.copytree(ROOT / "raw", to, ignore=others))
    for sidecar in raw.glob("*.toml"):
        sidecar.write_text(re.sub(r"(?m)^checked = .*\n", "", sidecar.read_text(encoding="utf-8")), encoding="utf-8")
    header, *reviews = (raw / "reviews.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in reviews if fnmatch(row, sources)]
    (raw / "reviews.csv").write_text("".join([header, *kept]), encoding="utf-8")
    return raw


@pytest.fixture
def raw(tmp_path):
    """The five founding sources, in a copy of raw/ that a test may spoil."""
    return copy_raw(tmp_path / "raw")

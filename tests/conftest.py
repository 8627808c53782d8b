"""What the tests share: the rows of tests/cases, the full articles where they are at hand, a scratch copy of raw/."""

import csv
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("CN_AI_FUNDING_SHARED", ROOT.parent / "shared"))
FULL_TEXTS = sorted((SHARED / "seeds").glob("0*.txt"))
ARTICLES = FULL_TEXTS + sorted((SHARED / "devset" / "articles").glob("*.txt"))

needs_full_texts = pytest.mark.skipif(
    not FULL_TEXTS, reason=f"the full articles are not at {SHARED}: they stay with their publishers"
)


def rows(name):
    """The rows of tests/cases/NAME.tsv as dictionaries; lines that start with # are comments."""
    lines = (HERE / "cases" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader(
            (line for line in lines if line and not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
    )


@pytest.fixture
def raw(tmp_path):
    """A copy of raw/ that a test may spoil."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))

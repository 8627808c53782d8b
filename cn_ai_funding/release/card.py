"""Makes the dataset card of a release, in English and Korean: README.md, with which Hugging Face opens its folder.

Its words are card.md; what it counts is counted in the tables. `load_dataset(folder, "deals")` goes by the `configs` at
its head, one for each table.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pyarrow as pa

from .dictionary import accuracy_table
from .metadata import LICENCE, cited_as, latest_rate
from .project import Project
from .schema import DATASET, TABLES

CARD = "README.md"

_SIZES = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M", 10_000_000: "1M<n<10M"}
"""What Hugging Face calls a number of rows below the key."""


def card(tables: Mapping[str, pa.Table], project: Project, measured: Mapping[str, Any]) -> str:
    """The card as Markdown under YAML. `measured` as corpus/accuracy.json has it."""
    from jinja2 import Environment, StrictUndefined  # a build without mirrors does without

    environment = Environment(  # noqa: S701  Markdown
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    rows = {name: data.num_rows for name, data in tables.items()}
    return environment.from_string(files(__package__).joinpath("card.md").read_text(encoding="utf-8")).render(
        title=DATASET,
        licence=LICENCE.lower(),
        tags=["finance", *project.keywords],
        tables=[*TABLES.values()],
        rows=rows,
        size=next((name for most, name in _SIZES.items() if rows["deals"] < most), "10M<n<100M"),
        sums=", ".join(f"`{column.name}`" for column in TABLES["deals"].columns if column.sum),
        project=project,
        day=latest_rate(tables) or "–",
        citation=cited_as(tables, project),
        accuracy=accuracy_table(measured),
        right={name: f"{100 * measured[name]:.1f}" for name in ("kind", "organization", "date", "all")},
    )

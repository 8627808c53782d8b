"""What pyproject.toml says of the dataset: its name, version, description, keywords and authors."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Project:
    """What pyproject.toml says of the dataset.

    A build goes by the file: what is installed may be an older version, or nothing.
    """

    name: str
    version: str
    description: str
    keywords: tuple[str, ...]
    authors: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Project":
        """Raises OSError where the file cannot be read, KeyError for a key that it lacks."""
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        authors = tuple(author["name"] for author in project["authors"])
        return cls(project["name"], project["version"], project["description"], tuple(project["keywords"]), authors)

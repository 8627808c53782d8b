"""What is wrong with an input, in one line that a maintainer can act on; and all such lines of a run together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file, the place in it, what was found there, what was expected, and what to do."""

    file: str
    place: str
    found: str
    expected: str
    action: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: found {self.found}; expected {self.expected}. {self.action}."


class ProblemsError(Exception):
    """Raised at the end of a stage with every problem that it met. `problems` holds them in order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

"""What each source tells by itself: read, cited, corrected, compared with what was accepted, and laid out in columns.

None of it needs another source, so that all cores share the work. What a source has told is kept on disk, and told
again only when something has changed that it follows from: its text or sidecar, its rows of reviews.csv, what was
accepted of it, the directory, the rates, or the code.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import chain, islice, pairwise
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from ..context import readings
from ..context.readings import Readings
from ..intake.masked import masked_share
from ..intake.problems import Problem
from ..intake.sources import Source
from ..intake.texts import sha256
from ..kept import Kept, name_of
from . import fx
from .checked import Checked
from .corrections import Corrections
from .mentions import Mention

BATCH, CHUNK, MANY = 256, 16, 32
"""Sources that are asked for at once (two such are in memory), that a process takes at once, and unread ones from
which more processes pay for their start: to cite takes little."""
_FOLDER = "told"
"""Within the folder of the readings."""
Columns = dict[str, list[Any]]
_in_this_process: list["Teller"] = []
"""Where processes share the work, each has its teller here."""


class Told(msgspec.Struct, frozen=True):
    """What one source tells: what is wrong with it, its masked text's hash and share of masks, its rows.

    The rows are those of the tables of mentions and evidence, but for the deals; `of_deals` are the mentions that tell
    of one, without evidence.
    """

    problems: list[Problem]
    masked_sha256: str
    masked_share: float
    mentions: Columns
    evidence: Columns
    of_deals: list[Mention]


_DECODER = msgspec.json.Decoder(Told)


class Teller:
    """Tells what sources say, one by one or many at once, and keeps it in a folder."""

    def __init__(
        self,
        folder: Path,
        organizations: Sequence[Mapping[str, Any]],
        corrections: Corrections,
        checked: Checked,
        rates: fx.Rates,
    ) -> None:
        """`organizations` are the rows of the directory."""
        self._readings = Readings(folder, organizations)
        self._kept = Kept(folder / _FOLDER, (*readings.ROOMS, "deals"), (*readings.PACKAGES, "msgspec"))
        self._corrections, self._checked, self._rates = corrections, checked, rates
        self._names = name_of(organizations, rates.sha256)

    def tell_all(self, sources: Iterable[tuple[Source, str]], processes: int) -> Iterator[tuple[Source, Told]]:
        """What sources tell, in their order; each comes with its text. Processes share it, if much is unread."""
        sources = iter(sources)
        with ExitStack() as stack:
            pool: ProcessPoolExecutor | None = None

            def start(batch: Sequence[tuple[Source, str]]) -> Iterator[tuple[Source, Told]]:
                """Set the processes to work; what is given is waited for only when it is asked for."""
                nonlocal pool
                found = [self._kept.get(self._name(*asked)) for asked in batch]
                new = [asked for asked, known in zip(batch, found, strict=True) if known is None]
                unread = sum(not self._readings.known(text, source.published) for source, text in new)
                if pool is None and processes > 1 and unread >= MANY:
                    pool = stack.enter_context(ProcessPoolExecutor(processes, _context(), _begin, (self,)))
                columns = zip(*new, strict=True) if new else ((), ())
                fresh = iter(pool.map(_tell, *columns, chunksize=CHUNK) if pool else map(self._tell, *columns))
                return (
                    (source, _decoded(source, next(fresh) if known is None else known))
                    for (source, _), known in zip(batch, found, strict=True)
                )

            batches = iter(lambda: [*islice(sources, BATCH)], [])
            for batch, _ in pairwise(chain(map(start, batches), [()])):  # the next one is at work while one is taken
                yield from batch

    def _name(self, source: Source, text: str) -> str:
        """The name of what a source tells: all that it follows from, but for the code."""
        accepted = self._checked.basis(source.source_id) if source.checked else None
        return name_of(self._names, self._corrections.basis(source.source_id), accepted, source, text)

    def _tell(self, source: Source, text: str) -> bytes:
        """What a source tells, as it is kept; with a problem it is not, for that is to be mended."""
        from .citing import mentions_of  # which loads what finds money

        problems: list[Problem] = []
        reading = self._readings.read(text, source.published)
        masked = reading.masked
        cited = mentions_of(source, text, (reading.figures, masked), self._corrections, self._rates, problems)
        if source.checked:
            self._checked.compare(cited, source.source_id, problems)
        told = Told(
            problems,
            sha256(masked),
            masked_share(masked),
            _columns(mention.row(masked) for mention in cited),
            _columns(row for mention in cited for row in mention.evidence(masked)),
            [mention.without_text() for mention in cited if mention.figure.is_deal],
        )
        data = msgspec.json.encode(told)
        if not problems:
            self._kept.put(self._name(source, text), data)
        return data


def _context() -> BaseContext:
    """How processes start: forked from one that has loaded what reads, where the system can do that, else anew.

    None is forked from this one: they would inherit locks of threads that they do not have.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["__main__", readings.LOADED, __name__])
    return context


def _begin(teller: Teller) -> None:
    _in_this_process.append(teller)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that shares its work has been killed: it would wait for work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _tell(source: Source, text: str) -> bytes:
    return _in_this_process[0]._tell(source, text)


def _decoded(source: Source, data: bytes) -> Told:
    """What was told, with one source for all its mentions: each had a copy."""
    told = _DECODER.decode(data)
    return msgspec.structs.replace(told, of_deals=[mention.shared(source) for mention in told.of_deals])


def _columns(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Rows that all have the same columns, by column."""
    columns: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            columns[name].append(value)
    return columns

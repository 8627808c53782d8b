"""Builds killed at random moments, two at once, and on a full disk: make kill

Builds two versions of a release in turns, each in a process of its own, and kills it: half of the times at any moment,
half while it publishes. After each the published folder has to be one of the two releases, whole. Linux only.
"""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import ROOT, copy_raw

BUILD = """import build, sys
from pathlib import Path
build.CACHE = Path(sys.argv[3])
sys.exit(build.main(['--raw', sys.argv[1], '--out', sys.argv[2]]))"""
PUBLISHING = 0.03
"""Seconds that publishing takes at the most here."""


def start(raw: Path, out: Path) -> subprocess.Popen[str]:
    """A build on its way."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, raw, out, raw.parent / "cache"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kills(count: int, raws: list[Path], scratch: Path, draw: random.Random) -> None:
    releases = []
    for raw in raws:
        begun = time.perf_counter()
        start(raw, scratch / raw.name / "out").communicate()
        took = time.perf_counter() - begun
        releases.append(held(scratch / raw.name / "out"))
    assert releases[0] != releases[1]
    out, new = scratch / "out", scratch / ".out.new"
    shutil.copytree(scratch / raws[0].name / "out", out)
    left: list[int] = []
    for number in range(count):
        building = start(raws[number % 2], out)
        if number % 4 < 2:
            time.sleep(draw.uniform(0, took))
        else:
            while not new.exists() and building.poll() is None:
                pass
            time.sleep(draw.uniform(0, PUBLISHING))
        building.send_signal(signal.SIGKILL)
        building.communicate()
        if held(out) not in releases:
            sys.exit(f"kill {number}: {out} is neither release")
        left.append(releases.index(held(out)) == number % 2)
    print(
        f"{count} builds killed: {left.count(0)} left the other release, {left.count(1)} the one they built, each whole"
    )


def two_at_once(raws: list[Path], scratch: Path) -> None:
    building = [start(raw, scratch / "out") for raw in raws]
    said = [process.communicate()[1] for process in building]
    statuses = sorted(process.returncode for process in building)
    if statuses != [0, 1] or "another build" not in "".join(said):
        sys.exit(f"two at once: {statuses}, {said}")
    print("two builds at once: one published, the other said that another build is at it")


def full_disk(raws: list[Path], scratch: Path) -> None:
    disk = scratch / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False
    ).returncode:
        print("a full disk: not tried, for only root can mount a small one")
        return
    try:
        start(raws[0], disk / "out").communicate()
        before = held(disk / "out")
        building = start(raws[1], disk / "out")
        said = building.communicate()[1]
        if building.returncode != 1 or "No space left on device" not in said or held(disk / "out") != before:
            sys.exit(f"a full disk: {building.returncode}, {said}")
    finally:
        subprocess.run(["umount", disk], check=True)
    print("a full disk: a clear error, the old release whole")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with TemporaryDirectory() as name:
        scratch = Path(name)
        raws = [scratch / "one", scratch / "two"]
        for raw in raws:
            copy_raw(raw)
        for path in raws[1].glob("003-*"):
            path.unlink()
        kills(count, raws, scratch, random.Random(count))  # noqa: S311
        two_at_once(raws, scratch)
        full_disk(raws, scratch)


if __name__ == "__main__":
    main()

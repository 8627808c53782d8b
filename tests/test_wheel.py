"""The wheel holds the whole release, and is enough for an analyst with pandas and pyarrow and nothing of the build."""

import email
import hashlib
import importlib
import json
import re
import shlex
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import distribution

import pytest
from conftest import ROOT
from hatchling.build import build_wheel
from packaging.requirements import Requirement

import cn_ai_funding
from cn_ai_funding.__main__ import main
from cn_ai_funding.extras import EXTRAS, install, missing
from cn_ai_funding.release.publish import SUMS

DATA = "cn_ai_funding/data"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return folder / build_wheel(str(folder))


def needed(requirements, found):
    """The distributions that requirements ask for without any extra, and those that these ask for."""
    for requirement in map(Requirement, requirements):
        if requirement.name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found[requirement.name] = distribution(requirement.name)
            needed(found[requirement.name].requires or (), found)
    return found


@pytest.fixture(scope="module")
def clean(wheel, tmp_path_factory):
    """The Python of a new environment with the wheel in it, what the wheel requires, and no more."""
    folder = tmp_path_factory.mktemp("environment")
    builder = venv.EnvBuilder(symlinks=sys.platform != "win32")
    builder.create(folder)
    python = builder.ensure_directories(folder).env_exe
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    with zipfile.ZipFile(wheel) as archive:
        about = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        requirements = email.message_from_bytes(archive.read(about)).get_all("Requires-Dist")
    (folder / "required").mkdir()
    for package in needed(requirements, {}).values():
        for name in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
            (folder / "required" / name).symlink_to(package.locate_file(name))
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    with open(f"{site}/required.pth", "w", encoding="utf-8") as file:
        file.write(f"{folder / 'required'}\n")
    return python


def run(python, code):
    return subprocess.run(
        [python, "-I", "-W", "error", "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_wheel_holds_the_release_and_the_vocabulary(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for line in archive.read(f"{DATA}/{SUMS}").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(f"{DATA}/{name}")).hexdigest() == digest
    assert {path.name for path in (ROOT / DATA).iterdir()} == {
        name.removeprefix(f"{DATA}/") for name in names if name.startswith(DATA)
    }
    assert {
        f"cn_ai_funding/{name}"
        for name in (
            "py.typed",
            "intake/endings.toml",
            "release/schema.toml",
            "money/vocabulary.toml",
            "context/lexicon.toml",
            "context/weights/kind.tsv",
        )
    } <= names
    assert {f"cn_ai_funding/page/{path.name}" for path in (ROOT / "cn_ai_funding" / "page").glob("*.*")} <= names
    assert not any(name.startswith(("raw/", "tests/", "build.py")) for name in names)


def test_the_wheel_gives_the_commands_a_name(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        command = re.search(r"^cn-ai-funding = (\S+):(\w+)$", archive.read(name).decode(), re.MULTILINE)
    assert getattr(importlib.import_module(command[1]), command[2]) is main


def test_the_wheel_alone_loads_the_deals(clean):
    code = """
import json, cn_ai_funding
deals = cn_ai_funding.load_deals()
package = [cn_ai_funding.__version__, cn_ai_funding.__file__]
print(json.dumps([len(deals), deals.amount_usd.sum(), deals.quote[0], *package], ensure_ascii=True))
"""
    done = run(clean, code)
    assert (done.returncode, done.stderr) == (0, "")
    rows, total, quote, version, file = json.loads(done.stdout)
    deals = cn_ai_funding.load_deals()
    assert (rows, total, quote, version) == (
        len(deals),
        deals.amount_usd.sum(),
        deals.quote[0],
        cn_ai_funding.__version__,
    )
    assert str(ROOT) not in file


def test_the_build_extra_is_not_there(clean):
    assert "No module named 'pandera'" in run(clean, "import pandera").stderr


@pytest.mark.parametrize(
    ("call", "extra"),
    [
        ("find_money('13억 위안')", "money"),
        ("find_money_frame(['13억 위안'])", "money"),
        ("read_article('13억 위안')", "read"),
        ("Organization", "read"),
    ],
)
def test_what_needs_an_extra_names_it(clean, call, extra):
    done = run(clean, f"import cn_ai_funding; cn_ai_funding.{call}")
    assert re.search(
        rf"ImportError: \w+ needs the {extra} extra \(no module '\w+'\): pip install 'cn-ai-funding\[{extra}\]'\n$",
        done.stderr,
    )


def test_a_command_says_which_extra_it_needs(clean):
    done = run(clean, "import runpy; runpy.run_module('cn_ai_funding', run_name='__main__')")
    assert done.returncode == 1
    assert re.fullmatch(
        r"error: every command needs the cli extra \(no module '\w+'\): pip install 'cn-ai-funding\[cli\]'\n",
        done.stderr,
    )


def test_what_is_told_to_install_can_be_installed(clean):
    """By name where the package is installed, by path in a checkout.

    Nothing is fetched: what an extra asks for is left out.
    """
    by_name = run(clean, "from cn_ai_funding.extras import install; print(install('read'))").stdout
    for python, command in ((clean, by_name), (sys.executable, install("read"))):
        pip, verb, *what = shlex.split(command)
        assert (pip, verb) == ("pip", "install")
        offline = ["--dry-run", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--python", python, verb, *offline, *what],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "does not provide the extra" in done.stderr) == (0, False), done.stderr


def test_an_extra_has_what_needs_it():
    """What is imported is told to be in the smallest extra that has it.

    The package of an extra may be written otherwise.
    """
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    names = {extra: {Requirement(line).name.replace("-", "_") for line in lines} for extra, lines in extras.items()}
    for module, extra in EXTRAS.items():
        assert [name for name, packages in names.items() if module in packages] == [extra]
    assert names["money"] == {"babel"}


def test_a_fault_of_our_own_is_no_missing_extra():
    for error in (ImportError("broken"), ModuleNotFoundError("no", name="cn_ai_funding.nothing")):
        assert missing(error, "read_article", "read") is None


def test_another_backend_says_what_it_needs(clean):
    assert (
        "backend='polars' needs Polars: pip install polars"
        in run(clean, "import cn_ai_funding; cn_ai_funding.load_deals(backend='polars')").stderr
    )

"""The wheel, built anew: every file of the three packages is in it, and nothing else."""

import subprocess
import sys
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot import __version__
from tests.project.processes import python
from tests.project.tree import RINGS, ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The wheel as `pip install .` would build it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return ZipFile(path)


def test_the_wheel_holds_the_three_packages_whole(wheel: ZipFile) -> None:
    """Prompts, guidelines, migrations and the sample's data are not forgotten; tests are not shipped."""
    shipped = {name for name in wheel.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    ours = (path.relative_to(ROOT) for path in files())
    assert shipped == {path.as_posix() for path in ours if path.parts[0] in RINGS}


def test_the_wheel_says_what_it_is(wheel: ZipFile) -> None:
    """Name, version, licence and the command; the licence's text is in it."""
    (info,) = {name.partition("/")[0] for name in wheel.namelist()} - set(RINGS)
    metadata = HeaderParser().parsestr(wheel.read(f"{info}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("steward", __version__)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert wheel.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "steward = bot.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()


def test_steward_starts_from_the_wheel(wheel: ZipFile, tmp_path: Path) -> None:
    """Unpacked elsewhere, it is that copy which runs, and what it reads at run time lies in it."""
    wheel.extractall(tmp_path / "unpacked")
    code = (
        "import bot, bot.wiring, knowledge, tools.sample, tools.store.database as d\n"
        "print(bot.__file__, bot.wiring.PROMPT.is_file(), len(list(knowledge.LIBRARY.glob('*.md'))),"
        " (tools.sample.folder() / 'workspace.yaml').is_file(), len(list((d.MIGRATIONS / 'versions').glob('0*.py'))))"
    )
    place, prompt, documents, registry, migrations = python(
        "-c", code, home=tmp_path, PYTHONPATH=str(tmp_path / "unpacked")
    ).stdout.split()
    assert Path(place).is_relative_to(tmp_path)
    assert (prompt, registry) == ("True", "True")
    assert int(documents) >= 14
    assert int(migrations) >= 1

"""The files beside the code: pins, licence, versions, and no trace of the machine they were written on."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot import __version__
from tests.project.tree import RINGS, ROOT, files, imports_of, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# Which extras each file of pins holds; a provider's package is installed by whoever chooses that provider.
LOCKED = {"runtime": ("build", "postgres"), "development": ("build", "postgres", "openai", "test", "sample")}
every_lock = pytest.mark.parametrize("lock", LOCKED)

MACHINE = re.compile(rb"/(?:work|root|Users|home/\w+|mnt/\w+)/|[A-Z]:\\Users|localhost\.localdomain")
HOST = re.compile(r"://|^\s*-(?:i|f|-index-url|-extra-index-url|-find-links|-trusted-host)\b|\w\.(?:com|org|net|io)\b")


def lines_of(lock: str) -> list[str]:
    """The lines of a file of pins, a pin with its hashes on one."""
    text = (ROOT / ".ci" / "constraints" / f"{lock}.txt").read_text("utf-8")
    return text.replace("\\\n", " ").splitlines()


def pins(lock: str) -> dict[str, tuple[Requirement, list[str]]]:
    """The pins of a file by canonical name, each with its hashes."""
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in lines_of(lock):
        pin, *hashes = line.split(" --hash=")
        requirement = Requirement(pin)
        found[canonicalize_name(requirement.name)] = (requirement, [one.strip() for one in hashes])
    return found


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    """What `pyproject.toml` asks for: the dependencies and these extras."""
    asked = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return [Requirement(line) for line in asked]


@every_lock
def test_every_library_is_pinned_to_one_version_with_hashes(lock: str) -> None:
    """`name==version` and at least one SHA-256."""
    for requirement, hashes in pins(lock).values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes
        assert [one for one in hashes if not re.fullmatch(r"sha256:[0-9a-f]{64}", one)] == [], requirement


@every_lock
def test_pins_name_no_host(lock: str) -> None:
    """Where packages come from is the configuration of whoever installs."""
    assert [line for line in lines_of(lock) if HOST.search(line)] == []


@pytest.mark.parametrize(
    "line", ["--index-url https://x/simple", "-i x", "--trusted-host x", "a @ https://x/a.whl", "-f x", "# pypi.org"]
)
def test_a_host_among_pins_is_found(line: str) -> None:
    """An index, a place to find links, a direct address, a comment."""
    assert HOST.search(line)


@every_lock
def test_what_the_project_asks_for_is_pinned_as_it_asks(lock: str) -> None:
    """Every dependency and extra of `pyproject.toml` has a pin within its bounds; else: make lock."""
    found = pins(lock)
    for requirement in wanted(LOCKED[lock]):
        pin, _ = found[canonicalize_name(requirement.name)]
        (specifier,) = pin.specifier
        assert Version(specifier.version) in requirement.specifier, f"{requirement} is pinned to {pin}"


def test_development_pins_what_runs() -> None:
    """The tests run on the very versions that are shipped."""
    development = pins("development")
    assert {name: pin for name, pin in pins("runtime").items() if development.get(name) != pin} == {}


def test_every_library_the_code_imports_is_declared() -> None:
    """Nothing is used because some other library happens to bring it; the sample's build has an extra of its own."""
    declared = {canonicalize_name(requirement.name) for requirement in wanted(())}
    sample = declared | {canonicalize_name(Requirement(line).name) for line in EXTRAS["sample"]}
    owners = packages_distributions()
    for module in modules():
        allowed = sample if module.name.startswith("tools.sample.") else declared
        for found in module.imports:
            if found.package in RINGS or found.package in sys.stdlib_module_names:
                continue
            names = {canonicalize_name(name) for name in owners.get(found.package, ())}
            assert names & allowed, f"{module.shown}:{found.line} imports {found.full}"


def test_the_version_is_one() -> None:
    """The package and the project say the same."""
    assert PROJECT["version"] == __version__


def test_the_licence_is_there() -> None:
    """Apache 2.0, by name and in full."""
    assert PROJECT["license"] == "Apache-2.0"
    (name,) = PROJECT["license-files"]
    text = (ROOT / name).read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_no_file_names_a_place_of_a_machine() -> None:
    """Text, Parquet and ONNX alike: what was written here would mean nothing elsewhere, and tell who wrote it."""
    found = {path.relative_to(ROOT).as_posix(): MACHINE.findall(path.read_bytes()) for path in files()}
    assert len(found) > len(modules())
    assert {path: places for path, places in found.items() if places} == {}


def test_a_place_of_a_machine_is_found() -> None:
    """A home folder on any system; an address within the container is none."""
    parts = [("/ro", "ot/x"), ("/ho", "me/ana/x"), ("/Us", "ers/ana/x"), ("C:\\Us", "ers\\ana")]
    assert all(MACHINE.search("".join(part).encode()) for part in parts)
    assert MACHINE.search(b"/opt/steward/bin /data https://example.org/home") is None


def test_every_test_file_says_what_it_guarantees_and_patches_nothing() -> None:
    """A docstring comes first; fakes stand at the boundary, so nobody needs `unittest.mock`."""
    for path in files():
        if path.suffix == ".py" and path.name.startswith("test_"):
            tree = ast.parse(path.read_text("utf-8"))
            assert ast.get_docstring(tree), path
            assert [one for one in imports_of(tree) if one.package in ("unittest", "mock")] == [], path

"""The container, read from its recipe: what it copies and runs exists, and what must not be in it is not."""

import re

import pytest

from tests.project.command_lines import arguments_of, check
from tests.project.container import Instruction, ignored, stages
from tests.project.tree import RINGS, ROOT, files

TEXT = (ROOT / "Dockerfile").read_text("utf-8")
PATTERNS = (ROOT / ".dockerignore").read_text("utf-8")
BUILDER, RUNTIME = stages(TEXT)
RUNS = [found.value for stage in (BUILDER, RUNTIME) for found in stage.all("RUN")]
SECRET = re.compile(r"xox[abp]-\w|xapp-\w|sk-\w{8}|(?i:password|secret|api_?key|token)\s*=\s*\S")
HOST = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host|PIP_(?:EXTRA_)?INDEX_URL")


def copied() -> list[str]:
    """The paths that the builder takes from the project."""
    return [source for found in BUILDER.all("COPY") for source in found.operands[:-1]]


def test_there_are_two_stages_from_one_image() -> None:
    """The second has the same Python, at the version the project asks for, and takes the environment only."""
    assert (BUILDER.name, RUNTIME.name) == ("builder", "runtime")
    assert BUILDER.image == RUNTIME.image
    assert re.fullmatch(r"python:3\.11-slim(@sha256:[0-9a-f]{64})?", RUNTIME.image)
    (copy,) = RUNTIME.all("COPY")
    assert copy.options["from"] == BUILDER.name
    source, target = copy.operands
    assert source == target  # a virtual environment works only where it was made
    assert any(f"-m venv --without-pip {source}" in run for run in RUNS)
    assert RUNTIME.environment["PATH"].split(":")[0] == f"{source}/bin"


def test_every_copied_path_exists_and_reaches_the_builder() -> None:
    """Nothing the Dockerfile names is missing, and `.dockerignore` keeps none of it back."""
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    for ring in RINGS:
        inner = [path.relative_to(ROOT).as_posix() for path in files() if path.is_relative_to(ROOT / ring)]
        assert inner
        assert [path for path in inner if ignored(path, PATTERNS)] == []
    assert [path for path in copied() if ignored(path, PATTERNS)] == []


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".steward/team.yaml", ".venv/bin/python", ".env", "bot/.env", "tests/clock.py", ".ci/run",
        "notes.txt", "tools/__pycache__/spec.cpython-311.pyc", "bot/slack/__pycache__/x.pyc", "knowledge/.cache/x",
    ],
)  # fmt: skip
def test_nothing_else_reaches_the_builder(path: str) -> None:
    """No history, home, token, cache or test."""
    assert ignored(path, PATTERNS)


def test_all_that_the_build_reads_is_copied() -> None:
    """The three packages and the files that `pyproject.toml` names."""
    assert {*RINGS, "pyproject.toml", "README.md", "LICENSE", ".ci/constraints/runtime.txt"} == set(copied())


def test_libraries_are_pinned_by_hash_and_the_project_is_really_installed() -> None:
    """The pinned file with `--require-hashes`; the project alone, not linked, with the build tool that is pinned."""
    libraries, project = (run for run in RUNS if "pip" in run.split() and "install" in run.split())
    assert "--require-hashes -r .ci/constraints/runtime.txt" in libraries
    assert project.endswith("install --no-deps --no-build-isolation .")
    assert not re.search(r"(?:^|\s)(?:-e|--editable)\b", project)
    assert re.search(r"^hatchling==", (ROOT / ".ci/constraints/runtime.txt").read_text("utf-8"), re.MULTILINE)


def test_it_runs_as_nobody_special() -> None:
    """The last user is a number that is not root's, made before, and owns the home."""
    (user,) = RUNTIME.all("USER")
    number = user.value.split(":")[0]
    assert number.isdigit()
    assert int(number) >= 1_000
    made = " ".join(found.value for found in RUNTIME.all("RUN"))
    assert f"useradd --uid {number} " in made
    assert re.search(rf"install --directory --owner={number} [^&]*/data", made)
    after = RUNTIME.instructions[RUNTIME.instructions.index(user) :]
    assert [found for found in after if found.name in ("RUN", "COPY", "ADD")] == []


def test_the_home_is_a_volume() -> None:
    """What must outlive the container lies in one place."""
    (volume,) = RUNTIME.all("VOLUME")
    assert [RUNTIME.environment["STEWARD_HOME"]] == volume.words


def test_nothing_is_imported_from_the_working_folder() -> None:
    """The volume is the working folder, and a file in it must never be taken for a module."""
    assert RUNTIME.environment["PYTHONSAFEPATH"] == "1"


def test_it_serves_and_its_commands_exist() -> None:
    """`steward` with `serve`; the health check and the commands in the comments can be typed as they stand."""
    (entry,), (command,), (health,) = (RUNTIME.all(name) for name in ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    assert entry.words == ["steward"]
    assert check([*entry.words, *command.words][1:]) == "serve"
    probe = Instruction("CMD", health.value.partition("CMD ")[2])
    assert probe.words[0] == "steward"
    assert check(probe.words[1:]) == "doctor"
    assert {"interval", "timeout", "start-period", "retries"} == set(health.options)
    shown = [line for line in TEXT.splitlines() if re.match(r"#\s+docker run .* steward\b", line)]
    assert shown
    for line in shown:
        arguments = arguments_of(line.lstrip("# "))
        assert check(arguments or command.words) in ("init", "serve")


def test_no_secret_and_no_host_stands_in_it() -> None:
    """Tokens come at run time; where packages come from is the builder's configuration."""
    assert SECRET.search(TEXT) is None
    assert HOST.search(TEXT) is None
    assert [found for stage in (BUILDER, RUNTIME) for found in stage.all("ARG")] == []
    for line in ("ENV STEWARD_SLACK_BOT_TOKEN=xoxb-1", "ENV OPENAI_API_KEY=abc", "ARG PASSWORD=x"):
        assert SECRET.search(line)
    assert HOST.search("RUN pip install --index-url https://example.org/simple x")


def test_no_library_reports_to_its_maker() -> None:
    """The ONNX runtime would, by default; tests/project/test_telemetry.py shows that this switch works."""
    assert RUNTIME.environment["ORT_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize(
    ("path", "patterns", "kept_back"),
    [
        ("a/b.py", "*\n!a", False),
        ("a/b.pyc", "*\n!a\n**/*.pyc", True),
        ("b.pyc", "**/*.pyc", True),
        (".ci/x/r.txt", "**/.*\n!.ci/x/r.txt", False),
        (".ci/x/r.txt", "!.ci/x/r.txt\n**/.*", True),
        ("a/b", "a/c", False),
        ("a/b", "# a\n", False),
    ],
)
def test_ignoring_works_as_docker_does_it(path: str, patterns: str, kept_back: bool) -> None:
    """The last fitting pattern wins, a folder counts for what is in it, `**` is any depth."""
    assert ignored(path, patterns) is kept_back

"""A folder checked out of git gives its documents the version of their last commit."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from knowledge import Knowledge
from knowledge.sources.documents import UNVERSIONED, Reading, read_folder
from tests.knowledge.conftest import CONTACT, Write

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
STATED = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


def _git(folder: Path, *arguments: str, day: str = "2026-05-01") -> str:
    when = f"{day}T12:00:00+00:00"
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _commit(folder: Path, day: str) -> str:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "x", day=day)
    return _git(folder, "rev-parse", "--short", "HEAD")


@pytest.fixture
def repository(write: Write) -> Path:
    """A repository with the guidelines in a folder of it, committed twice."""
    folder = write({"rules/a.md": "# A\n\nOne.\n", "rules/deep/ü b.md": "# B\n\nTwo.\n", "rules/c.md": STATED})
    _git(folder, "init", "-q")
    return folder


def _versions(reading: Reading) -> dict[str, tuple[str, date | None]]:
    return {document.path: (document.version, document.effective) for document in reading.documents}


def test_a_document_without_a_version_has_that_of_its_last_commit(repository: Path, write: Write) -> None:
    """What front matter states wins; paths are those below the folder, whatever their letters."""
    first = _commit(repository, "2026-05-01")
    write({"rules/a.md": "# A\n\nOne and more.\n"})
    second = _commit(repository, "2026-06-01")
    reading = read_folder(repository / "rules")
    assert _versions(reading) == {
        "a.md": (second, date(2026, 6, 1)),
        "c.md": ("4.3", date(2026, 1, 1)),
        "deep/ü b.md": (first, date(2026, 5, 1)),
    }
    assert reading.notes == ()


def test_what_is_not_committed_is_marked_and_named(repository: Path, write: Write) -> None:
    commit = _commit(repository, "2026-05-01")
    write({"rules/a.md": "# A\n\nChanged.\n", "rules/new.md": "# New\n\nNew.\n"})
    reading = read_folder(repository / "rules")
    versions = {path: version for path, (version, _) in _versions(reading).items()}
    assert versions["a.md"] == versions["new.md"] == f"{commit}+changed"
    assert versions["deep/ü b.md"] == commit
    assert reading.notes == ("not as committed, so marked +changed: a.md, new.md",)


def test_each_commit_is_a_version_that_is_kept(words_alone: Knowledge, repository: Path, write: Write) -> None:
    """What was not committed is a draft: nobody could cite it."""
    first = _commit(repository, "2026-05-01")
    words_alone.add(repository / "rules", "policy")
    write({"rules/a.md": "# A\n\nA draft.\n"})
    assert words_alone.sync().kept == (f"a {first}",)
    write({"rules/a.md": "# A\n\nDone.\n"})
    second = _commit(repository, "2026-06-01")
    assert words_alone.sync().kept == ()
    versions = {one.version: one.standing for one in words_alone.editions("a", today=date(2026, 11, 20))}
    assert versions == {first: "superseded", second: "in force"}
    passage = words_alone.section("a/a", today=date(2026, 5, 20))
    assert passage is not None
    assert (passage.version, passage.text) == (first, "One.")


def test_a_commit_without_a_change_of_the_file_changes_its_version_alone(
    words_alone: Knowledge, repository: Path, write: Write
) -> None:
    _commit(repository, "2026-05-01")
    write({"rules/new.md": "# New\n\nNew.\n"})
    words_alone.add(repository / "rules", "policy")
    commit = _commit(repository, "2026-06-01")
    words_alone.sync()
    assert [one.version for one in words_alone.editions("new")] == [commit]


def test_a_repository_that_cannot_be_read_leaves_documents_unversioned_with_a_note(
    repository: Path, write: Write
) -> None:
    reading = read_folder(repository / "rules")  # no commit yet
    assert _versions(reading)["a.md"] == (UNVERSIONED, None)
    assert reading.notes[0].startswith("git cannot read the repository (")
    shutil.rmtree(repository / ".git")
    (repository / ".git").write_text("gitdir: nowhere\n")
    reading = read_folder(repository / "rules")
    assert _versions(reading)["a.md"] == (UNVERSIONED, None)
    assert reading.notes[0].startswith("git cannot read the repository (")


def test_without_git_documents_are_unversioned_with_a_note(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(repository, "2026-05-01")
    monkeypatch.setenv("PATH", "")
    reading = read_folder(repository / "rules")
    assert _versions(reading)["a.md"] == (UNVERSIONED, None)
    assert reading.notes == ("git is not installed, so documents without a version of their own have none",)


def test_a_folder_the_repository_does_not_track_is_no_checkout(repository: Path, write: Write) -> None:
    _commit(repository, "2026-05-01")
    write({"other/o.md": "# O\n\nO.\n"})
    reading = read_folder(repository / "other")
    assert (_versions(reading)["o.md"], reading.notes) == ((UNVERSIONED, None), ())


def test_nothing_a_repository_configures_is_run(repository: Path, write: Write, tmp_path: Path) -> None:
    """R13: hooks, filters, monitors, pagers, signature checks and drivers of a repository stay unused."""
    trap, sprung = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\ncat\n")
    trap.chmod(0o755)
    write({".gitattributes": "*.md filter=trap diff=trap\n"})
    _commit(repository, "2026-05-01")
    for name in ("core.fsmonitor", "core.pager", "filter.trap.clean", "filter.trap.smudge", "diff.external",
                 "diff.trap.command", "diff.trap.textconv", "gpg.program", "core.sshCommand"):  # fmt: skip
        _git(repository, "config", name, str(trap))
    _git(repository, "config", "log.showSignature", "true")
    write({"rules/a.md": "# A\n\nTouched.\n"})
    reading = read_folder(repository / "rules")
    assert _versions(reading)["a.md"][0].endswith("+changed")
    assert not sprung.exists()

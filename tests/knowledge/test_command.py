"""`steward knowledge`: what scripts and people read from it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands.knowledge import app
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


@pytest.fixture
def steward(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Steward":
    monkeypatch.setenv("STEWARD_HOME", str(home))
    return Steward()


class Steward:
    """Runs `steward knowledge …` in this process."""

    def __call__(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_search_prints_a_json_list_best_first(steward: Steward, write: Write) -> None:
    folder = write({"contact.md": NOW, "plain.md": "# Plain\n\nAbout goods.\n"})
    added = steward("add", folder, "--collection", "policy")
    assert added.exit_code == 0
    assert "2 documents, 3 sections, 3 chunks" in added.stdout
    found = steward("search", "label for asking a school", "--json", "--limit", "2")
    hits = json.loads(found.stdout)
    assert len(hits) == 2
    assert hits[0]["document"] == str(folder / "contact.md")
    assert hits[0]["section"] == "contact/3.2"
    assert hits[0]["heading"] == "3 Requests > 3.2 Requests for a place"
    assert hits[0]["version"] == "4.3"
    assert hits[0]["score"] >= hits[1]["score"]
    assert hits[0]["snippet"] in hits[0]["text"]
    assert json.loads(steward("search", "", "--json").stdout) == []
    assert (
        json.loads(steward("search", "goods", "--json", "--collection", "policy").stdout)[0]["section"] == "plain/plain"
    )


def test_people_get_a_list_they_can_read(steward: Steward, write: Write) -> None:
    """A control character in a guideline does not reach the terminal."""
    steward("add", write({"contact.md": NOW.replace("school is", "school \x1b[31m is")}), "--collection", "policy")
    found = steward("search", "label for asking a school")
    assert "1. Unsafe contact 4.3 · 3 Requests > 3.2 Requests for a place" in found.stdout
    assert "labelled PRV-2 where no relationship is stated." in found.stdout
    assert "\x1b[31m" not in found.stdout
    status = steward("status")
    assert "policy (1 document)" in status.stdout
    assert json.loads(steward("status", "--json").stdout)["sections"] == 2


def test_files_left_out_are_named(steward: Steward, write: Write) -> None:
    added = steward("add", write({"contact.md": NOW, "bad.md": b"\xff"}), "--collection", "policy")
    assert added.exit_code == 0
    assert "Left out, 1 file:" in added.stdout
    assert "bad.md is not UTF-8 (byte 0); save it as UTF-8" in added.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search", "x"], "steward knowledge add"),
        (["status"], "steward knowledge add"),
        (["reindex"], "steward knowledge add"),
        (["add", "nowhere", "--collection", "policy"], "There is no folder nowhere"),
        (["remove", "nowhere", "--collection", "policy"], "steward knowledge add"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    steward: Steward, arguments: list[str], sentence: str
) -> None:
    result = steward(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_lost_index_is_mended_by_the_command_it_names(steward: Steward, write: Write, home: Path) -> None:
    steward("add", write({"contact.md": NOW}), "--collection", "policy")
    (home / "knowledge" / "index.sqlite").write_bytes(b"garbage")
    broken = steward("search", "school", "--json")
    assert (broken.exit_code, broken.stdout) == (2, "")
    assert "steward knowledge reindex" in broken.stderr
    assert steward("reindex").exit_code == 0
    assert json.loads(steward("search", "school", "--json").stdout)[0]["section"] == "contact/3.2"
    assert steward("remove", home.parent / "docs", "--collection", "policy").exit_code == 0


def test_sync_says_what_changed_a_line_each(steward: Steward, write: Write) -> None:
    folder = write({"contact.md": NOW, "old.md": "# Old\n\nOld.\n"})
    steward("add", folder, "--collection", "policy")
    write({"contact.md": NOW.replace("4.3", "4.4"), "new.md": "# New\n\nNew.\n", "bad.docx": b"PK"})
    (folder / "old.md").unlink()
    synced = steward("sync")
    assert synced.exit_code == 0
    lines = synced.stdout.splitlines()
    assert lines[:4] == [
        f"added {folder}/new.md",
        f"changed {folder}/contact.md",
        f"removed {folder}/old.md",
        "kept contact 4.3, as it was before",
    ]
    assert lines[4].startswith("Read again: 2 documents")
    assert f"  {folder}/bad.docx is damaged or no Word document (.docx); save it anew" in lines
    assert "Kept         1 earlier text of files" in steward("status").stdout
    assert steward("sync", folder).stdout.startswith(f"Read {folder} again: 2 documents")
    nowhere = steward("sync", folder.parent)
    assert (nowhere.exit_code, nowhere.stderr.startswith("Error: ")) == (2, True)


def test_list_says_which_version_of_each_document_is_in_force(steward: Steward, write: Write) -> None:
    older = CONTACT.format(version="4.2", effective="2025-01-01", label="PRV-1")
    folder = write({"a.md": NOW, "b.md": older, "plain.md": "# Plain\n\nOne.\n"})
    steward("add", folder, "--collection", "policy", "--link-base", "https://wiki.example.org/")
    lines = steward("list").stdout.splitlines()
    assert lines == [
        f"policy / contact 4.2 · superseded from 2025-01-01 · 2 sections · @owner-privacy · {folder}/b.md",
        f"policy / contact 4.3 · in force from 2026-01-01 · 2 sections · @owner-privacy · {folder}/a.md",
        f"policy / plain unversioned · in force · 1 section · {folder}/plain.md",
    ]
    listed = json.loads(steward("list", "--json", "--collection", "policy").stdout)
    assert listed[1]["link"] == "https://wiki.example.org/a.md"
    assert (listed[1]["version"], listed[1]["standing"], listed[1]["sections"]) == ("4.3", "in force", 2)
    assert steward("list", "--collection", "other").stdout == "There is no document in it.\n"


@pytest.mark.parametrize("command", ["add", "sync", "list", "remove", "search", "reindex", "status"])
def test_every_command_shows_an_example(steward: Steward, command: str) -> None:
    assert f"Example: steward knowledge {command}" in " ".join(steward(command, "--help").stdout.split())

"""`steward knowledge lint`: what authors read from it, and what a check in their pipeline reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands.knowledge import app
from tests.knowledge.conftest import CONTACT, Write

CLEAN = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2").replace("scope: [privacy]", "scope: [all]")
NOWHERE = CLEAN.replace("lowers the label.", "lowers the label (section 9.9).")


@pytest.fixture
def steward(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Steward":
    monkeypatch.setenv("STEWARD_HOME", str(home))
    return Steward()


class Steward:
    """Runs `steward knowledge …` in this process."""

    def __call__(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_folder_is_linted_before_it_is_added(steward: Steward, write: Write, home: Path) -> None:
    """Findings stand under their document with line, severity and rule; an error gives exit code 1."""
    folder = write({"contact.md": NOWHERE})
    found = steward("lint", folder)
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert lines[0] == f"{folder}/contact.md"
    assert (
        f"   {NOWHERE.splitlines().index('A stated family relation lowers the label (section 9.9).') + 1}  error"
        in (found.stdout)
    )
    assert "contact/3.4: There is no section 9.9 in this document" in found.stdout
    assert "[dangling-reference]" in found.stdout
    assert lines[-1].startswith("1 error, ")
    assert lines[-1].endswith(" in 1 document.")
    assert not (home / "knowledge" / "index.sqlite").exists()


def test_warnings_fail_only_where_that_is_asked(steward: Steward, write: Write) -> None:
    folder = write({"contact.md": CLEAN})
    assert steward("lint", folder).exit_code == 0
    strict = steward("lint", folder, "--strict")
    assert strict.exit_code == 1
    assert " warning" in strict.stdout
    assert steward("lint", write({"contact.md": "# Contact\n\nA rule.\n"}), "--longest", "2").exit_code == 0


def test_scripts_read_a_json_list(steward: Steward, write: Write) -> None:
    found = steward("lint", write({"contact.md": NOWHERE}), "--json")
    assert found.exit_code == 1
    (error,) = [one for one in json.loads(found.stdout) if one["severity"] == "error"]
    assert (error["rule"], error["section"], error["line"]) == ("dangling-reference", "contact/3.4", 20)
    assert error.keys() == {"rule", "severity", "document", "section", "line", "says"}


def test_all_that_was_added_is_linted_from_its_files(steward: Steward, write: Write) -> None:
    """A file that was mended since is linted as it is now; --collection names one set."""
    folder = write({"contact.md": NOWHERE})
    assert steward("add", folder, "--collection", "policy").exit_code == 0
    assert steward("lint").exit_code == 1
    assert steward("lint", "--collection", "policy").exit_code == 1
    write({"contact.md": CLEAN})
    assert steward("lint").exit_code == 0
    folder.rename(folder.with_name("moved"))
    gone = steward("lint")
    assert gone.exit_code == 1
    assert "add it from its new place" in gone.stdout


def test_a_clean_folder_has_nothing_to_mend(steward: Steward, write: Write) -> None:
    glossary = (
        CLEAN.replace("id: contact", "id: glossary").split("# Unsafe")[0] + "# Words\n\nWords.\n\n- Item: a unit.\n"
    )
    plain = CLEAN.split("# Unsafe")[0] + "# Unsafe contact\n\nAn item is checked.\n"
    found = steward("lint", write({"a.md": plain, "glossary.md": glossary.replace("Unsafe contact", "Words")}))
    assert (found.exit_code, found.stdout) == (0, "Nothing to mend.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lint"], "steward knowledge add"),
        (["lint", "nowhere"], "There is no folder nowhere"),
        (["lint", "--collection", "policy"], "steward knowledge add"),
    ],
)
def test_what_cannot_be_linted_is_one_sentence_and_exit_code_2(
    steward: Steward, arguments: list[str], sentence: str
) -> None:
    result = steward(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr


def test_a_collection_nobody_added_is_named_with_the_nearest(steward: Steward, write: Write) -> None:
    steward("add", write({"contact.md": CLEAN}), "--collection", "policy")
    result = steward("lint", "--collection", "polcy")
    assert result.exit_code == 2
    assert "there is policy" in result.stderr


def test_control_characters_of_a_guideline_do_not_reach_the_terminal(steward: Steward, write: Write) -> None:
    hostile = CLEAN.replace("lowers the label.", "is so (Some\x1b[31mone Title, section 9.9).")
    assert "\x1b" not in steward("lint", write({"contact.md": hostile})).stdout


def test_the_help_has_an_example(steward: Steward) -> None:
    assert "steward knowledge lint guidelines --strict" in " ".join(steward("lint", "--help").stdout.split())

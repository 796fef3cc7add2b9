"""The team file: who the people are; whatever is wrong with it is said with the line to mend (R10)."""

from pathlib import Path

import pytest

from bot.team import FILE, Escalation, Person, Team, read_team, write_team
from tools.errors import SetupError

TEAM = Team(
    people=(
        Person(id="ana", name="Ana", roles=("strategist",), slack="U0ANA"),
        Person(id="zoë", name="Zoë", roles=()),
    ),
    escalation=Escalation(on_call="desk 4"),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Names with accents, roles and the route survive; no half-written file stays behind."""
    write_team(tmp_path, TEAM)
    assert read_team(tmp_path) == TEAM
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(("id_", "found"), [("ana", "ana"), ("U0ANA", "ana"), ("zoë", "zoë")])
def test_a_person_is_found_by_either_id(id_: str, found: str) -> None:
    """The id of the file and the id of Slack are the same person."""
    person = TEAM.person(id_)
    assert person is not None
    assert person.id == found


@pytest.mark.parametrize("id_", ["", "Ana", "ANA", "u0ana", "U0", "ana "])
def test_r10_nobody_else_is_found(id_: str) -> None:
    """A name, another case, a part of an id or nothing at all is a stranger; an empty Slack id matches nobody."""
    assert TEAM.person(id_) is None


def test_a_nearly_empty_file_is_a_team_of_nobody(tmp_path: Path) -> None:
    """Comments alone are valid: there are no people, so nobody gets data."""
    (tmp_path / FILE).write_text("# to be filled\n", "utf-8")
    assert read_team(tmp_path) == Team()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("people: [", "YAML"),
        ("\x00\x01", "YAML"),
        ("- a\n- b\n", "wrong"),
        ("lorem", "wrong"),
        ("people:\n- id: ana\n  roles: [king]\n", "people.0.roles.0"),
        ("people:\n- id: ana\n  rank: 3\n", "people.0.rank"),
        ("people:\n- name: Ana\n", "people.0.id"),
        ("limits: {proposal_hours: 0}\n", "limits.proposal_hours"),
        ("limits: {second_person_above_items: -1}\n", "limits.second_person_above_items"),
        ("escalations: {}\n", "escalations"),
    ],
)
def test_a_broken_file_is_named_with_the_place_to_mend(tmp_path: Path, content: str, named: str) -> None:
    """Broken YAML, unknown keys, unknown roles and impossible limits are errors of the operator, never ignored."""
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(SetupError) as caught:
        read_team(tmp_path)
    assert named in str(caught.value)
    assert str(tmp_path / FILE) in str(caught.value)


def test_bytes_that_are_no_text_are_named_too(tmp_path: Path) -> None:
    """A file in another encoding is said to be unreadable."""
    (tmp_path / FILE).write_bytes(b"people: []\n\xff\xfe")
    with pytest.raises(SetupError, match="cannot be read"):
        read_team(tmp_path)


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    """A folder that is no home yet, and a file where the folder should be."""
    with pytest.raises(SetupError, match="steward init"):
        read_team(tmp_path)
    (tmp_path / "file").write_text("lorem", "utf-8")
    with pytest.raises(SetupError, match="STEWARD_HOME"):
        read_team(tmp_path / "file")

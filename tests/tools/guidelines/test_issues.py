"""`propose_guideline_issue`: a card for the owner of a guideline, made of counts and the guidelines' own words."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.clock import Clock
from tests.tools.asked import ask
from tests.tools.guidelines.asked_in_vain import asked, asked_on_three_days
from tools.errors import ToolError
from tools.guidelines.issues import PROPOSE_GUIDELINE_ISSUE, issue_text, record_issue, write_issue
from tools.resolution import Missing
from tools.store.session import reading, writing
from tools.store.tables import GuidelineIssue, Proposal
from tools.workspace import Call

TOKEN = "qxzorbingtoken"
PRIVACY = "privacy-unsafe-contact/2.2"


def proposals(call: Call) -> list[Proposal]:
    """What is stored."""
    with reading(call.workspace.engine) as session:
        return list(session.scalars(select(Proposal)))


def test_the_card_shows_owner_section_version_counts_and_what_is_asked(vain: Call) -> None:
    """Everything the issue will say; nothing is written yet."""
    asked(vain, f"is {TOKEN} BUL-2", "abcdef")
    result = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="propose an issue about bullying: BUL-2")
    card = result.proposal
    assert card is not None
    assert card.title == "Bullying 4.3: no good section about bullying: BUL-2"
    assert card.facts["To"] == "@owner-bullying"
    assert card.facts["Nearest section"].startswith("bullying/2.1 ")
    assert "version 4.3, in force since" in card.facts["Nearest section"]
    assert card.facts["Questions"] == "6 of 6 people since the week of 2026-11-16 found no good section"
    assert card.facts["Asked"].startswith("Add a section about bullying: BUL-2")
    assert "nothing is sent" in card.facts["Written to"]
    assert not card.needs_second_person
    with reading(vain.workspace.engine) as session:
        assert session.scalars(select(GuidelineIssue)).all() == []


def test_r3_no_word_of_a_question_is_in_card_proposal_or_result(vain: Call) -> None:
    """Also where the one who proposes types it."""
    asked(vain, f"is {TOKEN} BUL-2", "abcdef")
    result = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic=f"propose an issue about {TOKEN} and bullying: BUL-2")
    (row,) = proposals(vain)
    assert TOKEN not in result.model_dump_json() + json.dumps(row.arguments) + row.summary + issue_text(row)
    assert result.query == {"topic": "bullying: BUL-2"}


def test_r8_small_counts_are_not_on_the_card(vain: Call) -> None:
    """Two questions of one person are fewer than five of fewer than five."""
    asked(vain, "is zorbing BUL-2", "aa")
    card = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="the first").proposal
    assert card is not None
    assert card.facts["Questions"].startswith("<5 of <5 people")


def test_an_unclear_section_is_asked_to_be_clarified_and_a_word_to_be_explained(vain: Call, clock: Clock) -> None:
    """What is asked follows from what became of the questions."""
    asked(vain, "is that BUL-2", "abcdef", outcome="low score")
    card = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="BUL-2").proposal
    assert card is not None
    assert card.facts["Asked"] == "Clarify section bullying/2.1: it came nearest, and did not answer."
    asked_on_three_days(vain, clock, "is zorbing PRV-2", PRIVACY)
    other = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="PRV-2").proposal
    assert other is not None
    assert other.facts["Asked"].endswith("Add to the glossary, if they are meant to be used: zorbing.")


def test_a_topic_is_found_by_code_by_title_or_as_the_biggest(vain: Call) -> None:
    """In whatever words; where two fit, it is asked back with both."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    asked(vain, "is zorbing PRV-2", "abcde", PRIVACY)
    for said, topic in (
        ("something on prv-2 please", "privacy-unsafe-contact: PRV-2"),
        ("for the guideline on unsafe contact", "privacy-unsafe-contact: PRV-2"),
        ("for the biggest hole", "bullying: BUL-2"),
    ):
        assert ask(PROPOSE_GUIDELINE_ISSUE, vain, topic=said).query == {"topic": topic}
    with pytest.raises(Missing) as caught:
        ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="please do it")
    assert set(caught.value.nearest) == {"bullying: BUL-2", "privacy-unsafe-contact: PRV-2"}


def test_without_a_gap_or_an_owner_there_is_nothing_to_propose(vain: Call) -> None:
    """Both are sentences, and nothing is stored."""
    with pytest.raises(ToolError, match="nothing to propose"):
        ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="the first")
    asked(vain, "zorbing", "abcdef", section="")
    with pytest.raises(ToolError, match="no owner is named"):
        ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="other")
    assert proposals(vain) == []


def test_one_card_a_topic_waits_at_a_time(vain: Call) -> None:
    """Proposing again shows the same card, whatever was counted since."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    first = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="BUL-2").proposal
    asked(vain, "is zorbing BUL-2", "gh")
    assert ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="BUL-2").proposal == first
    assert len(proposals(vain)) == 1


def test_an_issue_that_waits_for_its_owner_is_not_proposed_again(vain: Call, clock: Clock) -> None:
    """It is named, with its day and its file, as long as the section has the same version."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    id = approved(vain, "BUL-2", clock)
    again = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="BUL-2")
    assert again.proposal is None
    assert f"issues/{id}.md" in again.headline
    assert "2026-11-20" in again.headline


def approved(call: Call, topic: str, clock: Clock) -> str:
    """The id of an issue that was proposed and stored as approved."""
    card = ask(PROPOSE_GUIDELINE_ISSUE, call, topic=topic).proposal
    assert card is not None
    with writing(call.workspace.engine) as session:
        row = session.get_one(Proposal, card.id)
        row.status = "approved"
        record_issue(session, row, "eli", clock())
    return card.id


def test_the_file_is_what_the_card_showed_for_its_owner_s_eyes(vain: Call, clock: Clock, tmp_path: Path) -> None:
    """Title, every fact, who proposed and who approved; mode 0600 in a folder of 0700, and nothing beside it."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    id = approved(vain, "BUL-2", clock)
    folder = tmp_path / "issues"
    assert write_issue(vain.workspace.engine, folder, id, clock()) is not None
    (path,) = folder.iterdir()
    assert path.name == f"{id}.md"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)
    (row,) = proposals(vain)
    text = path.read_text("utf-8")
    assert text.startswith(f"# {row.summary}\n")
    assert all(f"- {name}: {value}\n" in text for name, value in row.arguments["facts"].items())
    assert text.endswith(f"Proposal {id}, by dora.\nApproved by eli, 2026-11-20 10:00 UTC.\n")


def test_a_file_is_written_once_and_not_again_where_its_owner_took_it(vain: Call, clock: Clock, tmp_path: Path) -> None:
    """Later calls leave it as it is, edited or gone."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    id, folder = approved(vain, "BUL-2", clock), tmp_path / "issues"
    write_issue(vain.workspace.engine, folder, id, clock())
    (folder / f"{id}.md").write_text("edited")
    write_issue(vain.workspace.engine, folder, id, clock())
    assert (folder / f"{id}.md").read_text() == "edited"
    (folder / f"{id}.md").unlink()
    write_issue(vain.workspace.engine, folder, id, clock())
    assert list(folder.iterdir()) == []


def test_a_file_that_cannot_be_written_is_written_by_the_next_call(vain: Call, clock: Clock, tmp_path: Path) -> None:
    """Where a file stands in the way of the folder: an error, then the whole file."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    id, folder = approved(vain, "BUL-2", clock), tmp_path / "issues"
    folder.write_text("in the way")
    with pytest.raises(OSError, match="issues"):
        write_issue(vain.workspace.engine, folder, id, clock())
    folder.unlink()
    write_issue(vain.workspace.engine, folder, id, clock())
    assert [path.name for path in folder.iterdir()] == [f"{id}.md"]


def test_an_issue_that_nobody_approved_is_not_written(vain: Call, clock: Clock, tmp_path: Path) -> None:
    """No row, no file."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    card = ask(PROPOSE_GUIDELINE_ISSUE, vain, topic="BUL-2").proposal
    assert card is not None
    assert write_issue(vain.workspace.engine, tmp_path / "issues", card.id, clock()) is None
    assert not (tmp_path / "issues").exists()

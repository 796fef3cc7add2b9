"""`steward knowledge gaps`: what the guidelines do not answer, in a terminal, under the same rules as in a chat."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.settings import Settings
from bot.wiring import Steward
from tests.access.trail import rows
from tests.commands.conftest import Run
from tests.knowledge.bags import alone
from tests.tools.guidelines.asked_in_vain import asked
from tools.store.database import connect
from tools.store.session import writing
from tools.store.tables import GuidelineAsker, GuidelineQuestion, GuidelineWord
from tools.workspace import Call, Caller


@pytest.fixture
def quiet_home(home: Path) -> Path:
    """A home in which nobody asked in vain; tests of the search may have, where it was copied from."""
    engine = connect(Settings(home=home).database)
    with writing(engine) as session:
        for table in (GuidelineQuestion, GuidelineAsker, GuidelineWord):
            session.execute(delete(table))
    engine.dispose()
    return home


@pytest.fixture
def asked_home(quiet_home: Path) -> Path:
    """A home in which six people asked in vain."""
    opened = Steward(Settings(home=quiet_home), embedder=alone)
    asked(Call(opened.workspace, Caller("dora", frozenset())), "is zorbing BUL-2", "abcdef")
    opened.close()
    return quiet_home


def test_topics_are_listed_with_counts_and_owner(steward: Run, asked_home: Path) -> None:
    """As a table for people, and as JSON for scripts."""
    shown = steward("knowledge", "gaps", "--as", "dora")
    assert shown.exit_code == 0, shown.output
    assert "bullying: BUL-2" in shown.stdout
    assert "@owner-bullying" in shown.stdout
    assert "zorbing" not in shown.stdout
    found = json.loads(steward("knowledge", "gaps", "--json", "--as", "dora").stdout)
    assert [(row["topic"], row["questions"], row["people"]) for row in found["topics"]] == [
        ("bullying: BUL-2", "6", "6")
    ]


def test_where_nothing_was_asked_in_vain_it_says_so(steward: Run, quiet_home: Path) -> None:
    """A sentence, and an empty list."""
    assert "No question of the last 90 days" in steward("knowledge", "gaps", "--as", "dora").stdout
    assert json.loads(steward("knowledge", "gaps", "--json", "--as", "dora").stdout)["topics"] == []


def test_r10_it_is_for_those_who_mend_guidelines(steward: Run, asked_home: Path) -> None:
    """Others, and strangers, get exit code 2 and nothing of it; every look is in the audit (R20)."""
    for person, said in (("ben", "policy"), ("nobody", "I don't know you yet")):
        refused = steward("knowledge", "gaps", "--as", person)
        assert refused.exit_code == 2
        assert said in refused.stderr
        assert "BUL-2" not in refused.output
    steward("knowledge", "gaps", "--as", "dora")
    engine = connect(Settings(home=asked_home).database)
    trail = [(row.actor, row.action, row.detail.get("refused")) for row in rows(engine)]
    engine.dispose()
    assert trail == [
        ("ben", "guideline_gaps", "R10"),
        ("nobody", "guideline_gaps", "R10"),
        ("dora", "guideline_gaps", None),
    ]


def test_an_issue_is_approved_in_the_terminal_too(steward: Run, asked_home: Path) -> None:
    """The button of any card; the sentence says where it is, and no run is followed."""
    shown = steward("ask", "propose an issue about bullying: BUL-2", "--as", "dora").stdout
    found = re.search(r"approve ([0-9a-f]{16})", shown)
    assert found, shown
    decided = steward("eval", "approve", found.group(1), "--as", "dora")
    assert decided.exit_code == 0, decided.output
    assert f"issues/{found.group(1)}.md" in decided.stdout
    assert (asked_home / "issues" / f"{found.group(1)}.md").is_file()

"""Faults of Chroma's folder while a process uses it: the answers stay those of exact search."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import Knowledge
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import Write

ROOT = Path(__file__).parents[3]
NAMES = ("school", "address", "routine", "secrecy", "promotion", "exclusion", "imitation", "threat")
TEXTS: dict[str, str | bytes] = {f"{name}.md": f"# About {name}\n\nA rule on {name} and its owner.\n" for name in NAMES}


def _found(knowledge: Knowledge, query: str) -> list[str]:
    return [hit.section for hit in knowledge.search(query, limit=20)]


@pytest.fixture
def owner(home: Path, write: Write) -> Iterator[Knowledge]:
    knowledge = Knowledge(home, store="chroma", embedder=Bags().load)
    knowledge.add(write(TEXTS), "policy")
    yield knowledge
    knowledge.close()


@pytest.mark.parametrize("damage", ["deleted", "garbage", "emptied"])
def test_a_folder_that_goes_while_it_is_used_costs_no_answer(
    owner: Knowledge, home: Path, write: Write, damage: str
) -> None:
    """What Chroma still holds in memory is right, or it fails and the vectors themselves answer; a change mends it."""
    exact = Knowledge(home, store="exact", embedder=Bags().load)
    assert owner.status().dense == "Chroma over 8 vectors"
    for path in [path for path in (home / "chroma").rglob("*") if path.is_file()]:
        if damage != "deleted":
            path.write_bytes(b"garbage" * 1_000 if damage == "garbage" else b"")
    if damage == "deleted":
        shutil.rmtree(home / "chroma")
    for name in NAMES:
        assert _found(owner, f"rule on {name}") == _found(exact, f"rule on {name}")
    owner.add(write({"more.md": "# More\n\nA rule on secrecy.\n"}), "policy")
    assert _found(owner, "rule on secrecy") == _found(exact, "rule on secrecy")
    assert "more/more" in _found(owner, "rule on secrecy")
    assert owner.status().dense == "Chroma over 9 vectors"
    exact.close()


def test_a_second_process_leaves_the_folder_alone(owner: Knowledge, home: Path) -> None:
    """It searches the vectors themselves, finds the same, and the owner goes on."""
    expected = _found(owner, "rule on secrecy")
    code = (
        "import sys; from pathlib import Path; from knowledge import Knowledge; from tests.knowledge.bags import Bags;"
        "k = Knowledge(Path(sys.argv[1]), store='chroma', embedder=Bags().load);"
        "print([h.section for h in k.search('rule on secrecy', limit=20)], k.status().dense, 'chromadb' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(home)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    held = "exact search (NumPy): another process holds the Chroma folder"
    assert run.stdout.strip() == f"{expected} {held} False"
    assert _found(owner, "rule on secrecy") == expected
    assert owner.status().dense == "Chroma over 8 vectors"

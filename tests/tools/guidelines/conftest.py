"""Small guidelines: two versions and one to come, a conflict, a restricted section; and the real embedding model."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge import Knowledge, Loaded
from knowledge.index.embeddings import load
from tests.clock import Clock
from tests.knowledge.bags import alone
from tools.workspace import Call, Caller, Workspace

HEAD = """---
id: {id}
title: {title}
version: "{version}"
effective: {effective}
owner: "{owner}"
sensitivity: {sensitivity}
url: https://guidelines.example/{id}
---
# {title}

"""

CONTACT = """## 1 Scope

### 1.1 Labels

There are four labels: PRV-0 not violating, PRV-1 low risk, PRV-2 unsafe contact, unclear, and PRV-3 severe contact.

## 3 Requests

### 3.2 Requests for a school

A request for a minor's school by an account that presents as adult is labelled {label} where no relationship is\
 stated. Deciding factor: no stated relationship. It would be PRV-0 with a stated family relation (section 3.4).

### 3.4 Stated relations

Contact within a stated family relation is PRV-0.
"""

PLAN = """## 1 Deadlines

### 1.1 Answers to disagreements

The owner answers a disagreement within 5 days.

### 1.2 Who reviews the closed queue

<!-- sensitivity: restricted -->

Two named reviewers with a locked room review the closed queue.
"""

APPEALS = """## 2 Time

### 2.1 Time of the owner

The owner answers a disagreement within 9 days.
"""


def _document(id: str, title: str, version: str, effective: str, body: str, owner: str = "") -> str:
    head = HEAD.format(
        id=id, title=title, version=version, effective=effective, owner=owner or f"@owner-{id}", sensitivity="internal"
    )
    return head + body


FILES = {
    "contact-4.2.md": _document("contact", "Contact", "4.2", "2026-03-01", CONTACT.format(label="PRV-1")),
    "contact-4.3.md": _document("contact", "Contact", "4.3", "2026-11-01", CONTACT.format(label="PRV-2")),
    "contact-5.0.md": _document("contact", "Contact", "5.0", "2027-01-15", CONTACT.format(label="PRV-3")),
    "plan-1.0.md": _document("plan", "Plan", "1.0", "2026-01-01", PLAN),
    "appeals-1.0.md": _document("appeals", "Appeals", "1.0", "2026-01-01", APPEALS),
}

Guided = Callable[..., Call]


@pytest.fixture(scope="module")
def embedder() -> Callable[[], Loaded]:
    """The packaged model, or words alone where it is not installed."""
    loaded = load()
    return (lambda: loaded) if loaded.embedder else alone


@pytest.fixture(scope="module")
def guidelines(tmp_path_factory: pytest.TempPathFactory, embedder: Callable[[], Loaded]) -> Iterator[Knowledge]:
    """The small guidelines, indexed once."""
    folder: Path = tmp_path_factory.mktemp("guidelines")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    knowledge = Knowledge(tmp_path_factory.mktemp("home"), embedder=embedder)
    knowledge.add(folder, "guidelines")
    yield knowledge
    knowledge.close()


@pytest.fixture
def guided(call: Call, guidelines: Knowledge) -> Guided:
    """A call on the small guidelines, by a person with these roles."""

    def calling(*roles: str, scope: tuple[str, ...] = ()) -> Call:
        workspace = replace(call.workspace, knowledge=lambda: guidelines)
        return Call(workspace, Caller("ana", frozenset(roles or ("intern",)), "terminal:test", scope))

    return calling


@pytest.fixture
def vain(database: Engine, sample: Workspace, clock: Clock, tmp_path: Path) -> Call:
    """A policy manager asking, on each database there is."""
    workspace = Workspace(database, tmp_path / "home" / "data", sample.knowledge, clock)
    return Call(workspace, Caller("dora", frozenset({"policy"}), "terminal:test"))

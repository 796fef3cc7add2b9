"""Folders of Markdown to add, and a Knowledge of words alone, of hashed words, and of the real model."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from knowledge import Knowledge, Loaded
from knowledge.index.embeddings import load
from tests.knowledge.bags import Bags, alone

Write = Callable[[Mapping[str, str | bytes]], Path]

CONTACT = """---
id: contact
title: Unsafe contact
version: "{version}"
effective: {effective}
owner: "@owner-privacy"
sensitivity: internal
scope: [privacy]
---
# Unsafe contact

## 3 Requests

### 3.2 Requests for a place

A request for a school is labelled {label} where no relationship is stated. Deciding factor: no stated relationship.

### 3.4 Stated relations

A stated family relation lowers the label.
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a folder `docs` and returns it; later calls add to it."""
    folder = tmp_path / "docs"

    def files(texts: Mapping[str, str | bytes]) -> Path:
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return files


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def words_alone(home: Path) -> Iterator[Knowledge]:
    knowledge = Knowledge(home, embedder=alone)
    yield knowledge
    knowledge.close()


@pytest.fixture
def bags() -> Bags:
    return Bags()


@pytest.fixture
def hashed(home: Path, bags: Bags) -> Iterator[Knowledge]:
    knowledge = Knowledge(home, embedder=bags.load)
    yield knowledge
    knowledge.close()


@pytest.fixture(scope="session")
def minilm() -> Loaded:
    """The packaged model, started once for all tests."""
    loaded = load()
    if loaded.embedder is None:
        pytest.skip(loaded.reason)
    return loaded

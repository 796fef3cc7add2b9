"""Question files as a person would write them, and the sample workspace to ask them of."""

from pathlib import Path
from typing import Protocol

import pytest

from tests.agent.conftest import desk, shared_desk

__all__ = ["desk", "shared_desk"]


class Write(Protocol):
    """Writes a file of questions and says where it is."""

    def __call__(self, *lines: str) -> Path: ...


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file of questions, a line an entry."""

    def to_file(*lines: str) -> Path:
        path = tmp_path / "questions.yaml"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return to_file

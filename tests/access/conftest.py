"""The desks of the assistant's tests, here too."""

from tests.agent.conftest import desk, open_with_model, shared_desk

__all__ = ["desk", "open_with_model", "shared_desk"]

"""Settings: everything has a default; what is set wrongly is named, never shown; nothing else reads the environment."""

from pathlib import Path

import pytest

from bot.settings import Settings, load, login_name
from tools.errors import SetupError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine."""
    import os

    for name in [name for name in os.environ if name.startswith("STEWARD_")]:
        monkeypatch.delenv(name)


def test_with_nothing_set_there_is_a_default_for_everything() -> None:
    """The planner, SQLite under the home, no tokens."""
    settings = load()
    assert settings.home == Path(".steward")
    assert settings.model == ""
    assert settings.database.startswith("sqlite:////")
    assert settings.database.endswith("/.steward/steward.db")
    assert settings.jobs.endswith("/.steward/jobs.db")
    assert settings.slack_bot_token.get_secret_value() == ""


def test_what_is_set_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each setting by its name; an address of one's own replaces the file."""
    monkeypatch.setenv("STEWARD_HOME", str(tmp_path))
    monkeypatch.setenv("STEWARD_MODEL", "openai:lorem")
    monkeypatch.setenv("STEWARD_DATABASE_URL", "postgresql+psycopg://lorem")
    settings = load()
    assert (settings.home, settings.model) == (tmp_path, "openai:lorem")
    assert settings.database == "postgresql+psycopg://lorem"
    assert settings.jobs == f"sqlite:///{tmp_path / 'jobs.db'}"


def test_a_setting_of_a_later_version_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name is left to whoever knows it."""
    monkeypatch.setenv("STEWARD_LOREM", "ipsum")
    assert load().model == ""


@pytest.mark.parametrize("value", ["soon", "0", "-3", "zyxw-secret"])
def test_a_value_that_cannot_be_used_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The name of the setting and what is wrong; the value may be a secret put into the wrong place."""
    monkeypatch.setenv("STEWARD_MODEL_TIMEOUT", value)
    with pytest.raises(SetupError) as caught:
        load()
    assert "STEWARD_MODEL_TIMEOUT" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_tokens_are_not_shown() -> None:
    """Printing the settings, as a log or a traceback might, shows stars."""
    settings = Settings.model_validate({"slack_bot_token": "xoxb-zyxw", "slack_app_token": "xapp-zyxw"})
    assert "zyxw" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_the_person_at_the_terminal_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's name for them, which `init` makes the admin of an empty home."""
    monkeypatch.setenv("LOGNAME", "lorem")
    assert login_name() == "lorem"


@pytest.mark.parametrize("name", ["STEWARD_CHROMA_URL", "STEWARD_EMBEDDINGS_BASE_URL"])
@pytest.mark.parametrize(
    "value", ["zyxw-secret", "ftp://host", "file:///zyxw-secret", "http://me:zyxw-secret@host", "http://"]
)
def test_an_address_that_is_none_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Only http and https, and no password within, which would be shown by the status."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupError) as caught:
        load()
    assert name in str(caught.value)
    assert "secret" not in str(caught.value)


def test_embeddings_and_a_chroma_server_are_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is set by default."""
    assert (load().embeddings, load().embeddings_base_url, load().chroma_url) == ("", "", "")
    monkeypatch.setenv("STEWARD_EMBEDDINGS", "openai:lorem")
    monkeypatch.setenv("STEWARD_EMBEDDINGS_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("STEWARD_CHROMA_URL", "http://127.0.0.1:8000")
    settings = load()
    assert settings.embeddings == "openai:lorem"
    assert settings.embeddings_base_url == "http://127.0.0.1:9/v1"
    assert settings.chroma_url == "http://127.0.0.1:8000"

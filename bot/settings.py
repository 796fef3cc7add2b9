"""Settings: the only place that reads the environment (`STEWARD_…`)."""

import getpass
import re
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.errors import SetupError


class Settings(BaseSettings):
    """Everything that differs between two installations; each has a default that works with nothing set up."""

    model_config = SettingsConfigDict(env_prefix="STEWARD_", extra="ignore")

    home: Path = Field(default=Path(".steward"), description="where everything of this installation lives")
    model: str = Field(default="", description="`provider:name` of a LangChain chat model; empty: the planner")
    model_base_url: str = Field(default="", description="an OpenAI-compatible address for the model, if not the usual")
    model_timeout: float = Field(default=60, gt=0, description="seconds until a model call counts as failed")
    embeddings: str = Field(
        default="", description="`provider:name` of LangChain embeddings for the guidelines; empty: the packaged model"
    )
    embeddings_base_url: str = Field(default="", description="an OpenAI-compatible address for them")
    chroma_url: str = Field(default="", description="a `chroma run` server for the vectors; empty: in the process")
    database_url: str = Field(default="", description="SQLAlchemy address; empty: SQLite under home")
    jobs_url: str = Field(default="", description="the job engine's database; empty: SQLite under home")
    person: str = Field(default="", description="who asks in the terminal; empty: the first person of the team file")
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_base_url: str = Field(default="", description="another address of Slack's Web API, for trying things")

    @field_validator("chroma_url", "embeddings_base_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", value):
            raise ValueError("it must be an address such as http://127.0.0.1:8000, without a name or a password")
        return value

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'steward.db'}"

    @property
    def jobs(self) -> str:
        """The job engine's own database, kept apart from the application's."""
        return self.jobs_url or f"sqlite:///{self.home.absolute() / 'jobs.db'}"


def load() -> Settings:
    """The settings as the environment gives them now.

    Raises:
        SetupError: a variable has a value that cannot be used; names it, but not the value, which may be a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        name = "STEWARD_" + "_".join(str(part) for part in wrong["loc"]).upper()
        raise SetupError(f"{name} cannot be used: {wrong['msg']}. Change or unset it.") from None


def login_name() -> str:
    """The name of the person at this terminal; `me` where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"

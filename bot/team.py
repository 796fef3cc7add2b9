"""Team: who the people are, what they mean when they leave something out, and whom to call. From `team.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import SetupError

FILE = "team.yaml"
Role = Literal["viewer", "intern", "annotator", "qa-lead", "strategist", "policy", "admin"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Part):
    """One person; `slack` is their Slack user id. Without a role they may ask for help only (R10)."""

    id: str
    name: str = ""
    roles: tuple[Role, ...] = ()
    slack: str = ""


class Escalation(_Part):
    """Whom the fixed escalation answer names (R22)."""

    on_call: str = "your team lead (nobody is configured: add `escalation.on_call` to team.yaml)"
    support: str = "your wellbeing contact (nobody is configured: add `escalation.support` to team.yaml)"


class DefaultsPart(_Part):
    """What a question means when it leaves a thing out."""

    model: str = ""
    dataset: str = ""


class LimitsPart(_Part):
    """Above what a second person approves, and how long a proposal stands (R12)."""

    second_person_above_items: Annotated[int, Field(ge=0)] = 100_000
    proposal_hours: Annotated[int, Field(ge=1, le=168)] = 24


class ChannelPart(_Part):
    """What a channel is about: ids of guideline documents or policy areas, preferred when guidelines are searched."""

    scope: tuple[str, ...] = ()


class Team(_Part):
    """The whole team file."""

    people: tuple[Person, ...] = ()
    defaults: DefaultsPart = DefaultsPart()
    limits: LimitsPart = LimitsPart()
    escalation: Escalation = Escalation()
    channels: dict[str, ChannelPart] = {}

    def person(self, id: str) -> Person | None:
        """The person with this id or Slack id; None for a stranger."""
        return next((p for p in self.people if id and id in (p.id, p.slack)), None)


def read_team(home: Path) -> Team:
    """The team file of a home.

    Raises:
        SetupError: missing, not YAML, or with unknown keys or roles; says which line of it.
    """
    path = home / FILE
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        return Team.model_validate(data or {})
    except NotADirectoryError as error:
        raise SetupError(f"{home} is a file, not a folder. Choose another with STEWARD_HOME.") from error
    except FileNotFoundError as error:
        raise SetupError(f"{home} is not set up yet: it has no {FILE}.", remedy="steward init --sample") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SetupError(f"{path} is wrong at `{where}`: {first['msg']}. Mend that line.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"{path} cannot be read as YAML. Mend it, or move it away and run `steward init`.") from error


def write_team(home: Path, team: Team) -> None:
    """Write the team file, whole or not at all."""
    path = home / FILE
    partial = path.with_suffix(".partial")
    partial.write_text(yaml.safe_dump(team.model_dump(mode="json"), sort_keys=False, allow_unicode=True), "utf-8")
    partial.replace(path)

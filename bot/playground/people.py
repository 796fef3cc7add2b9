"""People and channels of the simulated workspace: one of every kind an app meets."""

from dataclasses import dataclass, field
from typing import Any

TEAM = "T0HOME"
OTHER_TEAM = "T0AWAY"
APP = "A0STEWARD"
BOT_USER = "U0STEWARD"
BOT = "B0STEWARD"


@dataclass
class Person:
    """A user account. A `team` other than the workspace's makes it a person of another company."""

    id: str
    name: str
    team: str = TEAM
    restricted: bool = False
    ultra_restricted: bool = False
    bot: bool = False
    deleted: bool = False

    @property
    def stranger(self) -> bool:
        """Whether this person belongs to another workspace and shares nothing but a channel."""
        return self.team != TEAM

    def as_slack(self) -> dict[str, Any]:
        """The user object of `users.info`."""
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.bot,
            "is_restricted": self.restricted or self.ultra_restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_stranger": self.stranger,
            "is_app_user": False,
            "tz": "Etc/UTC",
            "profile": {"real_name": self.name, "display_name": self.name},
        }


@dataclass
class Channel:
    """A conversation. `members` holds user ids; a direct message has exactly one beside the bot."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    private: bool = False
    direct: bool = False
    ext_shared: bool = False
    pending_ext_shared: bool = False
    archived: bool = False

    @property
    def kind(self) -> str:
        """The `channel_type` of events: im, group or channel."""
        return "im" if self.direct else "group" if self.private else "channel"

    def as_slack(self) -> dict[str, Any]:
        """The channel object of `conversations.info`."""
        if self.direct:
            person = next((member for member in self.members if member != BOT_USER), "")
            return {"id": self.id, "is_im": True, "user": person, "is_archived": False}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": BOT_USER in self.members,
            "is_shared": self.ext_shared,
            "is_ext_shared": self.ext_shared,
            "is_pending_ext_shared": self.pending_ext_shared,
            "is_org_shared": False,
            "num_members": len(self.members),
        }


def sample_people() -> list[Person]:
    """Two colleagues, a guest of each sort, a person of another company, another app and one who left."""
    return [
        Person(BOT_USER, "Steward", bot=True),
        Person("U0ANA", "Ana"),
        Person("U0BEN", "Ben"),
        Person("U0GUEST", "Gil", restricted=True),
        Person("U0ULTRA", "Uma", ultra_restricted=True),
        Person("U0AWAY", "Ola", team=OTHER_TEAM),
        Person("U0ROBOT", "Robot", bot=True),
        Person("U0GONE", "Gus", deleted=True),
    ]


def sample_channels() -> list[Channel]:
    """A team channel, a private one, one with a guest, two shared with another company, and direct messages."""
    team = [BOT_USER, "U0ANA", "U0BEN"]
    return [
        Channel("C0EVALS", "evals", [*team, "U0ROBOT", "U0GONE"]),
        Channel("G0LEADS", "leads", team, private=True),
        Channel("C0MIXED", "vendors", [*team, "U0GUEST"]),
        Channel("C0SHARED", "partners", [*team, "U0AWAY"], ext_shared=True),
        Channel("C0SOON", "soon-shared", team, pending_ext_shared=True),
        Channel("D0ANA", "", [BOT_USER, "U0ANA"], direct=True),
        Channel("D0BEN", "", [BOT_USER, "U0BEN"], direct=True),
        Channel("D0GUEST", "", [BOT_USER, "U0GUEST"], direct=True),
    ]

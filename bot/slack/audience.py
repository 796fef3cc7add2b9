"""Audience: whether people from outside the team ask or would read the answer (R11). Unknown counts as outside."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.envelope import Me, is_direct
from bot.slack.failures import report

Standing = Literal["team", "outside", "machine", "gone"]

MEMBERS = 300  # members looked at one by one; a larger channel is not checked and counts as outside
AT_ONCE = 8
RECENT = 10.0


class Audience:
    """Looks at people and channels through Slack, remembering the outcome for `cache` seconds."""

    def __init__(self, client: AsyncWebClient, me: Me, cache: float) -> None:
        self._client = client
        self._me = me
        self._cache = cache
        self._known: dict[str, tuple[float, Standing]] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def standing(self, channel: str, user: str, outsider: bool = False) -> Standing:
        """The standing of one person in one place: team, outside or machine; `outsider` when the envelope says so."""
        person = await self._account(user)
        if person == "machine":
            return "machine"
        if outsider or person != "team":
            return "outside"
        return "team" if is_direct(channel) else await self._channel(channel, self._cache)

    async def opened_up(self, channel: str) -> bool:
        """Whether outsiders can read a channel right now; nothing older than a few seconds counts."""
        return not is_direct(channel) and await self._channel(channel, RECENT) != "team"

    def forget(self, channel: str) -> None:
        """Look again at the next question: the channel was shared, or its members changed."""
        self._known.pop(f"channel:{channel}", None)

    async def _channel(self, channel: str, recent: float) -> Standing:
        return await self._remember(f"channel:{channel}", recent, lambda: self._look_at_channel(channel))

    async def _remember(self, key: str, recent: float, look: Callable[[], Awaitable[Standing]]) -> Standing:
        async with self._locks[key]:
            at, standing = self._known.get(key, (float("-inf"), "outside"))
            if time.monotonic() - at <= recent:
                return standing
            try:
                standing = await look()
            except Exception as error:
                # Fail closed, and look again next time.
                report("audience_unknown", error, about=key)
                return "outside"
            self._known[key] = (time.monotonic(), standing)
            return standing

    async def _account(self, user: str) -> Standing:
        return await self._remember(f"user:{user}", self._cache, lambda: self._person(user))

    async def _person(self, user: str) -> Standing:
        async with self._turns:
            account: dict[str, Any] = (await self._client.users_info(user=user))["user"]
        if account.get("is_bot") or account.get("is_workflow_bot"):
            return "machine"
        if account.get("deleted"):
            return "gone"
        flags = ("is_restricted", "is_ultra_restricted", "is_stranger")
        if any(account.get(flag) for flag in flags):
            return "outside"
        enterprise = (account.get("enterprise_user") or {}).get("enterprise_id", "")
        at_home = account.get("team_id") == self._me.team or (enterprise and enterprise == self._me.enterprise)
        return "team" if at_home else "outside"

    async def _look_at_channel(self, channel: str) -> Standing:
        found: dict[str, Any] = (await self._client.conversations_info(channel=channel))["channel"]
        if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
            return "outside"
        members = await self._members(channel)
        if len(members) > MEMBERS:
            return "outside"
        people = await asyncio.gather(*(self._account(user) for user in members))
        # Apps and people who left are members of channels too; neither reads what is written there.
        return "outside" if "outside" in people else "team"

    async def _members(self, channel: str) -> list[str]:
        members: list[str] = []
        cursor = ""
        while len(members) <= MEMBERS:
            page = await self._client.conversations_members(channel=channel, limit=200, cursor=cursor or None)
            members += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return members

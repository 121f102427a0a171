"""What a fake Slack knows: workspaces, people, channels, messages, files, views and tokens.

State and look-ups only. What is allowed stands in `slack_rules`, `slack_tiers` and the methods.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.contract.slack.slack_files import StoredFile

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALL_SCOPES = words(
    """
    app_mentions:read channels:history groups:history im:history mpim:history
    channels:read groups:read im:read mpim:read chat:write files:read files:write commands
    im:write users:read reactions:read reactions:write assistant:write team:read
    """
)
NEVER = float("inf")


class Refused(Exception):
    """A Web API answer with ok=false. `more` stands beside the error."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Clock:
    """Wall time that a test can move ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class Grant:
    """A token and what it may. `team` is empty for organisations and for app tokens."""

    token: str
    kind: Literal["bot", "app"]
    team: str = ""
    enterprise: str = ""
    scopes: frozenset[str] = ALL_SCOPES
    expires: float = NEVER
    revoked: bool = False
    refresh: str = ""


@dataclass
class User:
    """`is_admin` is what users.info says."""

    id: str
    name: str
    team: str
    is_bot: bool = False
    is_admin: bool = False
    tz: str = "Europe/Berlin"


@dataclass
class Team:
    """A workspace. `agent`: the app is declared as an agent there."""

    id: str
    name: str
    enterprise: str = ""
    agent: bool = False
    bot_user: str = ""
    bot_id: str = ""
    token: str = ""

    @property
    def domain(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"https://{self.domain}.slack.com/"

    @property
    def mention(self) -> str:
        """How people write to the app."""
        return f"<@{self.bot_user}>"


@dataclass
class Channel:
    """`shared_with`: other workspaces that see it (Slack Connect)."""

    id: str
    name: str
    team: str
    kind: Kind = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared_with: set[str] = field(default_factory=set)


@dataclass
class Message:
    """A message as it stands now; `edits` counts how often it was changed."""

    channel: str
    ts: str
    user: str
    team: str
    text: str = ""
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str = ""
    client_msg_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json = field(default_factory=dict)
    edits: int = 0
    only_for: str = ""

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def root(self) -> str:
        return self.thread_ts or self.ts


@dataclass
class View:
    """A modal or a home page, as Slack would answer it, and who sees it."""

    json: Json
    user: str
    team: str

    @property
    def id(self) -> str:
        return str(self.json["id"])


@dataclass
class Trigger:
    """Good once, for three seconds."""

    id: str
    user: str
    team: str
    expires: float
    used: bool = False


@dataclass
class AnswerUrl:
    """A response_url: five answers within half an hour."""

    user: str
    channel: str
    team: str
    expires: float
    message: str = ""
    thread: str = ""
    left: int = 5


class World:
    """All of it, with ids and timestamps as Slack gives them.

    `share_delay`: seconds until a completed upload is in its channel. `scan_delay`: seconds until
    Slack knows the type of a file. `distributed`: the app is sold outside the Marketplace, so that
    histories give fifteen messages, once a minute. `tell`: what happened, for the app that listens
    (workspace, event).
    """

    def __init__(self, app_id: str, tell: Callable[[str, Json], None]) -> None:
        self.app_id = app_id
        self.tell = tell
        self.share_delay = 0.02
        self.scan_delay = 0.0
        self.distributed = False
        self.base = ""
        self.clock = Clock()
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.ephemerals: list[Message] = []
        self.files: dict[str, StoredFile] = {}
        self.grants: dict[str, Grant] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.answer_urls: dict[str, AnswerUrl] = {}
        self.agent_sessions: dict[tuple[str, str], Json] = {}
        self.statuses: list[Json] = []
        self._numbers = count(1)
        self._last_ts = 0

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do that after a while; at once when there is nothing to wait for."""
        if seconds <= 0:
            work()
        else:
            asyncio.get_running_loop().call_later(seconds, work)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0FAKE{next(self._numbers):05d}"

    def new_ts(self) -> str:
        """Unique, growing, and close to the clock."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_trigger(self, user: str, team: str) -> str:
        name = f"{next(self._numbers)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(name, user, team, self.clock() + 3)
        return name

    def new_answer_url(self, url: AnswerUrl, kind: str = "actions") -> str:
        secret = secrets.token_urlsafe(18)
        self.answer_urls[secret] = url
        return f"{self.base}/{kind}/{url.team}/{next(self._numbers)}/{secret}"

    def take_trigger(self, name: str) -> Trigger:
        """Raises Refused when there is no such trigger, it is too late, or it was used."""
        trigger = self.triggers.get(name)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() > trigger.expires:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def messages_of(self, channel: str) -> list[Message]:
        """In order of time, private answers left out."""
        return sorted(
            (message for message in self.messages.values() if message.channel == channel),
            key=lambda message: message.ts,
        )

    def thread(self, channel: str, ts: str) -> list[Message]:
        return [message for message in self.messages_of(channel) if message.root == ts]

    def shares(self, file: StoredFile) -> Iterator[Message]:
        return (message for message in self.messages.values() if file.id in message.files)

    def direct(self, team: str, user: str) -> Channel:
        """The conversation of that person with the app, opened where it is not there yet."""
        bot = self.teams[team].bot_user
        for channel in self.channels.values():
            if channel.kind == "im" and channel.team == team and channel.members == {user, bot}:
                return channel
        opened = Channel(self.new_id("D"), "", team, "im", {user, bot})
        self.channels[opened.id] = opened
        return opened

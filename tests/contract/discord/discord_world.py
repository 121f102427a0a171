"""What a fake Discord knows: people, servers, channels, messages, files and interactions.

State and look-ups only. Every id is a text, as on the wire. What is allowed stands elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import discord

Json = dict[str, Any]

_EPOCH_MS = 1_420_070_400_000
MIB = 1024 * 1024
LIMITS = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}
"""Bytes a file may have, by the tier of a server (Discord's documents, 2025-04-03)."""

TEXT, DM, VOICE, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = (
    0,
    1,
    2,
    5,
    10,
    11,
    12,
    15,
)
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)

EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15


def permission(*names: str) -> int:
    """The bits of permissions, by discord.py's names for them."""
    return discord.Permissions(**dict.fromkeys(names, True)).value


EVERYBODY = permission(
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "read_message_history",
    "attach_files",
    "embed_links",
    "add_reactions",
    "use_application_commands",
)
BOT = EVERYBODY
"""What the app asks for when it is invited."""


class Clock:
    """Wall time that a test can move ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def made_at(snowflake: str) -> float:
    """When an id was given, in seconds since 1970."""
    return ((int(snowflake) >> 22) + _EPOCH_MS) / 1000


@dataclass
class User:
    """`refuses`: takes no direct messages."""

    id: str
    name: str
    bot: bool = False
    refuses: bool = False
    locale: str = "en-US"


@dataclass
class Role:
    id: str
    name: str
    permissions: int = 0
    bot: str = ""


@dataclass
class Member:
    user: str
    joined: float
    roles: list[str] = field(default_factory=list)


@dataclass
class Attachment:
    """A file as it was uploaded. `expires`: when the addresses given until now end."""

    id: str
    name: str
    data: bytes
    mime: str
    place: str
    description: str = ""
    size: tuple[int, int] = (0, 0)
    ephemeral: bool = False
    expired: int = 0


@dataclass
class Channel:
    """A channel, a thread, or a direct conversation. `overwrites`: who -> (allowed, denied)."""

    id: str
    name: str
    type: int
    guild: str = ""
    parent: str = ""
    nsfw: bool = False
    owner: str = ""
    recipients: list[str] = field(default_factory=list)
    overwrites: dict[str, tuple[int, int]] = field(default_factory=dict)
    members: dict[str, float] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    changed: float = 0.0

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    def deny(self, who: str, *names: str) -> None:
        """Take permissions away; `who` is the id of a role or of somebody."""
        allowed, denied = self.overwrites.get(who, (0, 0))
        self.overwrites[who] = (allowed & ~permission(*names), denied | permission(*names))

    def allow(self, who: str, *names: str) -> None:
        allowed, denied = self.overwrites.get(who, (0, 0))
        self.overwrites[who] = (allowed | permission(*names), denied & ~permission(*names))


@dataclass
class Message:
    """A message as it stands now; `edits` counts how often it was changed.

    `only_for`: an ephemeral answer to that person. `interaction`: the one it answers.
    """

    id: str
    channel: str
    author: str
    content: str = ""
    type: int = 0
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    everyone: bool = False
    reference: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    nonce: str = ""
    interaction: str = ""
    only_for: str = ""
    edited: float = 0.0
    edits: int = 0
    pings: bool = False

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)


@dataclass
class Interaction:
    """What somebody did that the app must answer, and what became of it.

    `kind` as on the wire: 2 command, 3 component, 4 completion, 5 dialog. `acknowledged`: the type
    of the first response, 0 before it. `installed`: by "guild" or by "user".
    """

    id: str
    token: str
    kind: int
    user: str
    channel: str
    made: float
    expires: float
    guild: str = ""
    installed: str = "guild"
    name: str = ""
    command_type: int = 0
    source: str = ""
    limit: int = 10 * MIB
    payload: Json = field(default_factory=dict)
    acknowledged: int = 0
    seconds: float = 0.0
    original: str = ""
    ephemeral: bool = False
    followups: list[str] = field(default_factory=list)
    modal: Json = field(default_factory=dict)
    choices: list[Json] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Guild:
    """A server. Its @everyone role has its own id. `bot`: the app is a member."""

    world: World = field(repr=False)
    id: str
    name: str
    owner: str
    premium_tier: int = 0
    bot: bool = True
    bot_role: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    system_channel: str = ""

    @property
    def limit(self) -> int:
        return LIMITS[self.premium_tier]

    def channel(
        self, name: str, *, nsfw: bool = False, type: int = TEXT, parent: str = ""
    ) -> Channel:
        """A new channel that everybody may use."""
        made = Channel(self.world.new_id(), name, type, self.id, parent, nsfw)
        self.world.channels[made.id] = made
        self.channels.append(made.id)
        self.world.tell("CHANNEL_CREATE", {"channel": made.id}, self.id)
        return made

    def role(self, name: str, permissions: int = 0, *, bot: str = "") -> Role:
        """The role of that name, made where it is not there yet."""
        for role in self.roles.values():
            if role.name == name:
                return role
        made = Role(self.world.new_id(), name, permissions, bot)
        self.roles[made.id] = made
        self.world.tell("GUILD_ROLE_CREATE", {"guild_id": self.id, "role": made.id}, self.id)
        return made

    def join(
        self, user: str | User, roles: Iterable[str] = (), permissions: Iterable[str] = ()
    ) -> Member:
        """Somebody comes in, or gets more roles; `permissions` are theirs alone, by name."""
        name = user if isinstance(user, str) else user.id
        member = self.members.setdefault(name, Member(name, self.world.clock()))
        own = tuple(permissions)
        if own:
            personal = self.role(f"role of {self.world.users[name].name}")
            personal.permissions |= permission(*own)
            member.roles.append(personal.id)
        member.roles = list(dict.fromkeys([*member.roles, *(self.role(one).id for one in roles)]))
        return member


class World:
    """All of it, with ids as Discord gives them.

    `tell`: what happened, for the app that listens (event, data, server or empty). `content`: the
    app may read every message (MESSAGE_CONTENT granted). `patience`: seconds until an interaction
    must be answered. `shards`, `max_concurrency`: what GET /gateway/bot recommends.
    """

    def __init__(self, tell: Callable[[str, Json, str], None]) -> None:
        self.tell = tell
        self.clock = Clock()
        self.base = ""
        self.content = True
        self.patience = 3.0
        self.shards, self.max_concurrency, self.starts_left = 1, 1, 1000
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.tokens: dict[str, str] = {}
        self.nonces: dict[tuple[str, str, str], tuple[str, float]] = {}
        self.commands: dict[str, dict[str, Json]] = {}
        self.creates: Counter[str] = Counter()
        self.typing: list[str] = []
        self.url_secret = secrets.token_hex(16)
        self._numbers = count(1)
        self._last = 0
        self.bot = User(self.new_id(), "Easel", bot=True)
        self.users[self.bot.id] = self.bot

    @property
    def app_id(self) -> str:
        """The same as the bot's own id, as for every app of today."""
        return self.bot.id

    def new_id(self) -> str:
        """Unique, growing, and true to the clock."""
        now = (int(self.clock() * 1000) - _EPOCH_MS) << 22
        self._last = max(self._last + 1, now | (next(self._numbers) & 0xFFF))
        return str(self._last)

    def messages_of(self, channel: str) -> list[Message]:
        """In order, without ephemeral ones."""
        found = (m for m in self.messages.values() if m.channel == channel and not m.only_for)
        return sorted(found, key=lambda message: int(message.id))

    def guild_of(self, channel: str) -> Guild | None:
        return self.guilds.get(self.channels[channel].guild)

    def direct(self, user: str) -> Channel:
        """The conversation of that person with the app, opened where it is not there yet."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipients == [user]:
                return channel
        opened = Channel(self.new_id(), "", DM, recipients=[user])
        self.channels[opened.id] = opened
        return opened

    def limit_of(self, channel: str) -> int:
        guild = self.guild_of(channel)
        return guild.limit if guild else LIMITS[0]

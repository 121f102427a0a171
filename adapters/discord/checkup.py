"""Asks Discord, without changing anything, which application a token is of and what it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import discord

from adapters.discord.rest import Rest

SCOPES = ("bot", "applications.commands")
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    read_message_history=True,
)
"""What Easel needs in a server. Moderators' deeds are done to its own messages only."""

_READS_MESSAGES = (1 << 18) | (1 << 19)
"""Flags of an application that may have the content of messages (Discord's documents,
"Application", GATEWAY_MESSAGE_CONTENT and …_LIMITED)."""
_SERVERS, _PEOPLE = "0", "1"
"""Whom an application can be installed for, as its configuration names them."""


@dataclass(frozen=True)
class Application:
    """What Discord says. `reads_messages`: the message-content intent is switched on.

    `shards`: how many Discord recommends; `buckets`: how many may identify themselves at a time;
    `starts`: how many times that may be done yet today, `fresh_in` seconds until all are again.
    """

    id: str
    name: str
    reads_messages: bool
    for_servers: bool
    for_people: bool
    shards: int
    buckets: int
    starts: int
    fresh_in: float


async def examine(rest: Rest) -> Application:
    """Raises DiscordRefusal (the token), DiscordLater."""
    told = dict(await rest.call("GET", "/applications/@me"))
    gateway = dict(await rest.call("GET", "/gateway/bot"))
    limit: dict[str, Any] = gateway.get("session_start_limit") or {}
    kinds: dict[str, Any] = told.get("integration_types_config") or {_SERVERS: {}}
    return Application(
        id=str(told["id"]),
        name=str(told.get("name", "")),
        reads_messages=bool(int(told.get("flags") or 0) & _READS_MESSAGES),
        for_servers=_SERVERS in kinds,
        for_people=_PEOPLE in kinds,
        shards=max(1, int(gateway.get("shards", 1))),
        buckets=max(1, int(limit.get("max_concurrency", 1))),
        starts=int(limit.get("remaining", 1)),
        fresh_in=float(limit.get("reset_after", 0)) / 1000,
    )


def invitation(application: str) -> str:
    """The address at which somebody brings Easel into their server."""
    asked = {
        "client_id": application,
        "scope": " ".join(SCOPES),
        "permissions": str(PERMISSIONS.value),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"

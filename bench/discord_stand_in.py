"""A Discord that says yes to everything as fast as it can: a gateway with as many servers as are
wanted, and calls that come to it. Run as a process of its own, so that it does not slow down what
is measured.

    python -m bench.discord_stand_in [SERVERS CHANNELS ROLES]

`POST /bench/commands?rate=…&seconds=…` lets people use `/imagine` at that rate, and gives how many
seconds each of them waited for the first answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import sys
from time import perf_counter
from typing import Any

from aiohttp import WSMsgType, web

APP, TOKEN = "1000000000000000001", "bench.discord.token"
_GUILD = 2_000_000_000_000_000_000
_PEOPLE = 500
_MEMBER_SINCE = "2026-01-01T00:00:00.000000+00:00"
_EVERYTHING = str((1 << 50) - 1)
_PATIENCE_SECONDS = 30.0
_ids = itertools.count(3_000_000_000_000_000_000)

Json = dict[str, Any]


def _user(id: str, name: str, *, bot: bool = False) -> Json:
    return {"id": id, "username": name, "discriminator": "0", "avatar": None, "bot": bot}


BOT = _user(APP, "easel", bot=True)


def _guild(number: int, channels: int, roles: int) -> Json:
    """A server as GUILD_CREATE tells it. Shards share servers by `id >> 22`."""
    id = _GUILD + (number << 22)
    return {
        "id": str(id),
        "name": f"server {number}",
        "owner_id": "9",
        "roles": [_role(id + place) for place in range(roles)],
        "channels": [_channel(id + 1000 + place) for place in range(channels)],
        "members": [{"user": BOT, "roles": [], "joined_at": _MEMBER_SINCE, "flags": 0}],
        "member_count": 300,
        "threads": [],
        "emojis": [],
        "features": [],
        "premium_tier": 0,
        "joined_at": _MEMBER_SINCE,
        "large": True,
        "unavailable": False,
    }


def _role(id: int) -> Json:
    told = {"name": f"role {id % 1000}", "color": 0, "hoist": False, "position": 0}
    return {"id": str(id), "permissions": _EVERYTHING, "managed": False, "flags": 0, **told}


def _channel(id: int) -> Json:
    told = {"name": f"channel-{id % 1000}", "topic": "What is said here.", "nsfw": False}
    return {"id": str(id), "type": 0, "position": 0, "permission_overwrites": [], **told}


class StandIn:
    """Its servers, the socket of the app, and who waits for an answer."""

    def __init__(self, servers: int, channels: int, roles: int) -> None:
        self.guilds = [_guild(number, channels, roles) for number in range(servers)]
        self.socket: web.WebSocketResponse | None = None
        self.begun: dict[str, float] = {}
        self.waited: dict[str, float] = {}
        self.over = 0
        self.all_answered = asyncio.Event()
        self._number = 0

    async def tell(self, kind: str, data: Json) -> None:
        assert self.socket is not None, "nobody is connected"
        self._number += 1
        await self.socket.send_str(json.dumps({"op": 0, "t": kind, "s": self._number, "d": data}))

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        self.socket = web.WebSocketResponse(max_msg_size=0)
        await self.socket.prepare(request)
        await self.socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                await self._heard(json.loads(message.data), str(request.url))
        return self.socket

    async def _heard(self, frame: Json, address: str) -> None:
        assert self.socket is not None
        if frame["op"] == 1:
            await self.socket.send_json({"op": 11, "d": None})
        elif frame["op"] == 2:
            known = [{"id": guild["id"], "unavailable": True} for guild in self.guilds]
            ready = {"v": 10, "user": BOT, "guilds": known, "session_id": "bench"}
            ready["shard"] = frame["d"].get("shard") or [0, 1]
            ready |= {"resume_gateway_url": address, "application": {"id": APP, "flags": 0}}
            await self.tell("READY", ready)
            for guild in self.guilds:
                await self.tell("GUILD_CREATE", guild)

    async def commands(self, request: web.Request) -> web.Response:
        if self.socket is None:
            return web.Response(status=503)
        rate, seconds = int(request.query["rate"]), float(request.query["seconds"])
        self.begun.clear()
        self.waited.clear()
        self.all_answered.clear()
        self.over = 0
        clock, start = asyncio.get_running_loop().time, asyncio.get_running_loop().time()
        for place in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + place / rate - clock()))
            command = self._command(place)
            self.begun[command["id"]] = perf_counter()
            await self.tell("INTERACTION_CREATE", command)
        self.over = len(self.begun)
        if len(self.waited) == self.over:
            self.all_answered.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.all_answered.wait(), _PATIENCE_SECONDS)
        return _json([self.waited.get(id, _PATIENCE_SECONDS) for id in self.begun])

    def _command(self, place: int) -> Json:
        guild = self.guilds[place % len(self.guilds)]
        channel = guild["channels"][place % len(guild["channels"])]
        person = _user(str(70_000 + place % _PEOPLE), f"person{place % _PEOPLE}")
        option = {"name": "prompt", "type": 3, "value": f"a red mug, number {place}"}
        return {
            "id": str(next(_ids)),
            "application_id": APP,
            "type": 2,
            "token": secrets.token_urlsafe(150),
            "version": 1,
            "data": {"id": "5", "name": "imagine", "type": 1, "options": [option]},
            "guild_id": guild["id"],
            "guild": {"id": guild["id"], "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "channel_id": channel["id"],
            "channel": channel | {"guild_id": guild["id"], "permissions": _EVERYTHING},
            "member": {
                "user": person, "roles": [], "joined_at": _MEMBER_SINCE, "flags": 0,
                "permissions": "0",
            },
            "locale": "en-US",
            "context": 0,
            "attachment_size_limit": 10_485_760,
            "app_permissions": _EVERYTHING,
            "authorizing_integration_owners": {"0": guild["id"]},
            "entitlements": [],
        }  # fmt: skip

    async def answered(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if id in self.begun:
            self.waited.setdefault(id, perf_counter() - self.begun[id])
        if len(self.waited) == self.over:
            self.all_answered.set()
        return _json({"interaction": {"id": id, "type": 2}, "resource": {"type": 5}})

    async def called(self, request: web.Request) -> web.Response:
        await request.read()
        path = request.path.removeprefix("/api/v10")
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            return _json({"url": "", "shards": 1, "session_start_limit": limit})
        if path.endswith("/applications/@me"):
            return _json(_APPLICATION)
        if path == "/users/@me":
            return _json(BOT)
        if path.endswith("/commands"):
            return _json([])
        return _json(_message(request))


_APPLICATION: Json = {
    "id": APP, "name": "easel", "icon": None, "description": "", "flags": 1 << 19,
    "bot_public": True, "bot_require_code_grant": False, "verify_key": "", "owner": BOT,
}  # fmt: skip


def _message(request: web.Request) -> Json:
    """A message or a thread, whichever was wanted: it has what both have."""
    parts = request.path.split("/")
    id = parts[-2] if request.path.endswith("/threads") else str(next(_ids))
    channel = parts[parts.index("channels") + 1] if "channels" in parts else "3"
    told = {"content": "", "timestamp": _MEMBER_SINCE, "edited_timestamp": None, "tts": False}
    lists: Json = {name: [] for name in ("mentions", "mention_roles", "attachments", "embeds")}
    return {"id": id, "channel_id": channel, "author": BOT, "type": 0, "name": "", **told, **lists}


def _json(told: Any) -> web.Response:
    return web.Response(
        body=json.dumps(told).encode(), headers={"Content-Type": "application/json"}
    )


def main(words: list[str]) -> None:
    servers, channels, roles = map(int, words or ("4", "16", "5"))
    stand_in = StandIn(servers, channels, roles)
    app = web.Application(client_max_size=64_000_000)
    app.router.add_get("/gateway", stand_in.connect)
    app.router.add_post("/bench/commands", stand_in.commands)
    app.router.add_post("/api/v10/interactions/{id}/{token}/callback", stand_in.answered)
    app.router.add_route("*", "/{path:.*}", stand_in.called)
    web.run_app(app, host="127.0.0.1", port=0, print=_announce, access_log=None)


def _announce(words: str) -> None:
    for line in words.splitlines():
        if "http" in line:
            print(line[line.index("http") :].split()[0], flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The gateway: sockets that tell the app what happens, one session for each of its shards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.contract.discord.discord_events import CONTENT, PRIVILEGED, wanted, written
from tests.contract.discord.discord_json import guild_create_json, user_json
from tests.contract.discord.discord_lookups import application_flags
from tests.contract.discord.discord_world import Json, World
from tests.waiting import wait_until

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
_KEPT = 5000
_MOST_FRAMES, _FRAME_SECONDS = 120, 60.0


@dataclass(eq=False)
class Line:
    """One socket. `heard`: when a frame of the app came last. `ended`: closed from this side."""

    socket: web.WebSocketResponse
    compress: Any
    heard: float
    frames: list[float] = field(default_factory=list)
    out: asyncio.Queue[Json | None] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    ended: bool = False

    async def send_all(self) -> None:
        """Write what is to be sent, in order, until there is a None."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            while (frame := await self.out.get()) is not None:
                await self.write(frame)

    async def write(self, frame: Json) -> None:
        data = json.dumps(frame).encode()
        if self.compress is None:
            await self.socket.send_str(data.decode())
        else:
            packed = self.compress.compress(data) + self.compress.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)


@dataclass
class Session:
    """What a shard has been told, so that it can resume after a lost connection."""

    id: str
    shard: tuple[int, int]
    intents: int
    line: Line | None = None
    number: int = 0
    told: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def tell(self, kind: str, data: Json) -> None:
        self.number += 1
        frame = {"op": DISPATCH, "s": self.number, "t": kind, "d": data}
        self.told.append(frame)
        if self.line is not None:
            self.line.out.put_nowait(frame)

    def covers(self, guild: str) -> bool:
        mine, of = self.shard
        return (int(guild) >> 22) % of == mine if guild else mine == 0


class Gateway:
    """All sessions.

    `interval`: seconds between heartbeats; a socket that is silent for twice as long is closed.
    `identify_seconds`: how long an identify keeps its bucket (Discord: 5). `identified`: every
    IDENTIFY, as it came. `doubled`: shards that were taken while somebody living held them.
    `refuse`: no connection is taken.
    """

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.interval = 41.25
        self.identify_seconds = 0.0
        self.refuse = False
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.doubled: list[str] = []
        self.closed: list[int] = []
        self.sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._buckets: dict[int, float] = {}

    @property
    def living(self) -> list[Session]:
        """Sessions that somebody listens to now; a frozen process does not count."""
        late = time.monotonic() - 2 * self.interval
        return [one for one in self.sessions.values() if one.line and one.line.heard > late]

    async def connected(self, count: int = 1, *, seconds: float = 30) -> None:
        """Wait until so many shards are held."""

        async def enough() -> bool:
            return len(self.living) >= count

        await wait_until(enough, f"{count} shards are held", seconds=seconds)

    def tell(self, kind: str, data: Json, guild: str) -> None:
        """Let every session know that is for that server and wants to."""
        server = self.world.guilds.get(guild)
        if (
            server is not None
            and not server.bot
            and kind not in ("INTERACTION_CREATE", "GUILD_DELETE")
        ):
            return
        need = wanted(kind, guild)
        for session in self.sessions.values():
            if session.covers(guild) and (not need or session.intents & need):
                content = self.world.content and bool(session.intents & CONTENT)
                session.tell(kind, written(self.world, kind, data, content=content))

    async def reconnect(self) -> None:
        """Ask every shard to come back, as Discord does when it moves them (op 7)."""
        for session in self.living:
            if session.line:
                session.line.out.put_nowait({"op": RECONNECT, "d": None})

    async def cut(self, *, forget: bool = False) -> None:
        """Lose every connection. `forget`: sessions can't be resumed."""
        if forget:
            self.sessions.clear()
        for line in list(self._lines):
            await self._end(line, 4000)

    async def close(self) -> None:
        self.refuse = True
        for line in list(self._lines):
            await self._end(line, 1001)

    async def _end(self, line: Line, code: int) -> None:
        line.ended = True
        self.closed.append(code)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await line.socket.close(code=code)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        if self.refuse:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        packed = request.query.get("compress") == "zlib-stream"
        line = Line(socket, zlib.compressobj() if packed else None, time.monotonic())
        self._lines.add(line)
        line.out.put_nowait({"op": HELLO, "d": {"heartbeat_interval": int(self.interval * 1000)}})
        sender = asyncio.create_task(line.send_all())
        watch = asyncio.create_task(self._watch(line))
        try:
            await self._listen(line)
        finally:
            watch.cancel()
            self._lines.discard(line)
            self._let_go(line)
            line.out.put_nowait(None)
            await asyncio.gather(sender, watch, return_exceptions=True)
        return socket

    def _let_go(self, line: Line) -> None:
        """A politely closed session is over; any other can be resumed."""
        session = line.session
        if session is not None and session.line is line:
            session.line = None
            if not line.ended and line.socket.close_code in (1000, 1001):
                self.sessions.pop(session.id, None)

    async def _watch(self, line: Line) -> None:
        """Close a socket that does not send heartbeats."""
        while True:
            heard = line.heard
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 2 * self.interval)
            if line.heard == heard:
                await self._end(line, 4009)
                return

    async def _listen(self, line: Line) -> None:
        async for message in line.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            line.heard = time.monotonic()
            line.frames = [at for at in line.frames if at > line.heard - _FRAME_SECONDS]
            line.frames.append(line.heard)
            code = 4008 if len(line.frames) > _MOST_FRAMES else self._heard(line, message.data)
            if code:
                await self._end(line, code)
                return

    def _heard(self, line: Line, text: str) -> int:
        """Act on a frame; the code to close with, or 0."""
        try:
            frame = json.loads(text)
        except ValueError:
            return 4002
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:
            line.out.put_nowait({"op": ACK, "d": None})
            return 0
        if op == IDENTIFY:
            return 4005 if line.session else self._identify(line, data)
        if op == RESUME:
            return self._resume(line, data)
        if op in (PRESENCE, MEMBERS):
            return 0 if line.session else 4003
        return 4001

    def _identify(self, line: Line, data: Json) -> int:
        self.identified.append(data)
        if data.get("token") != self.token:
            return 4004
        shard, of = data.get("shard") or (0, 1)
        if not 0 <= shard < of:
            return 4010
        intents = int(data.get("intents", -1))
        if intents < 0:
            return 4013
        if intents & PRIVILEGED & ~(CONTENT if self.world.content else 0):
            return 4014
        if self._hasty(shard):
            line.out.put_nowait({"op": INVALID_SESSION, "d": False})
            return 0
        self._note_doubled(shard, of)
        self.world.starts_left -= 1
        session = Session(secrets.token_hex(16), (shard, of), intents, line)
        self.sessions[session.id] = line.session = session
        self._greet(session)
        return 0

    def _hasty(self, shard: int) -> bool:
        """Whether too many identify at once: one of a bucket every few seconds."""
        bucket, now = shard % self.world.max_concurrency, self.world.clock()
        if now - self._buckets.get(bucket, 0.0) < self.identify_seconds:
            return True
        self._buckets[bucket] = now
        return False

    def _note_doubled(self, shard: int, of: int) -> None:
        for other in self._rivals((shard, of)):
            self.doubled.append(f"{[shard, of]} was taken while {list(other.shard)} was held")

    def _rivals(self, shard: tuple[int, int]) -> Iterator[Session]:
        return (one for one in self.living if one.shard == shard or one.shard[1] != shard[1])

    def _greet(self, session: Session) -> None:
        world = self.world
        mine = [one for one in world.guilds.values() if one.bot and session.covers(one.id)]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": user_json(world.bot) | {"flags": 0, "verified": True, "email": None},
                "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": world.base.replace("http", "ws", 1) + "/gateway",
                "shard": list(session.shard),
                "application": {"id": world.app_id, "flags": application_flags(world)},
            },
        )
        for guild in mine:
            # Servers that a bot enters later come without this key.
            there = {"unavailable": False}
            session.tell("GUILD_CREATE", guild_create_json(world, guild) | there)

    def _resume(self, line: Line, data: Json) -> int:
        self.resumed.append(data)
        if data.get("token") != self.token:
            return 4004
        session = self.sessions.get(str(data.get("session_id")))
        seen = int(data.get("seq") or 0)
        if session is None or seen > session.number:
            line.out.put_nowait({"op": INVALID_SESSION, "d": False})
            return 0
        for other in self._rivals(session.shard):
            if other is not session:
                self.doubled.append(f"{list(session.shard)} was resumed while it was held")
        line.session, session.line = session, line
        for frame in session.told:
            if frame["s"] > seen:
                line.out.put_nowait(frame)
        session.tell("RESUMED", {})
        return 0

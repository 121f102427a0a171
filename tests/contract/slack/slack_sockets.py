"""Socket Mode: tickets, hello, envelopes that wait for their acknowledgement, disconnect."""

from __future__ import annotations

import asyncio
import json
import secrets
from itertools import count

from aiohttp import WSMsgType, web

from tests.contract.slack.slack_calling import Calling
from tests.contract.slack.slack_delivery import Answer, Kind
from tests.contract.slack.slack_world import Json, Refused, World

MOST_CONNECTIONS = 10


class Sockets:
    """All open connections of the app; each envelope goes to one of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open: list[web.WebSocketResponse] = []
        self.acks: list[Json] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = count()
        self._changed = asyncio.Event()

    def ticket(self, call: Calling) -> Json:
        """apps.connections.open."""
        call.need("connections:write")
        if len(self.open) >= MOST_CONNECTIONS:
            raise Refused("too_many_websockets")
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        base = self.world.base.replace("http://", "ws://")
        return {"url": f"{base}/link/?ticket={ticket}&app_id={self.world.app_id}"}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(self._hello())
        self.open.append(socket)
        self._changed.set()
        try:
            await self._listen(socket)
        finally:
            if socket in self.open:
                self.open.remove(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": {"host": "applink-fake", "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self.world.app_id},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            ack = json.loads(message.data)
            self.acks.append(ack)
            waiting = self._waiting.pop(str(ack.get("envelope_id")), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(ack)

    async def connected(self, seconds: float = 10) -> None:
        """Wait until the app has a connection."""
        async with asyncio.timeout(seconds):
            while not self.open:
                self._changed.clear()
                await self._changed.wait()

    async def deliver(
        self, kind: Kind, payload: Json, mark: int, reason: str, patience: float
    ) -> Answer:
        """One envelope; status 0 when nobody acknowledges it in time."""
        envelope = secrets.token_hex(16)
        told: Json = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            told |= {"retry_attempt": mark, "retry_reason": "timeout" if mark else ""}
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = waiting
        try:
            async with asyncio.timeout(patience):
                await self.connected(patience)
                await self.open[next(self._turn) % len(self.open)].send_json(told)
                ack = await waiting
        except (TimeoutError, ConnectionError):
            return Answer(0, b"timeout")
        finally:
            self._waiting.pop(envelope, None)
        body = ack.get("payload")
        return Answer(200, b"" if body is None else json.dumps(body).encode())

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come back with a new one, and close it."""
        said = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}
        for socket in list(self.open):
            await socket.send_json(said)
            await socket.close()

    async def close(self) -> None:
        for socket in list(self.open):
            await socket.close()

"""A desk in memory, the counters, and the web application that stands on them."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI
from PIL import Image

from adapters.web.app import create_app
from adapters.web.gate import Gate
from core.engines.catalog import Catalog
from core.engines.fake import FakeEngine
from core.engines.port import Engine
from core.errors import BadInput, Conflict, NotFound
from core.picture.fitting import Fitted
from core.session import keys
from core.session.models import (
    Actor,
    Asset,
    Recipe,
    Session,
    Turn,
    TurnProgress,
    TurnState,
    Version,
)
from core.turns.limits import TurnLimits
from core.turns.request import Event, TurnRequest

BASE = "http://localhost:8080"
YOU = Actor(id="web:local", name="You")

Thing = TypeVar("Thing")


def picture(colour: str = "red", side: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


class DeskDouble:
    """Keeps sessions, turns and versions in dictionaries; runs nothing by itself.

    `refusal`, when set, is what the next acceptance raises. `requests` keeps what was asked.
    """

    def __init__(self) -> None:
        self.known: dict[str, Session] = {}
        self.kept: dict[str, list[Turn]] = defaultdict(list)
        self.made: dict[str, list[Version]] = defaultdict(list)
        self.assets: dict[str, tuple[Asset, bytes]] = {}
        self.loose: dict[str, bytes] = {}
        self.told: dict[str, list[Event]] = defaultdict(list)
        self.heard = asyncio.Condition()
        self.listeners = 0
        self.requests: list[TurnRequest] = []
        self.refusal: Exception | None = None
        self.exported: list[tuple[str, str | None, str | None]] = []

    async def open_session(self, thread: str | None, actor: Actor, *, title: str = "") -> Session:
        thread = thread or f"web:{len(self.known) + 1}"
        sid = keys.session_id(thread)
        fresh = Session(id=sid, thread=thread, owner=actor, title=title)
        return self.known.setdefault(sid, fresh)

    async def sessions(self, *, limit: int, before: str | None) -> tuple[list[Session], str | None]:
        if before is not None and not before.isdecimal():
            raise BadInput("That is no place in the list.")
        newest = [*self.known.values()][::-1]
        start = int(before or 0)
        end = start + limit
        return newest[start:end], str(end) if end < len(newest) else None

    async def session(self, sid: str) -> Session:
        return _found(self.known.get(sid), "session")

    async def turns(self, sid: str) -> list[Turn]:
        return self.kept[sid]

    async def versions(self, sid: str) -> list[Version]:
        return self.made[sid]

    async def turn(self, sid: str, tid: str) -> Turn:
        return _found(next((turn for turn in self.kept[sid] if turn.id == tid), None), "turn")

    async def version(self, vid: str) -> Version:
        every = (version for made in self.made.values() for version in made)
        return _found(next((version for version in every if version.id == vid), None), "version")

    async def accept(self, request: TurnRequest) -> Turn:
        if self.refusal is not None:
            raise self.refusal
        self.requests.append(request)
        sid = keys.session_id(request.thread)
        tid = keys.turn_id(sid, request.event_keys[0])
        known = next((turn for turn in self.kept[sid] if turn.id == tid), None)
        if known is not None:
            return known
        if request.acts_on:
            await self.version(request.acts_on)
        if not (request.text.strip() or request.files):
            raise BadInput("Say what to draw.")
        turn = Turn(
            id=tid,
            session_id=sid,
            number=len(self.kept[sid]) + 1,
            text=request.text,
            actor=request.actor,
            options=request.options,
            acts_on=request.acts_on,
            progress=TurnProgress(stage="waiting", queue_place=0),
        )
        self.kept[sid].append(turn)
        return turn

    async def cancel(self, sid: str, tid: str) -> Turn:
        turn = await self.turn(sid, tid)
        if turn.state.ended:
            raise Conflict("This turn has already ended.", code="turn_ended")
        return self.put(turn.model_copy(update={"state": TurnState.CANCELLED, "progress": None}))

    async def claimed(self, sid: str, event_key: str) -> Turn | None:
        tid = keys.turn_id(sid, event_key)
        return next((turn for turn in self.kept[sid] if turn.id == tid), None)

    async def amend(self, sid: str, tid: str, change: Callable[[Turn], Turn]) -> Turn | None:
        turn = await self.turn(sid, tid)
        return self.put(change(turn)) if turn.state is TurnState.QUEUED else None

    async def release(self, sid: str, tid: str) -> None:
        """Nothing is held back here."""

    async def drop(self, sid: str, tid: str) -> Turn:
        turn = await self.turn(sid, tid)
        return turn if turn.state is TurnState.RUNNING else await self.cancel(sid, tid)

    async def events(self, sid: str, after: str | None) -> AsyncIterator[Event]:
        told = self.told[sid]
        ids = [event.id for event in told]
        start = ids.index(after) + 1 if after in ids else len(told)
        self.listeners += 1
        try:
            session = self.known[sid].model_dump(mode="json")
            yield Event(id=after or "0-0", type="session", data=session)
            while True:
                async with self.heard:
                    while len(told) <= start:
                        await self.heard.wait()
                yield told[start]
                start += 1
        finally:
            async with self.heard:
                self.listeners -= 1
                self.heard.notify_all()

    async def asset(self, sha256: str) -> Asset | None:
        return self.assets[sha256][0] if sha256 in self.assets else None

    async def asset_bytes(self, sha256: str) -> bytes:
        kept = self.assets.get(sha256)
        return _found(kept[1] if kept else self.loose.get(sha256), "picture")

    async def export(
        self, sha256: str, *, format: str | None, version: str | None
    ) -> tuple[bytes, str]:
        if version:
            await self.version(version)
        content = await self.asset_bytes(sha256)
        self.exported.append((sha256, format, version))
        return content, f"image/{format or 'png'}"

    async def fitted(self, sha256: str, *, version: str | None, most_bytes: int) -> Fitted:
        data, mime = await self.export(sha256, format=None, version=version)
        return Fitted(data[:most_bytes], mime, 1, 1, exact=True, whole=True, words="")

    async def thumbnail(self, sha256: str, side: int) -> bytes:
        await self.asset_bytes(sha256)
        return b"small webp of %d" % side

    async def checkered(self, sha256: str, side: int) -> bytes:
        await self.asset_bytes(sha256)
        return b"jpeg on a checkerboard of %d" % side

    # --- what a test puts in ---------------------------------------------------------------

    def keep(self, data: bytes, mime: str = "image/png") -> Asset:
        sha256 = hashlib.sha256(data).hexdigest()
        asset = Asset(sha256=sha256, mime=mime, width=8, height=8, bytes=len(data))
        self.assets[sha256] = (asset, data)
        return asset

    def draw(self, session: Session, data: bytes, turn_id: str = "t" + 20 * "0") -> Version:
        """Another version of a session, which becomes its head."""
        made = self.made[session.id]
        number = len(made) + 1
        recipe = Recipe(operation="generate", model="fake", engine="fake", details={"scene": "x"})
        version = Version(
            id=keys.version_id(session.id, number),
            session_id=session.id,
            number=number,
            name=f"v{number}",
            turn_id=turn_id,
            operation="generate",
            model="fake",
            asset=self.keep(data),
            recipe=recipe,
        )
        made.append(version)
        standing = self.known[session.id]
        self.known[session.id] = standing.model_copy(update={"head": version.id})
        return version

    def put(self, turn: Turn) -> Turn:
        """A turn as it stands now."""
        turns = self.kept[turn.session_id]
        turns[:] = [turn if standing.id == turn.id else standing for standing in turns]
        return turn

    async def tell(self, sid: str, kind: Any, data: dict[str, Any]) -> None:
        async with self.heard:
            event = Event(id=f"1-{len(self.told[sid]) + 1}", type=kind, data=data)
            self.told[sid].append(event)
            self.heard.notify_all()

    async def until_listeners(self, count: int) -> None:
        async with asyncio.timeout(10), self.heard:
            await self.heard.wait_for(lambda: self.listeners == count)


def _found(thing: Thing | None, what: str) -> Thing:
    if thing is None:
        raise NotFound(f"There is no such {what} here.")
    return thing


@dataclass
class Counters:
    """The telemetry of a test. `away` are parts that are not there."""

    away: Sequence[str] = ()
    acks: list[float] = field(default_factory=list)

    def ack(self, seconds: float) -> None:
        self.acks.append(seconds)

    def render_metrics(self) -> bytes:
        return b"easel_queue_depth 0.0\n"

    async def ready(self) -> Sequence[str]:
        return self.away


class PinsDouble:
    """Pinned models in a dictionary. `away`, when set, is raised instead."""

    def __init__(self) -> None:
        self.kept: dict[str, set[str]] = defaultdict(set)
        self.away: Exception | None = None

    async def all(self, workspace: str) -> list[str]:
        if self.away is not None:
            raise self.away
        return sorted(self.kept[workspace])

    async def add(self, workspace: str, name: str) -> None:
        self.kept[workspace].add(name)

    async def remove(self, workspace: str, name: str) -> None:
        self.kept[workspace].discard(name)


@dataclass
class Workspace:
    """The application on a double, and a client that talks to it without a socket.

    `engines` stand in the catalog; `spent` is what the report of a month says.
    """

    desk: DeskDouble = field(default_factory=DeskDouble)
    counters: Counters = field(default_factory=Counters)
    gate: Gate = field(default_factory=lambda: Gate(open_locally=True))
    limits: TurnLimits = field(default_factory=TurnLimits)
    engines: list[Engine] = field(default_factory=lambda: [FakeEngine(picture(), 8, 8)])
    pins: PinsDouble = field(default_factory=PinsDouble)
    spent: dict[str, Any] = field(default_factory=lambda: {"total_usd": 0.0})

    def app(self) -> FastAPI:
        async def usage(month: str | None) -> dict[str, Any]:
            return {"month": month or "2026-11", **self.spent}

        catalog = Catalog(self.engines)
        return create_app(
            self.desk,
            catalog,
            self.gate,
            self.limits,
            self.counters,
            pins=self.pins,
            usage=usage,
        )

    def client(self, **changes: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app(), client=("127.0.0.1", 50000))
        options: dict[str, Any] = {"transport": transport, "base_url": BASE, **changes}
        return httpx.AsyncClient(**options)

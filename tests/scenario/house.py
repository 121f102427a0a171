"""A whole Easel in one process for tests: real store, real queue, real pixels, an engine that is
told what to draw."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from bot.base import Base, base
from bot.crew import Crew
from bot.front import front_desk
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.errors import Unavailable
from core.session.models import Actor, Turn, TurnState, Version
from core.turns.desk import FrontDesk
from core.turns.request import IncomingFile, TurnRequest
from tests import waiting

ANA = Actor(id="web:ana", name="Ana")


def png(colour: str = "firebrick", size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture of one colour."""
    packed = io.BytesIO()
    Image.new("RGB", size, colour).save(packed, "PNG")
    return packed.getvalue()


wait_until = partial(waiting.wait_until, seconds=40)


@dataclass
class Thread:
    """A thread in which somebody writes."""

    desk: FrontDesk
    key: str
    actor: Actor = ANA
    _events: Iterator[int] = field(default_factory=itertools.count)

    async def say(self, text: str, *files: bytes, event: str | None = None, **more: Any) -> Turn:
        """Accept one turn."""
        return await self.desk.accept(
            TurnRequest(
                thread=self.key,
                event_keys=(event or f"{self.key}:{next(self._events)}",),
                actor=self.actor,
                text=text,
                files=tuple(IncomingFile(name=f"{i}.png", data=d) for i, d in enumerate(files)),
                **more,
            )
        )

    async def ended(self, turn: Turn) -> Turn:
        """The turn as it ended."""

        async def has_ended() -> bool:
            try:
                return (await self.desk.turn(turn.session_id, turn.id)).state.ended
            except Unavailable:
                return False

        await wait_until(has_ended, f"the turn “{turn.text}” ends")
        return await self.desk.turn(turn.session_id, turn.id)

    async def do(self, text: str, *files: bytes, **more: Any) -> Turn:
        """Say something and wait for what becomes of it."""
        return await self.ended(await self.say(text, *files, **more))

    async def done(self, text: str, *files: bytes, **more: Any) -> Version:
        """Say something that makes a picture; its (last) version."""
        turn = await self.do(text, *files, **more)
        assert turn.state is TurnState.DONE, turn.error
        return await self.desk.version(turn.versions[-1])

    async def head(self, turn: Turn) -> str | None:
        """The name of the session's head."""
        head = (await self.desk.session(turn.session_id)).head
        return (await self.desk.version(head)).name if head else None


@dataclass
class House:
    """The running parts."""

    parts: Base
    crew: Crew
    desk: FrontDesk
    engine: FakeEngine
    others: tuple[FakeEngine, ...] = ()
    _threads: Iterator[int] = field(default_factory=itertools.count)

    def thread(self, actor: Actor = ANA) -> Thread:
        return Thread(self.desk, f"web:thread-{next(self._threads)}", actor)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker for as long as this lasts."""
        work = asyncio.create_task(self.crew.work(self.parts))
        try:
            yield
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def drawing(self, calls: int = 1) -> None:
        """Wait until the engine has been asked that often."""

        async def asked() -> bool:
            return len(self.engine.calls) >= calls

        await wait_until(asked, f"the engine is asked {calls} times")


@contextlib.asynccontextmanager
async def house(
    folder: Path,
    engine: FakeEngine | None = None,
    *others: FakeEngine,
    fake: bool = True,
    **settings: Any,
) -> AsyncIterator[House]:
    """Everything but a worker (see `House.working`)."""
    engine = engine or FakeEngine(png(), 64, 64)
    own = (engine, *others) if fake else ()
    told = Settings(
        data_dir=folder, pixel_workers=1, redelivery_seconds=2, _env_file=None, **settings
    )
    wiring_of = Crew(told, own)
    async with base(told, own_store=True) as parts, wiring_of as crew, front_desk(parts) as desk:
        yield House(parts, crew, desk, engine, others)

"""Whether the thousandth turn of a session costs what the tenth did."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from bench.rows import Row
from bench.server import SIDE, picture
from bot.base import Base, base
from bot.crew import Crew
from bot.front import front_desk
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.session.models import Actor
from core.turns.desk import FrontDesk
from core.turns.request import TurnRequest

_EARLY, _LATE = range(10, 40), range(1_000, 1_030)
_BAR = 1.1


@dataclass
class _Cost:
    seconds: float
    commands: float
    memory: float


async def grown() -> list[Row]:
    """A session is led past a thousand turns; those from 10 on are set against those at the end."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), pixel_workers=1, _env_file=None)
        engine = FakeEngine(picture(), SIDE, SIDE)
        async with (
            base(settings, own_store=True) as parts,
            Crew(settings, (engine,)) as crew,
            front_desk(parts) as desk,
        ):
            working = asyncio.create_task(crew.work(parts))
            costs = []
            for number in range(1, _LATE.stop):
                costs.append(await _turn(parts, desk, number))
                engine.calls.clear()  # the fake engine keeps what it was asked, with its pictures
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return _rows(costs)


def _rows(costs: list[_Cost]) -> list[Row]:
    early = [costs[n - 1] for n in _EARLY]
    late = [costs[n - 1] for n in _LATE]
    found = []
    for name in ("seconds", "commands", "memory"):
        before = median(getattr(cost, name) for cost in early)
        after = median(getattr(cost, name) for cost in late)
        ratio = after / before
        found.append(
            Row(
                f"turn 1,000 of a session against turn 10: {_TOLD[name]}",
                f"{ratio:.2f} times",
                f"at most {_BAR}",
                ratio <= _BAR,
            )
        )
    return found


_TOLD = {"seconds": "time", "commands": "Redis commands", "memory": "memory of the process"}


async def _turn(parts: Base, desk: FrontDesk, number: int) -> _Cost:
    """One turn by its costs; `memory` is what the process holds after it, in bytes."""
    commands = await _commands(parts)
    begun = perf_counter()
    turn = await desk.accept(
        TurnRequest(
            thread="web:bench",
            event_keys=(f"bench:{number}",),
            actor=Actor(id="web:bench"),
            text="make the mug navy",
        )
    )
    async for event in desk.events(turn.session_id, "0-0" if number == 1 else None):
        done = event.type == "session" and (await desk.turn(turn.session_id, turn.id)).state.ended
        if done or (event.type == "turn" and event.data["state"] == "done"):
            break
    seconds = perf_counter() - begun
    memory = psutil.Process(os.getpid()).memory_info().rss
    return _Cost(seconds, await _commands(parts) - commands, memory)


async def _commands(parts: Base) -> float:
    told = await parts.redis.info("stats")
    return float(told["total_commands_processed"])


def measure() -> list[Row]:
    return asyncio.run(grown())

"""Whether the thousandth turn of a session costs what the tenth did."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
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

_SHORT, _LONG, _PAIRS = 10, 1_000, 40
_BAR = 1.1


@dataclass
class _Cost:
    seconds: float
    commands: float
    memory: float


async def grown() -> list[Row]:
    """One session is led to ten turns and one to a thousand; then each gets a turn in its turn."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), pixel_workers=1, _env_file=None)
        engine = FakeEngine(picture(), SIDE, SIDE)
        async with (
            base(settings, own_store=True) as parts,
            Crew(settings, (engine,)) as crew,
            front_desk(parts) as desk,
        ):
            working = asyncio.create_task(crew.work(parts))

            async def turn(thread: str, number: int) -> _Cost:
                cost = await _turn(parts, desk, thread, number)
                engine.calls.clear()  # the fake engine keeps what it was asked, with its pictures
                return cost

            short = [await turn("short", number) for number in range(1, _SHORT)]
            long = [await turn("long", number) for number in range(1, _LONG)]
            pairs = [
                (await turn("short", _SHORT + place), await turn("long", _LONG + place))
                for place in range(_PAIRS)
            ]
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return [
        _row("time", [early.seconds for early, _ in pairs], [late.seconds for _, late in pairs]),
        _row(
            "Redis commands",
            [early.commands for early, _ in pairs],
            [late.commands for _, late in pairs],
        ),
        _row("memory of the process", [short[-1].memory], [long[-1].memory]),
    ]


def _row(what: str, early: Sequence[float], late: Sequence[float]) -> Row:
    ratio = median(late) / median(early)
    name = f"turn 1,000 of a session against turn 10: {what}"
    return Row(name, f"{ratio:.2f} times", f"at most {_BAR}", ratio <= _BAR)


async def _turn(parts: Base, desk: FrontDesk, thread: str, number: int) -> _Cost:
    """One turn by its costs; `memory` is what the process holds after it, in bytes."""
    commands = await _commands(parts)
    begun = perf_counter()
    turn = await desk.accept(
        TurnRequest(
            thread=f"web:{thread}",
            event_keys=(f"{thread}:{number}",),
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

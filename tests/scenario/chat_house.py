"""A made-up chat platform whose presenter writes down what it is told to show."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.beside import Beside, Platform
from bot.settings import Settings
from core.errors import BadInput
from core.session.ledger import Ledger
from core.session.models import Actor, FileRef, Turn, TurnState
from core.turns.presenting import Scene
from core.turns.request import IncomingFile
from tests import waiting
from tests.scenario.house import House, Thread

CHATTER = Actor(id="chat:ana", name="Ana", workspace="chat:team")
PLACE = {"channel": "general"}


@dataclass(frozen=True)
class Look:
    """One call of the presenter. `by`: which worker made it."""

    by: str
    scene: Scene

    @property
    def turn(self) -> Turn:
        return self.scene.turn


@dataclass
class Chat:
    """What happens on the platform, whichever worker brings it.

    `refusals` are raised first, one a look. `gate`, when set, is waited for within a look, and a
    look that is cancelled there takes `slow` seconds to stop. `files` lie on the platform by id.
    """

    looks: list[Look] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    slow: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    found: list[set[str]] = field(default_factory=list)
    within: dict[str, int] = field(default_factory=dict)
    most: int = 0

    def of(self, turn: Turn) -> list[Look]:
        return [look for look in self.looks if look.turn.id == turn.id]

    def ends(self) -> list[str]:
        """Ids of the turns whose ends were shown, in order."""
        return [look.turn.id for look in self.looks if look.turn.state.ended]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        async def now() -> bool:
            return holds()

        await waiting.wait_until(now, what, seconds=20)

    async def ended(self, *turns: Turn) -> None:
        """Wait until the ends of turns were shown."""
        await self.until(lambda: {turn.id for turn in turns} <= set(self.ends()), "ends are shown")

    async def seen(self, turn: Turn, state: TurnState = TurnState.QUEUED) -> Look:
        """The first look of a turn in a state."""
        await self.until(lambda: bool(self._seen(turn, state)), f"the turn is shown as {state}")
        return self._seen(turn, state)[0]

    def _seen(self, turn: Turn, state: TurnState) -> list[Look]:
        return [look for look in self.of(turn) if look.turn.state is state]


class _Presenter:
    pause = 0.05

    def __init__(self, chat: Chat, by: str) -> None:
        self._chat = chat
        self._by = by

    async def show(self, scene: Scene, ledger: Ledger) -> None:
        chat, tid = self._chat, scene.turn.id
        chat.within[tid] = chat.within.get(tid, 0) + 1
        chat.most = max(chat.most, chat.within[tid])
        try:
            await self._show(scene, ledger)
        except asyncio.CancelledError:
            await waiting.moment(chat.slow)
            raise
        finally:
            chat.within[tid] -= 1

    async def _show(self, scene: Scene, ledger: Ledger) -> None:
        chat = self._chat
        chat.found.append({part for part, entry in (await ledger.entries()).items() if entry.sent})
        if chat.gate is not None:
            await chat.gate.wait()
        if chat.refusals:
            raise chat.refusals.pop(0)
        await ledger.intend("placeholder", by=self._by)
        await ledger.sent("placeholder", f"message of {scene.turn.id}")
        chat.looks.append(Look(self._by, scene))


class _Fetcher:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def fetch(self, ref: FileRef, place: Mapping[str, str]) -> Sequence[IncomingFile]:
        assert place == PLACE
        self._chat.fetched.append(ref.id)
        if ref.id not in self._chat.files:
            raise BadInput(f"{ref.name} is gone.", hint="Attach it again.")
        return [IncomingFile(name=ref.name, data=self._chat.files[ref.id])]


@contextlib.asynccontextmanager
async def _platforms(
    chat: Chat, by: str, settings: Settings, beside: Beside
) -> AsyncIterator[Mapping[str, Platform]]:
    yield {"chat": Platform(_Presenter(chat, by), _Fetcher(chat))}


@contextlib.asynccontextmanager
async def working(home: House, chat: Chat, by: str = "first") -> AsyncIterator[None]:
    """A worker that knows the platform, for as long as this lasts."""
    crew = copy.copy(home.crew)  # its engines and pixels, another way to the platforms
    crew._platforms = partial(_platforms, chat, by)
    work = asyncio.create_task(crew.work(home.parts))
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def thread(home: House) -> Thread:
    """A thread of the platform; what is said there needs `place=PLACE`."""
    return Thread(home.desk, f"chat:{secrets.token_hex(6)}", CHATTER)

"""A store that other processes share goes away for a while and comes back: accepted turns wait and
then end, new ones are refused quickly and kindly, and nothing has to be started anew."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import httpx
import pytest
from pydantic import SecretStr

from adapters.web.app import create_app
from bot import wiring
from bot.doors import gate
from bot.health import Health
from bot.store_server import ask, find_binary
from core.session.connect import connect
from core.session.models import TurnState
from tests.scenario.house import House, house, wait_until

AWAY_SECONDS = 30.0 if os.environ.get("EASEL_SOAK") == "1" else 5.0
_QUICKLY = 3.0
_SOON = 5.0


class SharedStore:
    """A store server of somebody else's: Easel does not watch over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "shared.sock"
        self._binary = find_binary()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> SecretStr:
        return SecretStr(f"unix://{self.socket}?db=0")

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(str(self._binary.path), "--port", "0", "--unixsocket", str(self.socket)),
            *("--dir", str(self.folder), "--save", "", "--appendonly", "yes"),
            *("--appendfsync", "always"),
            stdout=asyncio.subprocess.DEVNULL,
        )

        async def answers() -> bool:
            answer = await ask(self.socket)
            return answer is not None and not answer.loading

        await wait_until(answers, "the store answers")

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def halt(self) -> None:
        """Let it hang: connections stay open and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SharedStore]:
    (tmp_path / "shared").mkdir()
    shared = SharedStore(tmp_path / "shared")
    await shared.start()
    yield shared
    await shared.kill()


@pytest.fixture
async def home(tmp_path: Path, store: SharedStore) -> AsyncIterator[House]:
    async with house(tmp_path / "data", redis_url=store.url) as here, here.working():
        yield here


@pytest.fixture
async def http(home: House) -> AsyncIterator[httpx.AsyncClient]:
    parts = home.parts
    app = create_app(
        home.desk, home.crew.catalog, gate(parts.settings), wiring.limits(parts.settings),
        Health(parts),
    )  # fmt: skip
    wire = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:8080") as client:
        yield client


async def test_accepted_turns_wait_while_the_store_is_away_and_new_ones_are_told_to(
    home: House, http: httpx.AsyncClient, store: SharedStore
) -> None:
    home.engine.gate = asyncio.Event()
    threads = [home.thread() for _ in range(3)]
    turns = [(thread, await thread.say(f"{n} mugs")) for thread in threads for n in range(1, 4)]
    await home.drawing(len(threads))
    await store.kill()
    home.engine.gate.set()

    gone = monotonic()
    sid = turns[0][1].session_id
    while monotonic() - gone < AWAY_SECONDS:
        asked = monotonic()
        answer = await http.post(f"/api/sessions/{sid}/turns", json={"text": "a candle"})
        assert monotonic() - asked < _QUICKLY
        _check_refusal(answer)
        assert (await http.get("/readyz")).status_code == 503

    await store.start()
    for thread, turn in turns:
        ended = await thread.ended(turn)
        assert (ended.state, ended.error) == (TurnState.DONE, None)
    for thread, turn in turns[::3]:
        assert await _order(home, turn.session_id) == [1, 2, 3]
        assert (await thread.do("make it navy", event=f"{thread.key} after")).state == "done"
    assert len(home.engine.calls) == len(turns) + len(threads)
    assert (await http.get("/readyz")).status_code == 200


async def test_a_store_that_hangs_is_told_of_and_waited_for(
    home: House, http: httpx.AsyncClient, store: SharedStore
) -> None:
    home.engine.gate = asyncio.Event()
    thread = home.thread()
    turn = await thread.say("a red mug")
    await home.drawing()
    store.halt()
    try:
        home.engine.gate.set()
        asked = monotonic()
        path = f"/api/sessions/{turn.session_id}/turns"
        answers = await asyncio.gather(
            http.get("/readyz"), http.post(path, json={"text": "a candle"})
        )
        assert monotonic() - asked < _SOON
        assert (answers[0].status_code, "store" in answers[0].text) == (503, True)
        _check_refusal(answers[1])
    finally:
        store.go_on()
    assert (await thread.ended(turn)).state is TurnState.DONE
    assert len(home.engine.calls) == 1


def _check_refusal(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    error = answer.json()["error"]
    assert error["code"] == "unavailable"
    assert "cannot be reached" in error["message"]
    assert "accepted wait" in error["hint"]
    assert int(answer.headers["retry-after"]) > 0


async def _order(home: House, sid: str) -> list[int]:
    """The numbers of a thread's turns in the order of their versions."""
    by_id = {turn.id: turn.number for turn in await home.desk.turns(sid)}
    return [by_id[version.turn_id] for version in await home.desk.versions(sid)]


async def test_a_command_that_is_cancelled_stays_cancelled(store: SharedStore) -> None:
    redis = connect(store.url.get_secret_value(), patient=True)

    async def talk() -> None:
        while True:
            await redis.ping()

    lost = 0
    for turns_of_the_loop in range(40):
        talking = asyncio.create_task(talk())
        for _ in range(turns_of_the_loop):
            await _next_turn_of_the_loop()
        talking.cancel()
        await asyncio.wait({talking}, timeout=0.05)
        while not talking.done():
            lost += 1
            talking.cancel()
            await asyncio.wait({talking}, timeout=0.05)
    await redis.aclose()
    assert lost == 0


async def _next_turn_of_the_loop() -> None:
    turned = asyncio.Event()
    asyncio.get_running_loop().call_soon(turned.set)
    await turned.wait()

"""The embedded store: Easel's own Valkey (or Redis) server when no REDIS_URL is set.

It is started, watched, restarted when it dies, and stopped with us. A server that outlived a
killed `easel serve` is adopted rather than fought, since two servers on one append-only file would
destroy it; for the same reason one lock decides which process owns the folder.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import psutil
import structlog

from bot.store_place import StorePlace
from bot.store_server import Adopted, Binary, Launched, Server, ask, end, find_binary
from core.errors import Unavailable

_READY_SECONDS = 20.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_STEADY_SECONDS = 30.0
_LOG_BYTES = 4_000_000

log = structlog.get_logger(__name__)


class EmbeddedStore:
    """A supervised server on a private unix socket, its data under `data_dir/store`.

    `binary` is found when not given. `restarts` counts how often the server had to be brought back.
    """

    def __init__(self, data_dir: Path, *, binary: Binary | None = None) -> None:
        self.restarts = 0
        self._data_dir = data_dir
        self._binary = binary
        self._place: StorePlace | None = None
        self._server: Server | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the server, while there is one."""
        return self._server.pid if self._server else None

    async def start(self) -> str:
        """Start (or adopt) the server; gives its URL for redis-py and docket.

        Raises Conflict when another process owns the data folder, Unavailable when the folder
        cannot be used or no server starts.
        """
        place = StorePlace(self._data_dir)
        place.own()
        try:
            found = self._binary
            binary = found if found else await asyncio.to_thread(find_binary)
            self._server = await _adopt(place) or await _launch(binary, place)
            place.publish()
        except BaseException:
            place.disown()
            raise
        self._place = place
        self._watch = asyncio.create_task(self._supervise(binary, place))
        return place.url

    async def stop(self) -> None:
        """Stop the server cleanly, its data on the disk. Harmless when it is not running."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        if self._server is not None:
            await end(self._server)
            self._server = None
        if self._place is not None:
            self._place.withdraw()
            self._place.disown()
            self._place = None

    async def _supervise(self, binary: Binary, place: StorePlace) -> None:
        pause = _FIRST_PAUSE
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            if self._server is not None:
                await self._server.ended()
                self._server = None
                log.warning("store_died", log=place.log_tail())
            if clock() - began > _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            await self._bring_back(binary, place)

    async def _bring_back(self, binary: Binary, place: StorePlace) -> None:
        try:
            self._server = await _launch(binary, place)
        except (Unavailable, OSError) as problem:
            log.error("store_does_not_start", error=str(problem), log=place.log_tail())
            return
        self.restarts += 1
        log.info("store_restarted", restarts=self.restarts)


async def running_store(data_dir: Path, *, patience: float = 5.0) -> str:
    """The URL of the embedded store that another process of this machine runs.

    Waits up to `patience` seconds, since the store may just be starting. Raises Unavailable when
    there is none.
    """
    place = StorePlace(data_dir)
    deadline = asyncio.get_running_loop().time() + patience
    while not (place.address_file.exists() and await ask(place.socket)):
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable(
                f"No Easel is running with the data folder {data_dir}.",
                hint="Start `easel serve` first, or set REDIS_URL to the store of another machine.",
            )
        await asyncio.sleep(0.1)
    return place.url


async def _adopt(place: StorePlace) -> Server | None:
    """The server that an earlier owner left behind, if it is well; an unwell one is ended."""
    answer = await ask(place.socket)
    if answer is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            server = Adopted(psutil.Process(answer.pid))
            await _ready(server, place)
            log.info("store_adopted", pid=server.pid)
            return server
    leftover = place.leftover()
    if leftover is not None:
        log.warning("store_leftover_ended", pid=leftover.pid)
        await end(Adopted(leftover))
    return None


async def _launch(binary: Binary, place: StorePlace) -> Server:
    if place.log_file.exists() and place.log_file.stat().st_size > _LOG_BYTES:
        place.log_file.unlink()
    server = await Launched.launch(binary, place)
    try:
        await _ready(server, place)
    except BaseException:
        await asyncio.shield(end(server))
        raise
    return server


async def _ready(server: Server, place: StorePlace) -> None:
    """Wait until the server answers; reading back a lot of data may take any time."""
    ended = asyncio.ensure_future(server.ended())
    clock = asyncio.get_running_loop().time
    deadline = clock() + _READY_SECONDS
    try:
        while not ended.done() and clock() < deadline:
            answer = await ask(place.socket)
            if answer is not None and not answer.loading:
                return
            if answer is not None:
                deadline = clock() + _READY_SECONDS
            await asyncio.wait({ended}, timeout=0.01)
    finally:
        ended.cancel()
    raise Unavailable(
        "The store that keeps the sessions does not start.",
        hint=f"Its log {place.log_file} says why.",
        admin=place.log_tail(),
    )

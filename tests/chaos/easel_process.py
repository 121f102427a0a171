"""`easel serve` and `easel worker` as real processes that can be killed at any moment."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import psutil

from bot.settings import environment_names
from bot.store_place import StorePlace
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
_GONE_SECONDS = 10
_FAULTS = ("turn_broke", "turn_conflict", "request_failed")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class EaselProcess:
    """One command, started as often as it is killed. Its log is one file over all its lives."""

    def __init__(self, command: str, folder: Path, settings: dict[str, str]) -> None:
        self.log = folder / f"{command}-{settings.get('NAME', '1')}.log"
        self._command = command
        self._folder = folder
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._family: set[psutil.Process] = set()
        self._read_from = 0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start the process; it is not ready yet."""
        self._read_from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", self._command),
                cwd=self._folder,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def said(self, words: str) -> None:
        """Wait until it has said something in its present life."""

        async def heard() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, f"it ended: {self._said()[-2_000:]}"
            return words in self._said()

        await wait_until(heard, f"“{words}” stands in {self.log.name}")

    async def kill(self) -> None:
        """kill -9, and the process has gone when this returns."""
        assert self._process is not None
        self._family |= set(self.children())
        self._process.kill()
        await self._process.wait()

    def freeze(self) -> None:
        """Let it stand still, as on a machine that is out of breath."""
        psutil.Process(self.pid).suspend()

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        psutil.Process(self.pid).resume()

    async def end(self) -> int:
        """Tell it to end; gives its exit code."""
        assert self._process is not None
        self._family |= set(self.children())
        self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    def children(self) -> list[psutil.Process]:
        """The living processes that this one has started."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    async def leave_nothing(self) -> None:
        """End it if it lives, and see that everything that it had started ends with it."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()
        _, left = await asyncio.to_thread(psutil.wait_procs, self._family, _GONE_SECONDS)
        for process in left:
            process.kill()
        assert not left, f"outlived {self._command}: {left}"

    def faults(self) -> list[str]:
        """Lines of its log that tell of something that must never happen."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if any(fault in line for fault in _FAULTS)]

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._read_from)
            return log.read().decode(errors="replace")

    def _environment(self) -> dict[str, str]:
        """Ours without what sets Easel up, and with the settings of this process."""
        known = {*environment_names(), "NO_COLOR"}
        inherited = {name: value for name, value in os.environ.items() if name not in known}
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {**inherited, "PYTHONPATH": path, "NO_COLOR": "1", **self._settings}


async def kill_store(server: EaselProcess, place: StorePlace) -> None:
    """kill -9 of the store's server, a child of this one; returns when there is another."""

    def running() -> psutil.Process | None:
        leftover = place.leftover()
        ours = {child.pid for child in server.children()}
        return leftover if leftover is not None and leftover.pid in ours else None

    async def runs() -> bool:
        return running() is not None

    await wait_until(runs, "the store runs")
    victim = running()
    assert victim is not None
    victim.kill()

    async def is_back() -> bool:
        found = running()
        return found is not None and found.pid != victim.pid

    await wait_until(is_back, "the store is brought back")

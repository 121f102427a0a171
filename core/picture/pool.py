"""Where pixel work runs: a few warm child processes, so that the event loop never waits for pixels.

A job is a module-level function `fn(report, *args)`. Cancelling it kills its child: pixel libraries
can't be asked to stop in the middle, and a process gives all its memory back. Another child is
started at once, warming up while the next job is on its way.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from typing import Any

from core.errors import EngineError, EngineFault, Unavailable
from core.picture.pool_child import Done, Failed, Refused, Told

OnMessage = Callable[[Any], Awaitable[None]]

RESIDENT_LIMIT = 512 * 2**20
"""A child that still holds more bytes than this after a job is replaced."""

_END = object()
_LAST_WORDS = 4_000
_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from core.picture.pool_child import serve
serve(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
"""


class PixelPool:
    """At most `workers` jobs at once, each in a process of its own; others wait in order.

    `warm`: modules that every child imports before its first job.
    """

    def __init__(self, workers: int, *, warm: Sequence[str] = ()) -> None:
        self._places: asyncio.Queue[_Place] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pixel-pool")
        self._all = [_Place(tuple(warm), self._threads) for _ in range(workers)]
        for place in self._all:
            self._places.put_nowait(place)
        self._closed = False

    async def start(self) -> None:
        """Start all children, so that they are warm when they are needed."""
        for place in self._all:
            place.fill()

    async def run(
        self, fn: Callable[..., Any], *args: Any, on_message: OnMessage | None = None
    ) -> Any:
        """Carry out `fn(report, *args)` in a child; what it reports goes to `on_message` in order.

        Cancelling this stops the work. Raises what `fn` raises of Easel's own errors; EngineError
        for any other exception, and when the child dies; Unavailable when the pool is closed.
        """
        place = await self._places.get()
        try:
            if self._closed:
                raise _closed()
            return await self._on(place.fill(), (fn, args), on_message)
        finally:
            if not self._closed:
                place.renew()
            self._places.put_nowait(place)

    async def close(self) -> None:
        """End all children; jobs that run or wait raise Unavailable."""
        self._closed = True
        for place in self._all:
            await place.empty()
        self._threads.shutdown(wait=False)

    async def _on(self, child: _Child, job: Any, on_message: OnMessage | None) -> Any:
        loop = asyncio.get_running_loop()
        mail: asyncio.Queue[Any] = asyncio.Queue()

        def deliver(message: Any) -> None:
            loop.call_soon_threadsafe(mail.put_nowait, message)

        talk = loop.run_in_executor(self._threads, child.converse, job, deliver)
        try:
            while (message := await mail.get()) is not _END:
                if on_message is not None:
                    await on_message(message)
        except BaseException:
            child.kill()
            with contextlib.suppress(Exception):
                await talk
            raise
        try:
            return await talk
        except _Died as death:
            raise _closed() if self._closed else death.error() from None


class _Died(Exception):
    """A child ended in the middle of a job. `code` as subprocess has it: negative is a signal."""

    def __init__(self, code: int, last_words: str) -> None:
        super().__init__(f"the child ended with {code}")
        self._code = code
        self._last_words = last_words

    def error(self) -> EngineError:
        killed = self._code == -signal.SIGKILL
        return EngineError(
            "Work on this picture was cut off: most likely the memory ran out."
            if killed
            else "The program that works on pictures broke down over this one.",
            kind=EngineFault.TRANSIENT if killed else EngineFault.UNKNOWN,
            hint="Try again, or with a smaller picture or a smaller factor.",
            admin=f"A pixel worker ended with code {self._code}. {self._last_words}".strip(),
        )


class _Place:
    """One of the pool's places, with the child that sits on it."""

    def __init__(self, warm: tuple[str, ...], threads: ThreadPoolExecutor) -> None:
        self._warm = warm
        self._threads = threads
        self._child: _Child | None = None

    def fill(self) -> _Child:
        """The living child of this place.

        Called on the event loop's own thread: Linux ends a child with the thread that started it.
        """
        if self._child is not None and not self._child.lives():
            self._leave()
        if self._child is None:
            self._child = _Child(self._warm)
        return self._child

    def renew(self) -> None:
        """After a job: another child if this one is gone or holds on to too much memory."""
        if self._child is not None and self._child.resident > RESIDENT_LIMIT:
            self._leave()
        self.fill()

    async def empty(self) -> None:
        if self._child is not None:
            await asyncio.to_thread(self._child.end)

    def _leave(self) -> None:
        if self._child is not None:
            self._threads.submit(self._child.end)
            self._child = None


class _Child:
    """A child process and the connection to it."""

    def __init__(self, warm: tuple[str, ...]) -> None:
        self.resident = 0
        self._talking = threading.Lock()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._link, theirs = Pipe()
        with theirs:
            handle = theirs.fileno()
            paths = json.dumps(sys.path)
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-c", _START, paths, str(handle), str(os.getpid()), *warm],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=(handle,),
                process_group=0,  # out of Ctrl-C's reach, yet in our session (see _stand_back)
            )

    def lives(self) -> bool:
        return self._process.poll() is None

    def converse(self, job: Any, deliver: Callable[[Any], None]) -> Any:
        """Hand a job over and hear of it until it is done; blocks, so it has a thread.

        Raises:
            _Died: the child has ended.
        """
        try:
            with self._talking:
                return self._outcome(pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL), deliver)
        finally:
            deliver(_END)

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Kill the child, and let go of all that belonged to it; blocks for some milliseconds."""
        self.kill()
        self._process.wait()
        with self._talking:
            self._link.close()
            self._stderr.close()

    def _outcome(self, job: bytes, deliver: Callable[[Any], None]) -> Any:
        try:
            self._link.send_bytes(job)
            while isinstance(message := self._heard(), Told):
                deliver(message.value)
        except (EOFError, OSError):
            raise _Died(self._process.wait(), self._last_words()) from None
        match message:
            case Done(payload, resident):
                self.resident = resident
                return pickle.loads(payload)  # noqa: S301 - from our own child
            case Refused():
                raise message.error()
            case Failed(text, memory):
                raise _failure(text, memory)

    def _heard(self) -> Told | Done | Refused | Failed:
        message: Told | Done | Refused | Failed = pickle.loads(self._link.recv_bytes())  # noqa: S301
        return message

    def _last_words(self) -> str:
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _LAST_WORDS))
        return self._stderr.read().decode(errors="replace")


def _failure(text: str, memory: bool) -> EngineError:
    if memory:
        return EngineError(
            "There is not enough memory for this picture right now.",
            kind=EngineFault.TRANSIENT,
            hint="Try again later, or with a smaller picture or a smaller factor.",
            admin=text,
        )
    return EngineError(
        "Something went wrong in the work on this picture.",
        kind=EngineFault.UNKNOWN,
        hint="Try again; if it happens again, try another picture or tell the operator.",
        admin=text,
    )


def _closed() -> Unavailable:
    return Unavailable("Easel is stopping.", hint="Try again in a moment.")

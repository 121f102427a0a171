"""The child's side of the pixel pool: a process that carries out one job after another.

It talks over one connection: a job comes in as a pickled (function, arguments), any number of
messages go out, and one last message ends the job. It ends with its parent, whatever ends that.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import psutil

from core.errors import EaselError

_PR_SET_PDEATHSIG = 1
_POLITENESS = 19

Report = Callable[[Any], None]


@dataclass(frozen=True)
class Told:
    """A message on the way."""

    value: Any


@dataclass(frozen=True)
class Done:
    """The job's result, pickled. `resident`: bytes of memory the child still holds without it."""

    payload: bytes
    resident: int


@dataclass(frozen=True)
class Refused:
    """An error of Easel's tree, taken apart: its constructors can't be called by pickle."""

    kind: type[EaselError]
    args: tuple[Any, ...]
    state: dict[str, Any]

    @classmethod
    def of(cls, error: EaselError) -> Refused:
        return cls(type(error), error.args, dict(error.__dict__))

    def error(self) -> EaselError:
        again = self.kind.__new__(self.kind, *self.args)
        again.__dict__.update(self.state)
        return again


@dataclass(frozen=True)
class Failed:
    """Any other exception, as text. `memory`: there was not enough of it."""

    text: str
    memory: bool


def serve(handle: int, parent: int, warm: list[str]) -> None:
    """Carry out jobs until the parent closes the connection."""
    _die_with(parent)
    _stand_back()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    for name in warm:
        with contextlib.suppress(Exception):  # the job that needs it will say what is wrong
            importlib.import_module(name)
    link = Connection(handle)
    with contextlib.suppress(EOFError, OSError):
        while True:
            link.send_bytes(_answer(link, link.recv_bytes()))


def _answer(link: Connection, job: bytes) -> bytes:
    """Carry out one job; the last message, pickled."""
    try:
        payload = pickle.dumps(_result(link, job), protocol=pickle.HIGHEST_PROTOCOL)
        _give_memory_back()
        resident = max(0, psutil.Process().memory_info().rss - len(payload))
        return pickle.dumps(Done(payload, resident), protocol=pickle.HIGHEST_PROTOCOL)
    except EaselError as error:
        return pickle.dumps(Refused.of(error))
    except Exception as error:
        return pickle.dumps(Failed(traceback.format_exc(), isinstance(error, MemoryError)))


def _result(link: Connection, job: bytes) -> Any:
    function, arguments = pickle.loads(job)  # noqa: S301 - from our own parent

    def report(value: Any) -> None:
        link.send_bytes(pickle.dumps(Told(value), protocol=pickle.HIGHEST_PROTOCOL))

    return function(report, *arguments)


def _stand_back() -> None:
    """Take only the time that nobody else wants: whoever waits for an answer goes first.

    Linux weighs politeness only within a session of processes (sched(7), autogroups), so this
    helps because the pool starts its children in the parent's own session.
    """
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(_POLITENESS)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, even when that is killed.

    The parent may have died before the request; hence the comparison. Elsewhere than on Linux the
    closed connection ends the process, at the end of its job.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)


def _give_memory_back() -> None:
    """Hand freed memory to the system, where the C library can (glibc keeps it otherwise)."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)

"""The server that is measured: the real `easel serve`, with an engine beside the usual ones that
answers after a second with a picture as heavy as a drawn one. Run as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import httpx
import numpy as np

from bot.loop import run
from bot.serve import serve
from bot.settings import load
from bot.telemetry import set_up_logging
from bot.worker import work
from core.engines.fake import FakeEngine

SIDE = 1024
_READY_SECONDS = 60
_PICTURE_SEED = 7
_DELAY = "BENCH_ENGINE_SECONDS"


def picture() -> bytes:
    """A PNG of `SIDE` squared, soft shapes and grain: about as hard to decode as a drawn one."""
    random = np.random.default_rng(_PICTURE_SEED)
    shapes = cv2.resize(
        random.uniform(0, 255, (16, 16, 3)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC
    )
    grainy = np.clip(shapes + random.normal(0, 2, shapes.shape), 0, 255).astype(np.uint8)
    return cv2.imencode(".png", grainy)[1].tobytes()


@contextlib.asynccontextmanager
async def running(
    engine_seconds: float, apart: bool = False, /, **more: str
) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    """A server on a free port of loopback: a client for it, and its process id.

    `apart`: turns are run by a worker process of its own, of less weight, on the same machine.
    `more`: settings beside the usual ones.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "EASEL_DATA_DIR": folder,
            "EASEL_PORT": "0",
            "EASEL_LOG_LEVEL": os.environ.get("BENCH_LOG", "error"),
            "EASEL_MAX_RUNNING": "1000",
            "EASEL_MAX_WAITING": "100000",
            "EASEL_WORKER_INSIDE": str(not apart),
            _DELAY: str(engine_seconds),
            **more,
        }
        worker: asyncio.subprocess.Process | None = None
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.server",
            env=environment, cwd=Path(__file__).parents[1], stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            address = await _address(process)
            limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
            async with httpx.AsyncClient(
                base_url=address, limits=limits, timeout=120, trust_env=False
            ) as client:
                await _ready(client)
                if apart:
                    worker = await asyncio.create_subprocess_exec(
                        *("nice", "-n", "10", sys.executable, "-m", "bench.server", "worker"),
                        env=environment,
                        cwd=Path(__file__).parents[1],
                    )
                yield client, process.pid
        finally:
            for each in filter(None, (worker, process)):
                each.terminate()
                await each.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(_READY_SECONDS):
        said = (await process.stdout.readline()).decode().split()
    return next(word for word in said if word.startswith("http"))


async def _ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(_READY_SECONDS):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/readyz")).is_success:
                    return
            await asyncio.sleep(0.1)


def main() -> None:
    settings = load()
    set_up_logging(settings)
    engine = FakeEngine(picture(), SIDE, SIDE, delay=float(os.environ[_DELAY]))
    run(work(settings, (engine,)) if sys.argv[1:] == ["worker"] else serve(settings, (engine,)))


if __name__ == "__main__":
    main()

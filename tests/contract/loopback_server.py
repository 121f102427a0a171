"""An ASGI app on a loopback port, or a unix socket, for as long as a block runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    """Tells when it is ready, and stops at once instead of at its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.over = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the test runner keeps its signals

    async def main_loop(self) -> None:
        self.ready.set()
        await self.over.wait()


@asynccontextmanager
async def listening(app: ASGIApp, uds: Path | None = None) -> AsyncIterator[str]:
    """Serve the app; gives where, as "http://127.0.0.1:PORT", or "http://studio" over `uds`."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        uds=str(uds) if uds else None,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield "http://studio" if uds else _where(server)
    finally:
        server.over.set()
        await task


def _where(server: uvicorn.Server) -> str:
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"

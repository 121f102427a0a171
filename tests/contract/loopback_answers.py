"""What the stand-ins for servers have in common: being watched by a test, and how they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Send


class Watched:
    """A server that lets a test wait for what it sees."""

    def __init__(self) -> None:
        self.changed = asyncio.Condition()

    async def until(self, predicate: Callable[[], bool]) -> None:
        """Wait until something that this server sees is so."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(predicate)

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


async def while_there(
    receive: Receive, answer: Callable[[asyncio.Task[None]], Awaitable[None]]
) -> bool:
    """Answer until that is done or the client goes; gives whether it was done.

    The answer is told of the task that ends when the client goes.
    """
    gone = asyncio.ensure_future(_until_gone(receive))
    work = asyncio.ensure_future(answer(gone))
    await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if not work.done():
        work.cancel()
        return False
    work.result()
    return True


async def start(send: Send, status: int, headers: dict[str, str]) -> None:
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})


async def pour(send: Send, body: bytes, gone: asyncio.Task[None], *, forever: bool) -> None:
    """Those bytes, once or until the client goes."""
    while True:
        await send({"type": "http.response.body", "body": body, "more_body": forever})
        if not forever:
            return
        await asyncio.wait({gone}, timeout=0.001)


def hang_up(send: Send) -> None:
    """Drop the connection without an answer."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's own cycle


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue

"""Somebody who writes in several threads, and insists until it was heard: an honest HTTP client.

What was refused or broke off is asked again with the same `Idempotency-Key`, as the interface says.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from tests.waiting import moment, wait_until

_PAUSE_SECONDS = 0.1
_PATIENCE_SECONDS = 60
_ENDED = ("done", "failed", "cancelled")


@dataclass
class Thread:
    """A session and the ids of the turns accepted in it, in the order in which they were said."""

    sid: str
    name: str
    said: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)


class Person:
    """Talks to one Easel."""

    def __init__(self, url: str) -> None:
        self.repeats = 0
        self._http = httpx.AsyncClient(base_url=url, timeout=10)
        self._keys = 0

    async def close(self) -> None:
        await self._http.aclose()

    async def ready(self) -> None:
        """Wait until everything that a turn needs is there."""

        async def is_ready() -> bool:
            try:
                return (await self._http.get("/readyz")).status_code == HTTPStatus.OK
            except httpx.TransportError:
                return False

        await wait_until(is_ready, "it is ready", seconds=_PATIENCE_SECONDS)

    async def opens(self, name: str) -> Thread:
        answer = await self.asks("POST", "/api/sessions", json={"title": name})
        return Thread(answer["id"], name)

    async def says(self, thread: Thread, text: str, key: str = "") -> dict[str, Any]:
        """Have a turn accepted, whatever it takes; without a `key` it gets one of its own."""
        self._keys += 1
        key = key or f"{thread.name}-{self._keys}"
        headers = {"Idempotency-Key": key}
        path = f"/api/sessions/{thread.sid}/turns"
        turn = await self.asks("POST", path, json={"text": text}, headers=headers)
        if turn["id"] not in thread.turns:
            thread.said.append(text)
            thread.turns.append(turn["id"])
        return turn

    async def whole(self, thread: Thread) -> dict[str, Any]:
        return await self.asks("GET", f"/api/sessions/{thread.sid}")

    async def all_ended(self, thread: Thread) -> dict[str, Any]:
        """The session when no turn waits or runs in it any more."""

        async def have_ended() -> bool:
            turns = (await self.whole(thread))["turns"]
            return all(turn["state"] in _ENDED for turn in turns)

        await wait_until(have_ended, f"all turns of {thread.name} have ended", seconds=120)
        return await self.whole(thread)

    async def asks(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """One request, again and again while nobody answers or the answer is 503."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                answer = await self._once(method, path, more)
                if answer is not None:
                    return answer
                self.repeats += 1
                await moment(_PAUSE_SECONDS)

    async def _once(self, method: str, path: str, more: dict[str, Any]) -> dict[str, Any] | None:
        try:
            answer = await self._http.request(method, path, **more)
        except httpx.TransportError:
            return None
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body

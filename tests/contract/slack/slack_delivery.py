"""How events reach the app: signed HTTP requests or Socket Mode, again when nobody acknowledges."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from tests.contract.slack.slack_world import Clock, Json
from tests.waiting import moment

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass
class Answer:
    """What the app said. `status` 0: nothing within the patience. `tries`: how often it was told.

    In Socket Mode an acknowledgement counts as 200 and its payload is the body.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    tries: int = 1
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}

    @property
    def text(self) -> str:
        return self.body.decode()


Socket = Callable[[Kind, Json, int, str, float], Any]


class Delivery:
    """`url`: where HTTP goes; empty: Socket Mode. `patience`: seconds until Slack gives up on an
    answer. `pauses`: before each of the three repeats (Slack: 0, 60, 300).

    `copies`: each event is delivered that often, the later ones marked as repeats. `shuffle`:
    events of one deed come in any order (seeded). `together`: they come at the same time.
    `drop`: events that never come. Deliveries are kept in `log` (kind, payload, answer).
    """

    def __init__(self, clock: Clock, signing_secret: str, socket: Socket) -> None:
        self.clock = clock
        self.signing_secret = signing_secret
        self.url = ""
        self.patience = 3.0
        self.pauses: tuple[float, ...] = (0.01, 0.02, 0.04)
        self.copies = 1
        self.shuffle: random.Random | None = None
        self.together = False
        self.drop: Callable[[Json], bool] = lambda payload: False
        self.log: list[tuple[Kind, Json, Answer]] = []
        self._socket = socket
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def events(self, payloads: Iterable[Json]) -> list[Answer]:
        """Deliver what one deed brought, in order unless told otherwise; one answer an event."""
        wanted = [payload for payload in payloads if not self.drop(payload)]
        wanted = [payload for payload in wanted for _ in range(self.copies)]
        marks = [number % self.copies for number in range(len(wanted))]
        pairs = list(zip(wanted, marks, strict=True))
        if self.shuffle is not None:
            self.shuffle.shuffle(pairs)
        if self.together:
            return list(await asyncio.gather(*(self.event(one, mark) for one, mark in pairs)))
        return [await self.event(one, mark) for one, mark in pairs]

    async def event(self, payload: Json, repeat: int = 0) -> Answer:
        """One event, told again until it is acknowledged, three times at most."""
        answer = Answer(0)
        for number in range(len(self.pauses) + 1):
            if number:
                await moment(self.pauses[number - 1])
            mark = number + repeat
            answer = await self.once("events_api", payload, mark, _reason(answer, number))
            answer.tries = number + 1
            if answer.ok or (answer.status and answer.headers.get("x-slack-no-retry") == "1"):
                break
        return answer

    async def once(self, kind: Kind, payload: Json, mark: int = 0, reason: str = "") -> Answer:
        """Tell it once. Interactions and commands are never told again."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        if self.url:
            answer = await self._post(kind, payload, mark, reason)
        else:
            answer = await self._socket(kind, payload, mark, reason, self.patience)
        answer.seconds = loop.time() - began
        self.log.append((kind, payload, answer))
        return answer

    async def _post(self, kind: Kind, payload: Json, mark: int, reason: str) -> Answer:
        body, mime = encoded(kind, payload)
        headers = {"Content-Type": mime, **self.signed(body)}
        if mark:
            headers |= {"x-slack-retry-num": str(mark), "x-slack-retry-reason": reason}
        return await self.raw(body, headers)

    def signed(self, body: bytes, at: float | None = None, secret: str = "") -> dict[str, str]:
        """Headers of a signed request; of another time or by another secret to forge one."""
        stamp = str(int(self.clock() if at is None else at))
        key = (secret or self.signing_secret).encode()
        digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """These bytes with these headers, once."""
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True)
            )
        try:
            async with asyncio.timeout(self.patience):
                async with self._http.post(self.url, data=body, headers=headers) as response:
                    told = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(response.status, await response.read(), told)
        except TimeoutError:
            return Answer(0, b"http_timeout")
        except aiohttp.ClientError:
            return Answer(0, b"connection_failed")


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """The body of an HTTP delivery, and its type."""
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return urlencode(payload).encode(), form


def _reason(answer: Answer, number: int) -> str:
    if not number:
        return "http_error"
    return "http_error" if answer.status else answer.body.decode() or "timeout"

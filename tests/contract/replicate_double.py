"""A strict stand-in for Replicate: its API on one loopback port, its delivery host on another.

It refuses what Replicate refuses, in its words; validates inputs by the model's published schema;
fetches and decodes every picture that it is given, and draws a real one. It keeps all requests and
predictions, so that a test can say how often it was asked and what it would have billed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any

from PIL import Image
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.contract import replicate_judge as judge
from tests.contract.loopback_answers import Watched, hang_up
from tests.contract.loopback_server import listening
from tests.contract.replicate_delivery import Delivery

MOST_INLINE = 256_000
_MOST_BODY = 20_000_000
_OVER = ("succeeded", "failed", "canceled", "aborted")


@dataclass
class Asked:
    """One request as it arrived. `body` is its JSON, or the names of its parts."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None


@dataclass
class Trouble:
    """What happens to the next requests that match, instead of an answer (`hang_up`: none)."""

    matches: str
    status: int = 500
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    times: int = 1


@dataclass
class Behaviour:
    """How one prediction goes. The default draws at once.

    `gate`: waited for while processing, `queue`: while starting. `drop`: made, but the answer to
    create never leaves; `cut`: it breaks off when that is set. `late`: only made when that is set,
    `listed`: only shown in the list from then on. `error`: failed with this text. `logs`: while it
    is processing. `early`: the picture is told while the status stays processing. `output`:
    replaces what is told. `pictures`: replace what is drawn. `changes`: to it at its end.
    """

    gate: asyncio.Event | None = None
    queue: asyncio.Event | None = None
    drop: bool = False
    cut: asyncio.Event | None = None
    late: asyncio.Event | None = None
    listed: asyncio.Event | None = None
    error: str = ""
    logs: str = ""
    early: bool = False
    output: Any = None
    pictures: list[bytes] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=lambda: {"predict_time": 2.5})


@dataclass
class Made:
    """A prediction and what was seen of its input."""

    table: dict[str, Any]
    document: Mapping[str, Any]
    how: Behaviour
    cancel_after: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    images: dict[str, list[Image.Image]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.table["id"])

    @property
    def status(self) -> str:
        return str(self.table["status"])


class Problem(Exception):
    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"title": title, "detail": detail, "status": status, **more}


class ReplicateDouble(Watched):
    """`plan` holds the behaviour of the next predictions; past its end every one draws."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.base_url = ""
        self.delivery = Delivery()
        self.asked: list[Asked] = []
        self.predictions: list[Made] = []
        self.files: dict[str, tuple[str, str, bytes]] = {}
        self.deleted: list[str] = []
        self.plan: deque[Behaviour] = deque()
        self.troubles: list[Trouble] = []
        self.models: dict[str, dict[str, Any]] = {}
        self.page_size = 100
        self.list_gate: asyncio.Event | None = None
        self._numbers = count(1)
        self._work: set[asyncio.Task[None]] = set()
        self._routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("POST", r"/v1/models/([^/]+/[^/]+)/predictions", self._create_by_name),
            ("GET", r"/v1/models/([^/]+/[^/]+)", self._model),
            ("POST", r"/v1/predictions", self._create_by_version),
            ("GET", r"/v1/predictions", self._list),
            ("GET", r"/v1/predictions/([a-z0-9]+)", self._get),
            ("POST", r"/v1/predictions/([a-z0-9]+)/cancel", self._cancel),
            ("GET", r"/v1/account", self._account),
            ("POST", r"/v1/files", self._upload),
            ("DELETE", r"/v1/files/([a-z0-9]+)", self._delete),
        )
        folder = files("core.engines.replicate") / "schemas"
        for entry in folder.iterdir():
            if entry.name.endswith(".json"):
                self.publish(json.loads(entry.read_text(encoding="utf-8")))

    def publish(self, document: dict[str, Any]) -> None:
        self.models[f"{document['owner']}/{document['name']}"] = document

    def count(self, method: str, pattern: str) -> int:
        """How often that was asked."""
        return sum(
            asked.method == method and re.fullmatch(pattern, asked.path) is not None
            for asked in self.asked
        )

    @property
    def creates(self) -> int:
        return self.count("POST", r"/v1/(models/[^/]+/[^/]+/)?predictions")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return None
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Problem as problem:
            response = JSONResponse(
                problem.body, problem.status, media_type="application/problem+json"
            )
        await self.tell()
        if response is None:
            return hang_up(send)
        return await response(scope, receive, send)

    async def close(self) -> None:
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _answer(self, request: Request) -> Response | None:
        asked = Asked(
            request.method, request.url.path, dict(request.query_params), dict(request.headers)
        )
        self.asked.append(asked)
        for trouble in self.troubles:
            if trouble.times and re.fullmatch(trouble.matches, f"{asked.method} {asked.path}"):
                trouble.times -= 1
                if trouble.hang_up:
                    return None
                return JSONResponse(trouble.body, trouble.status, headers=trouble.headers)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            raise Problem(401, "Unauthenticated", "You did not pass a valid authentication token")
        for method, pattern, handler in self._routes:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                response: Response | None = await handler(asked, request, *found.groups())
                return response
        raise Problem(404, "Not found", "The requested resource could not be found.")

    async def _account(self, asked: Asked, request: Request) -> Response:
        return JSONResponse({"type": "user", "username": "easel-tests", "name": "Easel"})

    async def _model(self, asked: Asked, request: Request, name: str) -> Response:
        return JSONResponse(self._document(name))

    def _document(self, name: str) -> dict[str, Any]:
        if name not in self.models:
            raise Problem(404, "Not found", "The requested resource could not be found.")
        return self.models[name]

    async def _create_by_name(self, asked: Asked, request: Request, name: str) -> Response | None:
        document = self._document(name)
        if not document.get("is_official"):
            raise Problem(404, "Not found", "The requested resource could not be found.")
        body = await self._body(asked, request, {"input"})
        return await self._create(asked, document, body["input"])

    async def _create_by_version(self, asked: Asked, request: Request) -> Response | None:
        body = await self._body(asked, request, {"version", "input"})
        name, _, version = str(body.get("version", "")).partition(":")
        document = self.models.get(name)
        if document is None or document["latest_version"]["id"] != version:
            raise Problem(
                422, "Invalid version or not permitted", "The specified version does not exist."
            )
        return await self._create(asked, document, body["input"])

    async def _body(self, asked: Asked, request: Request, known: set[str]) -> dict[str, Any]:
        raw = await request.body()
        if asked.headers.get("content-type") != "application/json" or len(raw) > _MOST_BODY:
            raise Problem(400, "Bad request", "The request body is not JSON, or too large.")
        asked.body = json.loads(raw)
        if set(asked.body) != known or not isinstance(asked.body["input"], dict):
            raise Problem(422, "Unprocessable", f"The body must have exactly {sorted(known)}.")
        return dict(asked.body)

    async def _create(
        self, asked: Asked, document: Mapping[str, Any], given: dict[str, Any]
    ) -> Response | None:
        wait = re.fullmatch(r"wait(?:=([1-9]|[1-5]\d|60))?", asked.headers.get("prefer", "wait"))
        after = re.fullmatch(r"(\d+)([smh])", asked.headers.get("cancel-after", "5s"))
        if wait is None or after is None or int(after[1]) < {"s": 5, "m": 1, "h": 1}[after[2]]:
            raise Problem(400, "Bad request", "Prefer or Cancel-After can't be understood.")
        found = judge.complaints(document, given)
        if found:
            raise Problem(
                422,
                "Input validation failed",
                "".join(f"- {item.field}: {item.description}\n" for item in found),
                invalid_fields=[vars(item) for item in found],
            )
        how = self.plan.popleft() if self.plan else Behaviour()
        if how.late is not None:
            await how.late.wait()
        made = self._begin(document, given, how, asked.headers.get("cancel-after", ""))
        if how.drop:
            return None
        seconds = int(wait[1] or 60) if "prefer" in asked.headers else 0
        await _any((made.over,) if how.cut is None else (made.over, how.cut), seconds)
        if how.cut is not None and how.cut.is_set():
            return None
        return JSONResponse(made.table, 201)

    def _begin(
        self, document: Mapping[str, Any], given: dict[str, Any], how: Behaviour, after: str
    ) -> Made:
        number = next(self._numbers)
        name = f"p{number:025d}"
        moment = datetime.now(UTC)
        table = {
            "id": name,
            "model": f"{document['owner']}/{document['name']}",
            "version": document["latest_version"]["id"],
            "input": given,
            "logs": "",
            "output": None,
            "data_removed": False,
            "error": None,
            "source": "api",
            "status": "starting",
            "created_at": _iso(moment),
            "started_at": None,
            "completed_at": None,
            "metrics": {},
            "deadline": _iso(moment + timedelta(minutes=10)) if after else None,
            "urls": {
                "get": f"{self.base_url}/v1/predictions/{name}",
                "cancel": f"{self.base_url}/v1/predictions/{name}/cancel",
                "web": f"{self.base_url}/p/{name}",
            },
        }
        made = Made(table, document, how, after)
        self.predictions.append(made)
        task = asyncio.create_task(self._run(made))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return made

    async def _run(self, made: Made) -> None:
        how, table = made.how, made.table
        if how.queue is not None:
            await how.queue.wait()
        if made.over.is_set():
            return
        table |= {"status": "processing", "started_at": _iso(datetime.now(UTC)), "logs": how.logs}
        await self.tell()
        if how.gate is not None:
            await how.gate.wait()
        if made.over.is_set():
            return
        try:
            outcome = self._outcome(made)
        except judge.Failed as failed:
            outcome = {"status": "failed", "error": str(failed)}
        table |= outcome
        if how.early:
            table["status"] = "processing"
            made.over.set()
        else:
            self._end(made, {"metrics": how.metrics, **how.changes})
        await self.tell()

    def _outcome(self, made: Made) -> dict[str, Any]:
        given = made.table["input"]
        for name, urls in judge.addresses(made.document, given).items():
            made.images[name] = [judge.seen(self._fetched(url)) for url in urls]
        if made.how.error:
            raise judge.Failed(made.how.error)
        drawn = made.how.pictures or [judge.draw(made.document, given, made.images)]
        urls = [self.delivery.put(data) for data in drawn]
        shared = made.document["latest_version"]["openapi_schema"]["components"]["schemas"]
        output: Any = urls if shared["Output"]["type"] == "array" else urls[0]
        return {"status": "succeeded", "output": made.how.output or output}

    def _fetched(self, url: str) -> bytes:
        if url.startswith("data:"):
            head, _, data = url.partition(",")
            raw = base64.b64decode(data, validate=True)
            if not re.fullmatch(r"data:image/[a-z]+;base64", head) or len(raw) > MOST_INLINE:
                raise judge.Failed("A data URL past what is recommended (E006)")
            return raw
        name = url.removeprefix(f"{self.base_url}/v1/files/")
        if name not in self.files:
            raise judge.Failed(f"Could not download {url[:80]} (E006)")
        return self.files[name][2]

    def _end(self, made: Made, changes: Mapping[str, Any]) -> None:
        made.table |= {"completed_at": _iso(datetime.now(UTC)), **changes}
        made.over.set()

    async def _get(self, asked: Asked, request: Request, name: str) -> Response:
        return JSONResponse(self._made(name).table)

    def _made(self, name: str) -> Made:
        for made in self.predictions:
            if made.id == name:
                return made
        raise Problem(404, "Not found", "The requested resource could not be found.")

    async def _cancel(self, asked: Asked, request: Request, name: str) -> Response:
        made = self._made(name)
        if made.status not in _OVER:
            self._end(made, {"status": "canceled"})
        return JSONResponse(made.table)

    async def _list(self, asked: Asked, request: Request) -> Response:
        if set(asked.query) - {"created_after", "created_before", "cursor", "source"}:
            raise Problem(400, "Bad request", "Unknown query parameter.")
        if self.list_gate is not None:
            await self.list_gate.wait()
        after = datetime.fromisoformat(asked.query.get("created_after", "1970-01-01T00:00:00Z"))
        begin = int(asked.query.get("cursor", "0"))
        newest_first = [
            made.table
            for made in reversed(self.predictions)
            if datetime.fromisoformat(made.table["created_at"]) > after
            and (made.how.listed is None or made.how.listed.is_set())
        ]
        page = newest_first[begin : begin + self.page_size]
        more = begin + self.page_size < len(newest_first)
        place = f"{self.base_url}/v1/predictions?cursor={begin + self.page_size}"
        return JSONResponse({"next": place if more else None, "previous": None, "results": page})

    async def _upload(self, asked: Asked, request: Request) -> Response:
        async with request.form() as form:
            asked.body = list(form)
            content = form.get("content")
            if not isinstance(content, UploadFile) or set(form) - {"content", "metadata", "type"}:
                raise Problem(400, "Bad request", "Missing content")
            name = f"f{next(self._numbers):025d}"
            data = await content.read()
            self.files[name] = (content.filename or "", content.content_type or "", data)
        judge.seen(data)
        table = {"id": name, "name": self.files[name][0], "size": len(data),
                 "urls": {"get": f"{self.base_url}/v1/files/{name}"}}  # fmt: skip
        return JSONResponse(table, 201)

    async def _delete(self, asked: Asked, request: Request, name: str) -> Response:
        if name not in self.files or name in self.deleted:
            raise Problem(404, "Not found", "The requested resource could not be found.")
        self.deleted.append(name)
        return Response(status_code=204)


async def _any(events: tuple[asyncio.Event, ...], seconds: float) -> None:
    """Until one of them is set, for so long at most."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@asynccontextmanager
async def serving(double: ReplicateDouble) -> AsyncIterator[ReplicateDouble]:
    """Serve the API and its delivery host while the block runs."""
    async with listening(double) as api, listening(double.delivery) as host:
        double.base_url, double.delivery.base_url = api, host
        try:
            yield double
        finally:
            await double.close()

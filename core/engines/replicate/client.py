"""Replicate's HTTP API, as far as pictures need it; plain httpx.

What spends is sent once, ever: there are no idempotency keys, so that a repeated `create` is a
second bill. What only asks is repeated a few times. Addresses within answers are never followed
with the token: an id is checked and the address made here.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import ValidationError

from core.engines.replicate.errors import CallFailed, Fault
from core.engines.replicate.mapping import Upload
from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.wire import Prediction
from core.engines.transfer import PLAIN, Unwelcome, trust, whole

HOME = "https://api.replicate.com"
MAX_ANSWER_BYTES = 64_000_000
"""Room for a page of predictions with their inputs, and for pictures within an answer."""

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_PAUSES = (0.2, 0.8)
_LONGEST_PAUSE = 5.0
_MOST_PAGES = 20
_LARGE = 256_000
_MAX_WORDS = 500
_READ_SECONDS = 30.0
_TIMEOUT = httpx.Timeout(connect=10.0, read=_READ_SECONDS, write=120.0, pool=30.0)
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{6,200}")


@dataclass(frozen=True)
class StoredFile:
    """A file that lies at Replicate for a day; `url` is what a model is given."""

    id: str
    url: str


class Client:
    """Speaks for the account of `token`. Raises CallFailed, which keeps nothing of httpx."""

    def __init__(self, token: str, base_url: str) -> None:
        self._base = api_root(base_url)
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}", **PLAIN},
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
            verify=trust(),
            follow_redirects=False,
        )

    async def create(
        self,
        schema: ModelSchema,
        given: Mapping[str, Any],
        *,
        wait: int,
        cancel_after: int,
        sent: asyncio.Event,
    ) -> Prediction:
        """Start a prediction; the call is held open until it ends, for `wait` seconds at most.

        `sent` is set once all of it has left us: from then on the prediction may exist.

        Official models run by name. One that is not official any more is refused with 404, by
        which nothing was made: then its version is named, as for all others.
        """
        headers = {"Prefer": f"wait={wait}", "Cancel-After": f"{cancel_after}s"}
        timeout = httpx.Timeout(_READ_SECONDS, connect=10.0, read=_READ_SECONDS + wait)
        body: dict[str, Any] = {"input": dict(given)}

        async def trace(event: str, _: Mapping[str, Any]) -> None:
            if event.endswith(".send_request_body.complete"):
                sent.set()

        async def posted(path: str) -> Prediction:
            return _prediction(
                await self._once(
                    "POST",
                    path,
                    json=body,
                    headers=headers,
                    timeout=timeout,
                    extensions={"trace": trace},
                )
            )

        if schema.official or not schema.version:
            try:
                return await posted(f"/models/{schema.name}/predictions")
            except CallFailed as failed:
                if failed.fault.status != 404 or not schema.version:
                    raise
        body["version"] = f"{schema.name}:{schema.version}"
        return await posted("/predictions")

    async def get(self, ref: str) -> Prediction:
        return _prediction(await self._often("GET", f"/predictions/{ref}"))

    async def cancel(self, ref: str) -> None:
        """Stop a prediction; one that is over already stays as it is."""
        await self._often("POST", f"/predictions/{ref}/cancel")

    async def created_since(self, begin: datetime) -> list[Prediction]:
        """The account's predictions that were made since, oldest first."""
        params: dict[str, str] = {"created_after": begin.isoformat()}
        found: list[Prediction] = []
        for _ in range(_MOST_PAGES):
            page = await self._often("GET", "/predictions", params=params)
            results = page.get("results")
            for result in results if isinstance(results, list) else []:
                prediction = _listed(result)
                made = prediction.created_at if prediction else None
                if prediction is not None and made is not None and made >= begin:
                    found.append(prediction)
            cursor = _cursor(page.get("next"))
            if cursor is None:
                break
            params["cursor"] = cursor
        return sorted(found, key=lambda prediction: prediction.created_at or begin)

    async def model(self, name: str) -> Mapping[str, Any]:
        """What is published about a model, its input schema among it."""
        return await self._often("GET", f"/models/{name}")

    async def account(self) -> str:
        """The name of the account."""
        name = (await self._often("GET", "/account")).get("username")
        return name[:100] if isinstance(name, str) else ""

    async def upload(self, upload: Upload) -> StoredFile:
        """Lay a file down at Replicate. Sent again when that fails: a file costs nothing."""
        content = {"content": (upload.name, upload.data, upload.mime)}
        answer = await self._often("POST", "/files", files=content)
        urls, name = answer.get("urls"), answer.get("id")
        url = urls.get("get") if isinstance(urls, Mapping) else None
        if isinstance(url, str) and isinstance(name, str) and _FILE_ID.fullmatch(name):
            return StoredFile(name, url)
        raise CallFailed(Fault("an upload without an address", sent=False))

    async def delete_file(self, file_id: str) -> None:
        await self._often("DELETE", f"/files/{file_id}")

    async def close(self) -> None:
        await self._http.aclose()

    async def _often(self, method: str, path: str, **told: Any) -> Mapping[str, Any]:
        """Ask, and ask again after what passes."""
        for pause in _PAUSES:
            try:
                return await self._once(method, path, **told)
            except CallFailed as failed:
                if not failed.fault.passing or (failed.fault.wait or 0) > _LONGEST_PAUSE:
                    raise
                pause = max(pause, failed.fault.wait or 0)
            await asyncio.sleep(pause)
        return await self._once(method, path, **told)

    async def _once(self, method: str, path: str, **told: Any) -> Mapping[str, Any]:
        try:
            async with self._http.stream(method, self._base + path, **told) as response:
                body = await whole(response, MAX_ANSWER_BYTES)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, Unwelcome) as error:
            lost = Fault(
                f"{type(error).__name__}: {error}"[:_MAX_WORDS],
                sent=not isinstance(error, _NOT_SENT),
            )
        else:
            return await _read(response, body)
        raise CallFailed(lost)


def api_root(base_url: str) -> str:
    """Where the API begins; its version may be named in the address or not."""
    return base_url.rstrip("/").removesuffix("/v1") + "/v1"


async def _read(response: httpx.Response, body: bytes) -> Mapping[str, Any]:
    """The answer's table. Raises CallFailed for a refusal and for what is no table."""
    try:
        table = await asyncio.to_thread(json.loads, body) if len(body) > _LARGE else (
            json.loads(body) if body else {}
        )  # fmt: skip
    except (ValueError, RecursionError):
        table = None
    status = response.status_code
    if 200 <= status < 300 and isinstance(table, dict):
        return table
    problem = table if isinstance(table, dict) else {}
    told = [problem.get(part) for part in ("title", "detail")]
    invalid = problem.get("invalid_fields")
    fault = Fault(
        message=": ".join(part for part in told if isinstance(part, str))[:_MAX_WORDS]
        or f"an answer of {len(body)} bytes that is no problem document",
        status=None if 200 <= status < 300 else status,
        headers=dict(response.headers),
        invalid=tuple(_field_names(invalid if isinstance(invalid, list) else [])),
    )
    raise CallFailed(fault)


def _field_names(invalid: list[Any]) -> list[str]:
    named = [item.get("field") for item in invalid if isinstance(item, dict)]
    return [name.removeprefix("input.")[:60] for name in named if isinstance(name, str)]


def _prediction(answer: Mapping[str, Any]) -> Prediction:
    prediction = _listed(answer)
    if prediction is None:
        raise CallFailed(Fault("a prediction that can't be read"))
    return prediction


def _listed(answer: Any) -> Prediction | None:
    try:
        return Prediction.model_validate(answer)
    except ValidationError:
        return None


def _cursor(address: Any) -> str | None:
    """The place of the next page; the address itself is not followed."""
    query = parse_qs(urlsplit(address).query) if isinstance(address, str) else {}
    return next(iter(query.get("cursor", ())), None)

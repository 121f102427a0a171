"""Providers that answer with a picture that was drawn before: what is measured is all around them.

Each request takes `seconds`; `sent` keeps when a preview left, by the clock of this process.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from time import perf_counter
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.contract.loopback_server import listening

KEY = "sk-bench-0123456789"
REPLICATE_MODEL = "tencent/hunyuan-image-2.1"
OWN_MODEL = "bench-model"
_USAGE = {
    "input_tokens": 20,
    "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
    "output_tokens": 1_756,
    "total_tokens": 1_776,
}
_PIECE = 262_144


class Provider:
    """OpenAI, Replicate and a server of one's own, all with the same `picture`."""

    def __init__(self, picture: bytes, seconds: float, preview: bytes | None = None) -> None:
        self.picture = picture
        self.seconds = seconds
        self.sent: list[float] = []
        self.base_url = ""
        self._preview = base64.b64encode(preview).decode() if preview else ""
        self._packed = base64.b64encode(picture).decode()
        self._numbers = count(1)
        self._begun: dict[str, tuple[dict[str, Any], datetime]] = {}
        routes = [
            Route("/v1/images/generations", self._images, methods=["POST"]),
            Route("/v1/models", self._listed),
            Route("/v1/models/{owner}/{name}", self._model),
            Route("/v1/models/{owner}/{name}/predictions", self._predicted, methods=["POST"]),
            Route("/v1/predictions", self._predictions),
            Route("/v1/predictions/{id}", self._prediction),
            Route("/out/{name}", self._output),
        ]
        self.app = Starlette(routes=routes)

    async def _images(self, request: Request) -> Response:
        wish = json.loads(await request.body())
        if wish.get("stream"):
            return StreamingResponse(self._streamed(), media_type="text/event-stream")
        await asyncio.sleep(self.seconds)
        return JSONResponse({"created": 1, "data": [{"b64_json": self._packed}], "usage": _USAGE})

    async def _streamed(self) -> AsyncIterator[bytes]:
        common = {"created_at": 1, "size": "1024x1024", "quality": "medium",
                  "background": "opaque", "output_format": "png"}  # fmt: skip
        if self._preview:
            kind = "image_generation.partial_image"
            event = {"type": kind, "partial_image_index": 0, "b64_json": self._preview, **common}
            packed = _event(event)
            self.sent.append(perf_counter())
            yield packed
        await asyncio.sleep(self.seconds)
        done = {"type": "image_generation.completed", "b64_json": self._packed, **common}
        data = _event({**done, "usage": _USAGE})
        for begin in range(0, len(data), _PIECE):
            yield data[begin : begin + _PIECE]

    async def _listed(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": OWN_MODEL, "object": "model"}]})

    async def _model(self, request: Request) -> Response:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        folder = files("core.engines.replicate") / "schemas"
        for entry in folder.iterdir():
            if entry.name.endswith(".json"):
                document = json.loads(entry.read_text(encoding="utf-8"))
                if f"{document['owner']}/{document['name']}" == name:
                    return JSONResponse(document)
        return JSONResponse({"title": "Not found", "detail": "no such model"}, 404)

    async def _predicted(self, request: Request) -> Response:
        """Answers when the prediction ends, as a call that is held open does."""
        wish = json.loads(await request.body())
        name = f"p{next(self._numbers):025d}"
        self._begun[name] = wish["input"], datetime.now(UTC)
        await asyncio.sleep(self.seconds)
        return JSONResponse(self._told(name, over=True), 201)

    async def _predictions(self, request: Request) -> Response:
        newest = [self._told(name) for name in reversed(self._begun)][:100]
        return JSONResponse({"next": None, "previous": None, "results": newest})

    async def _prediction(self, request: Request) -> Response:
        return JSONResponse(self._told(request.path_params["id"]))

    def _told(self, name: str, *, over: bool = False) -> dict[str, Any]:
        given, begun = self._begun[name]
        end = begun + timedelta(seconds=self.seconds)
        over = over or datetime.now(UTC) >= end
        return {
            "id": name, "model": REPLICATE_MODEL, "version": "hidden", "input": given,
            "logs": "", "output": [f"{self.base_url}/out/{name}.png"] if over else None,
            "data_removed": False, "error": None,
            "status": "succeeded" if over else "processing", "created_at": begun.isoformat(),
            "started_at": begun.isoformat(), "completed_at": end.isoformat() if over else None,
            "metrics": {"predict_time": self.seconds} if over else {},
            "urls": {"get": f"{self.base_url}/v1/predictions/{name}",
                     "cancel": f"{self.base_url}/v1/predictions/{name}/cancel"},
        }  # fmt: skip

    async def _output(self, request: Request) -> Response:
        return Response(self.picture, media_type="image/png")


def _event(event: dict[str, Any]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


@contextlib.asynccontextmanager
async def serving(provider: Provider) -> AsyncIterator[Provider]:
    """Serve while the block runs, in this process; sets `base_url` (without /v1)."""
    async with listening(provider.app) as provider.base_url:
        yield provider

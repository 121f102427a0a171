"""A request as it arrived at the stand-in for OpenAI, taken apart so that bytes can be judged."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image
from starlette.datastructures import UploadFile
from starlette.requests import Request

_DATA_URL = re.compile(r"data:(image/[a-z]+);base64,(.+)", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    data: bytes

    def opened(self) -> Image.Image:
        """The picture, every pixel of it decoded."""
        picture = Image.open(io.BytesIO(self.data))
        picture.load()
        return picture


@dataclass
class Asked:
    """One request. In one for a conversation the pictures of its data URLs are the `files`."""

    endpoint: str
    params: dict[str, Any]
    files: dict[str, list[Upload]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def pictures(self) -> list[Upload]:
        return self.files.get("image[]", []) + self.files.get("image", [])

    @property
    def mask(self) -> Upload | None:
        return next(iter(self.files.get("mask", [])), None)

    @property
    def look(self) -> dict[str, Any]:
        """Where size, quality and background stand: in the tool of a conversation."""
        if self.endpoint != "respond":
            return self.params
        tool: dict[str, Any] = self.params["tools"][0]
        return tool

    @property
    def words(self) -> str:
        if self.endpoint != "respond":
            return str(self.params["prompt"])
        return "".join(part.get("text", "") for part in self.params["input"][0]["content"])


class Refused(Exception):
    """A request that the API answers with an error body."""

    def __init__(self, message: str, param: str | None, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "message": message,
            "type": "invalid_request_error",
            "param": param,
            "code": code,
        }


async def read(endpoint: str, request: Request) -> Asked:
    """The request as a whole, whichever way its body is packed."""
    headers = dict(request.headers)
    if request.method == "GET":
        return Asked(endpoint, dict(request.query_params), {}, headers)
    if not headers.get("content-type", "").startswith("multipart/"):
        return Asked(endpoint, json.loads(await request.body()), {}, headers)
    asked = Asked(endpoint, {}, {}, headers)
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                upload = Upload(value.filename or "", value.content_type or "", await value.read())
                asked.files.setdefault(name, []).append(upload)
            else:
                asked.params[name] = value
    return asked


def from_url(url: object, param: str) -> Upload:
    """The picture in a data URL. Raises Refused when it is none."""
    found = _DATA_URL.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise Refused(f"Invalid '{param}': a data URL is needed.", param, "invalid_value")
    try:
        return Upload("", found[1], base64.b64decode(found[2], validate=True))
    except binascii.Error:
        raise Refused("Invalid base64 image_url.", param, "invalid_base64_image") from None


def size_of(asked: Asked) -> tuple[int, int]:
    """The size that was asked for, or the usual one."""
    size = asked.look.get("size", "auto")
    width, _, height = ("1024x1024" if size == "auto" else size).partition("x")
    return int(width), int(height)


@cache
def draw(size: tuple[int, int], transparent: bool) -> bytes:
    """A PNG of that size: terracotta, with a hole in the middle when transparent."""
    picture = Image.new("RGBA" if transparent else "RGB", size, (200, 90, 60))
    if transparent:
        picture.paste((0, 0, 0, 0), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


def preview_picture(index: int) -> bytes:
    return draw((64 + index, 64), False)

"""Picture bytes: to look at, as thumbnails, and as files to take away.

An asset is named by the hash of its bytes, so it never changes and may be kept by the browser.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response

from adapters.web.front import Front, Fronted, Visited, opened
from adapters.web.routes.common import REFUSALS, Sha256
from adapters.web.visitor import Visitor
from core.errors import BadInput, BadPicture, NotFound
from core.picture.sniff import sniff

_NEVER_A_PAGE = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
_KEPT = "private, max-age=31536000, immutable"
_SUFFIXES = {"image/png": "png", "image/webp": "webp", "image/jpeg": "jpg", "image/gif": "gif"}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|\s]+')
_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {f"image/{name}": {} for name in ("png", "webp", "jpeg")},
        "description": "The picture.",
    },
    304: {"description": "The browser has it."},
}

router = APIRouter(prefix="/api/assets", tags=["assets"], responses=REFUSALS)


@router.get("/{sha256}", response_class=Response, responses=_PICTURES)
async def show_asset(
    sha256: Sha256,
    front: Fronted,
    visitor: Visited,
    download: Annotated[str | None, Query(max_length=200, description="Name of the file.")] = None,
    format: Annotated[Literal["png", "webp", "jpeg"] | None, Query()] = None,
    version: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9.]{1,64}$", description="Whose recipe.")
    ] = None,
    thumb: Annotated[int | None, Query(ge=64, le=1024, description="Longest side.")] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A picture; with `download` or `format` as a labelled file, with `thumb` small."""
    if download is not None or format or version:
        if thumb is not None:
            raise BadInput("A thumbnail is not for downloading.", hint="Leave “thumb” out.")
        await _check_version(front, visitor, version)
        content, mime = await front.desk.export(sha256, format=format, version=version)
        return Response(content, headers=_taken_away(download, mime), media_type=mime)
    tag = f'"{sha256}-{thumb}"' if thumb else f'"{sha256}"'
    headers = {"Cache-Control": _KEPT, "ETag": tag, "Content-Security-Policy": _NEVER_A_PAGE}
    if if_none_match and tag in if_none_match and await front.desk.asset(sha256):
        return Response(status_code=304, headers=headers)
    if thumb is not None:
        small = await front.desk.thumbnail(sha256, thumb)
        return Response(small, headers=headers, media_type="image/webp")
    content, mime = await _as_kept(front, sha256)
    return Response(content, headers=headers, media_type=mime)


def _taken_away(name: str | None, mime: str) -> dict[str, str]:
    """Headers of an export. What is written into it is not part of its name, so it is not kept."""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _NEVER_A_PAGE}
    if name is not None:
        headers["Content-Disposition"] = disposition(name, mime)
    return headers


def disposition(wish: str, mime: str) -> str:
    """A `Content-Disposition` with a name that is safe in every file system."""
    stem, dot, suffix = _UNSAFE.sub(" ", wish).strip().rpartition(".")
    if not dot or not re.fullmatch(r"(?i)png|webp|jpe?g|gif", suffix):
        stem = f"{stem}{dot}{suffix}"
    name = f"{stem.strip(' .') or 'picture'}.{_SUFFIXES.get(mime, 'bin')}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _as_kept(front: Front, sha256: str) -> tuple[bytes, str]:
    known = await front.desk.asset(sha256)
    content = await front.desk.asset_bytes(sha256)
    if known is not None:
        return content, known.mime
    try:
        return content, sniff(content).mime
    except BadPicture:
        raise NotFound(
            "There is no such picture here.", hint="It may have been forgotten."
        ) from None


async def _check_version(front: Front, visitor: Visitor, version: str | None) -> None:
    """A recipe tells words of its session, so it is for those who may open that."""
    if version and not visitor.everything:
        await opened(front, visitor, (await front.desk.version(version)).session_id)

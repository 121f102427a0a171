"""The page: its start, its parts, and the way in for holders of a signed link."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from adapters.web.front import Fronted
from adapters.web.gate import COOKIE
from adapters.web.links import EVERYTHING

STATIC = Path(__file__).parents[1] / "static"
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_LONGEST_KEPT = 30 * 24 * 3600

router = APIRouter(include_in_schema=False)


class Parts(StaticFiles):
    """Files of the page, with types that do not depend on the machine's own table.

    Browsers ask again each time and get a short "not modified", so an update shows at once.
    """

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope,
        status_code: int = 200,
    ) -> Response:  # fmt: skip
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_ASK_AGAIN)
        kind = _TYPES.get(Path(full_path).suffix)
        if kind and status_code == response.status_code:
            response.headers["content-type"] = f"{kind}; charset=utf-8"
        return response


PARTS = Parts(directory=STATIC, check_dir=False)


@router.get("/")
async def start(request: Request) -> Response:
    """The workspace. Which session it shows stands after the # and is the page's own affair."""
    return await PARTS.get_response("index.html", request.scope)


@router.get("/open/{token}")
async def open_link(token: str, request: Request, front: Fronted) -> Response:
    """Keep a signed link in a cookie and go to its session, so that no address shows it."""
    link, held = front.gate.with_link(token, request.cookies.get(COOKIE, ""))
    place = "/" if link.session == EVERYTHING else f"/#/s/{link.session}"
    response = RedirectResponse(place, 303, {"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        held,
        max_age=_LONGEST_KEPT,
        httponly=True,
        secure=front.gate.secure,
        samesite="lax",
    )
    return response

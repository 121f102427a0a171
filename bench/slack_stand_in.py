"""A Slack that says yes to everything as fast as it can, and remembers when the first word came to
each thread. Run as a process of its own, so that it does not slow down what is measured."""

from __future__ import annotations

import itertools
from time import time
from typing import Any

from aiohttp import web

TEAM, BOT, APP = "T0BENCH", "U0BOT", "A0BENCH"

_ids = itertools.count(1)
_first: dict[str, float] = {}


async def _called(request: web.Request) -> web.Response:
    method = request.match_info["method"]
    sent: dict[str, Any] = dict(await request.post())
    if request.content_type == "application/json":
        sent = await request.json()
    base = f"{request.scheme}://{request.host}"
    answer: dict[str, Any]
    match method:
        case "auth.test":
            answer = {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT", "url": f"{base}/"}
        case "chat.postMessage":
            _first.setdefault(str(sent.get("thread_ts")), time())
            answer = {"ts": f"{next(_ids)}.000001", "channel": sent["channel"]}
        case "files.getUploadURLExternal":
            answer = {"file_id": f"F0{next(_ids):08}", "upload_url": f"{base}/upload"}
        case "files.info":
            answer = {"file": _shared_file(str(sent["file"]))}
        case _:
            answer = {"files": []}
    return web.json_response({"ok": True, **answer})


def _shared_file(name: str) -> dict[str, Any]:
    """A file as it looks once it is shared, in whichever channel."""
    share = {"ts": f"{next(_ids)}.000002", "thread_ts": "1.0"}
    shares = _Everywhere([share])
    return {"id": name, "mimetype": "image/png", "shares": {"public": shares}}


class _Everywhere(dict[str, list[dict[str, str]]]):
    def __init__(self, share: list[dict[str, str]]) -> None:
        super().__init__({f"C0{n:04}": share for n in range(64)})


async def _uploaded(request: web.Request) -> web.Response:
    async for _ in request.content.iter_chunked(1 << 16):
        pass
    return web.Response(text="OK")


async def _seen(_: web.Request) -> web.Response:
    return web.json_response(_first)


def main() -> None:
    app = web.Application(client_max_size=64_000_000)
    app.router.add_route("*", "/api/{method}", _called)
    app.router.add_post("/upload", _uploaded)
    app.router.add_get("/seen", _seen)
    web.run_app(app, host="127.0.0.1", port=0, print=_announce, access_log=None)


def _announce(words: str) -> None:
    for line in words.splitlines():
        if "http" in line:
            print(line[line.index("http") :].split()[0], flush=True)


if __name__ == "__main__":
    main()

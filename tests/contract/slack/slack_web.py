"""The HTTP side of a fake Slack: the Web API, uploads, downloads and response_urls."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web

from tests.contract.slack import (  # noqa: F401  (they register their methods)
    slack_chat,
    slack_reading,
    slack_views,
)
from tests.contract.slack.slack_answering import answer_url
from tests.contract.slack.slack_calling import METHODS, Calling, Method
from tests.contract.slack.slack_faults import Call, Fault
from tests.contract.slack.slack_oauth import Registration, exchange
from tests.contract.slack.slack_tiers import FOUR, ONE, Tiers
from tests.contract.slack.slack_uploads import take
from tests.contract.slack.slack_world import Grant, Json, Refused, World
from tests.contract.trouble import Trouble
from tests.waiting import moment

IN_JSON = ("blocks", "files", "metadata", "view", "loading_messages", "attachments")
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body></body></html>"
_NOBODY = Grant("", "app")


class WebApi:
    """Judges each call as Slack would, and keeps all of them in `calls`."""

    def __init__(self, world: World, app: Registration) -> None:
        self.world = world
        self.app = app
        self.tiers = Tiers()
        self.trouble = Trouble[Call, Fault]()
        self.calls: list[Call] = []
        self.own_methods: dict[str, Method] = {
            "oauth.v2.access": Method(lambda call: exchange(call, app), "", FOUR, "")
        }

    def open_sockets(self, run: Any) -> None:
        self.own_methods["apps.connections.open"] = Method(run, "", ONE * 30, "app")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._call),
            web.post("/upload/{file}/{secret}", self._upload),
            web.get("/files-pri/{file}/{name}", self._download),
            web.get("/files-pri/{file}/download/{name}", self._download),
            web.get("/files-tmb/{file}/image_{side}.png", self._thumb),
            web.post("/{kind:actions|commands}/{team}/{number}/{secret}", self._answer),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            args = await read_args(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
        token = token or str(args.pop("token", ""))
        call = self._note(request.match_info["method"], args, token)
        return await self._carry_out(request, call, lambda: self._judged(call))

    def _note(self, name: str, args: Json, token: str) -> Call:
        grant = self.world.grants.get(token)
        call = Call(name, args, token, self.world.clock(), grant.team if grant else "")
        self.calls.append(call)
        return call

    async def _carry_out(self, request: web.Request, call: Call, run: Any) -> web.StreamResponse:
        """Run it, with whatever trouble is ordered for it."""
        if not await self.trouble.stand(call, after=False):
            return hang_up(request)
        fault = self.trouble.fault(call)
        if fault and (fault.error or fault.status or fault.ratelimited or fault.drop):
            return _troubled(request, call, fault)
        if fault and fault.hang:
            await moment(fault.hang)
        response: web.StreamResponse = run()
        if not await self.trouble.stand(call, after=True) or (fault and fault.drop_answer):
            return hang_up(request)
        return response

    def _judged(self, call: Call) -> web.Response:
        try:
            grant, method = self._allowed(call)
            seconds = self._wait(call, grant, method)
            if seconds:
                return limited(call, seconds)
            answer: Json = {"ok": True} | method.run(
                Calling(self.world, call.method, call.params, grant)
            )
        except Refused as refused:
            answer = {"ok": False, "error": refused.error, **refused.more}
            grant = self.world.grants.get(call.token, _NOBODY)
        call.answer = answer
        scopes = {"x-oauth-scopes": ",".join(sorted(grant.scopes))}
        return web.json_response(answer, headers=scopes)

    def _allowed(self, call: Call) -> tuple[Grant, Method]:
        method = self.own_methods.get(call.method) or METHODS.get(call.method)
        if method is None:
            raise Refused("unknown_method", req_method=call.method)
        if not method.token:
            return _NOBODY, method
        grant = self._grant(call.token)
        if method.token not in ("any", grant.kind):
            raise Refused("not_allowed_token_type")
        calling = Calling(self.world, call.method, call.params, grant)
        scopes = method.scope.split("|") if method.scope else []
        if scopes and not grant.scopes & set(scopes):
            calling.need(scopes[-1])
        return grant, method

    def _grant(self, token: str) -> Grant:
        grant = self.world.grants.get(token)
        if not token:
            raise Refused("not_authed")
        if grant is None:
            raise Refused("invalid_auth")
        if grant.revoked:
            raise Refused("token_revoked")
        if grant.expires < self.world.clock():
            raise Refused("token_expired")
        return grant

    def _wait(self, call: Call, grant: Grant, method: Method) -> int:
        where = grant.team or grant.enterprise or grant.kind
        history = call.method in ("conversations.history", "conversations.replies")
        tier = ONE if self.world.distributed and history else method.tier
        channel = str(call.params.get("channel") or "")
        return self.tiers.wait(call.method, where, tier, channel, self.world.clock())

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        data = await _bytes_of(request)
        name, secret = request.match_info["file"], request.match_info["secret"]
        call = self._note("upload", {"file": name, "bytes": len(data)}, "")

        def run() -> web.Response:
            file = take(self.world, name, secret, data)
            call.answer = {"ok": file is not None}
            if file is None:
                return web.Response(status=400, text="upload refused")
            return web.Response(text=f"OK - {len(data)}")

        return await self._carry_out(request, call, run)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        name = request.match_info["file"].rpartition("-")[2]
        call = self._note("download", {"file": name}, token)
        return await self._carry_out(request, call, lambda: self._bytes(call, name, None))

    async def _thumb(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        name, side = request.match_info["file"].rpartition("-")[2], request.match_info["side"]
        call = self._note("download", {"file": name, "side": int(side)}, token)
        return await self._carry_out(request, call, lambda: self._bytes(call, name, int(side)))

    def _bytes(self, call: Call, name: str, side: int | None) -> web.Response:
        file = self.world.files.get(name)
        try:
            grant = self._grant(call.token)
            calling = Calling(self.world, "download", {}, grant)
            calling.need("files:read")
        except Refused:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or not file.data or file.mode != "hosted" or not calling.sees(file):
            return web.Response(status=404, text="<html>not found</html>", content_type="text/html")
        call.answer = {"ok": True}
        if side is not None:
            return web.Response(body=file.thumb(side), content_type="image/png")
        return web.Response(body=file.data, content_type=file.mime)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text() or "{}")
        secret = request.match_info["secret"]
        call = self._note("response_url", body, "")

        def run() -> web.Response:
            try:
                answer_url(self.world, secret, body)
            except Refused as refused:
                call.answer = {"ok": False, "error": refused.error, **refused.more}
                return web.json_response(call.answer, status=404)
            call.answer = {"ok": True}
            return web.Response(text="ok")

        return await self._carry_out(request, call, run)


async def read_args(request: web.Request) -> Json:
    """Arguments of a call, wherever they stand: address, form, JSON, or basic auth (OAuth)."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= json.loads(await request.text() or "{}")
    elif request.method == "POST":
        args |= dict(await request.post())
    for name in IN_JSON:
        if isinstance(args.get(name), str) and args[name]:
            args[name] = json.loads(args[name])
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        who, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        args |= {"client_id": who, "client_secret": secret}
    return args


async def _bytes_of(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    fields = (await request.post()).values()
    return next((one.file.read() for one in fields if isinstance(one, web.FileField)), b"")


def _troubled(request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
    if fault.drop:
        return hang_up(request)
    if fault.ratelimited:
        return limited(call, int(fault.ratelimited))
    if fault.status:
        return web.Response(status=fault.status, text="upstream trouble")
    call.answer = {"ok": False, "error": fault.error, **fault.more}
    return web.json_response(call.answer)


def limited(call: Call, seconds: int) -> web.Response:
    call.answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(call.answer, status=429, headers={"Retry-After": str(seconds)})


def hang_up(request: web.Request) -> web.StreamResponse:
    """Cut the connection: the client can't know what became of its call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

"""The HTTP side: every call is noted, judged, carried out and answered as Discord does."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.contract.discord import (  # noqa: F401  (they register their methods)
    discord_commands,
    discord_lookups,
    discord_responding,
    discord_threads,
)
from tests.contract.discord.discord_bodies import read_body
from tests.contract.discord.discord_calling import Call, Calling, Method, SentFile, Upload, find
from tests.contract.discord.discord_faults import Fault
from tests.contract.discord.discord_json import signature
from tests.contract.discord.discord_limits import Limits, Verdict
from tests.contract.discord.discord_openapi import faults
from tests.contract.discord.discord_refusing import Refused
from tests.contract.discord.discord_refusing import wrong as invalid
from tests.contract.discord.discord_world import World
from tests.contract.trouble import Trouble
from tests.waiting import moment

_BASE = "/api/v10"


class RestApi:
    """Judges each call, and keeps all of them in `calls`.

    `invalid`: bodies that Discord's own description does not allow, with what is wrong.
    """

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.limits = Limits()
        self.trouble = Trouble[Call, Fault]()
        self.calls: list[Call] = []
        self.invalid: list[tuple[Call, list[str]]] = []
        self.away = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", _BASE + "/{path:.*}", self._call),
            web.get("/{kind:attachments|ephemeral-attachments}/{place}/{id}/{name}", self._file),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            return hang_up(request)
        path = request.rel_url.raw_path.removeprefix(_BASE)
        token = request.headers.get("Authorization", "")
        call = Call(request.method, path, dict(request.query), None, [], token, self.world.clock())
        self.calls.append(call)
        try:
            call.json, uploads = await read_body(request)
            call.files = [SentFile.of(upload) for upload in uploads]
        except Refused as refused:
            return self._answered(call, refused.status, refused.json(), {})
        if not await self.trouble.stand(call, after=False):
            return hang_up(request)
        fault = self.trouble.fault(call)
        response = await self._troubled(request, call, fault) or self._judged(call, uploads)
        done = await self.trouble.stand(call, after=True)
        return response if done and not (fault and fault.drop_answer) else hang_up(request)

    async def _troubled(
        self, request: web.Request, call: Call, fault: Fault | None
    ) -> web.StreamResponse | None:
        if fault is None:
            return None
        if fault.hang:
            await moment(fault.hang)
        if fault.drop:
            return hang_up(request)
        if fault.ratelimited:
            return self._limited(call, Verdict({}, fault.ratelimited))
        if fault.code:
            refused = Refused(fault.code, status=fault.status)
            return self._answered(call, refused.status, refused.json(), {})
        if fault.status:
            call.status = fault.status
            return web.Response(status=fault.status, text="upstream trouble")
        return None

    def _judged(self, call: Call, uploads: list[Upload]) -> web.Response:
        headers: dict[str, str] = {}
        try:
            method, parts = find(call.method, call.path)
            self._check_token(call, method)
            verdict = self._counted(call, method)
            headers = verdict.headers
            if verdict.wait:
                return self._limited(call, verdict)
            self._check_body(call)
            body = {} if call.json is None else call.json
            status, answer = method.run(Calling(self.world, parts, call.query, body, uploads))
        except Refused as refused:
            status, answer = refused.status, refused.json()
        return self._answered(call, status, answer, headers)

    def _check_token(self, call: Call, method: Method) -> None:
        if method.token and call.token != f"Bot {self.token}":
            raise Refused(0, status=401)

    def _counted(self, call: Call, method: Method) -> Verdict:
        route = f"{call.method} {method.template}"
        return self.limits.judge(route, call.path, self.world.clock(), app_wide=method.token)

    def _check_body(self, call: Call) -> None:
        wrong = faults(call.method, call.path, call.json if call.json is not None else {})
        if wrong:
            self.invalid.append((call, wrong))
            where, _, what = wrong[0].partition(": ")
            raise invalid(where, "DESCRIPTION", what)

    def _limited(self, call: Call, verdict: Verdict) -> web.Response:
        self.limits.limited += 1
        answer = {
            "message": "You are being rate limited.",
            "retry_after": round(verdict.wait, 3),
            "global": verdict.everywhere,
        }
        scope = "global" if verdict.everywhere else "user"
        more = {"Retry-After": str(int(verdict.wait) + 1), "X-RateLimit-Scope": scope}
        return self._answered(call, 429, answer, verdict.headers | more)

    def _answered(
        self, call: Call, status: int, answer: Any, headers: dict[str, str]
    ) -> web.Response:
        call.status, call.answer = status, answer
        if status in (401, 403, 429):
            self.limits.invalid += 1
        headers = headers | {"Via": "1.1 google"}
        if answer is None:
            return web.Response(status=status, headers=headers)
        # discord.py reads JSON only where the header says just this.
        headers["Content-Type"] = "application/json"
        return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A download; addresses are signed and end after a day."""
        path = request.rel_url.raw_path
        call = Call("GET", path, dict(request.query), None, [], "", self.world.clock())
        self.calls.append(call)
        if not await self.trouble.stand(call, after=False):
            return hang_up(request)
        fault = self.trouble.fault(call)
        response = await self._troubled(request, call, fault) or self._bytes(request, call)
        return hang_up(request) if fault and fault.drop_answer else response

    def _bytes(self, request: web.Request, call: Call) -> web.Response:
        file = self.world.files.get(request.match_info["id"])
        ends, begins = call.query.get("ex", "0"), call.query.get("is", "0")
        good = file is not None and call.query.get("hm") == signature(
            self.world, file, ends, begins
        )
        if file is None or not good or int(ends, 16) < self.world.clock():
            call.status = 404
            return web.Response(status=404, text="This content is no longer available.")
        call.status = 200
        return web.Response(body=file.data, content_type=file.mime)


def hang_up(request: web.Request) -> web.StreamResponse:
    """Cut the connection: the client can't know what became of its call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

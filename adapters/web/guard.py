"""Around every request: the gate before it, safety headers on its answer, a kind end for faults."""

from __future__ import annotations

from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.errors import answer, failed
from adapters.web.gate import Call, Gate
from core.errors import EaselError

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
_POLICY = b"content-security-policy"
_PROBES = ("/healthz", "/readyz")
_NEEDS_VISITOR = ("/api/", "/metrics")

log = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware. Puts `visitor` and `arrived` into the state of admitted requests.

    The page itself holds nothing secret and is given to everyone who asks in the right way; what
    it shows comes from routes that need a visitor. Probes are asked by machines under any name.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_safety(message.get("headers", []))
            await send(message)

        try:
            scope.setdefault("state", {})["arrived"] = perf_counter()
            self._check(scope)
            await self._app(scope, receive, sending)
        except EaselError as refusal:
            await answer(refusal)(scope, receive, sending)
        except ClientDisconnect:
            log.debug("client_gone", path=scope["path"])
        except Exception:
            log.exception("request_failed", method=scope["method"], path=scope["path"])
            if started:
                raise
            await failed()(scope, receive, sending)

    def _check(self, scope: Scope) -> None:
        path = scope["path"]
        if path in _PROBES:
            return
        call = _call(scope)
        if path.startswith(_NEEDS_VISITOR):
            scope["state"]["visitor"] = self._gate.admit(call)
        else:
            self._gate.check_site(call)


def _call(scope: Scope) -> Call:
    connection = HTTPConnection(scope)
    peer = scope.get("client")
    return Call(
        method=scope["method"],
        headers=Headers(scope=scope),
        cookies=connection.cookies,
        peer=peer[0] if peer else "",
    )


def _with_safety(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with ours added; a route's own content policy stands."""
    own = any(name.lower() == _POLICY for name, _ in headers)
    policy = [] if own else [(_POLICY, _PAGE_POLICY.encode())]
    return [*headers, *_ALWAYS, *policy]

"""Signed links: who holds one may open the session that it names, until it expires.

A link's token is its content and an HMAC over it, both in URL-safe Base64. Nothing of it is kept
here, so a link works on every machine that has the same secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import NotAllowed
from core.session.models import Actor

EVERYTHING = "*"
"""The session of a link that opens all of them: for an operator, never for a chat."""

_PURPOSE = b"easel signed links 1"


class Link(BaseModel):
    """What a link says: the session it opens, the person it was made for, when it ends."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: str = Field(max_length=64)
    actor: Actor
    expires: int


class Links:
    """Makes and reads links. `clock` gives seconds since 1970."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
        self._clock = clock

    def make(self, session: str, actor: Actor, seconds: int) -> str:
        """A token that opens `session` for `seconds`."""
        link = Link(session=session, actor=actor, expires=int(self._clock()) + seconds)
        content = link.model_dump_json().encode()
        return f"{_encode(content)}.{_encode(self._sign(content))}"

    def read(self, token: str) -> Link:
        """Raises NotAllowed when the token is not ours or has expired."""
        content, _, signature = token.partition(".")
        try:
            signed, given = _decode(content), _decode(signature)
        except (binascii.Error, ValueError):
            raise _not_ours() from None
        if not hmac.compare_digest(self._sign(signed), given):
            raise _not_ours()
        try:
            link = Link.model_validate(json.loads(signed))
        except (ValueError, ValidationError):
            raise _not_ours() from None
        if link.expires <= self._clock():
            raise NotAllowed(
                "This link has expired.", hint="Ask for a new one in the chat.", code="link_expired"
            )
        return link

    def _sign(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _not_ours() -> NotAllowed:
    return NotAllowed(
        "This link is not valid.",
        hint="Copy the whole link, or ask for a new one in the chat.",
        code="link_invalid",
    )

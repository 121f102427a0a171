"""Slack's framework with all that Easel listens to, behind either transport.

A request is acknowledged when its listener is through: what it asked for stands in the store then.
"""

from __future__ import annotations

import logging
import secrets
from time import monotonic
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack import (
    agents,
    commands,
    deciding,
    dialogs,
    edits,
    home,
    menus,
    messages,
    pressing,
    reactions,
    shortcuts,
    welcome,
)
from adapters.slack.authorizing import authorize, identify_with
from adapters.slack.failing import failing
from adapters.slack.front import Front
from adapters.slack.people import People
from adapters.slack.uninstall import EVENTS, Leaving

_quiet = logging.getLogger(f"{__name__}.bolt")
_quiet.setLevel(logging.ERROR)
"""bolt writes down whole requests when it is let, forged ones too, and warns of tokens in the
environment that it is not meant to read."""


class EaselApp(AsyncApp):
    """bolt's app, with the time from a request to its acknowledgement counted."""

    def __init__(self, front: Front, signing_secret: str) -> None:
        super().__init__(
            logger=_quiet,
            name="slack_bolt.easel",
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            signing_secret=signing_secret,
            before_authorize=identify_with(front.tokens),
            authorize=authorize,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self._heard = front.heard
        self._verifier = SignatureVerifier(signing_secret)

    def signed(self, body: bytes, stamp: str, signature: str) -> bool:
        """Whether Slack has sent just this, within the last five minutes.

        Raises ValueError for bytes that are no text.
        """
        return self._verifier.is_valid(body, stamp, signature)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        begun = monotonic()
        response = await super().async_dispatch(req)
        if response.status == 200:
            self._heard(monotonic() - begun)
        return response


def create_app(
    front: Front, *, signing_secret: str | None = None, leaving: Leaving | None = None
) -> EaselApp:
    """The app. Without a signing secret nothing that comes over HTTP is believed.

    `leaving` hears of uninstallations.
    """
    app = EaselApp(front, signing_secret or secrets.token_hex(32))
    app.error(failing(front))
    people = People(front.apis)
    edits.install(app, front, people)
    messages.install(app, front, people)
    reactions.install(app, front)
    agents.install(app, front, people)
    welcome.install(app, front)
    for each in (pressing, menus, dialogs, shortcuts, commands, home, deciding):
        each.install(app, front)
    if leaving is not None:
        _install_leaving(app, leaving)
    return app


def _install_leaving(app: AsyncApp, leaving: Leaving) -> None:
    async def on_left(body: dict[str, Any]) -> None:
        await leaving.heard(body)

    for event in EVENTS:
        app.event(event)(on_left)

"""How to begin: said once in a channel into which Easel was invited."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp

from adapters.chat.aside import soon
from adapters.slack.escaping import mrkdwn
from adapters.slack.front import Front
from adapters.slack.heard import place_of
from adapters.slack.identity import Identity
from adapters.slack.places import Place

HOW_TO_BEGIN = (
    "Mention me and say what to draw, or attach a picture and say what to change: "
    "“a ceramic mug on a wooden table, morning light from the left”. "
    "Then go on in the thread: every reply edits the picture further."
)
"""Markup."""

_HELLO = "Hello, I draw and edit pictures here. "


def install(app: AsyncApp, front: Front) -> None:
    """Listen to being invited."""

    async def on_joined(event: dict[str, Any], identity: Identity) -> None:
        place = place_of(event, identity)
        if event.get("user") != identity.bot_user or not place.channel:
            return
        name = f"slack:hello:{place.home}:{place.channel}"
        if await front.kept.set(name, "1", fresh=True):
            soon("slack_hello_not_said", _hello(front, place))

    app.event("member_joined_channel")(on_joined)


async def _hello(front: Front, place: Place) -> None:
    api = await front.apis.of(place.team, place.enterprise)
    markup = _HELLO + HOW_TO_BEGIN
    await api.call(
        "chat.postMessage",
        channel=place.channel,
        text=markup,
        blocks=[{"type": "section", "text": mrkdwn(markup)}],
    )

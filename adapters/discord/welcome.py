"""How to begin: said once where Easel is new, and once what it could do if it heard more."""

from __future__ import annotations

from typing import Any

import discord
from discord.ui import LayoutView, TextDisplay

from adapters.chat.aside import soon
from adapters.discord.answering import whisper_soon
from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.rest import Outgoing

HOW_TO_BEGIN = (
    "Type `/imagine` and say what to draw, or mention me with a picture and say what to change: "
    "“a ceramic mug on a wooden table, morning light from the left”. "
    "Then go on by replying: every reply edits the picture further."
)
"""Markdown."""

SAID = "1"
"""What is kept of something that was said."""

_HELLO = "Hello, I draw and edit pictures here. "
_UNHEARD = (
    "I can't read what is written in this server unless it is said to me: so begin your replies "
    "with a mention of me, use Discord's own “Reply” on my messages, or press **Edit**. If whoever "
    "runs me turns on the *message content intent* in Discord's developer portal, every reply in "
    "a thread of mine is understood without that."
)


def install(client: EaselClient, front: Front) -> None:
    """Listen to being let into servers."""

    async def on_join(guild: discord.Guild) -> None:
        channel = guild.system_channel
        if channel is None or not channel.permissions_for(guild.me).send_messages:
            return
        hello, _ = said_once(str(guild.id))
        if await front.kept.set(hello, SAID, fresh=True):
            soon("discord_hello_not_said", _hello(front, str(guild.id), str(channel.id)))

    client.listen("guild_join", on_join)


async def say_what_is_unheard(front: Front, place: Place) -> None:
    """Tell whoever opened a server's first thread how to be heard in it, beside; once a server."""
    if front.hears or not place.token:
        return
    _, unheard = said_once(place.guild)
    if await front.kept.set(unheard, SAID, fresh=True):
        whisper_soon(front, place, _UNHEARD)


def said_once(guild: str) -> tuple[str, str]:
    """Under which names it is kept that a server was greeted, and was told what is unheard."""
    return f"discord:hello:{guild}", f"discord:unheard:{guild}"


async def _hello(front: Front, guild: str, channel: str) -> None:
    await front.rest.send(channel, _saying(_HELLO + HOW_TO_BEGIN), nonce=f"hello{guild[-20:]}")


def _saying(markdown: str) -> Outgoing:
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay[Any](markdown))
    return Outgoing(view)

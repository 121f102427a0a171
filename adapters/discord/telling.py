"""Words of ours under a message that became no turn, or not as it was meant.

Outside of interactions Discord has nothing that only one person sees; so these are short replies,
each given once, and those about haste not at every message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Button, LayoutView, TextDisplay

from adapters.chat.aside import soon
from adapters.discord.answering import words_of
from adapters.discord.front import Front
from adapters.discord.heard import message_key
from adapters.discord.rest import Outgoing
from core.errors import EaselError, QueueFull
from core.policy.blocks import Blocked
from core.policy.quotas import OverQuota, TooSoon

_ONCE_SECONDS = 3600.0
_HASTE_SECONDS = 15.0
_HASTE = (QueueFull, TooSoon, OverQuota)
_NONCE_LETTERS = 25


def tell_soon(
    front: Front,
    message: discord.Message,
    markdown: str,
    *,
    buttons: Sequence[Button[Any]] = (),
    once: str = "",
    seconds: float = _ONCE_SECONDS,
) -> None:
    """Reply to a message, beside. `once`: a name under which it is told but once in so long."""
    once = once or f"{message_key(message.channel.id, message.id)}:{markdown}"
    soon("discord_not_told", _tell(front, message, markdown, buttons, once, seconds))


def tell_error_soon(front: Front, message: discord.Message, error: EaselError) -> None:
    """Tell what is wrong and what to do. To whom a moderator has blocked, nothing is said."""
    if isinstance(error, Blocked):
        return
    if isinstance(error, _HASTE):
        once = f"{message.channel.id}:{message.author.id}:{error.code}"
        tell_soon(front, message, words_of(error), once=once, seconds=_HASTE_SECONDS)
    else:
        tell_soon(front, message, words_of(error))


async def _tell(
    front: Front,
    message: discord.Message,
    markdown: str,
    buttons: Sequence[Button[Any]],
    once: str,
    seconds: float,
) -> None:
    name = hashlib.sha256(once.encode()).hexdigest()
    if not await front.kept.set(f"discord:told:{name[:32]}", "1", seconds=seconds, fresh=True):
        return
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay[Any](markdown))
    if buttons:
        view.add_item(ActionRow[Any](*buttons))
    await front.rest.send(
        str(message.channel.id),
        Outgoing(view),
        nonce=hashlib.sha256(f"{name}:{message.id}".encode()).hexdigest()[:_NONCE_LETTERS],
        reply_to=str(message.id),
    )

"""Messages that people change or delete: a turn that still waits follows them.

What has run stays. For new words a version beside it is offered, behind a button.
"""

from __future__ import annotations

from typing import Any

import discord
from discord.ui import Button

from adapters.chat.edits import check_length, dropped, keep_sibling
from adapters.discord import buttons
from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.heard import Heard, heard
from adapters.discord.remembering import turn_of
from adapters.discord.telling import tell_error_soon, tell_soon
from core.errors import EaselError, Unavailable
from core.session.models import Turn

_OFFER = "Your message had already been carried out. Make a version of the new words?"


def install(client: EaselClient, front: Front) -> None:
    """Listen to changes."""

    async def on_edit(payload: discord.RawMessageUpdateEvent) -> None:
        message = payload.message
        said = heard(message, client, hears=front.hears)
        if said is None or not said.readable or message.edited_at is None:
            return
        try:
            await _changed(front, said, message.edited_at.isoformat())
        except Unavailable:
            raise
        except EaselError as problem:
            tell_error_soon(front, message, problem)

    async def on_delete(payload: discord.RawMessageDeleteEvent) -> None:
        await _deleted(front, payload.channel_id, payload.message_id)

    async def on_bulk_delete(payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message in payload.message_ids:
            await _deleted(front, payload.channel_id, message)

    client.listen("raw_message_edit", on_edit)
    client.listen("raw_message_delete", on_delete)
    client.listen("raw_bulk_message_delete", on_bulk_delete)


async def _changed(front: Front, said: Heard, moment: str) -> None:
    message = said.message
    turn = await turn_of(front, message.channel.id, message.id)
    if turn is None or said.words == turn.text or turn.brings:
        return
    if await front.blocks.is_blocked(turn.actor.workspace, turn.actor.id):
        return
    check_length(front, said.words)
    if not turn.state.ended and await _followed(front, turn, said.words):
        return
    if said.words:
        await _offer(front, turn, said, moment)


async def _followed(front: Front, turn: Turn, text: str) -> bool:
    """Whether the turn still waited, and now asks for the new words."""

    def follow(waiting: Turn) -> Turn:
        return waiting.model_copy(update={"text": text})

    if not text and not turn.pending and not turn.inputs:
        return await dropped(front, turn)
    return await front.desk.amend(turn.session_id, turn.id, follow) is not None


async def _offer(front: Front, turn: Turn, said: Heard, moment: str) -> None:
    """Offer a version of the new words, once for each time that they were changed."""
    note = await keep_sibling(front, turn, said.words, f"{said.key}|{moment}")
    button = Button[Any](label="Make a version", custom_id=buttons.custom_id(buttons.SIBLING, note))
    tell_soon(front, said.message, _OFFER, buttons=[button], once=note)


async def _deleted(front: Front, channel: int, message: int) -> None:
    turn = await turn_of(front, channel, message)
    if turn is not None and not turn.state.ended:
        await dropped(front, turn)

"""Deleting a message of ours: asked once more before it goes, of its author or a moderator."""

from __future__ import annotations

from typing import Any

from discord import ButtonStyle, ui

from adapters.discord import buttons
from adapters.discord.answering import tell
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.notes import Note, keep, note_named
from adapters.discord.places import Asker
from adapters.discord.presses import Press, leave, restate
from adapters.discord.removing import take_away
from core.errors import NotAllowed, NotFound
from core.session.models import Version


async def ask_delete(front: Front, press: Press, version: Version) -> None:
    """Ask whether the message that was pressed shall go. Raises NotAllowed, NotFound."""
    await _check_may_delete(front, press.asker, press.message)
    if not press.place.present:
        await leave(press)  # only by this press can the message be deleted where Easel is not
    note = Note(kind="delete", place=press.place, message=press.message, version=version.id)
    button: ui.Button[Any] = ui.Button(
        label="Delete it",
        style=ButtonStyle.danger,
        custom_id=buttons.custom_id(buttons.REMOVE, await keep(front, note)),
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(button))
    name = escaped(version.name, 20)
    words = f"Delete the message with {name}? The version itself stays in the session."
    await tell(press.interaction, words, view)


async def remove(front: Front, press: Press) -> None:
    """Delete the message after all. Raises NotAllowed, NotFound, and as calls do."""
    note = await note_named(front, press.place, press.ref)
    if note.kind != "delete":
        raise NotFound("That is too old, or not yours.", hint="Open it again.")
    await _check_may_delete(front, press.asker, note.message)
    await leave(press)  # deleting may have to wait for its turn
    if note.place.present:
        await take_away(front, note.place, note.message)
    else:
        await _take_away_response(front, note)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay[Any]("The message is deleted."))
    await restate(press, view)


async def _check_may_delete(front: Front, asker: Asker, message: str) -> None:
    link = await front.links.linked(asker.place.message_key(message))
    if link is None:
        raise NotFound("That message is gone already.", hint="There is nothing left to do.")
    turn = await front.desk.turn(link.session, link.turn)
    if turn.actor.id != asker.place.actor.id and not asker.moderator:
        raise NotAllowed(
            "Only the one who asked for this picture, or a moderator, may delete its message.",
            hint=f"Ask {turn.actor.name}." if turn.actor.name else "",
        )


async def _take_away_response(front: Front, note: Note) -> None:
    """The same by the token of the press that asked for it."""
    place = note.place
    await front.rest.call(
        "DELETE",
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        webhook_id=place.app,
        webhook_token=place.token,
    )
    await front.links.unlink(place.message_key(note.message))

"""Shortcuts on any message with a picture: the thread of that message is the session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.slack.accepting import accept
from adapters.slack.access import thread_of
from adapters.slack.answering import kindly
from adapters.slack.front import Front
from adapters.slack.identity import Identity
from adapters.slack.interactions import Press, press_of
from adapters.slack.modals import edit_view, enlarge_view
from adapters.slack.notes import Note, open_dialog
from adapters.slack.references import file_refs, linked_refs
from core.errors import BadInput
from core.session.models import FileRef

Deed = Callable[[Front, Press, Note], Awaitable[None]]

EDIT, UPSCALE, CUT_OUT = "easel_edit", "easel_upscale", "easel_cutout"
"""As the manifest names them."""


def install(app: AsyncApp, front: Front) -> None:
    for callback, deed in {EDIT: edit, UPSCALE: enlarge, CUT_OUT: cut_out}.items():
        _on(app, front, callback, deed)


def _on(app: AsyncApp, front: Front, callback: str, deed: Deed) -> None:
    async def used(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        press = press_of(body, identity)
        async with kindly(front, press.place):
            await deed(front, press, await about(front, press, body.get("message")))
        await ack()

    app.shortcut({"type": "message_action", "callback_id": callback})(used)


async def edit(front: Front, press: Press, note: Note) -> None:
    await open_dialog(front, press.trigger, edit_view(), note)


async def enlarge(front: Front, press: Press, note: Note) -> None:
    view = enlarge_view(front.catalog.cards(), files=False)
    await open_dialog(front, press.trigger, view, note)


async def cut_out(front: Front, press: Press, note: Note) -> None:
    """At once, each picture by itself."""
    each: list[tuple[FileRef, ...]] = [(ref,) for ref in note.pending] or [()]
    for number, pending in enumerate(each):
        await accept(
            front,
            note.place,
            thread=note.thread,
            event_keys=press.keys(f"cutout:{number}"),
            text="transparent",
            acts_on=note.version,
            pending=pending,
        )


async def about(front: Front, press: Press, message: Any) -> Note:
    """What a shortcut on a message is about: a version of ours, or the pictures in it.

    Raises BadInput when there is no picture.
    """
    place = press.place
    link = await front.links.linked(place.message_key(press.message))
    if link is not None and link.versions:
        session = await front.desk.session(link.session)
        return Note(place=place, thread=session.thread, version=link.versions[-1])
    told = message if isinstance(message, Mapping) else {}
    pictures, _ = file_refs(told.get("files"))
    if not pictures and isinstance(words := told.get("text"), str):
        pictures, _ = linked_refs(words)
    if not pictures:
        raise BadInput(
            "There is no picture in that message.",
            hint="Choose me on a message with a PNG, JPEG or WebP file.",
        )
    return Note(place=place, thread=await thread_of(front, place), pending=pictures)

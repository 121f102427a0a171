"""What stands behind an open dialog of Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from adapters.chat.notes import keep_note, kept_note
from adapters.slack.front import Front
from adapters.slack.identity import Identity
from adapters.slack.interactions import Body, place_of
from adapters.slack.places import Place
from core.errors import NotFound
from core.session.models import FileRef


class Note(BaseModel):
    """What a dialog is about. `thread` is the thread key of the session that its turns go to,
    `message` the timestamp of the message that it was opened from, `version` the id of a version
    that it is about, `pending` the pictures of that message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Place
    thread: str = ""
    message: str = ""
    version: str | None = None
    pending: tuple[FileRef, ...] = ()


async def open_dialog(front: Front, trigger: str, view: Mapping[str, Any], note: Note) -> None:
    """Keep a note and open the dialog that carries its name. Raises SlackRefusal, SlackLater."""
    place, name = note.place, await keep_note(front, "slack", note)
    api = await front.apis.of(place.team, place.enterprise)
    await api.call("views.open", trigger_id=trigger, view={**view, "private_metadata": name})


async def note_of(front: Front, body: Body, identity: Identity) -> Note:
    """The note behind a dialog that was sent, for the person who opened it. Raises NotFound."""
    view = body.get("view")
    name = view.get("private_metadata") if isinstance(view, Mapping) else None
    note = await kept_note(front, "slack", name, Note)
    sender = place_of(body, identity)
    if note is None or (note.place.home, note.place.user) != (sender.home, sender.user):
        raise NotFound("This dialog is too old, or not yours.", hint="Open it again.")
    return note

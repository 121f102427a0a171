"""What stands behind an open dialog of Discord, or a question that only one person sees."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from adapters.chat.notes import keep_note, kept_note
from adapters.discord.front import Front
from adapters.discord.places import Place
from core.errors import NotFound
from core.session.models import FileRef

Kind = Literal["edit", "enlarge", "cut_out", "elsewhere", "report", "delete"]


class Note(BaseModel):
    """What is asked, where and whom (`place`).

    `thread` is the thread key of the session that its turns go to, `message` the id of the message
    that it is about, `version` the id of a version, `pending` the pictures of that message.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    place: Place
    thread: str = ""
    message: str = ""
    version: str | None = None
    pending: tuple[FileRef, ...] = ()


async def keep(front: Front, note: Note) -> str:
    """Keep a note; gives its name. Raises Unavailable."""
    return await keep_note(front, "discord", note)


async def note_named(front: Front, place: Place, name: str) -> Note:
    """The note with a name, for the person whom it asks, there. Raises NotFound."""
    note = await kept_note(front, "discord", name, Note)
    if note is None or _whose(note.place) != _whose(place):
        raise NotFound("That is too old, or not yours.", hint="Open it again.")
    return note


def _whose(place: Place) -> tuple[str, str, str]:
    return place.home, place.channel, place.user

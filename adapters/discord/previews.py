"""Small pictures in the message of a turn at work: what it acts on, and what is being drawn.

They help to see, and nothing depends on them: what can't be made or is too large is left out.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

import structlog

from adapters.chat import wording
from adapters.discord.layout import Picture
from adapters.discord.rest import Upload
from core.errors import EaselError, Unavailable
from core.turns.presenting import Scene
from core.turns.service import Desk

_SUBJECT_SIDE, _PREVIEW_SIDE = 160, 512
_MOST_BYTES = 150_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Glimpse:
    """The files that go with a message at work, and what they are.

    `names` says which pictures they are of: with the same names there is nothing to send again.
    """

    subject: Upload | None = None
    preview: Upload | None = None
    names: tuple[str, ...] = ()

    @property
    def uploads(self) -> tuple[Upload, ...]:
        return tuple(each for each in (self.subject, self.preview) if each)

    def picture(self, upload: Upload | None) -> Picture | None:
        return Picture(upload.name, upload.alt) if upload else None


async def glimpse(desk: Desk, scene: Scene) -> Glimpse:
    """What there is to see of a turn so far. Raises Unavailable."""
    subject, preview = None, None
    if (acts_on := scene.subject) is not None:
        data = await _tried(desk.thumbnail(acts_on.asset.sha256, _SUBJECT_SIDE))
        if data:
            subject = Upload("subject.webp", data, wording.alt_text(acts_on, scene.turn))
    if scene.preview is not None:
        data = await _tried(desk.checkered(scene.preview, _PREVIEW_SIDE))
        if data:
            preview = Upload("preview.jpg", data, wording.preview_alt(scene.turn))
    named = (scene.subject.id if scene.subject and subject else "", scene.preview or "")
    return Glimpse(subject, preview, named if subject or preview else ())


async def _tried(made: Awaitable[bytes]) -> bytes:
    """The picture; nothing where it can't be had or is too large."""
    try:
        data = await made
    except Unavailable:
        raise
    except EaselError as refused:
        log.info("preview_left_out", detail=refused.admin or refused.message)
        return b""
    return data if len(data) <= _MOST_BYTES else b""

"""A first look at a picture that takes long: one file in the thread, taken away at the end.

The file of a message can't be exchanged, so there is one look and not a film of them, and none
where the picture itself comes soon. Its file's id is written down before it is shared: whoever
shows the end of the turn finds it and deletes it, whatever has become of the process that sent it.
"""

from __future__ import annotations

from typing import Any

import structlog

from adapters.chat import wording
from adapters.slack.api import SlackApi
from adapters.slack.delivery import shared_at
from adapters.slack.places import Place
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.session.ledger import Entry, Ledger
from core.session.models import now
from core.turns.presenting import Scene
from core.turns.service import Desk

PART = "preview"
AFTER_SECONDS = 15.0
"""How long a turn runs before a first look at it is worth a message."""
_SIDE = 512
_AGAIN_SECONDS = 1.0
_SHARING_SECONDS = 10.0
"""How long the message of a share may take to appear."""
_GONE = ("file_not_found", "file_deleted", "message_not_found")

log = structlog.get_logger(__name__)


class FirstLook:
    """The first look at one turn."""

    def __init__(self, api: SlackApi, desk: Desk, place: Place, ledger: Ledger) -> None:
        self._api = api
        self._desk = desk
        self._place = place
        self._ledger = ledger

    async def follow(self, scene: Scene) -> None:
        """Show it when it is time, and take it back when what it showed was. Tried but once."""
        if scene.preview is None:
            await self.remove()
            return
        begun = scene.turn.started_at
        if begun is None or (now() - begun).total_seconds() < AFTER_SECONDS:
            return
        if await self._ledger.get(PART) is None:
            await self._ledger.intend(PART)
            try:
                await self._share(scene.preview, scene)
            except (SlackLater, SlackRefusal) as left_out:
                log.info("preview_left_out", turn=scene.turn.id, detail=left_out.admin)

    async def remove(self) -> None:
        """Have it gone, if it was sent. Raises SlackLater: it has to be tried again."""
        entry = await self._ledger.get(PART)
        if entry is None or not entry.sent or entry.facts.get("removed"):
            return
        if ts := str(entry.facts.get("ts") or "") or await self._where(entry):
            # The message first: one whose file was deleted would stay and say so.
            await self._ledger.sent(PART, entry.id, ts=ts)
            await self._tried("chat.delete", channel=self._place.channel, ts=ts)
        await self._tried("files.delete", file=entry.id)
        await self._ledger.sent(PART, entry.id, removed=True)

    async def _where(self, entry: Entry) -> str:
        """The message with it; empty when there is none. Raises SlackLater: it may yet come."""
        told = await self._tried("files.info", file=entry.id)
        ts = shared_at(told.get("file") or {}, self._place.channel)
        age = now().timestamp() - float(entry.facts["asked"])
        if told and not ts and age < _SHARING_SECONDS:
            raise SlackLater(_AGAIN_SECONDS, method="files.info", admin="preview not shared yet")
        return ts

    async def _share(self, sha256: str, scene: Scene) -> None:
        data = await self._desk.checkered(sha256, _SIDE)
        asked = await self._api.call(
            "files.getUploadURLExternal",
            spare=True,
            filename="not-finished-yet.jpg",
            length=len(data),
            alt_txt=wording.preview_alt(scene.turn),
        )
        file = str(asked["file_id"])
        await self._api.upload(str(asked["upload_url"]), data, "image/jpeg")
        await self._ledger.sent(PART, file, asked=now().timestamp())
        try:
            await self._api.call(
                "files.completeUploadExternal",
                spare=True,
                files=[{"id": file}],
                channel_id=self._place.channel,
                thread_ts=self._place.thread,
                initial_comment=wording.PREVIEW,
            )
        except SlackRefusal:
            await self._ledger.sent(PART, file, asked=0.0)
            raise

    async def _tried(self, method: str, **arguments: Any) -> dict[str, Any]:
        """What a call gives; nothing where Slack refuses it, as what is gone already."""
        try:
            return await self._api.call(method, **arguments)
        except SlackRefusal as refused:
            if refused.slack_error not in _GONE:
                log.warning("preview_not_removed", detail=refused.admin)
            return {}

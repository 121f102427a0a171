"""Pictures into a thread: uploaded, then shared as one message, and never twice.

Sharing has no key that would make it safe to repeat, and the message appears some time after Slack
has said yes. So the files' ids are written down before they are shared, and after a crash it is
asked where those files are, before anything is shared again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.session.ledger import Entry, Ledger
from core.session.models import now
from core.turns.attention import waiting

SHARING = "completing"
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0)
_AGAIN_SECONDS = 2.0
_LONGEST = 60.0
"""How long the message of a finished share may take to appear, seconds."""
_TRIES_WITH_BLOCKS = 2
_BAD_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A file to send: its name without an ending, and how to get its bytes and their type."""

    stem: str
    alt: str
    load: Callable[[], Awaitable[tuple[bytes, str]]]


@dataclass(frozen=True)
class Shared:
    """Where the files stand. `ts` is empty where Slack does not say. `plain`: without blocks."""

    ts: str
    plain: bool


@dataclass(frozen=True)
class _Seen:
    """What Slack says about files that may have been shared."""

    shared: bool = False
    gone: bool = False
    ts: str = ""


class Delivery:
    """The files of one turn, for one thread."""

    def __init__(self, api: SlackApi, ledger: Ledger, channel: str, thread: str) -> None:
        self._api = api
        self._ledger = ledger
        self._channel = channel
        self._thread = thread
        self._reused = False

    async def deliver(
        self, parcels: Sequence[Parcel], blocks: Sequence[dict[str, Any]], comment: str
    ) -> Shared:
        """Have the files stand in the thread, in one message with blocks.

        Where Slack refuses the blocks, `comment` stands there instead. Raises SlackRefusal,
        SlackLater.
        """
        entry = await self._ledger.get(SHARING)
        if entry is not None:
            seen = await self._look(entry)
            if seen.shared:
                return _shared(entry, seen)
            entry = None if seen.gone else entry
            if seen.gone:
                await self._forget(len(parcels))
        ids = entry.id.split(",") if entry else await self._uploaded(parcels)
        entry = await self._share(ids, entry, blocks, comment)
        seen = await self._look(entry)
        if not seen.shared:
            raise SlackLater(_AGAIN_SECONDS, method="files.info", admin="not in the thread yet")
        return _shared(entry, seen)

    async def _uploaded(self, parcels: Sequence[Parcel]) -> list[str]:
        """Ids of the files, uploaded and not shared yet."""
        entries = await self._ledger.entries()
        ids = []
        for number, parcel in enumerate(parcels):
            known = entries.get(f"file:{number}")
            self._reused = self._reused or known is not None
            ids.append(known.id if known else await self._upload(f"file:{number}", parcel))
        return ids

    async def _upload(self, part: str, parcel: Parcel) -> str:
        data, mime = await parcel.load()
        asked = await self._api.call(
            "files.getUploadURLExternal",
            filename=f"{parcel.stem}.{_ENDINGS.get(mime, 'png')}",
            length=len(data),
            alt_txt=parcel.alt,
        )
        await self._api.upload(str(asked["upload_url"]), data, mime)
        await self._ledger.sent(part, str(asked["file_id"]))
        return str(asked["file_id"])

    async def _share(
        self, ids: Sequence[str], before: Entry | None, blocks: Sequence[Any], comment: str
    ) -> Entry:
        """Share the files; gives the entry of a call that was carried out, as far as we know."""
        tries = int(before.facts["tries"]) + 1 if before else 1
        plain = bool(before and before.facts["plain"]) or tries > _TRIES_WITH_BLOCKS
        said: dict[str, Any] = {"initial_comment": comment} if plain else {"blocks": list(blocks)}
        note = partial(self._note, ids, tries=tries, plain=plain)
        await note()
        try:
            await self._api.call(
                "files.completeUploadExternal",
                files=[{"id": each} for each in ids],
                channel_id=self._channel,
                thread_ts=self._thread,
                **said,
            )
        except SlackLater as later:
            if not later.uncertain:
                await self._back_to(before)
            raise
        except SlackRefusal as refused:
            if refused.slack_error in _BAD_BLOCKS and not plain:
                log.error("blocks_refused", method=refused.method, detail=refused.admin)
                entry = await self._note(ids, tries=tries, plain=True)
                return await self._share(ids, entry, blocks, comment)
            if refused.slack_error == "file_not_found" and before is not None:
                # The call before this one may have shared them.
                return await note(doubtful=True)
            await self._forget(len(ids))
            if refused.slack_error == "file_not_found" and self._reused:
                raise SlackLater(_AGAIN_SECONDS, method=refused.method, admin="too old") from None
            raise
        return await note(done=True)

    async def _back_to(self, before: Entry | None) -> None:
        """The call was certainly not carried out."""
        if before is None:
            await self._ledger.forget(SHARING)
        else:
            await self._ledger.sent(SHARING, before.id, **before.facts)

    async def _look(self, entry: Entry) -> _Seen:
        """Look for the files in the thread, for some seconds; what is long over is decided."""
        done, doubtful = bool(entry.facts.get("done")), bool(entry.facts.get("doubtful"))
        for pause in (*_PAUSES, 0.0):
            try:
                answer = await self._api.call("files.info", file=entry.id.split(",")[0])
            except SlackRefusal as refused:
                return _unseen(refused, done=done, doubtful=doubtful)
            file = answer.get("file") or {}
            if file.get("mode") == "tombstone":
                return _Seen(shared=True)
            if ts := shared_at(file, self._channel):
                return _Seen(shared=True, ts=ts)
            async with waiting():
                await asyncio.sleep(pause)
        age = now() - datetime.fromisoformat(str(entry.facts["asked"]))
        if (done or doubtful) and age.total_seconds() < _LONGEST:
            raise SlackLater(_AGAIN_SECONDS, method="files.info", admin="not in the thread yet")
        return _Seen(shared=done, gone=doubtful)

    async def _note(
        self,
        ids: Sequence[str],
        *,
        tries: int,
        plain: bool,
        done: bool = False,
        doubtful: bool = False,
    ) -> Entry:
        return await self._ledger.sent(
            SHARING,
            ",".join(ids),
            asked=now().isoformat(),
            tries=tries,
            plain=plain,
            done=done,
            doubtful=doubtful,
        )

    async def _forget(self, files: int) -> None:
        """Begin anew: those files are not there, or can't be shared."""
        for number in range(files):
            await self._ledger.forget(f"file:{number}")
        await self._ledger.forget(SHARING)


def shared_at(file: Mapping[str, Any], channel: str) -> str:
    """Where a file was shared in a channel, by its file object; empty: nowhere yet."""
    shares = file.get("shares") or {}
    for kind in ("public", "private"):
        for share in (shares.get(kind) or {}).get(channel) or ():
            if share.get("ts"):
                return str(share["ts"])
    return ""


def _shared(entry: Entry, seen: _Seen) -> Shared:
    return Shared(seen.ts, bool(entry.facts.get("plain")))


def _unseen(refused: SlackRefusal, *, done: bool, doubtful: bool) -> _Seen:
    """Files that Slack does not show: deleted in the thread, lost, or not ours to look at."""
    if refused.slack_error == "file_deleted":
        return _Seen(shared=True)
    if refused.slack_error == "file_not_found":
        return _Seen(shared=done, gone=not done)
    log.warning("shares_not_seen", detail=refused.admin)
    return _Seen(shared=done or doubtful)

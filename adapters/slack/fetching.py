"""Pictures fetched from Slack when a turn runs: what is behind a reference, or kind words why not.

What a file is called and said to be is the sender's word. Here it only decides whether fetching it
makes sense; the intake looks at the bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack import downloads
from adapters.slack.api import Apis, SlackApi
from adapters.slack.places import Place
from adapters.slack.references import file_refs, may_be_picture
from adapters.slack.refusals import SlackLater, SlackRefusal
from adapters.slack.seeing import may_see_channel, may_see_file
from core.errors import BadInput, BadPicture, NotAllowed, NotFound, TooLarge, Unavailable
from core.session.models import FileRef
from core.turns.limits import TurnLimits
from core.turns.request import IncomingFile

_SCAN_PAUSES = (0.3, 0.7, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0)
_PAGE_STARTS = (b"<!doctype html", b"<html")
_GONE_MESSAGE = ("message_not_found", "thread_not_found")
_NEVER_SCANNED = ("tombstone", "hidden_by_limit", "external")


class SlackFetcher:
    """Slack's side of core.turns.fetching.Fetcher.

    `scan_pauses`: the seconds between looks at a file that Slack has not scanned yet.
    """

    def __init__(
        self,
        apis: Apis,
        limits: TurnLimits | None = None,
        scan_pauses: Sequence[float] = _SCAN_PAUSES,
    ) -> None:
        self._apis = apis
        self._limits = limits or TurnLimits()
        self._scan_pauses = tuple(scan_pauses)

    async def fetch(self, ref: FileRef, place: Mapping[str, str]) -> Sequence[IncomingFile]:
        """The pictures behind a reference; none only where there may be none.

        Raises:
            BadInput, TooLarge, NotFound, NotAllowed, SlackRefusal: they can't be had, and why.
            Unavailable: Slack does not answer now.
        """
        where = Place.of(place)
        api = await self._apis.of(where.team, where.enterprise)
        kind, _, file_id = ref.id.partition(":")
        if kind == "message":
            return await self._of_message(api, ref, where)
        if kind == "file":
            return [await self._file(api, file_id, ref, where)]
        raise NotFound("That file can't be found any more.", hint="Send it again.")

    async def _of_message(
        self, api: SlackApi, ref: FileRef, place: Place
    ) -> Sequence[IncomingFile]:
        """The pictures of a message."""
        channel = ref.where.get("channel", "")
        if "linked" in ref.where and not await may_see_channel(api, place, channel):
            raise _not_yours()
        refs, _ = file_refs((await _message(api, ref.where)).get("files"))
        if not refs and not ref.optional:
            raise BadInput(
                "There is no picture in the message that you linked to.",
                hint="Link to a message with a picture, or send the picture itself.",
            )
        return [
            await self._file(api, each.id.partition(":")[2], each, place)
            for each in refs[: self._limits.max_files]
        ]

    async def _file(self, api: SlackApi, file_id: str, ref: FileRef, place: Place) -> IncomingFile:
        url, size, name = ref.where.get("url", ""), ref.where.get("size", ""), ref.name
        if not url:
            file = await self._scanned(api, file_id)
            if "linked" in ref.where and not await may_see_file(api, place, file):
                raise _not_yours()
            name = name or str(file.get("name") or file.get("title") or "")
            url, size = _address(file, name), str(file.get("size") or "")
        most = self._limits.max_file_bytes
        if size.isdecimal() and int(size) > most:
            raise TooLarge(
                f"{_called(name)} has {int(size) / 1_000_000:.0f} MB.",
                hint=f"Keep it under {most // 1_000_000} MB.",
            )
        data, mime = await api.download(url, most=most)
        if mime == "text/html" or data[:64].lstrip().lower().startswith(_PAGE_STARTS):
            raise downloads.wants_sign_in()
        return IncomingFile(name=name, data=data)

    async def _scanned(self, api: SlackApi, file_id: str) -> Mapping[str, Any]:
        """What Slack says of a file, once it has looked at it."""
        for pause in (*self._scan_pauses, None):
            file = (await api.call("files.info", file=file_id)).get("file")
            told = file if isinstance(file, dict) else {}
            if told.get("mimetype") or told.get("mode") in _NEVER_SCANNED or pause is None:
                break
            await asyncio.sleep(pause)
        return told


async def _message(api: SlackApi, where: Mapping[str, str]) -> Mapping[str, Any]:
    """One message, in one call: some apps may read threads but once a minute."""
    ts, thread = where.get("ts", ""), where.get("thread", "")
    reply: dict[str, Any] = {"oldest": ts, "latest": ts} if thread else {}
    try:
        answer = await api.call(
            "conversations.replies",
            channel=where.get("channel", ""),
            ts=thread or ts,
            limit=2 if thread else 1,
            inclusive=True,
            **reply,
        )
    except SlackRefusal as refused:
        if refused.slack_error in _GONE_MESSAGE:
            return {}
        raise
    except SlackLater as later:
        seconds, admin = later.seconds, later.admin
    else:
        found = answer.get("messages")
        for message in found if isinstance(found, list) else ():
            if isinstance(message, dict) and message.get("ts") == ts:
                return message
        return {}
    raise Unavailable(
        "Slack does not let me look at that message just now.",
        hint=f"Try again in {max(1, round(seconds))} s, or send the picture here.",
        admin=admin,
    )


def _address(file: Mapping[str, Any], name: str) -> str:
    """Where the bytes of a file are. Raises what there is to say of one that can't be had."""
    called, mode = _called(name), file.get("mode")
    if mode == "tombstone" or not file:
        raise NotFound(f"{called} was deleted.", hint="Send it again.")
    if mode == "hidden_by_limit":
        raise NotFound(
            f"Slack hides {called}: it is older than this workspace's plan keeps.",
            hint="Send it again.",
        )
    if file.get("is_external") or mode == "external":
        raise BadInput(
            f"{called} lies outside Slack, where I can't fetch it.",
            hint="Download it and send the picture itself.",
        )
    if not may_be_picture(file):
        raise BadPicture(f"{called} is no picture.", hint="Send PNG or JPEG.")
    url = file.get("url_private_download") or file.get("url_private")
    if file.get("mimetype") and isinstance(url, str) and url:
        return url
    if file.get("file_access") not in (None, "", "visible"):
        raise NotAllowed(
            f"The company that {called} comes from does not let me see it.",
            hint="Ask somebody of this workspace to send it.",
        )
    raise Unavailable(f"Slack is still looking at {called}.", hint="Try again in a minute.")


def _not_yours() -> NotAllowed:
    return NotAllowed(
        "You linked to something that I can't be sure you may see.",
        hint="Send the picture itself.",
    )


def _called(name: str) -> str:
    return f"“{name}”" if name else "That file"

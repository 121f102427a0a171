"""Pictures fetched from Discord when a turn runs: what is behind a reference, or why it is not.

Addresses of attachments end after some time. Where one has, the message is read again for a fresh
one. What a file is called and said to be is the sender's word; the intake looks at the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from adapters.discord.downloads import Cdn, Expired
from adapters.discord.refusals import DiscordRefusal
from adapters.discord.rest import Rest
from core.errors import BadInput, NotAllowed, NotFound, TooLarge
from core.session.models import FileRef
from core.turns.limits import TurnLimits
from core.turns.request import IncomingFile

_NAME_LETTERS = 120


class DiscordFetcher:
    """Discord's side of core.turns.fetching.Fetcher."""

    def __init__(self, rest: Rest, cdn: Cdn, limits: TurnLimits | None = None) -> None:
        self._rest = rest
        self._cdn = cdn
        self._limits = limits or TurnLimits()

    async def fetch(self, ref: FileRef, place: Mapping[str, str]) -> Sequence[IncomingFile]:
        """The pictures behind a reference; none only where there may be none.

        Raises:
            BadInput, TooLarge, NotFound, NotAllowed: they can't be had, and why.
            Unavailable: Discord does not answer now.
        """
        if ref.id.startswith("message:"):
            return await self._of_message(ref)
        url = ref.where.get("url", "")
        if url:
            try:
                return [await self._file(url, ref.name)]
            except Expired:
                pass
        return [await self._file(await self._fresh(ref, url), ref.name)]

    async def _of_message(self, ref: FileRef) -> Sequence[IncomingFile]:
        try:
            found = list(_pictures(await self._message(ref.where), self._cdn))
        except (NotFound, NotAllowed):
            if ref.optional:
                return ()
            raise
        if not found and not ref.optional:
            raise BadInput(
                "There is no picture in that message.",
                hint="Choose a message with a picture, or send the picture itself.",
            )
        return [await self._file(url, name) for url, name in found[: self._limits.max_files]]

    async def _file(self, url: str, name: str) -> IncomingFile:
        try:
            data = await self._cdn.get(url, most=self._limits.max_file_bytes)
        except TooLarge as large:
            raise TooLarge(f"{_called(name)} is larger than I take.", hint=large.hint) from None
        return IncomingFile(name=name, data=data)

    async def _fresh(self, ref: FileRef, old: str) -> str:
        """The address of the same file as Discord tells it now."""
        gone = NotFound(f"{_called(ref.name)} is not in Discord any more.", hint="Send it again.")
        if not ref.where.get("message"):
            raise gone
        message = await self._message(ref.where)
        wanted = urlsplit(old).path
        for each in _attachments(message):
            if str(each.get("id")) == ref.where.get("attachment"):
                return str(each.get("url"))
        for each in _shown(message):
            if str(each["attachment_id"]) == ref.where.get("attachment"):
                return str(each.get("url"))
        for url, _ in _embedded(message):
            if urlsplit(url).path == wanted:
                return url
        raise gone

    async def _message(self, where: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            told = await self._rest.call(
                "GET",
                "/channels/{channel_id}/messages/{message}",
                channel_id=where.get("channel", ""),
                message=where.get("message", ""),
            )
        except DiscordRefusal as refused:
            if refused.gone:
                raise NotFound(
                    "The message with that picture was deleted.", hint="Send the picture again."
                ) from None
            raise NotAllowed(
                "I can't read the message with that picture any more.",
                hint="Send the picture itself.",
                admin=refused.admin,
            ) from None
        return told if isinstance(told, Mapping) else {}


def _pictures(message: Mapping[str, Any], cdn: Cdn) -> Iterator[tuple[str, str]]:
    """Addresses and names of what may be pictures in a message."""
    for each in _attachments(message):
        kind = str(each.get("content_type") or "image/")
        if kind.startswith("image/"):
            yield str(each.get("url")), str(each.get("filename") or "")[:_NAME_LETTERS]
    for each in _shown(message):
        kind, url = str(each.get("content_type") or "image/"), str(each.get("url"))
        if kind.startswith("image/"):
            yield url, _name(url)
    for url, name in _embedded(message):
        if cdn.own(url):
            yield url, name


def _attachments(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for whole in _wholes(message):
        yield from whole.get("attachments") or ()


def _shown(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Files that components show: they are not among the attachments."""
    seen = {str(each.get("id")) for each in _attachments(message)}
    for whole in _wholes(message):
        for media in _media(whole.get("components")):
            if (file := str(media["attachment_id"] or "")) and file not in seen:
                seen.add(file)
                yield media


def _wholes(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The message, and the one that it forwards."""
    forwarded = [each.get("message") or {} for each in message.get("message_snapshots") or ()]
    return [message, *forwarded]


def _media(part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, Mapping):
        if "attachment_id" in part:
            yield part
        for inner in part.values():
            yield from _media(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _media(inner)


def _embedded(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for embed in message.get("embeds") or ():
        for kind in ("image", "thumbnail"):
            if url := str((embed.get(kind) or {}).get("url") or ""):
                yield url, _name(url)


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2][:_NAME_LETTERS]


def _called(name: str) -> str:
    return f"“{name}”" if name else "That file"

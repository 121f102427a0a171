"""References to pictures that lie in Discord: attached, in a message, or linked to.

Read before anything was fetched, so that a turn can be accepted at once. Addresses of attachments
expire, so a reference also says in which message it stands; a file of a command stands in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import discord

from adapters.discord.addresses import HOSTS
from core.errors import BadInput, BadPicture, TooLarge
from core.picture.sniff import READABLE
from core.session.models import FileRef
from core.turns.limits import TurnLimits

_NAME_LETTERS = 120
_MEGABYTE = 1_000_000
_UNSAID_TYPES = ("", "application/octet-stream", "binary/octet-stream")
_PICTURE_ENDINGS = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff", ".heic", ".heif")
)
_LINK = re.compile(
    r"[ \t]?<?https://(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com/channels"
    r"/(?P<home>@me|[0-9]{15,22})/(?P<channel>[0-9]{15,22})/(?P<message>[0-9]{15,22})/?(?:\?[^\s<>]*)?>?"
)


@dataclass(frozen=True)
class MessageRef:
    """A message that is linked to. `home` is the id of its server, or "@me"."""

    home: str
    channel: str
    message: str


def linked_message(text: str) -> tuple[MessageRef | None, str]:
    """The message of Discord that a text links to, and the text without links to messages.

    None as well when it links to several.
    """
    found = {MessageRef(each["home"], each["channel"], each["message"]): None
             for each in _LINK.finditer(text)}  # fmt: skip
    if not found:
        return None, text
    return (next(iter(found)) if len(found) == 1 else None), _LINK.sub("", text).strip()


def attached(attachment: discord.Attachment, message: discord.Message | None = None) -> FileRef:
    """An attachment, of a message or of a command."""
    where = {"attachment": str(attachment.id), "url": attachment.url}
    if message is not None:
        where |= {"channel": str(message.channel.id), "message": str(message.id)}
    return FileRef(
        id=f"attachment:{attachment.id}", name=attachment.filename[:_NAME_LETTERS], where=where
    )


def pictures_behind(channel: str, message: str) -> FileRef:
    """The pictures of a message, if it has any."""
    return FileRef(
        id=f"message:{channel}:{message}",
        where={"channel": channel, "message": message},
        optional=True,
    )


def pictures_in(message: discord.Message) -> tuple[tuple[FileRef, ...], tuple[str, ...]]:
    """The pictures of a message, and the names of files in it that are none.

    Pictures of a forwarded message count; of embeds only those that lie with Discord. Files that
    components show are not among the attachments of their message.
    """
    refs: dict[str, FileRef] = {}
    others: list[str] = []
    for attachment in _attachments(message):
        if may_be_picture(attachment):
            refs.setdefault(f"{attachment.id}", attached(attachment, message))
        else:
            others.append(attachment.filename[:_NAME_LETTERS])
    for media in _shown(message):
        if _is_picture(media.content_type, name := _name(media.url)):
            refs.setdefault(f"{media.attachment_id}", _shown_ref(message, media, name))
        else:
            others.append(name)
    for number, url in enumerate(_embedded(message)):
        refs.setdefault(url, _embedded_ref(message, number, url))
    return tuple(refs.values()), tuple(others)


def given(attachments: Sequence[discord.Attachment | None], limits: TurnLimits) -> list[FileRef]:
    """The files of a command or a dialog, by what Discord says of them.

    Raises BadPicture, TooLarge.
    """
    files = [each for each in attachments if each is not None]
    if len(files) > limits.max_files:
        raise TooLarge(
            f"{len(files)} files are more than one instruction can take.",
            hint=f"Send at most {limits.max_files} at a time.",
            code="too_many_files",
        )
    for file in files:
        _check(file, limits)
    return [attached(file) for file in files]


def may_be_picture(attachment: discord.Attachment) -> bool:
    """Whether it can be a picture, as far as Discord says; whether it is one, its bytes say."""
    return _is_picture(attachment.content_type, attachment.filename)


def _is_picture(content_type: str | None, name: str) -> bool:
    mime = (content_type or "").partition(";")[0].strip().lower()
    if mime in _UNSAID_TYPES:
        return not mime or PurePosixPath(name.lower()).suffix in _PICTURE_ENDINGS
    return mime.startswith("image/")


def _check(file: discord.Attachment, limits: TurnLimits) -> None:
    name = file.filename[:_NAME_LETTERS]
    if not may_be_picture(file):
        raise BadPicture(f"{name} is no picture.", hint=f"Send {READABLE}.")
    if file.size > limits.max_file_bytes:
        raise TooLarge(
            f"{name} has {file.size / _MEGABYTE:.1f} MB.",
            hint=f"Send pictures of at most {limits.max_file_bytes / _MEGABYTE:.0f} MB.",
        )
    if file.size == 0:
        raise BadInput(f"{name} is empty.", hint="Send it again.")


def _attachments(message: discord.Message) -> list[discord.Attachment]:
    return [each for whole in _wholes(message) for each in whole.attachments]


def _shown(message: discord.Message) -> list[discord.UnfurledMediaItem]:
    """Files of the message that its components show; not what they show from elsewhere."""
    shown = [each for whole in _wholes(message) for each in _media(whole.components)]
    return [each for each in shown if each.attachment_id is not None]


def _wholes(message: discord.Message) -> list[discord.Message | discord.MessageSnapshot]:
    """The message, and the one that it forwards."""
    return [message, *message.message_snapshots]


def _media(parts: Iterable[Any]) -> Iterator[discord.UnfurledMediaItem]:
    for part in parts:
        media = getattr(part, "media", None)
        if isinstance(media, discord.UnfurledMediaItem):
            yield media
        beside = getattr(part, "accessory", None)
        yield from _media((*getattr(part, "children", ()), *getattr(part, "items", ())))
        yield from _media((beside,) if beside else ())


def _shown_ref(message: discord.Message, media: discord.UnfurledMediaItem, name: str) -> FileRef:
    where = {"channel": str(message.channel.id), "message": str(message.id), "url": media.url}
    where["attachment"] = str(media.attachment_id)
    return FileRef(id=f"attachment:{media.attachment_id}", name=name, where=where)


def _embedded(message: discord.Message) -> list[str]:
    """Addresses of pictures in embeds that lie with Discord itself."""
    urls = [
        picture.url
        for embed in message.embeds
        for picture in (embed.image, embed.thumbnail)
        if picture.url
    ]
    return [url for url in dict.fromkeys(urls) if urlsplit(url).hostname in HOSTS]


def _embedded_ref(message: discord.Message, number: int, url: str) -> FileRef:
    where = {"channel": str(message.channel.id), "message": str(message.id), "url": url}
    return FileRef(id=f"embed:{message.id}:{number}", name=_name(url), where=where)


def _name(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name[:_NAME_LETTERS]

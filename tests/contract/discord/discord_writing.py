"""What messages of the app may hold: text, components, files, mentions, replies."""

from __future__ import annotations

import mimetypes
import re
import struct
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import fields, replace
from typing import Any

from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_calling import Upload
from tests.contract.discord.discord_permissions import permissions_of
from tests.contract.discord.discord_refusing import Refused, too_long, wrong
from tests.contract.discord.discord_world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Attachment,
    Channel,
    Json,
    Message,
    World,
    permission,
)

_MOST_TEXT, _MOST_FILES, MOST_BYTES = 2000, 10, 25 * 1024 * 1024
_SUPPRESS_EMBEDS, _SILENT = 1 << 2, 1 << 12
_LEGACY = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; (0, 0) for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return 0, 0


def stored(
    world: World, name: str, data: bytes, place: str, *, about: str = "", ephemeral: bool = False
) -> Attachment:
    """A file that Discord keeps from now on."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kept = re.sub(r"[^\w.-]", "_", name)
    file = Attachment(
        world.new_id(), kept, data, mime, place, about, png_size(data), ephemeral=ephemeral
    )
    world.files[file.id] = file
    return file


def write(
    world: World, message: Message, body: Json, uploads: Sequence[Upload], *, limit: int
) -> None:
    """Give a message what a body says; all or nothing. Raises Refused.

    What the body does not name stays as it is.
    """
    draft = replace(message)
    _set_flags(draft, body)
    _set_texts(draft, body)
    files, fresh = _files(world, draft, body, uploads, limit)
    _set_components(draft, body, files)
    _check_whole(draft, files)
    for file in fresh:
        world.files[file.id] = file
    draft.attachments = files
    draft.flags &= ~LOADING
    _set_mentions(world, draft, body)
    for each in fields(Message):
        setattr(message, each.name, getattr(draft, each.name))


def _set_flags(draft: Message, body: Json) -> None:
    if body.get("flags") is None:
        return
    asked = int(body["flags"])
    if draft.v2 and not asked & COMPONENTS_V2:
        raise wrong("flags", "MESSAGE_FLAGS_COMPONENTS_V2_CANNOT_BE_REMOVED", "It stays")
    kept = COMPONENTS_V2 | _SUPPRESS_EMBEDS | _SILENT
    draft.flags = (draft.flags & ~(_SUPPRESS_EMBEDS | COMPONENTS_V2)) | (asked & kept)


def _set_texts(draft: Message, body: Json) -> None:
    if "content" in body:
        draft.content = str(body["content"] or "").strip()
    if "embeds" in body:
        draft.embeds = list(body["embeds"] or [])
    if len(draft.content) > _MOST_TEXT:
        raise too_long("content", _MOST_TEXT)
    if draft.v2 and draft.content:
        raise wrong(
            "content", _LEGACY, "The 'content' field cannot be used when using components v2"
        )
    if draft.v2 and draft.embeds:
        raise wrong("embeds", _LEGACY, "The 'embeds' field cannot be used when using components v2")


def _files(
    world: World, draft: Message, body: Json, uploads: Sequence[Upload], limit: int
) -> tuple[list[Attachment], list[Attachment]]:
    """All files of the message from now on, and which of them are new."""
    if any(len(one.data) > limit for one in uploads):
        raise Refused(40005)
    by_number = {str(one.number): one for one in uploads}
    listed = body.get("attachments")
    if listed is None:
        kept = draft.attachments if "attachments" not in body else []
        listed = [{"id": one.id} for one in kept] + [{"id": number} for number in by_number]
    old = {one.id: one for one in draft.attachments}
    files, fresh = [], []
    for number, entry in enumerate(listed):
        upload = by_number.pop(str(entry["id"]), None)
        if upload is not None:
            fresh.append(_fresh(world, draft, upload, entry))
            files.append(fresh[-1])
        elif str(entry["id"]) in old:
            files.append(_described(old[str(entry["id"])], entry))
        else:
            path = f"attachments[{number}].id"
            raise wrong(path, "ATTACHMENT_NOT_FOUND", "Attachment data not found")
    for upload in by_number.values():
        fresh.append(_fresh(world, draft, upload, {}))
        files.append(fresh[-1])
    if len(files) > _MOST_FILES:
        raise too_long("attachments", _MOST_FILES)
    return files, fresh


def _fresh(world: World, draft: Message, upload: Upload, entry: Json) -> Attachment:
    name = str(entry.get("filename") or upload.name)
    about = str(entry.get("description") or "")
    private = bool(draft.flags & EPHEMERAL)
    return stored(world, name, upload.data, draft.channel, about=about, ephemeral=private)


def _described(file: Attachment, entry: Json) -> Attachment:
    if "description" in entry:
        return replace(file, description=str(entry["description"] or ""))
    return file


def _set_components(draft: Message, body: Json, files: list[Attachment]) -> None:
    if "components" in body:
        given = deepcopy(body["components"] or [])
        components.check(given, v2=draft.v2)
        draft.components = components.with_ids(given)
        _resolve(draft.components, files)
    elif draft.v2:
        _still_there(draft.components, files)


def _resolve(given: list[Json], files: list[Attachment]) -> None:
    by_name = {one.name: one for one in files}
    by_id = {one.id: one for one in files}
    for component in components.each_component(given):
        for media in components.media_of(component):
            _point(media, by_name, by_id)
        if component["type"] == components.FILE:
            file = by_id[component["file"]["attachment_id"]]
            component |= {"name": file.name, "size": len(file.data)}


def _point(media: Json, by_name: dict[str, Attachment], by_id: dict[str, Attachment]) -> None:
    url = str(media["url"])
    if url.startswith("attachment://"):
        file = by_name.get(url.removeprefix("attachment://"))
        if file is None:
            raise wrong(
                "components",
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                f"The referenced attachment {url} was not found",
            )
        media["attachment_id"] = file.id
    elif (found := re.search(r"/(?:ephemeral-)?attachments/\d+/(\d+)/", url)) and found[1] in by_id:
        media["attachment_id"] = found[1]
    elif not url.startswith(("https://", "http://")):
        raise wrong("components", "URL_TYPE_INVALID_SCHEME", "Scheme must be http(s) or attachment")


def _still_there(given: list[Json], files: list[Attachment]) -> None:
    names = {one.id for one in files}
    for component in components.each_component(given):
        for media in components.media_of(component):
            if media.get("attachment_id") and media["attachment_id"] not in names:
                raise wrong(
                    "components",
                    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                    "A component shows an attachment that was taken away",
                )


def _check_whole(draft: Message, files: list[Attachment]) -> None:
    empty = not (draft.content or draft.embeds or draft.components or files)
    if empty or (draft.v2 and not draft.components):
        raise Refused(50006)


def texts_of(message: Message) -> str:
    """What of a message is looked through for mentions."""
    shown = components.each_component(message.components)
    texts = [one["content"] for one in shown if one["type"] == components.TEXT_DISPLAY]
    return "\n".join([message.content, *texts])


def _set_mentions(world: World, draft: Message, body: Json) -> None:
    """Who is mentioned, and whether anybody hears a ping of it."""
    text = texts_of(draft)
    people = [name for name in re.findall(r"<@!?(\d+)>", text) if name in world.users]
    roles = re.findall(r"<@&(\d+)>", text)
    allowed = body.get("allowed_mentions")
    replied = world.messages.get(draft.reference)
    draft.mentions, draft.mention_roles = list(dict.fromkeys(people)), roles
    loud = "@everyone" in text or "@here" in text
    draft.pings = bool(
        _pinging(allowed, "users", people)
        or _pinging(allowed, "roles", roles)
        or (loud and (allowed is None or "everyone" in (allowed.get("parse") or [])))
        or (replied and (allowed is None or allowed.get("replied_user")))
    )


def _pinging(allowed: Json | None, kind: str, names: list[str]) -> list[str]:
    if allowed is None or kind in (allowed.get("parse") or []):
        return names
    return [name for name in names if name in (allowed.get(kind) or [])]


def set_reference(world: World, draft: Message, body: Json, channel: Channel) -> None:
    """The message that it is a reply to. Raises Refused."""
    wish: Any = body.get("message_reference")
    if not wish:
        return
    held = permissions_of(world, world.bot.id, channel)
    if not held & permission("read_message_history"):
        raise Refused(160002)
    target = world.messages.get(str(wish.get("message_id")))
    if target is None or target.channel != channel.id or target.only_for:
        if wish.get("fail_if_not_exists", True):
            raise wrong("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return
    draft.reference, draft.type = target.id, 19

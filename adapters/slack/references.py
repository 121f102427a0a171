"""References to pictures that lie in Slack: attached, linked to, or in the message above.

Read from events before anything was fetched, so that a turn can be accepted at once. What an event
tells of a file travels along and saves a call; what it does not tell is asked for when fetching.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from adapters.slack.addresses import Addresses
from core.session.models import FileRef

_MOST_LINKS = 16
_NAME_LETTERS = 120
_UNSAID_TYPES = ("", "application/octet-stream", "binary/octet-stream")
_PICTURE_ENDINGS = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff", ".heic", ".heif")
)
_FILE_ID = re.compile(r"F[A-Z0-9]{1,40}")
_TS = re.compile(r"\d{1,12}\.\d{1,9}")
_LINK = re.compile(
    r"[ \t]?(?:<(https://[^\s<>|]+)(?:\|[^<>]*)?>|(https://[^\s<>|]*[^\s<>|.,;:!?)]))"
)
_FILE_PATH = re.compile(r"/files/[A-Z0-9]+/(F[A-Z0-9]+)(?:/([^/]*))?/?")
_BYTES_PATH = re.compile(r"/files-(?:pri|tmb)/T[A-Z0-9]+-(F[A-Z0-9]+)(?:-[0-9a-f]+)?/.*")
_MESSAGE_PATH = re.compile(r"/archives/([A-Z0-9]+)/p(\d{7,20})/?")
_SLACK = Addresses("https://slack.com/api/")


def file_refs(files: Any) -> tuple[tuple[FileRef, ...], tuple[str, ...]]:
    """The pictures among the files of a message, and the names of those that are none.

    A file whose type is not told yet (not scanned, or of another company) counts as a picture.
    """
    pictures: dict[str, FileRef] = {}
    others: list[str] = []
    for file in files if isinstance(files, Sequence) else ():
        name = _text(file, "name") or _text(file, "title")
        if not _FILE_ID.fullmatch(_text(file, "id")):
            continue
        if may_be_picture(file):
            ref = FileRef(id=f"file:{file['id']}", name=name[:_NAME_LETTERS], where=_told(file))
            pictures.setdefault(ref.id, ref)
        else:
            others.append(name[:_NAME_LETTERS] or "a file without a name")
    return tuple(pictures.values()), tuple(others)


def may_be_picture(file: Mapping[str, Any]) -> bool:
    """Whether a file object can be a picture's, as far as it tells."""
    mime = _text(file, "mimetype")
    if mime in _UNSAID_TYPES:
        ending = PurePosixPath(_text(file, "name").lower()).suffix
        return not mime or ending in _PICTURE_ENDINGS
    return mime.startswith("image/")


def root_ref(channel: str, ts: str) -> FileRef:
    """The pictures of the message that began a thread, if it has any."""
    return FileRef(
        id=f"message:{channel}:{ts}", where={"channel": channel, "ts": ts}, optional=True
    )


def linked_refs(text: str) -> tuple[tuple[FileRef, ...], str]:
    """The files and messages of Slack that a text links to, and the text without those links."""
    found: dict[str, FileRef] = {}

    def look(match: re.Match[str]) -> str:
        ref = _linked(html.unescape(match[1] or match[2]))
        if ref is None or (ref.id not in found and len(found) >= _MOST_LINKS):
            return match[0]
        found.setdefault(ref.id, ref)
        return ""

    left = _LINK.sub(look, text)
    return tuple(found.values()), left.strip() if found else text


def _linked(url: str) -> FileRef | None:
    """What a link leads to; whether the person may see it is asked when it is fetched."""
    if not _SLACK.own(url):
        return None
    parts = urlsplit(url)
    if file := _FILE_PATH.fullmatch(parts.path) or _BYTES_PATH.fullmatch(parts.path):
        return FileRef(id=f"file:{file[1]}", where={"linked": "yes"})
    message = _MESSAGE_PATH.fullmatch(parts.path)
    if message is None:
        return None
    channel, ts = message[1], f"{message[2][:-6]}.{message[2][-6:]}"
    thread = parse_qs(parts.query).get("thread_ts", [""])[0]
    where = {"linked": "yes", "channel": channel, "ts": ts}
    if _TS.fullmatch(thread) and thread != ts:
        where["thread"] = thread
    return FileRef(id=f"message:{channel}:{ts}", where=where)


def _told(file: Mapping[str, Any]) -> dict[str, str]:
    """What saves asking again; nothing where Slack has more to tell."""
    url = _text(file, "url_private_download") or _text(file, "url_private")
    whole = _text(file, "mode") == "hosted" and _text(file, "mimetype").startswith("image/")
    if not (whole and url) or file.get("is_external"):
        return {}
    size = file.get("size")
    return {"url": url, "size": str(size) if isinstance(size, int) else ""}


def _text(file: Any, name: str) -> str:
    value = file.get(name) if isinstance(file, Mapping) else None
    return value if isinstance(value, str) else ""

"""What a server answered, read with suspicion: the picture itself, or where the server keeps it."""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from core.engines.compatible.errors import words_of
from core.engines.data_urls import inside, is_data_url

_MAX_LINK = 2_000


@dataclass(frozen=True)
class Answer:
    """One drawn picture: its bytes, or the link under which it can be had."""

    data: bytes = b""
    link: str = ""


def read(body: bytes) -> Answer:
    """The first picture of a JSON answer.

    Raises:
        ValueError: there is none, with what the server says instead.
    """
    told = json.loads(body)
    items = told.get("data") if isinstance(told, Mapping) else None
    item = items[0] if isinstance(items, list) and items else None
    if not isinstance(item, Mapping):
        raise ValueError(words_of(told) or "no picture in the answer")
    encoded, link = item.get("b64_json"), item.get("url")
    if isinstance(encoded, str) and encoded:
        return Answer(data=_decoded(encoded.partition(",")[2] if is_data_url(encoded) else encoded))
    if isinstance(link, str) and link:
        return Answer(data=inside(link)) if is_data_url(link) else Answer(link=link)
    raise ValueError("a picture without bytes and without a link")


def on_own_server(base: str, link: str) -> str:
    """Where a picture is at the server of `base` itself (".../v1"); "" when it is elsewhere.

    Whatever the link says, the result has the scheme, host and port of `base`. A server behind a
    proxy often does not know its own scheme, port or path; its host name it does.
    """
    if len(link) > _MAX_LINK or not link.isprintable() or "\\" in link or " " in link:
        return ""
    try:
        there, own = urlsplit(link), urlsplit(base)
        elsewhere = _is_elsewhere(there, own)
    except ValueError:
        return ""
    if elsewhere:
        return ""
    root = own.path.rstrip("/").removesuffix("/v1")
    path = "/" + there.path.lstrip("/")
    if not path.startswith(f"{root}/"):
        path = root + path
    return urlunsplit((own.scheme, own.netloc, path, there.query, ""))


def _is_elsewhere(there: SplitResult, own: SplitResult) -> bool:
    if there.netloc:
        foreign = there.hostname != own.hostname or "@" in there.netloc
        return foreign or there.scheme not in ("http", "https", "")
    return bool(there.scheme)


def _decoded(encoded: Any) -> bytes:
    return binascii.a2b_base64(encoded, strict_mode=True)

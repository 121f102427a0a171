"""What a client knows besides the messages: names behind ids, bytes behind files."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

Json = Mapping[str, Any]

_SIGNS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


@dataclass(frozen=True)
class Known:
    """`names`: of people, bots and channels by their ids. `files`: bytes by file id or address."""

    names: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def name(self, thing: str) -> str:
        """The name of an id, as text; the id itself where it has none."""
        return self.names.get(thing, thing)

    def picture(self, file: str, alt: str) -> str:
        """A picture of known bytes as HTML, and its alt text where there are none."""
        data = self.files.get(file, b"")
        mime = next((mime for sign, mime in _SIGNS.items() if data.startswith(sign)), "")
        words = escape(alt, quote=True)
        if not mime:
            return f'<span class="missing" role="img" aria-label="{words}">{words}</span>'
        packed = base64.b64encode(data).decode()
        return f'<img src="data:{mime};base64,{packed}" alt="{words}">'


def attribute(name: str, value: object) -> str:
    """One attribute of an HTML tag, with a blank before it; nothing when it has no value."""
    return f' {name}="{escape(str(value), quote=True)}"' if value not in (None, "") else ""


def link(address: str, inside: str, kind: str = "") -> str:
    """A link that leads to the web and nowhere else; `inside` is HTML."""
    if not re.match(r"(https?://|mailto:)", address):
        return inside
    classes = attribute("class", kind)
    return f'<a{classes}{attribute("href", address)} rel="noreferrer">{inside}</a>'

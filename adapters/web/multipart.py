"""Read a multipart body as it streams in, and stop at the first thing that is past a limit.

Nothing is buffered beyond what the limits allow, and the names that a sender gives to types and
sizes are not asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.errors import BadInput, TooLarge
from core.turns.limits import TurnLimits
from core.turns.request import IncomingFile

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_TEXTS = ("text", "version", "options")
_FILES = ("files", "mask")
_NAMES = ", ".join((*_TEXTS, *_FILES))
_LONGEST_TEXT = 64_000


@dataclass
class Form:
    """The fields of a turn as they came: texts by name, files in order, the mask."""

    texts: dict[str, str] = field(default_factory=dict)
    files: list[IncomingFile] = field(default_factory=list)
    mask: bytes | None = None


@dataclass
class _Part:
    disposition: bytes = b""
    name: str = ""
    file_name: str | None = None
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0


async def read_form(content_type: str, body: AsyncIterator[bytes], limits: TurnLimits) -> Form:
    """Raises BadInput, TooLarge."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise _malformed()
    reader = _Reader(limits)
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        async for chunk in body:
            parser.write(chunk)
    except FormParserError:
        raise _malformed() from None
    if not reader.complete:
        raise _malformed()
    return reader.form


class _Reader:
    """Collects parts as the parser finds them."""

    def __init__(self, limits: TurnLimits) -> None:
        self.form = Form()
        self.complete = False
        self._limits = limits
        self._part = _Part()
        self._header = b""
        self._value = b""
        self._files = 0

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._named,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._part.disposition = self._value
        self._header = self._value = b""

    def _named(self) -> None:
        part = self._part
        _, options = parse_options_header(part.disposition)
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if part.name not in (*_TEXTS, *_FILES):
            raise BadInput(f"There is no field “{part.name[:40]}”.", hint=f"There are: {_NAMES}.")
        if part.name in self.form.texts or (part.name == "mask" and self.form.mask is not None):
            raise BadInput(f"The field “{part.name}” came twice.", hint="Send it once.")
        if b"filename" in options:
            part.file_name = options[b"filename"].decode("utf-8", "replace")
        if part.name == "files":
            self._files += 1
            if self._files > self._limits.max_files:
                raise TooLarge(
                    f"That is more than {self._limits.max_files} files.",
                    hint="Send them in several turns.",
                )

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.name in _TEXTS and part.size > _LONGEST_TEXT:
            raise TooLarge(
                f"The field “{part.name}” is too long.",
                hint=f"An instruction has at most {self._limits.max_prompt:,} characters.",
            )
        if part.size > self._limits.max_file_bytes:
            raise TooLarge(
                f"{_called(part)} is larger than {self._limits.max_file_bytes // 1_000_000} MB.",
                hint="Send a smaller one: JPEG or WebP, or fewer pixels.",
            )
        part.chunks.append(data[start:end])

    def _end(self) -> None:
        part = self._part
        content = b"".join(part.chunks)
        if part.name in _TEXTS:
            self.form.texts[part.name] = _as_text(part.name, content)
        elif not (content or part.file_name):
            return  # A browser's form sends this for a file field that was left empty.
        elif part.name == "mask":
            self.form.mask = content
        else:
            name = part.file_name or f"picture {len(self.form.files) + 1}"
            self.form.files.append(IncomingFile(name=name[:200], data=content))

    def _finish(self) -> None:
        self.complete = True


def _as_text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadInput(f"The field “{name}” is no UTF-8 text.") from None


def _called(part: _Part) -> str:
    if part.name == "mask":
        return "The mask"
    return f"“{part.file_name[:80]}”" if part.file_name else "A file"


def _malformed() -> BadInput:
    return BadInput(
        "The form did not arrive whole.",
        hint="Send it again as multipart/form-data.",
    )

"""Pictures on the disk enlarged and cut out, for the command line."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import BadInput, DiskFull
from core.picture.codec import FileFormat, take_in
from core.picture.export import Origin, exported
from core.picture.jobs import cut_out
from core.picture.stage import Stage
from core.picture.upscale import Enlargement, upscale

Advance = Callable[[float], None]

MAX_BYTES = 100_000_000
MAX_PIXELS = 50_000_000

_FORMATS: dict[str, FileFormat] = {
    ".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg",
}  # fmt: skip


def upscale_file(source: Path, target: Path, scale: float, model: str, advance: Advance) -> None:
    """Enlarge a picture file; the target's suffix names its format.

    Raises:
        BadInput: no picture, no such format or model, or too large.
        Unavailable: the networks are not usable here, or the disk is full.
    """
    form = _format_of(target)
    asked = Enlargement(scale=scale, variant=model)
    drawn = upscale(_listener(advance), _read(source), asked)
    origin = Origin(made="edited" if drawn.redrawn else "adjusted", model=drawn.method)
    _write(target, drawn.png, form, origin)
    advance(1.0)


def cutout_file(source: Path, target: Path, advance: Advance) -> None:
    """Make the background of a picture file transparent.

    Raises:
        BadInput: no picture, a format without transparency, or no subject to be found.
        DiskFull: the target can't be written.
    """
    form = _format_of(target)
    if form == "jpeg":
        raise BadInput("JPEG has no transparency.", hint="Write a .png or a .webp file.")
    made = cut_out(_listener(advance), _read(source))
    _write(target, made.png, form, Origin(made="adjusted"))
    advance(1.0)


def _listener(advance: Advance) -> Callable[[Any], None]:
    def hear(message: Any) -> None:
        if isinstance(message, Stage):
            advance(min(message.fraction, 0.99))

    return hear


def _format_of(target: Path) -> FileFormat:
    form = _FORMATS.get(target.suffix.lower())
    if form is None:
        raise BadInput(
            f"I can't write {target.suffix or 'a file without an ending'}.",
            hint="Name a .png, .webp, .jpg or .jpeg file.",
        )
    return form


def _read(source: Path) -> bytes:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise BadInput(f"{source} can't be read.", hint=error.strerror or "") from None
    return take_in(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS, name=source.name).data


def _write(target: Path, png: bytes, form: FileFormat, origin: Origin) -> None:
    """Whole or not at all: a name never stands for half a picture."""
    data, _ = exported(png, format=form, origin=origin)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise _unwritten(target, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except OSError as error:
        raise _unwritten(target, error) from None
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def _unwritten(target: Path, error: OSError) -> DiskFull:
    return DiskFull(f"{target} can't be written.", hint=error.strerror or "")

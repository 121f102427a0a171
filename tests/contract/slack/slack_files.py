"""Files of a fake Slack: their bytes, and what Slack tells about them before and after a scan."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from PIL import Image, UnidentifiedImageError

MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
SUFFIXES = {"pdf": "application/pdf", "txt": "text/plain", "svg": "image/svg+xml"}
THUMBS = (64, 80, 160, 360, 480, 720, 800, 960, 1024)


@dataclass
class StoredFile:
    """`scanned`: the moment from which Slack knows its type. `stage`: how far the upload is.

    `granted`: it came through a modal of the app. `mode` other than hosted makes it what Slack
    shows for deleted, hidden or external files.
    """

    id: str
    team: str
    owner: str
    name: str
    length: int
    title: str = ""
    alt: str = ""
    data: bytes = b""
    created: int = 0
    scanned: float = 0.0
    secret: str = ""
    stage: str = "asked"
    mode: str = "hosted"
    granted: bool = False
    external_url: str = ""

    @cached_property
    def _picture(self) -> tuple[str, int, int]:
        try:
            with Image.open(io.BytesIO(self.data)) as image:
                return MIMES.get(image.format or "", ""), image.width, image.height
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            return "", 0, 0

    @property
    def mime(self) -> str:
        suffix = self.name.rpartition(".")[2].lower()
        return self._picture[0] or SUFFIXES.get(suffix, "application/octet-stream")

    @property
    def size(self) -> tuple[int, int]:
        return self._picture[1:]

    def thumb(self, side: int) -> bytes:
        """A small PNG of the picture."""
        with Image.open(io.BytesIO(self.data)) as image:
            image.thumbnail((side, side))
            out = io.BytesIO()
            image.save(out, "PNG")
        return out.getvalue()


def file_json(
    file: StoredFile, base: str, now: float, shares: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A file object as recorded from Slack; `shares` only in the answer of files.info."""
    if file.mode in ("tombstone", "hidden_by_limit"):
        return {"id": file.id, "mode": file.mode}
    table = _told(file, base)
    if file.mode == "external":
        table |= {"is_external": True, "external_type": "gdrive", "url_private": file.external_url}
    elif now < file.scanned:
        table |= {"mimetype": "", "filetype": "", "pretty_type": ""}
    elif file.size[0]:
        table |= _dimensions(file, base)
    if shares is not None:
        table |= {"shares": shares, **_places(shares)}
    return table


def _told(file: StoredFile, base: str) -> dict[str, Any]:
    where = f"{base}/files-pri/{file.team}-{file.id}"
    kind = file.mime.rpartition("/")[2].replace("jpeg", "jpg")
    told = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mime,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.owner,
        "user_team": file.team,
        "editable": False,
        "size": len(file.data),
        "mode": file.mode,
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{where}/{file.name}",
        "url_private_download": f"{where}/download/{file.name}",
        "media_display_type": "unknown",
        "permalink": f"https://{file.team.lower()}.slack.com/files/{file.owner}/{file.id}/{file.name}",
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
    }
    return told | ({"alt_txt": file.alt} if file.alt else {})


def _dimensions(file: StoredFile, base: str) -> dict[str, Any]:
    width, height = file.size
    told: dict[str, Any] = {"original_w": width, "original_h": height}
    for side in THUMBS:
        if side <= 360 or side <= max(width, height):
            told[f"thumb_{side}"] = f"{base}/files-tmb/{file.team}-{file.id}/image_{side}.png"
            factor = min(1.0, side / max(width, height))
            told[f"thumb_{side}_w"] = max(1, round(width * factor))
            told[f"thumb_{side}_h"] = max(1, round(height * factor))
    return told


def _places(shares: dict[str, Any]) -> dict[str, Any]:
    public, private = shares.get("public", {}), shares.get("private", {})
    groups = [name for name in private if name.startswith("G")]
    return {
        "channels": list(public),
        "groups": groups,
        "ims": [name for name in private if name.startswith("D")],
        "is_public": bool(public),
    }

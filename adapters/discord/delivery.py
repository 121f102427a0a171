"""The files of a result, as large as their place and one request allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat import wording
from adapters.discord.layout import Picture
from adapters.discord.rest import Upload
from core.errors import EaselError
from core.session.models import Asset, Turn, Version
from core.turns.service import Desk

MOST_REQUEST = 25 * 1024 * 1024 - 64 * 1024
"""Bytes of files in one request (Discord's documents: 25 MiB for all of it)."""
_MOST_FILES = 10
_BOARD_SIDE = 1024
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True)
class Parcel:
    """A file to send: what it is called and shows, and of which version it is."""

    stem: str
    alt: str
    asset: Asset
    version: Version | None = None


@dataclass(frozen=True)
class Bundle:
    """Files to send. `said` is what there is to know of them, `partial` are ids of versions whose
    file is not the one to take away."""

    uploads: tuple[Upload, ...] = ()
    said: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(Picture(each.name, each.alt) for each in self.uploads)


async def bundle(
    desk: Desk, turn: Turn, versions: Sequence[Version], *, limit: int, most: int
) -> Bundle:
    """The files of the versions and of enclosed pictures, then views of what is transparent.

    `limit` is how many bytes one of them may have, `most` all together. Raises what the desk
    raises: a picture that can't be had or does not fit.
    """
    parcels = [*_whole(turn, versions), *_sheets(turn)][:_MOST_FILES]
    uploads: dict[int, Upload] = {}
    said: list[str] = []
    partial: set[str] = set()
    smallest_first = sorted(range(len(parcels)), key=lambda place: parcels[place].asset.bytes)
    for before, place in enumerate(smallest_first):
        # What the small ones leave is shared by the large ones.
        share = min(limit, most // (len(parcels) - before))
        parcel = parcels[place]
        vid = parcel.version.id if parcel.version else None
        file = await desk.fitted(parcel.asset.sha256, version=vid, most_bytes=share)
        most -= len(file.data)
        uploads[place] = Upload(f"{parcel.stem}.{_ENDINGS[file.mime]}", file.data, parcel.alt)
        if parcel.version and not file.exact:
            partial.add(parcel.version.id)
        if file.words:
            named = parcel.version is not None and len(parcels) > 1
            said.append(f"{parcel.stem}: {file.words}" if named else file.words)
    own = tuple(uploads[place] for place in range(len(parcels)))
    views = await _views(desk, versions, min(limit, most), _MOST_FILES - len(own))
    return Bundle((*own, *views), tuple(said), frozenset(partial))


def _whole(turn: Turn, versions: Sequence[Version]) -> list[Parcel]:
    return [
        Parcel(version.name, wording.alt_text(version, turn), version.asset, version)
        for version in versions
    ]


def _sheets(turn: Turn) -> list[Parcel]:
    return [
        Parcel(f"pictures-{number}", wording.SHEET_ALT, asset)
        for number, asset in enumerate(turn.enclosed, 1)
    ]


async def _views(
    desk: Desk, versions: Sequence[Version], room: int, most: int
) -> tuple[Upload, ...]:
    """What is transparent, on a checkerboard, since nobody knows on which ground it is looked at;
    left out where there is no room, or where it can't be made."""
    views: list[Upload] = []
    for version in versions:
        if not version.asset.alpha or len(views) >= most:
            continue
        try:
            data = await desk.checkered(version.asset.sha256, _BOARD_SIDE)
        except EaselError:
            continue
        if len(data) <= room:
            room -= len(data)
            name = f"{version.name}-on-checkerboard.jpg"
            views.append(Upload(name, data, wording.checkered_alt(version)))
    return tuple(views)

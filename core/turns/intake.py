"""What is looked at before a turn is accepted: words, files, mask, against the limits.

Files are hostile until they were read: they are decoded in a process of their own, and what is kept
is what was read. Nothing is written before everything was found good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.assets.blobs import Blobs
from core.errors import BadInput, TooLarge
from core.picture.codec import PictureInfo, Taken, take_in, take_mask
from core.picture.pool import PixelPool
from core.session import keys
from core.session.models import Asset
from core.session.store import SessionStore
from core.turns.limits import TurnLimits
from core.turns.request import IncomingFile, TurnRequest

_NAME_LETTERS = 120


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came with a turn, checked and kept."""

    inputs: tuple[Asset, ...] = ()
    names: tuple[str, ...] = ()
    mask: Asset | None = None
    notes: tuple[str, ...] = ()


class Intake:
    """Checks requests and keeps their files."""

    def __init__(
        self, blobs: Blobs, store: SessionStore, pool: PixelPool, limits: TurnLimits
    ) -> None:
        self._blobs = blobs
        self._store = store
        self._pool = pool
        self._limits = limits

    async def take(self, request: TurnRequest) -> TakenIn:
        """Raises BadInput, BadPicture, TooLarge, DiskFull."""
        self._check_words(request)
        taken = await self._read_all(request.files, len(request.files) + len(request.pending))
        mask = await self._mask(request, taken)
        return await self._kept(request.files, taken, mask)

    async def files(self, files: Sequence[IncomingFile]) -> TakenIn:
        """Files that were fetched later. Raises BadPicture, TooLarge, DiskFull."""
        return await self._kept(files, await self._read_all(files, len(files)))

    def check_count(self, count: int) -> None:
        """Raises TooLarge when these are more files than a turn takes."""
        if count > self._limits.max_files:
            raise TooLarge(
                f"{count} files are more than one instruction can take.",
                hint=f"Send at most {self._limits.max_files} at a time.",
                code="too_many_files",
            )

    async def _read_all(self, files: Sequence[IncomingFile], count: int) -> list[Taken]:
        self.check_count(count)
        return [await self._read(file) for file in files]

    async def _kept(
        self, files: Sequence[IncomingFile], taken: Sequence[Taken], mask: Asset | None = None
    ) -> TakenIn:
        notes = [note for each in taken for note in each.notes]
        return TakenIn(
            inputs=tuple([await self._keep(each.data, each.info) for each in taken]),
            names=tuple(file.name[:_NAME_LETTERS] for file in files),
            mask=mask,
            notes=tuple(dict.fromkeys(notes)),
        )

    def _check_words(self, request: TurnRequest) -> None:
        if len(request.text) > self._limits.max_prompt:
            raise TooLarge(
                f"That instruction has {len(request.text):,} characters.",
                hint=f"Keep it to {self._limits.max_prompt:,}.",
                code="prompt_too_long",
            )
        pictured = request.files or request.pending or request.brings or request.mask is not None
        if not request.text.strip() and not pictured:
            raise BadInput(
                "There is nothing to do: no words and no picture.",
                hint="Describe a picture, or say what to change.",
                code="empty_turn",
            )

    async def _read(self, file: IncomingFile) -> Taken:
        taken: Taken = await self._pool.run(_taken, file.data, self._limits, file.name)
        return taken

    async def _mask(self, request: TurnRequest, taken: list[Taken]) -> Asset | None:
        """The painted area, of the size of the picture that it belongs to."""
        if request.mask is None:
            return None
        size = await self._masked_size(request, taken)
        if size is None:
            raise BadInput(
                "An area was painted, but there is no picture that it belongs to.",
                hint="Choose the version it was painted on, or attach the picture.",
                code="mask_without_picture",
            )
        data: bytes = await self._pool.run(_mask, request.mask, size)
        return await self._keep(data, PictureInfo("image/png", *size, alpha=True))

    async def _masked_size(
        self, request: TurnRequest, taken: list[Taken]
    ) -> tuple[int, int] | None:
        if request.acts_on is not None:
            asset = (await self._store.version(request.acts_on)).asset
            return asset.width, asset.height
        if taken:
            return taken[0].info.width, taken[0].info.height
        head = (await self._store.session(keys.session_id(request.thread))).head
        if head is None:
            return None
        asset = (await self._store.version(head)).asset
        return asset.width, asset.height

    async def _keep(self, data: bytes, info: PictureInfo) -> Asset:
        asset = Asset(
            sha256=await self._blobs.put(data),
            mime=info.mime,
            width=info.width,
            height=info.height,
            bytes=len(data),
            alpha=info.alpha,
        )
        await self._store.record_asset(asset)
        return asset


def _taken(report: Callable[[Any], None], data: bytes, limits: TurnLimits, name: str) -> Taken:
    return take_in(data, max_bytes=limits.max_file_bytes, max_pixels=limits.max_pixels, name=name)


def _mask(report: Callable[[Any], None], data: bytes, size: tuple[int, int]) -> bytes:
    return take_mask(data, size=size)

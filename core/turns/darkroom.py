"""Pictures for looking at (small, on a checkerboard) and for taking away (exports, labelled)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from core.assets.blobs import Blobs
from core.errors import BadInput
from core.picture.checker import checkered
from core.picture.export import FORMATS, Format, Origin, exported
from core.picture.fitting import Fitted, fitted
from core.picture.pool import PixelPool
from core.picture.thumbnail import thumbnail
from core.turns.attention import waiting

_KEPT_BYTES = 32_000_000

Report = Callable[[Any], None]
_Develop = Callable[[Report, bytes, int], bytes]


class Darkroom:
    """Develops pictures in a pool; small ones are remembered, within bounds."""

    def __init__(self, blobs: Blobs, pool: PixelPool) -> None:
        self._blobs = blobs
        self._pool = pool
        self._kept: OrderedDict[tuple[_Develop, str, int], bytes] = OrderedDict()
        self._kept_bytes = 0

    async def thumbnail(self, sha256: str, side: int) -> bytes:
        """The picture within `side` x `side` pixels, as WebP. Raises NotFound."""
        return await self._developed(_small, sha256, side)

    async def checkered(self, sha256: str, side: int) -> bytes:
        """The picture within `side` x `side` pixels over a checkerboard, as JPEG. Raises NotFound.

        For looking at a transparent picture on any ground.
        """
        return await self._developed(_on_board, sha256, side)

    async def export(
        self, sha256: str, format: str | None, origin: Origin | None
    ) -> tuple[bytes, str]:
        """The file and its type, labelled. Raises NotFound, BadInput for an unknown format."""
        wanted = next((known for known in FORMATS if known == format), None)
        if format is not None and wanted is None:
            raise BadInput(
                f"“{format[:20]}” is no format that is written here.",
                hint=f"There are {', '.join(FORMATS)}.",
                code="unknown_format",
            )
        data = await self._blobs.get(sha256)
        async with waiting():
            made: tuple[bytes, str] = await self._pool.run(_file, data, wanted, origin)
        return made

    async def fitted(self, sha256: str, origin: Origin | None, most_bytes: int) -> Fitted:
        """The best file of at most `most_bytes`, labelled. Raises NotFound, TooLarge."""
        data = await self._blobs.get(sha256)
        async with waiting():
            found: Fitted = await self._pool.run(_fitted, data, origin, most_bytes)
        return found

    async def _developed(self, develop: _Develop, sha256: str, side: int) -> bytes:
        key = (develop, sha256, side)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        data = await self._blobs.get(sha256)
        async with waiting():
            small: bytes = await self._pool.run(develop, data, side)
        self._remember(key, small)
        return small

    def _remember(self, key: tuple[_Develop, str, int], small: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = small
        self._kept_bytes += len(small)
        while self._kept_bytes > _KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest)


def _small(report: Report, data: bytes, side: int) -> bytes:
    return thumbnail(data, side)


def _on_board(report: Report, data: bytes, side: int) -> bytes:
    return checkered(data, side)


def _file(
    report: Report, data: bytes, format: Format | None, origin: Origin | None
) -> tuple[bytes, str]:
    return exported(data, format=format, origin=origin)


def _fitted(report: Report, data: bytes, origin: Origin | None, most_bytes: int) -> Fitted:
    return fitted(data, origin=origin, most_bytes=most_bytes)

"""Views of pictures are developed once and remembered, each kind by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.assets.blobs import Blobs
from core.errors import NotFound, TooLarge
from core.picture.codec import encode_png
from core.picture.pool import PixelPool
from core.picture.sniff import sniff
from core.turns.darkroom import Darkroom
from tests.unit.picture.making import disc


@pytest.fixture
async def pool() -> AsyncIterator[PixelPool]:
    pool = PixelPool(1)
    await pool.start()
    yield pool
    await pool.close()


async def test_each_view_of_a_picture_is_made_once(
    pool: PixelPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs.at(str(tmp_path))
    sha256 = await blobs.put(encode_png(disc()))
    room, runs, run = Darkroom(blobs, pool), 0, pool.run

    async def counted(*args: Any, **more: Any) -> Any:
        nonlocal runs
        runs += 1
        return await run(*args, **more)

    monkeypatch.setattr(pool, "run", counted)
    for _ in range(2):
        assert sniff(await room.checkered(sha256, 64)).mime == "image/jpeg"
        assert sniff(await room.thumbnail(sha256, 64)).mime == "image/webp"
        assert sniff(await room.checkered(sha256, 32)).mime == "image/jpeg"
    assert runs == 3


async def test_a_view_of_nothing_is_not_found(pool: PixelPool, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await Darkroom(Blobs.at(str(tmp_path)), pool).checkered("0" * 64, 64)


async def test_a_file_is_fitted_in_the_pool(pool: PixelPool, tmp_path: Path) -> None:
    blobs = Blobs.at(str(tmp_path))
    data = encode_png(disc())
    sha256, room = await blobs.put(data), Darkroom(blobs, pool)
    whole = await room.fitted(sha256, None, len(data) * 2)
    assert whole.exact and sniff(whole.data).mime == whole.mime == "image/png"
    with pytest.raises(TooLarge):
        await room.fitted(sha256, None, 10)
    with pytest.raises(NotFound):
        await room.fitted("0" * 64, None, len(data))

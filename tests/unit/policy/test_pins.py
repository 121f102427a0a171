"""Pinned models, in the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import EmbeddedStore
from core.errors import Unavailable
from core.policy.pins import RedisPins
from core.session.connect import connect


@pytest.fixture
async def pins(url: str) -> AsyncIterator[RedisPins]:
    redis = connect(url)
    yield RedisPins(redis)
    await redis.aclose()


async def test_each_workspace_has_its_own_pins(pins: RedisPins) -> None:
    for name in ("owner/b", "owner/a", "owner/b"):
        await pins.add("T1", name)
    await pins.add("T2", "owner/c")
    assert await pins.all("T1") == ["owner/a", "owner/b"]
    assert await pins.all("T2") == ["owner/c"]
    assert await pins.all("T3") == []


async def test_a_pin_is_let_go_once_and_again_changes_nothing(pins: RedisPins) -> None:
    await pins.add("T1", "owner/a")
    await pins.remove("T1", "owner/a")
    await pins.remove("T1", "owner/a")
    assert await pins.all("T1") == []


async def test_without_the_store_it_says_so(pins: RedisPins, store: EmbeddedStore) -> None:
    await store.stop()
    with pytest.raises(Unavailable):
        await pins.all("T1")

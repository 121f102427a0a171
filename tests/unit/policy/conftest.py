"""A real store for each test, and two workers' connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.session.connect import connect


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path)
    yield store
    await store.stop()


@pytest.fixture
async def url(store: EmbeddedStore) -> str:
    return await store.start()


@pytest.fixture
async def redis(url: str) -> AsyncIterator[Redis]:
    """One worker's connection."""
    async with connect(url, patient=True) as client:
        yield client


@pytest.fixture
async def other(url: str) -> AsyncIterator[Redis]:
    """Another worker's connection."""
    async with connect(url, patient=True) as client:
        yield client

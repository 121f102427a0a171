"""A strict Images API on loopback, and the engine that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.engines.openai.engine import OpenAIImages, openai_engine
from core.engines.replicate.engine import ReplicateEngine
from tests.contract.openai_double import OpenAIDouble, serving
from tests.contract.openai_wishes import KEY
from tests.contract.replicate_double import ReplicateDouble
from tests.contract.replicate_double import serving as serving_replicate
from tests.contract.replicate_wishes import HASTY, TOKEN


@pytest.fixture
async def api() -> AsyncIterator[OpenAIDouble]:
    async with serving(OpenAIDouble(key=KEY)) as double:
        yield double


@pytest.fixture
async def engine(api: OpenAIDouble) -> AsyncIterator[OpenAIImages]:
    built = openai_engine(KEY, api.base_url)
    yield built
    await built.close()


@pytest.fixture
async def platform() -> AsyncIterator[ReplicateDouble]:
    """Replicate on loopback."""
    async with serving_replicate(ReplicateDouble(TOKEN)) as double:
        yield double


@pytest.fixture
async def replicate(platform: ReplicateDouble) -> AsyncIterator[ReplicateEngine]:
    built = ReplicateEngine(TOKEN, platform.base_url, patience=HASTY)
    yield built
    await built.close()

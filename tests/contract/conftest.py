"""A strict Images API on loopback, and the engine that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.engines.openai.engine import OpenAIImages, openai_engine
from tests.contract.openai_double import OpenAIDouble, serving
from tests.contract.openai_wishes import KEY


@pytest.fixture
async def api() -> AsyncIterator[OpenAIDouble]:
    async with serving(OpenAIDouble(key=KEY)) as double:
        yield double


@pytest.fixture
async def engine(api: OpenAIDouble) -> AsyncIterator[OpenAIImages]:
    built = openai_engine(KEY, api.base_url)
    yield built
    await built.close()

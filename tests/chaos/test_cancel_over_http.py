"""A turn that is being drawn is cancelled over HTTP: at once for the person, and for the provider
within two seconds."""

from __future__ import annotations

import asyncio
from time import monotonic

from tests.chaos.conftest import Easel
from tests.chaos.insisting import Person
from tests.chaos.slow_provider import SlowProvider

_PROMISED_SECONDS = 2.0


async def test_a_cancelled_turn_closes_its_connection_within_two_seconds(
    easel: Easel, provider: SlowProvider, person: Person
) -> None:
    server = easel("serve")
    await server.start()
    thread = await person.opens("ca")
    provider.held = asyncio.Event()
    turn = await person.says(thread, "a red mug")
    await provider.until_drawing(lambda: len(provider.drawn) == 1)

    asked = monotonic()
    cancelled = await person.asks("DELETE", f"/api/sessions/{thread.sid}/turns/{turn['id']}")
    assert cancelled["state"] == "cancelled"
    await provider.until_drawing(lambda: provider.disconnects == 1)
    assert monotonic() - asked < _PROMISED_SECONDS

    provider.held = None
    await person.says(thread, "a white candle")
    whole = await person.all_ended(thread)
    assert [turn["state"] for turn in whole["turns"]] == ["cancelled", "done"]
    assert [version["name"] for version in whole["versions"]] == ["v1"]
    assert await server.end() == 0

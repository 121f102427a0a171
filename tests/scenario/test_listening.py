"""Whoever looks at a session hears what happens in it, once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.errors import BadInput, NotFound
from core.turns.request import Event
from tests.scenario.house import House


async def until_done(events: AsyncIterator[Event], turn_id: str) -> list[Event]:
    heard = []
    async with asyncio.timeout(30):
        async for event in events:
            heard.append(event)
            about = event.data.get("id") == turn_id
            if about and event.data["state"] in ("done", "failed", "cancelled"):
                break
    return heard


async def test_a_turn_is_heard_from_its_start_to_its_end(home: House) -> None:
    home.engine.previews, home.engine.delay = 2, 0.6
    thread = home.thread()
    turn = await thread.say("a red mug")
    heard = await until_done(home.desk.events(turn.session_id, "0-0"), turn.id)
    kinds = [event.type for event in heard]
    assert kinds[0] == "session"
    assert {"turn", "preview", "version", "session"} == set(kinds)
    previews = [event.data for event in heard if event.type == "preview"]
    assert previews[0]["turn_id"] == turn.id
    assert await home.desk.asset_bytes(previews[0]["sha256"])
    last = heard[-1].data
    assert last["state"] == "done"
    assert last["versions"]


async def test_listening_goes_on_after_the_last_event_heard(home: House) -> None:
    thread = home.thread()
    first = await thread.say("a red mug")
    heard = await until_done(home.desk.events(first.session_id, "0-0"), first.id)
    second = await thread.say("make it navy")
    more = await until_done(home.desk.events(first.session_id, heard[-1].id), second.id)
    assert not [event for event in more if event.data.get("id") == first.id]
    assert [event.data["name"] for event in more if event.type == "version"] == ["v2"]


async def test_listening_to_nothing_is_refused(home: House) -> None:
    with pytest.raises(NotFound):
        await anext(home.desk.events("s-none", None))
    turn = await home.thread().say("a red mug")
    with pytest.raises(BadInput):
        await anext(home.desk.events(turn.session_id, "yesterday"))

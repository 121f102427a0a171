"""What the connection does with what it hears, without any connection."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.discord import client as module
from adapters.discord.client import ConnectionLost, EaselClient
from core.errors import Unavailable
from tests.waiting import moment


def said(words: str, channel: int = 1) -> Any:
    return SimpleNamespace(content=words, channel=SimpleNamespace(id=channel))


class Listener:
    """Hears messages; those about something slow are heard when they are let."""

    def __init__(self, client: EaselClient) -> None:
        self.heard: list[str] = []
        self.trouble: list[Exception] = []
        self.gate = asyncio.Event()
        client.listen("message", self.hear)

    async def hear(self, message: Any) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        if "slow" in message.content:
            await self.gate.wait()
        self.heard.append(message.content)


async def test_a_channel_is_heard_in_order_and_others_do_not_wait() -> None:
    client = EaselClient(message_content=True)
    listener = Listener(client)
    tasks = [
        asyncio.create_task(client.on_message(each))
        for each in (said("slow"), said("then"), said("elsewhere", channel=2))
    ]
    await tasks[2]
    assert listener.heard == ["elsewhere"]
    listener.gate.set()
    await asyncio.gather(*tasks)
    assert listener.heard == ["elsewhere", "slow", "then"]


async def test_what_can_t_be_written_down_waits_for_the_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.0)
    client = EaselClient(message_content=True)
    listener = Listener(client)
    listener.trouble = [Unavailable("away"), Unavailable("away")]
    await client.on_message(said("a mug"))
    assert listener.heard == ["a mug"]


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", -1.0)
    client = EaselClient(message_content=True)
    Listener(client).trouble = [Unavailable("away"), Unavailable("away")]
    with pytest.raises(Unavailable):
        await client.on_message(said("a mug"))


async def test_nothing_is_heard_once_the_shards_may_be_another_s() -> None:
    client = EaselClient(message_content=True, holds=lambda: False)
    listener = Listener(client)
    with pytest.raises(ConnectionLost):
        client.dispatch("socket_event_type", "MESSAGE_CREATE")
    await client.on_message(said("a mug"))
    assert listener.heard == []


def test_nothing_that_it_sends_pings_anybody() -> None:
    allowed = EaselClient(message_content=False).allowed_mentions
    assert allowed is not None
    assert dict(allowed.to_dict()) == {"parse": []}


async def test_what_is_under_way_ends_before_the_connection_is_let_go() -> None:
    said: list[str] = []

    async def answer() -> None:
        await moment(0.1)
        said.append("answered")

    async with EaselClient(message_content=True):
        task = asyncio.create_task(answer(), name="CommandTree-invoker")
    assert task.done() and said == ["answered"]

"""Threads in a fake Discord: opened from messages, archived, locked, refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.discord.discord_client import Office, office
from tests.contract.discord.discord_world import NEWS, VOICE, Channel

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


async def opened(there: Office) -> Channel:
    said = await there.says({"content": "a mug", **QUIET})
    body = {"name": "a mug", "auto_archive_duration": 1440}
    told = await there.call("POST", f"{there.path}/{said.id}/threads", body)
    assert told["id"] == said.id
    return there.fake.thread_of(said)


async def test_a_thread_has_the_id_of_its_message(there: Office) -> None:
    thread = await opened(there)
    path = f"{there.path}/{thread.id}"
    assert (await there.call("GET", path))["thread"]["name"] == "a mug"
    assert await there.refused("POST", f"{path}/threads", {"name": "again"}) == 160004
    [starter] = there.fake.messages(thread)
    assert (starter.type, starter.reference) == (21, thread.id)
    assert there.fake.said_by_bot(thread) == []
    told = await there.call("GET", f"/channels/{thread.id}")
    assert (told["parent_id"], told["type"], told["message_count"]) == (there.design.id, 11, 0)
    active = await there.call("GET", f"/guilds/{there.guild.id}/threads/active")
    assert [one["id"] for one in active["threads"]] == [thread.id]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": ""}, 50035),
        ({"name": "a" * 101}, 50035),
        ({}, 50035),
        ({"name": "a", "auto_archive_duration": 61}, 50035),
    ],
)
async def test_a_thread_needs_a_name(there: Office, body: Any, code: int) -> None:
    said = await there.says({"content": "a mug", **QUIET})
    assert await there.refused("POST", f"{there.path}/{said.id}/threads", body) == code
    assert said.id not in there.fake.world.channels


async def test_threads_are_not_opened_everywhere(there: Office) -> None:
    named = {"name": "a mug"}
    voice = there.guild.channel("voice", type=VOICE)
    for place in (voice, there.fake.dm(there.ana), await opened(there)):
        said = await there.call("POST", f"/channels/{place.id}/messages", {"content": "a"})
        path = f"/channels/{place.id}/messages/{said['id']}/threads"
        assert await there.refused("POST", path, named) == 50024
    news = there.guild.channel("news", type=NEWS)
    said = await there.call("POST", f"/channels/{news.id}/messages", {"content": "a"})
    path = f"/channels/{news.id}/messages/{said['id']}/threads"
    assert (await there.call("POST", path, named))["type"] == 10
    assert await there.refused("POST", f"{there.path}/5/threads", named) == 10008


@pytest.mark.parametrize(("denied", "code"), [("create_public_threads", 50013)])
async def test_opening_wants_permission(there: Office, denied: str, code: int) -> None:
    there.design.deny(there.fake.bot.id, denied)
    said = await there.says({"content": "a mug", **QUIET})
    assert await there.refused("POST", f"{there.path}/{said.id}/threads", {"name": "a"}) == code


async def test_writing_into_a_thread_wants_permission(there: Office) -> None:
    thread = await opened(there)
    there.design.deny(there.fake.bot.id, "send_messages_in_threads")
    path = f"/channels/{thread.id}/messages"
    assert await there.refused("POST", path, {"content": "a", **QUIET}) == 50013
    there.design.deny(there.fake.bot.id, "view_channel")
    assert await there.refused("POST", path, {"content": "a", **QUIET}) == 50001


async def test_writing_opens_an_archived_thread_and_editing_does_not(there: Office) -> None:
    thread = await opened(there)
    path = f"/channels/{thread.id}/messages"
    said = await there.call("POST", path, {"content": "one", **QUIET})
    there.ana.archives(thread)
    assert await there.refused("PATCH", f"{path}/{said['id']}", {"content": "two"}) == 50083
    assert await there.refused("DELETE", f"{path}/{said['id']}") == 50083
    assert await there.refused("POST", path, {"content": "three", **QUIET}) == 0
    assert not thread.archived
    assert await there.refused("PATCH", f"{path}/{said['id']}", {"content": "two"}) == 0


async def test_a_locked_thread_takes_nothing(there: Office) -> None:
    thread = await opened(there)
    there.ana.archives(thread, locked=True)
    path = f"/channels/{thread.id}/messages"
    assert await there.refused("POST", path, {"content": "a", **QUIET}) == 160005
    assert thread.archived
    there.design.allow(there.fake.bot.id, "manage_threads")
    assert await there.refused("POST", path, {"content": "a", **QUIET}) == 0


async def test_people_are_added_to_a_thread(there: Office) -> None:
    thread = await opened(there)
    path = f"/channels/{thread.id}/thread-members"
    await there.call("PUT", f"{path}/{there.ana.id}")
    assert there.ana.id in thread.members
    member = await there.call("GET", f"{path}/{there.ana.id}")
    assert member["user_id"] == there.ana.id
    assert await there.refused("PUT", f"{path}/5") == 10013
    there.ana.archives(thread)
    assert await there.refused("PUT", f"{path}/{there.ana.id}") == 50083
    place = f"/channels/{there.design.id}/thread-members/{there.ana.id}"
    assert await there.refused("PUT", place) == 50024


async def test_a_thread_can_be_changed_by_who_opened_it(there: Office) -> None:
    thread = await opened(there)
    path = f"/channels/{thread.id}"
    await there.call("PATCH", path, {"name": "a cup", "archived": True})
    assert (thread.name, thread.archived) == ("a cup", True)
    assert await there.refused("PATCH", path, {"locked": True}) == 50013


async def test_a_thread_is_opened_without_a_message(there: Office) -> None:
    path = f"/channels/{there.design.id}/threads"
    told = await there.call("POST", path, {"name": "alone", "type": 11})
    [note] = there.fake.messages(there.design)
    assert (note.type, note.content) == (18, "alone")
    assert there.fake.said_by_bot(there.design) == []
    assert told["id"] in there.fake.world.channels
    assert await there.refused("POST", path, {"name": "secret", "type": 12}) == 50013


async def test_people_write_into_threads_and_delete_them(there: Office) -> None:
    thread = await opened(there)
    said = await there.ana.says(thread.id, "make it blue")
    assert said in there.fake.messages(thread) and there.ana.id in thread.members
    mod = there.fake.person("mod", there.guild, permissions=["manage_threads"])
    with pytest.raises(AssertionError, match="may not"):
        there.ana.removes(thread)
    mod.removes(thread)
    path = f"/channels/{thread.id}/messages"
    assert await there.refused("POST", path, {"content": "a", **QUIET}) == 10003
    assert thread.id not in there.guild.channels

"""Messages of an app in a fake Discord: what is taken, kept, refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.contract.discord.discord_client import PNG, Office, card, dot, office
from tests.contract.discord.discord_world import MIB, NEWS, VOICE

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


async def test_a_message_is_posted_read_edited_and_deleted(there: Office) -> None:
    said = await there.says({"content": "one", **QUIET})
    path = f"{there.path}/{said.id}"
    assert (await there.call("GET", path))["content"] == "one"
    edited = await there.call("PATCH", path, {"content": "two", **QUIET})
    assert edited["edited_timestamp"] and edited["author"]["id"] == there.fake.bot.id
    assert (said.content, said.edits) == ("two", 1)
    await there.call("DELETE", path)
    assert there.fake.messages(there.design) == []
    assert await there.refused("GET", path) == 10008
    assert there.fake.pinging() == []


async def test_the_token_must_be_right(there: Office) -> None:
    there.http.token = "another"
    assert await there.refused("GET", "/users/@me") == 0
    with pytest.raises(discord.HTTPException) as caught:
        await there.call("GET", "/users/@me")
    assert caught.value.status == 401
    assert there.fake.limits.invalid == 2


async def test_a_nonce_gives_the_message_that_is_there(there: Office) -> None:
    body = {"content": "one", "nonce": "a" * 25, "enforce_nonce": True, **QUIET}
    first, second = await there.says(body), await there.says(body | {"content": "two"})
    assert first is second and first.content == "one"
    assert (await there.says(body | {"enforce_nonce": False})) is not first
    there.fake.forget_nonces()
    assert (await there.says(body)) is not first
    assert await there.refused("POST", there.path, body | {"nonce": "a" * 26}) == 50035


async def test_a_nonce_is_forgotten_after_minutes_and_with_its_message(there: Office) -> None:
    body = {"content": "one", "nonce": "n", "enforce_nonce": True, **QUIET}
    first = await there.says(body)
    there.fake.clock.advance(301)
    second = await there.says(body)
    assert second is not first
    await there.call("DELETE", f"{there.path}/{second.id}")
    assert (await there.says(body)).id not in (first.id, second.id)


async def test_history_is_given_in_pages(there: Office) -> None:
    ids = [(await there.says({"content": f"{n}", **QUIET})).id for n in range(5)]

    async def page(**query: Any) -> list[str]:
        route = discord.http.Route("GET", there.path)
        return [one["id"] for one in await there.http.request(route, params=query)]

    assert await page(limit=2) == [ids[4], ids[3]]
    assert await page(before=ids[3], limit=2) == [ids[2], ids[1]]
    assert await page(after=ids[0], limit=2) == [ids[2], ids[1]]
    with pytest.raises(discord.HTTPException, match="50035"):
        await page(limit=101)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": ""}, 50006),
        ({"content": "a" * 2001}, 50035),
        ({"content": 5}, 50035),
        ({"flags": 1 << 15}, 50006),
        ({"content": "a", "attachments": [{"id": "0"}]}, 50035),
        ({"content": "a", "message_reference": {"message_id": "1"}}, 50035),
        ({"content": "a", "enforce_nonce": True}, 50035),
    ],
)
async def test_what_can_not_be_said_is_refused(there: Office, body: Any, code: int) -> None:
    assert await there.refused("POST", there.path, body) == code
    assert there.fake.messages(there.design) == []


async def test_what_discord_s_description_forbids_is_remembered(there: Office) -> None:
    await there.refused("POST", there.path, {"content": 5})
    [(call, wrong)] = there.fake.invalid
    assert call.json == {"content": 5} and wrong[0].startswith("content: 5 is not")


async def test_replies_name_what_they_answer(there: Office) -> None:
    asked = await there.ana.says(there.design, "a red mug")
    reference = {"message_id": asked.id, "fail_if_not_exists": False}
    said = await there.says({"content": "here", "message_reference": reference, **QUIET})
    told = await there.call("GET", f"{there.path}/{said.id}")
    assert (told["type"], told["referenced_message"]["content"]) == (19, "a red mug")
    assert not said.pings
    await there.ana.deletes(asked)
    again = await there.says({"content": "gone", "message_reference": reference, **QUIET})
    assert again.type == 0
    there.design.deny(there.fake.bot.id, "read_message_history")
    body = {"content": "here", "message_reference": reference}
    assert await there.refused("POST", there.path, body) == 160002


async def test_pings_are_noticed(there: Office) -> None:
    calm = await there.says({"content": f"{there.ana.mention} @everyone", **QUIET})
    assert not calm.pings and there.fake.pinging() == []
    loud = await there.says({"content": there.ana.mention})
    assert loud.pings and len(there.fake.pinging()) == 1
    await there.call("PATCH", f"{there.path}/{calm.id}", {"content": "@everyone"})
    assert calm.pings and len(there.fake.pinging()) == 2
    asked = await there.ana.says(there.design, "a red mug")
    body = {"content": "here", "message_reference": {"message_id": asked.id}}
    assert not (await there.says(body | QUIET)).pings
    loud_reply = {"allowed_mentions": {"parse": [], "replied_user": True}}
    assert (await there.says(body | loud_reply)).pings and len(there.fake.pinging()) == 3


async def test_files_are_kept_with_what_they_show(there: Office) -> None:
    sent = {"content": "look", "attachments": [{"id": "0", "description": "a dot"}], **QUIET}
    said = await there.says(sent, [("dot one.png", PNG)])
    [file] = (await there.call("GET", f"{there.path}/{said.id}"))["attachments"]
    assert (file["filename"], file["description"], file["size"]) == (
        "dot_one.png",
        "a dot",
        len(PNG),
    )
    assert (file["width"], file["height"], file["content_type"]) == (1, 1, "image/png")
    assert await there.http.get_from_cdn(file["url"]) == PNG
    [call] = there.fake.called("POST", "/channels/*/messages")
    assert call.files[0].size == len(PNG) and call.json["content"] == "look"


async def test_addresses_of_files_end_and_are_fresh_with_the_message(there: Office) -> None:
    said = await there.says({"content": "look", **QUIET}, [("dot.png", PNG)])
    old = (await there.call("GET", f"{there.path}/{said.id}"))["attachments"][0]["url"]
    there.fake.expire_urls()
    with pytest.raises(discord.NotFound):
        await there.http.get_from_cdn(old)
    fresh = (await there.call("GET", f"{there.path}/{said.id}"))["attachments"][0]["url"]
    assert await there.http.get_from_cdn(fresh) == PNG
    there.fake.clock.advance(25 * 3600)
    with pytest.raises(discord.NotFound):
        await there.http.get_from_cdn(fresh)
    with pytest.raises(discord.NotFound):
        await there.http.get_from_cdn(fresh.replace("hm=", "hm=0"))


async def test_an_edit_keeps_the_files_that_it_names(there: Office) -> None:
    said = await there.says({"content": "two", **QUIET}, [("a.png", PNG), ("b.png", PNG)])
    path, kept = f"{there.path}/{said.id}", said.attachments[1].id
    await there.call("PATCH", path, {"content": "still two", **QUIET})
    assert len(said.attachments) == 2
    listed = {"attachments": [{"id": kept}, {"id": "0", "filename": "c.png"}], **QUIET}
    await there.call("PATCH", path, listed, [("c.png", PNG)])
    assert [one.name for one in said.attachments] == ["b.png", "c.png"]
    await there.call("PATCH", path, {"attachments": [], **QUIET})
    assert said.attachments == []
    gone = {"attachments": [{"id": kept}]}
    assert await there.refused("PATCH", path, gone) == 50035


@pytest.mark.parametrize(("tier", "size", "code"), [(0, 11, 40005), (2, 11, 0), (2, 26, 40005)])
async def test_files_have_limits(there: Office, tier: int, size: int, code: int) -> None:
    there.guild.premium_tier = tier
    files = [("big.png", bytes(size * MIB))]
    assert await there.refused("POST", there.path, {"content": "big"}, files) == code


async def test_a_request_has_a_limit_and_a_message_ten_files(there: Office) -> None:
    there.guild.premium_tier = 3
    three = [(f"{n}.png", bytes(9 * MIB)) for n in range(3)]
    assert await there.refused("POST", there.path, {"content": "big"}, three) == 40005
    many = [(f"{n}.png", PNG) for n in range(11)]
    assert await there.refused("POST", there.path, {"content": "many"}, many) == 50035


@pytest.mark.parametrize(
    ("denied", "files", "code"),
    [
        ("view_channel", False, 50001),
        ("send_messages", False, 50013),
        ("attach_files", True, 50013),
        ("attach_files", False, 0),
    ],
)
async def test_sending_wants_permissions(
    there: Office, denied: str, files: bool, code: int
) -> None:
    there.design.deny(there.guild.id, denied)
    given = [("a.png", PNG)] if files else []
    assert await there.refused("POST", there.path, {"content": "a", **QUIET}, given) == code


async def test_reading_and_removing_want_permissions(there: Office) -> None:
    said = await there.ana.says(there.design, "mine")
    path = f"{there.path}/{said.id}"
    assert await there.refused("PATCH", path, {"content": "yours"}) == 50005
    assert await there.refused("DELETE", path) == 50013
    there.design.allow(there.fake.bot.id, "manage_messages")
    assert await there.refused("DELETE", path) == 0
    there.design.deny(there.fake.bot.id, "read_message_history")
    assert await there.refused("GET", there.path) == 50013
    assert await there.refused("GET", "/channels/1/messages") == 10003


async def test_direct_messages_can_be_refused(there: Office) -> None:
    opened = await there.call("POST", "/users/@me/channels", {"recipient_id": there.ana.id})
    path = f"/channels/{opened['id']}/messages"
    assert opened["id"] == there.fake.dm(there.ana).id
    assert await there.refused("POST", path, {"content": "psst"}) == 0
    there.ana.user.refuses = True
    assert await there.refused("POST", path, {"content": "psst"}) == 50007
    body = {"recipient_id": there.fake.bot.id}
    assert await there.refused("POST", "/users/@me/channels", body) == 50007
    assert await there.refused("POST", "/users/@me/channels", {"recipient_id": "5"}) == 50033


async def test_reactions_come_and_go(there: Office) -> None:
    said = await there.ana.says(there.design, "look")
    path = f"{there.path}/{said.id}/reactions/%E2%9C%85"
    await there.call("PUT", f"{path}/@me")
    await there.call("PUT", f"{path}/@me")
    await there.ana.reacts(said, "✅")
    assert said.reactions == {"✅": [there.fake.bot.id, there.ana.id]}
    assert [one["id"] for one in await there.call("GET", path)] == said.reactions["✅"]
    await there.call("DELETE", f"{path}/@me")
    await there.ana.unreacts(said, "✅")
    assert said.reactions == {}
    there.design.deny(there.fake.bot.id, "add_reactions")
    assert await there.refused("PUT", f"{path}/@me") == 50013
    assert await there.refused("PUT", f"{there.path}/{said.id}/reactions/nothing/@me") == 10014


async def test_typing_is_seen(there: Office) -> None:
    await there.call("POST", f"/channels/{there.design.id}/typing")
    assert there.fake.world.typing == [there.design.id]


async def test_what_there_is_can_be_looked_up(there: Office) -> None:
    me = await there.call("GET", "/applications/@me")
    assert me["id"] == there.fake.world.app_id and me["flags"] & (1 << 19)
    guild = f"/guilds/{there.guild.id}"
    assert (await there.call("GET", guild))["name"] == "pottery"
    roles = {role["name"] for role in await there.call("GET", f"{guild}/roles")}
    assert roles == {"@everyone", "Easel"}
    member = await there.call("GET", f"{guild}/members/{there.ana.id}")
    assert member["user"]["username"] == "ana"
    assert await there.refused("GET", f"{guild}/members/5") == 10007
    assert await there.refused("GET", "/guilds/5") == 10004
    assert (await there.call("GET", f"/users/{there.ana.id}"))["global_name"] == "Ana"
    assert await there.refused("GET", "/users/5") == 10013
    place = await there.call("GET", f"/channels/{there.design.id}")
    assert (place["name"], place["guild_id"]) == ("design", there.guild.id)
    assert [one["id"] for one in await there.call("GET", f"{guild}/channels")] == [there.design.id]
    elsewhere = there.fake.guild("elsewhere", bot=False)
    assert await there.refused("GET", f"/guilds/{elsewhere.id}") == 10004
    named = [one["name"] for one in await there.call("GET", "/users/@me/guilds")]
    assert named == ["pottery"]


async def test_unknown_methods_are_not_found(there: Office) -> None:
    with pytest.raises(discord.NotFound):
        await there.call("GET", "/nothing/here")


async def test_bodies_must_be_json(there: Office) -> None:
    headers = {"Authorization": f"Bot {there.fake.token}", "Content-Type": "application/json"}
    url = there.fake.api_url + there.path
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data="{", headers=headers) as answer,
    ):
        assert json.loads(await answer.text())["code"] == 50109


async def test_without_the_intent_only_what_is_meant_for_the_app_is_read() -> None:
    async with office(content=False) as there:
        own = await there.says({"content": "mine", **QUIET}, [("a.png", PNG)])
        await there.ana.says(there.design, "secret", files=[("a.png", PNG)])
        await there.ana.says(there.design, f"{there.fake.mention} for you")
        await there.ana.says(there.design, "an answer", reply_to=own)
        await there.ana.says(there.design, "a quiet answer", reply_to=own, ping=False)
        secret = await there.ana.says(there.design, "secret")
        await there.ana.says(there.design, f"{there.fake.mention} this", reply_to=secret)
        await there.ana.says(there.fake.dm(there.ana), "direct")
        told = await there.call("GET", there.path)
        direct = await there.call("GET", f"/channels/{there.fake.dm(there.ana).id}/messages")
    seen = [one["content"] for one in told[::-1]]
    mention = there.fake.mention
    assert seen == ["mine", "", f"{mention} for you", "an answer", "", "", f"{mention} this"]
    assert [len(one["attachments"]) for one in told[::-1]] == [1, 0, 0, 0, 0, 0, 0]
    assert told[2]["referenced_message"]["content"] == "mine"
    assert told[0]["referenced_message"]["content"] == ""
    assert direct[0]["content"] == "direct"


async def test_discord_py_s_own_message_is_taken_whole(there: Office) -> None:
    params = discord.http.handle_message_parameters(
        view=card("hello", picture="attachment://dot.png"),
        file=dot(),
        nonce="n1",
        allowed_mentions=discord.AllowedMentions.none(),
    )
    told: Any = await there.http.send_message(int(there.design.id), params=params)
    gallery = told["components"][0]["components"][1]["items"][0]
    assert told["attachments"] == [], "what components show is told in them alone"
    assert await there.http.get_from_cdn(gallery["media"]["url"]) == PNG
    assert there.fake.invalid == [] and there.fake.pinging() == []


async def test_voice_and_news_are_channels_too(there: Office) -> None:
    for kind in (VOICE, NEWS):
        place = there.guild.channel("other", type=kind)
        assert await there.refused("POST", f"/channels/{place.id}/messages", {"content": "a"}) == 0

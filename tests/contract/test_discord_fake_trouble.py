"""Limits and ordered trouble in a fake Discord, and its transcript."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.contract.discord.discord_client import PNG, Office, office

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
ONE = {"content": "one", **QUIET}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


async def raw(there: Office, *, token: str = "") -> aiohttp.ClientResponse:
    """A post that nobody repeats."""
    headers = {"Authorization": f"Bot {token or there.fake.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(there.fake.api_url + there.path, json=ONE, headers=headers) as answer,
    ):
        await answer.read()
        return answer


async def test_buckets_are_told_and_kept(there: Office) -> None:
    there.fake.limits.strict = True
    answers = [await raw(there) for _ in range(6)]
    assert [one.status for one in answers] == [200] * 5 + [429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == list("432100")
    assert len({one.headers["X-RateLimit-Bucket"] for one in answers}) == 1
    last = await answers[-1].json()
    assert 0 < last["retry_after"] <= 5 and last["global"] is False
    assert answers[-1].headers["Via"] and there.fake.limits.limited == 1
    other = there.guild.channel("other")
    path = f"/channels/{other.id}/messages"
    assert await there.refused("POST", path, ONE) == 0
    there.fake.clock.advance(6)
    assert (await raw(there)).status == 200


async def test_discord_py_waits_for_its_bucket(there: Office) -> None:
    there.fake.limits.strict = True
    said = await there.says(ONE)
    path = f"{there.path}/{said.id}/reactions/%E2%9C%85/@me"
    began = time.monotonic()
    for _ in range(3):
        await there.call("PUT", path)
    assert time.monotonic() - began >= 0.4
    assert there.fake.limits.limited == 0, "it never runs into the limit"


async def test_fifty_calls_a_second_in_all(there: Office) -> None:
    there.fake.limits.strict = True
    places = [there.guild.channel(f"c{n}").id for n in range(60)]
    headers = {"Authorization": f"Bot {there.fake.token}"}
    async with aiohttp.ClientSession() as session:

        async def post(place: str) -> tuple[int, str]:
            url = f"{there.fake.api_url}/channels/{place}/messages"
            async with session.post(url, json=ONE, headers=headers) as answer:
                return answer.status, answer.headers.get("X-RateLimit-Scope", "")

        answers = await asyncio.gather(*map(post, places))
    assert answers.count((200, "")) == 50 and answers.count((429, "global")) == 10


async def test_invalid_calls_are_counted(there: Office) -> None:
    await raw(there, token="another")
    there.design.deny(there.guild.id, "send_messages")
    await raw(there)
    assert there.fake.limits.invalid == 2


async def test_faults_are_made_to_order(there: Office) -> None:
    fake = there.fake
    fake.fail("POST", "/channels/*/messages", code=50013)
    assert await there.refused("POST", there.path, ONE) == 50013
    fake.fail("*", "/channels/*/messages", status=503)
    with pytest.raises(discord.DiscordServerError):
        await there.call("POST", there.path, ONE)
    assert fake.messages(there.design) == []
    fault = fake.fail("POST", "/channels/*/messages", ratelimited=0.05, times=2)
    began = time.monotonic()
    await there.call("POST", there.path, ONE)
    assert time.monotonic() - began >= 0.1 and fault.hits == 2
    fake.fail("POST", "/channels/*/messages", hang=0.05)
    await there.call("POST", there.path, ONE)
    assert len(fake.messages(there.design)) == 2
    fake.fail("GET", "/channels/*/messages", code=50013)
    await there.call("POST", there.path, ONE)
    fake.fail("POST", "/channels/*/messages", code=50013, when=lambda call: bool(call.files))
    await there.call("POST", there.path, ONE)
    assert await there.refused("POST", there.path, ONE, [("a.png", PNG)]) == 50013


async def test_an_answer_is_lost_after_the_call_was_carried_out(there: Office) -> None:
    there.fake.fail("POST", "/channels/*/messages", drop_answer=True)
    with pytest.raises(aiohttp.ClientError):
        await there.call("POST", there.path, ONE)
    assert len(there.fake.messages(there.design)) == 1
    there.fake.fail("POST", "/channels/*/messages", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await there.call("POST", there.path, ONE)
    assert len(there.fake.messages(there.design)) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("drop", [False, True])
async def test_a_call_stands_still(there: Office, after: bool, drop: bool) -> None:
    hold = there.fake.hold("POST", "/channels/*/messages", after=after)
    call = asyncio.create_task(there.refused("POST", there.path, ONE))
    assert (await hold.reached()).json == ONE
    assert len(there.fake.messages(there.design)) == after
    hold.drop() if drop else hold.release()
    await asyncio.gather(call, return_exceptions=True)
    assert isinstance(call.exception(), aiohttp.ClientError) == drop
    assert len(there.fake.messages(there.design)) == (after or not drop)
    await there.call("POST", there.path, ONE)


async def test_downloads_go_wrong_too(there: Office) -> None:
    said = await there.ana.says(there.design, "look", files=[("a.png", PNG)])
    told = await there.call("GET", f"{there.path}/{said.id}")
    there.fake.fail("GET", "/attachments/*/*/*", status=503)
    with pytest.raises(discord.HTTPException):
        await there.http.get_from_cdn(told["attachments"][0]["url"])
    assert await there.http.get_from_cdn(told["attachments"][0]["url"]) == PNG
    assert [one.status for one in there.fake.called("GET", "/attachments/*/*/*")] == [503, 200]


async def test_the_transcript_can_be_read(there: Office) -> None:
    fake, ana = there.fake, there.ana
    asked = await ana.says(there.design, f"{fake.mention} a red mug", files=[("mug.png", PNG)])
    await ana.reacts(asked, "✅")
    shown = [
        {"type": 10, "content": "**v1** · 2 s"},
        {"type": 12, "items": [{"media": {"url": "attachment://v1.png"}, "description": "a mug"}]},
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 2, "label": "Undo", "custom_id": "u", "disabled": True},
                {"type": 2, "style": 5, "label": "Open", "url": "https://example.com/"},
            ],
        },
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "s",
                    "placeholder": "Upscale",
                    "options": [{"label": "2x", "value": "2"}, {"label": "4x", "value": "4"}],
                }
            ],
        },
    ]
    body = {"flags": 1 << 15, "components": [{"type": 17, "components": shown}], **QUIET}
    reference = {"message_reference": {"message_id": asked.id}}
    said = await there.says(body | reference, [("v1.png", PNG)])
    await there.call("POST", f"{there.path}/{said.id}/threads", {"name": "a red mug"})
    thread = fake.thread_of(said)
    await ana.says(thread, "make it blue")
    path = f"/channels/{thread.id}/messages"
    blue = await there.call("POST", path, {"content": "blue\nmug", **QUIET})
    await there.call("PATCH", f"{path}/{blue['id']}", {"content": "bluer\nmug", **QUIET})
    digest = "sha256 " + fake.called("POST", "/channels/*/messages")[0].files[0].sha256[:12]
    size = f"({len(PNG)} bytes, 1×1, {digest})"
    assert fake.transcript(there.design) == (
        "# #design\n"
        "\n"
        "- **ana**: @Easel a red mug\n"
        f"  📎 mug.png {size}\n"
        "  ✅ 1\n"
        "- **Easel** (to ana): **v1** · 2 s\n"
        f"  🖼 v1.png {size} — “a mug”\n"
        "  [Undo] (off) [Open ↗]\n"
        "  [Upscale ▾ 2x | 4x]\n"
        "  - 🧵 **a red mug**\n"
        "    - **ana**: make it blue\n"
        "    - **Easel** (edited 1×): bluer\n"
        "      mug\n"
    )


async def test_people_can_not_do_what_they_may_not(there: Office) -> None:
    ben = there.fake.person("ben")
    with pytest.raises(AssertionError, match="may not"):
        await ben.says(there.design, "hello")
    with pytest.raises(AssertionError, match="did not write"):
        await there.ana.edits(await there.says(ONE), "mine")
    with pytest.raises(AssertionError, match="may not"):
        await there.ana.deletes(await there.says(ONE))
    mod = there.fake.person("mod", there.guild, permissions=["manage_messages"])
    for message in there.fake.said_by_bot(there.design):
        await mod.deletes(message)
    assert there.fake.messages(there.design) == []
    assert there.fake.person("ana").id == there.ana.id

"""Messages of a fake Slack, called with Slack's own client: each rule once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import Office, actions, button, overflow, section
from tests.contract.slack.slack_world import ALL_SCOPES


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


async def test_a_message_is_posted_changed_read_and_deleted(office: Office) -> None:
    metadata = {"event_type": "easel", "event_payload": {"turn": "t1"}}
    posted = await office.client.chat_postMessage(
        channel=office.design.id, text="one", blocks=[section()], metadata=metadata
    )
    ts = posted["ts"]
    await office.client.chat_update(channel=office.design.id, ts=ts, text="two")
    read = await office.client.conversations_replies(
        channel=office.design.id, ts=ts, include_all_metadata=True
    )
    [message] = read["messages"]
    assert (message["text"], message["metadata"]) == ("two", metadata)
    assert message["blocks"][0]["text"] == section()["text"]
    assert message["bot_id"] == office.team.bot_id
    await office.client.chat_delete(channel=office.design.id, ts=ts)
    assert await office.refused("conversations.replies", channel=office.design.id, ts=ts) == (
        "thread_not_found"
    )
    assert [call.method for call in office.fake.calls] == [
        "chat.postMessage",
        "chat.update",
        "conversations.replies",
        "chat.delete",
        "conversations.replies",
    ]


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-nobody", "invalid_auth")], ids=["none", "wrong"]
)
async def test_a_token_must_be_known(office: Office, token: str, error: str) -> None:
    office.client.token = token
    assert await office.refused("auth.test") == error


async def test_a_token_ends(office: Office) -> None:
    [grant] = office.fake.grants(office.team)
    grant.expires = office.fake.clock() + 60
    office.fake.clock.advance(61)
    assert await office.refused("auth.test") == "token_expired"
    grant.expires = office.fake.clock() + 60
    await office.client.auth_revoke()
    assert await office.refused("auth.test") == "token_revoked"


async def test_a_missing_scope_is_named(office: Office) -> None:
    office.fake.scopes(office.team, ALL_SCOPES - {"chat:write"})
    refusal = await office.refusal("chat.postMessage", channel=office.design.id, text="one")
    assert (refusal["error"], refusal["needed"]) == ("missing_scope", "chat:write")
    assert "files:write" in refusal["provided"]


async def test_only_channels_with_the_app_in_them_are_written_to(office: Office) -> None:
    fake, team = office.fake, office.team
    other = fake.channel(fake.team("globex"), "theirs", [])
    outside = fake.channel(team, "outside", [office.ana], bot=False)
    secret = fake.channel(team, "secret", [office.ana], kind="group", bot=False)
    old = fake.channel(team, "old", [office.ana])
    old.archived = True
    errors = [
        await office.refused("chat.postMessage", channel=channel, text="one")
        for channel in (other.id, "C0NOWHERE", outside.id, secret.id, old.id)
    ]
    assert errors == [
        "channel_not_found",
        "channel_not_found",
        "not_in_channel",
        "channel_not_found",
        "is_archived",
    ]


async def test_only_own_messages_are_changed(office: Office) -> None:
    said = office.ana.writes(office.design, "mine")
    place: dict[str, Any] = {"channel": office.design.id, "ts": said.ts}
    assert await office.refused("chat.update", text="yours", **place) == "cant_update_message"
    assert await office.refused("chat.delete", **place) == "cant_delete_message"
    own = await office.client.chat_postMessage(channel=office.design.id, text="own")
    assert await office.refused("chat.update", channel=office.design.id, ts=own["ts"]) == "no_text"
    place["ts"] = "1.000001"
    assert await office.refused("chat.update", text="none", **place) == "message_not_found"


async def test_a_thread_is_named_by_its_first_message(office: Office) -> None:
    root = office.ana.writes(office.design, "root")
    reply = office.ana.writes(office.design, "reply", thread=root)
    place: dict[str, Any] = {"channel": office.design.id, "text": "one"}
    wrong = await office.refused("chat.postMessage", thread_ts=reply.ts, **place)
    nowhere = await office.refused("chat.postMessage", thread_ts="1.000001", **place)
    assert (wrong, nowhere) == ("cannot_reply_to_message", "thread_not_found")
    await office.client.chat_postMessage(thread_ts=root.ts, **place)
    assert [one.text for one in office.fake.thread(office.design, root.ts)] == [
        "root",
        "reply",
        "one",
    ]


async def test_bad_blocks_are_refused_whole(office: Office) -> None:
    blocks = [section(), section("x" * 3001)]
    refusal = await office.refusal("chat.postMessage", channel=office.design.id, blocks=blocks)
    assert refusal["error"] == "invalid_blocks"
    assert refusal["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]
    posted = await office.client.chat_postMessage(channel=office.design.id, text="one")
    change = {"channel": office.design.id, "ts": posted["ts"], "blocks": blocks}
    assert await office.refused("chat.update", **change) == "invalid_blocks"
    assert [message.text for message in office.fake.said_by_bot(office.design)] == ["one"]


async def test_blocks_at_their_limits_are_taken(office: Office) -> None:
    most = [section("x" * 3000)] * 48
    full = actions(*(button(f"p{n}", "x" * 75, value="v" * 2000) for n in range(24)), overflow(5))
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}
    await office.client.chat_postMessage(
        channel=office.design.id, text="all", blocks=[*most, full, header]
    )
    [message] = office.fake.said_by_bot(office.design)
    assert len(message.blocks) == 50
    assert all(block["block_id"] for block in message.blocks)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({}, "no_text"),
        ({"text": "one", "metadata": {"turn": 1}}, "invalid_metadata_format"),
    ],
    ids=["long", "empty", "metadata"],
)
async def test_texts_have_limits(office: Office, arguments: dict[str, Any], error: str) -> None:
    place = office.design.id
    assert await office.refused("chat.postMessage", channel=place, **arguments) == error


async def test_one_channel_takes_a_message_a_second(office: Office) -> None:
    place: dict[str, Any] = {"channel": office.design.id, "text": "one"}
    for _ in range(5):
        await office.client.chat_postMessage(**place)
    with pytest.raises(SlackApiError) as caught:
        await office.client.chat_postMessage(**place)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    office.fake.clock.advance(1)
    await office.client.chat_postMessage(**place)


async def test_tiers_count_by_method_and_workspace(office: Office) -> None:
    fake, other = office.fake, office.fake.team("globex")
    for _ in range(20):
        await office.refused(
            "reactions.remove", channel=office.design.id, timestamp="1.0", name="x"
        )
    limited = await office.refused(
        "reactions.remove", channel=office.design.id, timestamp="1.0", name="x"
    )
    assert limited == "ratelimited"
    client = AsyncWebClient(other.token, base_url=fake.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.reactions_remove(channel=office.design.id, timestamp="1.0", name="x")
    fake.clock.advance(60)
    office.fake.tiers.on = False
    for _ in range(30):
        await office.refused(
            "reactions.remove", channel=office.design.id, timestamp="1.0", name="x"
        )


async def test_an_app_sold_elsewhere_reads_history_once_a_minute(office: Office) -> None:
    office.fake.world.distributed = True
    for number in range(20):
        office.ana.writes(office.design, f"{number}")
    read = await office.client.conversations_history(channel=office.design.id, limit=100)
    assert len(read["messages"]) == 15
    assert await office.refused("conversations.history", channel=office.design.id) == "ratelimited"


async def test_replies_come_within_bounds_and_in_pages(office: Office) -> None:
    root = office.ana.writes(office.design, "root")
    replies = [office.ana.writes(office.design, f"{n}", thread=root) for n in range(4)]
    ask = office.client.conversations_replies
    first = await ask(channel=office.design.id, ts=root.ts, limit=2)
    assert [one["text"] for one in first["messages"]] == ["root", "0"]
    rest = await ask(
        channel=office.design.id,
        ts=root.ts,
        cursor=first["response_metadata"]["next_cursor"],
    )
    assert [one["text"] for one in rest["messages"]] == ["1", "2", "3"]
    place = office.design.id
    late: dict[str, Any] = {"channel": place, "ts": root.ts, "oldest": replies[2].ts}
    assert [one["text"] for one in (await ask(**late))["messages"]] == ["root", "3"]
    inside = await ask(**late, inclusive=True)
    assert [one["text"] for one in inside["messages"]] == ["root", "2", "3"]


async def test_a_private_answer_is_for_somebody_in_the_channel(office: Office) -> None:
    zoe = office.fake.person(office.team, "zoe")
    place: dict[str, Any] = {"channel": office.design.id, "text": "only you"}
    await office.client.chat_postEphemeral(user=office.ana.id, **place)
    assert [note.text for note in office.ana.notes] == ["only you"]
    assert office.fake.said_by_bot(office.design) == []
    assert await office.refused("chat.postEphemeral", user=zoe.id, **place) == "user_not_in_channel"


async def test_reactions_of_the_app_are_put_and_taken_once(office: Office) -> None:
    said = office.ana.writes(office.design, "mine")
    place: dict[str, Any] = {"channel": office.design.id, "timestamp": said.ts, "name": "eyes"}
    await office.client.reactions_add(**place)
    assert said.message.reactions == {"eyes": [office.team.bot_user]}
    assert await office.refused("reactions.add", **place) == "already_reacted"
    await office.client.reactions_remove(**place)
    assert await office.refused("reactions.remove", **place) == "no_reaction"


async def test_faults_are_made_to_order(office: Office) -> None:
    fake = office.fake
    place: dict[str, Any] = {"channel": office.design.id, "text": "one"}
    fake.fail("chat.postMessage", error="fatal_error")
    assert await office.refused("chat.postMessage", **place) == "fatal_error"
    fake.fail("chat.postMessage", ratelimited=7)
    assert await office.refused("chat.postMessage", **place) == "ratelimited"
    fake.fail("chat.postMessage", status=503)
    with pytest.raises(SlackApiError) as caught:
        await office.client.chat_postMessage(**place)
    assert caught.value.response.status_code == 503
    assert fake.said_by_bot(office.design) == []
    fake.fail("chat.postMessage", hang=0.05)
    began = time.monotonic()
    await office.client.chat_postMessage(**place)
    assert time.monotonic() - began >= 0.05


async def test_an_answer_is_lost_after_the_call_was_carried_out(office: Office) -> None:
    place: dict[str, Any] = {"channel": office.design.id, "text": "one"}
    office.fake.fail("chat.postMessage", drop_answer=True)
    with pytest.raises(Exception, match=r"(?i)disconnected|reset"):
        await office.client.chat_postMessage(**place)
    assert len(office.fake.said_by_bot(office.design)) == 1
    office.fake.fail("chat.postMessage", drop=True)
    with pytest.raises(Exception, match=r"(?i)disconnected|reset"):
        await office.client.chat_postMessage(**place)
    assert len(office.fake.said_by_bot(office.design)) == 1


async def test_what_is_no_json_is_said_to_be_none(office: Office) -> None:
    said = {"channel": office.design.id, "text": "one", "blocks": "[{"}
    with pytest.raises(SlackApiError, match="invalid_json"):
        await office.client.api_call("chat.postMessage", data=said)


async def test_methods_and_arguments_must_be_there(office: Office) -> None:
    assert await office.refused("chat.shout", text="one") == "unknown_method"
    assert await office.refused("chat.postMessage", text="one") == "invalid_arguments"
    assert await office.refused("users.info", user="U0NOBODY") == "user_not_found"
    assert await office.refused("conversations.open", users="U0NOBODY") == "user_not_found"
    assert await office.refused("bots.info", bot="B0NOBODY") == "bot_not_found"
    place = {"channel": office.fake.channel(office.team, "s", kind="group", bot=False).id}
    assert await office.refused("conversations.info", **place) == "channel_not_found"
    theirs = office.fake.channel(office.fake.team("globex"), "theirs")
    assert await office.refused("conversations.info", channel=theirs.id) == "channel_not_found"


async def test_who_is_who_can_be_looked_up(office: Office) -> None:
    client, team = office.client, office.team
    who = await client.auth_test()
    assert (who["team_id"], who["bot_id"], who["url"]) == (team.id, team.bot_id, team.url)
    assert "chat:write" in who.headers["x-oauth-scopes"].split(",")
    assert (await client.users_info(user=office.ana.id))["user"]["name"] == "ana"
    assert (await client.team_info())["team"]["domain"] == "acme"
    assert (await client.bots_info(bot=team.bot_id))["bot"]["user_id"] == team.bot_user
    place = office.design.id
    assert (await client.conversations_info(channel=place))["channel"]["is_member"] is True
    members = (await client.conversations_members(channel=place))["members"]
    assert set(members) == {office.ana.id, team.bot_user}
    opened = await client.conversations_open(users=office.ana.id)
    assert opened["channel"]["id"] == office.fake.dm(office.ana).id
    said = office.ana.writes(office.design, "root")
    reply = office.ana.writes(office.design, "reply", thread=said)
    link = await client.chat_getPermalink(channel=place, message_ts=reply.ts)
    assert link["permalink"].endswith(
        f"/archives/{place}/p{reply.ts.replace('.', '')}?thread_ts={said.ts}&cid={place}"
    )


async def test_reading_wants_the_scope_of_that_kind_of_channel(office: Office) -> None:
    office.fake.scopes(office.team, ALL_SCOPES - {"im:history", "channels:read"})
    direct = office.fake.dm(office.ana).id
    refusal = await office.refusal("conversations.history", channel=direct)
    assert (refusal["error"], refusal["needed"]) == ("missing_scope", "im:history")
    assert await office.refused("conversations.info", channel=office.design.id) == "missing_scope"

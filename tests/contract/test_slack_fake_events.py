"""What an app hears from a fake Slack over HTTP, with bolt as the app."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import Office, serving, tiny_app

PICTURE = ("cat.png", b"\x89PNG not really")


class Heard:
    """An app that keeps what it hears; the next `failures` events break in its hands."""

    def __init__(self, office: Office) -> None:
        self.events: list[dict[str, Any]] = []
        self.repeats: list[str] = []
        self.failures = 0
        self.app: AsyncApp = tiny_app(office)

        @self.app.middleware
        async def keep(body: dict[str, Any], req: Any, next: Any) -> None:
            self.repeats.append(req.headers.get("x-slack-retry-num", ["0"])[0])
            if self.failures:
                self.failures -= 1
                raise RuntimeError("not kept")
            self.events.append(body)
            await next()

        @self.app.event({"type": "message"})
        async def message() -> None: ...

        @self.app.event("app_mention")
        async def mention() -> None: ...

        @self.app.event("file_shared")
        async def file() -> None: ...

        @self.app.event("reaction_added")
        async def reaction() -> None: ...

        @self.app.event("agent_session_stopped")
        async def stopped() -> None: ...

    @property
    def kinds(self) -> list[str]:
        inner = [body["event"] for body in self.events]
        return [event.get("subtype") or event["type"] for event in inner]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


@pytest.fixture
async def heard(office: Office) -> AsyncIterator[Heard]:
    heard = Heard(office)
    async with serving(office, heard.app):
        yield heard


async def test_one_message_is_up_to_three_events(office: Office, heard: Heard) -> None:
    said = await office.ana.says(
        office.design, f"{office.team.mention} make it night", files=[PICTURE]
    )
    assert said.ok
    assert heard.kinds == ["file_share", "app_mention", "file_shared"]
    message, mention, shared = (body["event"] for body in heard.events)
    assert message["ts"] == mention["ts"] == said.ts
    assert message["channel_type"] == "channel"
    assert "channel_type" not in mention
    assert "subtype" not in mention
    assert message["files"] == mention["files"]
    assert shared["file_id"] == said.message.files[0]
    assert len({body["event_id"] for body in heard.events}) == 3
    assert message["blocks"][0]["elements"][0]["elements"] == [
        {"type": "user", "user_id": office.team.bot_user},
        {"type": "text", "text": " make it night"},
    ]


async def test_habits_decide_which_events_carry_files(office: Office, heard: Heard) -> None:
    office.fake.habits.order = ("file_shared", "app_mention", "message")
    office.fake.habits.with_files = frozenset({"app_mention"})
    await office.ana.says(office.design, office.team.mention, files=[PICTURE])
    assert heard.kinds == ["file_shared", "app_mention", "message"]
    assert ["files" in body["event"] for body in heard.events] == [False, True, False]


async def test_replies_name_their_thread(office: Office, heard: Heard) -> None:
    root = await office.ana.says(office.design, "root")
    await office.ana.says(office.design, "reply", thread=root)
    event = heard.events[1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (root.ts, office.ana.id)


async def test_direct_messages_are_no_mentions(office: Office, heard: Heard) -> None:
    await office.ana.says(office.fake.dm(office.ana), f"{office.team.mention} a mug")
    assert heard.kinds == ["message"]
    assert heard.events[0]["event"]["channel_type"] == "im"


async def test_only_a_mention_is_heard_where_the_app_is_not(office: Office, heard: Heard) -> None:
    outside = office.fake.channel(office.team, "outside", [office.ana], bot=False)
    await office.ana.says(outside, "nothing")
    await office.ana.says(outside, f"{office.team.mention} hello")
    assert heard.kinds == ["app_mention"]


async def test_nobody_writes_where_they_are_not(office: Office) -> None:
    zoe = office.fake.person(office.team, "zoe")
    with pytest.raises(AssertionError, match="zoe is not in design"):
        zoe.writes(office.design, "hello")


async def test_edits_and_deletions_wrap_what_was(office: Office, heard: Heard) -> None:
    root = await office.ana.says(office.design, "one")
    await office.ana.edits(root, "two")
    reply = await office.ana.says(office.design, "reply", thread=root)
    await office.ana.deletes(reply)
    await office.ana.says(office.design, "reply", thread=root)
    await office.ana.deletes(root)
    edited, gone, tomb = (heard.events[number]["event"] for number in (1, 3, 5))
    assert (edited["previous_message"]["text"], edited["message"]["text"]) == ("one", "two")
    assert edited["message"]["edited"]["user"] == office.ana.id
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", reply.ts)
    assert (tomb["subtype"], tomb["message"]["subtype"]) == ("message_changed", "tombstone")


async def test_a_preview_is_a_change_and_no_edit(office: Office, heard: Heard) -> None:
    said = await office.ana.says(office.design, "see https://example.com/")
    await office.ana.unfurls(said)
    event = heard.events[1]["event"]
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert "edited" not in event["message"]


async def test_reactions_and_stops_name_their_message(office: Office, heard: Heard) -> None:
    said = await office.ana.says(office.design, "one")
    await office.ana.reacts(said, "white_check_mark")
    await office.ana.stops(said)
    reaction, stop = (body["event"] for body in heard.events[1:])
    assert reaction["item"] == {"type": "message", "channel": office.design.id, "ts": said.ts}
    assert (stop["type"], stop["thread_ts"]) == ("agent_session_stopped", said.ts)


async def test_what_is_not_acknowledged_comes_again(office: Office, heard: Heard) -> None:
    heard.failures = 2
    said = await office.ana.says(office.design, "one")
    assert (said.answers[0].tries, said.ok) == (3, True)
    assert heard.repeats == ["0", "1", "2"]
    assert len(heard.events) == 1


async def test_slack_gives_up_after_three_repeats(office: Office, heard: Heard) -> None:
    heard.failures = 9
    said = await office.ana.says(office.design, "one")
    assert (said.answers[0].tries, said.answers[0].status) == (4, 500)


async def test_events_can_come_several_times_in_any_order(office: Office, heard: Heard) -> None:
    office.fake.delivery.copies = 3
    office.fake.delivery.shuffle = random.Random(4)
    office.fake.delivery.together = True
    await office.ana.says(office.design, f"{office.team.mention} one", files=[PICTURE])
    assert sorted(heard.repeats) == sorted("012" * 3)
    assert len({body["event_id"] for body in heard.events}) == 3
    assert heard.kinds != sorted(heard.kinds)


async def test_events_can_be_lost(office: Office, heard: Heard) -> None:
    office.fake.delivery.drop = lambda payload: payload["event"]["type"] == "message"
    await office.ana.says(office.design, f"{office.team.mention} one")
    assert heard.kinds == ["app_mention"]


async def test_forged_and_stale_requests_can_be_made(office: Office, heard: Heard) -> None:
    delivery, body = office.fake.delivery, json.dumps({"type": "event_callback"}).encode()
    json_type = {"Content-Type": "application/json"}
    forged = await delivery.raw(body, json_type | delivery.signed(body, secret="guess"))
    old = office.fake.clock() - 600
    stale = await delivery.raw(body, json_type | delivery.signed(body, at=old))
    missing = await delivery.raw(body, json_type)
    assert (forged.status, stale.status, missing.status) == (401, 401, 401)
    assert heard.events == []


async def test_the_app_hears_of_its_own_messages(office: Office, heard: Heard) -> None:
    await office.client.chat_postMessage(channel=office.design.id, text="mine")
    await office.fake.quiet()
    [(kind, payload, answer)] = office.fake.delivery.log
    assert (kind, payload["event"]["bot_id"], answer.ok) == (
        "events_api",
        office.team.bot_id,
        True,
    )
    assert heard.events == []


async def test_files_of_another_company_must_be_looked_up(office: Office, heard: Heard) -> None:
    globex = office.fake.team("globex", installed=False)
    zoe = office.fake.person(globex, "zoe")
    shared = office.fake.channel(office.team, "shared", [office.ana, zoe], shared_with=[globex])
    said = await zoe.says(shared, f"{office.team.mention} this", files=[PICTURE])
    body = heard.events[0]
    [file] = body["event"]["files"]
    assert (file["mode"], file["file_access"]) == ("file_access", "check_file_info")
    assert (body["team_id"], body["is_ext_shared_channel"]) == (office.team.id, True)
    assert body["event"]["user_team"] == globex.id
    told = await office.client.files_info(file=said.message.files[0])
    assert told["file"]["name"] == "cat.png"


async def test_an_organisation_is_named_in_events(office: Office, heard: Heard) -> None:
    team = office.fake.team("north", enterprise="E1", installed=False)
    office.fake.org_install("E1")
    bob = office.fake.person(team, "bob")
    await bob.says(office.fake.channel(team, "all", [bob]), "hello")
    payload = office.fake.delivery.log[0][1]
    [authorization] = payload["authorizations"]
    assert (payload["enterprise_id"], payload["team_id"]) == ("E1", team.id)
    assert authorization["is_enterprise_install"] is True

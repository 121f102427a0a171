"""Files of people in a Slack that behaves as Slack does, from the event to the bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.api import Apis
from adapters.slack.fetching import SlackFetcher
from adapters.slack.identity import Identity
from adapters.slack.references import file_refs, linked_refs, root_ref
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.errors import NotAllowed, NotFound, TooLarge, Unavailable
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import ALL_SCOPES, Channel, Team
from tests.scenario.house import png

MUG = png("navy", (80, 60))


@dataclass
class FakeTokens:
    """The tokens as the fake gave them."""

    fake: FakeSlack

    async def identity(self, team: str, enterprise: str = "") -> Identity:
        known = self.fake.world.teams[team]
        (grant,) = self.fake.grants(known)
        return Identity(
            token=SecretStr(grant.token), team=team, bot_user=known.bot_user, bot_id=known.bot_id
        )


@dataclass
class Studio:
    """A workspace with a channel, a person, and Easel's side of the files."""

    fake: FakeSlack
    team: Team
    ana: Person
    design: Channel
    apis: Apis
    fetcher: SlackFetcher

    def place(self, said: Said, person: Person | None = None) -> dict[str, str]:
        who = person or self.ana
        return {
            "team": self.team.id,
            "channel": said.message.channel,
            "thread": said.message.root,
            "message": said.ts,
            "user": who.id,
            "user_team": who.user.team,
        }

    async def brought(self, said: Said, person: Person | None = None) -> list[bytes]:
        """What comes with a message, by the first event that tells of it."""
        event: dict[str, Any] = (person or self.ana).events_of(said.message)[0]["event"]
        refs, _ = file_refs(event.get("files"))
        linked, _ = linked_refs(event.get("text", ""))
        place = self.place(said, person)
        files = [await self.fetcher.fetch(ref, place) for ref in (*refs, *linked)]
        return [file.data for some in files for file in some]


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    async with FakeSlack() as fake:
        team = fake.team("acme")
        ana = fake.person(team, "ana")
        apis = Apis(FakeTokens(fake), fake.api_url)
        fetcher = SlackFetcher(apis, scan_pauses=(0.05,) * 20)
        yield Studio(fake, team, ana, fake.channel(team, "design", [ana]), apis, fetcher)
        await apis.close()


def link(said: Said) -> str:
    return f"<https://acme.slack.com/archives/{said.message.channel}/p{said.ts.replace('.', '')}>"


async def test_several_pictures_and_a_document(studio: Studio) -> None:
    files = [("a.png", MUG), ("brief.pdf", b"%PDF-1.7"), ("b.png", png("gold"))]
    said = studio.ana.writes(studio.design, "put a on b", files=files)
    assert await studio.brought(said) == [MUG, png("gold")]
    assert [call.method for call in studio.fake.calls] == ["download", "download"]


async def test_a_file_that_slack_has_not_looked_at_yet(studio: Studio) -> None:
    studio.fake.world.scan_delay = 0.2
    said = studio.ana.writes(studio.design, "cut it out", files=[("a.png", MUG)])
    assert await studio.brought(said) == [MUG]
    assert len(studio.fake.called("files.info")) > 1
    studio.fake.world.scan_delay = 60
    said = studio.ana.writes(studio.design, "cut it out", files=[("a.png", MUG)])
    with pytest.raises(Unavailable, match="still looking"):
        await studio.brought(said)


async def test_a_picture_from_another_company(studio: Studio) -> None:
    globex = studio.fake.team("globex", installed=False)
    zoe = studio.fake.person(globex, "zoe")
    shared = studio.fake.channel(studio.team, "shared", [studio.ana, zoe], shared_with=[globex])
    said = zoe.writes(shared, "make it blue", files=[("a.png", MUG)])
    assert await studio.brought(said, zoe) == [MUG]


@pytest.mark.parametrize(
    ("mode", "words"), [("tombstone", "not in Slack any more"), ("hidden_by_limit", "older than")]
)
async def test_a_file_that_is_gone(studio: Studio, mode: str, words: str) -> None:
    said = studio.ana.writes(studio.design, "cut it out", files=[("a.png", MUG)])
    studio.fake.file(said.message).mode = mode
    with pytest.raises((NotFound, SlackRefusal), match=words):
        await studio.brought(said)


async def test_without_the_scope_the_sign_in_page_is_told_apart(studio: Studio) -> None:
    said = studio.ana.writes(studio.design, "cut it out", files=[("a.png", MUG)])
    studio.fake.scopes(studio.team, ALL_SCOPES - {"files:read"})
    with pytest.raises(SlackRefusal, match="files:read"):
        await studio.brought(said)


async def test_a_file_past_the_bound_is_not_fetched(studio: Studio) -> None:
    said = studio.ana.writes(
        studio.design, "cut it out", files=[("a.png", MUG + bytes(26_000_000))]
    )
    with pytest.raises(TooLarge, match="26 MB"):
        await studio.brought(said)
    assert not studio.fake.called("download")


async def test_the_picture_that_somebody_else_began_the_thread_with(studio: Studio) -> None:
    ben = studio.fake.person(studio.team, "ben")
    studio.design.members.add(ben.id)
    root = ben.writes(studio.design, "our new mug", files=[("mug.png", MUG)])
    for name in ("first", "second"):
        ben.writes(studio.design, name, thread=root)
    reply = studio.ana.writes(studio.design, f"{studio.team.mention} make it night", thread=root)
    ref = root_ref(studio.design.id, root.ts)
    (file,) = await studio.fetcher.fetch(ref, studio.place(reply))
    assert (file.name, file.data) == ("mug.png", MUG)
    bare = ben.writes(studio.design, "no picture here")
    assert not await studio.fetcher.fetch(root_ref(studio.design.id, bare.ts), studio.place(reply))


async def test_an_app_that_may_read_once_a_minute_says_so(studio: Studio) -> None:
    studio.fake.world.distributed = True
    root = studio.ana.writes(studio.design, "our new mug", files=[("mug.png", MUG)])
    ref, place = root_ref(studio.design.id, root.ts), studio.place(root)
    assert await studio.fetcher.fetch(ref, place)
    with pytest.raises(Unavailable, match="just now"):
        await studio.fetcher.fetch(ref, place)
    assert len(studio.fake.called("conversations.replies")) == 2


async def test_links_to_messages_and_to_replies(studio: Studio) -> None:
    root = studio.ana.writes(studio.design, "our new mug", files=[("mug.png", MUG)])
    reply = studio.ana.writes(studio.design, "or gold", thread=root, files=[("b.png", png("gold"))])
    in_thread = link(reply)[:-1] + f"?thread_ts={root.ts}&amp;cid={studio.design.id}>"
    for text, data in ((link(root), MUG), (in_thread, png("gold"))):
        said = studio.ana.writes(studio.design, f"{text} make it night")
        assert await studio.brought(said) == [data]


async def test_a_link_shows_nothing_that_its_sender_could_not_open(studio: Studio) -> None:
    ben = studio.fake.person(studio.team, "ben")
    secret = studio.fake.channel(studio.team, "secret", [ben], kind="group")
    hidden = ben.writes(secret, "not yet", files=[("plan.png", MUG)])
    file = studio.fake.file(hidden.message)
    to_file = f"<https://acme.slack.com/files/{ben.id}/{file.id}/plan.png>"
    for text in (link(hidden), to_file):
        with pytest.raises(NotAllowed):
            await studio.brought(studio.ana.writes(studio.design, text))
    assert not studio.fake.called("download")
    studio.design.members.add(ben.id)
    for text in (link(hidden), to_file):
        said = ben.writes(studio.design, text)
        assert await studio.brought(said, ben) == [MUG]


async def test_a_link_into_an_open_channel(studio: Studio) -> None:
    ben = studio.fake.person(studio.team, "ben")
    lounge = studio.fake.channel(studio.team, "lounge", [ben])
    shown = ben.writes(lounge, "look", files=[("a.png", MUG)])
    assert await studio.brought(studio.ana.writes(studio.design, link(shown))) == [MUG]


async def test_bytes_that_go_out_and_the_tiers_that_hold(studio: Studio) -> None:
    api = await studio.apis.of(studio.team.id)
    asked = await api.call("files.getUploadURLExternal", filename="v1.png", length=len(MUG))
    await api.upload(asked["upload_url"], MUG, "image/png")
    assert studio.fake.world.files[asked["file_id"]].data == MUG
    posted = await api.call("chat.postMessage", channel=studio.design.id, text="working")
    updated = 0
    with pytest.raises(SlackLater):
        while True:
            await api.call(
                "chat.update",
                spare=True,
                channel=studio.design.id,
                ts=posted["ts"],
                text=f"{updated} %",
            )
            updated += 1
    await api.call("chat.update", channel=studio.design.id, ts=posted["ts"], text="done")
    assert updated == 33
    assert all(call.ok for call in studio.fake.called("chat.update"))
    assert studio.fake.message(studio.design, posted["ts"]).text == "done"

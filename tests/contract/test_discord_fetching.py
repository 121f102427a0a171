"""Pictures are fetched from where they lie, by fresh addresses where the old ones are over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import pytest_asyncio
from pydantic import SecretStr

from adapters.discord.downloads import Cdn
from adapters.discord.fetching import DiscordFetcher
from adapters.discord.library import point_at
from adapters.discord.places import Place
from adapters.discord.rest import Rest, Worker
from core.errors import BadInput, EaselError, NotAllowed, NotFound, TooLarge
from core.session.models import FileRef
from core.turns.limits import TurnLimits
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_json import attachment_json
from tests.contract.discord.discord_world import Attachment, Channel, Message
from tests.contract.discord.fake_discord import FakeDiscord

MUG, CUP = b"a mug", b"a cup, larger"
LIMITS = TurnLimits(max_file_bytes=100, max_files=3)


@dataclass
class Stand:
    fake: FakeDiscord
    ana: Person
    design: Channel
    fetcher: DiscordFetcher

    def says(self, *files: tuple[str, bytes]) -> Message:
        return self.ana.writes(self.design, f"{self.fake.mention} look", files=files)

    def url(self, file: Attachment) -> str:
        return str(attachment_json(self.fake.world, file)["url"])

    def ref(self, message: Message, number: int = 0) -> FileRef:
        """A file of a message as an event told of it."""
        file = message.attachments[number]
        where = {
            "attachment": file.id, "url": self.url(file),
            "channel": message.channel, "message": message.id,
        }  # fmt: skip
        return FileRef(id=f"attachment:{file.id}", name=file.name, where=where)

    def behind(self, message: Message, *, optional: bool = False) -> FileRef:
        return FileRef(
            id=f"message:{message.channel}:{message.id}",
            where={"channel": message.channel, "message": message.id},
            optional=optional,
        )

    async def fetched(self, ref: FileRef) -> list[tuple[str, bytes]]:
        place = Place(channel=self.design.id, user=self.ana.id).texts()
        return [(file.name, file.data) for file in await self.fetcher.fetch(ref, place)]


@pytest_asyncio.fixture
async def stand() -> AsyncIterator[Stand]:
    before = discord.http.Route.BASE
    async with FakeDiscord() as fake:
        point_at(fake.api_url, None)
        worker, cdn = Worker(SecretStr(fake.token)), Cdn(fake.api_url)
        guild = fake.guild("pottery")
        fetcher = DiscordFetcher(Rest(worker.login), cdn, LIMITS)
        yield Stand(fake, fake.person("ana", guild), guild.channel("design"), fetcher)
        await cdn.close()
        await worker.close()
        point_at(before, None)


async def test_a_file_is_fetched_by_the_address_that_was_told(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG))
    assert await stand.fetched(stand.ref(said)) == [("mug.png", MUG)]
    assert not stand.fake.called("GET", "/channels/*/messages/*")


async def test_an_address_that_is_over_is_told_anew_by_its_message(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG), ("cup.png", CUP))
    ref = stand.ref(said, 1)
    stand.fake.expire_urls()
    assert await stand.fetched(ref) == [("cup.png", CUP)]


async def test_so_is_that_of_a_picture_in_an_embed(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG))
    file = said.attachments[0]
    old = stand.url(file)
    stand.fake.expire_urls()
    said.attachments, said.embeds = [], [{"type": "image", "thumbnail": {"url": stand.url(file)}}]
    where = {"url": old, "channel": said.channel, "message": said.id}
    ref = FileRef(id=f"embed:{said.id}:0", name="mug.png", where=where)
    assert await stand.fetched(ref) == [("mug.png", MUG)]


async def test_the_pictures_of_a_message_and_nothing_else_of_it(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG), ("notes.txt", b"words"), ("cup.png", CUP))
    assert await stand.fetched(stand.behind(said)) == [("mug.png", MUG), ("cup.png", CUP)]


async def test_no_more_pictures_of_a_message_than_a_turn_takes(stand: Stand) -> None:
    said = stand.says(*[(f"{number}.png", MUG) for number in range(9)])
    assert len(await stand.fetched(stand.behind(said))) == 3


async def test_pictures_in_embeds_count_where_they_lie_with_discord(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG))
    embeds = [
        {"image": {"url": stand.url(said.attachments[0])}},
        {"image": {"url": "https://elsewhere.example/pixel.png"}},
    ]
    said.attachments, said.embeds = [], embeds
    assert [data for _, data in await stand.fetched(stand.behind(said))] == [MUG]


def in_components(message: Message) -> None:
    """Let components show the files of a message; Discord does not tell of them elsewhere then."""
    media: list[dict[str, Any]] = [
        {"media": {"url": "", "attachment_id": file.id}} for file in message.attachments
    ]
    gallery = {"type": 12, "id": 2, "items": media}
    message.components = [{"type": 17, "id": 1, "components": [gallery]}]


async def test_pictures_that_components_show_are_in_their_message_too(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG), ("notes.txt", b"words"), ("cup.png", CUP))
    ref = stand.ref(said, 2)
    in_components(said)
    assert await stand.fetched(stand.behind(said)) == [("mug.png", MUG), ("cup.png", CUP)]
    stand.fake.expire_urls()
    assert await stand.fetched(ref) == [("cup.png", CUP)]


async def test_a_message_without_pictures_is_fine_where_there_may_be_none(stand: Stand) -> None:
    said = stand.says()
    assert await stand.fetched(stand.behind(said, optional=True)) == []
    with pytest.raises(BadInput, match="no picture"):
        await stand.fetched(stand.behind(said))


async def test_a_message_that_is_gone_is_fine_where_there_may_be_no_picture(stand: Stand) -> None:
    said = stand.says(("mug.png", MUG))
    await stand.ana.deletes(said)
    assert await stand.fetched(stand.behind(said, optional=True)) == []


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        ("deleted", NotFound, "was deleted"),
        ("taken out", NotFound, "“mug.png” is not in Discord any more"),
        ("hidden", NotAllowed, "can't read the message"),
        ("of a command", NotFound, "“mug.png” is not in Discord any more"),
    ],
)
async def test_what_can_not_be_had_any_more_is_said_kindly(
    stand: Stand, trouble: str, error: type[EaselError], words: str
) -> None:
    said = stand.says(("mug.png", MUG))
    ref = stand.ref(said)
    stand.fake.expire_urls()
    if trouble == "deleted":
        await stand.ana.deletes(said)
    elif trouble == "taken out":
        said.attachments = []
    elif trouble == "hidden":
        stand.design.deny(stand.fake.bot.id, "view_channel")
    else:
        told = {"attachment": ref.where["attachment"], "url": ref.where["url"]}
        ref = ref.model_copy(update={"where": told})
    with pytest.raises(error, match=words) as raised:
        await stand.fetched(ref)
    assert raised.value.hint


async def test_what_is_too_large_is_named(stand: Stand) -> None:
    said = stand.says(("mug.png", bytes(101)))
    with pytest.raises(TooLarge, match="is larger than I take"):
        await stand.fetched(stand.ref(said))


async def test_an_address_elsewhere_is_never_followed(stand: Stand) -> None:
    ref = FileRef(
        id="attachment:1", name="mug.png", where={"url": "https://elsewhere.example/mug.png"}
    )
    with pytest.raises(NotAllowed, match="not an address of Discord's"):
        await stand.fetched(ref)

"""Threads of a fake Slack in which a picture stands already, for tests of what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.session.models import Turn, TurnState
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message
from tests.scenario.house import wait_until
from tests.scenario.slack_house import SlackHouse


@dataclass
class Drawn:
    """A message that asked for a picture, and the turn that it became."""

    there: SlackHouse
    channel: Channel
    said: Said
    turn: Turn

    @property
    def messages(self) -> list[Message]:
        """Ours, in its thread."""
        return self.there.fake.said_by_bot(self.channel, self.said.ts)

    @property
    def results(self) -> list[Message]:
        return [message for message in self.messages if message.files]

    async def says(self, words: str) -> Turn:
        """Ana replies; the turn that it becomes."""
        said = await self.there.ana.says(self.channel, words, thread=self.said)
        return await self.there.turn_of(said)

    async def card(self, naming: str) -> Message:
        """Our newest message of the thread whose blocks name something."""

        def cards() -> list[Message]:
            return [message for message in self.messages if naming in str(message.blocks)]

        await self.there.fake.until(cards, f"a message with {naming}")
        return cards()[-1]

    @property
    def version(self) -> str:
        return self.turn.versions[-1]

    async def turns(self) -> list[Turn]:
        return await self.there.turns(self.said)

    async def shown(self, results: int) -> Message:
        """The newest result, once there are so many of them and it is known what it shows."""
        await self.there.fake.until(lambda: len(self.results) >= results, f"{results} results")
        await linked(self.there, self.results[-1])
        return self.results[-1]

    async def newest(self, number: int) -> Turn:
        """The last turn, which has that number, as it ended."""
        turns = await self.turns()
        assert len(turns) == number, [turn.text for turn in turns]
        return await self.there.ended(turns[-1])

    async def head(self) -> str:
        """The name of the version where the thread stands."""
        session = await self.there.house.desk.session(self.turn.session_id)
        assert session.head is not None
        return (await self.there.house.desk.version(session.head)).name


async def linked(there: SlackHouse, message: Message) -> None:
    """Wait until it is known which version a message shows."""
    key = there.place(message).message_key(message.ts)

    async def known() -> bool:
        link = await there.front.links.linked(key)
        return link is not None and bool(link.versions)

    await wait_until(known, "it is known what the message shows")


async def asked(
    there: SlackHouse, words: str = "a red mug", files: Sequence[tuple[str, bytes]] = ()
) -> Drawn:
    """A thread of Ana's in a channel of its own, since Slack takes one message a second in each."""
    name = f"room-{len(there.fake.world.channels)}"
    channel = there.fake.channel(there.team, name, [there.ana, there.ben])
    said = await there.ana.says(channel, f"{there.team.mention} {words}", files=list(files))
    return Drawn(there, channel, said, await there.turn_of(said))


async def drawn(there: SlackHouse, words: str = "a red mug") -> Drawn:
    """A thread in which one picture stands."""
    thread = await asked(there, words)
    thread.turn = await there.ended(thread.turn)
    assert thread.turn.state is TurnState.DONE, thread.turn.error
    await thread.shown(1)
    return thread

"""Threads of a fake Slack in which a picture stands already, for tests of what is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from core.session.models import Turn, TurnState
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Message
from tests.scenario.house import wait_until
from tests.scenario.slack_house import SlackHouse


@dataclass
class Drawn:
    """A message that asked for a picture, and the turn that it became."""

    there: SlackHouse
    said: Said
    turn: Turn

    @property
    def results(self) -> list[Message]:
        return [m for m in self.there.fake.said_by_bot(self.there.design, self.said.ts) if m.files]

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


async def drawn(there: SlackHouse, words: str = "a red mug") -> Drawn:
    """A thread of Ana's with one picture."""
    said = await there.ana.says(there.design, f"{there.team.mention} {words}")
    turn = await there.ended(await there.turn_of(said))
    assert turn.state is TurnState.DONE, turn.error
    thread = Drawn(there, said, turn)
    await thread.shown(1)
    return thread


async def asked_for(there: SlackHouse, said: Said) -> Message:
    """Our placeholder of a message's turn, once it is there."""

    def placeholders() -> list[Message]:
        return [m for m in there.fake.said_by_bot(there.design, said.ts) if not m.files]

    await there.fake.until(placeholders, "the placeholder")
    return placeholders()[-1]

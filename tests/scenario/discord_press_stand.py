"""What tests of buttons share: a picture with all that can be pressed under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.discord.buttons import CANCEL, read_custom_id
from core.session.models import Session, Turn, TurnState
from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Message
from tests.scenario.discord_house import DiscordHouse
from tests.scenario.house import wait_until


@dataclass
class Drawn:
    """A session that began with a command: its first turn, and the message with the picture."""

    there: DiscordHouse
    turn: Turn
    message: Message

    @property
    def version(self) -> str:
        """The id of its first version."""
        return self.turn.versions[-1]

    @property
    def ref(self) -> str:
        """The first turn as buttons name it."""
        return f"{self.turn.session_id}/{self.turn.id}"

    @property
    def thread(self) -> Channel:
        """The thread that was opened from the message."""
        return self.there.fake.thread_of(self.message)

    async def turns(self) -> list[Turn]:
        return await self.there.house.desk.turns(self.turn.session_id)

    async def session(self) -> Session:
        return await self.there.house.desk.session(self.turn.session_id)

    async def head(self) -> str:
        """The name of the version at which the session stands."""
        head = (await self.session()).head
        return (await self.there.house.desk.version(head)).name if head else ""

    async def ended(self, number: int) -> Turn:
        """The turn with that number, as it ended."""

        async def there_is() -> bool:
            return len(await self.turns()) >= number

        await wait_until(there_is, f"there is a turn {number}")
        return await self.there.ended((await self.turns())[number - 1])


async def drawn(
    there: DiscordHouse,
    prompt: str = "a red mug",
    *,
    who: Person | None = None,
    where: Channel | None = None,
    **options: Any,
) -> Drawn:
    """Somebody (ana) has a picture drawn in a channel (#design)."""
    answer = await (who or there.ana).slash(
        where or there.design, "imagine", prompt=prompt, **options
    )
    turn = await there.ended(await there.turn_of(answer))
    assert turn.state is TurnState.DONE, turn.error
    return Drawn(there, turn, await shown(answer))


async def shown(answer: Answer) -> Message:
    """The message of an answer, once it says how it ended."""
    message = await answer.message()
    await settled(message)
    return message


async def settled(message: Message) -> None:
    """Wait until the message of a turn offers no more to cancel it."""

    async def ended() -> bool:
        return not message.loading and not names(message, CANCEL)

    await wait_until(ended, "the message says how the turn ended")


async def noted(answer: Answer) -> str:
    """What only that person was told in answer; fails where it is told to others."""
    note = await answer.note()
    assert answer.ephemeral or answer.followups, note
    return note


def names(message: Message, action: str) -> list[str]:
    """The custom ids of a deed that stand under a message."""
    found = [str(part.get("custom_id")) for part in components.each_component(message.components)]
    return [name for name in found if read_custom_id(name)[0] == action]

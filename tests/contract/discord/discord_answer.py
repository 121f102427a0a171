"""What somebody gets for what they did: a command, a press, a dialog."""

from __future__ import annotations

from tests.contract.discord.discord_transcript import words_of
from tests.contract.discord.discord_world import Interaction, Json, Message, World
from tests.waiting import wait_until


class Answer:
    """The first response to an interaction, and what became of it.

    `type` is that of the response (4 message, 5 deferred, 6 and 7 update, 8 choices, 9 dialog; 0:
    none came, people read "The application did not respond"). `seconds` until it came.
    """

    def __init__(self, world: World, interaction: Interaction) -> None:
        self.world = world
        self.interaction = interaction

    def __repr__(self) -> str:
        return f"<Answer {self.type} {self.seconds:.3f}s {self.told}>"

    @property
    def type(self) -> int:
        return self.interaction.acknowledged

    @property
    def ok(self) -> bool:
        return bool(self.type)

    @property
    def seconds(self) -> float:
        return self.interaction.seconds

    @property
    def ephemeral(self) -> bool:
        return self.interaction.ephemeral

    @property
    def modal(self) -> Json:
        """The dialog that opened; empty when none did."""
        return self.interaction.modal

    @property
    def choices(self) -> list[Json]:
        return self.interaction.choices

    @property
    def original(self) -> Message | None:
        """The message that the response is, as it stands; for updates the one that was pressed."""
        return self.world.messages.get(self.interaction.original)

    @property
    def followups(self) -> list[Message]:
        found = (self.world.messages.get(name) for name in self.interaction.followups)
        return [message for message in found if message is not None]

    @property
    def text(self) -> str:
        """What the response says now; empty while it is "thinking"."""
        return words_of(self.world, self.original) if self.original else ""

    @property
    def told(self) -> list[str]:
        """Everything that only this person was told."""
        own = self.original if self.type in (4, 5) else None
        said = [own, *self.followups]
        return [
            words_of(self.world, one) for one in said if one and one.only_for and not one.loading
        ]

    async def message(self, *, seconds: float = 30) -> Message:
        """The message that the response became, once it is not "thinking" any more."""

        async def there() -> bool:
            return self.original is not None and not self.original.loading

        await wait_until(there, f"there is an answer to {self.interaction.name}", seconds=seconds)
        assert self.original is not None
        return self.original

    async def note(self, *, seconds: float = 30) -> str:
        """What only this person is told, once it was said."""

        async def there() -> bool:
            return bool(self.told)

        await wait_until(there, "somebody is told something", seconds=seconds)
        return self.told[-1]

"""Where in Discord something happened, who asked, and where the answer goes.

A place travels with a turn as plain texts, so that any worker can answer, days later too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from core.session.models import Actor

DIRECT = "@me"
"""Stands for a server where there is none."""

DEFAULT_LIMIT = 10 * 1024 * 1024
"""Bytes that a file may have where nothing more is known (Discord's documents, 2025-04-03)."""

_EPOCH_MS = 1_420_070_400_000
"""Ids begin to count on 2015-01-01 (Discord's documents, "Snowflakes")."""


class Place(BaseModel):
    """A place in Discord.

    `guild` is empty in direct conversations and groups. `channel` is where the answer stands: a
    thread, a channel, a direct conversation; `parent` is the channel of a thread. `message` is the
    person's own message, to which the answer is a reply. `app`, `interaction` and `token` are those
    of an interaction whose original response the answer becomes. `opens` names the thread that is
    opened from the answer. `limit` is how many bytes a file may have. `present`: Easel itself is
    there and may write by itself, not only into responses. `began` is the interaction or message
    that began the session, in the place to which that has settled.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    guild: str = ""
    channel: str
    parent: str = ""
    message: str = ""
    user: str = ""
    user_name: str = ""
    app: str = ""
    interaction: str = ""
    token: str = ""
    opens: str = ""
    limit: int = DEFAULT_LIMIT
    present: bool = True
    began: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Place:
        """The place that a turn carries. Raises pydantic's ValidationError."""
        return cls.model_validate(dict(texts))

    def texts(self) -> dict[str, str]:
        """What a turn carries; what is as usual is left out."""
        changed = self.model_dump(exclude_defaults=True)
        return {name: str(value) for name, value in changed.items()}

    @property
    def home(self) -> str:
        """What keys of threads and messages begin with."""
        return self.guild or DIRECT

    @property
    def workspace(self) -> str:
        """Whose rules and bills it is: the server's where Easel is in it, else the person's own."""
        return f"discord:{self.guild}" if self.guild and self.present else f"discord:@{self.user}"

    @property
    def actor(self) -> Actor:
        """Who asked."""
        return Actor(id=f"discord:{self.user}", name=self.user_name, workspace=self.workspace)

    @property
    def payer_channel(self) -> str:
        """The channel as bills and rules name it."""
        return f"discord:{self.parent or self.channel}"

    def thread_key(self, opened_by: str = "") -> str:
        """The key of the session that lives in this channel (a thread, or the one that a direct
        conversation is at). `opened_by` is the event that begins a session of its own here."""
        key = f"discord:{self.home}:{self.channel}"
        return f"{key}:{opened_by}" if opened_by else key

    def message_key(self, message: str) -> str:
        """One message of this channel."""
        return f"discord:{self.home}:{self.channel}:{message}"

    def settled(self, channel: str) -> Place:
        """Where what comes later, from elsewhere, is answered: in a channel of the same server."""
        parent = "" if channel == self.channel else self.parent or self.channel
        return Place(
            guild=self.guild,
            channel=channel,
            parent=parent or self.parent,
            user=self.user,
            limit=self.limit,
            present=self.present,
            began=self.began or self.interaction or self.message,
        )

    def is_of_session(self, session: Place) -> bool:
        """Whether a turn with this place only has it from its session, as those of a page do: what
        began the session is not answered again."""
        began = session.began and session.began in (self.interaction, self.message)
        return self == session or bool(began)


@dataclass(frozen=True, slots=True)
class Asker:
    """A person at a place, with what decides about what they may do there.

    `roles` are ids. `moderator`: may manage messages there; `admin`: may manage the server; in
    conversation with Easel alone a person is both, and where Easel is no part of the place they
    decide for themselves. `adult`: the place is age-restricted.
    """

    place: Place
    roles: tuple[str, ...] = ()
    moderator: bool = False
    admin: bool = False
    adult: bool = False


def moment(snowflake: str) -> datetime:
    """When the thing with an id was made. Raises ValueError when it is no id."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + _EPOCH_MS) / 1000, UTC)


def snowflake_at(seconds: float) -> str:
    """The smallest id of a time (seconds since 1970), to ask for what came after it."""
    return str(max(0, int(seconds * 1000) - _EPOCH_MS) << 22)

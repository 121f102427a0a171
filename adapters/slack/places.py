"""Where in Slack something happened, and where its answer goes.

A place travels with a turn as plain texts, so that any worker can answer, days later too.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from core.session.models import Actor


class Place(BaseModel):
    """A place in a workspace.

    `team` is the workspace in which Easel is installed, `enterprise` is set for installations in a
    whole organisation. `thread` is the timestamp of the thread's first message; empty: the thread
    is not there yet, and `opening` is what its first message says. `message` is the person's own
    message, `event` the kind of event that told of it first. `user_team` differs from `team` for
    people of a shared channel. `answer_url` takes a few private answers for half an hour.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    team: str
    enterprise: str = ""
    channel: str
    thread: str = ""
    message: str = ""
    event: str = ""
    user: str = ""
    user_team: str = ""
    user_name: str = ""
    opening: str = ""
    answer_url: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Place:
        """The place that a turn carries. Raises pydantic's ValidationError."""
        return cls.model_validate(dict(texts))

    def texts(self) -> dict[str, str]:
        """What a turn carries; what is not set is left out."""
        return {name: value for name, value in self.model_dump().items() if value}

    @property
    def home(self) -> str:
        """What thread keys begin with: the organisation where it has Easel, else the workspace."""
        return self.enterprise or self.team

    @property
    def actor(self) -> Actor:
        """Who asked; people of another company count to their own workspace."""
        team = self.user_team or self.team
        return Actor(id=f"slack:{team}:{self.user}", name=self.user_name, workspace=f"slack:{team}")

    @property
    def payer_channel(self) -> str:
        """The channel as bills and rules name it."""
        return f"slack:{self.channel}"

    def thread_key(self, opened_by: str = "") -> str:
        """The key of the session. `opened_by` stands for a thread that is not there yet."""
        return f"slack:{self.home}:{self.channel}:{opened_by or self.thread or self.message}"

    def message_key(self, ts: str) -> str:
        """One message of this channel, whatever event tells of it."""
        return f"slack:{self.home}:{self.channel}:{ts}"

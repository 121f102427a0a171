"""People of a fake Slack: what they write, and what the app hears of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_chat import changed_event, remove
from tests.contract.slack.slack_delivery import Answer, Delivery
from tests.contract.slack.slack_files import StoredFile
from tests.contract.slack.slack_json import message_json
from tests.contract.slack.slack_world import (
    Channel,
    Json,
    Message,
    Refused,
    Team,
    User,
    World,
)

Attached = tuple[str, bytes] | StoredFile


@dataclass
class Habits:
    """How Slack tells of one message: which events, in which order, which of them with files."""

    order: tuple[str, ...] = ("message", "app_mention", "file_shared")
    with_files: frozenset[str] = frozenset({"message", "app_mention"})


@dataclass
class Said:
    """A message and what became of its events."""

    message: Message
    answers: list[Answer] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)

    @property
    def ts(self) -> str:
        return self.message.ts

    @property
    def ok(self) -> bool:
        return all(answer.ok for answer in self.answers)


class Writing:
    """A person at a keyboard; `slack_clicking` gives them a mouse."""

    def __init__(self, world: World, delivery: Delivery, habits: Habits, user: User) -> None:
        self.world = world
        self.delivery = delivery
        self.habits = habits
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    def listener(self, channel: Channel) -> Team:
        """The workspace of which the app hears what happens in that channel."""
        for name in (channel.team, *sorted(channel.shared_with)):
            if self.world.teams[name].bot_user in channel.members:
                return self.world.teams[name]
        return self.world.teams[channel.team]

    def place(self, channel: Channel | str) -> Channel:
        return self.world.channels[channel] if isinstance(channel, str) else channel

    def uploads(self, name: str, data: bytes, *, granted: bool = False) -> StoredFile:
        """A file of theirs, not in any message yet; `mode` of the result may be changed."""
        file = StoredFile(self.world.new_id("F"), self.user.team, self.id, name, len(data))
        file.data, file.stage, file.granted = data, "complete", granted
        file.created = int(self.world.clock())
        file.scanned = self.world.clock() + self.world.scan_delay
        self.world.files[file.id] = file
        return file

    async def says(
        self,
        channel: Channel | str,
        text: str = "",
        *,
        thread: Message | Said | str | None = None,
        files: Sequence[Attached] = (),
        broadcast: bool = False,
    ) -> Said:
        """Write a message; gives it with the app's answers to its events."""
        said = self.writes(channel, text, thread=thread, files=files, broadcast=broadcast)
        said.events = self.events_of(said.message)
        said.answers = await self.delivery.events(said.events)
        return said

    def writes(
        self,
        channel: Channel | str,
        text: str = "",
        *,
        thread: Message | Said | str | None = None,
        files: Sequence[Attached] = (),
        broadcast: bool = False,
    ) -> Said:
        """Write a message of which the app hears nothing."""
        place = self.place(channel)
        if self.id not in place.members:
            raise AssertionError(f"{self.user.name} is not in {place.name or place.id}")
        stored = [one if isinstance(one, StoredFile) else self.uploads(*one) for one in files]
        message = Message(
            place.id,
            self.world.new_ts(),
            self.id,
            self.user.team,
            text=text,
            thread_ts=thread if isinstance(thread, str) else thread.ts if thread else "",
            subtype="file_share" if stored else "thread_broadcast" if broadcast else "",
            blocks=payloads.rich_text(text) if text else [],
            files=[file.id for file in stored],
            client_msg_id=str(uuid.uuid4()),
        )
        self.world.messages[place.id, message.ts] = message
        return Said(message)

    def events_of(self, message: Message) -> list[Json]:
        """Every event that Slack makes of a message, in the habitual order."""
        channel = self.world.channels[message.channel]
        team = self.listener(channel)
        inside = team.bot_user in channel.members
        mentioned = f"<@{team.bot_user}" in message.text and channel.kind != "im"
        made: dict[str, list[Json]] = {"message": [], "app_mention": [], "file_shared": []}
        if inside:
            made["message"] = [self._message_event(message, channel, team)]
            made["file_shared"] = [self._shared_event(message, name) for name in message.files]
        if mentioned and (inside or channel.kind == "channel"):
            made["app_mention"] = [self._mention_event(message, channel, team)]
        ordered = [event for kind in self.habits.order for event in made[kind]]
        return [payloads.envelope(self.world, team, event, channel) for event in ordered]

    def _message_event(self, message: Message, channel: Channel, team: Team) -> Json:
        event = self._bare(message, channel, team, "message")
        return event | {"channel_type": channel.kind}

    def _mention_event(self, message: Message, channel: Channel, team: Team) -> Json:
        event = self._bare(message, channel, team, "app_mention") | {"type": "app_mention"}
        event.pop("subtype", None)
        return event

    def _bare(self, message: Message, channel: Channel, team: Team, kind: str) -> Json:
        told = message_json(self.world, message)
        told |= {"channel": channel.id, "event_ts": message.ts}
        for name in ("reply_count", "reply_users_count", "latest_reply", "reply_users"):
            told.pop(name, None)
        if kind not in self.habits.with_files:
            for name in ("files", "upload", "display_as_bot"):
                told.pop(name, None)
            if told.get("subtype") == "file_share":
                del told["subtype"]
        if message.team != team.id:
            told |= {"user_team": message.team, "source_team": message.team}
            if "files" in told:
                told["files"] = [_of_another_company(file) for file in told["files"]]
        return told

    def _shared_event(self, message: Message, name: str) -> Json:
        return {
            "type": "file_shared",
            "file_id": name,
            "user_id": message.user,
            "file": {"id": name},
            "channel_id": message.channel,
            "event_ts": message.ts,
        }

    async def _tells(self, channel: Channel, event: Json) -> Answer:
        team = self.listener(channel)
        wrapped = payloads.envelope(self.world, team, event, channel)
        answers = await self.delivery.events([wrapped])
        return answers[-1] if answers else Answer(0)

    async def edits(self, message: Message | Said, text: str) -> Answer:
        """Change one's own words."""
        one = message.message if isinstance(message, Said) else message
        before = message_json(self.world, one)
        one.text, one.blocks = text, payloads.rich_text(text)
        one.edits += 1
        one.edited = {"user": self.id, "ts": f"{int(self.world.clock())}.000000"}
        event = changed_event(self.world, one, before)
        return await self._tells(self.world.channels[one.channel], event)

    async def unfurls(self, message: Message | Said) -> Answer:
        """Slack adds a preview of a link: changed, and yet not edited."""
        one = message.message if isinstance(message, Said) else message
        event = changed_event(self.world, one, message_json(self.world, one))
        event["message"]["attachments"] = [{"id": 1, "from_url": "https://example.com/"}]
        return await self._tells(self.world.channels[one.channel], event)

    async def deletes(self, message: Message | Said) -> Answer:
        one = message.message if isinstance(message, Said) else message
        event = remove(self.world, one)
        return await self._tells(self.world.channels[one.channel], event)

    async def reacts(self, message: Message | Said, name: str) -> Answer:
        return await self._reaction(message, name, "reaction_added")

    async def unreacts(self, message: Message | Said, name: str) -> Answer:
        return await self._reaction(message, name, "reaction_removed")

    async def _reaction(self, message: Message | Said, name: str, kind: str) -> Answer:
        one = message.message if isinstance(message, Said) else message
        users = one.reactions.setdefault(name, [])
        if kind == "reaction_added":
            users.append(self.id)
        else:
            users.remove(self.id)
        if not users:
            del one.reactions[name]
        event = {
            "type": kind,
            "user": self.id,
            "reaction": name,
            "item": {"type": "message", "channel": one.channel, "ts": one.ts},
            "item_user": one.user,
            "event_ts": self.world.new_ts(),
        }
        return await self._tells(self.world.channels[one.channel], event)

    async def opens_home(self, tab: str = "home") -> Answer:
        """Look at the app's home page."""
        channel = self.world.direct(self.user.team, self.id)
        view = self.world.homes.get((self.user.team, self.id))
        event = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self.world.new_ts(),
            **({"view": view.json} if view else {}),
        }
        return await self._tells(channel, event)

    async def stops(self, message: Message | Said, streaming: Iterable[str] = ()) -> Answer:
        """Press Slack's own Stop in the thread of that message."""
        one = message.message if isinstance(message, Said) else message
        event = {
            "type": "agent_session_stopped",
            "channel": one.channel,
            "thread_ts": one.root,
            "user": self.id,
            "streaming_message_ts": list(streaming),
            "event_ts": self.world.new_ts(),
        }
        return await self._tells(self.world.channels[one.channel], event)

    async def invites_bot(self, channel: Channel | str) -> Answer:
        return await self._membership(self.place(channel), "member_joined_channel")

    async def removes_bot(self, channel: Channel | str) -> Answer:
        return await self._membership(self.place(channel), "member_left_channel")

    async def _membership(self, channel: Channel, kind: str) -> Answer:
        team = self.world.teams[channel.team]
        change = channel.members.add if kind == "member_joined_channel" else channel.members.discard
        change(team.bot_user)
        event = {
            "type": kind,
            "user": team.bot_user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channel" else "G",
            "team": team.id,
            "inviter": self.id,
            "event_ts": self.world.new_ts(),
        }
        return await self._tells(channel, event)


def _of_another_company(file: Json) -> Json:
    kept = {name: file[name] for name in ("id", "created", "timestamp", "user") if name in file}
    return kept | {"mode": "file_access", "file_access": "check_file_info"}


def refused_as_failure(refused: Refused) -> AssertionError:
    """Slack would not have shown what the app answered."""
    return AssertionError(f"Slack refuses this answer: {refused.error} {refused.more}")

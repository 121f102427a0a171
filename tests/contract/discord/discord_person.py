"""People of a fake Discord: what they write, change, delete and think of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.contract.discord.discord_messages import reaction_event, remove, take_away
from tests.contract.discord.discord_permissions import permissions_of, sees
from tests.contract.discord.discord_world import (
    Channel,
    Guild,
    Json,
    Message,
    User,
    World,
    permission,
)
from tests.contract.discord.discord_writing import stored

_ATTACHED = "attach_files"


class Writing:
    """A person at a keyboard; `discord_clicking` gives them a mouse."""

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def notes(self) -> list[Message]:
        """Ephemeral answers that they see."""
        return [one for one in self.world.messages.values() if one.only_for == self.id]

    def place(self, channel: Channel | str) -> Channel:
        return self.world.channels[channel] if isinstance(channel, str) else channel

    def may(self, channel: Channel, *names: str) -> None:
        """Fails the test when Discord would not let them do that there."""
        held = permissions_of(self.world, self.id, channel)
        missing = [name for name in names if not held & permission(name)]
        if missing or not sees(self.world, self.id, channel):
            raise AssertionError(f"{self.name} may not {missing or 'look'} in {channel.name}")

    async def says(
        self,
        channel: Channel | str,
        text: str = "",
        *,
        files: Sequence[tuple[str, bytes]] = (),
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Write a message. `ping`: a reply mentions whom it answers."""
        message = self.writes(channel, text, files=files, reply_to=reply_to, ping=ping)
        guild = self.world.channels[message.channel].guild
        self.world.tell("MESSAGE_CREATE", {"message": message.id}, guild)
        return message

    def writes(
        self,
        channel: Channel | str,
        text: str = "",
        *,
        files: Sequence[tuple[str, bytes]] = (),
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Write a message of which the app hears nothing."""
        place = self.place(channel)
        sending = "send_messages_in_threads" if place.is_thread else "send_messages"
        self.may(place, sending, *([_ATTACHED] if files else []))
        self._open(place)
        message = Message(self.world.new_id(), place.id, self.id, text)
        message.attachments = [stored(self.world, *file, place.id) for file in files]
        self._mention(message, place)
        if reply_to is not None:
            assert reply_to.channel == place.id, "replies stand where their message is"
            message.type, message.reference = 19, reply_to.id
            if ping and reply_to.author not in message.mentions:
                message.mentions.append(reply_to.author)
        self.world.messages[message.id] = message
        return message

    def _open(self, place: Channel) -> None:
        if not place.is_thread:
            return
        if place.locked:
            self.may(place, "manage_threads")
        place.members.setdefault(self.id, self.world.clock())
        if place.archived:
            place.archived, place.changed = False, self.world.clock()
            self.world.tell("THREAD_UPDATE", {"channel": place.id}, place.guild)

    def _mention(self, message: Message, place: Channel) -> None:
        people = re.findall(r"<@!?(\d+)>", message.content)
        message.mentions = [name for name in dict.fromkeys(people) if name in self.world.users]
        guild: Guild | None = self.world.guilds.get(place.guild)
        roles = guild.roles if guild else {}
        found = re.findall(r"<@&(\d+)>", message.content)
        message.mention_roles = [name for name in dict.fromkeys(found) if name in roles]

    async def edits(self, message: Message, text: str) -> None:
        """Change one's own words."""
        if message.author != self.id:
            raise AssertionError(f"{self.name} did not write that")
        replied = self.world.messages.get(message.reference)
        pinged = replied is not None and replied.author in message.mentions
        message.content = text
        self._mention(message, self.world.channels[message.channel])
        if pinged and replied and replied.author not in message.mentions:
            message.mentions.append(replied.author)
        message.edits, message.edited = message.edits + 1, self.world.clock()
        self._tells_of(message)

    async def unfurls(self, message: Message) -> None:
        """Discord adds a preview of a link: changed, and yet not edited."""
        message.embeds = [{"type": "link", "url": "https://example.com/", "title": "Example"}]
        self._tells_of(message)

    def _tells_of(self, message: Message) -> None:
        guild = self.world.channels[message.channel].guild
        self.world.tell("MESSAGE_UPDATE", {"message": message.id}, guild)

    async def deletes(self, message: Message) -> None:
        """One's own message, or as a moderator that of another."""
        if message.author != self.id:
            self.may(self.world.channels[message.channel], "manage_messages")
        remove(self.world, message)

    async def reacts(self, message: Message, emoji: str) -> None:
        users = message.reactions.setdefault(emoji, [])
        if self.id not in users:
            users.append(self.id)
        self.world.tell(*reaction_event(self.world, message, self.id, emoji, "ADD"))

    async def unreacts(self, message: Message, emoji: str) -> None:
        take_away(message, self.id, emoji)
        self.world.tell(*reaction_event(self.world, message, self.id, emoji, "REMOVE"))

    def archives(self, thread: Channel, *, locked: bool = False) -> None:
        """Close a thread."""
        thread.archived, thread.locked, thread.changed = True, locked, self.world.clock()
        self.world.tell("THREAD_UPDATE", {"channel": thread.id}, thread.guild)

    def removes(self, thread: Channel) -> None:
        """Delete a thread or a channel, with all that is in it."""
        kind = "THREAD_DELETE" if thread.is_thread else "CHANNEL_DELETE"
        self.may(thread, "manage_threads" if thread.is_thread else "manage_channels")
        self.world.tell(kind, {"channel": thread.id}, thread.guild)
        self.world.guilds[thread.guild].channels.remove(thread.id)
        del self.world.channels[thread.id]
        for message in [one for one in self.world.messages.values() if one.channel == thread.id]:
            del self.world.messages[message.id]

    def kicks_bot(self, guild: Guild) -> None:
        """The app is no member of that server any more."""
        guild.bot = False
        guild.members.pop(self.world.bot.id, None)
        gone: Json = {"id": guild.id}
        self.world.tell("GUILD_DELETE", gone, guild.id)

    def invites_bot(self, guild: Guild) -> None:
        """The app comes into a server."""
        guild.bot = True
        guild.join(self.world.bot, roles=["Easel"])
        self.world.tell("GUILD_CREATE", {"guild": guild.id}, guild.id)

"""What a message says, read once: to whom, which words and which pictures."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from adapters.discord import markup
from adapters.discord.references import MessageRef, linked_message, pictures_in
from core.session.models import FileRef

_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True)
class Heard:
    """A person's message. `words` are without our mention and without links to messages.

    `others` are names of what is attached and is no picture. `linked` is a message that it links
    to. `reply_to` is the id of the message that it is a reply to, unless that is somebody else's:
    then that message is `under`. `to_us`: it is a reply to a message of ours. `addressed`: it is
    said to somebody else, by beginning with their name or as a reply to them. `readable`: Discord
    lets us see what it says.
    """

    message: discord.Message
    words: str
    pictures: tuple[FileRef, ...]
    others: tuple[str, ...]
    linked: MessageRef | None
    direct: bool
    mentioned: bool
    addressed: bool
    reply_to: str
    to_us: bool
    under: discord.Message | None
    readable: bool

    @property
    def in_thread(self) -> bool:
        """Whether it stands in a thread, or may: one that is not known yet looks like nothing."""
        return isinstance(self.message.channel, discord.Thread | discord.PartialMessageable)

    @property
    def key(self) -> str:
        """Names the message, whichever way we hear of it."""
        return message_key(self.message.channel.id, self.message.id)


def message_key(channel: int, message: int) -> str:
    """The event key of a person's message."""
    return f"discord:{channel}:{message}"


def heard(message: discord.Message, client: discord.Client, *, hears: bool) -> Heard | None:
    """None for what no person said: bots, webhooks, messages of Discord itself.

    `hears`: Discord tells us also what is not said to us.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _SPOKEN:
        return None
    direct = isinstance(message.channel, discord.DMChannel)
    own = markup.mentions_of(client, message.guild)
    me = client.user.id if client.user else 0
    mentioned = markup.mentions(message.content, own)
    linked, _ = linked_message(message.content)
    said = linked_message(markup.words(message, own))[1]
    pictures, others = pictures_in(message)
    reply_to, replied = _reply(message)
    theirs = replied is not None and replied.author.id != me
    first = markup.addressed_to(message.content)
    return Heard(
        message=message,
        words=said,
        pictures=pictures,
        others=(*others, *(f"the sticker {each.name}" for each in message.stickers)),
        linked=linked,
        direct=direct,
        mentioned=mentioned,
        addressed=bool(first and first != str(me)) or (theirs and not mentioned),
        reply_to="" if theirs else reply_to,
        to_us=replied is not None and not theirs,
        under=replied if theirs else None,
        readable=hears or direct or mentioned or any(each.id == me for each in message.mentions),
    )


def _reply(message: discord.Message) -> tuple[str, discord.Message | None]:
    """The message that this is a reply to, by id, and itself where Discord tells of it."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return "", None
    if reference.type is not discord.MessageReferenceType.reply:
        return "", None
    resolved = reference.resolved
    return str(reference.message_id), resolved if isinstance(resolved, discord.Message) else None

"""Messages become turns: which of them are for Easel, in which session, with which pictures.

In a thread with a session every reply is a turn, except what people say to each other: by beginning
with somebody's name, or as a reply to them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import discord
import structlog

from adapters.discord.accepting import accept, check_person, rules_of
from adapters.discord.answering import SORRY
from adapters.discord.asking import asker_of_message, may_open_thread
from adapters.discord.client import EaselClient
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.heard import Heard, heard
from adapters.discord.markup import thread_name
from adapters.discord.places import Asker, Place
from adapters.discord.references import pictures_behind, pictures_in
from adapters.discord.remembering import remember, remembered
from adapters.discord.seeing import check_visible, member_of
from adapters.discord.show_here import show_wish, version_linked, version_wished
from adapters.discord.telling import tell_error_soon, tell_soon
from adapters.discord.welcome import HOW_TO_BEGIN
from core.errors import EaselError, Unavailable
from core.session import keys
from core.session.links import MessageLink
from core.session.models import FileRef, Turn, Version
from core.turns.request import IncomingFile

_NAMED = 5

log = structlog.get_logger(__name__)


def install(client: EaselClient, front: Front) -> None:
    """Listen to messages."""
    client.listen("message", Messages(client, front).heard)


class Messages:
    """Hears every message that the gateway tells of, or that was missed and is read later."""

    def __init__(self, client: discord.Client, front: Front) -> None:
        self._client = client
        self._front = front

    async def heard(self, message: discord.Message) -> None:
        """Accept a turn where a message asks for one. Raises Unavailable: it may be heard again."""
        said = heard(message, self._client, hears=self._front.hears)
        if said is None or not _may_be_ours(said):
            return
        try:
            await self._take(said)
        except Unavailable:
            raise
        except EaselError as problem:
            log.info("discord_refused_a_person", code=problem.code, detail=problem.admin)
            tell_error_soon(self._front, message, problem)
        except Exception:
            tell_error_soon(self._front, message, SORRY)
            raise

    async def _take(self, said: Heard) -> None:
        link, known = await asyncio.gather(self._linked(said), self._known(said))
        directed = said.direct or said.mentioned or said.to_us or link is not None
        if not directed and (known is None or said.addressed):
            return
        await self._complete(said.message)
        asker = asker_of_message(said.message, self._client)
        rules = await rules_of(self._front, asker.place)
        if not directed and rules.listen == "mention":
            return
        if not said.words and not said.pictures and said.linked is None and said.under is None:
            await check_person(self._front, asker, rules)
            self._tell_of_nothing(said, directed)
            return
        turn = await _Taking(self._front, self._client, said, asker, link, known).take()
        if said.direct and known is None and link is None:
            session = await self._front.desk.session(turn.session_id)
            await self._front.links.alias(asker.place.thread_key(), session.thread)
        if said.others:
            names = escaped(", ".join(said.others[:_NAMED]), 600)
            tell_soon(self._front, said.message, f"I left out what is no picture: {names}")

    async def _linked(self, said: Heard) -> MessageLink | None:
        """What the message of ours is about that this is a reply to."""
        if not said.reply_to:
            return None
        return await self._front.links.linked(_place(said).message_key(said.reply_to))

    async def _known(self, said: Heard) -> str | None:
        """The thread key of the session of a thread, or of a direct conversation, if it has one."""
        if not (said.in_thread or said.direct):
            return None
        known = await self._front.links.known(_place(said).thread_key())
        return known or await self._begun(said)

    async def _begun(self, said: Heard) -> str | None:
        """The same for a thread that we opened a moment ago: the message from which it was opened,
        which has its id, leads to the session before the thread itself does."""
        channel = said.message.channel
        if not isinstance(channel, discord.Thread) or not self._is_ours(channel):
            return None
        link = await _link_of_start(self._front, channel)
        if link is not None:
            return (await self._front.desk.session(link.session)).thread
        return await remembered(self._front, channel.parent_id, channel.id)

    def _is_ours(self, thread: discord.Thread) -> bool:
        return self._client.user is not None and thread.owner_id == self._client.user.id

    async def _complete(self, message: discord.Message) -> None:
        """What the gateway did not tell: a thread that was asleep; who somebody is in a server,
        for messages that were read later."""
        told = cast("Any", message)
        if message.guild is None:
            return
        if isinstance(message.channel, discord.PartialMessageable):
            with contextlib.suppress(discord.DiscordException):
                told.channel = await self._client.fetch_channel(message.channel.id)
        if not isinstance(message.author, discord.Member):
            told.author = await member_of(message.guild, str(message.author.id)) or message.author

    def _tell_of_nothing(self, said: Heard, directed: bool) -> None:
        """Neither words nor pictures. In a thread that is said once, not at every sticker."""
        markdown = HOW_TO_BEGIN
        if said.others:
            names = escaped(", ".join(said.others[:_NAMED]), 600)
            markdown = f"That is no picture: {names}. Send PNG, JPEG or WebP, or say it in words."
        once = "" if directed else f"{said.message.channel.id}:nothing"
        tell_soon(self._front, said.message, markdown, once=once)


class _Taking:
    """One message that is for us, on its way to a turn.

    `link` is what the message is about that it is a reply to, `known` the thread key of the session
    of its thread or conversation.
    """

    def __init__(
        self,
        front: Front,
        client: discord.Client,
        said: Heard,
        asker: Asker,
        link: MessageLink | None,
        known: str | None,
    ) -> None:
        self._front = front
        self._client = client
        self._said = said
        self._asker = asker
        self._link = link
        self._known = known

    async def take(self) -> Turn:
        """Accept the turn. Raises what accepting raises, and errors about what is linked to."""
        said, place = self._said, self._asker.place
        thread = await remember(self._front, place, await self._thread())
        asker = replace(self._asker, place=self._placed())
        acts_on = self._link.versions[-1] if self._link and self._link.versions else None
        wish = None if said.pictures else show_wish(said.words, said.linked)
        if wish is not None and wish.leads_elsewhere:
            version = await version_wished(self._front, self._client, self._asker, wish)
            own = version.session_id == keys.session_id(thread)
            text = f"show {version.name}{'' if own else ' here'}"
            return await self._accepted(asker, thread, text, brings=None if own else version.id)
        pending, files = await self._pictures()
        return await self._accepted(
            asker, thread, said.words, pending=pending, files=files, acts_on=acts_on
        )

    async def _accepted(self, asker: Asker, thread: str, text: str, **more: Any) -> Turn:
        return await accept(
            self._front, asker, thread=thread, event_keys=(self._said.key,), text=text, **more
        )

    async def _thread(self) -> str:
        """The thread key of the session that the turn belongs to."""
        place = self._asker.place
        if self._link is not None:
            return (await self._front.desk.session(self._link.session)).thread
        if self._known is not None:
            return self._known
        return place.thread_key("" if self._said.in_thread else place.message)

    def _placed(self) -> Place:
        """Where the answer goes; a thread is opened for what begins in a channel."""
        place, message = self._asker.place, self._said.message
        if self._link is not None or message.guild is None:
            return place
        channel: Any = message.channel
        if not isinstance(channel, discord.TextChannel):
            return place
        if not may_open_thread(channel, channel.permissions_for(message.guild.me)):
            return place
        return place.model_copy(update={"opens": thread_name(self._said.words)})

    async def _pictures(self) -> tuple[Sequence[FileRef], Sequence[IncomingFile]]:
        """Its own pictures and those that it links to; without any, those that it is said under."""
        said = self._said
        linked, copies = await self._linked_pictures()
        if said.pictures or linked or copies or self._link is not None:
            return (*said.pictures, *linked), copies
        if said.under is not None:
            there, _ = pictures_in(said.under)
            behind = pictures_behind(str(said.under.channel.id), str(said.under.id))
            return there or (behind,), ()
        return await self._of_the_thread()

    async def _of_the_thread(self) -> tuple[Sequence[FileRef], Sequence[IncomingFile]]:
        """The pictures of the message with which somebody's thread began that is new to us."""
        channel = self._said.message.channel
        if self._known is not None or not isinstance(channel, discord.Thread):
            return (), ()
        link = await _link_of_start(self._front, channel)
        if link is not None and link.versions:
            return (), (await self._copy(await self._front.desk.version(link.versions[-1])),)
        inside = isinstance(channel.parent, discord.ForumChannel)
        start = channel.id if inside else channel.parent_id
        return (pictures_behind(str(start), str(channel.id)),), ()

    async def _linked_pictures(self) -> tuple[Sequence[FileRef], Sequence[IncomingFile]]:
        """The pictures of a message that it links to. Raises NotAllowed."""
        ref = self._said.linked
        if ref is None:
            return (), ()
        version = await version_linked(self._front, self._client, self._asker, ref)
        if version is not None:
            return (), (await self._copy(version),)
        await check_visible(self._client, self._asker, ref.home, ref.channel)
        return (pictures_behind(ref.channel, ref.message),), ()

    async def _copy(self, version: Version) -> IncomingFile:
        data = await self._front.desk.asset_bytes(version.asset.sha256)
        return IncomingFile(name=version.name, data=data)


def _may_be_ours(said: Heard) -> bool:
    """What can be told without asking the store: most of a server's talk ends here."""
    if not said.readable:
        return False
    if said.direct or said.mentioned or said.reply_to:
        return True
    return said.in_thread and not said.addressed


async def _link_of_start(front: Front, thread: discord.Thread) -> MessageLink | None:
    """What the message is about from which a thread was opened, if it is ours."""
    start = Place(guild=str(thread.guild.id), channel=str(thread.parent_id))
    return await front.links.linked(start.message_key(str(thread.id)))


def _place(said: Heard) -> Place:
    guild = said.message.guild
    return Place(guild=str(guild.id) if guild else "", channel=str(said.message.channel.id))

"""“show v3 of LINK here”: a version of another thread, said in a message or named in a command.

Whoever asks must know the picture from where it is: from the session, or from a channel that they
can read.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord

from adapters.chat.access import session_of_version
from adapters.chat.show_here import none_there, shown_number, version_id_in, version_numbered
from adapters.discord.front import Front
from adapters.discord.places import DIRECT, Asker, Place
from adapters.discord.references import MessageRef
from adapters.discord.seeing import check_visible
from core.errors import NotFound
from core.session import keys
from core.session.models import Session, Version


@dataclass(frozen=True)
class ShowWish:
    """What shall be shown: the version with an id, or one of the thread of a linked message."""

    number: int | None = None
    vid: str = ""
    linked: MessageRef | None = None

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it says where to look; else it can only mean the thread in which it is said."""
        return bool(self.vid or self.linked)


def show_wish(words: str, linked: MessageRef | None) -> ShowWish | None:
    """What words without their links ask for; None when they ask for something else."""
    vid, left = version_id_in(words)
    asked, number = shown_number(left)
    if not asked:
        return None
    return ShowWish(number, vid or "", None if vid else linked)


async def version_wished(
    front: Front, client: discord.Client, asker: Asker, wish: ShowWish
) -> Version:
    """Raises NotFound, NotAllowed for what the person may not see, and as calls do."""
    if wish.linked is None:
        if not wish.vid:
            raise none_there()
        return await version_named(front, client, asker, wish.vid)
    sid, version = await _linked(front, client, asker, wish.linked)
    if version is not None and wish.number in (None, version.number):
        return version
    return await version_numbered(front, sid, wish.number)


async def version_named(front: Front, client: discord.Client, asker: Asker, vid: str) -> Version:
    """The version with that id, for somebody who took part in its session and can read it still:
    who has left a channel gets nothing of what went on there since.

    Raises NotAllowed, and NotFound for one that is not theirs as well: ids can be guessed.
    """
    sid = session_of_version(vid)
    if not sid or not await front.links.took_part(asker.place.actor.id, sid):
        raise _none_such()
    session = await front.desk.session(sid)
    home, channel = home_of(session)
    if not session.thread.startswith("discord:"):
        raise _none_such()
    if home != DIRECT:
        await check_visible(client, asker, home, channel)
    return await front.desk.version(vid)


async def version_linked(
    front: Front, client: discord.Client, asker: Asker, ref: MessageRef
) -> Version | None:
    """The version that a linked message of ours shows; None when it shows none of ours.

    Raises NotAllowed when the person may not read the channel of that message.
    """
    try:
        _, version = await _linked(front, client, asker, ref)
    except NotFound:
        return None
    return version


def home_of(session: Session) -> tuple[str, str]:
    """The server in which a session is shown ("@me": none), and the channel."""
    _, home, channel, *_ = (*session.thread.split(":"), "", "")
    return home, session.place.get("channel") or channel


async def _linked(
    front: Front, client: discord.Client, asker: Asker, ref: MessageRef
) -> tuple[str, Version | None]:
    """The session behind a linked message, and the version that the message itself shows."""
    there = Place(guild="" if ref.home == DIRECT else ref.home, channel=ref.channel)
    await _check_seen(front, client, asker, ref)
    link = await front.links.linked(there.message_key(ref.message))
    if link is not None:
        versions = link.versions
        return link.session, await front.desk.version(versions[-1]) if versions else None
    thread = await front.links.known(there.thread_key())
    if thread is None:
        raise none_there()
    return keys.session_id(thread), None


async def _check_seen(front: Front, client: discord.Client, asker: Asker, ref: MessageRef) -> None:
    if ref.home == DIRECT and await _is_own_talk(front, asker.place, ref):
        return
    await check_visible(client, asker, ref.home, ref.channel)


async def _is_own_talk(front: Front, place: Place, ref: MessageRef) -> bool:
    """Whether a linked message is of the person's own conversation with Easel."""
    there = Place(channel=ref.channel)
    link = await front.links.linked(there.message_key(ref.message))
    if link is None:
        return False
    return await front.links.took_part(place.actor.id, link.session)


def _none_such() -> NotFound:
    return NotFound("There is no such version here.", hint="Give a link to its message.")

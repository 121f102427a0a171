"""A version in another channel: in a thread of its own there, where people can go on with it.

Whoever asks must know the picture from where it is: from the session, or from a channel that they
can read; and they must be able to read the channel that they bring it to.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.access import session_of_version
from adapters.slack.accepting import accept
from adapters.slack.access import channel_of
from adapters.slack.front import Front
from adapters.slack.interactions import Press, opening
from adapters.slack.modals import elsewhere_view
from adapters.slack.notes import Note, open_dialog
from adapters.slack.places import Place
from adapters.slack.refusals import SlackRefusal
from adapters.slack.seeing import may_see_channel
from core.errors import NotAllowed, NotFound
from core.session.models import FileRef, Turn, Version


async def ask_where(front: Front, press: Press, version: Version) -> None:
    """Open the dialog that asks for the channel."""
    note = Note(place=press.place, version=version.id)
    await open_dialog(front, press.trigger, elsewhere_view(version.name), note)


async def bring(
    front: Front, place: Place, version: Version, *, opened_by: str, event_keys: Sequence[str]
) -> Turn:
    """Show a version in a new thread of the place's channel. Raises what accepting raises."""
    here = place.model_copy(
        update={
            "thread": "",
            "message": "",
            "opening": opening(place, f"shows {version.name} of another thread here"),
        }
    )
    return await accept(
        front,
        here,
        thread=here.thread_key(opened_by),
        event_keys=event_keys,
        text=f"show {version.name} here",
        brings=version.id,
    )


async def check_target(front: Front, place: Place) -> None:
    """Raises NotAllowed when the person may not read the channel, or Easel is not in it."""
    try:
        api = await front.apis.of(place.team, place.enterprise)
        found = (await api.call("conversations.info", channel=place.channel)).get("channel")
        seen = await may_see_channel(api, place.model_copy(update={"channel": ""}), place.channel)
    except SlackRefusal as refused:
        if refused.needed:
            raise
        found, seen = None, False
    told = found if isinstance(found, dict) else {}
    if not seen or told.get("is_member") is False:
        raise NotAllowed("I'm not in that channel.", hint="Invite me there with /invite @Easel.")
    if told.get("is_archived"):
        raise NotAllowed("That channel is archived.", hint="Choose another.")


async def version_named(front: Front, place: Place, vid: str) -> Version:
    """The version with that id, for somebody who took part in its session and can read it still.

    Raises NotFound, for one that is not theirs as well: ids can be guessed.
    """
    sid = session_of_version(vid)
    if not sid or not await _is_theirs(front, place, sid):
        raise NotFound("There is no such version here.", hint="Give a link to its message.")
    return await front.desk.version(vid)


async def _is_theirs(front: Front, place: Place, sid: str) -> bool:
    """Who has left a private channel gets nothing of what went on there since."""
    if not await front.links.took_part(place.actor.id, sid):
        return False
    session = await front.desk.session(sid)
    if not session.thread.startswith(f"slack:{place.home}:"):
        return False
    api = await front.apis.of(place.team, place.enterprise)
    return await may_see_channel(api, place, channel_of(session))


async def version_linked(front: Front, place: Place, ref: FileRef) -> Version | None:
    """The version that a linked message of ours shows; None when it is no message of ours.

    Raises NotAllowed when the person may not read the channel of that message.
    """
    channel, ts = ref.where.get("channel", ""), ref.where.get("ts", "")
    if not (channel and ts):
        return None
    there = place.model_copy(update={"channel": channel})
    link = await front.links.linked(there.message_key(ts))
    if link is None or not link.versions:
        return None
    await check_seen(front, place, channel)
    return await front.desk.version(link.versions[-1])


async def check_seen(front: Front, place: Place, channel: str) -> None:
    """Raises NotAllowed when the person of a place may not read a channel that they link to."""
    api = await front.apis.of(place.team, place.enterprise)
    if not await may_see_channel(api, place, channel):
        raise NotAllowed("I can't show you that message.", hint="Link to one that you can open.")

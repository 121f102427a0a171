"""“show v3 of LINK here”: which version of another thread is meant, said in a message or a command.

The link leads to a message of ours or to any message of the thread; without a number the picture of
that message is meant, or the one where the thread stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat.show_here import none_there, shown_number, version_id_in, version_numbered
from adapters.slack.bringing import check_seen, version_linked, version_named
from adapters.slack.front import Front
from adapters.slack.places import Place
from core.session import keys
from core.session.models import FileRef, Version


@dataclass(frozen=True)
class ShowWish:
    """What shall be shown: the version with an id, or one of the thread of a linked message."""

    number: int | None = None
    vid: str = ""
    ref: FileRef | None = None

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it says where to look; else it can only mean the thread in which it is said."""
        return bool(self.vid or self.ref)


def show_wish(words: str, linked: Sequence[FileRef]) -> ShowWish | None:
    """What words without their links ask for; None when they ask for something else."""
    vid, left = version_id_in(words)
    asked, number = shown_number(left)
    if not asked:
        return None
    messages = [ref for ref in linked if ref.where.get("ts")]
    if len(linked) != 1 or not messages or vid:
        return ShowWish(number, vid or "")
    return ShowWish(number, ref=messages[0])


async def version_wished(front: Front, place: Place, wish: ShowWish) -> Version:
    """Raises NotFound, NotAllowed for what the person may not see, and as calls do."""
    if wish.ref is None:
        if not wish.vid:
            raise none_there()
        return await version_named(front, place, wish.vid)
    version = await version_linked(front, place, wish.ref)
    if version is not None and wish.number in (None, version.number):
        return version
    sid = version.session_id if version else await _session_of(front, place, wish.ref)
    return await version_numbered(front, sid, wish.number)


async def _session_of(front: Front, place: Place, ref: FileRef) -> str:
    """The session of the thread in which a linked message stands."""
    await check_seen(front, place, ref.where["channel"])
    there = place.model_copy(
        update={
            "channel": ref.where["channel"],
            "thread": ref.where.get("thread") or ref.where["ts"],
        }
    )
    thread = await front.links.known(there.thread_key())
    if thread is None:
        raise none_there()
    return keys.session_id(thread)

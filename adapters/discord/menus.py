"""Menus under our messages, and the buttons that ask or tell: Upscale, More, Edit another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from adapters.chat import enlarging
from adapters.chat.deeds import turned_to, unknown_choice
from adapters.chat.values import More, read_choice
from adapters.discord import dialogs, reporting
from adapters.discord.access import check_may_ask, check_may_stop, turn_of, version_of
from adapters.discord.answering import taken_up, tell
from adapters.discord.deleting import ask_delete
from adapters.discord.details import details_card
from adapters.discord.front import Front
from adapters.discord.presses import Press, leave
from adapters.discord.repeating import repeat
from adapters.discord.turn_buttons import say
from core.errors import NotAllowed


async def enlarge(front: Front, press: Press) -> None:
    """Enlarge at once, or ask by which model."""
    scale, vid = read_choice(press.value)
    if words := enlarging.words_for(scale):
        await say(front, press, words, vid)
        return
    version, session = await version_of(front, press, vid)
    if scale != "model":
        raise unknown_choice()
    await dialogs.ask_enlarge(front, press.interaction, thread=session.thread, version=version.id)


async def more(front: Front, press: Press) -> None:
    """Whatever else there is to do with a version."""
    choice, vid = read_choice(press.value)
    deed = next((deed for name, deed in _MORE.items() if name == choice), None)
    if deed is None:
        raise unknown_choice()
    await deed(front, press, vid)


async def instead(front: Front, press: Press) -> None:
    """Let a turn act on another version; one that runs already is stopped and begun anew."""
    turn, session = await turn_of(front, press, press.ref)
    version, _ = await version_of(front, press, press.value)
    if version.session_id != session.id:
        raise unknown_choice()
    await check_may_stop(front, press.asker, turn)
    await check_may_ask(front, press.asker)
    keys = press.keys("instead")
    if await turned_to(front, turn, version, keys):
        await leave(press)
        return
    new = await repeat(front, press.asker, turn, session, keys, acts_on=version.id)
    await taken_up(front, press.interaction, new)


async def edit(front: Front, press: Press) -> None:
    """Ask what shall change."""
    await _edit(front, press, press.ref)


async def full(front: Front, press: Press) -> None:
    """Where the picture is as it was made."""
    await _full(front, press, press.ref)


async def _edit(front: Front, press: Press, vid: str) -> None:
    version, session = await version_of(front, press, vid)
    await dialogs.ask_edit(front, press.interaction, thread=session.thread, version=version.id)


async def _edit_from(front: Front, press: Press, vid: str) -> None:
    version, _ = await version_of(front, press, vid)
    await say(front, press, f"use {version.name}", vid)


async def _transparent(front: Front, press: Press, vid: str) -> None:
    await say(front, press, "transparent", vid)


async def _vary(front: Front, press: Press, vid: str) -> None:
    await say(front, press, "variations", vid)


async def _details(front: Front, press: Press, vid: str) -> None:
    version, _ = await version_of(front, press, vid)
    names = [(await front.desk.version(parent)).name for parent in version.parents]
    await tell(press.interaction, "", details_card(version, names))


async def _show(front: Front, press: Press, vid: str) -> None:
    version, _ = await version_of(front, press, vid)
    await dialogs.ask_where(front, press.interaction, version)


async def _workspace(front: Front, press: Press, vid: str) -> None:
    await _linked(front, press, vid, "Open this session in the workspace")


async def _full(front: Front, press: Press, vid: str) -> None:
    await _linked(front, press, vid, "Open the picture as it was made, in the workspace")


async def _linked(front: Front, press: Press, vid: str, words: str) -> None:
    """A link that logs this person in, which only they are told."""
    version, _ = await version_of(front, press, vid)
    await check_may_ask(front, press.asker)  # on the page nothing asks for the channel's rules
    link = front.link_to(version.session_id, press.place.actor)
    if link is None:
        raise NotAllowed(
            "There are no links into the workspace here.",
            hint="Whoever runs Easel can set EASEL_PUBLIC_URL and EASEL_SECRET_KEY.",
        )
    await tell(press.interaction, f"[{words}](<{link}>). The link is yours alone.")


async def _report(front: Front, press: Press, vid: str) -> None:
    await version_of(front, press, vid)
    await reporting.ask(front, press)


async def _delete(front: Front, press: Press, vid: str) -> None:
    version, _ = await version_of(front, press, vid)
    await ask_delete(front, press, version)


_MORE: Mapping[More, Callable[[Front, Press, str], Awaitable[None]]] = {
    "edit": _edit,
    "edit_from": _edit_from,
    "transparent": _transparent,
    "vary": _vary,
    "details": _details,
    "show": _show,
    "full": _full,
    "workspace": _workspace,
    "report": _report,
    "delete": _delete,
}

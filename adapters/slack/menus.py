"""Menus under our messages: Upscale, More, and which picture a turn shall act on instead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from adapters.chat import enlarging
from adapters.chat.deeds import turned_to, unknown_choice
from adapters.chat.values import read_choice
from adapters.slack import buttons
from adapters.slack.accepting import check_person, rules_of
from adapters.slack.access import turn_of, version_of
from adapters.slack.answering import tell
from adapters.slack.bringing import ask_where
from adapters.slack.details import details_view
from adapters.slack.escaping import escaped
from adapters.slack.front import Front
from adapters.slack.interactions import Press
from adapters.slack.modals import delete_view, enlarge_view
from adapters.slack.notes import Note, open_dialog
from adapters.slack.pressing import on, say
from adapters.slack.repeating import repeat
from core.errors import NotAllowed


def install(app: AsyncApp, front: Front) -> None:
    on(app, front, buttons.UPSCALE, enlarge)
    on(app, front, buttons.MORE, more)
    on(app, front, buttons.INSTEAD, instead)


async def enlarge(front: Front, press: Press) -> None:
    """Enlarge at once, or ask by which model."""
    scale, vid = read_choice(press.value)
    if words := enlarging.words_for(scale):
        await say(front, press, words, vid)
        return
    version, session = await version_of(front, press, vid)
    if scale != "model":
        raise unknown_choice()
    view = enlarge_view(front.catalog.cards(), files=False)
    note = Note(place=press.place, thread=session.thread, version=version.id)
    await open_dialog(front, press.trigger, view, note)


async def more(front: Front, press: Press) -> None:
    """Whatever else there is to do with a version."""
    choice, vid = read_choice(press.value)
    version, _ = await version_of(front, press, vid)
    deed = _MORE.get(choice)
    if deed is None:
        raise unknown_choice()
    await deed(front, press, version.id)


async def instead(front: Front, press: Press) -> None:
    """Let a turn act on another version; one that runs already is stopped and begun anew."""
    ref, vid = read_choice(press.value)
    turn, session = await turn_of(front, press, ref)
    version, _ = await version_of(front, press, vid)
    await check_person(front, press.place, await rules_of(front, press.place))
    keys = press.keys("instead")
    if not await turned_to(front, turn, version, keys):
        await repeat(front, press.place, turn, session, keys, acts_on=version.id)


async def _edit_from(front: Front, press: Press, vid: str) -> None:
    version, _ = await version_of(front, press, vid)
    await say(front, press, f"use {version.name}", vid)


async def _transparent(front: Front, press: Press, vid: str) -> None:
    await say(front, press, "transparent", vid)


async def _vary(front: Front, press: Press, vid: str) -> None:
    await say(front, press, "variations", vid)


async def _details(front: Front, press: Press, vid: str) -> None:
    version = await front.desk.version(vid)
    names = [(await front.desk.version(parent)).name for parent in version.parents]
    api = await front.apis.of(press.place.team, press.place.enterprise)
    await api.call("views.open", trigger_id=press.trigger, view=details_view(version, names))


async def _show(front: Front, press: Press, vid: str) -> None:
    await ask_where(front, press, await front.desk.version(vid))


async def _delete(front: Front, press: Press, vid: str) -> None:
    version = await front.desk.version(vid)
    note = Note(place=press.place, message=press.message, version=vid)
    await open_dialog(front, press.trigger, delete_view(version.name), note)


async def _workspace(front: Front, press: Press, vid: str) -> None:
    version = await front.desk.version(vid)
    # On the page nothing asks for the rules of the channel.
    await check_person(front, press.place, await rules_of(front, press.place))
    link = front.link_to(version.session_id, press.place.actor)
    if link is None:
        raise NotAllowed(
            "There are no links into the workspace here.",
            hint="Whoever runs Easel can set EASEL_PUBLIC_URL and EASEL_SECRET_KEY.",
        )
    words = f"<{escaped(link, 2_000)}|Open this session in the workspace>. The link is yours alone."
    tell(front, press.place, words)


_MORE: Mapping[str, Callable[[Front, Press, str], Awaitable[None]]] = {
    "edit_from": _edit_from,
    "transparent": _transparent,
    "vary": _vary,
    "details": _details,
    "show": _show,
    "delete": _delete,
    "workspace": _workspace,
}

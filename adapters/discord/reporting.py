"""Reports: what somebody finds wrong with a picture, told to the moderators where they want it.

The report is a message with buttons, which name what they are about, so that they work as long as
the message stands. They are for moderators: whoever may not delete messages, or not shut people
out, is told so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import discord
from discord import ButtonStyle, ui

from adapters.chat.words import one_line
from adapters.discord import buttons
from adapters.discord.accepting import rules_of
from adapters.discord.access import from_elsewhere
from adapters.discord.answering import answered, tell
from adapters.discord.asking import asker_of
from adapters.discord.blocking import shut_out
from adapters.discord.dialogs import REASON_LETTERS, ask_reason
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.layout import FAILED, QUIET, Text, card
from adapters.discord.notes import Note
from adapters.discord.places import Place
from adapters.discord.presses import Press, leave, restate
from adapters.discord.refusals import DiscordRefusal
from adapters.discord.removing import take_away
from adapters.discord.rest import Outgoing
from adapters.discord.seeing import member_of, permissions
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.session.models import Actor

Handled = Literal["delete", "block", "dismiss"]

_AGAIN_SECONDS = 24 * 3600.0
_NAME = 80


async def ask(front: Front, press: Press) -> None:
    """Ask for the reason. Raises NotAllowed where nobody would read it."""
    await front.blocks.check(press.place.workspace, press.place.actor.id)
    await _channel(front, press.interaction)
    await ask_reason(front, press.interaction, press.message)


async def report(
    front: Front, interaction: discord.Interaction[Any], note: Note, reason: object
) -> None:
    """Tell the moderators of a message, once for each who reports it. Raises NotAllowed."""
    words = reason.strip()[:REASON_LETTERS] if isinstance(reason, str) else ""
    if not words:
        raise BadInput("Say what is wrong with it.", hint="Open it again.")
    place = asker_of(interaction).place
    await front.blocks.check(place.workspace, place.actor.id)
    channel = await _channel(front, interaction)
    link = await front.links.linked(place.message_key(note.message))
    if link is None:
        raise NotFound("That message is gone already.", hint="There is nothing left to report.")
    author = (await front.desk.turn(link.session, link.turn)).actor
    once = f"discord:reported:{place.message_key(note.message)}:{place.user}"
    if not await front.kept.set(once, "1", seconds=_AGAIN_SECONDS, fresh=True):
        raise Conflict("You have reported that already.", hint="The moderators know of it.")
    await answered(interaction, interaction.response.defer(ephemeral=True, thinking=True))
    view = _card(place, note.message, author, words)
    nonce = hashlib.sha256(once.encode()).hexdigest()[:25]
    try:
        await front.rest.send(channel, Outgoing(view), nonce=nonce)
    except DiscordRefusal as refused:
        await front.kept.delete(once)
        raise NotAllowed(
            "I can't write into the channel for reports.",
            hint="Tell a moderator about the picture, and about that.",
            admin=refused.admin,
        ) from None
    await tell(interaction, "Thank you. The moderators are told.")


async def handle(front: Front, press: Press) -> None:
    """A moderator's decision. Raises NotAllowed."""
    name, _, about = press.ref.partition("/")
    deed = next((deed for each, deed in _HANDLING.items() if each == name), None)
    message = press.interaction.message
    me = press.interaction.client.user
    own = message is not None and me is not None and message.author.id == me.id
    if deed is None or not own or not press.place.guild:
        raise from_elsewhere(press)
    if not press.asker.moderator:
        raise NotAllowed("Reports are for moderators.", hint="Leave it to one of them.")
    await leave(press)  # Discord is asked for what it takes, and that may have to wait
    said = await deed(front, press, about)
    who = escaped(one_line(press.place.user_name, _NAME), 2 * _NAME)
    await restate(press, _decided(press, f"-# {said} by {who}.", last=name == "dismiss"))


async def _channel(front: Front, interaction: discord.Interaction[Any]) -> str:
    """The channel for reports. Raises NotAllowed where there is none in this server."""
    place, guild = asker_of(interaction).place, interaction.guild
    reports = (await rules_of(front, place)).reports if place.guild and place.present else None
    channel = (reports or "").rpartition(":")[2]
    if guild is None or not _is_in(guild, channel):
        raise NotAllowed(
            "Nobody has set a channel for reports here.",
            hint="Tell a moderator; they can set one with /settings.",
        )
    return channel


def _is_in(guild: discord.Guild, channel: str) -> bool:
    return channel.isdecimal() and guild.get_channel_or_thread(int(channel)) is not None


def _card(place: Place, message: str, author: Actor, reason: str) -> ui.LayoutView:
    text = Text()
    link = f"https://discord.com/channels/{place.home}/{place.channel}/{message}"
    text.say(f"**A picture was reported:** [open the message]({link})")
    user = author.id.rpartition(":")[2]
    text.say(f"Asked for by {_person(author.name, user)}")
    text.say(f"Reported by {_person(place.user_name, place.user)}")
    text.say(escaped(reason, 2 * REASON_LETTERS))
    row: ui.ActionRow[Any] = ui.ActionRow(
        _button("Delete it", f"delete/{place.channel}/{message}", ButtonStyle.danger),
        *([_button("Block who asked", f"block/{user}")] if user.isdecimal() else []),
        _button("Dismiss", "dismiss/"),
    )
    return card(FAILED, text.block(), [row])


def _person(name: str, user: str) -> str:
    said = escaped(one_line(name, _NAME), 2 * _NAME) or "somebody"
    return f"{said} (<@{user}>)" if user.isdecimal() else said


def _button(label: str, ref: str, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[Any]:
    return ui.Button(label=label, style=style, custom_id=buttons.custom_id(buttons.REPORT, ref))


def _decided(press: Press, line: str, *, last: bool) -> ui.LayoutView:
    """The report with what became of it, and with the buttons that are left."""
    message = press.interaction.message
    shown = ui.LayoutView.from_message(message, timeout=None) if message else ui.LayoutView()
    said = [part.content for part in shown.walk_children() if isinstance(part, ui.TextDisplay)]
    left = [
        ui.Button[Any](label=part.label, style=part.style, custom_id=part.custom_id)
        for part in shown.walk_children()
        if isinstance(part, ui.Button) and not last and part.custom_id != _pressed(press)
    ]
    text = Text()
    for each in (*said, line):
        text.say(each)
    rows: list[ui.Item[Any]] = [ui.ActionRow(*left)] if left else []
    return card(QUIET, text.block(), rows)


def _pressed(press: Press) -> str:
    return buttons.custom_id(press.action, press.ref)


async def _delete(front: Front, press: Press, about: str) -> str:
    """Delete the message; only where the moderator may do so by hand as well."""
    channel, _, message = about.partition("/")
    there = press.place.model_copy(update={"channel": channel})
    if await front.links.linked(there.message_key(message)) is None:
        return "It was gone already, seen"
    guild, member = press.interaction.guild, press.interaction.user
    found = guild.get_channel_or_thread(int(channel)) if guild else None
    if (
        not isinstance(member, discord.Member)
        or not (permissions(found, member) if found else member.guild_permissions).manage_messages
    ):
        raise NotAllowed(
            "You can't delete messages in that channel.", hint="Ask a moderator who can."
        )
    await take_away(front, there, message)
    return "Deleted"


async def _block(front: Front, press: Press, about: str) -> str:
    guild = press.interaction.guild
    person = await member_of(guild, about) if guild else None
    if person is None:
        raise NotFound("That person is not in this server.", hint="There is nobody to shut out.")
    fresh = await shut_out(front, press.interaction, person)
    return "Who asked was blocked" if fresh else "Who asked is blocked already, seen"


async def _dismiss(front: Front, press: Press, about: str) -> str:
    return "Dismissed"


_HANDLING: Mapping[Handled, Callable[[Front, Press, str], Awaitable[str]]] = {
    "delete": _delete,
    "block": _block,
    "dismiss": _dismiss,
}

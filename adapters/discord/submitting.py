"""Dialogs that people send: found by the names of their notes, in any process.

What a dialog is about stands in its note with us. What was filled in is looked at again here, since
a client may send anything; Discord has no place beside an input to say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.chat.filled_in import (
    CHANNEL,
    FILES,
    MODEL,
    SCALE,
    WORDS,
    InInput,
    enlarging_model,
    instruction,
    scale_words,
)
from adapters.discord import buttons, reporting
from adapters.discord.accepting import accept, rules_of
from adapters.discord.answering import answered, kindly, taken_up, tell
from adapters.discord.asking import asker_of
from adapters.discord.bringing import bring
from adapters.discord.filled import Filled
from adapters.discord.front import Front
from adapters.discord.notes import Kind, Note, note_named
from adapters.discord.places import Asker
from adapters.discord.references import given
from adapters.discord.starting import begin
from adapters.discord.targets import Target, do_to
from core.errors import BadInput, NotFound
from core.instruction.plan import TurnOptions
from core.session.models import FileRef

_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A dialog as it was sent. `name` is that of its note."""

    interaction: discord.Interaction[Any]
    asker: Asker
    name: str
    note: Note
    filled: Filled


async def submitted(front: Front, interaction: discord.Interaction[Any]) -> None:
    """Do what a dialog asked about, or say why not."""
    async with kindly(front, interaction):
        told: Any = interaction.data or {}
        action, name = buttons.read_custom_id(str(told.get("custom_id") or ""))
        asker = asker_of(interaction)
        note = await note_named(front, asker.place, name if action == buttons.DIALOG else "")
        deed = _DEEDS.get(note.kind)
        if deed is None:
            raise NotFound("I don't know that dialog any more.", hint="Open it again.")
        try:
            await deed(front, Sent(interaction, asker, name, note, Filled(interaction)))
        except InInput as problem:  # the dialog is closed by now
            again = problem.hint or "Open it again."
            raise BadInput(problem.message, hint=again) from None


async def edit(front: Front, sent: Sent) -> None:
    """Change a version, or pictures of a message."""
    words = instruction(sent.filled.one(WORDS), min(_MOST_WORDS, front.limits.max_prompt))
    pending = (*sent.note.pending, *_given(front, sent))
    await _do(front, sent, words, pending)


async def enlarge(front: Front, sent: Sent) -> None:
    """Enlarge a version, the pictures of a message, or the one that is given."""
    words = scale_words(sent.filled.one(SCALE))
    rules = await rules_of(front, sent.asker.place)
    cards = front.catalog.within(rules.models or ()).cards()
    wish = TurnOptions(model=enlarging_model(sent.filled.one(MODEL), cards))
    note = sent.note
    if note.pending:
        target = Target(note.message, note.thread, pending=note.pending)
        await do_to(front, sent.interaction, target, "enlarge", words, wish)
    else:
        await _do(front, sent, words, _picture(front, sent), wish)


async def cut_out(front: Front, sent: Sent) -> None:
    """Make the background of the picture transparent that is given."""
    await _do(front, sent, "transparent", _picture(front, sent))


async def show_elsewhere(front: Front, sent: Sent) -> None:
    """Show a version in another channel. Discord is asked what people may do there, so that it is
    acknowledged before."""
    channel = sent.filled.one(CHANNEL)
    if not isinstance(channel, str) or sent.note.version is None:
        raise InInput(CHANNEL, "Choose a channel.")
    version = await front.desk.version(sent.note.version)
    interaction = sent.interaction
    await answered(interaction, interaction.response.defer(ephemeral=True, thinking=True))
    once = sent.note.place.interaction
    turn = await bring(front, interaction, channel, version, once=once)
    await tell(interaction, f"{version.name} stands in <#{turn.place['channel']}> in a moment.")


async def report(front: Front, sent: Sent) -> None:
    """Tell the moderators."""
    await reporting.report(front, sent.interaction, sent.note, sent.filled.one(WORDS))


async def _do(
    front: Front,
    sent: Sent,
    words: str,
    pending: Sequence[FileRef],
    options: TurnOptions | None = None,
) -> None:
    """Accept the turn: of the version's session, or one that begins with these pictures.

    A dialog is sent once, however often we hear of it.
    """
    note, interaction = sent.note, sent.interaction
    if note.version is None:
        await begin(
            front, interaction, sent.asker, note.kind, text=words, pending=pending, options=options
        )
        return
    turn = await accept(
        front,
        sent.asker,
        thread=note.thread,
        event_keys=(f"discord:dialog:{sent.name}",),
        text=words,
        acts_on=note.version,
        pending=pending,
        options=options,
    )
    await taken_up(front, interaction, turn)


def _picture(front: Front, sent: Sent) -> list[FileRef]:
    """The picture that is given, where the dialog is about none. Raises InInput, BadPicture."""
    if sent.note.version is not None:
        return []
    pictures = _given(front, sent)
    if not pictures:
        raise InInput(FILES, "Add a picture.")
    return pictures[:1]


def _given(front: Front, sent: Sent) -> list[FileRef]:
    return given(sent.filled.files(FILES), front.limits)


_DEEDS: Mapping[Kind, Callable[[Front, Sent], Awaitable[None]]] = {
    "edit": edit,
    "enlarge": enlarge,
    "cut_out": cut_out,
    "elsewhere": show_elsewhere,
    "report": report,
}

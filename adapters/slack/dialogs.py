"""Dialogs that people send: checked in place, and accepted before the dialog closes.

What a dialog is about stands in its note with us. What was filled in is looked at again here, since
a client may send anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.chat import filled_in
from adapters.chat.filled_in import InInput, enlarging_model, instruction, scale_words
from adapters.slack import modals
from adapters.slack.accepting import accept, is_admin
from adapters.slack.answering import plain_words_of
from adapters.slack.bringing import bring, check_target
from adapters.slack.front import Front
from adapters.slack.identity import Identity
from adapters.slack.interactions import Body, opening, view_of
from adapters.slack.modals import chosen, said
from adapters.slack.notes import Note, note_of
from adapters.slack.places import Place
from adapters.slack.reactions import take_away
from adapters.slack.references import file_refs
from core.errors import EaselError, NotAllowed
from core.instruction.plan import TurnOptions
from core.session.models import FileRef

Deed = Callable[[Front, Note, Body], Awaitable[None]]


def install(app: AsyncApp, front: Front) -> None:
    deeds: dict[str, Deed] = {
        modals.EDIT: edit,
        modals.ENLARGE: enlarge,
        modals.CUT_OUT: cut_out,
        modals.ELSEWHERE: show_elsewhere,
        modals.DELETE: delete,
    }
    for callback, deed in deeds.items():
        _on(app, front, callback, deed)


def _on(app: AsyncApp, front: Front, callback: str, deed: Deed) -> None:
    async def sent(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        try:
            await deed(front, await note_of(front, body, identity), body)
        except EaselError as problem:
            await _refuse(ack, problem, _MAIN.get(callback))
        else:
            await ack()

    app.view(callback)(sent)


_MAIN = {
    modals.EDIT: filled_in.WORDS,
    modals.ENLARGE: filled_in.SCALE,
    modals.CUT_OUT: filled_in.FILES,
    modals.ELSEWHERE: filled_in.CHANNEL,
}
"""Beside which input it is said what is wrong with none in particular."""


async def _refuse(ack: AsyncAck, problem: EaselError, main: str | None) -> None:
    """Say what is wrong; what was filled in stays."""
    name = problem.name if isinstance(problem, InInput) else main
    if name is not None:
        await ack(response_action="errors", errors={name: plain_words_of(problem)})
    else:
        view = said("That did not work", problem.message, problem.hint)
        await ack(response_action="update", view=view)


async def edit(front: Front, note: Note, body: Body) -> None:
    """Change the picture of a message."""
    words = instruction(chosen(body, filled_in.WORDS), front.limits.max_prompt)
    await accept(
        front,
        note.place,
        thread=note.thread,
        event_keys=(_key(body, 0),),
        text=words,
        acts_on=note.version,
        pending=note.pending,
    )


async def enlarge(front: Front, note: Note, body: Body) -> None:
    """Enlarge a version, the pictures of a message, or those given in the dialog."""
    words = scale_words(chosen(body, filled_in.SCALE))
    model = enlarging_model(chosen(body, filled_in.MODEL), front.catalog.cards())
    await _each(front, note, body, words, TurnOptions(model=model))


async def cut_out(front: Front, note: Note, body: Body) -> None:
    """Make the background of pictures transparent that are given in the dialog."""
    await _each(front, note, body, "transparent", TurnOptions())


async def show_elsewhere(front: Front, note: Note, body: Body) -> None:
    """Show a version in another channel."""
    channel = chosen(body, filled_in.CHANNEL)
    if not isinstance(channel, str) or note.version is None:
        raise InInput(filled_in.CHANNEL, "Choose a channel.")
    place = note.place.model_copy(update={"channel": channel})
    try:
        await check_target(front, place)
        version = await front.desk.version(note.version)
        await bring(front, place, version, opened_by=view_of(body), event_keys=(_key(body, 0),))
    except NotAllowed as refused:
        raise InInput(filled_in.CHANNEL, refused.message, refused.hint) from None


async def delete(front: Front, note: Note, body: Body) -> None:
    """Take away a message of ours, for the one who asked for it, or an admin."""
    link = await front.links.linked(note.place.message_key(note.message))
    if link is None:
        return
    turn = await front.desk.turn(link.session, link.turn)
    if turn.actor.id != note.place.actor.id and not await is_admin(front, note.place):
        raise NotAllowed(
            "Only the one who asked for this picture, or an admin, may delete its message.",
            hint=f"Ask {turn.actor.name}." if turn.actor.name else "",
        )
    await take_away(front, note.place, note.message)


async def _each(front: Front, note: Note, body: Body, words: str, options: TurnOptions) -> None:
    """One turn for each picture; those from the dialog get a thread of their own."""
    if note.version is not None:
        return await _one(front, note, (_key(body, 0),), words, options)
    if note.pending:
        for number, ref in enumerate(note.pending):
            key = (_key(body, number),)
            await _one(front, note, key, words, options, pending=(ref,))
        return None
    given = _given(front, body)
    place = opened(note.place, words, len(given))
    new = note.model_copy(
        update={"place": place, "thread": place.thread_key(view_of(body)), "pending": given}
    )
    return await _each(front, new, body, words, options)


async def _one(
    front: Front,
    note: Note,
    event_keys: Sequence[str],
    words: str,
    options: TurnOptions,
    pending: Sequence[FileRef] = (),
) -> None:
    await accept(
        front,
        note.place,
        thread=note.thread,
        event_keys=event_keys,
        text=words,
        acts_on=note.version,
        pending=pending,
        options=options,
    )


def opened(place: Place, words: str, pictures: int = 1) -> Place:
    """The place of turns that open a thread of their own in the channel."""
    about = f"{words}, {pictures} pictures" if pictures > 1 else words
    return place.model_copy(update={"opening": opening(place, about)})


def _given(front: Front, body: Body) -> tuple[FileRef, ...]:
    """The pictures of the dialog. Raises InInput."""
    pictures, others = file_refs(chosen(body, filled_in.FILES))
    if others:
        raise InInput(filled_in.FILES, f"{others[0]} is no picture that I read.", "Take it out.")
    if not pictures:
        raise InInput(filled_in.FILES, "Add at least one picture.")
    most = min(modals.MOST_FILES, front.limits.max_files)
    if len(pictures) > most:
        raise InInput(filled_in.FILES, f"{len(pictures)} pictures are too many.", f"Add {most}.")
    return pictures


def _key(body: Body, number: int) -> str:
    """A dialog is sent once, however often we hear of it."""
    return f"slack:dialog:{view_of(body)}:{number}"

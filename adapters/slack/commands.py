"""Slash commands: a picture in a thread of its own, enlarging, cutting out, and words.

Slack tells a command no thread, so that each begins one in the channel. What is only for the person
comes as the answer to the command.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.chat.enlarging import scale_of
from adapters.chat.meaning import check_means
from adapters.chat.show_here import version_id_in
from adapters.slack.accepting import accept
from adapters.slack.bringing import bring, version_linked, version_named
from adapters.slack.dialogs import opened
from adapters.slack.front import Front
from adapters.slack.identity import Identity
from adapters.slack.interactions import Body, place_of_command, trigger_of, words_of_command
from adapters.slack.modals import View, cut_out_view, enlarge_view
from adapters.slack.notes import Note, open_dialog
from adapters.slack.places import Place
from adapters.slack.references import linked_refs
from adapters.slack.settings_view import open_settings
from adapters.slack.show_here import show_wish, version_wished
from adapters.slack.words_for import help_words, models_words, usage_words
from core.instruction.plan import Cutout, Upscale
from core.session.models import FileRef, Version
from core.turns.request import IncomingFile

Command = Callable[[Front, Body, Place], Awaitable[str]]
"""Gives what the person reads, as markup; empty when the thread says it all."""


def install(app: AsyncApp, front: Front) -> None:
    for name, command in {"/easel": easel, "/upscale": upscale, "/cutout": cutout}.items():
        _on(app, front, name, command)


def _on(app: AsyncApp, front: Front, name: str, command: Command) -> None:
    async def typed(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        said = await command(front, body, place_of_command(body, identity))
        if said:
            await ack(response_type="ephemeral", text=said)
        else:
            await ack()

    app.command(name)(typed)


async def easel(front: Front, body: Body, place: Place) -> str:
    """Draw, or answer in words."""
    words = words_of_command(body)
    match words.lower():
        case "" | "help":
            return help_words()
        case "usage":
            return await usage_words(front, place)
        case "models":
            return models_words(front.catalog.cards())
        case "settings":
            await open_settings(front, place, trigger_of(body))
            return ""
    refs, text = linked_refs(words)
    if wish := show_wish(text, refs):
        version = await version_wished(front, place, wish)
        trigger = trigger_of(body)
        await bring(front, place, version, opened_by=trigger, event_keys=(_key(body, 0),))
        return ""
    await _begin(front, body, opened(place, text or "a picture"), text, pending=refs)
    return ""


async def upscale(front: Front, body: Body, place: Place) -> str:
    """Enlarge what is linked to, or ask for pictures."""
    words, refs, versions = await _named(front, body, place)
    if not refs and not versions:
        scale = scale_of(words)
        view = enlarge_view(front.catalog.cards(), files=True, scale=scale)
        return await _ask(front, body, place, view)
    words = words or "2x"
    check_means(words, Upscale, "I enlarge “2x”, “4x” or “to 4K”, then a link to a message.")
    return await _do(front, body, place, words, refs, versions)


async def cutout(front: Front, body: Body, place: Place) -> str:
    """Cut out what is linked to, or ask for pictures."""
    words, refs, versions = await _named(front, body, place)
    if not refs and not versions:
        return await _ask(front, body, place, cut_out_view())
    words = words or "transparent"
    check_means(words, Cutout, "Give a link to a message with a picture, and nothing else.")
    return await _do(front, body, place, words, refs, versions)


async def _ask(front: Front, body: Body, place: Place, view: View) -> str:
    await open_dialog(front, trigger_of(body), view, Note(place=place))
    return ""


async def _named(
    front: Front, body: Body, place: Place
) -> tuple[str, list[FileRef], list[Version]]:
    """What else was typed, the files and messages that it links to, and versions of ours.

    Raises NotFound and NotAllowed for versions that the person may not see.
    """
    refs, words = linked_refs(words_of_command(body))
    vid, words = version_id_in(words)
    versions = [await version_named(front, place, vid)] if vid else []
    others: list[FileRef] = []
    for ref in refs:
        version = await version_linked(front, place, ref)
        if version is None:
            others.append(ref)
        else:
            versions.append(version)
    return words.strip(), others, versions


async def _do(
    front: Front,
    body: Body,
    place: Place,
    words: str,
    refs: Sequence[FileRef],
    versions: Sequence[Version],
) -> str:
    """One turn for each picture, in one new thread."""
    there = opened(place, words, len(refs) + len(versions))
    for number, ref in enumerate(refs):
        await _begin(front, body, there, words, number, pending=(ref,))
    for number, version in enumerate(versions, start=len(refs)):
        data = await front.desk.asset_bytes(version.asset.sha256)
        copy = IncomingFile(name=version.name, data=data)
        await _begin(front, body, there, words, number, files=(copy,))
    return ""


async def _begin(
    front: Front,
    body: Body,
    place: Place,
    words: str,
    number: int = 0,
    *,
    pending: Sequence[FileRef] = (),
    files: Sequence[IncomingFile] = (),
) -> None:
    """Accept a turn in the thread that a command opens; `number` tells its turns apart."""
    await accept(
        front,
        place,
        thread=place.thread_key(trigger_of(body)),
        event_keys=(_key(body, number),),
        text=words,
        pending=pending,
        files=files,
    )


def _key(body: Body, number: int) -> str:
    return f"slack:command:{trigger_of(body)}:{number}"

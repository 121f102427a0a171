"""Dialogs: what they ask. Each must be the first answer to a command or a press.

A dialog carries the name of a note and nothing else that is trusted; what is sent of it is found by
that name, in any process (`submitting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import discord
from discord import ui

from adapters.chat.enlarging import LABELS, USUAL, WORDS, upscalers
from adapters.chat.filled_in import CHANNEL, FILES, MODEL, SCALE
from adapters.chat.filled_in import WORDS as TYPED
from adapters.chat.values import Scale
from adapters.chat.words import one_line
from adapters.discord import buttons
from adapters.discord.accepting import check_person, rules_of
from adapters.discord.access import check_may_ask
from adapters.discord.answering import answered
from adapters.discord.asking import asker_of
from adapters.discord.front import Front
from adapters.discord.notes import Note, keep
from core.engines.port import ModelCard
from core.engines.wording import price_words
from core.session.models import FileRef, Version

Interaction = discord.Interaction[Any]

REASON_LETTERS = 500
_TITLE, _OPTION = 45, 100
_MOST_TYPED, _MOST_FILES, _MOST_OPTIONS = 4_000, 10, 25
_PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]


async def ask_edit(
    front: Front,
    interaction: Interaction,
    *,
    thread: str = "",
    version: str | None = None,
    pending: Sequence[FileRef] = (),
) -> None:
    """What shall change in a version, or in pictures of a message. Raises NotAllowed."""
    asker = asker_of(interaction)
    await check_may_ask(front, asker)
    dialog = edit_dialog(
        most_words=min(_MOST_TYPED, front.limits.max_prompt),
        most_files=min(_MOST_FILES, front.limits.max_files - len(pending)),
    )
    note = Note(
        kind="edit", place=asker.place, thread=thread, version=version, pending=tuple(pending)
    )
    await _open(front, interaction, dialog, note)


async def ask_enlarge(
    front: Front,
    interaction: Interaction,
    *,
    thread: str = "",
    message: str = "",
    version: str | None = None,
    pending: Sequence[FileRef] = (),
    scale: Scale = "2x",
    model: str = USUAL,
) -> None:
    """How much larger, and by which model; without a picture, also which one. Raises NotAllowed.

    `scale` and `model` are chosen at first.
    """
    asker = asker_of(interaction)
    rules = await rules_of(front, asker.place)
    await check_person(front, asker, rules)
    cards = front.catalog.within(rules.models or ()).cards()
    dialog = enlarge_dialog(cards, files=not (version or pending), scale=scale, model=model)
    note = Note(
        kind="enlarge",
        place=asker.place,
        thread=thread,
        message=message,
        version=version,
        pending=tuple(pending),
    )
    await _open(front, interaction, dialog, note)


async def ask_cut_out(front: Front, interaction: Interaction) -> None:
    """Which picture shall be cut out. Raises NotAllowed."""
    asker = asker_of(interaction)
    await check_may_ask(front, asker)
    dialog = _dialog("Cut out background", _upload("The picture", most=1))
    await _open(front, interaction, dialog, Note(kind="cut_out", place=asker.place))


async def ask_where(front: Front, interaction: Interaction, version: Version) -> None:
    """In which channel a version shall be shown. Raises NotAllowed."""
    asker = asker_of(interaction)
    await check_may_ask(front, asker)
    note = Note(kind="elsewhere", place=asker.place, version=version.id)
    await _open(front, interaction, elsewhere_dialog(version.name), note)


async def ask_reason(front: Front, interaction: Interaction, message: str) -> None:
    """Why a message is reported."""
    note = Note(kind="report", place=asker_of(interaction).place, message=message)
    await _open(front, interaction, report_dialog(), note)


def edit_dialog(*, most_words: int, most_files: int) -> ui.Modal:
    """Words, and as many pictures to take something from as there is room for."""
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id=TYPED,
        style=discord.TextStyle.paragraph,
        placeholder="make the mug navy, keep the rest",
        max_length=most_words,
    )
    parts = [ui.Label[Any](text="What shall I change?", component=typed)]
    if most_files > 0:
        parts.append(
            _upload(
                "Pictures to take something from",
                "A logo, a colour, a style: say in your words which is which.",
                most=most_files,
                required=False,
            )
        )
    return _dialog("Edit with Easel", *parts)


def enlarge_dialog(
    cards: Sequence[ModelCard], *, files: bool, scale: Scale = "2x", model: str = USUAL
) -> ui.Modal:
    """`cards` are the models that may be used; `files`: the picture is given in the dialog."""
    scales: ui.RadioGroup[Any] = ui.RadioGroup(
        custom_id=SCALE,
        options=[
            discord.RadioGroupOption(label=LABELS[name], value=name, default=name == scale)
            for name in get_args(Scale)
            if name in WORDS
        ],
    )
    models: ui.Select[Any] = ui.Select(custom_id=MODEL, options=_models(cards, model))
    return _dialog(
        "Upscale",
        *([_upload("The picture", most=1)] if files else []),
        ui.Label(text="How much larger?", component=scales),
        ui.Label(text="By which model?", component=models),
    )


def elsewhere_dialog(name: str) -> ui.Modal:
    """`name` is that of a version."""
    chosen: ui.ChannelSelect[Any] = ui.ChannelSelect(custom_id=CHANNEL, channel_types=_PLACES)
    label: ui.Label[Any] = ui.Label(
        text=one_line(f"Where shall I show {name}?", _TITLE),
        description="It stands there with all its buttons, and replies go on with it.",
        component=chosen,
    )
    return _dialog("Show elsewhere", label)


def report_dialog() -> ui.Modal:
    """Why a picture is reported."""
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id=TYPED, style=discord.TextStyle.paragraph, max_length=REASON_LETTERS
    )
    label: ui.Label[Any] = ui.Label(
        text="What is wrong with it?",
        description="The moderators of this server read it, with your name.",
        component=typed,
    )
    return _dialog("Report this picture", label)


async def _open(front: Front, interaction: Interaction, dialog: ui.Modal, note: Note) -> None:
    """Keep a note and open the dialog that carries its name."""
    dialog.custom_id = buttons.custom_id(buttons.DIALOG, await keep(front, note))
    dialog.stop()  # discord.py need not remember it
    await answered(interaction, interaction.response.send_modal(dialog))


def _dialog(title: str, *parts: ui.Label[Any]) -> ui.Modal:
    dialog = ui.Modal(title=title)
    for part in parts:
        dialog.add_item(part)
    return dialog


def _upload(label: str, words: str = "", *, most: int, required: bool = True) -> ui.Label[Any]:
    files: ui.FileUpload[Any] = ui.FileUpload(
        custom_id=FILES, required=required, min_values=1 if required else 0, max_values=most
    )
    return ui.Label(text=label, description=words or None, component=files)


def _models(cards: Sequence[ModelCard], chosen: str) -> list[discord.SelectOption]:
    able = [card for card in upscalers(cards) if len(card.id) <= _OPTION]
    able.sort(key=lambda card: card.id != chosen)  # there may be more than a menu takes
    offered = {USUAL: "The usual one"}
    offered |= {card.id: f"{card.title}, {price_words(card)}" for card in able}
    first = chosen if chosen in offered else USUAL
    return [
        discord.SelectOption(label=one_line(words, _OPTION), value=id, default=id == first)
        for id, words in list(offered.items())[:_MOST_OPTIONS]
    ]

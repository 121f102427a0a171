"""/imagine and /edit: a picture from words, and another from a picture and words."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.discord import completing
from adapters.discord.answering import kindly
from adapters.discord.asking import asker_of, may_open_thread
from adapters.discord.front import Front
from adapters.discord.markup import thread_name
from adapters.discord.places import Asker
from adapters.discord.references import given
from adapters.discord.starting import begin, go_on, session_here
from adapters.discord.welcome import say_what_is_unheard
from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.grammar import understand
from core.instruction.plan import Generate, Step, TurnOptions

Words = app_commands.Range[str, 1, 6000]
"""As much as Discord lets people type into an option."""
Name = app_commands.Range[str, 1, 100]
Seed = app_commands.Range[int, 0, 4_294_967_295]
Count = app_commands.Range[int, 1, 10]

_OPENING = "/imagine "
"""Words that begin so ask for a new picture, whatever else they could mean."""

_WISHES = {
    "model": T("The model that draws; the usual one if you leave it out"),
    "size": T("The shape (3:2, 16:9 …) or the pixels (1536x1024)"),
    "style": T("The look: choose one, or type your own words"),
    "transparent": T("Whether the background shall be transparent"),
    "seed": T("A number: with the same one some models draw the same again"),
    "count": T("How many pictures"),
}


def imagine(front: Front) -> app_commands.Command[Any, ..., Any]:
    """Draw a new picture; in a channel it opens a thread."""

    @app_commands.command(name=T("imagine"), description=T("Draw a picture from your words"))
    @app_commands.describe(
        prompt=T("What the picture shows: the subject, the setting, the light"),
        image=T("A picture to draw from: a product, a face, a style"),
        image2=T("A second picture to draw from"),
        image3=T("A third picture to draw from"),
        **_WISHES,
    )
    @app_commands.autocomplete(
        model=completing.drawing_models(front), size=completing.sizes, style=completing.styles
    )
    async def command(
        interaction: discord.Interaction[Any],
        prompt: Words,
        image: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        model: Name | None = None,
        size: Name | None = None,
        style: Name | None = None,
        transparent: bool | None = None,
        seed: Seed | None = None,
        count: Count | None = None,
    ) -> None:
        async with kindly(front, interaction):
            wishes = wishes_of(model, size, transparent, seed, count)
            images = [image, image2, image3]
            await _imagine(front, interaction, _styled(prompt, style), images, wishes)

    return command


def edit(front: Front) -> app_commands.Command[Any, ..., Any]:
    """Change a picture: one that is given, or the one at which the thread stands."""

    @app_commands.command(name=T("edit"), description=T("Change a picture in your own words"))
    @app_commands.describe(
        instruction=T("What shall change; everything else stays"),
        image=T("The picture to change; in a thread of mine, its newest one if you leave it out"),
        image2=T("A picture to take something from: a logo, a colour, a style"),
        image3=T("Another picture to take something from"),
        **{name: words for name, words in _WISHES.items() if name not in ("style", "count")},
    )
    @app_commands.autocomplete(model=completing.drawing_models(front), size=completing.sizes)
    async def command(
        interaction: discord.Interaction[Any],
        instruction: Words,
        image: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        model: Name | None = None,
        size: Name | None = None,
        transparent: bool | None = None,
        seed: Seed | None = None,
    ) -> None:
        async with kindly(front, interaction):
            wishes = wishes_of(model, size, transparent, seed, None)
            await _edit(front, interaction, instruction, [image, image2, image3], wishes)

    return command


def wishes_of(
    model: str | None,
    size: str | None,
    transparent: bool | None,
    seed: int | None,
    count: int | None,
) -> TurnOptions:
    """What was asked for beside the words. Raises BadInput for a size that is none."""
    shape = completing.size_wish(size) if size else TurnOptions()
    named = model.strip() if model else None
    return shape.under(
        TurnOptions(model=named or None, transparent=transparent, seed=seed, n=count)
    )


async def _imagine(
    front: Front,
    interaction: discord.Interaction[Any],
    prompt: str,
    images: Sequence[discord.Attachment | None],
    options: TurnOptions,
) -> None:
    pending = given(images, front.limits)
    asker = _opening(interaction, prompt)
    goes_on = bool(asker.place.parent) and await session_here(front, asker.place) is not None
    text = _for_a_new_picture(prompt, Context(has_head=goes_on, attachments=len(pending)))
    await begin(front, interaction, asker, "imagine", text=text, pending=pending, options=options)
    if asker.place.opens:
        await say_what_is_unheard(front, asker.place)


async def _edit(
    front: Front,
    interaction: discord.Interaction[Any],
    instruction: str,
    images: Sequence[discord.Attachment | None],
    options: TurnOptions,
) -> None:
    pending = given(images, front.limits)
    understand(instruction, Context(has_head=True, attachments=len(pending)))
    if not pending:
        asker = asker_of(interaction)
        await go_on(front, interaction, asker, "edit", text=instruction, options=options)
        return
    asker = _opening(interaction, instruction)
    await begin(
        front, interaction, asker, "edit", text=instruction, pending=pending, options=options
    )
    if asker.place.opens:
        await say_what_is_unheard(front, asker.place)


def _opening(interaction: discord.Interaction[Any], words: str) -> Asker:
    """Who asks, with the thread that their answer opens, where one may be opened."""
    asker = asker_of(interaction)
    may = asker.place.present and may_open_thread(interaction.channel, interaction.app_permissions)
    return asker_of(interaction, opens=thread_name(words)) if may else asker


def _styled(prompt: str, style: str | None) -> str:
    """The words with those of the style after them."""
    look = (style or "").strip()
    return f"{prompt}, {look} style" if look else prompt


def _for_a_new_picture(prompt: str, context: Context) -> str:
    """Words that draw a new picture there. Raises BadInput for settings in them that are none."""
    plain: tuple[Step, ...] = ()
    with contextlib.suppress(BadInput):
        plain = understand(prompt, context).steps
    if plain == (Generate(prompt=prompt.strip()),):
        return prompt
    opened = f"{_OPENING}{prompt}"
    return prompt if understand(opened, context).steps == plain else opened

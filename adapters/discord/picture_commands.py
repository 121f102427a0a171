"""/upscale, /cutout and /vary: done to a picture that is given, or to the one at which a thread
stands; where there is none, the first two ask for it.

The answer stands in place; replies to it go on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.chat.enlarging import USUAL, WORDS, scale_of, upscalers
from adapters.chat.meaning import check_means
from adapters.discord import completing
from adapters.discord.accepting import rules_of
from adapters.discord.answering import kindly
from adapters.discord.asking import asker_of
from adapters.discord.dialogs import ask_cut_out, ask_enlarge
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.references import given
from adapters.discord.starting import begin, go_on, has_picture, session_here
from core.errors import BadInput
from core.instruction.plan import TurnOptions, Upscale

Name = app_commands.Range[str, 1, 100]
Count = app_commands.Range[int, 1, 10]

_GIVEN = T("The picture; in a thread of mine, its newest one if you leave it out")
_USUAL_SCALE = "2x"


def upscale(front: Front) -> app_commands.Command[Any, ..., Any]:
    """Enlarge."""

    @app_commands.command(name=T("upscale"), description=T("Make a picture larger and sharper"))
    @app_commands.describe(
        image=_GIVEN,
        scale=T("How much larger: 2x, 4x, to 4K; 2x if you leave it out"),
        model=T("The model that enlarges; the usual one if you leave it out"),
    )
    @app_commands.autocomplete(scale=completing.scales, model=completing.enlarging_models(front))
    async def command(
        interaction: discord.Interaction[Any],
        image: discord.Attachment | None = None,
        scale: Name | None = None,
        model: Name | None = None,
    ) -> None:
        async with kindly(front, interaction):
            words = scale_words(scale or _USUAL_SCALE)
            named = await enlarging_model(front, asker_of(interaction).place, model)
            wish = TurnOptions(model=named)
            if await _lacks_picture(front, interaction, image):
                chosen = scale_of(words)
                await ask_enlarge(front, interaction, scale=chosen, model=wish.model or USUAL)
            else:
                await _done(front, interaction, "upscale", words, [image], wish)

    return command


def cutout(front: Front) -> app_commands.Command[Any, ..., Any]:
    """Make the background transparent."""

    @app_commands.command(
        name=T("cutout"), description=T("Cut out the subject: a truly transparent background")
    )
    @app_commands.describe(image=_GIVEN)
    async def command(
        interaction: discord.Interaction[Any], image: discord.Attachment | None = None
    ) -> None:
        async with kindly(front, interaction):
            if await _lacks_picture(front, interaction, image):
                await ask_cut_out(front, interaction)
            else:
                await _done(front, interaction, "cutout", "transparent", [image], TurnOptions())

    return command


def vary(front: Front) -> app_commands.Command[Any, ..., Any]:
    """Draw other takes."""

    @app_commands.command(name=T("vary"), description=T("Draw other takes on a picture"))
    @app_commands.describe(image=_GIVEN, count=T("How many; four if you leave it out"))
    async def command(
        interaction: discord.Interaction[Any],
        image: discord.Attachment | None = None,
        count: Count | None = None,
    ) -> None:
        async with kindly(front, interaction):
            await _done(front, interaction, "vary", "variations", [image], TurnOptions(n=count))

    return command


def scale_words(said: str) -> str:
    """What is said in a turn for a scale that was chosen or typed. Raises BadInput."""
    typed = said.strip()
    words = WORDS["4k"] if typed.lower() == "4k" else typed
    check_means(words, Upscale, "Choose how much larger: 2x, 4x or to 4K.")
    return words


async def enlarging_model(front: Front, place: Place, said: str | None) -> str | None:
    """The model that was chosen or typed. Raises BadInput where it does not enlarge there."""
    wanted = (said or "").strip().lower()
    if not wanted:
        return None
    rules = await rules_of(front, place)
    for card in upscalers(front.catalog.within(rules.models or ()).cards()):
        if wanted in {name.lower() for name in (card.id, card.title, *card.aliases)}:
            return card.id
    raise BadInput("That model can't be had for enlarging.", hint="Choose one from the list.")


async def _lacks_picture(
    front: Front, interaction: discord.Interaction[Any], image: discord.Attachment | None
) -> bool:
    """Whether a picture is neither given nor there: it is asked for, then."""
    if image is not None:
        return False
    thread = await session_here(front, asker_of(interaction).place)
    return thread is None or not await has_picture(front, thread)


async def _done(
    front: Front,
    interaction: discord.Interaction[Any],
    deed: str,
    words: str,
    images: Sequence[discord.Attachment | None],
    options: TurnOptions,
) -> None:
    pending = given(images, front.limits)
    asker = asker_of(interaction)
    if pending:
        await begin(front, interaction, asker, deed, text=words, pending=pending, options=options)
    else:
        await go_on(front, interaction, asker, deed, text=words, options=options)

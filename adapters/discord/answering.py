"""Answers that only the person sees, in the place where they typed or pressed.

Discord waits three seconds for the first answer to an interaction and never repeats one. So what
goes wrong is told, and what was accepted is acknowledged even where it was accepted before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from time import monotonic
from typing import Any

import aiohttp
import discord
import structlog
from discord.ui import LayoutView, TextDisplay

from adapters.chat.aside import soon
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.rest import Outgoing
from core.errors import EaselError
from core.policy.quotas import OverQuota, TooSoon
from core.session.models import Turn

log = structlog.get_logger(__name__)

_CAME, _ANSWERED = "easel_came", "easel_answered"
_PAUSE_SECONDS, _LOOKS = 0.5, 60
_LOADING = 1 << 7
"""Flag of a message that is still "thinking"."""
_MOST_MARKDOWN = 3_800
_UNDER_WAY = "That is under way already."
SORRY = EaselError(
    "Something went wrong on my side.", hint="Try again; if it stays so, tell whoever runs Easel."
)


@contextlib.asynccontextmanager
async def kindly(front: Front, interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """What goes wrong within is told to the person, before or after a first answer was given."""
    came = interaction.extras.setdefault(_CAME, monotonic())
    try:
        yield
    except EaselError as problem:
        log.info("discord_refused_a_person", code=problem.code, detail=problem.admin)
        await tell(interaction, words_of(problem))
    except Exception:
        log.exception("discord_interaction_failed")
        await tell(interaction, words_of(SORRY))
    finally:
        if interaction.response.is_done():
            front.heard(interaction.extras.get(_ANSWERED, monotonic()) - came)


async def taken_up(
    front: Front, interaction: discord.Interaction[Any], turn: Turn, *, update: bool = False
) -> None:
    """Acknowledge that a turn was accepted; its answer becomes the response to the interaction.

    `update`: the message that was pressed stays the answer, and nothing new stands below it. Where
    the turn belongs to an earlier interaction (a double click), nothing would ever follow here.
    """
    if turn.place.get("interaction") != str(interaction.id):
        front.doubled()
        await tell(interaction, _UNDER_WAY)
    elif not interaction.response.is_done():
        await answered(interaction, interaction.response.defer(thinking=not update))


async def tell(
    interaction: discord.Interaction[Any], markdown: str, view: LayoutView | None = None
) -> None:
    """Say something to the person alone; what `view` holds stands below it.

    It is a courtesy: where Discord does not take it, it is left out.
    """
    shown = view or LayoutView(timeout=None)
    if markdown:
        shown = _below(markdown, shown)
    shown.stop()  # what is pressed in it is found by its name, in any process
    ways: dict[str, Any] = {
        "view": shown,
        "ephemeral": True,
        "allowed_mentions": discord.AllowedMentions.none(),
    }
    if interaction.response.is_done():
        await answered(interaction, interaction.followup.send(**ways))
    else:
        await answered(interaction, interaction.response.send_message(**ways))


def whisper_soon(front: Front, place: Place, markdown: str) -> None:
    """Tell the person of a place something beside the answer that is under way, once that stands:
    after a deferral, whatever is said first becomes the answer itself."""
    soon("discord_not_whispered", _whisper(front, place, markdown))


def words_of(problem: EaselError) -> str:
    """An error as markdown: what is wrong, then what to do, then when, as each reader's clock."""
    told = " ".join(part for part in (problem.message, problem.hint) if part)
    markdown = escaped(told, _MOST_MARKDOWN)
    if isinstance(problem, TooSoon | OverQuota):
        return f"{markdown}\nIt goes on <t:{int(problem.until) + 1}:R>."
    return markdown


async def answered(interaction: discord.Interaction[Any], answer: Awaitable[object]) -> None:
    """Give a first or later answer; one that Discord does not take is only logged."""
    try:
        await answer
    except (discord.HTTPException, discord.InteractionResponded) as refused:
        log.warning("discord_answer_not_given", detail=str(refused)[:300])
    except (aiohttp.ClientError, TimeoutError, OSError) as problem:
        log.warning("discord_answer_not_given", detail=type(problem).__name__)
    else:
        interaction.extras.setdefault(_ANSWERED, monotonic())


async def _whisper(front: Front, place: Place, markdown: str) -> None:
    for _ in range(_LOOKS):
        await asyncio.sleep(_PAUSE_SECONDS)
        shown = await front.rest.original(place.app, place.token)
        if not int(shown.get("flags") or 0) & _LOADING:
            view = LayoutView(timeout=None)
            view.add_item(TextDisplay[Any](markdown))
            await front.rest.whisper(place.app, place.token, Outgoing(view))
            return


def _below(markdown: str, view: LayoutView) -> LayoutView:
    whole = LayoutView(timeout=None)
    whole.add_item(TextDisplay[Any](markdown))
    for item in view.children:
        whole.add_item(item)
    return whole

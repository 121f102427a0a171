"""/help: what can be done here, with and without hearing every message. Only the person sees it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.discord.accepting import rules_of
from adapters.discord.answering import kindly, tell
from adapters.discord.asking import asker_of
from adapters.discord.front import Front
from adapters.discord.places import Asker

_BEGIN = """### Easel draws and edits pictures
- `/imagine` draws from your words, and from pictures that you add; in a channel it opens a thread.
- `/edit` changes a picture: the one you add, or the newest of the thread.
- `/upscale`, `/cutout`, `/vary`: larger, without its background, or in other ways.
- Right-click (or hold) any message with a picture, then **Apps**: **Edit with Easel**, \
**Upscale**, **Quick upscale**, **Cut out background**."""
_HEARD = "- In a thread of mine every reply is an instruction: say what shall change. In a channel \
mention me, or use **Reply** on one of my pictures: it changes that version."
_UNHEARD = "- To go on, begin your reply with a mention of me, use **Reply** on one of my \
pictures, which changes that version, or press **Edit** under it. I can't read other messages here."
_MENTIONS = "- To go on, mention me in your reply, or use **Reply** on one of my pictures: it \
changes that version."
_DIRECT = "- Here every message to me is an instruction: say what shall change. **Reply** on a \
picture changes that version; `/imagine` begins anew."
_ALONE = "- I am not a member here, so I hear no messages: go on with the buttons under my \
pictures and with the menus."
_WORDS = """- `transparent`, `4x`, `crop to 4:5`, `undo`, `use v2`, `variations`, `recap` do just \
that, and cost little or nothing.
- React with ✅ to approve a picture, with ❌ to take back what you asked for. Edit or delete your \
own message and its instruction follows as long as it waits."""
_MORE = "- `/usage` tells what was spent and what is left to you, `/settings` what holds here."


def help_command(front: Front) -> app_commands.Command[Any, ..., Any]:
    """What can be done here."""

    @app_commands.command(name=T("help"), description=T("See what I can do and how to ask for it"))
    async def command(interaction: discord.Interaction[Any]) -> None:
        async with kindly(front, interaction):
            asker = asker_of(interaction)
            rules = await rules_of(front, asker.place)
            hears = front.hears and rules.listen != "mention"
            await tell(interaction, help_words(asker, can_hear=front.hears, hears=hears))

    return command


def help_words(asker: Asker, *, can_hear: bool, hears: bool) -> str:
    """As markdown. `can_hear`: messages can be read that do not mention us; `hears`: and are."""
    if not asker.place.present:
        going_on = _ALONE
    elif not asker.place.guild:
        going_on = _DIRECT
    elif hears:
        going_on = _HEARD
    else:
        going_on = _MENTIONS if can_hear else _UNHEARD
    return "\n".join([_BEGIN, going_on, _WORDS, _MORE])

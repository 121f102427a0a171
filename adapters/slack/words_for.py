"""What the commands answer in words: help, usage, models. Only the person sees it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.usage import month, usage_lines
from adapters.slack.escaping import escaped
from adapters.slack.front import Front
from adapters.slack.places import Place
from core.engines.operations import DOES
from core.engines.port import ModelCard
from core.engines.wording import price_words

_MOST_MODELS = 25
_LINE = 220

HELP = """*Easel draws and edits pictures in threads.*
• Write `@Easel a red mug on a wooden table`, or to me directly. The thread is the session: reply \
with what shall change, no mention needed.
• Attach pictures, or reply under somebody's picture: `@Easel make it night`.
• `transparent` · `4x` · `crop to 4:5` · `undo` · `use v2` · `variations` · `recap` do just that.
• `/easel a red mug` opens a thread in the channel; `/upscale` and `/cutout` take a link to a \
message, or ask for files.
• On any message with a picture, its menu (⋮) has *Edit with Easel*, *Upscale* and *Cut out \
background*.
• `/easel usage` · `/easel models` · `/easel settings` · `/easel show LINK here`"""


def help_words() -> str:
    """How Easel is used, in a few lines."""
    return HELP


async def usage_words(front: Front, place: Place) -> str:
    """What this person and their workspace have spent this month, and what is left."""
    told = await front.usage()
    channel = place.payer_channel if place.channel else ""
    lines = usage_lines(told, place.actor, channel, ours="Your workspace")
    return "\n".join([f"*{escaped(month(told), 20)}*", *lines])


def models_words(cards: Sequence[ModelCard]) -> str:
    """The models that can be had, what they do and what a picture costs."""
    usable = [card for card in cards if card.usable]
    lines = ["*Models that can be used here* (add `--model NAME` to what you write)"]
    lines += [_model(card) for card in usable[:_MOST_MODELS]]
    if len(usable) > _MOST_MODELS:
        lines.append(f"…and {len(usable) - _MOST_MODELS} more.")
    return "\n".join(lines)


def _model(card: ModelCard) -> str:
    does = card.good_at or ", ".join(
        words for operation, words in DOES.items() if operation in card.capabilities.operations
    )
    said = escaped(f"{card.title}: {does}; {price_words(card)}", _LINE)
    return f"• `{escaped(card.id, 120)}` {said}"

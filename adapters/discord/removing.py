"""Messages of ours that are taken away."""

from __future__ import annotations

from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.refusals import UNKNOWN_MESSAGE, DiscordRefusal, known


async def take_away(front: Front, place: Place, message: str) -> None:
    """Delete a message of ours in the channel of a place. One that is gone already is no error.

    Raises as calls do.
    """
    try:
        await front.rest.call(
            "DELETE",
            "/channels/{channel_id}/messages/{message}",
            channel_id=place.channel,
            message=message,
        )
    except DiscordRefusal as refused:
        if not known(refused, UNKNOWN_MESSAGE):
            raise
    await front.links.unlink(place.message_key(message))

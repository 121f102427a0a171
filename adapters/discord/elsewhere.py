"""What can't be said in its place is said once to the person who asked, where only they read it."""

from __future__ import annotations

import structlog
from discord import ui

from adapters.discord.escaping import escaped
from adapters.discord.layout import FAILED, Item, Text, card
from adapters.discord.places import Place
from adapters.discord.refusals import DiscordLater, DiscordRefusal
from adapters.discord.rest import Outgoing, Rest
from core.session.ledger import Ledger
from core.session.models import Turn

PART = "told"
_LONGEST_URL = 512

log = structlog.get_logger(__name__)


async def tell_elsewhere(
    rest: Rest,
    place: Place,
    turn: Turn,
    refused: DiscordRefusal,
    link: str | None,
    ledger: Ledger,
    *,
    in_response: bool,
) -> None:
    """Tell why there is no answer: `in_response` to the interaction, else in a direct message.

    Told at most once, and not at all where Discord lets nothing through.
    """
    if await ledger.get(PART):
        return
    await ledger.intend(PART)
    view = _words(refused, link)
    try:
        if in_response:
            await rest.whisper(place.app, place.token, Outgoing(view))
        elif place.user:
            await _directly(rest, place.user, turn, view)
    except (DiscordRefusal, DiscordLater) as lost:
        log.warning("not_told", detail=lost.admin, reason=refused.admin)


async def _directly(rest: Rest, user: str, turn: Turn, view: ui.LayoutView) -> None:
    opened = await rest.call("POST", "/users/@me/channels", json={"recipient_id": user})
    await rest.send(str(opened["id"]), Outgoing(view), nonce=f"told {turn.id[:20]}")


def _words(refused: DiscordRefusal, link: str | None) -> ui.LayoutView:
    text = Text()
    hint = f" {escaped(refused.hint, 400)}" if refused.hint else ""
    text.say(f"{escaped(refused.message, 600)}{hint}")
    row: list[Item] = []
    if link and len(link) <= _LONGEST_URL:
        row.append(ui.ActionRow(ui.Button(label="Your pictures are here", url=link)))
    return card(FAILED, text.block(), row)

"""The message of a turn: the response to an interaction, or one that we post; each once, whatever
becomes of the process that sends it.

A response is edited by the token of its interaction: doing that twice is harmless. What we post
carries a nonce, by which Discord gives the message that is there for some minutes. That it is meant
stands in the ledger before it is sent; later than those minutes the channel is looked through for
it: every message of ours has buttons that name its turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.discord.buttons import read_custom_id
from adapters.discord.places import Place, snowflake_at
from adapters.discord.refusals import (
    ARCHIVED,
    TOKEN_OVER,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    DiscordLater,
    DiscordRefusal,
    known,
)
from adapters.discord.rest import Outgoing, Rest
from core.session.ledger import Entry, Ledger
from core.session.models import Turn, now

MESSAGE, ANSWER, TOKEN = "message", "answer", "token"
"""Parts in the ledger: the message of the turn, the one that is posted where that was taken away,
and that the token of the interaction serves no more."""

TOKEN_SECONDS = 14 * 60.0
"""How long a response is edited by its token; Discord lets tokens live for 15 minutes."""
DEFERRAL_SECONDS = 6.0
"""How long after its acceptance a turn's response may be missing: it is deferred after that."""
_DEFERRAL_PAUSE = 0.2
NONCE_SECONDS = 120.0
"""How long the same nonce surely gives the same message ("the past few minutes")."""
_EARLIER_SECONDS = 30.0
"""How far Discord's clock may be behind ours."""
_PAGE, _MOST_PAGES = 100, 5

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Spot:
    """Where a message of ours stands."""

    channel: str
    id: str


class Posts:
    """The message of one turn. Every call raises DiscordRefusal and DiscordLater."""

    def __init__(self, rest: Rest, place: Place, turn: Turn, ledger: Ledger) -> None:
        self._rest = rest
        self._place = place
        self._turn = turn
        self._ledger = ledger

    async def standing(self) -> Spot | None:
        """Where the message of the turn is known to stand."""
        return _spot(await self._ledger.get(MESSAGE))

    async def show(self, message: Outgoing) -> Spot | None:
        """Have the message of the turn say this; None when somebody has taken it away."""
        standing = await self.standing()
        if await self._token_serves():
            try:
                return await self._respond(message, standing)
            except DiscordRefusal as refused:
                if standing and known(refused, UNKNOWN_MESSAGE):
                    return None
                await self._without_token(refused, standing)
        if standing:
            return standing if await self._edited(standing, message) else None
        return await self._posted(MESSAGE, message, self._place.channel, self._place.message)

    async def anew(self, message: Outgoing, channel: str) -> Spot:
        """Have another message say it: the first is not there, or can't be changed, any more."""
        first = await self.standing()
        reply_to = self._place.message if channel == self._place.channel else ""
        if not reply_to and first and first.channel == channel:
            reply_to = first.id
        return await self._posted(ANSWER, message, channel, reply_to)

    async def living_token(self) -> bool:
        """Whether more can be said in response to the interaction: what is said first of all
        becomes the response itself."""
        return await self.standing() is not None and await self._token_serves()

    async def _token_serves(self) -> bool:
        if not self._place.token or self._age() >= TOKEN_SECONDS:
            return False
        return await self._ledger.get(TOKEN) is None

    def _age(self) -> float:
        """Seconds since the turn was accepted, which is some moments after its interaction."""
        return (now() - self._turn.created_at).total_seconds()

    async def _respond(self, message: Outgoing, standing: Spot | None) -> Spot:
        place = self._place

        async def edited() -> dict[str, Any]:
            return await self._rest.edit_original(place.app, place.token, message)

        told = await self._awake(place.channel, edited)
        if standing:
            return standing
        return await self._stands(MESSAGE, str(told.get("channel_id") or ""), told)

    async def _without_token(self, refused: DiscordRefusal, standing: Spot | None) -> None:
        """The response can't be edited by its token: not yet, or never again."""
        over = known(refused, TOKEN_OVER, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE)
        if not over and refused.http_status != 401:
            raise refused
        if standing is None and refused.gone and self._age() < DEFERRAL_SECONDS:
            raise DiscordLater(_DEFERRAL_PAUSE, admin="the response is not deferred yet")
        log.info("token_serves_no_more", turn=self._turn.id, detail=refused.admin)
        await self._ledger.sent(TOKEN, "over")

    async def _edited(self, spot: Spot, message: Outgoing) -> bool:
        """Edit by our own rights; False where the message is not there, or out of our reach."""
        try:
            await self._edit(spot, message)
        except DiscordRefusal as refused:
            away = bool(self._place.token) and refused.http_status in (403, 404)
            if away or known(refused, UNKNOWN_MESSAGE):
                log.info("message_out_of_reach", turn=self._turn.id, detail=refused.admin)
                return False
            raise
        return True

    async def _edit(self, spot: Spot, message: Outgoing) -> None:
        await self._awake(spot.channel, lambda: self._rest.edit(spot.channel, spot.id, message))

    async def _awake(
        self, channel: str, edit: Callable[[], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any]:
        """Edit a message; in a thread that sleeps, once that is woken: new messages do so by
        themselves, edits do not."""
        try:
            return await edit()
        except DiscordRefusal as refused:
            if not (known(refused, ARCHIVED) and self._place.present):
                raise
        await self._rest.call(
            "PATCH", "/channels/{channel_id}", json={"archived": False}, channel_id=channel
        )
        return await edit()

    async def _posted(self, part: str, message: Outgoing, channel: str, reply_to: str) -> Spot:
        """Have a message of our own stand in a channel."""
        if not self._place.present:
            raise DiscordRefusal(TOKEN_OVER, 401, admin="not in that server, and the token is over")
        before = await self._ledger.get(part)
        if spot := _spot(before) or await self._found(part, before):
            await self._edited(spot, message)
            return spot
        entry = before or await self._ledger.intend(part, channel=channel)
        channel = str(entry.facts["channel"])
        nonce = hashlib.sha256(f"{self._turn.id}|{part}".encode()).hexdigest()[:25]
        try:
            told = await self._rest.send(channel, message, nonce=nonce, reply_to=reply_to)
        except (DiscordLater, DiscordRefusal) as failed:
            if before is None and not (isinstance(failed, DiscordLater) and failed.uncertain):
                await self._ledger.forget(part)
            raise
        spot = await self._stands(part, channel, told)
        if before:  # the nonce may have given the message as it was sent at first
            await self._edited(spot, message)
        return spot

    async def _stands(self, part: str, channel: str, told: dict[str, Any]) -> Spot:
        spot = Spot(channel or self._place.channel, str(told["id"]))
        await self._ledger.sent(part, spot.id, channel=spot.channel)
        return spot

    async def _found(self, part: str, entry: Entry | None) -> Spot | None:
        """A message that was meant too long ago for its nonce, if it was sent."""
        if entry is None or now().timestamp() - entry.at < NONCE_SECONDS:
            return None
        channel = str(entry.facts["channel"])
        try:
            told = await self._look(channel, entry.at - _EARLIER_SECONDS)
        except DiscordRefusal as refused:
            log.warning("ledger_not_checked", part=part, detail=refused.admin)
            return None
        return await self._stands(part, channel, told) if told else None

    async def _look(self, channel: str, since: float) -> dict[str, Any] | None:
        own = str((await self._rest.call("GET", "/users/@me"))["id"])
        after = snowflake_at(since)
        for _ in range(_MOST_PAGES):
            page = await self._rest.call(
                "GET",
                "/channels/{channel_id}/messages",
                channel_id=channel,
                params={"after": after, "limit": _PAGE},
            )
            for message in page:
                ours = str(message["author"]["id"]) == own
                if ours and names_turn(message.get("components"), self._turn.id):
                    return dict(message)
            if len(page) < _PAGE:
                return None
            after = str(max(int(message["id"]) for message in page))
        return None


def names_turn(components: Any, turn: str) -> bool:
    """Whether buttons or menus of a message are about a turn."""
    refs = [read_custom_id(name)[1] for name in _custom_ids(components)]
    return any(ref.partition("|")[0].endswith(f"/{turn}") for ref in refs)


def _custom_ids(components: Any) -> Iterator[str]:
    if isinstance(components, dict):
        if isinstance(name := components.get("custom_id"), str):
            yield name
        for part in components.values():
            yield from _custom_ids(part)
    elif isinstance(components, list):
        for part in components:
            yield from _custom_ids(part)


def _spot(entry: Entry | None) -> Spot | None:
    return Spot(str(entry.facts["channel"]), entry.id) if entry and entry.sent else None

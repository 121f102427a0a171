"""Messages of a turn, each posted once, whatever becomes of the process that posts it.

That a message is meant stands in the ledger before it is sent. Where nobody knows whether it was,
Slack is asked: every message carries which turn and which part it is.
"""

from __future__ import annotations

from typing import Any

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.cards import Card
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.session.ledger import Ledger

EVENT_TYPE = "easel_turn"
_EARLIER_SECONDS = 30.0
"""How far Slack's clock may be behind ours."""
_MOST_PAGES = 5
_PAGE = 200
_BAD_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_GONE = ("message_not_found", "cant_update_message")

log = structlog.get_logger(__name__)


class Posts:
    """The messages of one turn in one channel. Every call raises SlackRefusal and SlackLater."""

    def __init__(self, api: SlackApi, channel: str, turn: str, ledger: Ledger) -> None:
        self._api = api
        self._channel = channel
        self._turn = turn
        self._ledger = ledger

    async def post(self, part: str, card: Card, thread: str = "") -> str:
        """Have a message stand in the thread (without one: in the channel); gives its ts."""
        if known := await self.known(part, thread):
            return known
        await self._ledger.intend(part)
        try:
            answer = await self._send("chat.postMessage", card, thread_ts=thread or None,
                                      metadata=self._mark(part))  # fmt: skip
        except SlackLater as later:
            if not later.uncertain:
                await self._ledger.forget(part)
            raise
        except SlackRefusal:
            await self._ledger.forget(part)
            raise
        ts = str(answer["ts"])
        await self._ledger.sent(part, ts)
        return ts

    async def known(self, part: str, thread: str = "") -> str:
        """The ts of a part that was posted; empty when it was not, as far as Slack knows."""
        entry = await self._ledger.get(part)
        if entry is None or entry.sent:
            return entry.id if entry else ""
        found = await self._look(part, thread, entry.at - _EARLIER_SECONDS)
        if found:
            await self._ledger.sent(part, found)
        return found

    async def update(self, ts: str, card: Card, *, spare: bool = False) -> bool:
        """Let a message say something else; False when it is not there any more."""
        try:
            await self._send("chat.update", card, ts=ts, spare=spare)
        except SlackRefusal as refused:
            if refused.slack_error in _GONE:
                return False
            raise
        return True

    async def delete(self, ts: str) -> None:
        """Take a message away; one that is not there is fine."""
        try:
            await self._api.call("chat.delete", channel=self._channel, ts=ts)
        except SlackRefusal as refused:
            if refused.slack_error not in _GONE:
                raise

    async def _send(self, method: str, card: Card, **more: Any) -> dict[str, Any]:
        """With blocks, or with plain words where Slack does not take those."""
        more |= {"channel": self._channel, "text": card.text}
        try:
            return await self._api.call(method, blocks=card.blocks, **more)
        except SlackRefusal as refused:
            if refused.slack_error not in _BAD_BLOCKS:
                raise
            log.error("blocks_refused", method=method, detail=refused.admin)
            return await self._api.call(method, blocks=[], **more)

    def _mark(self, part: str) -> dict[str, Any]:
        return {"event_type": EVENT_TYPE, "event_payload": {"turn": self._turn, "part": part}}

    async def _look(self, part: str, thread: str, oldest: float) -> str:
        """Find a message of ours by its mark; Slack may not let us look, then it is not found."""
        method = "conversations.replies" if thread else "conversations.history"
        cursor = None
        for _ in range(_MOST_PAGES):
            try:
                page = await self._api.call(
                    method, channel=self._channel, oldest=f"{oldest:.6f}", limit=_PAGE,
                    inclusive=True, include_all_metadata=True, cursor=cursor,
                    ts=thread or None,
                )  # fmt: skip
            except SlackRefusal as refused:
                log.warning("ledger_not_checked", part=part, detail=refused.admin)
                return ""
            for message in page.get("messages") or ():
                if self._is_ours(message, part):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return ""

    def _is_ours(self, message: dict[str, Any], part: str) -> bool:
        """Other apps may write any mark, but not as us."""
        own = bool(message.get("bot_id") == self._api.identity.bot_id)
        return own and _same(message.get("metadata"), self._mark(part))


def _same(found: Any, mark: dict[str, Any]) -> bool:
    if not isinstance(found, dict):
        return False
    return all(found.get(name) == value for name, value in mark.items())

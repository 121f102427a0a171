"""What can't be said in its thread is said once to the person who asked, where they can read it."""

from __future__ import annotations

from typing import Any

import structlog

from adapters.slack.api import Apis, SlackApi
from adapters.slack.escaping import escaped, mrkdwn
from adapters.slack.places import Place
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.session.ledger import Ledger

log = structlog.get_logger(__name__)


async def tell_elsewhere(
    apis: Apis, api: SlackApi, place: Place, refused: SlackRefusal, link: str | None, ledger: Ledger
) -> None:
    """Tell why there is no answer: at the response address, else in a direct message.

    Told at most once, and not at all where Slack lets nothing through.
    """
    if await ledger.get("told"):
        return
    await ledger.intend("told")
    hint = f" {escaped(refused.hint, 400)}" if refused.hint else ""
    where = f"\n<{escaped(link, 2_000)}|Your pictures are here>" if link else ""
    words = f"{escaped(refused.message, 600)}{hint}{where}"
    said: dict[str, Any] = {"text": words, "blocks": [{"type": "section", "text": mrkdwn(words)}]}
    try:
        if place.answer_url:
            await apis.answer(place.answer_url, {"response_type": "ephemeral", **said})
        elif place.user:
            opened = await api.call("conversations.open", users=place.user)
            channel = str((opened.get("channel") or {}).get("id") or "")
            await api.call("chat.postMessage", channel=channel, **said)
    except (SlackRefusal, SlackLater) as lost:
        log.warning("not_told", detail=lost.admin, reason=refused.admin)

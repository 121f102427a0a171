"""A person's page of Easel in Slack: made anew whenever they look at it."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.chat.aside import soon
from adapters.slack.front import Front
from adapters.slack.heard import place_of
from adapters.slack.home_sessions import sessions_of
from adapters.slack.home_view import REFRESH, Page, home_view
from adapters.slack.identity import Identity
from adapters.slack.interactions import place_of as place_of_press
from adapters.slack.places import Place
from adapters.slack.refusals import SlackRefusal
from adapters.slack.settings_view import settings_lines
from adapters.slack.words_for import usage_words

log = structlog.get_logger(__name__)

_NOT_SHOWN = "slack_home_not_shown"
_BAD_BLOCKS = ("invalid_arguments", "invalid_blocks", "invalid_blocks_format")


def install(app: AsyncApp, front: Front) -> None:
    """Listen to people who look at their page. It is made after Slack has its answer."""

    async def opened(event: dict[str, Any], identity: Identity) -> None:
        place = place_of(event, identity)
        if event.get("tab") == "home" and place.user:
            soon(_NOT_SHOWN, show_home(front, place))

    async def refresh(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        soon(_NOT_SHOWN, show_home(front, place_of_press(body, identity)))
        await ack()

    app.event("app_home_opened")(opened)
    app.action(REFRESH)(refresh)


async def show_home(front: Front, place: Place) -> None:
    """Show a person their page. Raises SlackRefusal, SlackLater, Unavailable.

    One picture that Slack does not take (not looked at yet, deleted) makes it refuse the whole
    page, so that it is shown without any then.
    """
    api = await front.apis.of(place.team, place.enterprise)
    anywhere = place.model_copy(update={"channel": ""})
    sessions, usage, rules = await asyncio.gather(
        sessions_of(front, api, place),
        usage_words(front, anywhere),
        front.rules.decided(f"slack:{place.home}"),
    )
    page = Page(sessions, usage, settings_lines(front.catalog, rules))
    try:
        await api.call("views.publish", user_id=place.user, view=home_view(page))
    except SlackRefusal as refused:
        if not page.has_pictures or refused.slack_error not in _BAD_BLOCKS:
            raise
        log.info("slack_home_without_pictures", detail=refused.admin)
        view = home_view(page, pictures=False)
        await api.call("views.publish", user_id=place.user, view=view)

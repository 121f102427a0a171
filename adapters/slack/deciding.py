"""Settings that people save: checked where they were filled in, by whoever may decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.chat.aside import soon
from adapters.chat.filled_in import InInput
from adapters.chat.settings import LEFT, LISTEN, MODEL, QUALITY, WHO, check_quality
from adapters.slack import settings_choices as choices
from adapters.slack.accepting import rules_of
from adapters.slack.answering import plain_words_of, tell
from adapters.slack.front import Front
from adapters.slack.home import show_home
from adapters.slack.home_view import SETTINGS
from adapters.slack.identity import Identity
from adapters.slack.interactions import Body, place_of, trigger_of
from adapters.slack.modals import chosen, said
from adapters.slack.notes import note_of
from adapters.slack.places import Place
from adapters.slack.settings_view import (
    IN_CHANNEL,
    IN_WORKSPACE,
    may_decide,
    open_for_workspace,
    settings_lines,
)
from core.engines.catalog import Catalog
from core.errors import EaselError, NotAllowed
from core.policy.rules import Rules


def install(app: AsyncApp, front: Front) -> None:
    async def for_channel(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        async def place() -> Place:
            return (await note_of(front, body, identity)).place

        await _saved(front, ack, body, place)

    async def for_workspace(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        async def place() -> Place:
            return place_of(body, identity).model_copy(update={"channel": ""})

        await _saved(front, ack, body, place)

    async def from_home(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        await open_for_workspace(front, place_of(body, identity), trigger_of(body))
        await ack()

    async def from_channel(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        await open_for_workspace(front, place_of(body, identity), trigger_of(body), over=True)
        await ack()

    app.view(IN_CHANNEL)(for_channel)
    app.view(IN_WORKSPACE)(for_workspace)
    app.action(SETTINGS)(from_home)
    app.action(IN_WORKSPACE)(from_channel)


async def _saved(
    front: Front, ack: AsyncAck, body: Body, place: Callable[[], Awaitable[Place]]
) -> None:
    """Save what was filled in, or say in the dialog what is wrong."""
    try:
        where = await place()
        await decide(front, where, body)
        rules = await rules_of(front, where)
    except InInput as wrong:
        await ack(response_action="errors", errors={wrong.name: plain_words_of(wrong)})
    except EaselError as problem:
        view = said("That was not saved", problem.message, problem.hint)
        await ack(response_action="update", view=view)
    else:
        _told(front, where, rules)
        await ack()


async def decide(front: Front, place: Place, body: Body) -> None:
    """Keep what was filled in for a channel, without one for the workspace; holds from the next
    turn on. Raises InInput, NotAllowed, Unavailable."""
    if not await may_decide(front, place):
        raise NotAllowed(
            "Only admins can change these settings.", hint="Ask an admin or owner to do it."
        )
    workspace = f"slack:{place.home}"
    before = await front.rules.decided(workspace, place.channel)
    rules = filled_in(front.catalog, place.channel, before, body)
    await front.rules.decide(workspace, place.channel, rules)


def filled_in(catalog: Catalog, channel: str, before: Rules, body: Body) -> Rules:
    """What was chosen in the dialog; options that it does not ask for stay. Raises InInput."""
    found = {name: _chosen(body, name, before, catalog) for name in choices.inputs_of(channel)}
    model, quality = found[MODEL], found[QUALITY]
    check_quality(catalog, model, quality)
    options = before.options.model_dump() | {"model": model, "quality": quality}
    return before.changed(options=options, who=found.get(WHO), listen=found.get(LISTEN))


def _chosen(body: Body, name: str, before: Rules, catalog: Catalog) -> str | None:
    """One choice, None where nothing is decided; a client may send anything."""
    value = chosen(body, name)
    if not isinstance(value, str):
        raise InInput(name, "Choose one of the list.")
    if value == LEFT:
        return None
    if value == choices.decided(before, name):
        return value
    if name == MODEL:
        if value in {card.id for card in choices.eligible(catalog.cards())}:
            return value
        raise InInput(name, "That model can't be had just now.", "Choose another.")
    if value in choices.CHOICES[name]:
        return value
    raise InInput(name, "Choose one of the list.")


def _told(front: Front, place: Place, rules: Rules) -> None:
    """Say what holds now: in the channel, or on the page of who decided for the workspace."""
    if place.channel:
        lines = "\n".join(settings_lines(front.catalog, rules))
        tell(front, place, f"Saved, from the next message on.\n{lines}")
    else:
        soon("slack_home_not_shown", show_home(front, place))

"""Settings as a dialog: to be filled in by those who may decide, to be read by everybody else."""

from __future__ import annotations

from typing import Any

from adapters.chat.settings import LABELS, LEFT, MODEL
from adapters.slack import buttons
from adapters.slack import settings_choices as choices
from adapters.slack.accepting import is_admin, rules_of
from adapters.slack.escaping import escaped, mrkdwn, plain
from adapters.slack.front import Front
from adapters.slack.notes import Note, open_dialog
from adapters.slack.places import Place
from adapters.slack.telling import is_direct
from core.engines.catalog import Catalog
from core.policy.rules import Rules

IN_CHANNEL = f"{buttons.SETTINGS}:channel"
IN_WORKSPACE = f"{buttons.SETTINGS}:workspace"
"""Dialogs; the second is also the button that opens it over the first."""

View = dict[str, Any]
_TITLE = "Settings"
_AS_WORKSPACE = "As the workspace"
_VALUE = 300


async def open_settings(front: Front, place: Place, trigger_id: str) -> None:
    """Open the settings of a place's channel; without a channel, those of the whole workspace.

    Raises SlackRefusal, SlackLater, Unavailable.
    """
    if not place.channel:
        return await open_for_workspace(front, place, trigger_id)
    if await may_decide(front, place):
        rules = await front.rules.decided(f"slack:{place.home}", place.channel)
        view = channel_view(front.catalog, place.channel, rules)
    else:
        rules = await rules_of(front, place)
        view = read_only(front.catalog, rules, f"<#{escaped(place.channel, 40)}>")
    await open_dialog(front, trigger_id, view, Note(place=place))
    return None


async def open_for_workspace(
    front: Front, place: Place, trigger_id: str, *, over: bool = False
) -> None:
    """Open what the whole workspace decides; `over`: over a dialog that is open. Raises as above.

    The dialog carries nothing: whoever sends it says by that which workspace it is about.
    """
    rules = await front.rules.decided(f"slack:{place.home}")
    if await may_decide(front, place.model_copy(update={"channel": ""})):
        view = workspace_view(front.catalog, rules)
    else:
        view = read_only(front.catalog, rules, "this workspace")
    api = await front.apis.of(place.team, place.enterprise)
    method = "views.push" if over else "views.open"
    await api.call(method, trigger_id=trigger_id, view=view)


async def may_decide(front: Front, place: Place) -> bool:
    """Whether the person may decide for a channel; without a channel, for the whole workspace.

    A direct conversation is its people's own. Where a whole organisation has Easel, its defaults
    hold in all its workspaces, and an admin of one of them does not decide for the others.
    """
    if is_direct(place.channel):
        return True
    if place.enterprise and not place.channel:
        return await _leads_organisation(front, place)
    return await is_admin(front, place)


def channel_view(catalog: Catalog, channel: str, rules: Rules) -> View:
    """What a channel decides, to be filled in."""
    about = f"These hold in <#{escaped(channel, 40)}>, from the next message on."
    if is_direct(channel):
        about = "These hold in this conversation, from the next message on."
    inputs = [_input(catalog, rules, name, _AS_WORKSPACE) for name in choices.inputs_of(channel)]
    more = {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": IN_WORKSPACE,
                "text": plain("What the workspace has decided…", 75),
            }
        ],
    }
    return _form(IN_CHANNEL, [_section(about), *inputs, more])


def workspace_view(catalog: Catalog, rules: Rules) -> View:
    """What a workspace decides, to be filled in."""
    about = "These hold in all channels that have not decided otherwise, from the next message on."
    inputs = [
        _input(catalog, rules, name, f"As usual: {choices.usual(name, catalog)}")
        for name in choices.inputs_of("")
    ]
    return _form(IN_WORKSPACE, [_section(about), *inputs])


def read_only(catalog: Catalog, rules: Rules, where: str) -> View:
    """What holds, for those who may not decide. `where` is markup."""
    lines = settings_lines(catalog, rules)
    who = "Admins and owners of the workspace can change this, in this same place."
    blocks = [_section(f"In {where}:"), _section("\n".join(lines)), _section(who)]
    return {
        "type": "modal",
        "title": plain(_TITLE, 24),
        "close": plain("Close", 24),
        "blocks": blocks,
    }


def settings_lines(catalog: Catalog, rules: Rules) -> list[str]:
    """What holds, a line of markup each."""
    told = choices.in_words(rules, catalog)
    return [f"*{label}*: {escaped(words, _VALUE)}" for label, words in told.items()]


async def _leads_organisation(front: Front, place: Place) -> bool:
    api = await front.apis.of(place.team, place.enterprise)
    user = (await api.call("users.info", user=place.user)).get("user")
    found = user.get("enterprise_user") if isinstance(user, dict) else None
    told = found if isinstance(found, dict) else {}
    own = place.user_team in ("", place.team)
    return own and bool(told.get("is_admin") or told.get("is_owner"))


def _input(catalog: Catalog, rules: Rules, name: str, left: str) -> dict[str, Any]:
    """An input at its present value. Block and action have the same name."""
    now = choices.decided(rules, name) or LEFT
    element: dict[str, Any] = {"type": "static_select", "action_id": name}
    if name == MODEL:
        groups = choices.model_groups(catalog.cards(), rules.options.model, left)
        options = [option for group in groups for option in group["options"]]
        element["option_groups"] = groups
    else:
        options = element["options"] = choices.options_of(name, left)
    element["initial_option"] = next(option for option in options if option["value"] == now)
    return {
        "type": "input",
        "block_id": name,
        "label": plain(LABELS[name], 200),
        "element": element,
    }


def _form(callback: str, blocks: list[dict[str, Any]]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(_TITLE, 24),
        "submit": plain("Save", 24),
        "close": plain("Cancel", 24),
        "blocks": blocks,
    }


def _section(markup: str) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(markup)}

"""Who may see what in a workspace: a link must not show what its sender could not open.

Easel reads every channel that it is in. The person who pastes a link may not, so that for what is
linked from elsewhere it is asked first. Where that can't be told, the answer is no.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.api import SlackApi
from adapters.slack.places import Place
from adapters.slack.refusals import SlackRefusal

_MOST_PAGES = 5
_PAGE = 1000
_MOST_CHANNELS = 3
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")


async def may_see_channel(api: SlackApi, place: Place, channel: str) -> bool:
    """Whether the person of a place may read a channel.

    Raises SlackLater, and SlackRefusal only for a missing scope.
    """
    if channel == place.channel:
        return True
    try:
        found = (await api.call("conversations.info", channel=channel)).get("channel")
        told = found if isinstance(found, dict) else {}
        if _is_public(told, place) and await _is_full_member(api, place):
            return True
        return await _is_in(api, place.user, channel)
    except SlackRefusal as refused:
        if refused.needed:
            raise
        return False


async def may_see_file(api: SlackApi, place: Place, file: Mapping[str, Any]) -> bool:
    """Whether the person of a place may open a file, by its file object. Raises as above."""
    if file.get("user") == place.user and place.user:
        return True
    channels = [
        channel
        for kind in ("channels", "groups", "ims")
        for channel in (file.get(kind) or ())
        if isinstance(channel, str)
    ]
    if place.channel in channels:
        return True
    for channel in channels[:_MOST_CHANNELS]:
        if await may_see_channel(api, place, channel):
            return True
    return False


def is_of(person: Mapping[str, Any], place: Place) -> bool:
    """Whether Slack's account of a person is that of somebody of the workspace of a place.

    Events do not always say whose people they tell of, and guests of shared channels look like
    others then.
    """
    inside = person.get("enterprise_user")
    teams = inside.get("teams") if isinstance(inside, Mapping) else None
    return person.get("team_id") in (None, "", place.team) or place.team in (teams or ())


def _is_public(channel: Mapping[str, Any], place: Place) -> bool:
    """Whether everybody of the workspace may read a channel. Where a whole organisation has Easel,
    it also sees channels that are public in another workspace only."""
    if channel.get("is_channel") is not True or channel.get("is_private") is not False:
        return False
    teams = (
        channel.get("context_team_id"),
        *(channel.get("shared_team_ids") or ()),
        *(channel.get("internal_team_ids") or ()),
    )
    return not place.enterprise or place.team in teams


async def _is_full_member(api: SlackApi, place: Place) -> bool:
    """Whether this is somebody of the workspace itself, who may enter its public channels."""
    if place.user_team not in ("", place.team):
        return False
    user = (await api.call("users.info", user=place.user)).get("user")
    if not isinstance(user, dict) or not is_of(user, place):
        return False
    return not any(user.get(mark) for mark in _GUEST)


async def _is_in(api: SlackApi, user: str, channel: str) -> bool:
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await api.call("conversations.members", channel=channel, limit=_PAGE, cursor=cursor)
        if user in (page.get("members") or ()):
            return True
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return False

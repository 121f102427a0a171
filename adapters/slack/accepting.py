"""From a place in Slack to an accepted turn: the channel's rules, then the desk."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.front import Front
from adapters.slack.places import Place
from adapters.slack.seeing import is_of
from core.errors import NotAllowed
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from core.session.models import FileRef, Turn
from core.turns.request import IncomingFile, TurnRequest

_ADMIN_SECONDS = 600


async def accept(
    front: Front,
    place: Place,
    *,
    thread: str,
    event_keys: Sequence[str],
    text: str = "",
    pending: Sequence[FileRef] = (),
    files: Sequence[IncomingFile] = (),
    acts_on: str | None = None,
    options: TurnOptions | None = None,
    brings: str | None = None,
    hold_seconds: float = 0.0,
    rules: Rules | None = None,
) -> Turn:
    """Accept a turn where the rules of its channel allow it. `thread` is the session's thread key.

    Raises NotAllowed, and what the desk raises.
    """
    rules = rules or await rules_of(front, place)
    await check_person(front, place, rules)
    return await front.desk.accept(
        TurnRequest(
            thread=thread,
            event_keys=tuple(event_keys),
            actor=place.actor,
            channel=place.payer_channel,
            text=text,
            pending=tuple(pending),
            files=tuple(files),
            acts_on=acts_on,
            options=options or TurnOptions(),
            defaults=rules.options,
            place=place.texts(),
            brings=brings,
            hold_seconds=hold_seconds,
        )
    )


async def rules_of(front: Front, place: Place) -> Rules:
    """What holds in the channel of a place."""
    return await front.rules.rules(f"slack:{place.home}", place.channel)


async def check_person(front: Front, place: Place, rules: Rules) -> None:
    """Raises NotAllowed when the rules leave this person out."""
    if rules.who == "members" and not await is_member(front, place):
        raise NotAllowed(
            "In this channel only members of its own workspace may ask me for pictures.",
            hint="Ask one of them, or write to me in your own workspace.",
        )
    if rules.who == "admins" and not await is_admin(front, place):
        raise NotAllowed(
            "Only admins may ask me for pictures here.",
            hint="Ask an admin to do it, or to change that: /easel settings.",
        )


async def is_member(front: Front, place: Place) -> bool:
    """Whether the person belongs to the workspace; where Easel is in a whole organisation, to that.

    Remembered for ten minutes where Slack had to be asked.
    """
    if place.user_team and place.user_team in (place.team, place.enterprise):
        return True
    if place.user_team and not place.enterprise:
        return False
    name = f"slack:colleague:{place.home}:{place.team}:{place.user}"
    known = await front.kept.get(name)
    if known is None:
        api = await front.apis.of(place.team, place.enterprise)
        person = (await api.call("users.info", user=place.user)).get("user", {})
        told = (person.get("enterprise_user") or {}).get("enterprise_id")
        own = told == place.enterprise if place.enterprise else is_of(person, place)
        known = "1" if own else "0"
        await front.kept.set(name, known, seconds=_ADMIN_SECONDS)
    return known == "1"


async def is_admin(front: Front, place: Place) -> bool:
    """Whether the person is an admin or owner of the workspace; remembered for ten minutes."""
    name = f"slack:admin:{place.home}:{place.team}:{place.user}"
    known = await front.kept.get(name)
    if known is None:
        api = await front.apis.of(place.team, place.enterprise)
        person = (await api.call("users.info", user=place.user)).get("user", {})
        own = place.user_team in ("", place.team) and is_of(person, place)
        known = "1" if own and (person.get("is_admin") or person.get("is_owner")) else "0"
        await front.kept.set(name, known, seconds=_ADMIN_SECONDS)
    return known == "1"

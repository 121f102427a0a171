"""From a place in Discord to an accepted turn: what the community decided, then the desk."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.front import Front
from adapters.discord.places import Asker, Place
from core.errors import EaselError, NotAllowed
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from core.session import keys
from core.session.models import FileRef, Gate, Turn
from core.turns.request import IncomingFile, TurnRequest


async def accept(
    front: Front,
    asker: Asker,
    *,
    thread: str,
    event_keys: Sequence[str],
    text: str = "",
    pending: Sequence[FileRef] = (),
    files: Sequence[IncomingFile] = (),
    acts_on: str | None = None,
    options: TurnOptions | None = None,
    brings: str | None = None,
    rules: Rules | None = None,
    paused: bool = True,
) -> Turn:
    """Accept a turn where the rules of its channel allow it. `thread` is the session's thread key.

    `paused`: the pause between two turns of a person holds; not so for one that is asked for
    together with another.

    Raises NotAllowed (Blocked, TooSoon, OverQuota), and what the desk raises.
    """
    place = asker.place
    rules = rules or await rules_of(front, place)
    await check_person(front, asker, rules)
    request = TurnRequest(
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
        models=rules.models or (),
        gate=_gate(asker, rules),
        place=place.texts(),
        brings=brings,
    )
    return await _counted(front, asker, rules if paused else rules.changed(cooldown=0), request)


async def rules_of(front: Front, place: Place) -> Rules:
    """What holds in the channel of a place; threads follow their channel."""
    return await front.rules.rules(place.workspace, place.payer_channel)


async def check_person(front: Front, asker: Asker, rules: Rules) -> None:
    """Raises NotAllowed when the rules leave this person or this place out."""
    place = asker.place
    await front.blocks.check(place.workspace, place.actor.id)
    if rules.asks_for_roles:
        await front.quotas.remember(place.workspace, place.actor.id, asker.roles)
    if rules.adult_only and not asker.adult:
        raise NotAllowed(
            "Here I answer only in age-restricted channels.", hint="Ask me in one of those."
        )
    if asker.admin or rules.who in (None, "everyone", "members"):
        return
    if rules.who == "roles" and set(asker.roles) & set(rules.roles or ()):
        return
    who = "people with certain roles" if rules.who == "roles" else "those who manage this server"
    raise NotAllowed(f"Here only {who} may ask me for pictures.", hint="Ask one of them.")


def _gate(asker: Asker, rules: Rules) -> Gate:
    return rules.gate or ("off" if asker.adult else "words")


async def _counted(front: Front, asker: Asker, rules: Rules, request: TurnRequest) -> Turn:
    """Accept a turn and count it; what turns out to be no new one does not count."""
    most, cooldown = rules.quota_of(asker.roles), rules.cooldown
    if (most is not None or cooldown) and await _is_known(front, request):
        return await front.desk.accept(request)
    workspace, actor, key = asker.place.workspace, asker.place.actor.id, request.event_keys[0]
    await front.quotas.take(workspace, actor, key, most=most, cooldown=cooldown)
    try:
        turn = await front.desk.accept(request)
    except EaselError:
        await front.quotas.give_back(workspace, actor, key)
        raise
    if _came_by_another(turn, asker.place):
        await front.quotas.give_back(workspace, actor, key)
    return turn


async def _is_known(front: Front, request: TurnRequest) -> bool:
    """Whether the event, or the other half of a double click, is a turn already."""
    sid = keys.session_id(request.thread)
    for key in request.event_keys:
        if await front.desk.claimed(sid, key) is not None:
            return True
    return False


def _came_by_another(turn: Turn, place: Place) -> bool:
    there = Place.of(turn.place)
    return (there.interaction, there.message) != (place.interaction, place.message)

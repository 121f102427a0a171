"""Whether what a button names belongs to where it was pressed, and who may stop whose work.

Names of buttons and values of menus come back from clients, and the ids in them can be guessed. So
each is held against what the store says of the message that it was pressed under, or of its thread;
the names of both begin with the server, so that nothing of another one is ever reached.
"""

from __future__ import annotations

import structlog

from adapters.chat.access import belongs, session_of_version
from adapters.chat.values import TurnRef
from adapters.discord.accepting import check_person, rules_of
from adapters.discord.front import Front
from adapters.discord.places import Asker
from adapters.discord.presses import Press
from core.errors import NotAllowed
from core.session.models import Session, Turn, Version

log = structlog.get_logger(__name__)


async def version_of(front: Front, press: Press, vid: str) -> tuple[Version, Session]:
    """The version that a press names, and its session. Raises NotAllowed, NotFound."""
    session = await _own_session(front, press, session_of_version(vid))
    return await front.desk.version(vid), session


async def turn_of(front: Front, press: Press, named: str) -> tuple[Turn, Session]:
    """The turn that a press names, and its session. Raises NotAllowed, NotFound."""
    ref = TurnRef.read(named)
    session = await _own_session(front, press, ref.session if ref else "")
    return await front.desk.turn(session.id, ref.turn if ref else ""), session


def from_elsewhere(press: Press) -> NotAllowed:
    """The words for a name from elsewhere; it is written down: nobody gets one by chance."""
    log.warning(
        "discord_press_from_elsewhere",
        home=press.place.home,
        user=press.place.user,
        action=press.action,
        about=ascii(f"{press.ref}|{press.value}"[:160]),
    )
    return NotAllowed(
        "That does not belong to this message.",
        hint="Use the buttons under the pictures here.",
    )


async def check_may_ask(front: Front, asker: Asker) -> None:
    """Raises NotAllowed when the rules leave this person or this place out."""
    await check_person(front, asker, await rules_of(front, asker.place))


async def check_may_stop(front: Front, asker: Asker, turn: Turn) -> None:
    """Raises NotAllowed for who neither asked for a turn nor has a part in it."""
    me = asker.place.actor.id
    if turn.actor.id == me or asker.moderator:
        return
    await check_may_ask(front, asker)
    if not await _took_part(front, me, turn.session_id):
        raise NotAllowed(
            "Only those who took part in this, or a moderator, may stop it.",
            hint=f"Ask {turn.actor.name}." if turn.actor.name else "",
        )


async def _took_part(front: Front, actor: str, sid: str) -> bool:
    if await front.links.took_part(actor, sid):
        return True
    return any(turn.actor.id == actor for turn in await front.desk.turns(sid))


async def _own_session(front: Front, press: Press, sid: str) -> Session:
    message, thread = press.place.message_key(press.message), press.place.thread_key()
    if not sid or not await belongs(front.links, sid, message=message, thread=thread):
        raise from_elsewhere(press)
    return await front.desk.session(sid)

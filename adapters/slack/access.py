"""Whether what a button names belongs to the thread in which it was pressed.

Values come back from clients, and the ids in them can be guessed. So each is held against what the
store says of the message that it was pressed under, or of its thread; the names of both begin with
the installation, so that nothing of another workspace is ever reached.
"""

from __future__ import annotations

import structlog

from adapters.chat.access import belongs, session_of_version
from adapters.chat.values import TurnRef
from adapters.slack.front import Front
from adapters.slack.interactions import Press
from adapters.slack.places import Place
from core.errors import NotAllowed
from core.session.models import Session, Turn, Version

log = structlog.get_logger(__name__)


async def version_of(front: Front, press: Press, vid: str) -> tuple[Version, Session]:
    """The version that a value names, and its session. Raises NotAllowed, NotFound."""
    session = await _own_session(front, press, session_of_version(vid))
    return await front.desk.version(vid), session


async def turn_of(front: Front, press: Press, value: str) -> tuple[Turn, Session]:
    """The turn that a value names, and its session. Raises NotAllowed, NotFound."""
    ref = TurnRef.read(value)
    session = await _own_session(front, press, ref.session if ref else "")
    return await front.desk.turn(session.id, ref.turn if ref else ""), session


def refused(press: Press) -> NotAllowed:
    """The words for a value from elsewhere; it is written down, since nobody gets one by chance."""
    place = press.place
    log.warning(
        "slack_value_from_elsewhere",
        home=place.home,
        user=place.user,
        value=ascii(press.value[:160]),
    )
    return NotAllowed(
        "That does not belong to this thread.",
        hint="Use the buttons under the pictures of this thread.",
    )


async def thread_of(front: Front, place: Place) -> str:
    """The thread key of the session of a thread, whether it is there already or not."""
    return await front.links.known(place.thread_key()) or place.thread_key()


def channel_of(session: Session) -> str:
    """The channel in which a session's thread stands."""
    return session.place.get("channel", "") or session.thread.split(":")[2]


async def _own_session(front: Front, press: Press, sid: str) -> Session:
    message, thread = press.place.message_key(press.message), press.place.thread_key()
    if not sid or not await belongs(front.links, sid, message=message, thread=thread):
        raise refused(press)
    return await front.desk.session(sid)

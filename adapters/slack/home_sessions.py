"""The sessions that a person's home page lists: their own, where they may still read the thread."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime

from adapters.chat.made import made
from adapters.slack.accepting import check_person, rules_of
from adapters.slack.access import channel_of
from adapters.slack.api import SlackApi
from adapters.slack.front import Front
from adapters.slack.places import Place
from adapters.slack.refusals import SlackLater, SlackRefusal
from adapters.slack.seeing import may_see_channel
from core.errors import NotAllowed, NotFound
from core.session.models import Session
from core.turns.presenting import Scene

MOST = 8
_LOOKED_AT = 40
_SEEN_SECONDS = 600
_TS = re.compile(r"\d{1,12}\.\d{1,9}")


@dataclass(frozen=True)
class Listed:
    """A session as it is listed. `thread` and `workspace` are links, empty where there is none.

    `picture` is Slack's id of a file that shows where the session stands, empty: not known.
    """

    title: str
    versions: int
    touched: datetime
    thread: str = ""
    workspace: str = ""
    picture: str = ""
    of: str = ""


async def sessions_of(front: Front, api: SlackApi, place: Place) -> list[Listed]:
    """The latest sessions of a person in this installation. Raises SlackLater, Unavailable."""
    sids = await front.links.sessions_of(place.actor.id, _LOOKED_AT)
    found: list[Listed] = []
    for session in await asyncio.gather(*(_session(front, sid) for sid in sids)):
        if len(found) == MOST:
            break
        if session is None or not session.thread.startswith(f"slack:{place.home}:"):
            continue
        if await _may_see(front, api, place, channel_of(session)):
            found.append(await _listed(front, api, place, session))
    return found


async def _session(front: Front, sid: str) -> Session | None:
    try:
        return await front.desk.session(sid)
    except NotFound:
        return None


async def _may_see(front: Front, api: SlackApi, place: Place, channel: str) -> bool:
    """Whether the person may read the channel now; remembered for ten minutes.

    Whoever has left a private channel is shown nothing of what goes on there.
    """
    name = f"slack:sees:{place.home}:{channel}:{place.user}"
    known = await front.kept.get(name)
    if known is None:
        try:
            known = "1" if await may_see_channel(api, place, channel) else "0"
        except (SlackRefusal, SlackLater):
            return False
        await front.kept.set(name, known, seconds=_SEEN_SECONDS)
    return known == "1"


async def _listed(front: Front, api: SlackApi, place: Place, session: Session) -> Listed:
    name, picture = await _picture(front, session)
    return Listed(
        title=session.title,
        versions=session.version_count,
        touched=session.updated_at,
        thread=_thread_link(api.identity.team_url, session),
        workspace=await _page_of(front, place, session),
        picture=picture,
        of=name,
    )


async def _page_of(front: Front, place: Place, session: Session) -> str:
    """A link of the person's own; empty for whom the rules of the channel leave out, since on the
    page nothing asks for those."""
    there = place.model_copy(update={"channel": channel_of(session)})
    try:
        await check_person(front, there, await rules_of(front, there))
    except (NotAllowed, SlackRefusal, SlackLater):
        return ""
    return front.link_to(session.id, place.actor) or ""


def _thread_link(team_url: str, session: Session) -> str:
    """Where the thread is in Slack; empty while a command has not opened it yet."""
    ts = session.place.get("thread", "") or session.thread.rpartition(":")[2]
    if not (team_url and _TS.fullmatch(ts)):
        return ""
    channel = channel_of(session)
    message = f"p{ts.replace('.', '')}"
    return f"{team_url}archives/{channel}/{message}?thread_ts={ts}&cid={channel}"


async def _picture(front: Front, session: Session) -> tuple[str, str]:
    """The name of the head, and Slack's id of the file that shows it, as far as one was sent.

    What is transparent is shown by its view on a checkerboard, which reads on any ground.
    """
    if session.head is None:
        return "", ""
    try:
        head = await front.desk.version(session.head)
        turn = await front.desk.turn(session.id, head.turn_id)
        names = dict.fromkeys((*turn.versions, *turn.shows))
        versions = await asyncio.gather(*(front.desk.version(vid) for vid in names))
    except NotFound:
        return "", ""
    sent = await front.ledger(session.id, turn.id).entries()
    shown = made(Scene(turn, session, tuple(versions)))
    if head not in shown or "result" not in sent:
        return head.name, ""
    entry = sent.get(f"file:{shown.index(head)}")
    if head.asset.alpha:
        views = [version for version in shown if version.asset.alpha]
        number = len(shown) + len(turn.enclosed) + views.index(head)
        entry = sent.get(f"file:{number}") or entry
    return head.name, entry.id if entry else ""

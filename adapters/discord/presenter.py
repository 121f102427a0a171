"""Turns become messages: one for each, from the first sign of it to what it came to.

Each look brings the message to what the turn is by then; the ledger says what stands there already.
So a look may be broken off at any line, and the next one, in this process or another, goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from discord.ui import LayoutView

from adapters.chat.acted_on import left_at, others
from adapters.chat.approving import approvers
from adapters.chat.front import LinkTo
from adapters.chat.made import made
from adapters.discord import cards
from adapters.discord.button_rows import Offers
from adapters.discord.delivery import MOST_REQUEST, Bundle, bundle
from adapters.discord.elsewhere import tell_elsewhere
from adapters.discord.layout import components
from adapters.discord.places import DEFAULT_LIMIT, Place
from adapters.discord.posting import Posts, Spot
from adapters.discord.previews import glimpse
from adapters.discord.refusals import TOO_LARGE, DiscordLater, DiscordRefusal, known
from adapters.discord.rest import Outgoing, Rest
from adapters.discord.threads import Threads
from core.errors import EaselError, Unavailable
from core.session.ledger import Ledger
from core.session.links import LinkStore, MessageLink
from core.session.models import Version
from core.turns.presenting import Scene, Unshowable
from core.turns.service import Desk

RESULT, REMOVED = "result", "removed"
"""Parts in the ledger: that the pictures stand there; that somebody took the message away."""

_MOST_REMEMBERED = 2_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Look:
    """One look at a turn. `asked` is where it was asked, `place` where it is answered."""

    scene: Scene
    asked: Place
    place: Place
    posts: Posts
    ledger: Ledger


@dataclass(frozen=True)
class _Said:
    """What a message says, for as long as this process knows: `words` and `files` by name."""

    words: str
    files: tuple[str, ...]


_RESULT_SAID = _Said(RESULT, ())
"""What a message says that this look, or one before it that was broken off, has brought there."""


class DiscordPresenter:
    """Discord's side of core.turns.presenting.Presenter."""

    pause = 1.5

    def __init__(self, rest: Rest, links: LinkStore, desk: Desk, link_to: LinkTo) -> None:
        self._rest = rest
        self._links = links
        self._desk = desk
        self._link_to = link_to
        self._threads = Threads(rest, links)
        self._said: OrderedDict[str, _Said] = OrderedDict()

    async def show(self, scene: Scene, ledger: Ledger) -> None:
        """As the port says."""
        place = answered_at(scene)
        if not (place.present or place.token):
            return  # made on a page, of a session in a place that only its responses reach
        posts = Posts(self._rest, place, scene.turn, ledger)
        try:
            await self._look(_Look(scene, place, place, posts, ledger))
        except DiscordRefusal as refused:
            await self._told_elsewhere(scene, place, posts, refused, ledger)
            raise Unshowable(refused.message, hint=refused.hint, admin=refused.admin) from None

    async def close(self) -> None:
        """Nothing is held."""
        self._said.clear()

    async def _look(self, look: _Look) -> None:
        if look.place.opens and not look.place.token:
            look = await self._in_thread_of_message(look)
        spot = await (self._ended(look) if look.scene.turn.state.ended else self._working(look))
        if spot is not None:
            await self._settled(look, spot)
        if look.scene.turn.state.ended:
            self._said.pop(look.scene.turn.id, None)

    async def _in_thread_of_message(self, look: _Look) -> _Look:
        """A session that began with somebody's message lives in the thread of that message."""
        place, scene = look.place, look.scene
        start = Spot(place.channel, place.message)
        thread = await self._threads.opened(place, scene.session, start, look.ledger)
        if not thread:
            return look
        there = place.model_copy(
            update={"channel": thread, "parent": place.channel, "message": "", "opens": ""}
        )
        posts = Posts(self._rest, there, scene.turn, look.ledger)
        return _Look(scene, look.asked, there, posts, look.ledger)

    async def _settled(self, look: _Look, spot: Spot) -> None:
        """Where the session goes on, once its first message stands."""
        place, session = look.place, look.scene.session
        if place.opens:
            await self._threads.opened(place, session, spot, look.ledger)
        elif place.present and look.scene.turn.number == 1 and session.place == place.texts():
            await self._links.settle(session.id, place.settled(spot.channel).texts())

    async def _working(self, look: _Look) -> Spot | None:
        """Say how far it is, where the message is still there; where it stands."""
        scene, standing = look.scene, await look.posts.standing()
        if await look.ledger.get(REMOVED):
            return standing
        seen = await glimpse(self._desk, scene)
        view = cards.working_card(
            scene,
            look.asked,
            others=await others(self._desk, scene),
            subject=seen.picture(seen.subject),
            preview=seen.picture(seen.preview),
        )
        said = _Said(_digest(view), seen.names)
        before = self._said.get(scene.turn.id)
        if standing and said == before:
            return standing
        same_files = standing is not None and before is not None and before.files == said.files
        message = Outgoing(view, None if same_files else seen.uploads)
        try:
            spot = await look.posts.show(message)
        except (DiscordLater, DiscordRefusal) as left_out:
            if standing is None:
                raise
            log.info("progress_left_out", turn=scene.turn.id, detail=left_out.admin)
            return standing
        if spot is None:
            await look.ledger.sent(REMOVED, "yes")
            return standing
        if before is None:
            await self._linked(look, spot)
        self._remember(scene.turn.id, said)
        return spot

    async def _ended(self, look: _Look) -> Spot | None:
        scene = look.scene
        versions = made(scene)
        if not versions and not scene.turn.enclosed:
            return await self._answer(look)
        if entry := await look.ledger.get(RESULT):
            spot = Spot(str(entry.facts["channel"]), entry.id)
            await self._linked(look, spot, versions)
            if self._said.get(look.scene.turn.id) != _RESULT_SAID:
                await self._said_again(look, versions, spot)
            return spot
        try:
            return await self._result(look, versions)
        except Unavailable:
            raise
        except EaselError as refused:
            if isinstance(refused, DiscordRefusal) and not _too_large(refused):
                raise
            return await self._kept_away(look, versions, refused)

    async def _result(self, look: _Look, versions: tuple[Version, ...]) -> Spot:
        """The pictures, as large as they may be; where that is still too large, as everywhere."""
        files = await self._files(look, versions, look.place.limit, MOST_REQUEST)
        try:
            spot = await self._delivered(look, versions, files)
        except DiscordRefusal as refused:
            if not _too_large(refused):
                raise
            log.warning("files_refused", turn=look.scene.turn.id, detail=refused.admin)
            files = await self._files(look, versions, DEFAULT_LIMIT, DEFAULT_LIMIT)
            spot = await self._delivered(look, versions, files)
        await look.ledger.sent(
            RESULT,
            spot.id,
            channel=spot.channel,
            pictures=[[each.name, each.alt] for each in files.pictures],
            said=list(files.said),
            partial=sorted(files.partial),
        )
        self._remember(look.scene.turn.id, _RESULT_SAID)
        return spot

    async def _said_again(self, look: _Look, versions: tuple[Version, ...], spot: Spot) -> None:
        """A result that stands is asked for again: whoever stood still and went on may have said
        over it how far the turn was. One that somebody took away stays away."""
        if await look.ledger.get(REMOVED) or await look.posts.standing() != spot:
            return
        files = await self._files(look, versions, look.place.limit, MOST_REQUEST)
        turn = look.scene.turn
        link = MessageLink(
            session=turn.session_id, turn=turn.id, versions=tuple(each.id for each in versions)
        )
        approved = await approvers(self._desk, self._links, link)
        try:
            await look.posts.show(self._message(look, versions, files, approved))
        except DiscordRefusal as refused:
            log.info("not_said_again", turn=look.scene.turn.id, detail=refused.admin)

    async def _files(
        self, look: _Look, versions: tuple[Version, ...], limit: int, most: int
    ) -> Bundle:
        return await bundle(self._desk, look.scene.turn, versions, limit=limit, most=most)

    async def _delivered(self, look: _Look, versions: tuple[Version, ...], files: Bundle) -> Spot:
        return await self._say(look, versions, self._message(look, versions, files))

    def _message(
        self,
        look: _Look,
        versions: tuple[Version, ...],
        files: Bundle,
        approved: Mapping[str, Sequence[str]] | None = None,
    ) -> Outgoing:
        turn, place = look.scene.turn, look.asked
        if not versions:
            view = cards.enclosed_card(turn, place, pictures=files.pictures, said=files.said)
            return Outgoing(view, files.uploads)
        offers = offered(place, workspace=self._has_pages(look.scene), partial=files.partial)
        view = cards.result_card(
            turn,
            versions,
            place,
            pictures=files.pictures,
            offers=offers,
            said=files.said,
            approved=approved,
        )
        return Outgoing(view, files.uploads)

    async def _kept_away(
        self, look: _Look, versions: tuple[Version, ...], refused: EaselError
    ) -> Spot:
        """The files can't be sent: say why, and where they are."""
        turn, place = look.scene.turn, look.asked
        log.warning("picture_refused", turn=turn.id, detail=refused.admin or refused.message)
        menu = bool(versions) and turn.error is None and self._has_pages(look.scene)
        view = cards.answer_card(
            turn,
            place,
            versions[-1] if versions else None,
            offers=offered(place, workspace=menu),
            missing=cards.kept_away(refused, workspace=menu),
        )
        return await self._say(look, versions, Outgoing(view))

    async def _answer(self, look: _Look) -> Spot:
        """An end without pictures."""
        version = await left_at(self._desk, look.scene)
        offers = offered(look.asked, workspace=self._has_pages(look.scene))
        view = cards.answer_card(look.scene.turn, look.asked, version, offers=offers)
        return await self._say(look, (version,) if version else (), Outgoing(view))

    async def _say(self, look: _Look, versions: tuple[Version, ...], message: Outgoing) -> Spot:
        """Let the message of the turn say its end; a new one where that is not there any more."""
        spot = None
        if await look.ledger.get(REMOVED) is None:
            spot = await look.posts.show(message)
        if spot is None:
            await look.ledger.sent(REMOVED, "yes")
            spot = await look.posts.anew(message, await self._channel(look))
        await self._linked(look, spot, versions)
        return spot

    async def _channel(self, look: _Look) -> str:
        """Where something is said anew: in the thread, where there is one."""
        return await self._threads.known(look.ledger) or look.place.channel

    async def _linked(self, look: _Look, spot: Spot, versions: tuple[Version, ...] = ()) -> None:
        """Let the message lead back to its turn and to the versions that it shows."""
        turn = look.scene.turn
        there = look.place.model_copy(update={"channel": spot.channel})
        names = tuple(version.id for version in versions)
        await self._links.link(
            there.message_key(spot.id),
            MessageLink(session=turn.session_id, turn=turn.id, versions=names),
        )

    async def _told_elsewhere(
        self, scene: Scene, place: Place, posts: Posts, refused: DiscordRefusal, ledger: Ledger
    ) -> None:
        """Tell whoever asked. They get a link if it is their place: what is asked for on a page is
        answered where its session began, and that may be somebody else's."""
        turn = scene.turn
        own = turn.actor.id == place.actor.id
        await tell_elsewhere(
            self._rest,
            place,
            turn,
            refused,
            self._link_to(turn.session_id, turn.actor) if own else None,
            ledger,
            in_response=await posts.living_token(),
        )

    def _has_pages(self, scene: Scene) -> bool:
        return self._link_to(scene.turn.session_id, scene.turn.actor) is not None

    def _remember(self, turn: str, said: _Said) -> None:
        """What the message says, so that it is not told to say it again."""
        self._said[turn] = said
        self._said.move_to_end(turn)
        while len(self._said) > _MOST_REMEMBERED:
            self._said.popitem(last=False)


def offered(place: Place, *, workspace: bool, partial: frozenset[str] = frozenset()) -> Offers:
    """What there is to choose in a place, beside the usual."""
    return Offers(
        workspace=workspace,
        report=bool(place.guild) and place.present,
        elsewhere=place.present,
        partial=partial,
    )


def answered_at(scene: Scene) -> Place:
    """Where a turn is answered.

    One that was made on a page has the place of its session, which may still be that of the first
    turn: the response to that turn's interaction, or the thread that it opens, are not its own.
    """
    turn, session = scene.turn, scene.session
    place = Place.of(turn.place)
    if turn.number == 1 or not place.is_of_session(here := Place.of(session.place)):
        return place
    return here.settled(here.channel)


def _too_large(refused: DiscordRefusal) -> bool:
    return known(refused, TOO_LARGE) or refused.http_status == 413


def _digest(view: LayoutView) -> str:
    return hashlib.sha256(json.dumps(components(view)).encode()).hexdigest()

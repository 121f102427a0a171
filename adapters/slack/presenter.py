"""Turns become messages of a thread: a placeholder while they wait and run, then what they came to.

Each look brings the thread to what the turn is by then; the ledger says what stands there already.
So a look may be broken off at any line, and the next one, in this process or another, goes on.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import structlog

from adapters.chat import wording
from adapters.chat.acted_on import left_at, others
from adapters.chat.front import LinkTo
from adapters.chat.made import made
from adapters.slack import cards
from adapters.slack.api import Apis, SlackApi
from adapters.slack.cards import Card
from adapters.slack.delivery import Delivery, Parcel
from adapters.slack.elsewhere import tell_elsewhere
from adapters.slack.identity import NotInstalled
from adapters.slack.places import Place
from adapters.slack.posting import Posts
from adapters.slack.previews import FirstLook
from adapters.slack.refusals import SlackLater, SlackRefusal
from adapters.slack.status import Status
from core.errors import EaselError, Unavailable
from core.session.ledger import Ledger
from core.session.links import LinkStore, MessageLink
from core.session.models import Asset, Version
from core.turns.presenting import Scene, Unshowable
from core.turns.service import Desk

_MOST_FILES = 10
_BOARD_SIDE = 1024
_MOST_REMEMBERED = 2_000
_OPENING_SECONDS = 2.0
_WAITED_SECONDS = 0.5

log = structlog.get_logger(__name__)


class SlackPresenter:
    """Slack's side of core.turns.presenting.Presenter. `close` it at the end."""

    pause = 1.5

    def __init__(self, apis: Apis, links: LinkStore, desk: Desk, link_to: LinkTo) -> None:
        self._apis = apis
        self._links = links
        self._desk = desk
        self._link_to = link_to
        self._status = Status()
        self._cards: OrderedDict[str, Card] = OrderedDict()

    async def close(self) -> None:
        """Stop what is still being said beside the messages."""
        await self._status.close()

    async def show(self, scene: Scene, ledger: Ledger) -> None:
        """As the port says."""
        place = Place.of(scene.turn.place)
        try:
            api = await self._apis.of(place.team, place.enterprise)
        except NotInstalled as gone:
            raise Unshowable(gone.message, hint=gone.hint, admin=gone.admin) from None
        try:
            await self._look(api, place, scene, ledger)
        except SlackRefusal as refused:
            link = self._own_link(place, scene)
            await tell_elsewhere(self._apis, api, place, refused, link, ledger)
            raise Unshowable(refused.message, hint=refused.hint, admin=refused.admin) from None

    async def _look(self, api: SlackApi, place: Place, scene: Scene, ledger: Ledger) -> None:
        turn = scene.turn
        posts = Posts(api, place.channel, turn.id, ledger)
        if not place.thread:
            place = await self._opened(place, scene, posts)
        look = FirstLook(api, self._desk, place, ledger)
        if not turn.state.ended:
            await self._working(place, scene, posts, ledger)
            await look.follow(scene)
            self._status.at_work(api, place, turn.id, wording.title(scene.session))
            return
        await self._ended(api, place, scene, posts, ledger)
        await look.remove()
        self._cards.pop(turn.id, None)
        self._status.done(api, place, turn.id, wording.title(scene.session))

    async def _opened(self, place: Place, scene: Scene, posts: Posts) -> Place:
        """The place with a thread, whose first message is ours: one for a session."""
        if thread := scene.session.place.get("thread", ""):
            return place.model_copy(update={"thread": thread})
        if scene.turn.number > 1:
            raise SlackLater(_OPENING_SECONDS, admin="the first turn opens the thread")
        ts = await posts.post("root", cards.opening_card(place))
        here = place.model_copy(update={"thread": ts})
        settled = here.model_copy(update={"opening": "", "answer_url": ""})
        await self._links.alias(here.thread_key(), scene.session.thread)
        await self._links.settle(scene.session.id, settled.texts())
        return here

    async def _working(self, place: Place, scene: Scene, posts: Posts, ledger: Ledger) -> None:
        card = _in_full(scene, cards.working_card(scene, await others(self._desk, scene)))
        if self._cards.get(scene.turn.id) == card or await ledger.get("removed"):
            return
        ts = await posts.known("placeholder", place.thread)
        if not ts:
            await self._linked(place, scene, await posts.post("placeholder", card, place.thread))
        elif not await self._progress(ts, card, posts, ledger):
            return
        self._remember(scene.turn.id, card)

    async def _progress(self, ts: str, card: Card, posts: Posts, ledger: Ledger) -> bool:
        """Say how far it is, if Slack takes that just now; whether it was said."""
        try:
            if not await posts.update(ts, card, spare=True):
                await ledger.sent("removed", ts)
        except (SlackLater, SlackRefusal) as left_out:
            log.info("progress_left_out", detail=left_out.admin)
            return False
        return True

    async def _ended(
        self, api: SlackApi, place: Place, scene: Scene, posts: Posts, ledger: Ledger
    ) -> None:
        versions = made(scene)
        if not versions and not scene.turn.enclosed:
            return await self._answer(place, scene, posts, ledger)
        card = (
            cards.result_card(scene.turn, versions, workspace=self._has_pages(scene))
            if versions
            else cards.enclosed_card(scene.turn)
        )
        card = _in_full(scene, card)
        try:
            plain = await self._delivered(api, place, scene, versions, card, ledger)
        except Unavailable:
            raise
        except EaselError as refused:
            if isinstance(refused, SlackRefusal) and refused.lasting:
                raise
            return await self._kept_away(place, scene, versions, refused, posts, ledger)
        if plain:
            return await self._say(place, scene, versions, card, posts, ledger)
        return await self._cleared(place, posts, ledger)

    async def _delivered(
        self,
        api: SlackApi,
        place: Place,
        scene: Scene,
        versions: tuple[Version, ...],
        card: Card,
        ledger: Ledger,
    ) -> bool:
        """Have the pictures stand in the thread; gives whether their buttons must stand apart."""
        if known := await ledger.get("result"):
            return bool(known.facts.get("plain"))
        delivery = Delivery(api, ledger, place.channel, place.thread)
        parcels = self._parcels(scene, versions)
        shared = await delivery.deliver(parcels, card.blocks, card.text)
        if shared.ts:
            await self._linked(place, scene, shared.ts, versions)
        await ledger.sent("result", shared.ts or "unseen", plain=shared.plain)
        return shared.plain

    def _parcels(self, scene: Scene, versions: tuple[Version, ...]) -> list[Parcel]:
        """Files of the versions and of enclosed pictures, then views of what is transparent."""
        whole = [
            Parcel(
                version.name,
                wording.alt_text(version, scene.turn),
                partial(self._file, version.asset, version.id),
            )
            for version in versions
        ]
        sheets = [
            Parcel(f"pictures-{number}", wording.SHEET_ALT, partial(self._file, asset, None))
            for number, asset in enumerate(scene.turn.enclosed, 1)
        ]
        views = [
            Parcel(
                f"{version.name}-on-checkerboard",
                wording.checkered_alt(version),
                partial(self._on_board, version.asset),
            )
            for version in versions
            if version.asset.alpha
        ]
        return [*whole, *sheets, *views][:_MOST_FILES]

    async def _file(self, asset: Asset, vid: str | None) -> tuple[bytes, str]:
        return await self._desk.export(asset.sha256, format=None, version=vid)

    async def _on_board(self, asset: Asset) -> tuple[bytes, str]:
        return await self._desk.checkered(asset.sha256, _BOARD_SIDE), "image/jpeg"

    async def _kept_away(
        self,
        place: Place,
        scene: Scene,
        versions: tuple[Version, ...],
        refused: EaselError,
        posts: Posts,
        ledger: Ledger,
    ) -> None:
        """The files can't be sent: say why, and where they are."""
        log.warning("picture_refused", turn=scene.turn.id, detail=refused.admin or refused.message)
        menu = bool(versions) and scene.turn.error is None and self._has_pages(scene)
        card = cards.answer_card(
            scene.turn,
            versions[-1] if versions else None,
            workspace=menu,
            missing=cards.kept_away(refused, workspace=menu),
        )
        await self._say(place, scene, versions, _in_full(scene, card), posts, ledger)

    async def _answer(self, place: Place, scene: Scene, posts: Posts, ledger: Ledger) -> None:
        """An end without pictures: the placeholder becomes the answer."""
        version = await left_at(self._desk, scene)
        card = cards.answer_card(scene.turn, version, workspace=self._has_pages(scene))
        shown = (version,) if version else ()
        await self._say(place, scene, shown, _in_full(scene, card), posts, ledger)

    async def _say(
        self,
        place: Place,
        scene: Scene,
        versions: tuple[Version, ...],
        card: Card,
        posts: Posts,
        ledger: Ledger,
    ) -> None:
        """Let the placeholder say it, or a new message where that is not there any more, or stands
        above the ends of turns before it."""
        behind = await _fell_behind(scene, ledger)
        ts = ""
        if not (behind or await ledger.get("removed")):
            ts = await posts.known("placeholder", place.thread)
        if ts and not await posts.update(ts, card):
            await ledger.sent("removed", ts)
            ts = ""
        ts = ts or await posts.post("answer", card, place.thread)
        await self._linked(place, scene, ts, versions)
        if behind:
            await self._cleared(place, posts, ledger)

    async def _cleared(self, place: Place, posts: Posts, ledger: Ledger) -> None:
        """The result is there; the placeholder has done its work."""
        if await ledger.get("removed"):
            return
        if ts := await posts.known("placeholder", place.thread):
            await posts.delete(ts)
            await self._links.unlink(place.message_key(ts))
            await ledger.sent("removed", ts)

    async def _linked(
        self, place: Place, scene: Scene, ts: str, versions: tuple[Version, ...] = ()
    ) -> None:
        """Let the message lead back to its turn and to the versions that it shows."""
        turn = scene.turn
        names = tuple(version.id for version in versions)
        await self._links.link(
            place.message_key(ts),
            MessageLink(session=turn.session_id, turn=turn.id, versions=names),
        )

    def _own_link(self, place: Place, scene: Scene) -> str | None:
        """A link for whoever is told at a place, if it is they who asked: what is asked for on a
        page is answered where its session began, and that may be somebody else's place."""
        turn = scene.turn
        own = turn.actor.id == place.actor.id
        return self._link_to(turn.session_id, turn.actor) if own else None

    def _has_pages(self, scene: Scene) -> bool:
        return self._link_to(scene.turn.session_id, scene.turn.actor) is not None

    def _remember(self, turn: str, card: Card) -> None:
        """What the placeholder says, so that it is not told to say it again."""
        self._cards[turn] = card
        self._cards.move_to_end(turn)
        while len(self._cards) > _MOST_REMEMBERED:
            self._cards.popitem(last=False)


def _in_full(scene: Scene, card: Card) -> Card:
    """The card with what the thread has not heard of the turn."""
    return cards.with_words_unheard(card, scene.turn, scene.session)


async def _fell_behind(scene: Scene, ledger: Ledger) -> bool:
    """Whether a turn waited in line after its placeholder was there: an answer in that would stand
    above what it follows."""
    turn, entry = scene.turn, await ledger.get("placeholder")
    if entry is None or turn.started_at is None or turn.number == 1:
        return False
    since = max(entry.at, turn.held_until or 0.0)
    return turn.started_at.timestamp() - since > _WAITED_SECONDS

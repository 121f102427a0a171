"""What a message event of Slack's says, read once: who, where, which words and which files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.identity import Identity
from adapters.slack.markup import addressed_to, mentions, words
from adapters.slack.people import People
from adapters.slack.places import Place
from adapters.slack.references import file_refs, linked_refs
from adapters.slack.telling import is_direct
from core.session.models import FileRef

_SPOKEN = (None, "", "file_share", "thread_broadcast")


@dataclass(frozen=True)
class Heard:
    """A person's message. `said` is as Slack writes it, without links to files.

    `others` are names of attached files that are no pictures. `addressed` is the id of somebody
    else whom it begins by addressing. `under_ours`: a reply to a message of Easel's. `kind`: which
    of the events that tell of a message this one is.
    """

    place: Place
    said: str
    pictures: tuple[FileRef, ...]
    linked: tuple[FileRef, ...]
    others: tuple[str, ...]
    mentioned: bool
    direct: bool
    addressed: str
    under_ours: bool
    kind: str

    @property
    def told_twice(self) -> bool:
        """Whether two kinds of events tell of it: as a message, and as a mention."""
        return self.mentioned and not self.direct

    @property
    def is_reply(self) -> bool:
        return self.place.thread != self.place.message

    @property
    def after_root(self) -> float:
        """Seconds since its thread began."""
        try:
            return float(self.place.message) - float(self.place.thread)
        except ValueError:
            return 0.0

    @property
    def files(self) -> tuple[FileRef, ...]:
        return (*self.pictures, *self.linked)

    @property
    def key(self) -> str:
        """Names the message, whatever event tells of it."""
        return self.place.message_key(self.place.message)

    def words(self, identity: Identity, people: People) -> str:
        """Its words, without our mention."""
        return words(
            self.said, bot=identity.bot_user, name_of=lambda user: people.name(identity, user)
        )


def heard(event: Mapping[str, Any], identity: Identity) -> Heard | None:
    """None for what no person said: bots, joins, topics, messages of Slack itself."""
    user, ts = text_in(event, "user"), text_in(event, "ts")
    if event.get("subtype") not in _SPOKEN or event.get("bot_id") or not (user and ts):
        return None
    if user in (identity.bot_user, "USLACKBOT"):
        return None
    place = place_of(event, identity)
    said = text_in(event, "text")
    pictures, others = file_refs(event.get("files"))
    linked, left = linked_refs(said)
    addressed = addressed_to(said)
    return Heard(
        place=place,
        said=left,
        pictures=pictures,
        linked=linked,
        others=others,
        mentioned=event.get("type") == "app_mention" or mentions(said, identity.bot_user),
        direct=event.get("channel_type") == "im" or is_direct(place.channel),
        addressed=addressed if addressed != identity.bot_user else "",
        kind=text_in(event, "type"),
        under_ours=event.get("parent_user_id") == identity.bot_user,
    )


def place_of(event: Mapping[str, Any], identity: Identity) -> Place:
    """Where an event of any kind happened; what it does not tell is left empty."""
    item = event.get("item")
    inside = item if isinstance(item, Mapping) else event
    ts = text_in(inside, "ts")
    return Place(
        team=identity.team,
        enterprise=identity.enterprise,
        channel=text_in(inside, "channel"),
        thread=text_in(event, "thread_ts") or ts,
        message=ts,
        user=text_in(event, "user"),
        user_team=_team_of_user(event, identity),
    )


def _team_of_user(event: Mapping[str, Any], identity: Identity) -> str:
    """The workspace to which a person belongs; of strangers sometimes only their organisation is
    told, and then they count to that."""
    for name in ("user_team", "source_team", "team"):
        team = text_in(event, name)
        if team and team != identity.enterprise:
            return team
    return ""


def text_in(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""

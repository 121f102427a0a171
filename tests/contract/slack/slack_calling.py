"""One call of the Web API: who calls, with what, and the look-ups that all methods share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.slack.slack_files import StoredFile
from tests.contract.slack.slack_tiers import THREE
from tests.contract.slack.slack_world import Channel, Grant, Json, Message, Refused, Team, World

HISTORY = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


@dataclass
class Calling:
    """Raises Refused wherever Slack would say no."""

    world: World
    method: str
    args: Json
    grant: Grant

    def want(self, name: str) -> Any:
        value = self.args.get(name)
        if value in (None, "", []):
            said = [f"[ERROR] missing required field: {name}"]
            raise Refused("invalid_arguments", response_metadata={"messages": said})
        return value

    def need(self, scope: str) -> None:
        if scope not in self.grant.scopes:
            provided = ",".join(sorted(self.grant.scopes))
            raise Refused("missing_scope", needed=scope, provided=provided)

    def may_see(self, team: str) -> bool:
        if self.grant.team:
            return team == self.grant.team
        return self.world.teams[team].enterprise == self.grant.enterprise

    @property
    def team(self) -> Team:
        """The workspace of the call; organisations name it, or the channel tells."""
        named = self.grant.team or str(self.args.get("team_id") or "")
        if not named:
            place = self.args.get("channel") or self.args.get("channel_id")
            channel = self.world.channels.get(str(place))
            named = channel.team if channel else self._first()
        if named not in self.world.teams or not self.may_see(named):
            raise Refused("team_not_found")
        return self.world.teams[named]

    def _first(self) -> str:
        return next(name for name in self.world.teams if self.may_see(name))

    def channel(self, name: str = "channel", *, write: bool = False) -> Channel:
        """The channel of that argument, in which the app is."""
        where = str(self.want(name))
        if where in self.world.users and write:
            return self.world.direct(self.team.id, where)
        channel = self.world.channels.get(where)
        if channel is None or not any(map(self.may_see, {channel.team} | channel.shared_with)):
            raise Refused("channel_not_found")
        if not channel.members & self._bots():
            open_to_all = channel.kind == "channel"
            if not (write and open_to_all and "chat:write.public" in self.grant.scopes):
                raise Refused("not_in_channel" if open_to_all else "channel_not_found")
        if channel.archived and write:
            raise Refused("is_archived")
        return channel

    def _bots(self) -> set[str]:
        teams = self.world.teams.values()
        return {team.bot_user for team in teams if self.may_see(team.id)}

    def message(self, channel: Channel, name: str = "ts") -> Message:
        found = self.world.messages.get((channel.id, str(self.want(name))))
        if found is None or found.subtype == "tombstone":
            raise Refused("message_not_found")
        return found

    def own(self, message: Message, error: str) -> None:
        if not message.bot_id or message.user not in self._bots():
            raise Refused(error)

    def root(self, channel: Channel) -> str:
        """The thread to write to; only the ts of a message that begins one will do."""
        ts = str(self.args.get("thread_ts") or "")
        if not ts:
            return ""
        first = self.world.messages.get((channel.id, ts))
        if first is None:
            raise Refused("thread_not_found")
        if first.is_reply:
            raise Refused("cannot_reply_to_message")
        return ts

    def ready(self, file_id: str) -> bool:
        """Whether Slack takes that file in a block: shared, scanned, and the app's to see."""
        file = self.world.files.get(file_id)
        if file is None or not self.sees(file) or self.world.clock() < file.scanned:
            return False
        return any(True for _ in self.world.shares(file))

    def sees(self, file: StoredFile) -> bool:
        bots = self._bots()
        if file.owner in bots or (file.granted and self.may_see(file.team)):
            return True
        places = (self.world.channels[share.channel] for share in self.world.shares(file))
        return any(place.members & bots for place in places)


Handler = Callable[[Calling], Json]


@dataclass(frozen=True)
class Method:
    """`scope`: one of them, separated by "|"; empty: none. `token`: the kind that it wants."""

    run: Handler
    scope: str = ""
    tier: int = THREE
    token: str = "bot"


METHODS: dict[str, Method] = {}


def method(
    name: str, scope: str = "", tier: int = THREE, token: str = "bot"
) -> Callable[[Handler], Handler]:
    """Register a handler under its name in the Web API."""

    def keep(run: Handler) -> Handler:
        METHODS[name] = Method(run, scope, tier, token)
        return run

    return keep

"""Tokens: installing by OAuth, rotation with refresh tokens of one use, and how they end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from tests.contract.slack.slack_calling import Calling, method
from tests.contract.slack.slack_tiers import THREE
from tests.contract.slack.slack_world import ALL_SCOPES, NEVER, Grant, Json, Refused, World

ROTATION_SECONDS = 43_200
"""How long a rotating token is good for."""


@dataclass
class Code:
    """What a person agreed to on Slack's page; good once, for ten minutes."""

    team: str
    enterprise: str
    user: str
    scopes: frozenset[str]
    rotating: bool
    redirect_uri: str
    expires: float


@dataclass
class Registration:
    """The app as it is registered. `redirect_url`: the way back where a page names none.

    `codes` are open, `refreshers` the refresh tokens in force, `rotations` counts refreshes.
    """

    client_id: str = "1234567890.0987654321"
    client_secret: str = "fake-client-secret"
    redirect_url: str = ""

    def __post_init__(self) -> None:
        self.codes: dict[str, Code] = {}
        self.refreshers: dict[str, Grant] = {}
        self.rotations = 0

    def check(self, args: Json) -> None:
        if args.get("client_id") != self.client_id:
            raise Refused("invalid_client_id")
        if args.get("client_secret") != self.client_secret:
            raise Refused("bad_client_secret")


def new_grant(
    world: World,
    team: str,
    enterprise: str = "",
    scopes: Iterable[str] = ALL_SCOPES,
    *,
    rotating: bool = False,
) -> Grant:
    """A bot token of a workspace, or of an organisation when `team` is empty."""
    kind = "xoxe.xoxb" if rotating else "xoxb"
    token = f"{kind}-{team or enterprise}-{secrets.token_hex(12)}"
    ends = world.clock() + ROTATION_SECONDS if rotating else NEVER
    grant = Grant(token, "bot", team, enterprise, frozenset(scopes), ends)
    if rotating:
        grant.refresh = f"xoxe-1-{secrets.token_hex(24)}"
    world.grants[token] = grant
    for one in world.teams.values():
        if one.id == team or (not team and one.enterprise == enterprise):
            one.token = token
    return grant


def exchange(call: Calling, app: Registration) -> Json:
    """oauth.v2.access: a code or a refresh token for a token."""
    app.check(call.args)
    if call.args.get("grant_type") == "refresh_token":
        return _refreshed(call, app)
    code = app.codes.pop(str(call.args.get("code")), None)
    if code is None or code.expires < call.world.clock():
        raise Refused("invalid_code")
    if code.redirect_uri and call.args.get("redirect_uri") != code.redirect_uri:
        raise Refused("bad_redirect_uri")
    grant = new_grant(call.world, code.team, code.enterprise, code.scopes, rotating=code.rotating)
    if grant.refresh:
        app.refreshers[grant.refresh] = grant
    return _granted(call.world, grant, code.user)


def _refreshed(call: Calling, app: Registration) -> Json:
    old = app.refreshers.pop(str(call.args.get("refresh_token")), None)
    if old is None or old.revoked:
        raise Refused("invalid_refresh_token")
    app.rotations += 1
    grant = new_grant(call.world, old.team, old.enterprise, old.scopes, rotating=True)
    app.refreshers[grant.refresh] = grant
    return _granted(call.world, grant, "")


def _granted(world: World, grant: Grant, user: str) -> Json:
    teams = world.teams.values()
    team = next(
        one for one in teams if one.id == grant.team or one.enterprise == (grant.enterprise or "-")
    )
    told: Json = {
        "app_id": world.app_id,
        "authed_user": {"id": user} if user else {},
        "scope": ",".join(sorted(grant.scopes)),
        "token_type": "bot",
        "access_token": grant.token,
        "bot_user_id": team.bot_user,
        "team": {"id": team.id, "name": team.name} if grant.team else None,
        "enterprise": {"id": grant.enterprise, "name": "Org"} if grant.enterprise else None,
        "is_enterprise_install": not grant.team,
    }
    if grant.refresh:
        told |= {"refresh_token": grant.refresh, "expires_in": ROTATION_SECONDS}
    return told


def end(world: World, team: str, enterprise: str = "") -> None:
    """Every token of that workspace, or that organisation, is worth nothing from now on."""
    for grant in world.grants.values():
        whole = not team and not grant.team and grant.enterprise == enterprise
        if grant.kind == "bot" and (whole or (team and grant.team == team)):
            grant.revoked = True


@method("auth.revoke", "", THREE)
def revoke(call: Calling) -> Json:
    if str(call.args.get("test", "")).lower() not in ("1", "true"):
        call.grant.revoked = True
    return {"revoked": call.grant.revoked}

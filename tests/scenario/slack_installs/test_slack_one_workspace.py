"""One token from the settings: Slack says whose it is, and nobody else is served."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from adapters.slack.identity import NotInstalled, OneWorkspace, bare_client
from adapters.slack.manifest import SCOPES
from adapters.slack.uninstall import Leaving
from bot.check_slack import check_slack
from bot.findings import Level
from bot.settings import Settings
from core.errors import Unavailable
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_oauth import end
from tests.contract.slack.slack_world import Team


@pytest.fixture
def team(slack: FakeSlack) -> Team:
    """A workspace in which Easel may what its manifest asks for."""
    made = slack.team("acme")
    slack.scopes(made, SCOPES)
    return made


def holding(slack: FakeSlack, token: str) -> OneWorkspace:
    return OneWorkspace(SecretStr(token), bare_client(slack.api_url))


async def test_slack_is_asked_once_whose_token_it_is(slack: FakeSlack, team: Team) -> None:
    tokens = holding(slack, team.token)
    found = await asyncio.gather(*(tokens.identity(team.id) for _ in range(5)))
    assert len(slack.called("auth.test")) == 1
    assert found[0].bot_user == team.bot_user
    assert found[0].team_url == team.url
    assert found[0].scopes == SCOPES.keys()
    assert team.token not in repr(found[0])


async def test_no_other_workspace_is_served(slack: FakeSlack, team: Team) -> None:
    tokens = holding(slack, team.token)
    for other in ("T0OTHER", ""):
        with pytest.raises(NotInstalled):
            await tokens.identity(other, "E0OTHER")


async def test_the_token_of_an_organisation_serves_its_workspaces(slack: FakeSlack) -> None:
    slack.team("bolt", enterprise="E0CORP", installed=False)
    cork = slack.team("cork", enterprise="E0CORP", installed=False)
    tokens = holding(slack, slack.org_install("E0CORP").token)
    known = await tokens.identity(cork.id, "E0CORP")
    assert (known.team, known.enterprise) == (cork.id, "E0CORP")
    with pytest.raises(NotInstalled):
        await tokens.identity(cork.id, "E0OTHER")


async def test_trouble_passes_and_a_bad_token_is_told(slack: FakeSlack, team: Team) -> None:
    tokens = holding(slack, team.token)
    for how in ({"status": 503}, {"drop": True}, {"error": "internal_error"}):
        slack.fail("auth.test", **how)
        with pytest.raises(Unavailable):
            await tokens.identity(team.id)
    assert (await tokens.identity(team.id)).team == team.id
    with pytest.raises(NotInstalled) as refused:
        await holding(slack, "xoxb-wrong-token").identity(team.id)
    assert "SLACK_BOT_TOKEN" in refused.value.message
    assert "wrong-token" not in f"{refused.value}{refused.value.admin}"


async def test_a_token_that_was_taken_back_is_asked_about_anew(
    slack: FakeSlack, team: Team
) -> None:
    tokens = holding(slack, team.token)
    await tokens.identity(team.id)
    end(slack.world, team.id)
    event = {"event": {"type": "app_uninstalled"}, "team_id": team.id, "event_time": 1}
    assert await Leaving(tokens).heard(event)
    with pytest.raises(NotInstalled):
        await tokens.identity(team.id)


def settings(slack: FakeSlack, **given: str) -> Settings:
    secret = {name: SecretStr(value) for name, value in given.items()}
    return Settings(slack_api_url=slack.api_url, _env_file=None, **secret)  # type: ignore[arg-type]


async def test_the_doctor_says_where_easel_is_and_how_events_come(
    slack: FakeSlack, team: Team
) -> None:
    given = {"slack_bot_token": team.token, "slack_app_token": slack.app_token}
    finding = await check_slack(settings(slack, **given))
    assert finding.level is Level.OK
    assert finding.words == f"acme.slack.com as {team.bot_user}, Socket Mode"
    over_http = settings(slack, slack_bot_token=team.token, slack_signing_secret="s")
    assert "events over HTTP" in (await check_slack(over_http)).words
    assert {call.method for call in slack.calls} == {"auth.test", "apps.connections.open"}


async def test_the_doctor_names_missing_scopes(slack: FakeSlack, team: Team) -> None:
    slack.scopes(team, SCOPES.keys() - {"files:write", "reactions:read"})
    given = {"slack_bot_token": team.token, "slack_app_token": slack.app_token}
    finding = await check_slack(settings(slack, **given))
    assert finding.level is Level.WARN
    assert "lacks files:write, reactions:read." in finding.words


async def test_the_doctor_tells_tokens_that_do_not_work_and_never_shows_them(
    slack: FakeSlack, team: Team
) -> None:
    given = {"slack_bot_token": "xoxb-wrong-token", "slack_app_token": slack.app_token}
    wrong = await check_slack(settings(slack, **given))
    assert wrong.level is Level.BAD
    assert "invalid_auth" in wrong.remedy
    given = {"slack_bot_token": team.token, "slack_app_token": "xapp-wrong-token"}
    closed = await check_slack(settings(slack, **given))
    assert closed.level is Level.BAD
    assert "opens no socket: Slack says invalid_auth" in closed.words
    assert "wrong-token" not in f"{wrong}{closed}"


async def test_the_doctor_can_t_reach_slack(slack: FakeSlack, team: Team) -> None:
    slack.fail("auth.test", drop=True)
    given = {"slack_bot_token": team.token, "slack_app_token": slack.app_token}
    finding = await check_slack(settings(slack, **given))
    assert finding.level is Level.BAD
    assert "cannot be asked" in finding.words

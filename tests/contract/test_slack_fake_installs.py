"""Tokens of a fake Slack: OAuth by a browser, rotation, organisations, and the end of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import Office
from tests.contract.slack.slack_world import Team

# The SDK names the app to Slack in a way that its HTTP library is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


def client_of(office: Office, token: str = "") -> AsyncWebClient:
    return AsyncWebClient(token, base_url=office.fake.api_url, retry_handlers=[])


def code_for(office: Office, team: Team, *, rotating: bool = False, org: bool = False) -> str:
    url = (
        "https://slack.com/oauth/v2/authorize?state=s1&scope=chat:write,files:read"
        f"&client_id={office.fake.registration.client_id}&redirect_uri=http://here/back"
    )
    back = office.fake.agrees(url, team, rotating=rotating, org=org)
    assert back.startswith("http://here/back?code=")
    assert back.endswith("&state=s1")
    return back.partition("code=")[2].partition("&")[0]


async def access(office: Office, **more: str) -> dict[str, object]:
    app = office.fake.registration
    answer = await client_of(office).oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, **more
    )
    return dict(cast("dict[str, object]", answer.data))


async def test_a_code_is_good_once_for_its_own_way_back(office: Office) -> None:
    team = office.fake.team("globex", installed=False)
    code = code_for(office, team)
    granted = await access(office, code=code, redirect_uri="http://here/back")
    assert granted["scope"] == "chat:write,files:read"
    assert granted["team"] == {"id": team.id, "name": "globex"}
    who = await client_of(office, str(granted["access_token"])).auth_test()
    assert who["user_id"] == granted["bot_user_id"] == team.bot_user
    with pytest.raises(SlackApiError, match="invalid_code"):
        await access(office, code=code, redirect_uri="http://here/back")
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        await access(office, code=code_for(office, team), redirect_uri="http://there/back")


async def test_the_secret_of_the_app_is_asked_for(office: Office) -> None:
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await client_of(office).oauth_v2_access(
            client_id=office.fake.registration.client_id, client_secret="wrong", code="x"
        )


async def test_another_app_is_not_known(office: Office) -> None:
    app = office.fake.registration
    with pytest.raises(SlackApiError, match="invalid_client_id"):
        await client_of(office).oauth_v2_access(
            client_id="1.2", client_secret=app.client_secret, code="x"
        )
    with pytest.raises(AssertionError, match="no client"):
        office.fake.agrees("https://slack.com/oauth/v2/authorize?client_id=1.2", office.team)


async def test_a_refresh_token_is_good_once(office: Office) -> None:
    team = office.fake.team("globex", installed=False)
    code = code_for(office, team, rotating=True)
    first = await access(office, code=code, redirect_uri="http://here/back")
    assert first["expires_in"] == 43_200
    refresh = {"grant_type": "refresh_token", "refresh_token": str(first["refresh_token"])}
    second = await access(office, **refresh)
    assert second["access_token"] != first["access_token"]
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await access(office, **refresh)
    assert office.fake.registration.rotations == 1
    office.fake.clock.advance(43_201)
    with pytest.raises(SlackApiError, match="token_expired"):
        await client_of(office, str(first["access_token"])).auth_test()


async def test_one_token_serves_an_organisation(office: Office) -> None:
    fake = office.fake
    north, south = (fake.team(name, enterprise="E1", installed=False) for name in ("n", "s"))
    granted = await access(
        office, code=code_for(office, north, org=True), redirect_uri="http://here/back"
    )
    assert (granted["team"], granted["is_enterprise_install"]) == (None, True)
    client = client_of(office, str(granted["access_token"]))
    for team in (north, south):
        place = fake.channel(team, "all", [fake.person(team, "bob")])
        posted = await client.chat_postMessage(channel=place.id, text="one")
        assert posted["message"]["team"] == team.id
        assert (await client.auth_test(team_id=team.id))["team_id"] == team.id
    with pytest.raises(SlackApiError, match="team_not_found"):
        await client.auth_test(team_id=office.team.id)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel=office.design.id, text="one")


async def test_an_uninstalled_app_hears_of_it_and_is_shut_out(office: Office) -> None:
    office.fake.delivery.patience = 0.01
    await office.fake.uninstalls(office.team)
    told = [payload["event"]["type"] for _, payload, _ in office.fake.delivery.log]
    assert list(dict.fromkeys(told)) == ["tokens_revoked", "app_uninstalled"]
    assert await office.refused("auth.test") == "token_revoked"


async def test_an_organisation_leaves_as_a_whole(office: Office) -> None:
    north = office.fake.team("north", enterprise="E1", installed=False)
    grant = office.fake.org_install("E1")
    office.fake.delivery.patience = 0.01
    await office.fake.revokes(north)
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client_of(office, grant.token).auth_test()
    await office.client.auth_test()


async def test_a_browser_goes_through_an_installation(office: Office, tmp_path: object) -> None:
    team = office.fake.team("globex", installed=False)
    registration = office.fake.registration
    store = FileInstallationStore(base_dir=f"{tmp_path}/installed")
    settings = AsyncOAuthSettings(
        client_id=registration.client_id,
        client_secret=registration.client_secret,
        scopes=["chat:write"],
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=f"{tmp_path}/states"),
    )
    app = AsyncApp(signing_secret="s", oauth_settings=settings, client=client_of(office))
    flow = app.oauth_flow
    assert flow is not None

    async def install(request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await flow.handle_installation(await to_bolt_request(request))
        )

    async def back(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    served = web.Application()
    served.add_routes([web.get("/slack/install", install), web.get("/slack/back", back)])
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    registration.redirect_url = f"{base}/slack/back"
    try:
        answer = await office.fake.installs(f"{base}/slack/install", team)
    finally:
        await runner.cleanup()
    assert (answer.status, team.token.startswith("xoxb-")) == (200, True)
    found = await store.async_find_bot(enterprise_id=None, team_id=team.id)
    assert found is not None
    assert found.bot_token == team.token

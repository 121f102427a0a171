"""Easel comes into workspaces by OAuth and leaves them again, and nothing of it stays behind."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.distribution import distribution
from adapters.slack.identity import NotInstalled
from adapters.slack.manifest import SCOPES
from adapters.slack.oauth import authorization_url
from adapters.slack.uninstall import Leaving
from adapters.slack.workspaces import ManyWorkspaces
from core.errors import BadInput
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_world import Team
from tests.scenario.slack_installs.slack_consent import Process, consent, process

COOKIE = "slack-app-oauth-state"


def gone(team: str, *, at: float | None = None, **more: Any) -> dict[str, Any]:
    """The event that Easel was taken out."""
    moment = int(time.time() + 1 if at is None else at)
    return {"event": {"type": "app_uninstalled"}, "team_id": team, "event_time": moment, **more}


async def test_two_workspaces_install_and_every_process_knows_who_it_is_in_each(
    one: Process, two: Process, slack: FakeSlack, acme: Team, bolt: Team, cork: Team
) -> None:
    for team in (acme, bolt):
        page = await one.install(slack, team)
        assert page.status_code == 200
        assert f"Easel is in {team.name}" in page.text
    first, second = [await two.parts.tokens.identity(team.id) for team in (acme, bolt)]
    assert first.token.get_secret_value() == acme.token
    assert second.token.get_secret_value() == bolt.token
    assert (first.team, first.enterprise, first.bot_user) == (acme.id, "", acme.bot_user)
    assert first.team_url == acme.url
    assert first.scopes == SCOPES.keys()
    with pytest.raises(NotInstalled):
        await two.parts.tokens.identity(cork.id, "E0CORP")


async def test_an_installation_in_an_organisation_serves_its_workspaces(
    one: Process, slack: FakeSlack, bolt: Team, cork: Team
) -> None:
    page = await one.install(slack, bolt, whole=True)
    assert "Choose the workspaces" in page.text
    known = await one.parts.tokens.identity(cork.id, "E0CORP")
    assert (known.team, known.enterprise) == (cork.id, "E0CORP")
    assert (await one.parts.tokens.identity("", "E0CORP")).token == known.token
    await one.install(slack, bolt)
    own = await one.parts.tokens.identity(bolt.id, "E0CORP")
    assert own.token != known.token
    assert own.enterprise == ""
    found = await one.parts.installations.async_find_bot(
        enterprise_id="E0CORP", team_id=bolt.id, is_enterprise_install=True
    )
    assert found is not None
    assert found.bot_token == known.token.get_secret_value()


async def test_nothing_that_opens_a_door_stands_in_the_store_as_it_is(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    for key in await one.kept():
        text = str(await one.redis.get(key))
        assert "xox" not in text
        assert acme.token not in text


async def test_a_state_is_good_once(one: Process, slack: FakeSlack, acme: Team) -> None:
    async with one.browser().open() as browser:
        back = consent(slack, await browser.begin(), acme)
        assert (await browser.client.get(back)).status_code == 200
        browser.client.cookies.set(COOKIE, browser.state)
        again = await browser.back(code="another", state=browser.state)
        assert again.status_code == 401
        assert "expired, or has been finished already" in again.text
    assert len(slack.called("oauth.v2.access")) == 1


@pytest.mark.parametrize(
    "state", ["", "x", "1B8azHnE_34DZusKL9hU0SzG95JaOy0H-tl1tlT-LvE", "a" * 43, "*" * 43]
)
async def test_a_forged_state_is_refused_before_slack_is_asked(
    one: Process, slack: FakeSlack, state: str
) -> None:
    async with one.browser().open() as browser:
        await browser.begin()
        browser.client.cookies.clear()
        browser.client.cookies.set(COOKIE, state)
        assert (await browser.back(code="code", state=state)).status_code in (400, 401)
    assert slack.called("oauth.v2.access") == []


async def test_another_browser_can_t_finish_what_one_began(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    async with one.browser().open() as mine, one.browser().open() as theirs:
        back = consent(slack, await mine.begin(), acme)
        await theirs.begin()
        page = await theirs.client.get(back)
        assert page.status_code == 400
        assert "in the browser in which it began" in page.text
        assert (await mine.client.get(back)).status_code == 200


async def test_a_state_ends_after_ten_minutes(one: Process) -> None:
    async with one.browser().open() as browser:
        await browser.begin()
    (key,) = await one.kept()
    assert 590 < await one.redis.ttl(key) <= 600


async def test_who_changes_their_mind_is_told_so(one: Process) -> None:
    async with one.browser().open() as browser:
        await browser.begin()
        page = await browser.client.get("/slack/oauth_redirect", params={"error": "access_denied"})
        assert "You stopped the installation" in page.text
        assert 'href="/slack/install"' in page.text


async def test_words_from_the_address_never_become_part_of_the_page(one: Process) -> None:
    async with one.browser().open() as browser:
        for reason in ("<script>alert(1)</script>", '"onload=x', "a" * 500):
            page = await browser.client.get("/slack/oauth_redirect", params={"error": reason})
            assert reason not in page.text
            assert "script" not in page.text
        known = await browser.client.get("/slack/oauth_redirect", params={"error": "no_scope"})
        assert "Slack says: no_scope." in known.text
        assert "default-src 'none'" in known.headers["content-security-policy"]
        assert known.headers["referrer-policy"] == "no-referrer"


async def test_a_workspace_s_name_is_shown_as_it_is_written(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    acme.name = "<b>Acme & Söhne</b>"
    page = await one.install(slack, acme)
    assert "&lt;b&gt;Acme &amp; Söhne&lt;/b&gt;" in page.text
    assert "<b>" not in page.text


async def test_the_way_to_slack_can_t_be_bent_by_its_address(one: Process) -> None:
    async with one.browser().open() as browser:
        assert "&team=T0ACME" in await browser.begin(team="T0ACME")
        bent = await browser.begin(team="T0&redirect_uri=https://evil.example")
        assert "evil" not in bent


async def test_a_code_that_slack_refuses_installs_nothing(one: Process, slack: FakeSlack) -> None:
    async with one.browser().open() as browser:
        await browser.begin()
        page = await browser.back(code="not-a-code", state=browser.state)
        assert page.status_code == 401
        assert "did not accept" in page.text
    assert await one.kept() == []


@pytest.mark.parametrize("trouble", [{"error": "internal_error"}, {"status": 503}, {"drop": True}])
async def test_slack_s_own_trouble_is_told_apart(
    one: Process, slack: FakeSlack, trouble: dict[str, Any]
) -> None:
    async with one.browser().open() as browser:
        await browser.begin()
        slack.fail("oauth.v2.access", **trouble)
        page = await browser.back(code="code", state=browser.state)
        assert page.status_code == 502
        assert "Slack does not answer" in page.text
    assert await one.kept() == []


async def test_leaving_leaves_nothing_and_cleans_what_others_keep(
    one: Process, two: Process, slack: FakeSlack, acme: Team, bolt: Team
) -> None:
    cleaned = []

    async def clean(home: str) -> None:
        cleaned.append(home)

    for team in (acme, bolt):
        await one.install(slack, team)
        await one.parts.tokens.identity(team.id)
    leaving = Leaving(one.parts.tokens, clean)
    assert await leaving.heard(gone(acme.id))
    with pytest.raises(NotInstalled):
        await one.parts.tokens.identity(acme.id)
    assert (await two.parts.tokens.identity(bolt.id)).team == bolt.id
    revoked = {"type": "tokens_revoked", "tokens": {"bot": [bolt.bot_user]}}
    assert await leaving.heard({**gone(bolt.id), "event": revoked})
    assert await leaving.heard(gone(bolt.id))
    assert cleaned == [acme.id, bolt.id, bolt.id]
    assert await one.kept() == []


async def test_an_organisation_leaves_as_a_whole(
    one: Process, slack: FakeSlack, bolt: Team, cork: Team
) -> None:
    await one.install(slack, bolt, whole=True)
    await one.parts.tokens.identity(cork.id, "E0CORP")
    whole: dict[str, Any] = {
        "enterprise_id": "E0CORP",
        "authorizations": [{"is_enterprise_install": True}],
    }
    assert await Leaving(one.parts.tokens).heard(gone(cork.id, **whole))
    with pytest.raises(NotInstalled):
        await one.parts.tokens.identity(cork.id, "E0CORP")
    assert await one.kept() == []


async def test_late_news_of_leaving_does_not_end_what_was_installed_since(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    left_at = time.time() - 60
    await one.install(slack, acme)
    assert not await Leaving(one.parts.tokens).heard(gone(acme.id, at=left_at))
    assert (await one.parts.tokens.identity(acme.id)).team == acme.id


async def test_another_process_hears_of_leaving_within_half_a_minute(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    now = [0.0]
    elsewhere = ManyWorkspaces(one.parts.installations, one.rotation(slack), lambda: now[0])
    await one.install(slack, acme)
    await elsewhere.identity(acme.id)
    await Leaving(one.parts.tokens).heard(gone(acme.id))
    assert (await elsewhere.identity(acme.id)).team == acme.id
    now[0] = 30.1
    with pytest.raises(NotInstalled):
        await elsewhere.identity(acme.id)


async def test_what_was_tampered_with_is_no_installation_and_installing_again_mends_it(
    one: Process, slack: FakeSlack, acme: Team, bolt: Team
) -> None:
    for team in (acme, bolt):
        await one.install(slack, team)
    mine, theirs = f"slack:installation:{acme.id}", f"slack:installation:{bolt.id}"
    text = await one.values.get(theirs)
    assert text is not None
    await one.values.set(mine, text)
    with pytest.raises(NotInstalled):
        await one.parts.tokens.identity(acme.id)
    middle = "A" if text[50] != "A" else "B"
    await one.values.set(theirs, text[:50] + middle + text[51:])
    with pytest.raises(NotInstalled):
        await one.parts.tokens.identity(bolt.id)
    await one.install(slack, acme)
    assert (await one.parts.tokens.identity(acme.id)).team == acme.id


async def test_another_secret_opens_nothing_until_it_is_installed_again(
    one: Process, url: str, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    async with process(url, slack, "another long random text") as later:
        with pytest.raises(NotInstalled):
            await later.parts.tokens.identity(acme.id)
        await later.install(slack, acme)
        assert (await later.parts.tokens.identity(acme.id)).team == acme.id


async def test_the_store_away_is_said_kindly(slack: FakeSlack) -> None:
    nowhere = process("redis://127.0.0.1:9", slack, patient=False)
    async with nowhere as lost, lost.browser().open() as browser:
        page = await browser.client.get("/slack/install")
        assert page.status_code == 503
        assert "away for a moment" in page.text


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"secret_key": None}, "EASEL_SECRET_KEY."),
        ({"public_url": None, "client_secret": None}, "SLACK_CLIENT_SECRET and EASEL_PUBLIC_URL."),
    ],
)
async def test_many_workspaces_are_refused_without_what_they_need(
    one: Process, given: dict[str, Any], missing: str
) -> None:
    whole: dict[str, Any] = {
        "client_secret": SecretStr("x"),
        "secret_key": SecretStr("a long random text"),
        "public_url": "https://easel.example.com",
    }
    with pytest.raises(BadInput) as refused:
        distribution(
            one.values, api_url="https://slack.com/api/", client_id="1.2", **{**whole, **given}
        )
    assert refused.value.message.endswith(f"also needs {missing}")


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("https://slack.com/api/", "https://slack.com/oauth/v2/authorize"),
        ("https://slack-gov.com/api/", "https://slack-gov.com/oauth/v2/authorize"),
    ],
)
def test_consent_is_asked_beside_the_api(api: str, page: str) -> None:
    assert authorization_url(api) == page

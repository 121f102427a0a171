"""Tokens that end are renewed once, whoever asks at that moment and whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import time

import pytest

from adapters.slack.identity import NotInstalled
from adapters.slack.uninstall import Leaving
from core.errors import Unavailable
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_world import Team
from tests.scenario.slack_installs.slack_consent import Process

SOON, OVER = 1_800, -60
"""Seconds until a token ends: within the two hours before, and in the past."""

HELD = "oauth.v2.access"


def leaving(acme: Team) -> dict[str, object]:
    moment = int(time.time()) + 1
    return {"event": {"type": "app_uninstalled"}, "team_id": acme.id, "event_time": moment}


async def token(of: Process, team: Team) -> str:
    return (await of.parts.tokens.identity(team.id)).token.get_secret_value()


async def test_a_token_that_lasts_is_left_alone(one: Process, slack: FakeSlack, acme: Team) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, 2 * 3_600 + 60)
    first = acme.token
    assert await token(one, acme) == first
    assert slack.registration.rotations == 0


async def test_two_workers_at_once_renew_it_once_and_both_have_the_new_one(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, OVER)
    old = acme.token
    found = await asyncio.gather(*(token(each, acme) for each in (one, two) * 8))
    assert slack.registration.rotations == 1
    assert len(slack.called(HELD, grant_type="refresh_token")) == 1
    assert set(found) == {acme.token} != {old}
    assert not [key for key in await one.kept() if "lock" in key]


async def test_while_one_renews_it_the_other_goes_on_with_a_token_that_is_still_good(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, SOON)
    old = acme.token
    hold = slack.hold(HELD)
    renewing = asyncio.create_task(token(one, acme))
    await hold.reached()
    assert await token(two, acme) == old
    hold.release()
    assert await renewing == acme.token != old
    assert slack.registration.rotations == 1


async def test_it_goes_on_being_renewed(one: Process, slack: FakeSlack, acme: Team) -> None:
    await one.install(slack, acme)
    rotation = one.rotation(slack)
    seen = [acme.token]
    for _ in range(3):
        await one.ends_in(acme.id, SOON)
        kept = await one.parts.installations.read(acme.id)
        assert kept is not None
        seen.append(str((await rotation.fresh(kept)).bot_token))
        assert seen[-1] == acme.token
    assert len(set(seen)) == 4


async def test_a_new_token_that_was_lost_on_the_way_costs_nothing_until_the_old_one_ends(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, SOON)
    old = acme.token
    slack.fail(HELD, drop_answer=True)
    assert await token(one, acme) == old
    assert await token(two, acme) == old
    assert await token(two, acme) == old
    assert len(slack.called(HELD, grant_type="refresh_token")) == 2
    await one.ends_in(acme.id, OVER)
    for each in (one, two):
        each.forget_all()
        with pytest.raises(NotInstalled):
            await token(each, acme)
    await one.install(slack, acme)
    two.forget_all()
    assert await token(two, acme) == acme.token


@pytest.mark.parametrize("how", [{"status": 503}, {"error": "ratelimited"}, {"drop": True}])
async def test_slack_s_trouble_is_waited_out_with_the_old_token(
    one: Process, slack: FakeSlack, acme: Team, how: dict[str, object]
) -> None:
    await one.install(slack, acme)
    old = acme.token
    await one.ends_in(acme.id, SOON)
    slack.fail(HELD, **how)
    assert await token(one, acme) == old
    one.forget_all()
    assert await token(one, acme) == acme.token != old


async def test_with_an_ended_token_slack_s_trouble_is_a_matter_of_trying_again(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, OVER)
    slack.fail(HELD, status=503)
    with pytest.raises(Unavailable):
        await token(one, acme)
    assert await token(one, acme) == acme.token


async def test_a_refusal_is_not_asked_for_again_and_again(
    one: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, OVER)
    slack.fail(HELD, error="invalid_refresh_token")
    for _ in range(5):
        with pytest.raises(NotInstalled):
            await token(one, acme)
    assert len(slack.called(HELD, grant_type="refresh_token")) == 1


async def test_uninstalled_while_it_is_renewed_leaves_nothing(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, SOON)
    hold = slack.hold(HELD, after=True)
    renewing = asyncio.create_task(token(one, acme))
    await hold.reached()
    assert await Leaving(two.parts.tokens).heard(leaving(acme))
    hold.release()
    with pytest.raises(NotInstalled):
        await renewing
    assert await one.kept() == []


async def test_installed_again_while_it_is_renewed_the_new_installation_stays(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, SOON)
    hold = slack.hold(HELD, after=True)
    renewing = asyncio.create_task(token(one, acme))
    await hold.reached()
    page = await two.install(slack, acme)
    assert page.status_code == 200
    new = acme.token
    hold.release()
    assert await renewing == new
    two.forget_all()
    assert await token(two, acme) == new


async def test_a_worker_that_dies_holding_the_lock_does_not_keep_the_others_from_it(
    one: Process, two: Process, slack: FakeSlack, acme: Team
) -> None:
    await one.install(slack, acme)
    await one.ends_in(acme.id, SOON)
    assert await one.values.set(f"lock:slack:rotation:{acme.id}", "dead", seconds=0.2)
    old = acme.token
    assert await token(two, acme) == old
    await one.ends_in(acme.id, OVER)
    two.forget_all()
    assert await token(two, acme) == acme.token != old

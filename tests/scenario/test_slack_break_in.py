"""Ways in that are none: what strangers, neighbours and guests try, and do not get."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenario.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    async with slack_house(tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[" * 90_000),
        ("application/json", b'{"a": ' * 90_000),
        ("application/x-www-form-urlencoded", b"a=&" * 300_000),
        ("application/x-www-form-urlencoded", b"payload=%7B&" * 60_000),
    ],
)
async def test_what_slack_has_not_signed_is_not_taken_apart(
    there: SlackHouse, kind: str, body: bytes
) -> None:
    headers = there.fake.delivery.signed(body, secret="guessed")
    answer = await there.fake.delivery.raw(body, {"Content-Type": kind} | headers)
    assert answer.status == 401
    assert answer.json == {"error": "not signed"}, "said before the framework has read it"

"""What a look at OpenAI says, without spending anything."""

from __future__ import annotations

from typing import Any

import pytest

from core.engines.openai.cards import OPENAI_CARDS
from core.engines.openai.engine import OpenAIImages, openai_engine, studio_engine
from core.engines.port import Health
from tests.contract.openai_double import Behaviour, OpenAIDouble

EVERYTHING = Health(
    state="ok", words=f"the key is accepted, all {len(OPENAI_CARDS)} models are offered"
)


async def looked(key: str, address: str) -> Health:
    engine = openai_engine(key, address)
    try:
        return await engine.check()
    finally:
        await engine.close()


async def test_a_good_key_is_told_by_the_list_of_models_alone(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    assert await engine.check() == EVERYTHING
    assert [asked.endpoint for asked in api.asked] == ["models"]


async def test_models_that_the_account_does_not_have_are_named(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.models.remove("gpt-image-2.6-flare")
    health = await engine.check()
    assert (health.state, "not offered: gpt-image-2.6-flare" in health.words) == ("ok", True)


async def test_an_account_without_any_of_them_is_no_use(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.models = ["tts-9"]
    health = await engine.check()
    assert (health.state, "none of the models" in health.words) == ("bad", True)
    assert health.remedy


async def test_a_wrong_key_is_told_and_not_shown(api: OpenAIDouble) -> None:
    health = await looked("sk-proj-Wrong_Key-123456", api.base_url)
    assert health.state == "bad"
    assert health.words == "OpenAI does not accept the key that is set up here."
    assert health.remedy == "Check OPENAI_API_KEY."
    assert "Wrong_Key" not in repr(health)


@pytest.mark.parametrize(
    ("status", "body", "state", "remedy"),
    [
        (403, {"message": "You have insufficient permissions. Missing scopes: api.model.read"},
         "ok", ""),
        (403, {"message": "Country not supported", "code": "unsupported_country_region_territory"},
         "bad", "Check OPENAI_API_KEY."),
        (429, {"message": "slow down", "code": "rate_limit_exceeded"}, "bad", "Wait a minute"),
        (429, {"message": "x", "code": "billing_not_active"}, "bad", "billing"),
        (500, {"message": "oops"}, "bad", "Look again soon."),
        (404, {"message": "nothing here"}, "bad", "Check OPENAI_BASE_URL."),
    ],
)  # fmt: skip
async def test_each_answer_has_its_remedy(
    api: OpenAIDouble, engine: OpenAIImages, status: int, body: dict[str, Any], state: str,
    remedy: str,
) -> None:  # fmt: skip
    api.plan.append(Behaviour(fail=(status, body, {})))
    health = await engine.check()
    assert (health.state, remedy in health.remedy) == (state, True)
    assert health.words


@pytest.mark.parametrize("raw", [b"data: {}\n\n", b"", b"[1]"])
async def test_an_address_of_something_else_raises_nothing(
    api: OpenAIDouble, engine: OpenAIImages, raw: bytes
) -> None:
    api.plan.append(Behaviour(raw=raw))
    health = await engine.check()
    assert (health.state, health.words) == ("bad", "what answers there is no OpenAI API")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "http://[broken", "nonsense"])
async def test_an_address_that_is_not_there_raises_nothing(address: str) -> None:
    health = await looked("sk-test-0123456789", address)
    assert (health.state, health.words) == ("bad", "can't be reached")
    assert "OPENAI_BASE_URL" in health.remedy


async def test_what_is_not_set_up_is_off_and_says_what_is_missing() -> None:
    assert await openai_engine(None).check() == Health(
        state="off", words="OPENAI_API_KEY is not set"
    )
    assert await studio_engine(None).check() == Health(
        state="off", words="the studio is not running"
    )
    assert (await studio_engine("/tmp/studio.sock").check()).state == "ok"  # not opened here

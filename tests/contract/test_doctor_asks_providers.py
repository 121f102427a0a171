"""`easel doctor` asks every provider whether it can be used, and spends nothing."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.check_engines import check_compatible, check_default_model, check_openai, check_replicate
from bot.findings import Level
from bot.settings import Settings
from tests.contract.openai_double import OpenAIDouble


async def test_what_is_not_set_up_is_no_fault() -> None:
    for check in (check_openai, check_replicate, check_compatible):
        finding = await check(Settings(_env_file=None))
        assert finding.level is Level.NOTE
        assert finding.remedy


async def test_a_good_key_is_told_from_a_bad_one_and_never_shown(api: OpenAIDouble) -> None:
    good = Settings(openai_api_key=SecretStr(api.key), openai_base_url=api.base_url, _env_file=None)
    assert (await check_openai(good)).level is Level.OK
    wrong = good.model_copy(update={"openai_api_key": SecretStr("sk-wrong-12345678")})
    finding = await check_openai(wrong)
    assert finding.level is Level.WARN
    assert "12345678" not in f"{finding}"
    assert {asked.endpoint for asked in api.asked} == {"models"}


async def test_a_server_that_is_not_there_is_told() -> None:
    away = Settings(compatible_url="http://127.0.0.1:9/v1", _env_file=None)
    finding = await check_compatible(away)
    assert finding.level is Level.WARN


@pytest.mark.parametrize(
    ("model", "level", "words"),
    [
        (None, Level.OK, "draws"),
        ("studio", Level.OK, "Studio draws"),
        ("gpt-image-2", Level.WARN, "OPENAI_API_KEY is not set"),
        ("gpt-image-1", Level.WARN, "shut it down"),
        ("no-such-model", Level.WARN, "no model called"),
    ],
)
async def test_the_default_model_is_looked_at(model: str | None, level: Level, words: str) -> None:
    finding = await check_default_model(Settings(default_model=model, _env_file=None))
    assert finding.level is level
    assert words in finding.words

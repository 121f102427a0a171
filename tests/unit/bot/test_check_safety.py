"""The doctor says whether the rules of the content gate can be kept here."""

from __future__ import annotations

from importlib.metadata import PackagePath
from importlib.util import find_spec

import pytest
from pydantic import SecretStr

from bot import check_safety
from bot.findings import Level
from bot.settings import Settings
from core.picture import safety

KEY = SecretStr("sk-proj-secret-0123456789")


def settings(key: SecretStr | None) -> Settings:
    return Settings(_env_file=None, openai_api_key=key)


@pytest.mark.parametrize(
    ("key", "level", "words"),
    [(KEY, Level.OK, "reads words and looks"), (None, Level.NOTE, "words are left")],
)
async def test_what_can_be_checked(
    key: SecretStr | None, level: Level, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    finding = await check_safety.check_safety(settings(key))
    assert (finding.level, words in finding.words) == (level, True)
    assert "sk-proj" not in repr(finding)


async def test_without_the_extra_only_words_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        safety, "find_spec", lambda name: None if name == safety.PACKAGE else find_spec(name)
    )
    finding = await check_safety.check_safety(settings(KEY))
    assert (finding.level, "checks words only" in finding.words) == (Level.NOTE, True)
    assert finding.remedy


async def test_a_damaged_network_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(file: PackagePath) -> bool:
        return not file.name.endswith(".onnx")

    monkeypatch.setattr(check_safety, "intact", damaged)
    finding = await check_safety.check_safety(settings(KEY))
    assert (finding.level, "none is shown" in finding.words) == (Level.WARN, True)
    assert finding.remedy

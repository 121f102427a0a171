"""Settings: what is read from where, what is refused, and that their page is current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot import document_settings
from bot.settings import Settings, environment_name, environment_names, load
from core.errors import BadInput
from core.hosts import is_loopback

# DESIGN §10, word for word: others rely on these names.
CONTRACT = set(
    """
EASEL_DATA_DIR EASEL_HOST EASEL_PORT EASEL_PUBLIC_URL EASEL_SECRET_KEY EASEL_BLOBS REDIS_URL
OPENAI_API_KEY OPENAI_BASE_URL REPLICATE_API_TOKEN REPLICATE_BASE_URL EASEL_COMPATIBLE_URL
EASEL_COMPATIBLE_KEY EASEL_COMPATIBLE_DIALECT EASEL_DEFAULT_MODEL SLACK_BOT_TOKEN SLACK_APP_TOKEN
SLACK_SIGNING_SECRET SLACK_CLIENT_ID SLACK_CLIENT_SECRET SLACK_API_URL DISCORD_TOKEN
DISCORD_API_URL DISCORD_GATEWAY_URL
""".split()  # noqa: SIM905 - as it stands in the design
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in environment_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield


def test_every_variable_of_the_contract_is_read() -> None:
    assert set(environment_names()) >= CONTRACT


def test_the_defaults_are_those_of_the_design() -> None:
    settings = load()
    assert (settings.data_dir, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8080)
    assert settings.blobs_place == "data/blobs"
    assert (settings.max_files, settings.max_file_bytes) == (16, 25_000_000)
    assert (settings.max_pixels, settings.max_prompt) == (50_000_000, 8_000)
    assert (settings.max_queued, settings.max_running, settings.max_side) == (20, 4, 8_192)
    assert settings.max_waiting == 200
    assert (settings.redelivery_seconds, settings.worker_concurrency) == (10, 16)
    assert (settings.pixel_workers, settings.worker_inside) == (2, True)
    assert settings.redis_url is None


def test_the_environment_wins_over_the_file_and_empty_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("EASEL_PORT=1\nEASEL_HOST=::1\nEASEL_MAX_FILES=3\nOTHER=x\n")
    monkeypatch.setenv("EASEL_PORT", "2")
    monkeypatch.setenv("EASEL_HOST", "")
    settings = load()
    assert (settings.port, settings.host, settings.max_files) == (2, "::1", 3)


def test_unprefixed_names_of_other_programs_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("HOST", "example.org")
    monkeypatch.setenv("DATA_DIR", "/elsewhere")
    settings = load()
    assert (settings.port, settings.host, settings.data_dir) == (8080, "127.0.0.1", Path("data"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EASEL_PORT", "70000"),
        ("EASEL_PORT", "eighty"),
        ("OPENAI_BASE_URL", "http://api.example.org/v1"),
        ("OPENAI_BASE_URL", "http://127.0.0.1.example.org/v1"),
        ("OPENAI_BASE_URL", "ftp://127.0.0.1/"),
        ("OPENAI_BASE_URL", "api.example.org"),
        ("REPLICATE_BASE_URL", "https://user:pass@example.org"),
        ("EASEL_COMPATIBLE_URL", "http://10.0.0.1:8000"),
        ("SLACK_API_URL", "http://169.254.169.254/"),
        ("DISCORD_API_URL", "https:///api"),
        ("DISCORD_GATEWAY_URL", "ws://example.org"),
        ("DISCORD_GATEWAY_URL", "https://example.org"),
        ("EASEL_PUBLIC_URL", "http://easel.example.org"),
        ("REDIS_URL", "http://localhost:6379"),
        ("EASEL_SECRET_KEY", "short"),
        ("EASEL_LOG_LEVEL", "loud"),
        ("EASEL_MAX_FILES", "17"),
        ("EASEL_WORKER_CONCURRENCY", "0"),
    ],
)
def test_a_wrong_value_is_named_but_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput) as refusal:
        load()
    assert name in refusal.value.message
    assert value not in refusal.value.message
    assert "docs/SETTINGS.md" in refusal.value.hint


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("openai_base_url", "https://api.example.org/v1/", "https://api.example.org/v1"),
        ("openai_base_url", "http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
        ("replicate_base_url", "http://localhost:9", "http://localhost:9"),
        ("slack_api_url", "http://[::1]:9/api/", "http://[::1]:9/api"),
        ("discord_gateway_url", "ws://127.0.0.1:9", "ws://127.0.0.1:9"),
        ("log_level", "WARNING", "warning"),
    ],
)
def test_a_right_value_is_kept(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, kept: str
) -> None:
    monkeypatch.setenv(environment_name(name), value)
    assert getattr(load(), name) == kept


@pytest.mark.parametrize("url", ["redis://h/0", "rediss://:p@h/0", "unix:///run/r.sock?db=0"])
def test_redis_may_be_anywhere(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    found = load().redis_url
    assert found is not None
    assert found.get_secret_value() == url


def test_no_secret_is_in_what_settings_print(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        name: f"value-of-{name}-in-full"
        for name, field in Settings.model_fields.items()
        if SecretStr in getattr(field.annotation, "__args__", ())
    }
    assert {"openai_api_key", "slack_bot_token", "discord_token", "secret_key"} <= set(secrets)
    del secrets["redis_url"]
    settings = Settings(**{name: SecretStr(value) for name, value in secrets.items()})  # type: ignore[arg-type]
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert not [value for value in secrets.values() if value in shown]


def test_settings_do_not_change_after_they_were_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("localhost.example.org", False),
        ("10.0.0.1", False),
    ],
)
def test_what_counts_as_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_the_page_of_settings_is_current() -> None:
    assert document_settings.main(["--check"]) == 0, "run python -m bot.document_settings"


def test_the_page_names_every_variable_and_marks_secrets() -> None:
    text = document_settings.page()
    assert not [name for name in environment_names() if f"| `{name}` |" not in text]
    (row,) = (line for line in text.splitlines() if "`DISCORD_TOKEN`" in line)
    assert row.endswith("Secret. |")


def test_a_page_that_is_behind_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_settings, "PAGE", tmp_path / "SETTINGS.md")
    assert document_settings.main(["--check"]) == 1
    assert document_settings.main([]) == 0
    assert document_settings.main(["--check"]) == 0

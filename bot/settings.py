"""Everything an operator can set, in one typed place.

Values come from the environment, then from `.env` in the working folder; a variable that is set
but empty counts as not set. docs/SETTINGS.md is made from this module (`bot.document_settings`).
Secrets are `SecretStr`, so that neither a log line nor a `repr` shows them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.provider_limits import USUAL_LIMITS, checked_limits
from core.errors import BadInput
from core.hosts import is_loopback

REDIS_SCHEMES = ("redis", "rediss", "unix")


def _service_url(value: str) -> str:
    """https anywhere, http on loopback only: a key must never travel in the clear."""
    parts = urlsplit(value)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("must be an address such as https://host/path")
    if parts.username or parts.password:
        raise ValueError("must not carry a user name or password; use the key's own variable")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https:// (http:// is only for this machine itself)")
    return value.rstrip("/")


def _gateway_url(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or parts.scheme not in ("ws", "wss"):
        raise ValueError("must be an address such as wss://host")
    if parts.scheme == "ws" and not is_loopback(parts.hostname):
        raise ValueError("must begin with wss:// (ws:// is only for this machine itself)")
    return value.rstrip("/")


ServiceUrl = Annotated[str, AfterValidator(_service_url)]
GatewayUrl = Annotated[str, AfterValidator(_gateway_url)]


class Settings(BaseSettings):
    """One immutable reading of the environment. Raises pydantic's ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix="EASEL_",
        env_file=".env",
        env_ignore_empty=True,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
    )

    # Where things are
    data_dir: Path = Field(
        default=Path("data"), description="Folder of the embedded store and of the pictures."
    )
    blobs: str | None = Field(
        default=None,
        description="Where pictures are kept: a folder or `s3://…`, `gs://…`, `az://…`. "
        "Not set: the folder `blobs` in the data folder.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="Redis or Valkey, 7 or newer, with append-only persistence: `redis://…`, "
        "`rediss://…` or `unix://…`. Not set: Easel starts a server of its own.",
    )

    # The web workspace
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one."
    )
    public_url: ServiceUrl | None = Field(
        default=None, description="Address under which people reach the workspace."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Long random text from which the keys for signed links and stored tokens "
        "are derived.",
    )

    identity_header: str | None = Field(
        default=None,
        max_length=80,
        description="Header in which a reverse proxy names the person it has signed in, such as "
        "`X-Forwarded-User`. Believed only from the networks below.",
    )
    identity_networks: str | None = Field(
        default=None,
        description="Where that proxy is: addresses or networks, with commas between, such as "
        "`10.0.0.0/8`.",
    )

    # Engines
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="Switches OpenAI's models on, "
        "and the reading of words before they are drawn, where a channel's rules want it.",
    )
    openai_base_url: ServiceUrl | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Another address of the OpenAI API. Not set: OpenAI's own.",
    )
    replicate_api_token: SecretStr | None = Field(
        default=None,
        validation_alias="REPLICATE_API_TOKEN",
        description="Switches Replicate's models on.",
    )
    replicate_base_url: ServiceUrl | None = Field(
        default=None,
        validation_alias="REPLICATE_BASE_URL",
        description="Another address of Replicate's API. Not set: Replicate's own.",
    )
    compatible_url: ServiceUrl | None = Field(
        default=None,
        description="Address of a server of your own that speaks the OpenAI Images protocol, "
        "such as `http://127.0.0.1:8000/v1`.",
    )
    compatible_key: SecretStr | None = Field(
        default=None, description="Key for that server, where it wants one."
    )
    compatible_dialect: str | None = Field(
        default=None,
        max_length=40,
        description="Which server it is, where that makes a difference: `openai` (the plain "
        "protocol), `vllm-omni`, `sglang`, `sd-cpp` or `localai`.",
    )
    default_model: str | None = Field(
        default=None,
        max_length=120,
        description="Model used when nobody asks for one. Not set: the best that is configured.",
    )
    substitute: bool = Field(
        default=False,
        description="Whether another model may draw, without asking, where the one that was asked "
        "for can't be had. It is said in the answer either way.",
    )
    provider_limits: Annotated[str, AfterValidator(checked_limits)] = Field(
        default=USUAL_LIMITS,
        max_length=2_000,
        description="How much all workers together ask of a provider, or of one of its models: "
        "pictures at a time, and in a minute, such as "
        "`openai=8 60/min, openai/gpt-image-2=4, replicate=10`.",
    )

    # Money
    budget_month: float | None = Field(
        default=None, ge=0, description="US dollars that one workspace may spend in a month."
    )
    budget_actor_month: float | None = Field(
        default=None, ge=0, description="US dollars that one person may spend in a month."
    )
    budget_turn: float | None = Field(
        default=None, ge=0, description="US dollars that one instruction may cost."
    )

    # Platforms
    slack_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_BOT_TOKEN",
        description="Slack bot token (`xoxb-…`), for one workspace.",
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="Slack app-level token (`xapp-…`): events come over a socket (Socket Mode), "
        "no public address is needed.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Slack signing secret: events come over HTTP, to `/slack/events`.",
    )
    slack_client_id: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_ID",
        description="Slack client id: workspaces install Easel themselves, at `/slack/install`. "
        "Needs the client secret, `EASEL_PUBLIC_URL` and `EASEL_SECRET_KEY` as well.",
    )
    slack_client_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_SECRET",
        description="Slack client secret, for installation in several workspaces.",
    )
    slack_api_url: ServiceUrl | None = Field(
        default=None,
        validation_alias="SLACK_API_URL",
        description="Another address of Slack's API. Not set: Slack's own.",
    )
    discord_token: SecretStr | None = Field(
        default=None,
        validation_alias="DISCORD_TOKEN",
        description="Discord bot token. It switches Discord on.",
    )
    discord_api_url: ServiceUrl | None = Field(
        default=None,
        validation_alias="DISCORD_API_URL",
        description="Another address of Discord's API. Not set: Discord's own.",
    )
    discord_gateway_url: GatewayUrl | None = Field(
        default=None,
        validation_alias="DISCORD_GATEWAY_URL",
        description="Another address of Discord's gateway. Not set: Discord's own.",
    )
    discord_shards: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Shards of Discord's gateway in all. Not set: as many as Discord recommends.",
    )
    discord_shard_groups: int = Field(
        default=1,
        ge=1,
        le=1_000,
        description="Groups into which these shards are shared. Each `easel serve` on one store "
        "connects with one group that is free, and others stand by; the same for all of them.",
    )

    # Limits
    max_files: int = Field(default=16, ge=1, le=16, description="Files in one turn.")
    max_file_mb: int = Field(
        default=25, ge=1, le=200, description="Size of one file, in millions of bytes."
    )
    max_megapixels: int = Field(
        default=50, ge=1, le=400, description="Pixels of one picture, in millions."
    )
    max_prompt: int = Field(
        default=8_000, ge=1, le=32_000, description="Characters of one instruction."
    )
    max_queued: int = Field(default=20, ge=1, description="Turns that may wait in one session.")
    max_waiting: int = Field(
        default=200, ge=1, description="Turns of one person that may wait or run, in all sessions."
    )
    max_running: int = Field(default=4, ge=1, description="Turns of one person that run at once.")
    max_side: int = Field(
        default=8_192, ge=64, le=32_768, description="Longest side of an upscaled picture, pixels."
    )

    # Processes
    worker_inside: bool = Field(
        default=True, description="Whether `easel serve` runs turns itself, beside the workspace."
    )
    worker_concurrency: int = Field(
        default=16, ge=1, le=1_000, description="Turns that one worker process runs at once."
    )
    pixel_workers: int = Field(
        default=2, ge=1, le=64, description="Child processes for pixel work in one process."
    )
    redelivery_seconds: float = Field(
        default=10,
        ge=1,
        le=3_600,
        description="How long a turn may show no sign of life before another worker takes it.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log lines that are written."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="Form of log lines; `auto` is console on a terminal, else JSON."
    )

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return value

    @field_validator("identity_networks")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        for part in (value or "").split(","):
            if part.strip():
                ipaddress.ip_network(part.strip())
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in REDIS_SCHEMES:
            raise ValueError(f"must begin with one of {', '.join(REDIS_SCHEMES)}, then ://")
        return value

    @property
    def proxy_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The networks of the identity proxy."""
        parts = (self.identity_networks or "").split(",")
        return tuple(ipaddress.ip_network(part.strip()) for part in parts if part.strip())

    @property
    def slack_api(self) -> str:
        """Slack's API, with a slash at its end."""
        return f"{self.slack_api_url or 'https://slack.com/api'}/"

    @property
    def blobs_place(self) -> str:
        """Folder or URL of the pictures, the default filled in."""
        return self.blobs or str(self.data_dir / "blobs")

    @property
    def max_file_bytes(self) -> int:
        return self.max_file_mb * 1_000_000

    @property
    def max_pixels(self) -> int:
        return self.max_megapixels * 1_000_000


def environment_name(field: str) -> str:
    """The variable that sets a field of Settings."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"EASEL_{field.upper()}"


def environment_names() -> Sequence[str]:
    """Every variable that Easel reads, in the order of Settings."""
    return [environment_name(field) for field in Settings.model_fields]


def load() -> Settings:
    """Read the settings; raises BadInput naming each wrong variable, never its value."""
    try:
        return Settings()
    except ValidationError as problem:
        wrong = [_complaint(error["loc"], error["msg"]) for error in problem.errors()]
        raise BadInput(
            f"Easel cannot start: {'; '.join(wrong)}.",
            hint="Correct it in the environment or in .env; docs/SETTINGS.md lists every setting.",
        ) from None


def _complaint(place: tuple[int | str, ...], words: str) -> str:
    field = str(place[0]) if place else "settings"
    name = environment_name(field) if field in Settings.model_fields else field
    return f"{name} {words.removeprefix('Value error, ').replace('Input should', 'should')}"

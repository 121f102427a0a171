"""Which parts this installation has, as its settings say."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec

from pydantic import SecretStr
from redis.asyncio import Redis

from bot.provider_limits import limits_of
from bot.settings import Settings
from core.engines.catalog import Catalog
from core.engines.compatible.engine import compatible_engine
from core.engines.local.engine import LocalEngine
from core.engines.openai.engine import openai_engine
from core.engines.openai.moderations import OpenAIModerations
from core.engines.port import Engine
from core.engines.replicate.engine import replicate_engine
from core.engines.studio.engine import RENDERER, WARM, Studio
from core.picture.pool import PixelPool
from core.policy.blocks import Blocks
from core.policy.gates import GateLimits
from core.policy.moderation import Moderation
from core.policy.quotas import Quotas
from core.policy.rules import RuleStore
from core.policy.spend import Budgets
from core.session.store import SessionStore
from core.turns.limits import TurnLimits
from core.turns.visiting import Visits

DESK_WARM = (
    "core.picture.codec",
    "core.picture.export",
    "core.picture.fitting",
    "core.picture.thumbnail",
    "core.picture.checker",
)
"""What the desk's own pixel process should have imported before somebody waits for it."""
_LOCAL_WARM = ("core.picture.adjust", "core.picture.cutout", "core.picture.upscale")


def visits(redis: Redis, store: SessionStore) -> Visits:
    """What chats have decided, for turns that come from their sessions' pages."""
    return Visits(store, RuleStore(redis), Quotas(redis), Blocks(redis))


def pixel_pool(settings: Settings) -> PixelPool:
    """The processes in which this one has its pictures made."""
    installed = find_spec(RENDERER) is not None
    warm = (*WARM, *_LOCAL_WARM) if installed else _LOCAL_WARM
    return PixelPool(settings.pixel_workers, warm=warm)


def engines(settings: Settings, pool: PixelPool, studio: Studio) -> list[Engine]:
    """Every engine, the preferred ones first; those that are not set up are listed as such."""
    return [
        openai(settings),
        replicate(settings),
        compatible(settings),
        studio.engine,
        LocalEngine(pool, max_side=settings.max_side),
    ]


def openai(settings: Settings) -> Engine:
    return openai_engine(_revealed(settings.openai_api_key), settings.openai_base_url)


def moderation(settings: Settings, pool: PixelPool) -> Moderation:
    """What looks before something is shown: words are read where OpenAI's key is set."""
    key = _revealed(settings.openai_api_key)
    reader = OpenAIModerations(key, settings.openai_base_url) if key else None
    return Moderation(pool, reader)


def replicate(settings: Settings) -> Engine:
    return replicate_engine(_revealed(settings.replicate_api_token), settings.replicate_base_url)


def compatible(settings: Settings) -> Engine:
    key = _revealed(settings.compatible_key)
    return compatible_engine(settings.compatible_url, key, settings.compatible_dialect)


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def catalog(settings: Settings) -> Catalog:
    """The catalog of an installation that does not run, for looking at."""
    pool = pixel_pool(settings)
    return Catalog(
        engines(settings, pool, Studio(pool)),
        settings.default_model,
        substitute=settings.substitute,
    )


def gates(settings: Settings) -> dict[str, GateLimits]:
    """How much is asked of whom at a time."""
    named = limits_of(settings.provider_limits)
    return {
        name: GateLimits(running=running, per_minute=rate)
        for name, (running, rate) in named.items()
    }


def budgets(settings: Settings) -> Budgets:
    return Budgets(
        workspace_month=settings.budget_month,
        actor_month=settings.budget_actor_month,
        turn=settings.budget_turn,
    )


def own_salt(settings: Settings) -> bytes | None:
    """For telling providers who asked without saying it; None: the store keeps one."""
    if settings.secret_key is None:
        return None
    secret = settings.secret_key.get_secret_value().encode()
    return hashlib.blake2b(secret, person=b"easel actor", digest_size=32).digest()


def limits(settings: Settings) -> TurnLimits:
    return TurnLimits(
        max_files=settings.max_files,
        max_file_bytes=settings.max_file_bytes,
        max_pixels=settings.max_pixels,
        max_prompt=settings.max_prompt,
        max_running=settings.max_running,
        max_side=settings.max_side,
    )

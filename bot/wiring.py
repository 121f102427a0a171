"""Which parts this installation has, as its settings say."""

from __future__ import annotations

from importlib.util import find_spec

from bot.settings import Settings
from core.engines.catalog import Catalog
from core.engines.local.engine import LocalEngine
from core.engines.openai.engine import openai_engine
from core.engines.port import Engine
from core.engines.studio.engine import RENDERER, WARM, Studio
from core.picture.pool import PixelPool
from core.turns.limits import TurnLimits

DESK_WARM = ("core.picture.codec", "core.picture.export", "core.picture.thumbnail")
"""What the desk's own pixel process should have imported before somebody waits for it."""
_LOCAL_WARM = ("core.picture.adjust", "core.picture.cutout", "core.picture.upscale")


def pixel_pool(settings: Settings) -> PixelPool:
    """The processes in which this one has its pictures made."""
    installed = find_spec(RENDERER) is not None
    warm = (*WARM, *_LOCAL_WARM) if installed else _LOCAL_WARM
    return PixelPool(settings.pixel_workers, warm=warm)


def engines(settings: Settings, pool: PixelPool, studio: Studio) -> list[Engine]:
    """Every engine, the preferred ones first; those that are not set up are listed as such."""
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    return [
        openai_engine(key, settings.openai_base_url),
        studio.engine,
        LocalEngine(pool, max_side=settings.max_side),
    ]


def catalog(settings: Settings) -> Catalog:
    """The catalog of an installation that does not run, for looking at."""
    pool = pixel_pool(settings)
    return Catalog(engines(settings, pool, Studio(pool)), settings.default_model)


def limits(settings: Settings) -> TurnLimits:
    return TurnLimits(
        max_files=settings.max_files,
        max_file_bytes=settings.max_file_bytes,
        max_pixels=settings.max_pixels,
        max_prompt=settings.max_prompt,
        max_running=settings.max_running,
        max_side=settings.max_side,
    )

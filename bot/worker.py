"""`easel worker`: turns, and nothing else."""

from __future__ import annotations

import structlog

from bot.base import base, told_to_end, until
from bot.crew import Crew
from bot.settings import Settings
from bot.settled import settle
from core.engines.port import Engine

log = structlog.get_logger(__name__)


async def work(settings: Settings, more: tuple[Engine, ...] = ()) -> None:
    """Run turns of the store until told to end; turns in flight go to other workers.

    `more`: engines beside those of the settings.
    """
    with told_to_end() as ending:
        async with base(settings, own_store=False) as parts, Crew(settings, more) as crew:
            settle()
            log.info("worker_ready")
            await until(ending, crew.work(parts))
    log.info("worker_ended")

"""Checks of the providers: keys and addresses, without spending."""

from __future__ import annotations

import asyncio

from bot import wiring
from bot.findings import Finding, bad, note, ok, warn
from bot.settings import Settings
from core.engines.port import Engine
from core.errors import BadInput, NotFound

_SECONDS = 10.0


async def check_openai(settings: Settings) -> Finding:
    """Whether the key is good; listing models costs nothing."""
    remedy = "Set OPENAI_API_KEY for OpenAI's models; the studio works without."
    return await _checked("OpenAI", wiring.openai(settings), remedy)


async def check_replicate(settings: Settings) -> Finding:
    """Whether the token is good."""
    remedy = "Set REPLICATE_API_TOKEN for Replicate's models, if you want them."
    return await _checked("Replicate", wiring.replicate(settings), remedy)


async def check_compatible(settings: Settings) -> Finding:
    """Whether one's own server answers, and what it has."""
    remedy = "Set EASEL_COMPATIBLE_URL for a server of your own, if you have one."
    return await _checked("own server", wiring.compatible(settings), remedy)


async def check_default_model(settings: Settings) -> Finding:
    """Whether the model that is drawn with by default can be had."""
    catalog = wiring.catalog(settings)
    part = "default model"
    try:
        async with asyncio.timeout(_SECONDS):
            if settings.default_model is None:
                return ok(part, f"{catalog.choose('generate').card.title} draws")
            await catalog.refresh()
            card = await catalog.acquaint(settings.default_model)
    except (BadInput, NotFound) as problem:
        return warn(part, problem.message, f"{problem.hint} It is set by EASEL_DEFAULT_MODEL.")
    except TimeoutError:
        return warn(part, "Its provider does not answer.", "Another model draws meanwhile.")
    finally:
        await catalog.close()
    if not card.usable:
        return warn(part, f"{card.title} can't be used: {card.missing}.", "Another one draws.")
    return ok(part, f"{card.title} draws")


async def _checked(part: str, engine: Engine, remedy: str) -> Finding:
    try:
        async with asyncio.timeout(_SECONDS):
            health = await engine.check()
    except TimeoutError:
        return bad(part, "No answer within 10 s.", "Check the address and the network.")
    finally:
        await engine.close()
    match health.state:
        case "ok":
            return ok(part, health.words)
        case "off":
            return note(part, health.words, health.remedy or remedy)
    return warn(part, health.words, health.remedy or "Whatever draws elsewhere still works.")

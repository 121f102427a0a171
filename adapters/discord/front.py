"""What the handlers of Discord's events stand on."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.chat.front import ChatFront
from adapters.discord.rest import Rest
from core.policy.blocks import Blocks
from core.policy.quotas import Quotas


@dataclass(frozen=True, kw_only=True)
class Front(ChatFront):
    """Given to every handler. `hears`: messages that do not mention us can be read, too."""

    rest: Rest
    quotas: Quotas
    blocks: Blocks
    hears: bool = False

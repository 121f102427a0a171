"""What the handlers of Slack's events stand on."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.chat.front import ChatFront
from adapters.slack.api import Apis
from adapters.slack.identity import Tokens


@dataclass(frozen=True, kw_only=True)
class Front(ChatFront):
    """Given to every handler. `tokens` say who Easel is somewhere, `apis` make its calls there."""

    tokens: Tokens
    apis: Apis

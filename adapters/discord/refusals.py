"""What Discord answers when it does not do something, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import EaselError, NotAllowed, Unavailable

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10015, 10062
TOO_LARGE, ACKNOWLEDGED = 40005, 40060
NO_ACCESS, NO_PERMISSION, NO_DIRECT_MESSAGES = 50001, 50013, 50007
WRONG_CHANNEL_TYPE, TOKEN_OVER = 50024, 50027
THREAD_EXISTS, ARCHIVED, LOCKED = 160004, 50083, 160005
"""Error codes (Discord's documents, "Opcodes and Status Codes")."""

_WORDS: Mapping[int, tuple[str, str]] = {
    UNKNOWN_CHANNEL: ("That channel is not there any more.", "Ask me in another one."),
    TOO_LARGE: ("That file is larger than Discord takes here.", "Open it in the workspace."),
    NO_ACCESS: ("I can't see that channel.", "Ask a moderator to let me into it."),
    NO_PERMISSION: (
        "I may not do that in this channel.",
        "Ask a moderator to let me send messages, attach files and use threads here.",
    ),
    NO_DIRECT_MESSAGES: ("I can't send you direct messages.", "Ask me in a channel."),
    TOKEN_OVER: (
        "This took longer than Discord waits for an answer.",
        "Open it in the workspace, or ask for it again.",
    ),
    ARCHIVED: ("This thread is closed.", "Open it again, or ask me in another."),
    LOCKED: ("This thread is locked.", "Ask a moderator to open it, or ask me in another."),
}
_BAD_TOKEN = (
    "Discord does not take Easel's token.",
    "Whoever runs Easel sets DISCORD_TOKEN to the bot's token from the developer portal.",
)
_UNKNOWN = ("Discord does not take that.", "Try again, or tell whoever runs Easel.")
_LASTING = frozenset(
    (UNKNOWN_CHANNEL, NO_ACCESS, NO_PERMISSION, NO_DIRECT_MESSAGES, ARCHIVED, LOCKED)
)


class DiscordRefusal(NotAllowed):
    """Discord says no, and will say no again. `number` is its own code, 0 where it gave none."""

    def __init__(self, number: int, status: int, *, admin: str) -> None:
        message, hint = _WORDS.get(number, _BAD_TOKEN if status == 401 else _UNKNOWN)
        super().__init__(message, hint=hint, code="discord_refused", admin=admin)
        self.number = number
        self.http_status = status

    @property
    def lasting(self) -> bool:
        """Whether nothing at all can be said there."""
        return self.number in _LASTING or self.http_status == 401

    @property
    def gone(self) -> bool:
        """Whether what was to be changed is not there any more."""
        return self.http_status == 404


class DiscordLater(Unavailable):
    """Discord is away or takes no more now. `uncertain`: the call may have been carried out."""

    def __init__(self, seconds: float, *, admin: str, uncertain: bool = False) -> None:
        super().__init__(
            "Discord does not answer just now.", hint="Try again in a moment.", admin=admin
        )
        self.seconds = seconds
        self.uncertain = uncertain


def known(error: EaselError, *numbers: int) -> bool:
    """Whether an error is one of these refusals."""
    return isinstance(error, DiscordRefusal) and error.number in numbers

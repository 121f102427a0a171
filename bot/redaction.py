"""Keeps secrets out of the log, whoever writes the line.

Three nets: values of `SecretStr` type; the very secrets that are configured, wherever they turn up;
and text that has the known shape of a token. A field whose name says that it is secret is hidden
whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from pydantic import SecretStr

HIDDEN = "[hidden]"

_SHAPES = re.compile(
    r"""
      \bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}              # Slack: bot, user, refresh, configuration
    | \bxapp-[\w-]{8,}                                 # Slack: app level
    | \bsk-[\w-]{8,}                                   # OpenAI and many that copy its form
    | \br8_\w{8,}                                      # Replicate
    | \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}           # Discord: id.time.signature
    | (?<=/open/)[\w-]{8,}\.[\w-]{8,}                  # our links into the workspace
    | \beyJ[\w-]{16,}\.[\w-]{16,}(?:\.[\w-]+)?          # the same without their address, and JWTs
    | (?<=\bhooks\.slack\.com/)[^\s"'<>]+              # Slack: who has it, answers as Easel
    | (?<=\bhooks\.slack-gov\.com/)[^\s"'<>]+
    | (?<=/upload/v1/)[^\s"'<>]+                       # Slack: who has it, uploads as Easel
    | (?<=\bbearer\s)\S{8,} | (?<=\bbasic\s)\S{8,} | (?<=\btoken\s)\S{20,}
    | (?<=://)[^\s/@:]*:[^\s/@]+(?=@)                  # user:password in an address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TELLING_NAME = re.compile(
    r"secret|password|passwd|authorization|cookie|api_?key|(^|_)token$|signature|"
    r"(answer|response|upload)_url$",
    re.IGNORECASE,
)


class Redactor:
    """A structlog processor. `secrets` are the values that must never be seen."""

    def __init__(self, secrets: Iterable[SecretStr] = ()) -> None:
        values = {secret.get_secret_value() for secret in secrets}
        longest_first = sorted(filter(None, values), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for name, value in event.items():
            event[name] = HIDDEN if value and _TELLING_NAME.search(name) else self.clean(value)
        return event

    def clean(self, value: Any) -> Any:
        """The value with every secret in it hidden; containers are copied."""
        if isinstance(value, SecretStr):
            return HIDDEN
        if isinstance(value, str):
            return self._clean_text(value)
        if isinstance(value, Mapping):
            return dict(self(None, "", dict(value)))
        if isinstance(value, list | tuple | set | frozenset):
            return [self.clean(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._clean_text(repr(value) if not isinstance(value, BaseException) else str(value))

    def _clean_text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _SHAPES.sub(HIDDEN, text)

"""The chat platforms of this installation, as workers use them: fetching files, showing turns."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.settings import Settings
from core.policy.keyvalue import KeyValue
from core.session.links import LinkStore
from core.turns.fetching import Fetcher
from core.turns.presenting import Presenter
from core.turns.service import Desk


@dataclass(frozen=True)
class Platform:
    """What a worker needs of a platform."""

    presenter: Presenter
    fetcher: Fetcher


@dataclass(frozen=True)
class Beside:
    """What platforms find things in: the desk, links from messages, a place for small texts."""

    desk: Desk
    links: LinkStore
    kept: KeyValue


OpenPlatforms = Callable[[Settings, Beside], AbstractAsyncContextManager[Mapping[str, Platform]]]
"""Opens the platforms of an installation, by the first part of their actors' ids ("slack")."""


@contextlib.asynccontextmanager
async def open_platforms(
    settings: Settings, beside: Beside
) -> AsyncIterator[Mapping[str, Platform]]:
    """Those that are set up."""
    yield {}

"""What workers and chat platforms have of each other."""

from __future__ import annotations

from dataclasses import dataclass

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

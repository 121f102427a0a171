"""What an adapter offers to show a turn: the port that platforms with messages of ours implement.

The web needs none: its pages listen by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from core.errors import EaselError
from core.session.ledger import Ledger
from core.session.models import Session, Turn, Version


class Unshowable(EaselError):
    """What a turn came to can't be shown in its place, now or later (the channel is closed)."""

    code = "unshowable"


@dataclass(frozen=True, slots=True)
class Scene:
    """A turn as it stands, with what is needed to show it.

    `turn.progress` is set while it waits or runs. `versions` are those that it made, then those it
    puts on view. `subject` is the version that it acts on. `preview` names the newest unfinished
    picture (SHA-256).
    """

    turn: Turn
    session: Session = field(compare=False)
    versions: tuple[Version, ...] = ()
    subject: Version | None = None
    preview: str | None = None


class Presenter(Protocol):
    """Shows turns on one platform. `pause` is the least time between two looks of one, seconds."""

    pause: float

    async def show(self, scene: Scene, ledger: Ledger) -> None:
        """Bring the platform to what the scene says; saying it again is harmless.

        When it returns for a turn that has ended, its end is shown for good. Raises Unavailable (it
        is tried again after its `seconds`), Unshowable.
        """
        ...

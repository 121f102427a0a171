"""What the steps of one turn share."""

from __future__ import annotations

from dataclasses import dataclass

from core.assets.blobs import Blobs
from core.engines.catalog import Catalog
from core.instruction.plan import TurnOptions
from core.picture.pool import PixelPool
from core.policy.moderation import Moderation
from core.policy.spend import Spend
from core.session.links import LinkStore
from core.session.models import Turn
from core.turns.attention import Attention
from core.turns.fetching import Fetching
from core.turns.gallery import Gallery, Picture
from core.turns.gating import TurnGate
from core.turns.limits import TurnLimits
from core.turns.painter import Painter
from core.turns.reporter import TurnReporter


@dataclass(frozen=True)
class Tools:
    """What a process has for all its turns."""

    catalog: Catalog
    painter: Painter
    spend: Spend
    pixels: PixelPool
    blobs: Blobs
    limits: TurnLimits
    attention: Attention
    fetching: Fetching
    links: LinkStore
    moderation: Moderation


@dataclass
class Stage:
    """One turn being carried out. `current` is the picture that the next step acts on.

    `references` are attached pictures that are not the subject. The first step that draws takes
    them; steps after it work on its result. `tip` is what else could be said to the person.
    """

    turn: Turn
    options: TurnOptions
    gallery: Gallery
    reporter: TurnReporter
    gate: TurnGate
    current: Picture | None = None
    references: tuple[Picture, ...] = ()
    tip: str = ""

    def key(self, index: int) -> str:
        """The name of a step across repeats."""
        return f"{self.turn.id}:{index}"

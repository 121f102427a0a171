"""Which pictures the answer to a turn shows."""

from __future__ import annotations

from core.session.models import Version
from core.turns.gallery import UPLOADED
from core.turns.presenting import Scene

_MOST_SHOWN = 10
"""Pictures in one message, as many as can be told apart in a row of choices."""


def made(scene: Scene) -> tuple[Version, ...]:
    """The versions of a turn that its answer shows.

    Neither what people sent themselves, nor what was only a step on the way to another.
    """
    turn = scene.turn
    used = {parent for version in scene.versions for parent in version.parents}
    found = {
        version.id: version
        for version in scene.versions
        if version.id in turn.shows
        or turn.brings
        or (version.operation != UPLOADED and version.id not in used)
    }
    return tuple(found.values())[-_MOST_SHOWN:]

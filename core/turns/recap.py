"""The thread at a glance: a contact sheet of its versions."""

from __future__ import annotations

from core.errors import BadInput
from core.session.models import Asset, Session
from core.session.store import SessionStore
from core.turns.stage import Tools


async def contact_sheet(session: Session, store: SessionStore, tools: Tools) -> Asset:
    """A picture of all versions, the words that made it under each. Raises BadInput: none yet."""
    raise BadInput("There is nothing to look back on yet.", hint="Describe a picture to begin.")

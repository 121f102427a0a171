"""Links from chats into the web workspace: each opens one session, for one person, for a week."""

from __future__ import annotations

from collections.abc import Callable

from adapters.web.links import Links
from bot.settings import Settings
from core.session.models import Actor

_SECONDS = 7 * 24 * 3600


def linking(settings: Settings) -> Callable[[str, Actor], str | None]:
    """Makes links; None where people could not follow them, or nothing could sign them."""
    address, secret = settings.public_url, settings.secret_key
    if address is None or secret is None:
        return lambda sid, actor: None
    links = Links(secret.get_secret_value())
    return lambda sid, actor: f"{address}/open/{links.make(sid, actor, _SECONDS)}"

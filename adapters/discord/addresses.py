"""Which addresses are those of Discord's files."""

from __future__ import annotations

from adapters.chat.addresses import OwnAddresses

HOSTS = frozenset(("cdn.discordapp.com", "media.discordapp.net"))
"""Where attachments lie, and where Discord keeps copies of what embeds show (Discord's documents,
"Reference", section on the CDN)."""


class Addresses(OwnAddresses):
    """Judges addresses, by where the API is; None stands for Discord's own."""

    def __init__(self, api_url: str | None) -> None:
        super().__init__(api_url or "", hosts=HOSTS)

"""Where discord.py finds Discord. It keeps these addresses in its classes, one for the process."""

from __future__ import annotations

import logging

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_at(api_url: str | None, gateway_url: str | None) -> None:
    """Use other addresses than Discord's own; None leaves one as it is.

    `api_url` ends with the version ("https://…/api/v10").
    """
    if api_url is not None:
        Route.BASE = api_url.rstrip("/")
    if gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def quieten() -> None:
    """Keep out of the log what discord.py would write there: addresses that hold the tokens of
    interactions (when it is told to slow down), whole events (when all is written), and that it
    lacks what it needs for voices."""
    logging.getLogger("discord").setLevel(logging.WARNING)
    logging.getLogger("discord.http").setLevel(logging.ERROR)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

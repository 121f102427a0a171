"""Which addresses are Slack's own."""

from __future__ import annotations

from adapters.chat.addresses import OwnAddresses

HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")
"""With all names below them: files.slack.com, hooks.slack.com, acme.slack.com. As Slack's file
objects, upload addresses and response addresses name them (docs.slack.dev, "file object")."""


class Addresses(OwnAddresses):
    """Judges addresses, by where the API is."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url, domains=HOSTS)

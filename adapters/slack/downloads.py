"""The bytes of a file at Slack: from its own hosts only; what it means when they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from pydantic import SecretStr

from adapters.chat import downloads
from adapters.slack.addresses import Addresses
from adapters.slack.connections import Connections
from adapters.slack.refusals import SlackLater, SlackRefusal

_PAUSE = 0.5


def elsewhere() -> SlackRefusal:
    """An address that is not Slack's, in what should be a file's."""
    return SlackRefusal(
        "That is not an address of Slack's, so I left it alone.",
        hint="Send the picture itself.",
        slack_error="foreign_address",
        method="download",
    )


def wants_sign_in() -> SlackRefusal:
    """Slack gave a page to sign in at instead of the file."""
    return SlackRefusal(
        "Slack does not let me read files here: the permission files:read is missing.",
        hint="Ask an admin to add that scope and to install me again.",
        slack_error="missing_scope",
        method="download",
        needed="files:read",
    )


async def download(
    connections: Connections, url: str, *, token: SecretStr, most: int
) -> tuple[bytes, str]:
    """The bytes, and their type as Slack names it; raises as SlackApi.download says."""
    try:
        return await downloads.download(
            connections.files,
            url,
            _Site(connections.addresses),
            most=most,
            headers={"Authorization": f"Bearer {token.get_secret_value()}"},
            proxy=connections.proxy,
        )
    except downloads.Astray:
        failure: SlackRefusal | SlackLater = elsewhere()
    except downloads.LOST as error:
        failure = SlackLater(_PAUSE, method="download", admin=type(error).__name__)
    raise failure


class _Site:
    """Slack's side of a download."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    def check(self, status: int, headers: Mapping[str, str]) -> None:
        if status == 200:
            return
        if status in (401, 403):
            raise wants_sign_in()
        if status in (404, 410):
            raise SlackRefusal(
                "That file is not in Slack any more.",
                hint="Send it again.",
                slack_error="file_not_found",
                method="download",
            )
        raise SlackLater(_PAUSE, method="download", admin=f"status {status}")

    def moved(self, url: str, location: str) -> str:
        """Stays at its host; a redirect that leads elsewhere within Slack leads to the sign-in."""
        target = urljoin(url, location)
        if not self._addresses.own(target):
            raise elsewhere()
        if urlsplit(target).netloc != urlsplit(url).netloc:
            raise wants_sign_in()
        return target

"""Who may come in: checks of every request before any route sees it.

On loopback the person at the machine needs no sign-in, but browsers carry requests of foreign pages
to loopback as well: so the `Host` must be ours (no foreign name that resolves to this machine) and
a request must not have been started by another site. Whoever comes from elsewhere (another bind
address, a public name, a proxy in between) holds a signed link, or is named by a proxy that was
explicitly trusted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.web.hosts import host_name, origin_of
from adapters.web.links import EVERYTHING, Link, Links
from adapters.web.visitor import Visitor
from core.errors import NotAllowed
from core.hosts import is_loopback
from core.session.models import Actor

LOCAL = Actor(id="web:local", name="You")
COOKIE = "easel_links"
KEPT_LINKS = 12
_READS = ("GET", "HEAD", "OPTIONS")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Call:
    """What the gate looks at. Names in `headers` are in lower case; `peer` is an address."""

    method: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    peer: str = ""


@dataclass(frozen=True)
class TrustedProxy:
    """A reverse proxy that signs people in and names them in `header`."""

    header: str
    networks: tuple[Network, ...]

    def names(self, call: Call) -> Actor | None:
        """The person whom the proxy names; headers from anywhere else count for nothing."""
        name = call.headers.get(self.header.lower(), "").strip()[:120]
        if not name or not self._sent(call.peer):
            return None
        return Actor(id=f"web:user:{name}", name=name)

    def _sent(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class Gate:
    """`open_locally`: the server listens on loopback only, and who sits there needs no sign-in."""

    def __init__(
        self,
        *,
        open_locally: bool,
        public_url: str | None = None,
        links: Links | None = None,
        proxy: TrustedProxy | None = None,
    ) -> None:
        self._open_locally = open_locally
        self._origin = origin_of(public_url or "")
        self._public_host = host_name(self._origin.partition("://")[2])
        self._links = links
        self._proxy = proxy

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies must not travel otherwise."""
        return self._origin.startswith("https:")

    def admit(self, call: Call) -> Visitor:
        """Raises NotAllowed."""
        self.check_site(call)
        if self._open_locally and _is_direct(call):
            return Visitor(actor=LOCAL, everything=True)
        person = self._proxy.names(call) if self._proxy else None
        links = self._held(call)
        if person is None and not links:
            raise NotAllowed(
                "This workspace opens with a link of your own.",
                hint="Ask for one in the chat where the pictures are made, or open Easel on the "
                "machine on which it runs.",
                code="sign_in",
            )
        for link in links:
            if link.session == EVERYTHING:
                return Visitor(actor=link.actor, everything=True)
        return Visitor(actor=person, linked={link.session: link.actor for link in links})

    def check_site(self, call: Call) -> None:
        """Refuse names that are not ours, and requests that another site's page has started."""
        host = call.headers.get("host", "")
        name = host_name(host)
        if not (name and self._is_ours(name)):
            raise NotAllowed(
                "Easel does not go by this name.",
                hint="Open it as http://localhost with its port, or set EASEL_PUBLIC_URL.",
                code="wrong_host",
            )
        if not self._from_own_page(call, host.lower()):
            raise NotAllowed(
                "Another site's page has sent this.",
                hint="Open Easel itself and do it there.",
                code="wrong_origin",
            )

    def with_link(self, token: str, cookie: str) -> tuple[Link, str]:
        """What a link opens, and the cookie that keeps it beside those held already."""
        if self._links is None:
            raise NotAllowed("Links are not in use here.", code="no_links")
        link = self._links.read(token)
        others = [held for held in cookie.split("~") if held and held != token]
        return link, "~".join([token, *others][:KEPT_LINKS])

    def _is_ours(self, name: str) -> bool:
        if self._open_locally:
            return is_loopback(name) or name == self._public_host
        return not self._public_host or name == self._public_host or is_loopback(name)

    def _from_own_page(self, call: Call, host: str) -> bool:
        site = call.headers.get("sec-fetch-site", "none")
        if call.method in _READS:
            navigates = call.headers.get("sec-fetch-mode") == "navigate"
            return site in ("none", "same-origin") or navigates
        origin = call.headers.get("origin")
        if origin is None:
            return site in ("none", "same-origin")
        ours = {f"http://{host}", f"https://{host}"} | ({self._origin} - {""})
        return origin.lower() in ours

    def _held(self, call: Call) -> list[Link]:
        """The valid links among those in the cookie, or the one given as a bearer token."""
        if self._links is None:
            return []
        scheme, _, bearer = call.headers.get("authorization", "").partition(" ")
        tokens = call.cookies.get(COOKIE, "").split("~")[:KEPT_LINKS]
        if scheme.lower() == "bearer":
            tokens.insert(0, bearer.strip())
        held = []
        for token in filter(None, tokens):
            try:
                held.append(self._links.read(token))
            except NotAllowed:
                continue
        return held


def _is_direct(call: Call) -> bool:
    """Whether the person sits at this machine: asked by its own name, with no proxy in between."""
    forwarded = "x-forwarded-for" in call.headers or "forwarded" in call.headers
    return is_loopback(host_name(call.headers.get("host", ""))) and not forwarded

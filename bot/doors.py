"""How people come in: the listening socket, the gate, and the address to go to."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from adapters.web.gate import Gate, TrustedProxy
from adapters.web.links import EVERYTHING, Links
from bot.settings import Settings
from core.errors import BadInput, Unavailable
from core.hosts import is_loopback
from core.session.models import Actor

_OPERATOR = Actor(id="web:operator", name="Operator")
_LINK_SECONDS = 24 * 3600


@contextlib.contextmanager
def door(settings: Settings) -> Iterator[socket.socket]:
    """The listening socket, before anything else is started. Raises Unavailable."""
    host, port = settings.host, settings.port
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, proto)
    except OSError as problem:
        raise _closed(settings, problem) from problem
    with opened:
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(address)
        except OSError as problem:
            raise _closed(settings, problem) from problem
        yield opened


def gate(settings: Settings) -> Gate:
    """Who may come in. Raises BadInput where other machines could and nothing says who they are."""
    proxy = None
    if settings.identity_header and settings.proxy_networks:
        proxy = TrustedProxy(settings.identity_header, settings.proxy_networks)
    local = _only_this_machine(settings)
    if not local and settings.secret_key is None and proxy is None:
        way = f"EASEL_HOST={settings.host}"
        if is_loopback(settings.host):
            way = f"EASEL_PUBLIC_URL={settings.public_url}"
        raise BadInput(
            f"{way} lets other machines in, and nothing says who they are.",
            hint="Set EASEL_SECRET_KEY to a long random text (people come in by signed links), or "
            "EASEL_IDENTITY_HEADER and EASEL_IDENTITY_NETWORKS for a proxy that signs them in.",
        )
    return Gate(
        open_locally=local, public_url=settings.public_url, links=_links(settings), proxy=proxy
    )


def entrance(opened: socket.socket, settings: Settings) -> str:
    """The address to open; where it takes a link to come in, that of the operator's own."""
    host, port = opened.getsockname()[:2]
    address = settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    links = _links(settings)
    if _only_this_machine(settings) or links is None:
        return address
    return f"{address}/open/{links.make(EVERYTHING, _OPERATOR, _LINK_SECONDS)}"


def _only_this_machine(settings: Settings) -> bool:
    """Whether nobody can come from elsewhere. A public address leads here through a proxy, and what
    the proxy passes on looks as if it came from this machine."""
    named = urlsplit(settings.public_url).hostname if settings.public_url else None
    return is_loopback(settings.host) and (named is None or is_loopback(named))


def _links(settings: Settings) -> Links | None:
    return Links(settings.secret_key.get_secret_value()) if settings.secret_key else None


def _closed(settings: Settings, problem: OSError) -> Unavailable:
    return Unavailable(
        f"Easel cannot listen on {settings.host}:{settings.port}: {problem.strerror or problem}.",
        hint="Stop what uses it, or set EASEL_PORT (0 takes any free one) or EASEL_HOST.",
    )

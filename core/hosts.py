"""Which hosts can only be this machine, and which addresses belong to the public net."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a name or address, in brackets or without, can only mean this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public net, and to one machine there."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(known, "ipv4_mapped", None) or known
    return bool(inner.is_global and not inner.is_multicast)

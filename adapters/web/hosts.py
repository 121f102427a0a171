"""What a host name in a request says about where the request comes from."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_name(host: str) -> str:
    """The name or address in a `Host` header, without its port; empty when it cannot be read."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """An address cut down to what browsers send as `Origin`; empty when it cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""

"""Files inside addresses: "data:image/png;base64,…"."""

from __future__ import annotations

import binascii

_BLOCK = 3 * 2**16


def data_url(data: bytes, mime: str) -> str:
    """Encoded in blocks, between which other threads may run."""
    blocks = (
        binascii.b2a_base64(data[start : start + _BLOCK], newline=False).decode("ascii")
        for start in range(0, len(data), _BLOCK)
    )
    return f"data:{mime};base64,{''.join(blocks)}"


def is_data_url(text: str) -> bool:
    return text[:5].lower() == "data:"


def inside(url: str) -> bytes:
    """The file in such an address. Raises ValueError when there is none."""
    head, _, encoded = url.partition(",")
    if not head.lower().endswith(";base64"):
        raise ValueError("a data link that is not base64")
    return binascii.a2b_base64(encoded, strict_mode=True)

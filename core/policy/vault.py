"""Seals texts that are kept beside sessions and open doors: tokens of installations.

AES-256-GCM with a key that only `EASEL_SECRET_KEY` gives. The name under which a text is kept is
part of the seal, so that whoever can write to the store still can't pass one workspace's token off
as another's.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import EaselError

_PURPOSE = b"easel vault 1"
_MARK = "v1:"
_NONCE_BYTES = 12


class BrokenSeal(EaselError):
    """What stands there was sealed with another secret, under another name, or was changed."""

    code = "broken_seal"


class Vault:
    """Seals and opens. The same `secret` opens on every machine."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
        self._cipher = AESGCM(derived.derive(secret.encode()))

    def seal(self, name: str, text: str) -> str:
        """The text as it may be kept under `name`; different each time."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), _bound_to(name))
        return _MARK + base64.urlsafe_b64encode(sealed).decode()

    def open(self, name: str, sealed: str) -> str:
        """The text that was sealed under `name`. Raises BrokenSeal."""
        try:
            if not sealed.startswith(_MARK):
                raise ValueError("another form")
            packed = base64.b64decode(sealed.removeprefix(_MARK), altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(packed).decode() != sealed.removeprefix(_MARK):
                raise ValueError("bits that mean nothing")
            nonce, rest = packed[:_NONCE_BYTES], packed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, _bound_to(name)).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise BrokenSeal(
                "Something that was kept sealed can't be opened.",
                hint="EASEL_SECRET_KEY must be the one with which it was kept.",
                admin=f"seal of {name}",
            ) from None


def _bound_to(name: str) -> bytes:
    return _MARK.encode() + name.encode()

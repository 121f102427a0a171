"""Where bytes live: immutable, named by what they are, in a folder or in any object store."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import re
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from core.errors import DiskFull, NotFound, Unavailable

_NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """Content-addressed bytes. Putting the same bytes again is harmless."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def at(cls, where: str) -> Blobs:
        """A folder's path, or a URL that obstore knows (s3://, gs://, az://, memory:///)."""
        if "://" in where:
            return cls(from_url(where))
        Path(where).mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(where))

    async def put(self, data: bytes) -> str:
        """Keep bytes; gives their SHA-256. Raises DiskFull, Unavailable."""
        name = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        try:
            await obstore.put_async(self._store, _path(name), data, mode="create")
        except AlreadyExistsError:
            pass
        except (BaseError, OSError) as problem:
            raise _refusal(problem) from problem
        return name

    async def get(self, name: str) -> bytes:
        """The bytes of a name. Raises NotFound, Unavailable."""
        if not _NAME.fullmatch(name):
            raise _unknown()
        try:
            result = await obstore.get_async(self._store, _path(name))
            return bytes(await result.bytes_async())
        except FileNotFoundError as problem:
            raise _unknown() from problem
        except (BaseError, OSError) as problem:
            raise _refusal(problem) from problem

    async def check(self) -> None:
        """Write and read a few bytes. Raises Unavailable."""
        await self.get(await self.put(b"easel"))


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"


def _unknown() -> NotFound:
    return NotFound("There is no such picture.", hint="It may have been forgotten.")


def _refusal(problem: Exception) -> Unavailable:
    text = str(problem)
    full = getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    if full or "No space left" in text or "os error 28" in text or "quota" in text.lower():
        return DiskFull(
            "There is no room left to keep pictures.",
            hint="Ask whoever runs Easel to free disk space; your session is as it was.",
            admin=text,
        )
    return Unavailable(
        "The place where pictures are kept cannot be reached.",
        hint="Try again in a minute.",
        admin=text,
    )

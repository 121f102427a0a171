"""The Lua scripts of the policies, loaded from their files.

Each script is atomic and harmless to repeat, since a patient connection repeats what was not
answered.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from redis.asyncio import Redis


def script(redis: Redis, name: str) -> Any:
    """The script of that name; what it takes and gives is written at the top of its file."""
    text = resources.files("core.policy").joinpath(f"lua/{name}.lua").read_text()
    return redis.register_script(text)

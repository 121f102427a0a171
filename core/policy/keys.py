"""Names of what the policies keep in Redis, in one place.

What one script touches carries one hash tag, so that a cluster keeps it on one machine: a month of
spending, the gates of one provider, the breaker of one endpoint.
"""

from __future__ import annotations


def calls(sid: str, tid: str) -> str:
    """A turn's calls to providers: request key to record."""
    return f"easel:{{{sid}}}:calls:{tid}"


def claim(engine: str, ref: str) -> str:
    """Whose call a provider's `ref` is."""
    return f"easel:claim:{engine}:{ref}"


def spending(month: str, name: str) -> str:
    return f"easel:{{spend:{month}}}:{name}"


def gate(provider: str, name: str) -> str:
    return f"easel:{{gate:{provider}}}:{name}"


def breaker(endpoint: str, name: str) -> str:
    return f"easel:{{breaker:{endpoint}}}:{name}"


def rules(workspace: str) -> str:
    """What a workspace and its channels have decided."""
    return f"easel:rules:{workspace}"


def quota(workspace: str, actor: str) -> str:
    """The turns of a person in a workspace in the last 24 hours, by when they were asked for."""
    return f"easel:quota:{workspace}:{actor}"


def roles(workspace: str, actor: str) -> str:
    """The roles that a person had when they last asked for something in a workspace."""
    return f"easel:roles:{workspace}:{actor}"


def blocks(workspace: str) -> str:
    """Whom a workspace has blocked."""
    return f"easel:blocks:{workspace}"

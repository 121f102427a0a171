"""Names of what is kept in Redis, in one place.

Everything of one session carries the session id as hash tag, so that on a cluster one script can
touch all of it.
"""

from __future__ import annotations

import hashlib

SESSIONS = "easel:sessions"
BUSY = "easel:busy"
SALT = "easel:salt"
SIGNALS = "easel:signals"
SHOWING = "easel:showing"


def session_id(thread: str) -> str:
    """The session of a thread follows from the thread's key: no look-up, no race to open it."""
    return "s" + hashlib.sha256(thread.encode()).hexdigest()[:20]


def turn_id(sid: str, event_key: str) -> str:
    """The turn of an event follows from the event's key: the same event is the same turn."""
    return "t" + hashlib.sha256(f"{sid}|{event_key}".encode()).hexdigest()[:20]


def version_id(sid: str, number: int) -> str:
    return f"{sid}.v{number}"


def version_number(vid: str) -> int | None:
    """The number in a version id, None when it is no version id."""
    _, _, number = vid.rpartition(".v")
    return int(number) if number.isdecimal() and len(number) < 10 else None


def _of(sid: str, name: str) -> str:
    return f"easel:{{{sid}}}:{name}"


def session(sid: str) -> str:
    return _of(sid, "session")


def inbox(sid: str) -> str:
    return _of(sid, "inbox")


def turns(sid: str) -> str:
    return _of(sid, "turns")


def turn(sid: str, tid: str) -> str:
    return _of(sid, f"turn:{tid}")


def steps(sid: str, tid: str) -> str:
    return _of(sid, f"steps:{tid}")


def lease(sid: str) -> str:
    return _of(sid, "lease")


def versions(sid: str) -> str:
    return _of(sid, "versions")


def undo(sid: str) -> str:
    return _of(sid, "undo")


def redo(sid: str) -> str:
    return _of(sid, "redo")


def events(sid: str) -> str:
    return _of(sid, "events")


def claim(sid: str, event_key: str) -> str:
    return _of(sid, "claim:" + hashlib.sha256(event_key.encode()).hexdigest()[:32])


def unshown(sid: str) -> str:
    """Turns whose end was not shown yet, in order."""
    return _of(sid, "unshown")


def shower(sid: str) -> str:
    """Which process shows a session's turns."""
    return _of(sid, "shower")


def ledger(sid: str, tid: str) -> str:
    """What was sent to a platform for a turn."""
    return _of(sid, f"ledger:{tid}")


def approved(sid: str) -> str:
    return _of(sid, "approved")


def alias(thread: str) -> str:
    """The thread key under which the session of a thread goes, where that is another one."""
    return f"easel:thread:{thread}"


def link(message: str) -> str:
    """What a platform's message is about."""
    return f"easel:message:{message}"


def sessions_of(actor_id: str) -> str:
    """Sessions in which a person took part, by last touch."""
    return f"easel:actor:{actor_id}:sessions"


def waiting(actor_id: str) -> str:
    """Turns of a person that wait or run, and some that have ended."""
    return f"easel:actor:{actor_id}:waiting"


def asset(sha256: str) -> str:
    return f"easel:asset:{sha256}"


def actor(actor_id: str) -> str:
    return f"easel:actor:{actor_id}:running"

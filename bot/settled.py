"""What was loaded to stay is no longer looked through for garbage.

Python's collector stops the process while it looks through every object; with all that Easel loads,
a full look takes about 100 ms, in which nobody is answered. After the start none of that becomes
garbage any more, so it is set aside, and only what came later is looked through.
"""

from __future__ import annotations

import gc

_YOUNG = 20_000
"""Objects more than before until the youngest are looked through; a request makes some hundreds."""


def settle() -> None:
    """Call once, when everything has been started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)

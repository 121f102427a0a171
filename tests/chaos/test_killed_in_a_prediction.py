"""`kill -9` of the worker while Replicate draws: the prediction is found again, not paid again."""

from __future__ import annotations

import asyncio

import pytest

from tests.chaos.conftest import Easel
from tests.chaos.insisting import Person
from tests.contract.replicate_double import Behaviour, ReplicateDouble, serving
from tests.contract.replicate_wishes import SEEDREAM, TOKEN
from tests.waiting import wait_until

_PRICE = 0.04


@pytest.mark.parametrize("answered", [True, False], ids=["it-knew-the-id", "it-knew-no-id"])
async def test_a_prediction_is_found_again_after_its_worker_was_killed(
    easel: Easel, person: Person, answered: bool
) -> None:
    async with serving(ReplicateDouble(TOKEN)) as replicate:
        gate = asyncio.Event()
        replicate.plan.append(Behaviour(gate=gate))
        settings = {
            "OPENAI_API_KEY": "",
            "REPLICATE_API_TOKEN": TOKEN,
            "REPLICATE_BASE_URL": replicate.base_url,
        }
        await easel("serve", EASEL_WORKER_INSIDE="false", **settings).start()
        worker = easel("worker", **settings)
        await person.ready()
        await worker.start()
        thread = await person.opens("a thread")
        await person.says(thread, f"a red mug on a table, soft light --model {SEEDREAM}")

        async def made() -> bool:
            looked = replicate.count("GET", r"/v1/predictions/p\d+") > 0
            return bool(replicate.predictions) and (looked or not answered)

        await wait_until(made, "the prediction is under way", seconds=60)
        await worker.kill()
        await worker.start()
        if not answered:

            async def sought() -> bool:
                return replicate.count("GET", "/v1/predictions") > 0

            await wait_until(sought, "the new worker looks for it", seconds=60)
        gate.set()
        session = await person.all_ended(thread)
        (turn,) = session["turns"]
        assert turn["state"] == "done", turn["error"]
        assert replicate.creates == len(replicate.predictions) == 1
        assert turn["cost_usd"] == pytest.approx(_PRICE)
        usage = await person.asks("GET", "/api/usage")
        assert usage["total_usd"] == pytest.approx(_PRICE)
        assert len(session["versions"]) == 1

"""Models that are gone answer with those that came after them."""

from __future__ import annotations

import pytest

from core.engines.openai.cards import OPENAI_CARDS
from core.engines.retired import refuse_retired
from core.errors import BadInput


@pytest.mark.parametrize("name", ["gpt-image-1", " GPT-Image-1 ", "dall-e-3", "dalle2", "DALL-E"])
def test_a_retired_model_names_its_successors_and_offers_the_nearest(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        refuse_retired(name)
    error = caught.value
    assert error.code == "model_retired"
    assert error.offer == "gpt-image-1.5"
    assert error.offer in error.hint
    assert error.offer in {card.id for card in OPENAI_CARDS}
    assert "shut it down" in error.message


@pytest.mark.parametrize("card", OPENAI_CARDS, ids=lambda card: card.id)
def test_a_living_model_is_not_refused(card: object) -> None:
    refuse_retired(getattr(card, "id", ""))

"""Slack's markup, turned back to the words that were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.markup import addressed_to, mentions, words

BOT = "U0EASEL"
NAMES = {"U0ANA": "Ana", "U0ODD": "<@U0BEN> :tada: &amp;"}


def read(text: str) -> str:
    return words(text, bot=BOT, name_of=lambda user: NAMES.get(user, ""))


TABLE = [
    # our own mention
    ("<@U0EASEL> a red mug", "a red mug"),
    ("<@U0EASEL|easel>: a red mug", "a red mug"),
    ("<@U0EASEL>, a red mug", "a red mug"),
    ("hey <@U0EASEL> a red mug", "hey a red mug"),
    ("a red mug <@U0EASEL>", "a red mug"),
    ("  <@U0EASEL> <@U0EASEL>\n a red mug", "a red mug"),
    ("<@U0EASEL>", ""),
    # people, channels, groups
    ("draw <@U0ANA>", "draw @Ana"),
    ("draw <@U0ANA|ana.b>", "draw @ana.b"),
    ("draw <@U0BEN> and <@W0BEN>", "draw @someone and @someone"),
    ("as in <#C0DESIGN|design> or <#C0OTHER>", "as in #design or #channel"),
    ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    ("for <!subteam^S1|@designers> and <!subteam^S2>", "for @designers and @group"),
    ("by <!date^1392734382^{date_short}|Feb 18>", "by Feb 18"),
    ("by <!date^1392734382^{date_short}>", "by a date"),
    # links
    ("like <https://example.com/a?b=1&amp;c=2>", "like https://example.com/a?b=1&c=2"),
    ("like <https://example.com/|this>", "like this"),
    ("on <http://example.com|example.com>", "on example.com"),
    (
        "to <mailto:a@example.com|a@example.com> <mailto:b@example.com>",
        "to a@example.com b@example.com",
    ),
    ("call <tel:+49123>", "call +49123"),
    # signs
    ("1 &lt; 2 &gt; 0 &amp; 3", "1 < 2 > 0 & 3"),
    ("&amp;lt; &amp;amp;", "&lt; &amp;"),
    ("&quot; &nbsp;", "&quot; &nbsp;"),
    ("a &lt;@U0ANA&gt; b", "a <@U0ANA> b"),
    # emoji
    ("with :heart: and :red_circle:", "with ❤ and 🔴"),
    (":smile::tada:", "😄🎉"),
    (":wave::skin-tone-4: :+1:", "👋🏽 👍"),
    ("our :party_parrot_custom:", "our :party_parrot_custom:"),
    ("ratio 16:9:2 at 10:on:20", "ratio 16:9:2 at 10:on:20"),
    # names are not read again
    ("draw <@U0ODD>", "draw @<@U0BEN> :tada: &amp;"),
    # untouched
    ('write “Hello”, "bye" and it\'s', 'write “Hello”, "bye" and it\'s'),
    ("first\n\n  second\tthird", "first\n\n  second\tthird"),
    ("*bold* _it_ ~no~ `code`", "*bold* _it_ ~no~ `code`"),
    ("a <b> c", "a <b> c"),
    ("<>", "<>"),
]


@pytest.mark.parametrize(("text", "plain"), TABLE)
def test_markup_becomes_words(text: str, plain: str) -> None:
    assert read(text) == plain


@given(st.text(alphabet=st.characters(exclude_characters="<>&:", exclude_categories=["Cs"])))
def test_words_without_markup_stay_as_they_are(text: str) -> None:
    assert read(text) == text.strip()


@given(st.text(alphabet="<>@#!|^&;:ampltgUC0EASL smile\n"))
def test_nothing_breaks_it(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("<@U0ANA> look", "U0ANA"),
        ("\n <@W0ANA|ana>, look", "W0ANA"),
        ("look <@U0ANA>", ""),
        ("<#C0DESIGN> look", ""),
        ("", ""),
    ],
)
def test_whom_words_are_addressed_to(text: str, user: str) -> None:
    assert addressed_to(text) == user


def test_a_mention_is_the_whole_name() -> None:
    assert mentions("hey <@U0EASEL>", BOT)
    assert mentions("hey <@U0EASEL|easel>", BOT)
    assert not mentions("hey <@U0EASEL2> U0EASEL &lt;@U0EASEL&gt;", BOT)

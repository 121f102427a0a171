"""The grammar: what a person's words mean, decided without any model.

An instruction is taken apart in this order: flags come off; a version named in front is noted; an
opening such as "new picture:" is noted; the rest is split where steps may be joined. A piece that
is wholly a known command becomes exact steps. All else is prose: neighbouring pieces of it stay
one stretch of the person's own text, and go to a model as they were typed.

When in doubt it is prose: an exact command is never guessed from a part of a clause.
"""

from __future__ import annotations

import dataclasses

from core.errors import BadInput
from core.instruction.address import named_in_front
from core.instruction.asking import asks_for_a_model
from core.instruction.assemble import assemble
from core.instruction.context import Context
from core.instruction.flags import split_flags
from core.instruction.plan import Advise, Cutout, Plan, TurnOptions, Vary
from core.instruction.reading import Prose, read
from core.instruction.recognise.named import model_to_try
from core.instruction.recognise.rules import Ask
from core.instruction.talk import reply
from core.instruction.words import is_small_talk

ASK_WHAT = (
    "What shall I do with this picture? You can say what to change (“make the mug navy”), or "
    "“transparent”, “2x”, “crop to 4:5”, “variations”."
)
ASK_AREA = "What shall I change in the painted area? For example “a blue door” or “remove it”."
ASK_WHAT_WITH = (
    "What shall it draw? Say it in one message with the model’s name: “a fox in snow, using "
    "Seedream 4.5”."
)
ASK_NEW = "What would you like me to draw? Describe the picture in a sentence or two."


def understand(text: str, context: Context) -> Plan:
    """The plan that an instruction means.

    Raises:
        BadInput: nothing was said and there is no picture; a flag or a number that cannot be; a
            version that is not there; a command for a picture where there is none.
    """
    flagged = split_flags(text)
    words, asked = flagged.text.strip(), flagged.options
    context = dataclasses.replace(context, options=context.options.under(asked))
    if is_small_talk(words):
        return _nothing_said(text, asked, context)
    about = asks_for_a_model(words)
    if about is not None:
        return Plan(steps=(Advise(about=about),), options=context.options)
    answer = reply(words, context)
    if answer is not None:
        return Plan(options=context.options, question=answer)
    try:
        return _plan(words, asked, context)
    except Ask as ask:
        return Plan(options=context.options, question=ask.question)


def _plan(words: str, asked: TurnOptions, context: Context) -> Plan:
    model = model_to_try(words)
    if model is not None:
        return _tried_with(model, asked, context)
    named = named_in_front(words, context.version_count)
    if named is None:
        return assemble(read(words, context), context, asked)
    there = dataclasses.replace(context, has_head=True, chosen=True)
    reading = read(words[named.begin :], there)
    if named.begin == 0 and not isinstance(reading[0], Prose):
        return assemble(reading, context, asked)  # "use v2, then 4x" is a command of its own
    return assemble(reading, there, asked, acts_on=named.version)


def _tried_with(model: str, asked: TurnOptions, context: Context) -> Plan:
    """The same again by another model: "use Seedream 4.5", "try it with GPT Image 2"."""
    if not context.has_picture:
        raise Ask(ASK_WHAT_WITH)
    options = context.options.under(TurnOptions(model=model)).under(asked)
    return Plan(steps=(Vary(n=options.n or 1, again=True),), options=options)


def _nothing_said(text: str, asked: TurnOptions, context: Context) -> Plan:
    """Flags, politeness or nothing at all."""
    if context.has_picture and asked.transparent:
        return Plan(steps=(Cutout(),), options=context.options)
    if context.has_picture:
        question = ASK_AREA if context.has_mask else ASK_WHAT
        return Plan(options=context.options, question=question)
    if text.strip():
        return Plan(options=context.options, question=ASK_NEW)
    raise BadInput(
        "There is nothing to draw yet: the message is empty.",
        hint="Describe a picture, for example “a red mug on a walnut table, soft window light”.",
        code="empty",
    )

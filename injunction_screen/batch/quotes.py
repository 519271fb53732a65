"""A message that quotes somebody else: what that adds to its screening.

The quoted words are read like a post above: details in them and a call in the message's own words
make one whole.  Alone they are somebody else's and never flag, but a quote that would be flagged
or reviewed as a post asks for a review, since it shows the same again.
"""

from __future__ import annotations

from dataclasses import replace

from injunction_screen.batch.rows import Message
from injunction_screen.records import OUTCOMES, Post, Screening
from injunction_screen.screener import Screener

__all__ = ["with_quote"]

_REVIEWED = 0.66  # the highest score of a review


def with_quote(
    screener: Screener, message: Message, alone: Screening
) -> tuple[Screening, Screening | None]:
    """The screening of a message with its quote, and that of the quote where there is one.

    ``alone`` is the screening of its own words.  A limb that rests on the quote names its
    elements ``quote/detail:0``.
    """
    if not message.quote:
        return alone, None
    above = Post(message.quote, id="quote", created_at=message.post.created_at)
    quoted, own = screener.screen_thread([above, replace(message.post, parent="quote")])
    if quoted.outcome == "clear" or own.outcome != "clear":
        return own, quoted
    limbs = tuple(
        replace(
            limb,
            outcome=min("review", limb.outcome, key=OUTCOMES.index),
            elements=tuple(f"quote/{element}" for element in limb.elements),
        )
        for limb in quoted.limbs
    )
    score = min(quoted.score, _REVIEWED)
    return replace(
        own, outcome="review", score=score, limbs=own.limbs + limbs, related=("quote",)
    ), quoted

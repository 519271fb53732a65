"""Screenings in the shape of a reply of OpenAI's moderation interface.

In: screenings.  Out: one ``dict`` that a client of that interface reads as a reply, field by
field.  Our own categories stand beside OpenAI's, which all are there: those that our cues speak
to (``harassment``, ``harassment/threatening``, ``violence``) take the best score of their kinds.
The others are false, and ``category_applied_input_types`` names no input for them, which in that
interface says that nothing looked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from injunction_screen import __version__
from injunction_screen.records import CUE_KINDS, CueKind, Screening

__all__ = ["moderation_reply"]

_KINDS: Mapping[str, tuple[CueKind, ...]] = {
    "harassment": CUE_KINDS,
    "harassment/threatening": ("threat", "wish_of_harm", "intimidation", "incite_violence"),
    "violence": ("threat", "wish_of_harm", "incite_violence"),
}
_OTHERS = (
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence/graphic",
)


def moderation_reply(screenings: Iterable[Screening]) -> dict[str, Any]:
    """The reply for a list of inputs, without personal data.

    >>> from injunction_screen import screen
    >>> reply = moderation_reply([screen("Nice weather today")])
    >>> reply["results"][0]["flagged"], reply["results"][0]["categories"]["harassment"]
    (False, False)
    """
    answers = list(screenings)
    written = json.dumps([answer.to_dict() for answer in answers], sort_keys=True)
    return {
        "id": f"modr-{hashlib.sha256(written.encode()).hexdigest()[:24]}",
        "model": f"injunction-screen-{__version__}",
        "results": [_result(answer) for answer in answers],
    }


def _result(screening: Screening) -> dict[str, Any]:
    own = screening.category_scores
    scores = {name: max(own[f"hostile/{kind}"] for kind in kinds) for name, kinds in _KINDS.items()}
    scores |= own
    applied = {name: ["text"] for name in scores} | {name: [] for name in _OTHERS}
    scores |= dict.fromkeys(_OTHERS, 0.0)
    return {
        "flagged": screening.flagged,
        "categories": {name: score >= 0.5 for name, score in scores.items()},
        "category_scores": scores,
        "category_applied_input_types": applied,
    }

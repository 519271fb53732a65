r"""Screenings as Argilla records, and labelled records as labelled posts.

In: a post and its screening.  Out: the keyword arguments of ``argilla.Record``; and back from
``record.to_dict()`` to a labelled post as ``injunction_screen.evaluate`` reads it.

Argilla's page counts UTF-16 units, its server code points, and it refuses a span behind the end of
the text (argilla-io/argilla#5729).  So the spans go out as the page counts them, and as many
spaces stand behind the text as it has characters of two units: then both are content, and what a
person labels on the page comes back exact.  A record holds the post itself.

>>> from injunction_screen import screen
>>> text = "\N{GRINNING FACE} Tel 6123 4567"
>>> record = argilla_record(text, screen(text))
>>> record["fields"]["text"][-1:], record["suggestions"][0]["value"]
(' ', [{'label': 'phone', 'start': 7, 'end': 16}])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from injunction_screen.batch.dumps import storable
from injunction_screen.errors import InputError
from injunction_screen.offsets import Offsets
from injunction_screen.records import CATEGORIES, CUE_KINDS, OUTCOMES, Cue, Detail, Post, Screening

__all__ = ["argilla_record", "argilla_settings", "labelled_post"]

_TITLES = {"details": "Which personal details are in it?", "cues": "What is threatening in it?"}


def argilla_settings() -> Any:
    """The ``argilla.Settings`` of a dataset that takes these records."""
    import argilla

    labels: Mapping[str, Sequence[str]] = {"details": CATEGORIES, "cues": CUE_KINDS}
    spans = [
        argilla.SpanQuestion(
            name=name,
            title=_TITLES[name],
            field="text",
            labels=list(labels[name]),
            allow_overlapping=True,
            required=False,
        )
        for name in labels
    ]
    outcome = argilla.LabelQuestion(name="outcome", labels=list(OUTCOMES))
    return argilla.Settings(
        fields=[argilla.TextField(name="text")],
        questions=[*spans, outcome],
        metadata=[argilla.IntegerMetadataProperty(name="padding")],
    )


def argilla_record(post: Post | str, screening: Screening) -> dict[str, Any]:
    """The keyword arguments of an ``argilla.Record`` with the screening as suggestions.

    Raises:
        InputError: the screening is of another text.
    """
    given = post.text if isinstance(post, Post) else post
    text = storable(given)
    units = Offsets(text, "utf16")
    padding = units.length - len(text)
    before = Offsets(given, "utf16")  # the same as in the storable text
    suggestions: list[dict[str, Any]] = []
    for name, found in (("details", screening.details), ("cues", screening.cues)):
        if any(one.end > len(given) for one in found):
            raise InputError("the screening is of another text than the post's")
        if found:
            suggestions.append(
                {
                    "question_name": name,
                    "value": [_span(one, before) for one in found],
                    "score": [one.score for one in found],
                    "agent": screening.ruleset,
                }
            )
    suggestions.append(
        {
            "question_name": "outcome",
            "value": screening.outcome,
            "score": screening.score,
            "agent": screening.ruleset,
        }
    )
    return {
        "id": screening.id,
        "fields": {"text": text + " " * padding},
        "metadata": {"padding": padding},
        "suggestions": suggestions,
    }


def _span(found: Detail | Cue, offsets: Offsets) -> dict[str, Any]:
    start, end = offsets.of(found.start, found.end)
    label = found.category if isinstance(found, Detail) else found.kind
    return {"label": label, "start": start, "end": end}


def labelled_post(record: Mapping[str, Any], *, predicted: bool = False) -> dict[str, Any]:
    """The labelled post of a record as ``Record.to_dict()`` gives it: its first response.

    ``predicted`` reads the suggestions instead.  Offsets are code points.

    Raises:
        InputError: nobody has labelled it, or it has a span that its text does not have.
    """
    try:
        padding = record["metadata"]["padding"]
        whole = record["fields"]["text"]
        text = whole[: len(whole) - padding]
        given = record["suggestions" if predicted else "responses"]
        answers = {
            name: one["value"] if predicted else one[0]["value"] for name, one in given.items()
        }
    except (KeyError, TypeError, AttributeError, IndexError):
        raise InputError("the record is not as argilla_record made it") from None
    if not answers:
        raise InputError(f"record {record.get('id')}: nobody has labelled it")
    units = Offsets(text, "utf16")
    post: dict[str, Any] = {"id": record.get("id"), "text": text}
    for name, key in (("details", "category"), ("cues", "kind")):
        post[name] = []
        for one in sorted(answers.get(name) or [], key=lambda one: (one["start"], one["end"])):
            # Padding that was marked together with the last words is no part of them.
            start, end = units.back(min(one["start"], units.length), min(one["end"], units.length))
            post[name].append({"start": start, "end": end, key: one["label"]})
    if "outcome" in answers:
        post["outcome"] = answers["outcome"]
    return post

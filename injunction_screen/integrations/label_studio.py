"""Screenings as Label Studio tasks, and labelled tasks as labelled posts.

In: a post and its screening.  Out: a task with the screening as its prediction; and back from an
exported task to a labelled post as ``injunction_screen.evaluate`` reads it.

Label Studio counts code points since 1.5 and counted UTF-16 units before.  A region names its
words beside its offsets, so that either is read right.  A task holds the post itself: keep it
where the post may be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from injunction_screen.batch.dumps import storable
from injunction_screen.errors import InputError
from injunction_screen.offsets import Offsets
from injunction_screen.records import CATEGORIES, CUE_KINDS, OUTCOMES, Cue, Detail, Post, Screening

__all__ = ["label_config", "label_studio_task", "labelled_post"]

_COLOURS = {"details": "#1f77b4", "cues": "#d62728"}


def label_config() -> str:
    """The labelling interface of a project that takes these tasks."""
    labels = {"details": CATEGORIES, "cues": CUE_KINDS}
    lines = ["<View>", "  <Style>.htx-text { white-space: pre-wrap; }</Style>"]
    for name, values in labels.items():
        lines.append(f'  <Labels name="{name}" toName="text">')
        colour = quoteattr(_COLOURS[name])
        lines += [f"    <Label value={quoteattr(v)} background={colour}/>" for v in values]
        lines.append("  </Labels>")
    lines.append('  <Text name="text" value="$text"/>')
    lines.append('  <Choices name="outcome" toName="text" choice="single">')
    lines += [f"    <Choice value={quoteattr(value)}/>" for value in OUTCOMES]
    return "\n".join([*lines, "  </Choices>", "</View>", ""])


def label_studio_task(post: Post | str, screening: Screening) -> dict[str, Any]:
    """A task with the post and, as a prediction, what was found in it.

    Raises:
        InputError: the screening is of another text.
    """
    given = post.text if isinstance(post, Post) else post
    text = storable(given)
    place = _to_storable(given, text)
    regions = [
        _region("details", number, detail, detail.category, text, place)
        for number, detail in enumerate(screening.details)
    ]
    regions += [
        _region("cues", number, cue, cue.kind, text, place)
        for number, cue in enumerate(screening.cues)
    ]
    choice = {
        "id": "outcome",
        "from_name": "outcome",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [screening.outcome]},
    }
    return {
        "data": {"text": text, "id": screening.id},
        "predictions": [
            {
                "model_version": screening.ruleset,
                "score": screening.score,
                "result": [*regions, choice],
            }
        ],
    }


Place = Callable[[int, int], tuple[int, int]]


def _to_storable(given: str, text: str) -> Place:
    """From spans of the text as given to those of the text as UTF-8 can hold it.

    They differ where a dump had one character as two surrogates.  In UTF-16 both are alike.
    """
    if len(given) == len(text):
        return lambda start, end: (start, end)
    before, after = Offsets(given, "utf16"), Offsets(text, "utf16")
    return lambda start, end: after.back(*before.of(start, end))


def _region(
    name: str, number: int, found: Detail | Cue, label: str, text: str, place: Place
) -> dict[str, Any]:
    start, end = place(found.start, found.end)
    if not 0 <= start < end <= len(text):
        raise InputError("the screening is of another text than the post's")
    return {
        "id": f"{name}-{number}",
        "from_name": name,
        "to_name": "text",
        "type": "labels",
        "score": found.score,
        "value": {"start": start, "end": end, "text": text[start:end], "labels": [label]},
    }


# -- and back ----------------------------------------------------------------------------------


def labelled_post(task: Mapping[str, Any], *, predicted: bool = False) -> dict[str, Any]:
    """The labelled post of an exported task: what the last annotation says that was not cancelled.

    ``predicted`` reads the prediction instead.  Offsets are code points.

    Raises:
        InputError: the task has no annotation, or a region that its text does not have.
    """
    try:
        text = task["data"]["text"]
        kept = task.get("predictions" if predicted else "annotations") or []
        kept = [one for one in kept if not one.get("was_cancelled")]
        if not kept:
            raise InputError(f"task {_name(task)}: nobody has labelled it")
        regions = list(_regions(kept[-1]["result"]))
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"task {_name(task)}: is not as Label Studio exports it") from None
    post: dict[str, Any] = {"id": task["data"].get("id"), "text": text, "details": [], "cues": []}
    points, units = Offsets(text, "code_point"), Offsets(text, "utf16")
    for name, value, label in regions:
        if name == "outcome":
            post["outcome"] = label
            continue
        start, end = _span(text, value, points, units, _name(task))
        kind = "category" if name == "details" else "kind"
        post[name].append({"start": start, "end": end, kind: label})
    for name in ("details", "cues"):
        post[name].sort(key=lambda found: (found["start"], found["end"]))
    return post


def _regions(result: Any) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    for region in result:
        name, value = region.get("from_name"), region.get("value", {})
        if name == "outcome":
            yield name, value, value["choices"][0]
        elif name in ("details", "cues"):
            for label in value["labels"]:
                yield name, value, label


def _span(
    text: str, value: Mapping[str, Any], points: Offsets, units: Offsets, name: str
) -> tuple[int, int]:
    start, end, words = value["start"], value["end"], value.get("text")
    for offsets in (points, units):
        try:
            span = offsets.back(start, end)
        except InputError:
            continue
        if words is None or _same(text[slice(*span)], words):
            return span
    raise InputError(f"task {name}: {start}:{end} is not where its text has the words labelled")


def _same(one: str, other: str) -> bool:
    return one.split() == other.replace("\\n", "\n").split()


def _name(task: Any) -> str:
    return str(task.get("id", "?")) if isinstance(task, Mapping) else "?"

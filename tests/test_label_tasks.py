"""Label Studio and Argilla: out and back, every span kept, whatever the text is made of."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from xml.etree import ElementTree

import pytest

from injunction_screen import InputError, Post, Screener, Screening
from injunction_screen.batch.dumps import storable
from injunction_screen.evaluate import evaluate
from injunction_screen.integrations import argilla, label_studio
from injunction_screen.offsets import Offsets
from injunction_screen.records import CATEGORIES, CUE_KINDS, OUTCOMES

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))
FUNNY = (
    "\N{GRINNING FACE}",
    "𠮶𨳒",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{FIRE ENGINE}",
    "\ud83d\ude00",  # one emoji as a dump with surrogates has it
    "\ud800",
    "\r\n",
    "❤\N{VARIATION SELECTOR-16}",
)


@pytest.fixture(scope="module")
def posts() -> list[tuple[str, Screening]]:
    """Gold posts full of emoji, rare characters and surrogates, paired and alone."""
    chance = random.Random(6)
    screener = Screener()
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    texts = []
    for row in chance.sample(rows, 60):
        text = row["text"]
        for _ in range(4):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(FUNNY) + text[at:]
        texts.append(chance.choice(FUNNY) + text + chance.choice(FUNNY))
    texts.append("Nothing here")
    return [(text, screener.screen(Post(text, id=str(n)))) for n, text in enumerate(texts)]


def words(text: str, found: list[dict[str, Any]], label: str) -> list[tuple[str, str]]:
    return [(one[label], text[one["start"] : one["end"]]) for one in found]


def same(screening: Screening, post: dict[str, Any]) -> None:
    """The labelled post has every span of the screening, on the words as UTF-8 has them."""
    details = [(d.category, storable(d.text)) for d in screening.details]
    assert words(post["text"], post["details"], "category") == details
    cues = sorted((c.start, c.end, c.kind, storable(c.text)) for c in screening.cues)
    kept = words(post["text"], post["cues"], "kind")
    assert sorted(kept) == sorted((kind, text) for _, _, kind, text in cues)
    assert post["outcome"] == screening.outcome
    assert post["id"] == screening.id


def test_label_studio_keeps_every_span(posts: list[tuple[str, Screening]]) -> None:
    spans = 0
    for text, screening in posts:
        task = label_studio.label_studio_task(text, screening)
        task = json.loads(json.dumps(task, ensure_ascii=False).encode())  # as a file has it
        for region in task["predictions"][0]["result"][:-1]:
            value = region["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            spans += 1
        same(screening, label_studio.labelled_post(task, predicted=True))
    assert spans > 150


def test_label_studio_of_before_1_5_is_read_too(posts: list[tuple[str, Screening]]) -> None:
    for text, screening in posts:
        task = label_studio.label_studio_task(text, screening)
        units = Offsets(task["data"]["text"], "utf16")
        for region in task["predictions"][0]["result"][:-1]:
            value = region["value"]
            value["start"], value["end"] = units.of(value["start"], value["end"])
            value["text"] = value["text"].replace("\n", "\\n")
        same(screening, label_studio.labelled_post(task, predicted=True))


def test_an_annotated_export_is_a_gold_post() -> None:
    text = "\N{GRINNING FACE} 陳大文，電話 6123 4567，打爆佢電話"
    screener = Screener()
    task = label_studio.label_studio_task(Post(text, id="1"), screener.screen(Post(text, id="1")))
    (prediction,) = task.pop("predictions")
    cancelled = {"was_cancelled": True, "result": []}
    task["annotations"] = [{"was_cancelled": False, "result": prediction["result"]}, cancelled]
    gold = label_studio.labelled_post(task)
    assert evaluate([gold], screener).details().f1 == 1.0


def test_tasks_that_cannot_be_read_are_named() -> None:
    task: dict[str, Any] = {"id": 7, "data": {"text": "hello"}, "annotations": []}
    with pytest.raises(InputError, match="task 7: nobody has labelled it"):
        label_studio.labelled_post(task)
    wrong = {"start": 1, "end": 3, "text": "xx", "labels": ["phone"]}
    for value in (wrong, wrong | {"end": 99}):
        region = {"from_name": "details", "value": value}
        bad = copy.deepcopy(task) | {"annotations": [{"result": [region]}]}
        with pytest.raises(InputError, match=r"task 7: 1:.* is not where its text"):
            label_studio.labelled_post(bad)
    for broken in ({}, {"data": 1}, task | {"annotations": [{"result": [{"from_name": "cues"}]}]}):
        with pytest.raises(InputError, match="is not as Label Studio exports it"):
            label_studio.labelled_post(broken)


def test_the_labelling_interface_has_every_label() -> None:
    root = ElementTree.fromstring(label_studio.label_config())
    values = [label.get("value") for label in root.iter("Label")]
    assert values == [*CATEGORIES, *CUE_KINDS]
    assert [choice.get("value") for choice in root.iter("Choice")] == list(OUTCOMES)
    names = {tag.get("name") for tag in root.iter() if tag.get("name")}
    assert names == {"details", "cues", "text", "outcome"}


# -- Argilla ---------------------------------------------------------------------------------------


def dumped(record: dict[str, Any]) -> dict[str, Any]:
    """The record as Argilla's ``to_dict`` writes it."""
    suggestions = {
        one["question_name"]: {k: v for k, v in one.items() if k != "question_name"}
        for one in record["suggestions"]
    }
    return record | {"suggestions": suggestions, "responses": {}}


def test_argilla_keeps_every_span(posts: list[tuple[str, Screening]]) -> None:
    for text, screening in posts:
        record = json.loads(json.dumps(argilla.argilla_record(text, screening)))
        field = record["fields"]["text"]
        units = field.encode("utf-16-le")
        for suggestion in record["suggestions"][:-1]:
            found = (
                screening.details if suggestion["question_name"] == "details" else screening.cues
            )
            for span, one in zip(suggestion["value"], found, strict=True):
                shown = units[2 * span["start"] : 2 * span["end"]].decode("utf-16-le")
                assert shown == storable(one.text)  # on the page
                assert span["end"] <= len(field)  # the server takes it
        same(screening, argilla.labelled_post(dumped(record), predicted=True))


def test_responses_are_read_and_padding_is_no_part_of_them() -> None:
    text = "\N{GRINNING FACE} Tel 6123 4567"
    record = dumped(argilla.argilla_record(text, Screener().screen(text)))
    span = {"label": "phone", "start": 7, "end": len(record["fields"]["text"]) + 1}
    record["responses"] = {
        "details": [{"value": [span], "user_id": "u"}],
        "outcome": [{"value": "review", "user_id": "u"}],
    }
    post = argilla.labelled_post(record)
    assert words(post["text"], post["details"], "category") == [("phone", "6123 4567")]
    assert (post["cues"], post["outcome"]) == ([], "review")
    with pytest.raises(InputError, match="nobody has labelled it"):
        argilla.labelled_post(record | {"responses": {}})
    with pytest.raises(InputError, match="not as argilla_record made it"):
        argilla.labelled_post({"fields": {}})


def test_argillas_own_record_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr("warnings.filters", [])
        rg = pytest.importorskip("argilla")
    monkeypatch.setattr(rg.Argilla, "_get_default", classmethod(lambda cls: MagicMock()))
    settings = argilla.argilla_settings()
    assert [question.name for question in settings.questions] == ["details", "cues", "outcome"]
    text = "\N{GRINNING FACE} 陳大文，電話 6123 4567，打爆佢電話"
    screening = Screener().screen(Post(text, id="1"))
    made = argilla.argilla_record(text, screening)
    made["suggestions"] = [rg.Suggestion(**one) for one in made["suggestions"]]
    same(screening, argilla.labelled_post(rg.Record(**made).to_dict(), predicted=True))


def test_another_posts_screening_is_refused() -> None:
    screening = Screener().screen("Tel 6123 4567")
    for make in (argilla.argilla_record, label_studio.label_studio_task):
        with pytest.raises(InputError, match="of another text"):
            make("short", screening)

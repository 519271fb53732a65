"""Screenings out and back: the JSON Schema, the round trip, the units of offsets, other shapes."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injunction_screen import InputError, Post, Screener, Screening
from injunction_screen.integrations.openai_moderation import moderation_reply
from injunction_screen.offsets import UNITS, Offsets
from injunction_screen.records import (
    CATEGORIES,
    CUE_KINDS,
    OUTCOMES,
    Cue,
    Detail,
    Limb,
    Link,
    Purpose,
    Subject,
)
from injunction_screen.screening_json import schema

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))
RECORDS = {"detail": Detail, "cue": Cue, "subject": Subject, "link": Link, "limb": Limb,
           "purpose": Purpose}  # fmt: skip
TEXT = "\N{PUBLIC ADDRESS LOUDSPEAKER}𠮶 沙展陳大文，電話 ９１２３ ４５６７，大家半夜輪流打爆佢電話"


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, Screening]]:
    """Gold posts behind characters that are two units in UTF-16, and a thread."""
    screener = Screener()
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    texts = [f"\N{POUTING FACE}𨳒 {row['text']} \N{GRINNING FACE}" for row in rows[::6]]
    thread = [Post("陳大文，電話 6123 4567", id="a"), Post("打爆佢電話", id="b", parent="a")]
    pairs = [(text, screener.screen(text)) for text in [*texts, TEXT, "", "\ud83d\ude00 \ud800"]]
    read = zip(thread, screener.screen_thread(thread), strict=True)
    return pairs + [(post.text, answer) for post, answer in read]


# -- the schema ----------------------------------------------------------------------------------


def test_the_schema_names_every_field_and_value() -> None:
    described = schema()["$defs"]
    for name, record in RECORDS.items():
        assert set(described[name]["properties"]) == {field.name for field in fields(record)}
        optional = {"text", "value"} if name in ("detail", "cue") else set()
        assert set(described[name]["required"]) == set(described[name]["properties"]) - optional
    assert tuple(described["detail"]["properties"]["category"]["enum"]) == CATEGORIES
    assert tuple(described["cue"]["properties"]["kind"]["enum"]) == CUE_KINDS
    assert tuple(described["outcome"]["enum"]) == OUTCOMES
    assert tuple(schema()["properties"]["offsets"]["enum"]) == UNITS


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("text", [False, True])
def test_every_screening_is_as_the_schema_says(
    answers: list[tuple[str, Screening]], unit: Any, text: bool
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    for _, answer in answers:
        plain = json.loads(json.dumps(answer.to_dict(text=text, offsets=unit)))
        validator.validate(plain)
        assert set(plain) == set(schema()["required"])


# -- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_round_trip(answers: list[tuple[str, Screening]], unit: Any) -> None:
    for text, answer in answers:
        plain = json.loads(json.dumps(answer.to_dict(text=True, offsets=unit)))
        assert Screening.from_dict(plain, text=text) == answer
        bare = answer.to_dict(offsets=unit)
        back = Screening.from_dict(bare, text=text)
        assert back.to_dict(offsets=unit) == bare
        assert back.redacted() == answer.redacted()
        assert back.explain() == answer.explain()


def test_without_the_text_what_was_left_out_stays_out(
    answers: list[tuple[str, Screening]],
) -> None:
    for text, answer in answers:
        plain = answer.to_dict()
        written = json.dumps(plain, ensure_ascii=False)
        assert not [d for d in answer.details if len(d.text) > 4 and d.text in written]
        back = Screening.from_dict(plain)
        assert back.to_dict() == plain
        assert all(d.text == d.value == "" for d in back.details)
        assert all(d.text for d in Screening.from_dict(plain, text=text).details)


def test_offsets_are_those_of_the_encoded_text(answers: list[tuple[str, Screening]]) -> None:
    encodings = {"utf8": ("utf-8", 1), "utf16": ("utf-16-le", 2)}
    for text, answer in answers:
        for unit, (encoding, size) in encodings.items():
            data = text.encode(encoding, "surrogatepass")
            spans = answer.to_dict(offsets=unit)["details"]  # type: ignore[arg-type]
            for detail, span in zip(answer.details, spans, strict=True):
                part = data[span["start"] * size : span["end"] * size]
                assert part.decode(encoding, "surrogatepass") == detail.text


@given(st.text(st.characters()), st.sampled_from(UNITS), st.data())
def test_offsets_go_there_and_back(text: str, unit: Any, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offsets = Offsets(text, unit)
    assert offsets.back(*offsets.of(start, end)) == (start, end)
    assert offsets.of(0, len(text)) == (0, offsets.length)


def test_a_character_cut_in_two_is_taken_whole() -> None:
    offsets = Offsets("a\N{GRINNING FACE}b", "utf16")
    assert offsets.back(2, 4) == (1, 3)
    assert offsets.back(0, 2) == (0, 2)


def _changed(change: dict[str, Any]) -> dict[str, Any]:
    return Screener().screen(TEXT).to_dict() | change


DETAIL = {"category": "phone", "start": 0, "end": 4, "score": 0.9, "pattern": "x", "via": ""}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"outcome": "breach"}, "outcome: is none of clear, review, flag"),
        ({"score": "high"}, "score: is str, not float"),
        ({"incomplete": 1}, "incomplete: is int, not bool"),
        ({"details": {}}, "details: is no list"),
        ({"details": ["phone"]}, r"details\[0\]: is no mapping"),
        ({"details": [{**DETAIL, "category": "card"}]}, r"details\[0\].category: is none of"),
        ({"details": [{**DETAIL, "start": True}]}, r"details\[0\].start: is bool, not int"),
        ({"details": [{**DETAIL, "end": 0}]}, r"details\[0\]: 0:0 is no span"),
        ({"details": [{**DETAIL, "end": 4000}]}, r"details\[0\]: 0:4000 is no span of a text"),
        ({"details": [{"start": 0, "end": 1}]}, r"details\[0\].category: is not there"),
        ({"links": [{"details": [99], "cues": [], "subjects": [], "reason": "", "score": 1}]},
         r"links\[0\].details: there are only"),
        ({"related": "x"}, "related: is no list"),
        ({"offsets": "grapheme"}, "offsets: is one of"),
    ],
)  # fmt: skip
def test_what_is_no_screening_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Screening.from_dict(_changed(change), text=TEXT)


def test_units_need_the_text() -> None:
    answer = Screener().screen(TEXT)
    with pytest.raises(InputError, match="cannot be read without the text"):
        Screening.from_dict(answer.to_dict(offsets="utf16"))
    with pytest.raises(InputError, match="need the text"):
        replace(answer, _text="").to_dict(offsets="utf16")
    with pytest.raises(InputError, match="not in 'utf32'"):
        answer.to_dict(offsets="utf32")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is a mapping, not list"):
        Screening.from_dict([])  # type: ignore[arg-type]


# -- OpenAI's shape --------------------------------------------------------------------------------


def test_a_moderation_reply(answers: list[tuple[str, Screening]]) -> None:
    reply = json.loads(json.dumps(moderation_reply(answer for _, answer in answers)))
    for (_, answer), result in zip(answers, reply["results"], strict=True):
        assert result["flagged"] == answer.flagged
        assert answer.categories.items() <= result["categories"].items()
        strong = any(cue.kind == "threat" and cue.score >= 0.5 for cue in answer.cues)
        assert result["categories"]["harassment/threatening"] >= strong
        assert not result["categories"]["sexual"]
        assert result["category_applied_input_types"]["sexual"] == []
        assert result["category_applied_input_types"]["hostile/threat"] == ["text"]
    assert moderation_reply([]) | {"id": ""} == {"id": "", "model": reply["model"], "results": []}


def test_openais_own_client_reads_it() -> None:
    openai = pytest.importorskip("openai.types")
    reply = openai.ModerationCreateResponse.model_validate(
        moderation_reply([Screener().screen(TEXT)])
    )
    (result,) = reply.results
    assert result.flagged
    assert result.categories.harassment
    assert result.categories.to_dict()["personal_data/phone"]

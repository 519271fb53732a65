"""Statements of reasons: what the transparency database takes, and nothing about a person."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from injunction_screen import InputError, Post, Screener, Screening
from injunction_screen.report.statement_of_reasons import (
    BATCH,
    Decision,
    batches,
    faults,
    statement_of_reasons,
)

KEY = b"a key of the platform's own"
TEXT = "沙展陳大文，電話 ９１２３ ４５６７，大家半夜輪流打爆佢電話"
DECISION = Decision(
    content_date="2024-05-01",
    application_date="2024-05-02",
    ground="Personal Data (Privacy) Ordinance (Cap. 486), section 64(3A)",
    visibility=["DECISION_VISIBILITY_CONTENT_DISABLED"],
    content_language="ZH",
)
GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@pytest.fixture(scope="module")
def screening(screener: Screener) -> Screening:
    return screener.screen(Post(TEXT, id="post-1234567"))


def test_a_statement_is_complete(screening: Screening) -> None:
    statement = statement_of_reasons(screening, DECISION, key=KEY)
    assert faults(statement) == []
    assert statement["category"] == "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
    assert statement["category_addition"] == ["STATEMENT_CATEGORY_CYBER_VIOLENCE"]
    assert statement["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert "phone (1)" in statement["decision_facts"]
    assert "disclosure" in statement["illegal_content_explanation"]
    again = statement_of_reasons(screening, DECISION, key=KEY)
    other = statement_of_reasons(screening, DECISION, key=b"another")
    assert statement["puid"] == again["puid"] != other["puid"]


def test_terms_of_the_platform(screening: Screening) -> None:
    terms = replace(DECISION, illegal=False, ground="Community rules, 4.2", visibility=(),
                    account="DECISION_ACCOUNT_SUSPENDED")  # fmt: skip
    statement = statement_of_reasons(screening, terms, key=KEY)
    assert statement["incompatible_content_ground"] == "Community rules, 4.2"
    assert "decision_visibility" not in statement


def test_no_statement_on_gold_posts_repeats_a_detail(screener: Screener) -> None:
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    made = 0
    for row in rows[::4]:
        screening = screener.screen(Post(row["text"], id=row["id"]))
        if screening.limbs:
            statement = statement_of_reasons(screening, DECISION, key=KEY)
            written = json.dumps(statement, ensure_ascii=False)
            personal = [d for d in screening.details if d.category not in ("job_title", "photo")]
            assert not [d for d in personal if len(d.text) > 3 and d.text in written]
            assert row["id"] not in written
            made += 1
    assert made > 20


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"visibility": ()}, "there must be one of decision_visibility"),
        ({"visibility": ["REMOVED"]}, "decision_visibility is none of"),
        ({"visibility": ["DECISION_VISIBILITY_OTHER"]}, "decision_visibility_other is not there"),
        ({"content_date": "1 May 2024"}, "content_date is no date"),
        ({"application_date": "2019-12-31"}, "application_date is no date"),
        ({"ground": ""}, "illegal_content_legal_ground is not there"),
        ({"ground": "x" * 501}, "no text of at most 500"),
        ({"source_identity": "a body"}, "source_identity has no place"),
        ({"automated_decision": "YES"}, "automated_decision is none of"),
        ({"territorial_scope": ["HK"]}, "territorial_scope is none of"),
        ({"content_language": "yue"}, "content_language is no language code"),
        ({"reference_url": "the law"}, "no web address"),
        ({"more": {"reporter": "x"}}, "there is no field reporter"),
        ({"explanation": "It gave ９１２３ ４５６７."}, "repeats a detail"),
        ({"explanation": "It named 陳大文."}, "repeats a detail"),
        ({"explanation": "See post-1234567."}, "repeats a detail or the id"),
        ({"explanation": "Ask ms.wong@example.com."}, r"holds personal data \(email\)"),
    ],
)
def test_what_the_database_would_refuse(
    screening: Screening, change: dict[str, Any], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        statement_of_reasons(screening, replace(DECISION, **change), key=KEY)


def test_no_reasons_no_statement(screener: Screener, screening: Screening) -> None:
    with pytest.raises(InputError, match="no limb is engaged"):
        statement_of_reasons(screener.screen(Post("Nice", id="1")), DECISION, key=KEY)
    with pytest.raises(InputError, match="needs the post's id"):
        statement_of_reasons(screener.screen(TEXT), DECISION, key=KEY)
    with pytest.raises(InputError, match="and a key"):
        statement_of_reasons(screening, DECISION, key=b"")


def test_batches_are_as_large_as_a_call_may_be() -> None:
    calls = list(batches({"puid": str(n)} for n in range(BATCH + 1)))
    assert [len(call["statements"]) for call in calls] == [BATCH, 1]

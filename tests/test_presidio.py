"""Presidio both ways, with the real presidio-analyzer and no model."""

from __future__ import annotations

import pickle

import pytest
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import IpRecognizer

from injunction_screen import InputError, Screener
from injunction_screen.integrations.presidio import ENTITIES, presidio_finder, recognizers
from injunction_screen.records import CATEGORIES


@pytest.fixture(scope="module")
def analyzer() -> AnalyzerEngine:
    models = [{"lang_code": code, "model_name": "no_op"} for code in ("en", "zh")]
    engine = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "no_op", "models": models}
    ).create_engine()
    registry = RecognizerRegistry(
        recognizers=[IpRecognizer(), *recognizers(), *recognizers(language="zh")],
        supported_languages=["en", "zh"],
    )
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en", "zh"])


def test_our_finders_work_in_an_analyzer_beside_its_own(analyzer: AnalyzerEngine) -> None:
    text = "Tel: ６１２３ ４５６７, from 192.168.3.14"
    found = analyzer.analyze(text, language="en", return_decision_process=True)
    by_type = {result.entity_type: result for result in found}
    assert set(by_type) == {"PHONE_NUMBER", "IP_ADDRESS"}
    phone = by_type["PHONE_NUMBER"]
    assert text[phone.start : phone.end] == "６１２３ ４５６７"
    why = phone.analysis_explanation
    assert why.recognizer == "injunction_screen"
    assert why.pattern_name.startswith("phone.")
    assert why.original_score == phone.score >= 0.5
    assert "fullwidth" in why.textual_explanation


def test_chinese_and_a_choice_of_entities(analyzer: AnalyzerEngine) -> None:
    text = "電話6123 4567"
    assert [r.entity_type for r in analyzer.analyze(text, language="zh")] == ["PHONE_NUMBER"]
    assert analyzer.analyze(text, language="zh", entities=["PERSON"]) == []


def test_every_category_has_an_entity_of_its_own() -> None:
    assert set(ENTITIES) == set(CATEGORIES)
    assert len(set(ENTITIES.values())) == len(CATEGORIES)


def _badge() -> PatternRecognizer:
    pattern = Pattern("badge", r"§§\d{4}", 0.4)
    return PatternRecognizer("BADGE", patterns=[pattern])


def test_a_presidio_recogniser_is_one_more_finder() -> None:
    finder = presidio_finder(_badge(), {"BADGE": "identity_number"}, score=0.9)
    screener = Screener(finders=[finder])
    text = "ask for \N{ZERO WIDTH SPACE}§§7788 or call 6123 4567"
    details = screener.screen(text).details
    (badge,) = (d for d in details if d.pattern == "presidio.badge")
    assert (badge.category, badge.text, badge.score) == ("identity_number", "§§7788", 0.9)
    assert text[badge.start : badge.end] == "§§7788"
    assert screener.screen("nothing here").details == ()


def test_too_low_a_score_is_no_detail_as_for_any_finder() -> None:
    finder = presidio_finder(_badge(), {"BADGE": "identity_number"})
    details = Screener(finders=[finder]).screen("ask for §§7788").details
    assert not [d for d in details if d.pattern == "presidio.badge"]


def test_finders_share_the_rule_for_overlaps() -> None:
    def all_of_it(text: str):
        yield "photo", 0, len(text), 1.0, "mine"

    (detail,) = Screener(finders=[all_of_it]).screen("Tel: 6123 4567").details
    assert (detail.category, detail.pattern) == ("photo", "mine")


def test_a_screener_with_a_presidio_finder_can_be_sent_to_another_process() -> None:
    finder = presidio_finder(_badge(), {"BADGE": "identity_number"}, score=0.9)
    again = pickle.loads(pickle.dumps(Screener(finders=[finder])))
    assert "presidio.badge" in {d.pattern for d in again.screen("§§7788").details}


def test_wrong_names_are_refused() -> None:
    with pytest.raises(InputError, match="no entity 'CARD'"):
        presidio_finder(_badge(), {"CARD": "phone"})
    with pytest.raises(InputError, match="no category 'card'"):
        presidio_finder(_badge(), {"BADGE": "card"})  # type: ignore[dict-item]


@pytest.mark.parametrize("span", [("shoe", 0, 1), ("phone", 0, 99), ("phone", 2, 2)])
def test_a_finder_that_talks_nonsense_is_named(span) -> None:
    def nonsense(text: str):
        yield (*span, 0.9, "x")

    with pytest.raises(InputError, match="finder nonsense"):
        Screener(finders=[nonsense]).screen("hello")

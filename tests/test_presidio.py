"""Presidio both ways, with the real presidio-analyzer and no model."""

from __future__ import annotations

import json
import operator
import pickle
from pathlib import Path

import pytest
import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    BatchAnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpEngineProvider, NoOpNlpEngine, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import IpRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from injunction_screen import InputError, Screener, screen
from injunction_screen.integrations.presidio import (
    ENTITIES,
    InjunctionScreenRecognizer,
    presidio_finder,
    recognizers,
    remote_finder,
)
from injunction_screen.records import CATEGORIES

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))


@pytest.fixture(scope="module")
def posts() -> list[str]:
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    return [f"\N{GRINNING FACE}{row['text']}" for row in rows[::8]]


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
    assert why.recognizer == "injunction_screen.phone"
    assert why.pattern_name.startswith("phone.")
    assert "(?P<value>" in why.pattern
    assert why.validation_result is True
    assert why.original_score == why.score == phone.score >= 0.5
    assert "fullwidth" in why.textual_explanation
    assert "checked by hk_phone" in why.textual_explanation


def test_chinese_and_a_choice_of_entities(analyzer: AnalyzerEngine) -> None:
    text = "電話6123 4567"
    assert [r.entity_type for r in analyzer.analyze(text, language="zh")] == ["PHONE_NUMBER"]
    assert analyzer.analyze(text, language="zh", entities=["PERSON"]) == []


def test_spans_are_those_of_screen(analyzer: AnalyzerEngine, posts: list[str]) -> None:
    """In both engines, for every post."""
    batch = BatchAnalyzerEngine(analyzer).analyze_iterator(
        posts, "zh", entities=list(ENTITIES.values())
    )
    for text, results in zip(posts, batch, strict=True):
        ours = [(ENTITIES[d.category], d.start, d.end, d.score) for d in screen(text).details]
        assert [
            (r.entity_type, r.start, r.end, r.score) for r in sorted(results, key=START)
        ] == ours
        alone = analyzer.analyze(text, "zh", entities=list(ENTITIES.values()))
        assert sorted(alone, key=START) == sorted(results, key=START)


START = operator.attrgetter("start")


def test_a_text_is_read_once_for_all_recognisers(monkeypatch: pytest.MonkeyPatch) -> None:
    screener = Screener()
    calls = []
    read = Screener.details
    monkeypatch.setattr(
        Screener, "details", lambda self, text: calls.append(text) or read(self, text)
    )
    for recogniser in recognizers(screener):
        recogniser.analyze("Tel 6123 4567", recogniser.supported_entities)
    assert calls == ["Tel 6123 4567"]
    assert len(recognizers(screener)) == len(CATEGORIES)


def test_the_anonymizer_takes_the_results(analyzer: AnalyzerEngine) -> None:
    anonymizer = pytest.importorskip("presidio_anonymizer")
    text = "\N{GRINNING FACE} 沙展陳大文，電話 ９１２３ ４５６７，電郵a.chan@example.com快啲"
    results = analyzer.analyze(text, language="zh", entities=list(ENTITIES.values()))
    done = anonymizer.AnonymizerEngine().anonymize(text, results).text
    assert (
        done
        == "\N{GRINNING FACE} <JOB_TITLE><PERSON>，電話 <PHONE_NUMBER>，電郵<EMAIL_ADDRESS>快啲"
    )


def test_a_label_that_the_caller_gives_counts(analyzer: AnalyzerEngine) -> None:
    table = {
        "home_phone": ["61234567", "none"],
        "text": ["61234567"],  # says nothing of what is in it
        "name": "陳大文",
        "notes": {"dob": "1985-03-07"},
    }
    options = {"language": "en", "entities": ["PHONE_NUMBER", "DATE_OF_BIRTH", "PERSON"]}
    read = BatchAnalyzerEngine(analyzer).analyze_dict(
        table, **options, return_decision_process=True
    )
    by_key = {one.key: one.recognizer_results for one in read}
    ((phone,), none) = by_key["home_phone"]
    assert (phone.start, phone.end, none) == (0, 8, [])
    why = phone.analysis_explanation
    assert (why.supportive_context_word, why.original_score) == ("home_phone", 0.0)
    assert why.score == why.score_context_improvement == phone.score
    assert by_key["text"] == [[]]
    assert [r.entity_type for r in by_key["name"]] == ["PERSON"]
    (nested,) = by_key["notes"]
    assert [r.entity_type for r in nested.recognizer_results] == ["DATE_OF_BIRTH"]


def test_a_label_does_not_cut_up_what_the_text_says(analyzer: AnalyzerEngine) -> None:
    plain = analyzer.analyze("6123 4567", language="en", entities=["PHONE_NUMBER"])
    given = analyzer.analyze(
        "6123 4567", language="en", entities=["PHONE_NUMBER"], context=["name"]
    )
    assert [(r.start, r.end) for r in given] == [(r.start, r.end) for r in plain] == [(0, 9)]


YAML = """
supported_languages: [en, zh]
global_regex_flags: 26
recognizers:
  - name: Hong Kong details
    class_name: InjunctionScreenRecognizer
    type: predefined
    supported_languages: [en, zh]
    supported_entities: [PHONE_NUMBER, HK_ADDRESS]
    score_thresholds: {default: 0.6}
  - name: InjunctionScreenRecognizer
    type: predefined
    supported_language: en
    enabled: false
  - name: IpRecognizer
    type: predefined
"""


def test_a_registry_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "recognizers.yaml"
    path.write_text(YAML, encoding="utf-8")
    registry = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
    ours = [r for r in registry.recognizers if isinstance(r, InjunctionScreenRecognizer)]
    assert [(r.name, r.supported_language) for r in ours] == [
        ("Hong Kong details", "en"),
        ("Hong Kong details", "zh"),
    ]
    assert ours[0].score_thresholds == {"default": 0.6}
    engine = NoOpNlpEngine([{"lang_code": code, "model_name": "no_op"} for code in ("en", "zh")])
    both = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en", "zh"])
    found = both.analyze("陳大文 電話6123 4567 10.0.0.1", language="zh")
    assert {r.entity_type for r in found} == {"PHONE_NUMBER", "IP_ADDRESS"}


def test_a_class_of_ones_own_has_its_own_screener() -> None:
    class Strict(InjunctionScreenRecognizer):
        screener = Screener(thresholds={"phone": 1.0})

    assert Strict().analyze("Tel 6123 4567", ["PHONE_NUMBER"]) == []
    assert InjunctionScreenRecognizer().analyze("Tel 6123 4567", ["PHONE_NUMBER"])
    with pytest.raises(InputError, match="there is no entity 'CARD'"):
        InjunctionScreenRecognizer(["CARD"])


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


def test_a_whole_analyzer_is_a_finder_too() -> None:
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "no_op"}])
    registry = RecognizerRegistry(recognizers=[_badge()], supported_languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
    finder = presidio_finder(analyzer, {"BADGE": "identity_number"}, score=0.9)
    (badge,) = Screener(finders=[finder]).screen("ask for §§7788").details
    assert (badge.text, badge.pattern) == ("§§7788", "presidio.badge")
    with pytest.raises(InputError, match="no entity 'CARD' here"):
        presidio_finder(analyzer, {"CARD": "phone"})


def test_a_recogniser_that_reads_what_an_nlp_engine_makes() -> None:
    class Tokens(EntityRecognizer):
        def load(self) -> None: ...

        def analyze(self, text, entities, nlp_artifacts):
            at = nlp_artifacts.tokens_indices[-1]
            return [RecognizerResult("LAST", at, len(text), 0.8)]

    model = LoadedSpacyNlpEngine()
    finder = presidio_finder(Tokens(["LAST"]), {"LAST": "photo"}, nlp_engine=model)
    (found,) = Screener(finders=[finder]).screen("look at this").details
    assert (found.text, found.pattern) == ("this", "presidio.last")


class LoadedSpacyNlpEngine(SpacyNlpEngine):
    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}


def test_a_remote_analyzer_is_asked_through_the_callers_client() -> None:
    asked = []

    def ask(body):
        asked.append(body)
        at = body["text"].find("§§")
        reply = [{"entity_type": "BADGE", "start": at, "end": at + 6, "score": 0.85}]
        return json.loads(json.dumps([*reply, {**reply[0], "entity_type": "OTHER"}]))

    screener = Screener(finders=[remote_finder(ask, {"BADGE": "identity_number"}, language="zh")])
    (badge,) = screener.screen("ask for §§7788").details
    assert (badge.text, badge.score, badge.pattern) == ("§§7788", 0.85, "presidio.badge")
    assert asked == [{"text": "ask for §§7788", "language": "zh", "entities": ["BADGE"]}]
    with pytest.raises(InputError, match="no category 'card'"):
        remote_finder(ask, {"BADGE": "card"})  # type: ignore[dict-item]


@pytest.mark.parametrize("reply", [{"error": "no"}, ["x"], [{"entity_type": "BADGE"}], None])
def test_a_reply_that_is_none_is_an_error_not_a_clear_post(reply) -> None:
    finder = remote_finder(lambda body: reply, {"BADGE": "identity_number"})
    with pytest.raises(InputError, match="reply is not one of Presidio's"):
        Screener(finders=[finder]).screen("hello")


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

"""Our finders as Presidio recognisers, and Presidio's recognisers as finders of ours.

Importing this module imports Presidio, which imports spaCy; nothing else in the package does.

Give ``AnalyzerEngine`` an NLP engine of your own: without one it tries to download a model.  Our
finders need none, so Presidio's ``NoOpNlpEngine`` will do::

    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NoOpNlpEngine
    from injunction_screen.integrations.presidio import recognizers

    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "no_op"}])
    registry = RecognizerRegistry(recognizers=recognizers(), supported_languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
    analyzer.analyze("Tel: 6123 4567", language="en")

The other way, any recogniser of Presidio's becomes a finder of details::

    from presidio_analyzer.predefined_recognizers import PhoneRecognizer
    from injunction_screen import Screener
    from injunction_screen.integrations.presidio import presidio_finder

    macau = PhoneRecognizer(supported_regions=["MO"])
    finder = presidio_finder(macau, {"PHONE_NUMBER": "phone"}, score=0.6)
    Screener(finders=[finder])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from injunction_screen import screen
from injunction_screen.errors import InputError
from injunction_screen.records import CATEGORIES, Category, Detail, Screening

if TYPE_CHECKING:
    from injunction_screen.screener import Screener

__all__ = ["ENTITIES", "presidio_finder", "recognizers"]

# Our categories under Presidio's names: its own where it has one, so that what both find becomes
# one result, and a plain name of the same make for the others.
ENTITIES: Mapping[Category, str] = {
    "name": "PERSON",
    "job_title": "JOB_TITLE",
    "identity_number": "HK_IDENTITY_NUMBER",
    "address": "HK_ADDRESS",
    "school": "HK_SCHOOL",
    "phone": "PHONE_NUMBER",
    "email": "EMAIL_ADDRESS",
    "birthday": "DATE_OF_BIRTH",
    "social_account": "SOCIAL_ACCOUNT",
    "plate": "HK_VEHICLE_MARK",
    "photo": "PHOTO",
}


NAME = "injunction_screen"


def recognizers(screener: Screener | None = None, language: str = "en") -> list[EntityRecognizer]:
    """Our finders for a Presidio registry, under the names in ``ENTITIES``.

    They read Chinese and English alike: ``language`` is only the language under which Presidio
    is to call them, so ask for one list for each language that you analyse.
    """
    return [_DetailRecognizer(screener.screen if screener else screen, language)]


class _DetailRecognizer(EntityRecognizer):
    """One recogniser for all categories, so that a text is screened once and not eleven times."""

    def __init__(self, screening: Callable[[str], Screening], language: str) -> None:
        self._screening = screening
        super().__init__(
            supported_entities=list(ENTITIES.values()),
            name=NAME,
            supported_language=language,
        )

    def load(self) -> None:
        """Nothing to load: the pattern files were read with the screener."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """The details of a text, each with the record that found it."""
        return [
            self._result(detail)
            for detail in self._screening(text).details
            if ENTITIES[detail.category] in entities
        ]

    def _result(self, detail: Detail) -> RecognizerResult:
        hidden = f", hidden as {detail.via}" if detail.via else ""
        return RecognizerResult(
            entity_type=ENTITIES[detail.category],
            start=detail.start,
            end=detail.end,
            score=detail.score,
            analysis_explanation=AnalysisExplanation(
                recognizer=NAME,
                original_score=detail.score,
                pattern_name=detail.pattern,
                textual_explanation=f"{detail.category} found by record {detail.pattern}{hidden}",
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: NAME,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


def presidio_finder(
    recognizer: EntityRecognizer,
    entities: Mapping[str, Category],
    *,
    score: float | None = None,
) -> Callable[[str], Iterator[tuple[Category, int, int, float, str]]]:
    """A Presidio recogniser as a finder for ``Screener(finders=[...])``.

    ``entities`` says which of its entities is which category; others are left out.  ``score``
    replaces the recogniser's own, which is often below the 0.5 that a detail needs.

    Raises:
        InputError: the recogniser does not know one of the entities, or we not the category.
    """
    known = recognizer.get_supported_entities()
    for entity, category in entities.items():
        if entity not in known:
            there = ", ".join(known)
            raise InputError(f"there is no entity '{entity}' here; there are: {there}")
        if category not in CATEGORIES:
            there = ", ".join(CATEGORIES)
            raise InputError(f"there is no category '{category}'; there are: {there}")
    return _Finder(recognizer, dict(entities), score)


_NO_ARTIFACTS: Any = None  # what an NLP engine would have found; a pattern recogniser needs none


@dataclass(frozen=True, slots=True)
class _Finder:
    """A callable rather than a closure: a ``Screener`` with it can be sent to other processes."""

    recognizer: EntityRecognizer = field(repr=False)
    entities: Mapping[str, Category]
    score: float | None

    def __call__(self, text: str) -> Iterator[tuple[Category, int, int, float, str]]:
        for found in self.recognizer.analyze(text, list(self.entities), _NO_ARTIFACTS):
            category = self.entities.get(found.entity_type)
            if category is not None:
                score = found.score if self.score is None else self.score
                label = f"presidio.{found.entity_type.lower()}"
                yield category, found.start, found.end, score, label

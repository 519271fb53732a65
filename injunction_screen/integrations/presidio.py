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

In a registry's YAML file, once this module is imported, the class stands by its name::

    recognizers:
      - name: InjunctionScreenRecognizer
        type: predefined
        supported_languages: [en, zh]

Both sides agree on spans: code points, end exclusive.  A score is the probability that the detail
is one, the words around it counted in, so Presidio's own boost for words before a value is left
out.  Context that a caller *gives* (``analyze(context=["mobile"])``, the keys of
``BatchAnalyzerEngine.analyze_dict``) is read as the label that it is: as if it stood before the
text.  The explanation then says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from injunction_screen import __version__
from injunction_screen.batch.dumps import NAMES
from injunction_screen.errors import InputError
from injunction_screen.integrations.presidio_finders import presidio_finder, remote_finder
from injunction_screen.records import CATEGORIES, Category, Detail
from injunction_screen.screener import Screener

if TYPE_CHECKING:
    from injunction_screen.patternbook import Pattern

__all__ = [
    "ENTITIES",
    "InjunctionScreenRecognizer",
    "presidio_finder",
    "recognizers",
    "remote_finder",
]

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
_CATEGORY: Mapping[str, Category] = {entity: category for category, entity in ENTITIES.items()}
# A column of this name says of its text only that it is one.
_NO_LABELS = frozenset(name.casefold() for name in (*NAMES["text"], "comment", "post", "value"))


class _Reader:
    """The details of texts.  The last text is kept, since Presidio asks recogniser by recogniser.

    Safe to share between threads: at worst a text is read twice.
    """

    def __init__(self, screener: Screener) -> None:
        self._screener = screener
        self._last: tuple[str, tuple[Detail, ...]] = ("", ())
        self.patterns: Mapping[str, Pattern] = {p.id: p for p in screener.book.patterns}

    def __reduce__(self) -> tuple[Any, ...]:
        return _Reader, (self._screener,)

    def __call__(self, text: str) -> tuple[Detail, ...]:
        last, details = self._last
        if last != text:
            details = self._screener.details(text)
            self._last = (text, details)
        return details


@cache
def _default_reader() -> _Reader:
    return _Reader(Screener())


def recognizers(screener: Screener | None = None, language: str = "en") -> list[EntityRecognizer]:
    """Our finders for a Presidio registry: one recogniser for each category.

    They are named ``injunction_screen.phone`` and so on; a text is read once for all of them.
    They read Chinese and English alike: ``language`` is only the language under which Presidio is
    to call them, so ask for one list for each language that you analyse.
    """
    reader = _Reader(screener) if screener else None
    return [
        InjunctionScreenRecognizer(
            supported_entities=[ENTITIES[category]],
            supported_language=language,
            name=f"{NAME}.{category}",
            reader=reader,
        )
        for category in CATEGORIES
    ]


class InjunctionScreenRecognizer(EntityRecognizer):
    """Our finders as a recogniser: all categories, or those of ``supported_entities``.

    Presidio's YAML registry makes it by its name.  For a ``Screener`` with options there, derive
    a class and set its ``screener``; ``reader`` is for ``recognizers`` only.

    Raises:
        InputError: an entity is not among ``ENTITIES``.
    """

    screener: ClassVar[Screener | None] = None

    def __init__(
        self,
        supported_entities: Sequence[str] | None = None,
        supported_language: str = "en",
        name: str | None = None,
        context: list[str] | None = None,
        reader: _Reader | None = None,
    ) -> None:
        for entity in supported_entities or ():
            if entity not in _CATEGORY:
                raise InputError(
                    f"there is no entity '{entity}'; there are: {', '.join(_CATEGORY)}"
                )
        self._reader = reader
        self._called = name or NAME
        super().__init__(
            supported_entities=list(supported_entities or _CATEGORY),
            supported_language=supported_language,
            name=self._called,
            version=__version__,
            context=context,
        )

    def load(self) -> None:
        """Read the pattern files, unless that is done."""
        if self._reader is None:
            own = type(self).screener
            self._reader = _Reader(own) if own else _default_reader()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """The details of a text, each with the record that found it."""
        return [self._result(detail) for detail in self._details(text, entities)]

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: Any,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results with what a label given by the caller adds: surer ones, and further ones."""
        results = {(r.entity_type, r.start, r.end): r for r in raw_recognizer_results}
        for word in context or ():
            label = word.replace("_", " ").strip()
            if not label or label.casefold() in _NO_LABELS:
                continue
            before = f"{label}: "
            for detail in self._details(before + text, self.supported_entities):
                start, end = detail.start - len(before), detail.end - len(before)
                if start < 0:
                    continue
                place = (ENTITIES[detail.category], start, end)
                known = results.get(place)
                if known is None and any(r.start < end and start < r.end for r in results.values()):
                    continue  # what the text itself says is not cut up or joined
                if known is None or known.score < detail.score:
                    results[place] = self._result(detail, start, end, label=word, known=known)
        return list(results.values())

    def _details(self, text: str, entities: Sequence[str]) -> Iterator[Detail]:
        assert self._reader is not None  # load() has been called
        for detail in self._reader(text):
            entity = ENTITIES[detail.category]
            if entity in entities and entity in self.supported_entities:
                yield detail

    def _result(
        self,
        detail: Detail,
        start: int | None = None,
        end: int | None = None,
        *,
        label: str = "",
        known: RecognizerResult | None = None,
    ) -> RecognizerResult:
        why = self._explanation(detail, 0.0 if label else detail.score)
        if label:
            why.original_score = known.score if known else 0.0
            why.set_supportive_context_word(label)
            why.set_improved_score(detail.score)
        return RecognizerResult(
            entity_type=ENTITIES[detail.category],
            start=detail.start if start is None else start,
            end=detail.end if end is None else end,
            score=detail.score,
            analysis_explanation=why,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self._called,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY: bool(label),
            },
        )

    def _explanation(self, detail: Detail, score: float) -> AnalysisExplanation:
        assert self._reader is not None
        record = self._reader.patterns.get(detail.pattern)
        regex: Any = record.regex.pattern.strip() if record and record.regex else None
        check = record.options.get("check") if record else None
        checked: Any = True if check else None  # None is Presidio's word for no opinion
        told = [f"{detail.category} by record {detail.pattern}"]
        if record:
            told.append(record.about)
        if check:
            told.append(f"checked by {check}")
        if detail.via:
            told.append(f"hidden as {detail.via}")
        return AnalysisExplanation(
            recognizer=self._called,
            original_score=score,
            pattern_name=detail.pattern,
            pattern=regex,
            validation_result=checked,
            textual_explanation="; ".join(told),
        )

"""Presidio's recognisers, engines and services as finders for ``Screener(finders=[...])``.

In: something of Presidio's that analyses a text.  Out: a ``Finder``: what it finds joins our own
details under the same rule for overlaps.  Nothing here opens a connection: a remote analyzer is
asked through a function of the caller's, with the client, time limit and retries that the caller
wants.  A finder that fails raises, and its post gets no answer rather than a wrong one.

    macau = PhoneRecognizer(supported_regions=["MO"])
    Screener(finders=[presidio_finder(macau, {"PHONE_NUMBER": "phone"}, score=0.6)])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from injunction_screen.details import Finder
from injunction_screen.errors import InputError
from injunction_screen.records import CATEGORIES, Category

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpEngine

__all__ = ["presidio_finder", "remote_finder"]

Found = Iterator[tuple[Category, int, int, float, str]]


def presidio_finder(
    source: EntityRecognizer | AnalyzerEngine,
    entities: Mapping[str, Category],
    *,
    score: float | None = None,
    language: str = "en",
    nlp_engine: NlpEngine | None = None,
) -> Finder:
    """A Presidio recogniser, or a whole analyzer, as a finder.

    ``entities`` says which of its entities is which category; others are left out.  ``score``
    replaces the recogniser's own, which is often below the 0.5 that a detail needs.  A recogniser
    that reads tokens or a model's entities needs the ``nlp_engine`` that makes them; an analyzer
    has one, and adds its context words and thresholds.

    Raises:
        InputError: it does not know one of the entities, or we not the category.
    """
    given: Any = source
    whole = hasattr(source, "registry")
    known = given.get_supported_entities(*([language] if whole else []))
    _check(entities, known)
    return _Finder(source, dict(entities), score, language, nlp_engine)


def remote_finder(
    ask: Callable[[dict[str, Any]], Sequence[Mapping[str, Any]]],
    entities: Mapping[str, Category],
    *,
    score: float | None = None,
    language: str = "en",
) -> Finder:
    """A Presidio analyzer behind its REST interface as a finder.

    ``ask`` takes the body of ``POST /analyze`` and gives the parsed reply, for example
    ``lambda body: requests.post(url, json=body, timeout=2).json()``.

    Raises:
        InputError: there is no such category.
    """
    _check(entities, None)
    return _Remote(ask, dict(entities), score, language)


def _check(entities: Mapping[str, Category], known: Sequence[str] | None) -> None:
    for entity, category in entities.items():
        if known is not None and entity not in known:
            there = ", ".join(known)
            raise InputError(f"there is no entity '{entity}' here; there are: {there}")
        if category not in CATEGORIES:
            there = ", ".join(CATEGORIES)
            raise InputError(f"there is no category '{category}'; there are: {there}")


@dataclass(frozen=True, slots=True)
class _Finder:
    """A callable rather than a closure: a ``Screener`` with it can be sent to other processes."""

    source: Any = field(repr=False)
    entities: Mapping[str, Category]
    score: float | None
    language: str
    nlp_engine: Any = field(repr=False)

    def __call__(self, text: str) -> Found:
        wanted = list(self.entities)
        if hasattr(self.source, "registry"):
            results = self.source.analyze(text, self.language, entities=wanted)
        else:
            artifacts = None
            if self.nlp_engine is not None:
                artifacts = self.nlp_engine.process_text(text, self.language)
            results = self.source.analyze(text, wanted, artifacts)
        for one in results:
            yield from _told(self, one.entity_type, one.start, one.end, one.score)


@dataclass(frozen=True, slots=True)
class _Remote:
    ask: Callable[[dict[str, Any]], Sequence[Mapping[str, Any]]] = field(repr=False)
    entities: Mapping[str, Category]
    score: float | None
    language: str

    def __call__(self, text: str) -> Found:
        body = {"text": text, "language": self.language, "entities": list(self.entities)}
        reply = self.ask(body)
        try:
            found = [(r["entity_type"], r["start"], r["end"], r["score"]) for r in reply]
        except (KeyError, TypeError):
            raise InputError("the analyzer's reply is not one of Presidio's") from None
        for entity, start, end, score in found:
            yield from _told(self, entity, start, end, score)


def _told(finder: _Finder | _Remote, entity: str, start: int, end: int, score: float) -> Found:
    category = finder.entities.get(entity)
    if category is not None:
        own = finder.score
        label = f"presidio.{entity.lower()}"
        yield category, start, end, score if own is None else own, label

"""Screening as a spaCy pipeline component, and the name finder as one of its own.

spaCy finds both by entry point, so nothing needs to be imported::

    nlp = spacy.blank("zh")
    nlp.add_pipe("injunction_screen")
    doc = nlp("電話 6123 4567")
    doc.spans["details"], doc.spans["cues"], doc._.screening

``injunction_screen_names`` sets ``doc.ents`` (``PERSON``) as spaCy's own ``ner`` does, or a span
group.  Options are plain values in the pipeline's configuration, so both go to disk and back with
it, and to the processes of ``nlp.pipe(n_process=2)``.

spaCy's spans lie on tokens.  Our spans are code points, and in a text without spaces they end
within what a tokeniser takes for one token; such a token is split there, so that the spans of a
``Doc`` are those of ``screen()`` to the letter.  Put the components first, so that a tagger or
parser sees the tokens that stay.  ``align="expand"`` leaves the tokens as they are and widens the
spans to them; ``doc._.screening`` has the exact ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, get_args

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from injunction_screen.errors import InputError
from injunction_screen.records import Screening
from injunction_screen.screener import Screener

__all__ = ["NameFinder", "PostScreener", "names_pipeline"]

Align = Literal["split", "expand"]
_KEY = "injunction_screen"  # in Doc.user_data: the screening as plain values, so that it travels
PERSON = "PERSON"


def _screening_of(doc: Doc) -> Screening | None:
    plain = doc.user_data.get(_KEY)
    return None if plain is None else Screening.from_dict(plain, text=doc.text)


Doc.set_extension("screening", getter=_screening_of, force=True)


@Language.factory(
    "injunction_screen",
    assigns=["doc.spans", "doc._.screening"],
    default_config={
        "orders": None,
        "patterns": [],
        "thresholds": {},
        "allow": [],
        "second_reader": True,
        "align": "split",
    },
)
class PostScreener:
    """The component ``injunction_screen``: screens each text and leaves what it found in the doc.

    ``doc.spans["details"]`` are labelled with their category, ``doc.spans["cues"]`` with their
    kind; a span's ``id_`` is the id of the record that found it.  The options are those of
    ``Screener``.  ``screener`` may be replaced by one with options that no configuration holds
    (a registry, finders); it is then not kept on disk.
    """

    def __init__(
        self,
        nlp: Language,
        name: str,
        orders: list[str] | None,
        patterns: list[str],
        thresholds: dict[str, float],
        allow: list[str],
        second_reader: bool,
        align: str,
    ) -> None:
        self.align = _alignment(align)
        self.screener = Screener(
            orders=orders,
            patterns=patterns,
            thresholds=thresholds,
            allow=allow,
            second_reader=second_reader,
        )

    def __call__(self, doc: Doc) -> Doc:
        """Screen one doc."""
        screening = self.screener.screen(doc.text)
        doc.user_data[_KEY] = screening.to_dict(text=True)
        details = [(d.start, d.end, d.category, d.pattern) for d in screening.details]
        cues = [(c.start, c.end, c.kind, c.pattern) for c in screening.cues]
        spans = _spans(doc, [*details, *cues], self.align)
        doc.spans["details"] = spans[: len(details)]
        doc.spans["cues"] = spans[len(details) :]
        return doc


@Language.factory(
    "injunction_screen_names",
    assigns=["doc.ents", "doc.spans"],
    default_config={
        "patterns": [],
        "threshold": 0.5,
        "spans_key": None,
        "align": "split",
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0},
)
class NameFinder:
    """The component ``injunction_screen_names``: persons' names, as ``screen()`` finds them.

    They join ``doc.ents`` as ``PERSON``, longer spans before shorter ones, or make up
    ``doc.spans[spans_key]`` where that is given.
    """

    def __init__(
        self,
        nlp: Language,
        name: str,
        patterns: list[str],
        threshold: float,
        spans_key: str | None,
        align: str,
    ) -> None:
        self.align = _alignment(align)
        self.spans_key = spans_key
        self.screener = Screener(patterns=patterns, thresholds={"name": threshold})

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in one doc."""
        found = [
            (d.start, d.end, PERSON, d.pattern)
            for d in self.screener.details(doc.text)
            if d.category == "name"
        ]
        spans = _spans(doc, found, self.align)
        if self.spans_key is None:
            doc.ents = filter_spans([*spans, *doc.ents])
        else:
            doc.spans[self.spans_key] = spans
        return doc

    def score(self, examples: Iterable[Example], **options: Any) -> Mapping[str, Any]:
        """Precision, recall and F1 of the names, for ``nlp.evaluate``."""
        if self.spans_key is None:
            return Scorer.score_spans(examples, "ents", **options)
        return Scorer.score_spans(
            examples,
            f"spans_{self.spans_key}",
            getter=lambda doc, _: doc.spans.get(self.spans_key, []),
            **options,
        )


def names_pipeline(language: str = "zh") -> Language:
    """A pipeline of the name finder alone, which ``to_disk`` saves and ``spacy.load`` loads."""
    import spacy

    nlp = spacy.blank(language)
    nlp.add_pipe("injunction_screen_names")
    nlp.meta.update(name="injunction_screen_names", description="Names in Hong Kong posts")
    return nlp


# -- spans on tokens ---------------------------------------------------------------------------

Found = tuple[int, int, str, str]  # start, end, label, record


def _alignment(align: str) -> Align:
    for known in get_args(Align):
        if align == known:
            return known  # type: ignore[no-any-return]
    raise InputError(f"align is {' or '.join(get_args(Align))}, not '{align}'")


def _spans(doc: Doc, found: Sequence[Found], align: Align) -> list[Span]:
    """The spans of what was found, on tokens that are split where a span begins or ends."""
    if align == "split":
        _split(doc, {place for start, end, _, _ in found for place in (start, end)})
    spans = []
    for start, end, label, record in found:
        span = doc.char_span(start, end, label=label, span_id=record, alignment_mode="expand")
        if span is not None:  # blanks only
            spans.append(span)
    return spans


def _split(doc: Doc, places: set[int]) -> None:
    """Split every token with one of these places within it."""
    if not places:
        return
    ordered = sorted(places)
    at = 0
    with doc.retokenize() as retokenizer:
        for token in doc:
            start, end = token.idx, token.idx + len(token)
            while at < len(ordered) and ordered[at] <= start:
                at += 1
            cuts = []
            while at < len(ordered) and ordered[at] < end:
                cuts.append(ordered[at] - start)
                at += 1
            if cuts:
                edges = [0, *cuts, len(token)]
                parts = [token.text[a:b] for a, b in pairwise(edges)]
                # Every part hangs on the next, the last on itself: there is no tree to keep.
                heads: list[Any] = [(token, min(i + 1, len(parts) - 1)) for i in range(len(parts))]
                retokenizer.split(token, parts, heads=heads)

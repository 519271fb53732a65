"""The spaCy components: found by entry point, spans to the letter, wherever a doc travels."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy")

from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
from spacy.training import Example  # noqa: E402

from injunction_screen import InputError, Screening, screen  # noqa: E402

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))
POST = "沙展陳大文，電話 ９１２３ ４５６７，大家半夜輪流打爆佢電話\N{GRINNING FACE}"
ODD = ["", " \n ", "Tel6123-4567  \n", "a\N{ZERO WIDTH SPACE}b電話6123 4567"]


@pytest.fixture(scope="module")
def posts() -> list[str]:
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    return [POST, *ODD, *(row["text"] for row in rows[::10])]


@pytest.fixture(scope="module")
def pipeline() -> Callable[[str], Language]:
    made: dict[str, Language] = {}

    def get(language: str) -> Language:
        if language not in made:
            made[language] = spacy.blank(language)
            made[language].add_pipe("injunction_screen")
            made[language].add_pipe("injunction_screen_names")
        return made[language]

    return get


def same(doc: Doc, screening: Screening) -> None:
    assert doc._.screening == screening
    details = [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans["details"]]
    assert details == [(d.start, d.end, d.category, d.pattern) for d in screening.details]
    cues = [(s.start_char, s.end_char, s.label_) for s in doc.spans["cues"]]
    assert cues == [(c.start, c.end, c.kind) for c in screening.cues]
    names = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    assert names == [(d.start, d.end, "PERSON") for d in screening.details if d.category == "name"]


@pytest.mark.parametrize("language", ["zh", "en", "xx"])
def test_spans_are_those_of_screen(
    posts: list[str], pipeline: Callable[[str], Language], language: str
) -> None:
    for text in posts:
        doc = pipeline(language)(text)
        assert doc.text == text
        same(doc, screen(text))


def test_pipe_on_two_processes(posts: list[str], pipeline: Callable[[str], Language]) -> None:
    context = [(text, number) for number, text in enumerate(posts)]
    read = pipeline("en").pipe(context, as_tuples=True, n_process=2, batch_size=8)
    for (doc, number), text in zip(read, posts, strict=True):
        assert number == posts.index(text)
        same(doc, screen(text))


def test_docs_and_pipelines_travel(tmp_path: Path, pipeline: Callable[[str], Language]) -> None:
    nlp = pipeline("zh")
    doc = Doc(nlp.vocab).from_bytes(nlp(POST).to_bytes())
    same(doc, screen(POST))
    nlp.to_disk(tmp_path / "model")
    same(spacy.load(tmp_path / "model")(POST), screen(POST))
    component = pickle.loads(pickle.dumps(nlp.get_pipe("injunction_screen")))
    same(nlp.get_pipe("injunction_screen_names")(component(nlp.make_doc(POST))), screen(POST))


def test_options_of_the_screener_are_configuration(tmp_path: Path) -> None:
    nlp = spacy.blank("zh")
    options = {"orders": ["generic-doxxing"], "thresholds": {"phone": 1.0}, "second_reader": False}
    nlp.add_pipe("injunction_screen", config=options)
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    doc = again(POST)
    assert {limb.order for limb in doc._.screening.limbs} == {"generic-doxxing"}
    assert "phone" not in {span.label_ for span in doc.spans["details"]}


def test_tokens_can_be_left_alone() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("injunction_screen", config={"align": "expand"})
    doc = nlp("打電話61234567俾佢")
    assert [token.text for token in doc] == ["打電話61234567俾佢"]
    assert [span.text for span in doc.spans["details"]] == ["打電話61234567俾佢"]
    assert [detail.text for detail in doc._.screening.details] == ["61234567"]
    with pytest.raises(InputError, match="align is split or expand"):
        nlp.add_pipe("injunction_screen", name="x", config={"align": "contract"})


def test_an_unscreened_doc_has_no_screening() -> None:
    assert spacy.blank("en")("Hello")._.screening is None


# -- the name finder alone -------------------------------------------------------------------------


def test_names_are_a_pipeline_of_their_own(tmp_path: Path) -> None:
    from injunction_screen.integrations.spacy import names_pipeline

    names_pipeline("zh").to_disk(tmp_path / "names")
    nlp = spacy.load(tmp_path / "names")
    assert [(e.text, e.label_) for e in nlp("被告陳大文，29歲").ents] == [("陳大文", "PERSON")]
    gold = nlp.make_doc("被告陳大文，29歲")
    gold.ents = [gold.char_span(2, 5, label="PERSON")]
    scores = nlp.evaluate([Example(nlp.make_doc(gold.text), gold)])
    assert (scores["ents_p"], scores["ents_r"]) == (1.0, 1.0)


def test_names_beside_entities_of_others() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "ORG", "pattern": "Chan Tai Man Limited"},
            {"label": "GPE", "pattern": "Hong Kong"},
        ]
    )
    nlp.add_pipe("injunction_screen_names")
    doc = nlp("The defendant Wong Siu Ming of Hong Kong, not Chan Tai Man Limited")
    found = {(e.text, e.label_) for e in doc.ents}
    assert {("Hong Kong", "GPE"), ("Chan Tai Man Limited", "ORG")} < found
    assert ("Wong Siu Ming", "PERSON") in found


def test_names_as_a_span_group() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("injunction_screen_names", config={"spans_key": "names", "threshold": 0.6})
    doc = nlp("被告陳大文，29歲")
    assert not doc.ents
    assert [span.text for span in doc.spans["names"]] == ["陳大文"]
    gold = nlp.make_doc(doc.text)
    gold.spans["names"] = [gold.char_span(2, 5, label="PERSON")]
    assert nlp.evaluate([Example(nlp.make_doc(doc.text), gold)])["spans_names_f"] == 1.0

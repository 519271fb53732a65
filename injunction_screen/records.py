"""The records that pass from stage to stage, and the answer a caller gets.

All are frozen and slotted.  Offsets are code points into the text as it was given, end
exclusive, so ``text[start:end]`` is the span.  No ``repr`` shows personal data.

The words are those of the labelling guide: a *post* exposes *details*, carries *cues*, is about
*subjects*; *links* say which details and cues concern one person; *limbs* say which part of
which *order* that engages; the *outcome* is ``clear``, ``review`` or ``flag``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from injunction_screen.errors import InputError

if TYPE_CHECKING:
    from injunction_screen.offsets import Unit

__all__ = [
    "CATEGORIES",
    "CONTACT",
    "CUE_KINDS",
    "OFFICE",
    "OUTCOMES",
    "STRONG_KINDS",
    "Category",
    "Cue",
    "CueKind",
    "Detail",
    "Limb",
    "LimbName",
    "Link",
    "Outcome",
    "Post",
    "Purpose",
    "Screening",
    "Subject",
]

Outcome = Literal["clear", "review", "flag"]
Category = Literal[
    "name",
    "job_title",
    "identity_number",
    "address",
    "school",
    "phone",
    "email",
    "birthday",
    "social_account",
    "plate",
    "photo",
]
CueKind = Literal[
    "threat",
    "wish_of_harm",
    "intimidation",
    "incite_violence",
    "incite_harassment",
    "bounty",
    "call_to_identify",
    "spread",
    "abuse",
]
LimbName = Literal["disclosure", "intimidation", "incitement"]

OUTCOMES: tuple[Outcome, ...] = ("clear", "review", "flag")
CATEGORIES: tuple[Category, ...] = get_args(Category)
CUE_KINDS: tuple[CueKind, ...] = get_args(CueKind)
# Categories that say only who somebody is, and in what post.
OFFICE: frozenset[Category] = frozenset(("name", "job_title"))
# Categories that reach, place or identify a person.
CONTACT: frozenset[Category] = frozenset(
    (
        "address",
        "phone",
        "identity_number",
        "birthday",
        "school",
        "plate",
        "social_account",
        "email",
    )
)
STRONG_KINDS: frozenset[CueKind] = frozenset(CUE_KINDS) - {"spread", "abuse"}


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it came: only ``text`` is needed.

    ``parent`` is the id of the post that this one answers; threads are read through it.
    """

    text: str = field(repr=False)
    id: str | None = None
    author: str | None = field(default=None, repr=False)
    created_at: str | None = None
    url: str | None = field(default=None, repr=False)
    platform: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A personal detail that the post exposes.

    ``value`` is the normalised form (a phone in E.164, a plate without spaces); ``via`` names
    what had to be undone to read it (``fullwidth``, ``keycap``, ``invisible`` ...), "" for none.
    """

    category: Category
    start: int
    end: int
    text: str = field(repr=False)
    value: str = field(repr=False)
    score: float
    pattern: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """Threatening or inciting words. ``strong`` is false for ``spread`` and ``abuse`` only."""

    kind: CueKind
    start: int
    end: int
    text: str = field(repr=False)
    score: float
    pattern: str
    strong: bool
    via: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody the post is about.

    ``role`` says what the person is (``police_officer``, ``judge``, ``relative``, ``author``,
    ``person``, ``group`` ...); ``relation`` whose relative, as a role, for ``relative`` only.
    """

    role: str
    start: int
    end: int
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Details and cues that concern one person.

    The three tuples are positions in ``Screening.details``, ``.cues`` and ``.subjects``.
    """

    details: tuple[int, ...]
    cues: tuple[int, ...]
    subjects: tuple[int, ...]
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Purpose:
    """A benign purpose in sight (``advert``, ``news``, ``missing_person`` ...) and its words."""

    name: str
    start: int
    end: int
    pattern: str


@dataclass(frozen=True, slots=True)
class Limb:
    """One limb of one order that the post engages: elements present, never a breach.

    ``elements`` are the facts that it rests on, each ``detail:<i>``, ``cue:<i>``,
    ``subject:<i>`` or ``link:<i>``; ``outcome`` is what the order file asks for on them.
    """

    order: str
    limb: LimbName
    clause: str
    outcome: Outcome
    elements: tuple[str, ...]
    reason: str
    reason_zh: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer for one post.

    ``read`` is false where a post was clear at first sight and nobody asked for what is in it
    (``Screener.screen_many``): details, cues and the like are empty then because they were not
    looked for.
    """

    outcome: Outcome
    score: float
    details: tuple[Detail, ...] = ()
    cues: tuple[Cue, ...] = ()
    subjects: tuple[Subject, ...] = ()
    links: tuple[Link, ...] = ()
    limbs: tuple[Limb, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    incomplete: bool = False
    ruleset: str = ""
    id: str | None = None
    related: tuple[str, ...] = ()
    read: bool = True
    _text: str = field(default="", repr=False)

    @property
    def flagged(self) -> bool:
        """Whether the outcome is ``flag``."""
        return self.outcome == "flag"

    @property
    def categories(self) -> dict[str, bool]:
        """Every detail category and cue kind, and whether it is in the post.

        Named as in a moderation reply: ``personal_data/phone``, ``hostile/threat``.
        """
        return {name: score >= 0.5 for name, score in self.category_scores.items()}

    @property
    def category_scores(self) -> dict[str, float]:
        """The best score for every detail category and cue kind, 0.0 where there is none."""
        scores: dict[str, float] = {f"personal_data/{name}": 0.0 for name in CATEGORIES}
        scores.update({f"hostile/{name}": 0.0 for name in CUE_KINDS})
        for detail in self.details:
            key = f"personal_data/{detail.category}"
            scores[key] = max(scores[key], detail.score)
        for cue in self.cues:
            key = f"hostile/{cue.kind}"
            scores[key] = max(scores[key], cue.score)
        return scores

    def explain(self, language: str = "en") -> str:
        """Say in plain sentences why the outcome is what it is, in ``en`` or ``zh-HK``.

        The sentences name categories, kinds, patterns, offsets and orders, never the details.

        Raises:
            InputError: for another language.
        """
        from injunction_screen.explain import explain

        return explain(self, language)

    def redacted(self) -> str:
        """The text with every detail replaced by its category, as ``[phone]``.

        Raises:
            InputError: the details of this clear post were not looked for.
        """
        if not self.read:
            raise InputError(
                "the details of this clear post were not looked for: use screen(), or "
                "screen_many(..., every_detail=True)"
            )
        from injunction_screen.explain import redact

        return redact(self._text, self.details)

    def to_dict(self, *, text: bool = False, offsets: Unit = "code_point") -> dict[str, Any]:
        """Plain dicts and lists, ready for JSON, as ``screening.schema.json`` describes them.

        Without ``text=True`` there is no personal data in it: spans and scores only.  ``offsets``
        counts the spans in ``utf8`` bytes or ``utf16`` units for readers that do.

        Raises:
            InputError: for another unit.
        """
        from injunction_screen.screening_json import to_plain

        return to_plain(self, self._text, personal=text, unit=offsets)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, text: str = "") -> Screening:
        """The screening that ``to_dict`` wrote.

        ``text`` is the post's: with it, the details have their texts again and ``redacted``
        works.

        >>> from injunction_screen import screen
        >>> answer = screen("Tel: 6123 4567")
        >>> Screening.from_dict(answer.to_dict(text=True), text="Tel: 6123 4567") == answer
        True

        Raises:
            InputError: it is not of that form; the message says where.
        """
        from injunction_screen.screening_json import from_plain

        return from_plain(data, text)

"""Statements of reasons for the EU's transparency database (Digital Services Act, Article 17).

In: a screening and what the platform decided on it.  Out: a ``dict`` that the database takes,
checked by the database's own rules (``transparency_database.py``).

No statement holds personal data: the facts name categories, kinds and clauses, never words of the
post; the platform's identifier is a keyed hash; and words that the platform adds are refused when
they repeat a detail of the post or hold one that our finders see.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from injunction_screen.errors import InputError
from injunction_screen.records import CONTACT, CueKind, Screening
from injunction_screen.report.transparency_database import BATCH, TEXTS, faults

__all__ = ["BATCH", "Decision", "batches", "faults", "statement_of_reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a platform decided on one post, in the database's own words.

    At least one of ``visibility``, ``account``, ``monetary`` and ``provision`` is there.
    ``ground`` names the law, or the clause of the platform's terms where ``illegal`` is false.
    """

    content_date: str
    application_date: str
    ground: str
    illegal: bool = True
    explanation: str = ""
    visibility: Sequence[str] = ()
    account: str | None = None
    monetary: str | None = None
    provision: str | None = None
    source_type: str = "SOURCE_VOLUNTARY"
    source_identity: str | None = None
    automated_detection: bool = True
    automated_decision: str = "AUTOMATED_DECISION_NOT_AUTOMATED"
    content_language: str | None = None
    territorial_scope: Sequence[str] = ()
    reference_url: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def statement_of_reasons(
    screening: Screening, decision: Decision, *, key: bytes, post_id: str | None = None
) -> dict[str, Any]:
    """The statement for one post.

    ``key`` is the platform's own secret: with it ``puid`` says the same of the same post, and
    nobody else can tell which.  ``post_id`` is needed where the screening has no id.

    Raises:
        InputError: the screening gives no reasons, a field is not as the database wants it, or
            one would hold personal data.
    """
    name = post_id or screening.id
    if not screening.limbs:
        raise InputError("no limb is engaged: the screening gives no reasons for a decision")
    if not name or not key:
        raise InputError("a statement needs the post's id and a key to hash it with")
    puid = hmac.new(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    categories, keywords = _categories(screening)
    facts = _facts(screening)
    ground = "illegal_content" if decision.illegal else "incompatible_content"
    statement: dict[str, Any] = {
        "decision_visibility": list(decision.visibility),
        "decision_account": decision.account,
        "decision_monetary": decision.monetary,
        "decision_provision": decision.provision,
        "decision_ground": f"DECISION_GROUND_{ground.upper()}",
        "decision_ground_reference_url": decision.reference_url,
        f"{ground}_{'legal_' if decision.illegal else ''}ground": decision.ground,
        f"{ground}_explanation": decision.explanation or _reasons(screening),
        "category": categories[0],
        "category_addition": categories[1:],
        "category_specification": keywords,
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_language": decision.content_language,
        "content_date": decision.content_date,
        "application_date": decision.application_date,
        "territorial_scope": list(decision.territorial_scope),
        "decision_facts": facts,
        "source_type": decision.source_type,
        "source_identity": decision.source_identity,
        "automated_detection": "Yes" if decision.automated_detection else "No",
        "automated_decision": decision.automated_decision,
        "puid": puid,
    }
    statement.update(decision.more)
    statement = {k: v for k, v in statement.items() if v not in (None, [], "")}
    wrong = [*faults(statement), *_personal(statement, screening, decision, name)]
    if wrong:
        raise InputError(f"statement of reasons: {'; '.join(wrong)}")
    return statement


def batches(statements: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The bodies of the calls that bring the statements to the database, ``BATCH`` in each."""
    left = iter(statements)
    while group := list(islice(left, BATCH)):
        yield {"statements": group}


# -- what is said ------------------------------------------------------------------------------

_DATA = "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
_CYBER = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
_VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE"
_KEYWORDS: Mapping[CueKind, tuple[str, str]] = {
    "threat": (_VIOLENCE, "KEYWORD_CYBER_BULLYING_INTIMIDATION"),
    "wish_of_harm": (_CYBER, "KEYWORD_CYBER_BULLYING_INTIMIDATION"),
    "intimidation": (_CYBER, "KEYWORD_CYBER_BULLYING_INTIMIDATION"),
    "incite_violence": (_VIOLENCE, "KEYWORD_INCITEMENT_VIOLENCE_HATRED"),
    "incite_harassment": (_CYBER, "KEYWORD_CYBER_HARASSMENT"),
    "bounty": (_CYBER, "KEYWORD_COORDINATED_HARM"),
    "call_to_identify": (_CYBER, "KEYWORD_CYBER_STALKING"),
    "spread": (_CYBER, "KEYWORD_CYBER_HARASSMENT"),
    "abuse": (_CYBER, "KEYWORD_CYBER_HARASSMENT"),
}


def _categories(screening: Screening) -> tuple[list[str], list[str]]:
    """The database's categories and keywords.  It has none for doxxing by name."""
    categories: dict[str, None] = {}
    keywords: dict[str, None] = {}
    if screening.details:
        categories[_DATA] = None
        keywords["KEYWORD_MISSING_PROCESSING_GROUND"] = None
    for cue in screening.cues:
        category, keyword = _KEYWORDS[cue.kind]
        categories[category] = None
        keywords[keyword] = None
    return list(categories) or [_CYBER], list(keywords)


def _facts(screening: Screening) -> str:
    """What the post carries, in counts: never its words."""
    details = Counter(detail.category for detail in screening.details)
    cues = Counter(cue.kind for cue in screening.cues)
    lines = ["The text of the post was screened for personal details and hostile language."]
    if details:
        lines.append(f"Personal details in it: {_counted(details)}.")
    if cues:
        lines.append(f"Hostile language in it: {_counted(cues)}.")
    if any(link.details and link.cues for link in screening.links):
        lines.append("Details and hostile language concern the same person.")
    if screening.related:
        lines.append("It was read together with another post of its thread.")
    lines.append(f"Rules of the screening: {screening.ruleset}.")
    return " ".join(lines)


def _counted(found: Mapping[Any, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} ({n})" for name, n in found.items())


def _reasons(screening: Screening) -> str:
    lines = dict.fromkeys(
        f"{one.order}, {one.limb} ({one.clause}): {one.reason}." for one in screening.limbs
    )
    return _cut(" ".join(lines), 2000)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 4]} ..."


# -- whether it holds personal data ------------------------------------------------------------


def _personal(
    statement: Mapping[str, Any], screening: Screening, decision: Decision, post_id: str
) -> Iterator[str]:
    """What the words that the platform added give away; ours are counts and clauses only."""
    own = {_facts(screening), _reasons(screening)}
    added = {
        name: value
        for name, value in statement.items()
        if name in TEXTS and name != "puid" and isinstance(value, str) and value not in own
    }
    for name, value in added.items():
        if _repeats(value, screening) or (len(post_id) > 5 and post_id in value):
            yield f"{name} repeats a detail or the id of the post"
    if added:
        from injunction_screen.screener import Screener

        screener = Screener()
        for name, value in added.items():
            kinds = {d.category for d in screener.details(value)} & _TELLING
            if kinds:
                yield f"{name} holds personal data ({', '.join(sorted(kinds))})"


# The law and the platform are named with places and titles; a person is not needed there.
_TELLING = CONTACT - {"school", "address", "social_account"}


def _repeats(value: str, screening: Screening) -> bool:
    plain = _plain(value)
    for detail in screening.details:
        if detail.category == "name":
            name = re.escape(detail.text)
            edge = r"\b" if detail.text.isascii() else ""
            if re.search(f"{edge}{name}{edge}", value, re.I):
                return True
        elif detail.category in CONTACT:
            told = (_plain(detail.text), _plain(detail.value))
            if any(len(one) > 3 and one in plain for one in told):
                return True
    return False


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

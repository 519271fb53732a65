"""What the EU's transparency database takes as a statement of reasons, and what it refuses.

In: a statement.  Out: its faults.  The rules are those that the database's own code applies
(digital-services-act/transparency-database at 69e80a0, ``StatementStoreRequest.php`` and
``Statement.php``); of its categories and keywords only those are here that a post with personal
details and threats can fall under.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["BATCH", "TEXTS", "faults"]

BATCH = 100  # statements that the database takes in one call
_VALUES: Mapping[str, frozenset[str]] = {
    "decision_visibility": frozenset(
        f"DECISION_VISIBILITY_{name}"
        for name in (
            "CONTENT_REMOVED",
            "CONTENT_DISABLED",
            "CONTENT_DEMOTED",
            "CONTENT_AGE_RESTRICTED",
            "CONTENT_INTERACTION_RESTRICTED",
            "CONTENT_LABELLED",
            "OTHER",
        )
    ),
    "decision_account": frozenset({"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"}),
    "decision_monetary": frozenset(
        f"DECISION_MONETARY_{name}" for name in ("SUSPENSION", "TERMINATION", "OTHER")
    ),
    "decision_provision": frozenset(
        f"DECISION_PROVISION_{size}_{what}"
        for size in ("PARTIAL", "TOTAL")
        for what in ("SUSPENSION", "TERMINATION")
    ),
    "decision_ground": frozenset(
        {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"}
    ),
    "incompatible_content_illegal": frozenset({"Yes", "No"}),
    "account_type": frozenset({"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"}),
    "source_type": frozenset(
        {
            "SOURCE_ARTICLE_16",
            "SOURCE_TRUSTED_FLAGGER",
            "SOURCE_TYPE_OTHER_NOTIFICATION",
            "SOURCE_VOLUNTARY",
        }
    ),
    "automated_detection": frozenset({"Yes", "No"}),
    "automated_decision": frozenset(
        f"AUTOMATED_DECISION_{name}" for name in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")
    ),
    "content_type": frozenset(
        f"CONTENT_TYPE_{name}"
        for name in (
            "APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER",
        )
    ),
    "territorial_scope": frozenset(
        (
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
            "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE",
            "SI", "SK",
        )
    ),
    "category": frozenset(
        f"STATEMENT_CATEGORY_{name}"
        for name in (
            "CYBER_VIOLENCE",
            "CYBER_VIOLENCE_AGAINST_WOMEN",
            "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
            "ILLEGAL_OR_HARMFUL_SPEECH",
            "OTHER_VIOLATION_TC",
            "PROTECTION_OF_MINORS",
            "RISK_FOR_PUBLIC_SECURITY",
            "VIOLENCE",
        )
    ),
    "category_specification": frozenset(
        f"KEYWORD_{name}"
        for name in (
            "BULLYING_AGAINST_GIRLS",
            "COORDINATED_HARM",
            "CYBER_BULLYING_INTIMIDATION",
            "CYBER_HARASSMENT",
            "CYBER_HARASSMENT_AGAINST_WOMEN",
            "CYBER_INCITEMENT",
            "CYBER_STALKING",
            "CYBER_STALKING_AGAINST_WOMEN",
            "DEFAMATION",
            "HATE_SPEECH",
            "INCITEMENT_AGAINST_WOMEN",
            "INCITEMENT_VIOLENCE_HATRED",
            "MISSING_PROCESSING_GROUND",
            "RIGHT_TO_BE_FORGOTTEN",
            "STALKING",
            "OTHER",
        )
    ),
}  # fmt: skip
_LISTED = frozenset(
    {
        "decision_visibility",
        "content_type",
        "territorial_scope",
        "category_addition",
        "category_specification",
    }
)
# Fields of free text, and how long they may be.
TEXTS: Mapping[str, int] = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "decision_facts": 5000,
    "source_identity": 500,
    "puid": 500,
}
_DATES: Mapping[str, str] = {"content_date": "2000-01-01", "application_date": "2020-01-01"} | {
    f"end_date_{what}_restriction": "0001-01-01"
    for what in ("account", "monetary", "service", "visibility")
}
_LAST_DATE = "2038-01-01"
_NEEDED = (
    "decision_ground", "content_type", "category", "content_date", "application_date",
    "decision_facts", "source_type", "automated_detection", "automated_decision", "puid",
)  # fmt: skip
_ONE_OF = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")


def faults(statement: Mapping[str, Any]) -> list[str]:
    """What the database would refuse in a statement, a sentence each; none when it is right."""
    return [
        *_missing(statement),
        *(fault for name, value in statement.items() for fault in _field(name, value)),
    ]


def _missing(statement: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name} is not there" for name in _NEEDED if not statement.get(name))
    if not any(statement.get(name) for name in _ONE_OF):
        yield f"there must be one of {', '.join(_ONE_OF)}"
    ground = statement.get("decision_ground")
    if ground == "DECISION_GROUND_ILLEGAL_CONTENT":
        wanted = ["illegal_content_legal_ground", "illegal_content_explanation"]
    elif ground == "DECISION_GROUND_INCOMPATIBLE_CONTENT":
        wanted = ["incompatible_content_ground", "incompatible_content_explanation"]
    else:
        wanted = []
    for name in ("decision_visibility", "decision_monetary", "content_type"):
        chosen = statement.get(name) or ()
        if any(str(one).endswith("_OTHER") for one in _as_list(chosen)):
            wanted.append(f"{name}_other")
    yield from (f"{name} is not there" for name in wanted if not statement.get(name))
    if statement.get("source_type") == "SOURCE_VOLUNTARY" and statement.get("source_identity"):
        yield "source_identity has no place where the source is the platform itself"


def _field(name: str, value: Any) -> Iterator[str]:
    if name in _DATES:
        if not _is_date(value, _DATES[name]):
            yield f"{name} is no date YYYY-MM-DD from {_DATES[name]} to {_LAST_DATE}"
    elif name in _VALUES or name == "category_addition":
        allowed = _VALUES["category" if name == "category_addition" else name]
        if isinstance(value, (list, tuple)) != (name in _LISTED):
            yield f"{name} is {'no list' if name in _LISTED else 'a list'}"
        for one in _as_list(value):
            if one not in allowed:
                yield f"{name} is none of {', '.join(sorted(allowed))}"
    elif name == "content_language":
        if not (isinstance(value, str) and re.fullmatch("[A-Z]{2}", value)):
            yield "content_language is no language code such as ZH or EN"
    elif name not in TEXTS:
        yield f"there is no field {name}"
    elif not isinstance(value, str) or len(value) > TEXTS[name]:
        yield f"{name} is no text of at most {TEXTS[name]} characters"
    elif name == "puid" and not re.fullmatch(r"[a-zA-Z0-9\-_]+", value):
        yield "puid has other characters than letters, digits, - and _"
    elif name.endswith("_url") and not re.fullmatch(r"https?://[^\s/]+\.\S+", value):
        yield f"{name} is no web address"


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _is_date(value: Any, first: str) -> bool:
    try:
        same = datetime.date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False
    return bool(same and first <= value <= _LAST_DATE)

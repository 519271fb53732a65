"""The errors this package raises.

Text from users never raises: every ``str`` gets an answer.  What can be wrong is what an
operator supplies: a pattern file, an order file, a dump, an option.  Each message names the
file, the record and what to do about it, and never repeats the text of a post.
"""

from __future__ import annotations

__all__ = ["InjunctionScreenError", "InputError", "OrderError", "PatternFileError"]


class InjunctionScreenError(Exception):
    """The root of every error that this package raises on purpose."""


class InputError(InjunctionScreenError, ValueError):
    """An option or an input file cannot be used as it was given."""


class PatternFileError(InjunctionScreenError):
    """A pattern file cannot be used.

    >>> str(PatternFileError("cues/threat.toml", "threat.kill", "it has no examples"))
    'cues/threat.toml: threat.kill: it has no examples'
    """

    def __init__(self, file: str, record: str | None, reason: str) -> None:
        self.file = file
        self.record = record
        self.reason = reason
        super().__init__(": ".join(part for part in (file, record, reason) if part))


class OrderError(InjunctionScreenError):
    """An order cannot be used: it is not there, or its file is not right."""

"""A registry of protected people that holds keyed hashes only.

A platform that was served with a list of protected people (or of details that must never be
exposed) registers the values; what is kept, saved and compared are HMAC-SHA-256 digests under the
platform's own key, never the values.  Plain hashes of eight-digit numbers could be undone by
trying them all; without the key these cannot.

>>> registry = Registry.of(b"a key of at least 16 bytes", [("police_officer", "A123456(3)")])
>>> registry.role("a123456 3"), registry.role("A123456(4)")
('police_officer', None)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from injunction_screen.errors import InputError

__all__ = ["Registry"]

LEAST_KEY = 16  # bytes


@dataclass(frozen=True)
class Registry:
    """Roles of protected people by the keyed hash of a value that identifies them.

    ``key`` is the platform's secret and is not saved with the registry.
    """

    key: bytes = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < LEAST_KEY:
            raise InputError(f"a registry's key needs at least {LEAST_KEY} bytes")

    @classmethod
    def of(cls, key: bytes, rows: Iterable[tuple[str, str]]) -> Registry:
        """A registry of ``(role, value)`` rows; a value is a name, a number, an address ...

        Raises:
            InputError: the key is too short.
        """
        empty = cls(key, {})
        return cls(key, {empty.digest(value): role for role, value in rows})

    @classmethod
    def load(cls, key: bytes, path: str | Path) -> Registry:
        """Read a registry that ``save`` wrote.

        Raises:
            InputError: the file cannot be read or is no registry.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            digests = {str(digest): str(role) for digest, role in data["digests"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}: is no registry: {type(error).__name__}") from None
        return cls(key, digests)

    def save(self, path: str | Path) -> None:
        """Write the digests and roles, without the key."""
        text = json.dumps({"digests": dict(sorted(self.digests.items()))}, indent=1)
        Path(path).write_text(text, encoding="utf-8")

    def digest(self, value: str) -> str:
        """The keyed hash of a value, whatever its width, case, spaces and punctuation."""
        plain = "".join(c for c in unicodedata.normalize("NFKC", value).casefold() if c.isalnum())
        return hmac.new(self.key, plain.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def role(self, value: str) -> str | None:
        """The role under which a value is registered, ``None`` when it is not."""
        return self.digests.get(self.digest(value))

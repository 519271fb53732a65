"""Screen posts for doxxing under Hong Kong's court orders.

>>> from injunction_screen import screen
>>> screen("Nice weather today").outcome
'clear'
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from injunction_screen.errors import (
    InjunctionScreenError,
    InputError,
    OrderError,
    PatternFileError,
)
from injunction_screen.records import (
    Cue,
    Detail,
    Limb,
    Link,
    Post,
    Purpose,
    Screening,
    Subject,
)

if TYPE_CHECKING:
    from injunction_screen.screener import Screener

__all__ = [
    "Cue",
    "Detail",
    "InjunctionScreenError",
    "InputError",
    "Limb",
    "Link",
    "OrderError",
    "PatternFileError",
    "Post",
    "Purpose",
    "Screener",
    "Screening",
    "Subject",
    "screen",
]
__version__ = "0.1.0"


@cache
def _default() -> Screener:
    from injunction_screen.screener import Screener

    return Screener()


def screen(post: Post | str) -> Screening:
    """Screen one post with the default ``Screener``, which is built at the first call.

    Raises:
        InputError: when ``post`` is neither a ``Post`` nor a ``str``.
    """
    return _default().screen(post)


def __getattr__(name: str) -> Any:
    if name == "Screener":  # built on demand: importing the package stays cheap
        from injunction_screen.screener import Screener

        return Screener
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""No test may reach for the network: the library never does, and nor may what it calls."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

_tried: list[str] = []
_NETWORK = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    # A path is a socket of this machine's, which processes of one run talk through.
    if event in _NETWORK and not (event == "socket.connect" and isinstance(args[1], (str, bytes))):
        _tried.append(event)
        raise RuntimeError(f"a test reached for the network ({event})")


sys.addaudithook(_refuse)


@pytest.fixture(autouse=True)
def network() -> Iterator[list[str]]:
    """Fail the test that tried, also where what it called took the refusal as an answer."""
    _tried.clear()
    yield _tried
    assert not _tried

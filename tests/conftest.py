"""No test may reach for the network: the library never does, and nor may what it calls.

A test that is marked ``loopback`` may open connections within this machine.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_tried: list[str] = []
_NETWORK = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
_loopback = False  # whether the test that runs now is marked so


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event in _NETWORK and not _allowed(event, args):
        _tried.append(event)
        raise RuntimeError(f"a test reached for the network ({event})")


def _allowed(event: str, args: tuple[Any, ...]) -> bool:
    if event == "socket.connect":
        # A path is a socket of this machine's, which processes of one run talk through.
        address = args[1]
        return isinstance(address, (str, bytes)) or (_loopback and _is_here(address[0]))
    return _loopback and event == "socket.getaddrinfo" and _is_here(args[0])


def _is_here(host: object) -> bool:
    """Whether it is an address within this machine; a name is none, whatever it leads to."""
    try:
        return isinstance(host, str) and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of the test, those of its module too."""
    global _loopback
    _loopback = item.get_closest_marker("loopback") is not None


@pytest.fixture(autouse=True)
def network() -> Iterator[list[str]]:
    """Fail the test that tried, also where what it called took the refusal as an answer."""
    _tried.clear()
    yield _tried
    assert not _tried

"""The scripts that train the weights fit the library, though nothing here has what they need."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parent.parent / "training"
SCRIPTS = sorted(path.name for path in TRAINING.glob("*.py"))
OURS = "injunction_screen"


def _missing(tree: ast.AST) -> Iterator[str]:
    """What a script imports from the library, or asks of a module of it, that is not there."""
    modules = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] != OURS:
            continue
        home = importlib.import_module(str(node.module))
        for name in node.names:
            found = getattr(home, name.name, None)
            if found is None:
                try:
                    found = importlib.import_module(f"{node.module}.{name.name}")
                except ModuleNotFoundError:
                    yield f"{node.module}.{name.name}"
                    continue
            if type(found).__name__ == "module":
                modules[name.asname or name.name] = found
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module is not None and not hasattr(module, node.attr):
                yield f"{module.__name__}.{node.attr}"


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_asks_the_library_for_what_it_has(script: str) -> None:
    tree = ast.parse((TRAINING / script).read_text(encoding="utf-8"))
    assert not list(_missing(tree))


def test_what_is_missing_is_seen() -> None:
    tree = ast.parse("from injunction_screen import details, nothing\ndetails.ORDERED\n")
    assert list(_missing(tree)) == [f"{OURS}.nothing", f"{OURS}.details.ORDERED"]

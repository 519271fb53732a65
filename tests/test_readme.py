"""Every example in the README runs and prints what the README says.

A ``python`` block is run; the ``text`` block after it is its output.  In a ``console`` block the
lines after ``$`` are run and the others are their output.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def _blocks() -> list[tuple[str, str, int]]:
    text = README.read_text(encoding="utf-8")
    return [(m[1], m[2], text.count("\n", 0, m.start()) + 1) for m in FENCE.finditer(text)]


BLOCKS = _blocks()
SCRIPTS = [
    pytest.param(
        body,
        BLOCKS[i + 1][1] if i + 1 < len(BLOCKS) and BLOCKS[i + 1][0] == "text" else None,
        id=f"line-{line}",
    )
    for i, (language, body, line) in enumerate(BLOCKS)
    if language == "python"
]
CONSOLES = [
    pytest.param(command, output, id=f"line-{line}-{n}")
    for language, body, line in BLOCKS
    if language == "console"
    for n, (command, output) in enumerate(re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", body, re.M))
]


@pytest.mark.parametrize(("script", "output"), SCRIPTS)
def test_python_example(
    script: str, output: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, str(README), "exec"), {"__name__": "readme"})
    if output is not None:
        assert printed.getvalue().rstrip() == output.rstrip()


@pytest.mark.parametrize(("command", "output"), CONSOLES)
def test_console_example(command: str, output: str) -> None:
    # From the repository's root, with this environment's commands first.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,
        cwd=README.parent,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    assert done.stdout.rstrip() == output.rstrip()

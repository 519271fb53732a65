"""Every example in ``docs/`` runs, in the order of its page, and prints what the page says.

A ``python`` block is run, with what the blocks before it defined; the ``text`` block after it is
its output.  In a ``console`` block the lines after ``$`` are run and the others are their output.
A block whose fence names a file is written to it first.  A page that needs optional packages, or
programs, says so in its first line, and is skipped where one of them is missing.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent / "docs"
FENCE = re.compile(r"^```(\w*)[ ]?(\S*)\n(.*?)^```$", re.M | re.S)
NEEDS = re.compile(r"\A<!-- needs: (.+) -->\n")
LINK = re.compile(r"\]\(([^)#:]+)\)")
PAGES = sorted(DOCS.glob("*.md"))


def _printed(script: str, page: Path, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, str(page), "exec"), names)
    return out.getvalue()


def _console(block: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.M):
        done = subprocess.run(
            command,
            shell=True,
            env=os.environ | {"PATH": path, "PYTHONWARNINGS": "ignore"},  # of other packages
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        assert done.stdout.rstrip() == output.rstrip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text(encoding="utf-8")
    if needed := NEEDS.match(text):
        for needs in needed[1].split(", "):
            kind, _, name = needs.rpartition(" ")
            if kind != "program":
                pytest.importorskip(name)
            elif not shutil.which(name):
                pytest.skip(f"there is no program {name}")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": page.stem}
    printed = ""
    for language, file, body in FENCE.findall(text):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(body, encoding="utf-8")
        elif language == "python":
            printed = _printed(body, page, names)
        elif language == "console":
            _console(body)
        elif language == "text":
            assert printed.rstrip() == body.rstrip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_is_listed() -> None:
    listed = set(LINK.findall((DOCS / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in PAGES} - {"README.md"}

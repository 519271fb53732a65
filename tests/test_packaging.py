"""What an installation gets: pattern files, types, a quick import, and no network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

import injunction_screen

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent


def python(code: str, folder: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,  # which Python looks into first
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return out


def _wheel(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_a_wheel_holds_patterns_and_types_and_works(built: Path, tmp_path: Path) -> None:
    wheel = zipfile.ZipFile(_wheel(built))
    names = set(wheel.namelist())
    shipped = {
        f"injunction_screen/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "patterns").rglob("*")
        if path.suffix in (".toml", ".txt")
    }
    assert shipped <= names
    assert {"injunction_screen/py.typed", "injunction_screen/screening.schema.json"} <= names
    assert not [name for name in names if name.startswith(("tests", "training", "benchmarks"))]
    wheel.extractall(tmp_path)
    code = (
        "import injunction_screen as i; s = i.Screener();"
        "print(i.__file__, s.ruleset, s.screen('Tel: 6123 4567').details[0].category)"
    )
    where, ruleset, category = python(code, tmp_path, PYTHONPATH=str(tmp_path)).split()
    assert Path(where).is_relative_to(tmp_path)
    assert ruleset == injunction_screen.Screener().ruleset
    assert category == "phone"


def test_an_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    again = tmp_path / "again"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(again)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    one, two = zipfile.ZipFile(_wheel(built)), zipfile.ZipFile(_wheel(again))
    assert sorted(one.namelist()) == sorted(two.namelist())


HEAVY = (
    *("spacy", "presidio_analyzer", "thinc", "pyarrow", "click", "tqdm", "pydantic"),
    *("narwhals", "pandas", "polars", "argilla", "openai", "jsonschema", "pyspark"),
)


def test_import_and_first_screening_load_nothing_heavy() -> None:
    code = (
        "import sys, injunction_screen as i; a = set(sys.modules); i.screen('Tel: 6123 4567');"
        "print(*sys.modules); print(*a)"
    )
    after, imported = (set(line.split()) for line in python(code).splitlines())
    assert not after & set(HEAVY)
    assert not imported & {*HEAVY, "numpy", "regex", "phonenumbers", "ahocorasick_rs"}


def test_screening_opens_no_connection() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('a connection was opened')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from injunction_screen import screen\n"
        "screen('電郵 a.chan@example.com https://example.com/x 電話 6123 4567 死全家').explain()\n"
    )
    python(code)


def test_no_committed_file_names_a_registry() -> None:
    for name in ("requirements.lock", "pyproject.toml", "Makefile", ".pre-commit-config.yaml"):
        assert not re.search(r"index-url|find-links|https?://", (ROOT / name).read_text())


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w.-]+", one)[0].replace("_", "-").lower() for one in wanted}
    assert names <= pinned
    for block in re.split(r"\n(?=[a-z0-9.-]+==)", lock):
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("name", injunction_screen.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(injunction_screen, name).__doc__


def test_no_dependency_is_under_the_gpl() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    for name in set(re.findall(r"^([a-z0-9.-]+)==", lock, re.M)):
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue  # for another Python or system
        said = [about.get("License-Expression") or "", *(about.get_all("Classifier") or ())]
        assert not [line for line in said if "GPL" in line or "General Public" in line], name

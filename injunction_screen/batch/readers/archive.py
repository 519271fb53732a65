"""A ZIP archive as a source of dumps: which files it has, and each as a stream of bytes.

In: a path.  Out: ``Member`` records in the order of their names, numbers in these counted as
numbers, and the content of one, piece by piece.  Nothing is written to disk, and a name in an
archive is never a path here.  A member is told from its fellows by its number, since names of
files are names of people at times.

An archive that would unpack to far more than any export does is a bomb: so many bytes in all, and
no more, are read of one of its size.
"""

from __future__ import annotations

import errno
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from injunction_screen.batch.readers.opened import Pieces
from injunction_screen.batch.rows import BreaksOff, Member
from injunction_screen.errors import InputError

__all__ = ["ARCHIVE", "TITLE", "Archive", "archive", "is_archive"]

ARCHIVE = "zip"
TITLE = "a ZIP archive"
MAX_RATIO = 200  # times its size that text is packed; deflate packs zeros a thousand times
SMALL = 64 << 20  # bytes that may come of anything
_PIECE = 1 << 16
_LONG_NAME = 200
_ENCRYPTED = 1
_UTF8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack much from little at once
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, RuntimeError)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is a ZIP archive."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK"))


@contextmanager
def archive(path: Path) -> Iterator[Archive]:
    """An archive, open.

    Raises:
        InputError: it cannot be read, or what it holds cannot be found out.
    """
    try:
        with path.open("rb") as file:
            try:
                packed = zipfile.ZipFile(file)
            except (OSError, *_BROKEN):  # OSError: an offset that is none
                raise InputError(
                    f"{path}: is a ZIP archive that is cut off or broken: "
                    "the list of its files cannot be read; get it again"
                ) from None
            with packed:
                yield Archive(path, packed)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


class Archive:
    """The files in an open archive."""

    def __init__(self, path: Path, packed: zipfile.ZipFile) -> None:
        self.path = path
        self._packed = packed
        self._infos = packed.infolist()

    def members(self) -> list[Member]:
        """Every file, in the order of the names; folders are none."""
        named = [
            (_name(info), index, info)
            for index, info in enumerate(self._infos)
            if not info.is_dir()
        ]
        named.sort(key=lambda one: (_in_order(one[0]), one[1]))
        return [
            Member(number, _shown(name), index, info.file_size)
            for number, (name, index, info) in enumerate(named, 1)
        ]

    def label(self, member: Member) -> Path:
        """The path by which a member is called in messages."""
        return Path(f"{self.path}: {member.name}")

    @property
    def most(self) -> int:
        """How many bytes may come of the archive."""
        return max(SMALL, MAX_RATIO * self.path.stat().st_size)

    def refusal(self, member: Member) -> str:
        """Why a member is not to be opened, "" where it may be."""
        info = self._infos[member.place]
        if info.flag_bits & _ENCRYPTED:
            return "is encrypted; unpack the archive with its password"
        if info.compress_type not in _METHODS:
            return "is packed in a way that is not read here; unpack the archive"
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            times = info.file_size // max(1, info.compress_size)
            return f"would unpack to {times:,} times its size; it is taken for a bomb"
        return ""

    @contextmanager
    def opened(self, member: Member) -> Iterator[tuple[BufferedReader, Pieces]]:
        """The content of a member, and what tells how far the reading is.

        Reading raises ``BreaksOff`` where it is broken.
        """
        pieces = Pieces(self._content(member))
        yield BufferedReader(pieces, 4 * _PIECE), pieces

    def _content(self, member: Member) -> Iterator[bytes]:
        try:
            with self._packed.open(self._infos[member.place]) as content:
                while piece := content.read1(_PIECE):  # type: ignore[attr-defined]
                    yield piece
        except EOFError:
            raise BreaksOff("is cut off: the archive ends too early; get it again") from None
        except OSError as error:
            if error.errno != errno.EINVAL:  # which is a place that is none
                raise
            raise BreaksOff(_SPOILT) from None
        except _BROKEN:
            raise BreaksOff(_SPOILT) from None


_SPOILT = "cannot be read: the archive is broken there; get it again"


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file, also where the archive does not say in which code it is."""
    if info.flag_bits & _UTF8:
        return info.filename
    for code in ("utf-8", "big5hkscs"):
        try:
            return info.filename.encode("cp437").decode(code)
        except UnicodeError:
            continue
    return info.filename


def _shown(name: str) -> str:
    """A name that a terminal shows and does not obey."""
    long = len(name) > _LONG_NAME
    kept = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name[-_LONG_NAME:]
    )
    return f"...{kept}" if long else kept


def _in_order(name: str) -> list[tuple[int, str]]:
    """A key that puts ``part2`` before ``part10``."""
    pieces = re.split("([0-9]+)", name)
    pieces[1::2] = (digits.lstrip("0") for digits in pieces[1::2])
    return [(len(piece) if at % 2 else 0, piece) for at, piece in enumerate(pieces)]

"""A dump as a stream of bytes, unpacked where it is packed with zstd.

In: a path.  Out: the bytes, piece by piece: memory holds the window of the packer and one piece.
Reddit's dumps are packed with a window of 2 GiB, the largest there is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from injunction_screen.batch.rows import BreaksOff
from injunction_screen.errors import InputError

__all__ = ["MAX_RECORD", "Pieces", "needs", "opened", "text_lines"]

MAX_RECORD = 64 << 20  # bytes; a longer line is no post
ZSTD = b"\x28\xb5\x2f\xfd"
_WINDOW = 1 << 31
_SKIP = 1 << 16
_PIECE = 1024  # so few packed bytes can grow to 32 MB, not more


@contextmanager
def opened(path: Path) -> Iterator[tuple[io.BufferedReader, BinaryIO]]:
    """The content of a dump, and the file itself, which tells how far the reading is.

    Reading raises ``BreaksOff`` where the packing is broken.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(4)
            file.seek(0)
            if begin == ZSTD or _is_skipped(begin):
                yield io.BufferedReader(Pieces(_unpacked(path, file)), 1 << 18), file
            else:
                yield file, file
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def needs(path: Path, package: str) -> InputError:
    """The error for a package of the extra ``dumps`` that is not installed."""
    return InputError(
        f"{path}: reading this needs {package}: pip install 'injunction-screen[dumps]'"
    )


def text_lines(file: io.BufferedReader) -> Iterator[bytes | None]:
    r"""The lines of a file with their ends, None for one that is too long to be a post.

    Lines end at \n only: str.splitlines would cut posts at U+2028 and other separators.
    """
    while line := file.readline(MAX_RECORD):
        if len(line) < MAX_RECORD or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(_SKIP)
        yield None


class Pieces(io.RawIOBase):
    """An iterator of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self._read = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def tell(self) -> int:
        """How many bytes were read."""
        return self._read

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next; how many bytes that were, 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        self._read += size
        return size


def _is_skipped(begin: bytes) -> bool:
    """Whether a frame begins that holds no content: parallel packers write such."""
    return len(begin) >= 4 and 0x50 <= begin[0] <= 0x5F and begin[1:4] == b"\x2a\x4d\x18"


def _unpacked(path: Path, file: BinaryIO) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError:
        raise needs(path, "zstandard") from None
    fresh = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        while head := file.read(8):
            if _is_skipped(head):
                file.seek(int.from_bytes(head[4:8], "little"), io.SEEK_CUR)
                continue
            frame, packed = fresh.decompressobj(), head
            while not frame.eof:
                if not packed:
                    raise BreaksOff("is cut off: the .zst ends too early; get it again")
                yield frame.decompress(packed)
                if frame.eof:  # what is left belongs to the next frame
                    file.seek(-len(frame.unused_data), io.SEEK_CUR)
                else:
                    packed = file.read(_PIECE)
    except zstandard.ZstdError as error:
        if "not enough memory" in str(error):
            raise InputError(f"{path}: unpacking needs up to 2 GiB of free memory") from None
        raise BreaksOff(
            f"cannot be read: the .zst is broken near byte {file.tell():,}; get it again"
        ) from None

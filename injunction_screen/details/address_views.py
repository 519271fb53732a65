"""Read addresses that were spaced out, split or written with look-alike digits and signs.

In: a ``Reading``.  Out: a second one of the same post, in which such spellings are undone
(``藍-田-啟-澤-樓-1-4-2-6``, ``Fl@t 2l0l, T1n Shu1 Wai``), or ``None`` where there are none.  The
scan has found the disguised words already; here their numbers and the names around them are undone
too, for the grammar reads what stands between the words.

Linear: each step is one pass over the text, and is made only where a word or a run of single
digits shows a disguise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from injunction_screen.scan import Hit, Reading
from injunction_screen.text import Folded, joined, squeezed

__all__ = ["UNIT_SLOTS", "back", "forth", "plain_reading"]

UNIT_SLOTS = tuple(
    f"address_{kind}_word" for kind in ("number", "lot", "block", "phase", "floor", "flat")
)

_VIEWS = frozenset({"spaced", "split", "leet"})
# Three to six single digits, each set apart from the next: more of them is a telephone number.
_APART = r"(?:[-*./|_~+=\N{MIDDLE DOT} ]{1,2}|[^\w\s,:;()<>!?]{1,3})"
_DIGITS = re.compile(rf"[0-9](?<![0-9a-z][0-9])(?:{_APART}[0-9]){{2,5}}(?![0-9a-z]|{_APART}[0-9])")
_DASH = re.compile(rf"(?<=[\u3400-\u9fff]){_APART}$")  # between a name and its number
_MIXED = re.compile(
    r"(?<![\w@$!])(?=[a-z0-9@$!]{0,20}[a-z@$!])(?=[a-z@$!]{0,20}[0-9@$!])[a-z0-9@$!]{2,24}(?![\w@$])"
)
_CODE = re.compile(r"[a-z]{0,5}[0-9]+[a-z]?$")  # a flat or block: Rm12, 14A
_AS_LETTERS = str.maketrans("01345780@$!", "oieastboasi")
_AS_L = str.maketrans("01345780@$!", "oleastboasl")
_AS_DIGITS = str.maketrans("oli", "011")


def plain_reading(reading: Reading, names: Iterable[str], slots: Iterable[str]) -> Reading | None:
    """The post with disguised spellings undone, with the words of ``slots`` in their places.

    ``names`` are the slots of which a disguised word gives reason to.
    """
    known = [found for name in names if (found := reading.hits.get(name))]
    views = {hit.via for found in known for hit in found} & _VIEWS
    folded = reading.folded
    plain = _digits_together(folded)
    if not views and plain is folded:
        return None
    words = {slot: found for slot in slots if (found := reading.hits.get(slot))}
    if "spaced" in views:
        plain = squeezed(plain) or plain
    if "split" in views:
        plain = joined(plain, reading.book.split_chars) or plain
    spelt: list[tuple[str, Hit]] = []
    if views & {"leet", "spaced"}:
        plain, spelt = _letters_and_digits(reading, words, plain)
    size = len(plain.text)
    hits = {
        slot: [
            moved
            for hit in found
            # A blank at the edge of a word may be gone with what it stood in.
            if (moved := _moved(folded, plain, hit)).start < moved.end <= size
        ]
        for slot, found in words.items()
    }
    for slot, hit in spelt:
        hits.setdefault(slot, []).append(hit)
    hits = {slot: sorted(set(found)) for slot, found in hits.items()}
    return Reading(plain, hits, reading.book, cuts=reading.cuts)


def forth(folded: Folded, plain: Folded, start: int, end: int) -> tuple[int, int]:
    """A canonical span as a span of the plain text."""
    a, b = folded.span(start, end)
    return plain.canonical(a), plain.canonical(b)


def back(folded: Folded, plain: Folded, start: int, end: int) -> tuple[int, int]:
    """A span of the plain text as a canonical span."""
    a, b = plain.span(start, end)
    return folded.canonical(a), folded.canonical(b)


def _moved(folded: Folded, plain: Folded, hit: Hit) -> Hit:
    return Hit(*forth(folded, plain, hit.start, hit.end), hit.via)


def _digits_together(folded: Folded) -> Folded:
    """The text with single digits that were set apart put together: 1-4-2-6 as 1426."""
    low = folded.lower
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for run in _DIGITS.finditer(low):
        dash = _DASH.search(low, max(at, run.start() - 4), run.start())
        start = dash.start() if dash else run.start()
        pieces.append((folded.text[at:start], at, start))
        pieces.extend((low[i], i, i + 1) for i in range(*run.span()) if low[i].isdigit())
        at = run.end()
    if not pieces:
        return folded
    pieces.append((folded.text[at:], at, len(low)))
    return folded.view(pieces)


def _letters_and_digits(
    reading: Reading, words: dict[str, list[Hit]], plain: Folded
) -> tuple[Folded, list[tuple[str, Hit]]]:
    """The text with words in look-alikes read as letters, and numbers in letters as digits.

    With it the words of floors and flats that come to light (F1at, B1k), under their slots.
    """
    low = plain.lower
    known: set[int] = set()
    for hits in words.values():
        for hit in hits:
            if "leet" in hit.via:
                known.update(range(*forth(reading.folded, plain, hit.start, hit.end)))
    units = {
        word.lower(): slot
        for slot in UNIT_SLOTS
        for word in reading.book.words(slot)
        if word.isascii() and len(word) > 2
    }
    spelt: list[tuple[str, Hit]] = []
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for token in _MIXED.finditer(low):
        written, start, end = token.group(), *token.span()
        letters = written.translate(_AS_LETTERS)
        if start in known:
            read = letters
        elif (word := written.translate(_AS_L)) in units or (word := letters) in units:
            read = word
            spelt.append((units[word], Hit(start, end, "leet")))
        elif set(written) <= set("0123456789oli"):
            read = written.translate(_AS_DIGITS)
        elif _CODE.match(written):
            continue
        else:
            read = letters
        if read.isalpha() and plain.text[start].isupper():
            read = read.capitalize()
        pieces.append((plain.text[at:start], at, start))
        pieces.extend((char, start + i, start + i + 1) for i, char in enumerate(read))
        at = end
    if not pieces:
        return plain, []
    pieces.append((plain.text[at:], at, len(low)))
    return plain.view(pieces), spelt

"""Find details that were written so as to hide them: set apart, split, in leet, back to front.

In: a ``Reading`` and the way to find details in one.  Out: further ``Candidate`` records on the
canonical text, each with the view that showed it in ``via``.

Such a detail is found by reading a further *view* of the text, in which the disguise is undone,
with the very same finders; only what touches a place that the view changed is kept.  Views are
made where the text shows a sign of such a disguise, which ordinary posts do not: they cost them
one search for each sign.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from injunction_screen.details.cards import surnames
from injunction_screen.details.formats import Candidate
from injunction_screen.numerals import numerals
from injunction_screen.patternbook import PatternBook
from injunction_screen.scan import Hit, Reading
from injunction_screen.text import Folded, fold

__all__ = [
    "ROW",
    "View",
    "closed",
    "find_hidden",
    "mended",
    "numbered",
    "turned",
    "united",
    "unleeted",
]

# A reading and the categories that are looked for, none for all -> what is found.
Find = Callable[[Reading, Set[str]], Sequence[Candidate]]
DIGIT_WORDS = "digit_word"  # slots without which no number of a flat is written in words
UNITS = "flat_word_latin"
LONGEST = 80  # characters that are turned round, or looked back over, at most
MASKED = "masked_name"
MASKED_SCORE = 0.9
TURNED = "reversed"
BACKWARDS = "backwards"  # the slot of hints that something stands back to front
MOST_CHANGES = 4_000  # places of a view that are looked at; a post of more is an attack
WINDOW = 120  # characters on both sides of a change that are read again
KEPT = 4  # tables of as many rule sets stay in memory


class View(NamedTuple):
    """A further reading of a text.

    ``text`` with its map to the source; ``changed`` are the canonical offsets at which it differs
    from the canonical text, in order; ``categories`` limits what may be found by it, () for all.
    """

    text: Folded
    via: str
    changed: list[int]
    categories: frozenset[str] = frozenset()


def find_hidden(reading: Reading, find: Find) -> Iterator[Candidate]:
    """What ``find`` sees in the views of a reading, and not in the text as it stands."""
    if reading.again is None:
        return
    folded = reading.folded
    yield from _masked_names(reading)
    for view in _views(reading):
        again = reading.again(view.text)
        for candidate in find(again, view.categories):
            if view.categories and candidate.category not in view.categories:
                continue
            if candidate.via == view.via == TURNED:
                continue  # turned round twice
            first, last = view.text.span(candidate.start, candidate.end)
            if first > last:  # a view that runs backwards
                first, last = _around(view.text, candidate.start, candidate.end)
            start, end = folded.canonical(first), folded.canonical(last)
            at = bisect_left(view.changed, start)
            if at < len(view.changed) and view.changed[at] < end:
                via = "+".join(v for v in (candidate.via, view.via) if v)
                yield replace(candidate, start=start, end=end, via=via)


def _masked_names(reading: Reading) -> Iterator[Candidate]:
    """Romanised names with stars for letters: no model of names knows what is not there."""
    if "*" not in reading.folded.text:
        return
    families = surnames(reading.book)[1]
    for start, end in _spans(reading, MASKED):
        text = reading.folded.text[start:end]
        if any(word.lower() in families for word in re.split("[ -]", text)):
            yield Candidate("name", start, end, text, MASKED_SCORE, f"hidden.{MASKED}")


def _around(view: Folded, start: int, end: int) -> tuple[int, int]:
    spans = [view.span(i, i + 1) for i in range(start, end)]
    return min(a for a, _ in spans), max(b for _, b in spans)


def _views(reading: Reading) -> Iterator[View]:
    folded = reading.folded
    chinese, _ = surnames(reading.book)
    for view in (
        closed(folded, chinese),
        united(folded, reading.book),
        unleeted(folded),
        mended(reading),
        numbered(reading),
    ):
        if view is not None:
            yield _around_changes(folded, _as_far_as_read(reading, view))
    if reading.of(BACKWARDS) and (view := turned(reading)) is not None:
        yield view


def _as_far_as_read(reading: Reading, view: View) -> View:
    """The view with as many changes as are looked at; the reading notes when there are more."""
    if len(view.changed) <= MOST_CHANGES:
        return view
    reading.cut("hidden")
    return view._replace(changed=view.changed[:MOST_CHANGES])


def _around_changes(folded: Folded, view: View) -> View:
    """The view without what stands far from its changes, where it is long."""
    text = view.text
    if len(text.text) <= 4 * WINDOW:
        return view
    windows: list[list[int]] = []
    for at in view.changed:
        here = text.canonical(folded.span(at, at + 1)[0])
        if windows and here - WINDOW <= windows[-1][1]:
            windows[-1][1] = here + WINDOW
        else:
            windows.append([max(0, here - WINDOW), here + WINDOW])
    pieces: list[tuple[str, int, int]] = []
    for start, end in windows:
        end = min(end, len(text.text))
        pieces.append((text.text[start:end], start, end))
        pieces.append(("\n", end - 1, end))
    return view._replace(text=text.view(pieces))


# -- set apart ---------------------------------------------------------------------------------

_CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
_TOKEN = rf"(?:[a-z0-9](?![a-z0-9])|[{_CJK}]|[@()])"
# What may stand between: blanks, signs, emoji; not what ends or quotes a clause.
_SIGN = (
    r"(?:[^\w\s:;!?\"'<>()@&\#$%+\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}"
    r"\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}"
    r"\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}\N{REPLACEMENT CHARACTER}]|[ _\n])"
)
# Every row has a character with signs on both sides: a quick test.
_ALONE = re.compile(
    r"[^\w,:!?\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}][\w@()][^\w,:!?][\W_]{0,3}[\w@()]"
)
_REST = rf"{_SIGN}{{1,2}}[0-9]{{2,8}}(?![a-z0-9])"  # P*C*39421
ROW = re.compile(
    rf"(?<![a-z0-9@]){_TOKEN}(?:(?:{_SIGN}{{1,4}}{_TOKEN}){{2,200}}(?:{_REST})?|(?<=[a-z]){_SIGN}{{1,2}}{_TOKEN}{_REST})"
)
_ROW_SIGN = re.compile(
    rf"{_TOKEN}(?:{_SIGN}{{1,4}}{_TOKEN}){{3}}|[a-z]{_SIGN}{{1,2}}{_TOKEN}{_REST}|[{_CJK}](?:{_SIGN}{{1,3}}[{_CJK}]){{2}}"
)
_WORDS = re.compile(rf"[{_CJK}a-z0-9]")
_IS_PART = re.compile(rf"{_TOKEN}|[0-9]{{2,8}}")
_KEPT_SIGNS = ".,-_/\n"


def closed(folded: Folded, families: frozenset[str] = frozenset()) -> View | None:
    """The text with rows of single characters closed up, ``None`` without any.

    The gap that is usual in a row goes; a wider one becomes a blank; another sign stays.
    ``families`` are Chinese surnames.

    >>> closed(Folded("T R  4 4 1 7", "T R  4 4 1 7")).text.text
    'TR 4417'
    >>> closed(Folded("C-h-a-n T-a-i", "C-h-a-n T-a-i")).text.text
    'Chan Tai'
    """
    low = folded.lower
    if ("_" not in low and _ALONE.search(low) is None) or _ROW_SIGN.search(low) is None:
        return None
    pieces: list[tuple[str, int, int]] = []
    changed: list[int] = []
    at = 0
    for row in ROW.finditer(low):
        gaps = _gaps(low, *row.span())
        usual, count = Counter(_kind(low[a:b]) for a, b in gaps).most_common(1)[0]
        gaps = _without_ends(low, gaps, usual)
        if "," in usual or count * 5 < len(gaps) * 3 or count < len(gaps) < 4 or len(gaps) < 2:
            continue
        first, last = gaps[0][0] - 1, gaps[-1][1] + 1
        if len(gaps) < 3 and low[first] not in families and _runs_on(low, first, last):
            continue
        for a, b in gaps:
            pieces.append((folded.text[at:a], at, a))
            pieces.append((_what_stays(low[a:b], usual), a, b))
            changed.append(a)
            at = b
    if not changed:
        return None
    pieces.append((folded.text[at:], at, len(low)))
    return View(folded.view(pieces), "spaced", changed)


def _without_ends(low: str, gaps: list[tuple[int, int]], usual: str) -> list[tuple[int, int]]:
    """The gaps of a row without a comma or a line's end that only leads to what stands beside."""
    first, last = 0, len(gaps)
    while first < last and _is_break(low, gaps[first], usual):
        first += 1
    while last > first and _is_break(low, gaps[last - 1], usual):
        last -= 1
    return gaps[first:last]


def _is_break(low: str, gap: tuple[int, int], usual: str) -> bool:
    between = low[slice(*gap)]
    return _kind(between) != usual and ("," in between or "\n" in between)


def _runs_on(low: str, start: int, end: int) -> bool:
    """Whether both ends of a row run on into other words, as in "以後 正 嘅"."""
    return bool(
        start and end < len(low) and _WORDS.match(low[start - 1]) and _WORDS.match(low[end])
    )


def _gaps(low: str, start: int, end: int) -> list[tuple[int, int]]:
    tokens = [token.span() for token in _IS_PART.finditer(low, start, end)]
    return [(before[1], after[0]) for before, after in pairwise(tokens) if after[0] > before[1]]


def _kind(gap: str) -> str:
    """A gap by its sort: blanks as they are, signs of their own, all emoji alike."""
    sign = gap.strip(" ")
    if not sign:
        return gap
    plain = "".join(char for char in sign if char.isascii() or char == "\N{MIDDLE DOT}")
    return plain if plain in (sign, "") and plain else "symbol" + plain


def _what_stays(gap: str, usual: str) -> str:
    if _kind(gap) == usual:
        return ""
    left = "".join(sign for sign in gap if sign in _KEPT_SIGNS and sign not in usual)
    if left:
        return left + (" " if left.endswith(",") and gap.endswith(" ") else "")
    return " " if " " in gap else ""


# -- two halves for a character ----------------------------------------------------------------


def united(folded: Folded, book: PatternBook) -> View | None:
    """The text with characters put together that were written as two halves.

    >>> from injunction_screen.patternbook import default_book
    >>> united(Folded("言午志明", "言午志明"), default_book()).text.text
    '许志明'
    """
    if folded.text.isascii():
        return None
    rule, whole = _halves(book)
    pieces: list[tuple[str, int, int]] = []
    changed: list[int] = []
    at = 0
    for found in rule.finditer(folded.text):
        a, b = found.span()
        pieces.append((folded.text[at:a], at, a))
        pieces.append((whole[found.group()], a, b))
        changed.append(a)
        at = b
    if not changed:
        return None
    pieces.append((folded.text[at:], at, len(folded.text)))
    return View(folded.view(pieces), "split", changed)


_HALVES: OrderedDict[str, tuple[re.Pattern[str], dict[str, str]]] = OrderedDict()


def _halves(book: PatternBook) -> tuple[re.Pattern[str], dict[str, str]]:
    known = _HALVES.get(book.ruleset)
    if known is None:
        whole = {
            fold(parts, book.folder).text: fold(char, book.folder).text
            for name in ("fold/split_names", "fold/split_chars")
            for parts, char, *_ in book.lists.get(name, ())
        }
        longest = sorted(whole, key=len, reverse=True)
        rule = re.compile("|".join(map(re.escape, longest)) or r"(?!)")
        known = _HALVES[book.ruleset] = (rule, whole)
        while len(_HALVES) > KEPT:
            _HALVES.popitem(last=False)
    return known


# -- leet --------------------------------------------------------------------------------------

_LEET = str.maketrans("01345780@$!", "oieastboasi")
_IN_WORD = re.compile(r"[A-Za-z][0134@$!]{1,2}[a-z]")
_LEET_WORD = re.compile(
    r"(?<![\w@$])[A-Za-z](?=[a-z]{0,20}[0134578@$!])[a-z0134578@$!]{1,20}(?![\w@$])"
)
_LEET_CATEGORIES = frozenset({"name", "address", "school", "job_title"})


def unleeted(folded: Folded) -> View | None:
    """The text with digits inside words read as letters, their case kept; ``None`` without any.

    >>> unleeted(Folded("Ch4n T4i M4n, room 3A", "Ch4n T4i M4n, room 3A")).text.text
    'Chan Tai Man, room 3A'
    """
    text = folded.text
    if _IN_WORD.search(text) is None:
        return None
    chars = list(text)
    changed: list[int] = []
    for word in _LEET_WORD.finditer(text):
        start, end = word.span()
        letters = sum(char.isalpha() for char in word.group())
        if letters * 2 < end - start:
            continue
        for i in range(start + 1, end):
            if not chars[i].isalpha():
                chars[i] = chars[i].translate(_LEET)
                changed.append(i)
    if not changed:
        return None
    view = Folded(folded.source, "".join(chars), folded.starts, folded.ends)
    return View(view, "leet", changed, _LEET_CATEGORIES)


# -- broken over two lines ---------------------------------------------------------------------

_LAST_WORD = re.compile(r"[A-Za-z]+$")
_BROKEN_CATEGORIES = frozenset({"phone", "identity_number", "plate", "email", "address", "name"})


def mended(reading: Reading) -> View | None:
    """The text without line breaks inside numbers, names and addresses, ``None`` without any."""
    text = reading.folded.text
    if "\n" not in text:
        return None
    families = surnames(reading.book)[1]
    breaks = [(at, "") for at, _ in _spans(reading, "broken_code")]
    breaks += [(at, " ") for at, _ in _spans(reading, "broken_words")]
    breaks += [
        (at, " ")
        for at, _ in _spans(reading, "broken_name")
        if (word := _LAST_WORD.search(text, max(0, at - LONGEST), at))
        and word.group().lower() in families
    ]
    if not breaks:
        return None
    breaks = sorted(dict(breaks).items())
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for here, instead in breaks:
        pieces.append((text[at:here], at, here))
        pieces.append((instead, here, here + 1))
        at = here + 1
    pieces.append((text[at:], at, len(text)))
    view = reading.folded.view(pieces)
    return View(view, "lines", [here for here, _ in breaks], _BROKEN_CATEGORIES)


# -- numbers of houses in words ----------------------------------------------------------------

_NEAR_DIGIT = re.compile(r"[0-9][oils]|[oils][0-9]")
_SMALL_LETTERS = str.maketrans("oils", "0115")
_ADDRESS_ONLY = frozenset({"address"})


def numbered(reading: Reading) -> View | None:
    """The text with the numbers of flats, floors and houses in digits, ``None`` without any."""
    low = reading.folded.lower
    if not (reading.of(DIGIT_WORDS, UNITS) or _NEAR_DIGIT.search(low)):
        return None
    spans = [(*span, "numerals") for span in _spans(reading, "house_in_words")]
    spans += [(*span, "leet") for span in _spans(reading, "house_in_letters")]
    if not spans:
        return None
    text = reading.folded.text
    digit = numerals(reading.book).digit
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for a, b, via in sorted(spans):
        if a < at:
            continue
        pieces.append((text[at:a], at, a))
        pieces.append((_as_digits(low[a:b], digit, via), a, b))
        at = b
    pieces.append((text[at:], at, len(text)))
    told = "+".join(sorted({via for *_, via in spans}))
    view = reading.folded.view(pieces)
    return View(view, told, sorted(a for a, _, _ in spans), _ADDRESS_ONLY)


def _as_digits(number: str, digit: Mapping[str, str], via: str) -> str:
    if via == "leet":
        return number.translate(_SMALL_LETTERS)
    if number.isascii():
        return "".join(digit.get(word, "") for word in re.split("[ -]", number))
    return "".join(digit.get(char, "") for char in number)


def _spans(reading: Reading, label: str) -> Iterator[tuple[int, int]]:
    """Where the records of a label match: their ``value``, or the whole."""
    for pattern in reading.book.of("label", label):
        text = reading.folded.text if pattern.options.get("case") else reading.folded.lower
        group = "value" if "value" in pattern.regex.groupindex else 0
        for found in pattern.regex.finditer(text):
            yield found.span(group)


# -- back to front -----------------------------------------------------------------------------

_CLAUSE_MARKS = ":,;!?\n\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}"
_BESIDE = " \"'()[]\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}:,-"
_CODE = re.compile(r"[A-Za-z0-9 ()@._\-/,]")
_LABELS = ("hkid_label", "phone_label", "plate_word", "mail_label", "social_label")
_MIRROR = str.maketrans("()[]", ")(][")


def turned(reading: Reading) -> View | None:
    """The text with what stands beside a hint ("read it backwards") turned round.

    Before the hint and behind it: the characters of codes and Latin words as far as they go, or
    the clause where it is written in Chinese.
    """
    text = reading.folded.text
    spans: list[tuple[int, int]] = []
    labels = sorted(label.end for label in reading.of(*_LABELS))
    for first, last in _merged(reading.of(BACKWARDS)):
        start, end = _before(text, first)
        nearest = bisect_left(labels, end) - 1
        if nearest >= 0:
            start = max(start, labels[nearest])
        while start < end and text[start] == " ":
            start += 1
        spans.append((start, end))
        spans.append(_behind(text, last))
    pieces: list[tuple[str, int, int]] = []
    changed: list[int] = []
    at = 0
    for start, end in sorted(spans):
        if start < at or end - start < 3:
            continue
        at = max(at, start - WINDOW)
        pieces.append((text[at:start], at, start))
        for i in range(end - 1, start - 1, -1):
            pieces.append((text[i].translate(_MIRROR), i, i + 1))
        changed.extend(range(start, end))
        at = end
    if not changed:
        return None
    pieces.append((text[at : at + WINDOW], at, min(len(text), at + WINDOW)))
    return View(reading.folded.view(pieces), TURNED, changed)


def _merged(hints: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Hints that overlap or adjoin as one."""
    first = last = -9
    for hint in hints:
        if hint.start > last + 2:
            if last > 0:
                yield first, last
            first = hint.start
        last = max(last, hint.end)
    if last > 0:
        yield first, last


# Words that end in a capital are Latin names turned round: nothing before them is.
_TURNED_WORD = r"(?:[a-z]{1,14}[A-Z]|[0-9A-Z/]{1,6})"
_TURNED_NAME = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_TURNED_WORD}[ ,\-]{{1,2}}){{0,12}}[a-z]{{1,14}}[A-Z]$"
)


def _before(text: str, end: int) -> tuple[int, int]:
    while end and text[end - 1] in _BESIDE and text[end - 1] not in ")":
        end -= 1
    # A closing bracket is the code's own where an opening one stands before it.
    if not end:
        return 0, 0
    start, limit = end, max(0, end - LONGEST)
    if name := _TURNED_NAME.search(text[limit:end]):
        return limit + name.start(), end
    if _CODE.match(text[end - 1]):
        while start > limit and _CODE.match(text[start - 1]):
            start -= 1
        while start < end and text[start] == " ":
            start += 1
    else:
        while start > limit and text[start - 1] not in _CLAUSE_MARKS:
            start -= 1
    return start, end


def _behind(text: str, start: int) -> tuple[int, int]:
    size = len(text)
    while start < size and (text[start] in _BESIDE and text[start] != "("):
        start += 1
    if start >= size:
        return size, size
    end, limit = start, min(size, start + LONGEST)
    if _CODE.match(text[start]):
        while end < limit and _CODE.match(text[end]):
            end += 1
        while end > start and text[end - 1] == " ":
            end -= 1
    else:
        while end < limit and text[end] not in _CLAUSE_MARKS:
            end += 1
    return start, end

"""Windows of Latin-letter text that may be a person's name, each with its features.

In: canonical text and a ``Lexicon``.  Out: ``Window`` records for the linear model.  Every word
gets a letter: ``e`` English or other given name, ``b`` given name and surname, ``s`` romanised
surname, ``z`` surname and syllable, ``y`` syllable, ``d`` joined syllables, ``w`` foreign family
name, ``i`` initial, ``j`` two initials in one, ``p`` small word inside a name, ``c`` ordinary word,
``u`` unknown word.  A window is up to five words whose letters, capitals and neighbours can be
those of a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from string import ascii_lowercase, digits

from injunction_screen.details.name_chinese import Window, contact_behind
from injunction_screen.details.name_lexicon import LONGEST_PHRASE, Lexicon

__all__ = ["latin_windows"]

MOST = 5  # words in a name
MOST_TOKENS = 20_000  # words looked at in one post
MOST_ROWS = 20_000  # rows of words looked at
MOST_WINDOWS = 8_000
_TOKEN = re.compile(r"[A-Za-z]+(?:(?:[0134@$](?=[A-Za-z0134@$ ,.]|$)|'(?=[A-Z][a-z]))[A-Za-z]*)*")
_LEET = str.maketrans("0134@$", "oieaas")
_BETWEEN = frozenset([" ", "  ", "-", ",", ", ", ".", ". "])  # what parts the words of a name
_TYPED = frozenset("ebszdw")
BYNAME = "byname"  # class of words before a part of a name: fat Wing, Old Pang, ah Ming
PARTICLE = "particle"  # class of small words inside a name: Maria de Souza, Fatimah binti Yusof
DOTTED = "dotted"  # class of given names that are written short, with a point: Md. Anwar
MANY = "many"  # class of words before a name in the plural: the Leungs, two Kevins


# A word as read: start, end, small letters, letter of its class, case (``U`` capitals, ``C``
# capital first, ``l`` lower, ``m`` mixed), whether it is also an ordinary word, whether in leet.
_Word = tuple[int, int, str, str, str, bool, bool]


class _Words:
    """The Latin words of a text, field by field: ``lows[i]`` is word ``i`` in small letters.

    The classes and the cases of the words are strings, so that those of a window are a slice.
    """

    __slots__ = ("_known", "cases", "codes", "ends", "leet", "lows", "plus", "starts", "told")

    def __init__(self, text: str, words: Sequence[_Word], known: Lexicon) -> None:
        self.starts, self.ends, self.lows, codes, cases, self.plus, self.leet = zip(
            *words, strict=True
        )
        self.codes, self.cases = "".join(codes), "".join(cases)
        self._known = known
        # Whether the text has a Latin word that a title or a label ends with; most have none.
        self.told = not known.looks.told_words.isdisjoint(_LETTERS.findall(text.lower()))

    def codes_of(self, i: int, j: int) -> str:
        """The letters of a window; particles inside it are ``p``."""
        codes = self.codes[i:j]
        if j - i < 3:
            return codes
        contexts = self._known.contexts
        inner = (
            "p" if contexts.get(low) == PARTICLE else code
            for low, code in zip(self.lows[i + 1 : j - 1], codes[1:-1], strict=True)
        )
        return f"{codes[0]}{''.join(inner)}{codes[-1]}"


_LETTERS = re.compile("[a-z]+")


def latin_windows(
    text: str,
    known: Lexicon,
    settings: Sequence[tuple[int, str]],
    taken: Sequence[tuple[int, int]],
    cut: Callable[[str], None] | None = None,
) -> list[Window]:
    """Every Latin candidate of a text that touches nothing ``taken`` (links, e-mails, handles).

    ``settings`` are places of words that tell of pets, fiction or brands, in order.  ``cut`` is
    called with ``"names"`` where a limit leaves a part of the text unread.
    """
    read, begins = _read(text, known, taken)
    if cut and len(read) == MOST_TOKENS:
        cut("names")
    if not begins:
        return []
    words = _Words(text, read, known)
    rows = list(islice(_stretches(text, words, begins, known), MOST_ROWS))
    found = [row for row in rows if _possible(text, words, *row, known)]
    if cut and (len(rows) == MOST_ROWS or len(found) > MOST_WINDOWS):
        cut("names")
    if not found:
        return []
    places = _listed(words, known.phrases)
    never = _listed(words, known.not_phrases)
    small = {low for low, case in zip(words.lows, words.cases, strict=True) if case == "l"}
    out: list[Window] = []
    for i, j, glue in found[:MOST_WINDOWS]:
        if (i in never and j - 1 in never) or _is_other(text, words, i, j):
            continue
        start, end = words.starts[i], words.ends[j - 1]
        features = _features(text, words, i, j, glue, known, places, small)
        if settings:
            features += _scene(start, end, settings)
        if words.codes[j - 1] == "i" and j - i > 1 and text[end : end + 1] == ".":
            end += 1
        out.append(Window(start, end, "E" if j - i == 1 else "R", features))
    return out


def _stretches(
    text: str, words: _Words, begins: Sequence[int], known: Lexicon
) -> Iterator[tuple[int, int, str]]:
    """Rows of up to ``MOST`` words with nothing but a space, hyphen or comma between them.

    ``begins`` are the words that a row may begin with.
    """
    starts, ends, lows = words.starts, words.ends, words.lows
    codes, cases = words.codes, words.cases
    for i in begins:
        if cases[i] == "l":
            if _bynamed(words, i, known):
                yield i, i + 2, " "
                continue
            if codes[i] == "c" or _is_plain(text, words, i, known):
                continue
        glue = ""
        for j in range(i + 1, min(i + MOST, len(lows)) + 1):
            last = j - 1
            if j > i + 1:
                between = text[ends[last - 1] : starts[last]]
                if between not in _BETWEEN or (
                    between[0] == "."
                    and codes[last - 1] != "i"
                    and known.contexts.get(lows[last - 1]) != DOTTED
                ):
                    break
                glue += between[0]
                if between[0] == "," and glue.count(",") > 1:
                    break
            if cases[last] == "l":
                if known.contexts.get(lows[last]) == PARTICLE:
                    if j == i + 1:
                        break
                    continue
                if codes[last] == "c":
                    break
            yield i, j, glue


def _is_plain(text: str, words: _Words, i: int, known: Lexicon) -> bool:
    """Whether a word in small letters is the ordinary word that it can be, and no name.

    It is a name behind a title, or in a row of syllables.
    """
    start = words.starts[i]
    return (
        words.plus[i]
        and not (i and words.lows[i - 1] in known.before_latin)
        and not (start and _is_cjk(text[start - 1]))
        and all(words.plus[i + 1 : i + 3])
    )


def _bynamed(words: _Words, i: int, known: Lexicon) -> bool:
    """Whether a small word of a byname stands here and a part of a name behind it."""
    low = words.lows[i]
    if words.cases[i] != "l" or i + 1 >= len(words.lows) or known.contexts.get(low) != BYNAME:
        return False
    case = words.cases[i + 1]
    return (
        words.starts[i + 1] == words.ends[i] + 1
        and words.codes[i + 1] in "ebszyd"
        and (case == "C" or (case == "l" and low == "ah"))
    )


# -- words ------------------------------------------------------------------------------------


def _read(
    text: str, known: Lexicon, taken: Sequence[tuple[int, int]]
) -> tuple[list[_Word], list[int]]:
    """The words of a text, and the numbers of those that a name may begin with."""
    words: list[_Word] = []
    begins: list[int] = []
    plain, latin, english = known.plain, known.latin, known.english
    spans = iter(taken)
    span = next(spans, None)
    for found in islice(_TOKEN.finditer(text), MOST_TOKENS):
        start, end = found.span()
        left = text[start - 1] if start else ""
        # What goes on as a number or a handle is no word; no look-around in the rule says so,
        # since it would make the rule go over a long stretch again from each of its letters.
        if left in _INSIDE or text[end : end + 1] in _BEYOND:
            continue
        while span is not None and span[1] <= start:
            span = next(spans, None)
        if span is not None and span[0] < end:
            continue
        word = found.group()
        hyphened = left == "-"
        if not hyphened and (
            word in plain or (len(word) > 1 and word in english and word not in latin)
        ):
            if word not in plain and known.contexts.get(word) == BYNAME:
                begins.append(len(words))
            words.append((start, end, word, "c", "l", True, False))  # most words end here
        elif read := _read_one(start, word, words[-1] if words else None, known, hyphened):
            begins.append(len(words))
            words.append(read)
    return words, begins


def _read_one(
    start: int, word: str, before: _Word | None, known: Lexicon, hyphened: bool
) -> _Word | None:
    """A word that may be a part of a name, behind the word ``before``; none if in other leet."""
    latin, english = known.latin, known.english
    end = start + len(word)
    low = word.lower()
    leet = not word.isalpha() and not word.replace("'", "").isalpha()
    if leet:
        plain = low.translate(_LEET)
        if not set(latin.get(plain, "")) & set("sye") or len(plain) < 2:
            return None
        low = plain
    types = latin.get(low)
    # "the Leungs", "two Kevins": the name is Leung.
    if types is None and before and low[-1] == "s":
        kinds = latin.get(low[:-1], "")
        many = known.contexts.get(before[2]) == MANY
        if ("s" in kinds and before[2] == "the") or ("e" in kinds and many):
            low, end = low[:-1], end - 1
            word, types = word[:-1], kinds
    case = _case(word)
    # Tai-man: what follows the hyphen of a capitalised word counts as such.
    if case == "l" and hyphened and before and before[1] == start - 1:
        case = "C" if before[4] != "l" else "l"
    plus = "+" in types if types and ("+" in types or "=" in types) else low in english
    code = _code(low, types, known)
    if code == "u" and case == "U" and len(low) == 2:
        code = "j"
    return start, end, low, code, case, plus, leet


# A word does not begin behind the first, nor end before the second.
_INSIDE = frozenset(digits + "_@#'")
_BEYOND = frozenset(digits + "_")


def _code(low: str, types: str | None, known: Lexicon) -> str:
    if len(low) == 1:
        return "i"
    if types:
        if "e" in types:
            return "b" if "s" in types or "w" in types else "e"
        if "s" in types:
            return "z" if "y" in types else "s"
        if "w" in types:
            return "w"
        if "y" in types:
            return "y"
    if low in known.english:
        return "c"
    return "d" if 5 <= len(low) <= 14 and _is_joined(low, known.syllables) else "u"


def _is_joined(low: str, syllables: frozenset[str]) -> bool:
    return any(
        low[:cut] in syllables and (low[cut:] in syllables)
        for cut in range(2, min(len(low) - 1, 7))
    )


_INNER = re.compile("(?:Mc|Mac|De|Di|La|Le|Da|O|D)[A-Z][a-z]+$|[A-Z][a-z]+[A-Z][a-z]{2,}$")


def _case(word: str) -> str:
    if word.islower():
        return "l"
    if word[0].isupper() and word[1:].islower() and word.isalpha():
        return "C"
    letters = "".join(char for char in word if char.isalpha())
    if len(letters) == 1 and len(word) > 1:
        return "C" if letters.isupper() and word[0] == letters else "l"
    word = letters
    if word.isupper():
        return "U" if len(word) > 1 else "C"
    if word.islower():
        return "l"
    return "C" if word[0].isupper() and (word[1:].islower() or _INNER.match(word)) else "m"


def _listed(words: _Words, phrases: Mapping[str, frozenset[str]]) -> set[int]:
    """Numbers of the words that stand inside a listed phrase: a place, a street, a brand."""
    covered: set[int] = set()
    lows = words.lows
    if phrases.keys().isdisjoint(lows):
        return covered
    for i, low in enumerate(lows):
        same = phrases.get(low)
        if same is None:
            continue
        for j in range(min(i + LONGEST_PHRASE, len(lows)), i + 1, -1):
            phrase = " ".join(lows[i:j])
            if words.ends[j - 1] - words.starts[i] <= len(phrase) + (j - i) and phrase in same:
                covered.update(range(i, j))
                break
    return covered


def _is_other(text: str, words: _Words, i: int, j: int) -> bool:
    """Whether a row of words is a church of a saint, the code of a picture, or a wish of rest."""
    start, end = words.starts[i], words.ends[j - 1]
    if i and words.lows[i - 1] == "st" and start - words.ends[i - 1] <= 2:
        return text[end : end + 2] == "'s"
    if text[start - 1 : start] == "[" and text[end : end + 1] == "]":
        return j == i + 1
    return words.lows[i : i + 3] == ("r", "i", "p")


# -- candidates -------------------------------------------------------------------------------


def _possible(text: str, words: _Words, i: int, j: int, glue: str, known: Lexicon) -> bool:
    """Whether words ``i:j`` with ``glue`` between them can be a name."""
    size = j - i
    if size == 1:
        return _possible_alone(text, words, i, known)
    codes, cases = words.codes_of(i, j), words.cases[i:j]
    if codes in ("ii", "iii"):
        return bool(_POINTED.fullmatch(text, words.starts[i], words.ends[j - 1] + 1))
    lower = cases.count("l") - codes.count("p")
    if lower > 0:
        return _possible_small(text, words, i, j, codes, lower, known)
    if words.lows[i] in known.before_latin and codes[0] in "cuz+y":
        return words.lows[i] == "ah" and size == 2
    if "m" in cases:
        return False
    # HAPPY BIRTHDAY Jaye: ordinary words in capitals are no part of a name that is not.
    if "C" in cases and ("c", "U") in zip(words.codes[i:j], cases, strict=True):
        return False
    if codes[0] in "ij":
        return bool(_INITIALS.fullmatch(codes)) and _dotted(text, words, i)
    if _TYPED.isdisjoint(codes):
        return (words.lows[i] == "ah" and size == 2) or (
            codes in ("uu", "uuu", "ui", "upu") and "," not in glue
        )
    if "," in glue and not _COMMA.fullmatch(codes):
        return False
    return bool(_UPPER.fullmatch(codes))


def _possible_alone(text: str, words: _Words, i: int, known: Lexicon) -> bool:
    """The same for one word."""
    code, case = words.codes[i], words.cases[i]
    if code == "i" or case == "m":
        return False
    if case == "l":
        if code in "cu":
            return False
        if code in _TYPED and not words.plus[i]:
            return True
    elif code in _TYPED:
        return True
    elif code == "u" and case == "C" and len(words.lows[i]) > 2:
        return True  # an unknown word of capitals' shape may be a rare name
    return _supported(text, words, i, i + 1, known)


def _possible_small(
    text: str, words: _Words, i: int, j: int, codes: str, lower: int, known: Lexicon
) -> bool:
    """The same for words of which some are in small letters."""
    size = j - i
    if size == 2 and _bynamed(words, i, known):
        return True
    if lower < size:
        return False
    if _LOWER.fullmatch(codes):
        return not all(words.plus[i:j])
    if size > 2 or codes in ("ci", "cc"):
        return False
    return _supported(text, words, i, j, known)


_LOWER = re.compile(r"[szb][yzsbe]{2}|[eb][szbw]|[sz]d|ew|[eb][szb][yzsb]{2}")
_COMMA = re.compile(r"[szb][yzsbde]{1,3}[eb]|[szbw]{1,2}[eyzbd]{1,3}")
_UPPER = re.compile(r"[ebszydwuc](?:[ebszydwucp]{0,4}|i[ebszydwu]{1,2})(?:i{1,2}|j)?")
_POINTED = re.compile(r"[A-Z](?:\.[A-Z]){1,2}\.")
_INITIALS = re.compile(r"(?:i{1,3}|j)[ebszydwu]{1,3}")


def _dotted(text: str, words: _Words, i: int) -> bool:
    """Whether initials look like some: "I" and "A" are words where no point follows."""
    end = words.ends[i]
    return words.codes[i] == "j" or text[end : end + 1] == "." or words.lows[i] not in "ai"


def _supported(text: str, words: _Words, i: int, j: int, known: Lexicon) -> bool:
    """Whether a title, a label, a quotation mark or a word of kin stands next to the window."""
    start, end = words.starts[i], words.ends[j - 1]
    return bool(
        _before(text, start, words, known)
        or _label(text, start, words, known)
        or _after(text, end, known)
        or text[start - 1 : start] in ("\N{LEFT CORNER BRACKET}", "\u963f")
    )


def _before(text: str, at: int, words: _Words, known: Lexicon) -> tuple[str, str] | None:
    """The title before a place: Latin words, or Chinese ones directly before."""
    back = text[max(0, at - 24) : at]
    if (
        words.told
        and _last_word(back.rstrip().lower()) in known.looks.title_words
        and (found := _LAST_WORDS.search(back.lower()))
    ):
        two, one = found.group().strip(), found.group(1)
        for word in (two, one):
            if kind := known.before_latin.get(word):
                return word, kind
    bare = back.rstrip(" :,")
    if bare[-1:] in known.looks.title_ends:
        bare = bare.lower()
        for size in (6, 5, 4, 3, 2):
            if size <= len(bare) and (kind := known.before.get(bare[-size:])):
                return bare[-size:], kind
    return None


def _last_word(text: str) -> str:
    """The small letters that a text ends with, and a point behind them."""
    return text[len(text.removesuffix(".").rstrip(ascii_lowercase)) :]


_LAST_WORDS = re.compile(r"(?:(?<![a-z])[a-z.]{1,12} )?(?<![a-z])([a-z]{1,14}\.?) ?$")


def _label(text: str, at: int, words: _Words, known: Lexicon) -> tuple[str, str] | None:
    back = text[max(0, at - 24) : at].rstrip(
        " :\"'(\N{LEFT CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}=-"
    )
    if back[-1:] in known.looks.label_ends:
        for size in (4, 3, 2, 1):
            word = back[-size:].lower()
            if size <= len(back) and (kind := known.labels.get(word)):
                return word, kind
    if words.told:
        parts = back.lower().rsplit(" ", 2)
        for word in (" ".join(parts[-2:]), parts[-1]):
            if kind := known.labels_latin.get(word):
                return word, kind
    return None


def _after(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    at += text[at : at + 1] == " "
    for size in known.looks.titles.get(text[at : at + 2].lower(), (1,)):
        word = text[at : at + size]
        if size < 5 and (kind := known.after.get(word)):
            return word, kind
    found = _NEXT_WORD.match(text, at)
    if found and (kind := known.after_latin.get(found.group().lower())):
        return found.group().lower(), kind
    return None


_NEXT_WORD = re.compile(r"[A-Za-z]{2,12}")


# -- features ---------------------------------------------------------------------------------


def _features(
    text: str,
    words: _Words,
    i: int,
    j: int,
    glue: str,
    known: Lexicon,
    places: set[int],
    small: set[str],
) -> list[str]:
    start, end, size = words.starts[i], words.ends[j - 1], j - i
    codes, cases = words.codes_of(i, j), words.cases[i:j]
    shape = cases[0]
    if cases.count(shape) < size:
        shape = "UC" if shape == "U" else "CU"
    key = "E" if size == 1 else "R"
    near = f"{key}{codes if len(codes) < 3 else 'n'}"
    back = _opening(text, start)
    out = [
        f"k{codes}",
        f"k{codes}{shape}",
        f"{key}{shape}",
        f"k{codes[0]}-{size}",
        f"k-{codes[-1]}{size}",
    ]
    if size > 1:
        out.append(f"k{codes}{glue.replace(' ', '_')}")
    plus = sum(words.plus[i:j])
    out += (f"{key}+{plus}/{size}{shape}", f"{key}+{plus}/{size}{back}")
    out += _spelling(words, i, j, key, shape, back, known, small)
    out += _sides(text, start, end, key, near, shape)
    title = _before(text, start, words, known)
    label = _label(text, start, words, known)
    told = title is not None or label is not None
    out += _neighbours(text, words, i, j, key, near, known, titled=told)
    if title:
        out += (f"{near}T{title[1]}", f"{key}T{title[1]}", f"{key}T{title[0]}")
    if label:
        out += (f"{near}n{label[1]}", f"{key}n{label[1]}", f"{key}n{label[0]}")
    if behind := _after(text, end, known):
        out += (f"{near}t{behind[1]}", f"{key}t{behind[1]}", f"{key}t{behind[0]}")
    inside = len(places.intersection(range(i, j))) if places else 0
    if inside:
        out.append(f"{key}place{'=' if inside == size else '~'}")
    if text[end : end + 1] in _AGE_HEADS and _AGE.match(text, end):
        out += (f"{near}age", f"{key}age")
    if contact := contact_behind(text, end):
        out += (f"{near}@{contact}", f"{key}@{contact}", f"{key}@{contact}{back}")
    if codes in ("ii", "iii"):
        out.append(f"Ri{''.join(words.lows[i:j])}")
    elif size > 1 and shape == "C" and cases[0] == "l":
        out.append(f"Rby{words.lows[i]}")
    if back == "line":
        out.append(f"{near}line")
        if end == len(text) or text[end] == "\n":
            out.append(f"{near}whole")
    elif back == "sent" and not title:
        out.append(f"{near}sent")
    return out


def _spelling(
    words: _Words,
    i: int,
    j: int,
    key: str,
    shape: str,
    back: str,
    known: Lexicon,
    small: set[str],
) -> list[str]:
    """How common the words are that are words too, and what unknown ones look like."""
    out = []
    leet = sum(words.leet[i:j])
    if leet:
        out.append(f"{key}leet{leet}/{j - i}")
    for k in range(i, j):
        low, code, case = words.lows[k], words.codes[k], words.cases[k]
        if words.plus[k] and not (case == "U" and shape == "UC"):  # TO Man Chun
            cost = min(known.english.get(low, 14), 14)
            out += (f"{key}w{low}", f"{key}x{cost}{code}", f"{key}X{cost}{back}")
            if low in small and case != "l":
                out.append(f"{key}low")  # the same word stands in small letters too
        elif code in "ud":
            out += (f"g{low[-2:]}$", f"g{low[-3:]}$", f"g{low[-4:]}$")
            out += (f"g^{low[:2]}", f"g^{low[:3]}", f"{key}long{min(len(low), 12)}")
    return out


_AGE_HEADS = frozenset(", (a123456789")
_AGE = re.compile(r",? ?\(?(?:aged? )?[1-9][0-9]?(?:[,)]|[ -]?(?:yo|years?)\b)|,? aged ")


def _opening(text: str, start: int) -> str:
    """Whether a line or a sentence opens here, or a part of one."""
    back = text[max(0, start - 3) : start].rstrip(" \"'(*-\N{LEFT DOUBLE QUOTATION MARK}")
    if not back or back[-1] == "\n":
        return "line"
    if back[-1] in ".!?:":
        return "sent"
    return "part" if back[-1] in ",;/&" else ""


def _sides(text: str, start: int, end: int, key: str, near: str, shape: str) -> list[str]:
    """The characters on either side of a window."""
    left, right = text[start - 1 : start], text[end : end + 1]
    before, behind = f"l{_side(left)}", f"r{_side(right)}"
    out = [
        f"{near}{shape}{before}{behind}",
        f"{near}{before}",
        f"{near}{behind}",
        f"{key}{shape}{before}",
        f"{key}{shape}{behind}",
    ]
    if _is_cjk(left) or (left == " " and _is_cjk(text[start - 2 : start - 1])):
        two = text[max(0, start - 3) : start].strip()
        out += (f"{key}L{two[-1:]}", f"{key}L{two[-2:]}")
    if _is_cjk(right) or (right == " " and _is_cjk(text[end + 1 : end + 2])):
        two = text[end : end + 3].strip()
        out += (f"{key}R{two[:1]}", f"{key}R{two[:2]}")
    if left == "(" and _is_cjk(text[max(0, start - 3) : start - 1].strip()[-1:] or " "):
        out += (f"{key}z(", f"{near}z(")
    if right == "'" and text[end + 1 : end + 2] in ("s", "S"):
        after = text[end + 3 : end + 4]
        kind = "C" if after.isupper() else "l" if after.islower() else "."
        out += (f"{key}'s", f"{near}'s{kind}")
    return out


def _neighbours(
    text: str,
    words: _Words,
    i: int,
    j: int,
    key: str,
    near: str,
    known: Lexicon,
    *,
    titled: bool,
) -> list[str]:
    """The words on either side of a window, when next to nothing stands between."""
    starts, ends, lows = words.starts, words.ends, words.lows
    start, end = starts[i], ends[j - 1]
    out: list[str] = []
    row = 0  # capitalised words right before and behind
    if i and 0 < start - ends[i - 1] <= 2:
        low, code, case = lows[i - 1], words.codes[i - 1], words.cases[i - 1]
        gap = _sign(text[ends[i - 1] : start])
        if gap == "." and (titled or low in known.before_latin):
            gap = ""  # the point of "Mrs."
        ahead = known.contexts.get(low, code + case) + gap
        out += (f"{key}p{low}{gap}", f"{near}p{code}{case}{gap}")
        if i > 1 and 0 < starts[i - 1] - ends[i - 2] <= 1:
            out.append(f"{key}pp{lows[i - 2]} {low}")
        if not gap and case != "l" and not titled:
            # The capital of a common word that opens its sentence tells nothing.
            opens = code == "c" and _opening(text, starts[i - 1]) in ("line", "sent")
            row += 5 if opens else 10
    else:
        out.append(f"{near}p^")
        ahead = f"^{_side(text[max(0, start - 2) : start].rstrip()[-1:])}"
    if j < len(lows) and 0 < starts[j] - end <= 2:
        low, code, case = lows[j], words.codes[j], words.cases[j]
        gap = _sign(text[end : starts[j]])
        after = gap + known.contexts.get(low, code + case)
        out += (f"{key}q{low}{gap}", f"{near}q{code}{case}{gap}")
        if not gap and case == "l":
            out.append(f"{near}q~{low[-2:]}")
        if j + 1 < len(lows) and 0 < starts[j + 1] - ends[j] <= 1:
            out.append(f"{key}qq{low} {lows[j + 1]}")
        if case != "l":
            row += not gap
            if low in known.tails:
                out.append(f"{key}a{gap}")
            elif not gap and j + 1 < len(lows) and lows[j + 1] in known.tails:
                out.append(f"{key}aa{words.cases[j + 1]}")
    else:
        out.append(f"{near}q^")
        after = f"${_side(text[end : end + 2].lstrip()[:1])}"
    out += (f"{near}c{ahead}", f"{near}C{after}", f"{near}c{ahead}{after}", f"{key}row{row}")
    return out


def _is_cjk(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _side(char: str) -> str:
    if not char:
        return "^"
    if _is_cjk(char):
        return "z"
    if char.isalnum():
        return "9"
    return char if char in _SIGNS else "*"


def _sign(between: str) -> str:
    """What stands between two words but blanks; every sign that is no common one is the same."""
    gap = between.strip()
    return gap if len(gap) < 2 and (not gap or gap in _SIGNS) else "*"


_SIGNS = frozenset(
    " \t\n!\"#$%&'()+,-./:;<=>?@[\\]^_{|}~\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}"
    "\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}\N{LEFT DOUBLE QUOTATION MARK}"
    "\N{RIGHT DOUBLE QUOTATION MARK}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL ELLIPSIS}"
)


def _scene(start: int, end: int, settings: Sequence[tuple[int, str]]) -> list[str]:
    """What sorts of setting stand near, and further off; ``settings`` are in order."""
    first = bisect_left(settings, (start - 200, ""))
    settings = settings[first : bisect_right(settings, (end + 200, "~"))]
    if not settings:
        return []
    near = {kind for at, kind in settings if start - 30 <= at <= end + 20}
    far = sorted({kind for _, kind in settings})
    return [f"Lscene{kind}" for kind in sorted(near)] + [f"Lfar{kind}" for kind in far]

"""Windows of Latin-letter text that may be a person's name, each with its features.

In: canonical text and a ``Lexicon``.  Out: ``Window`` records for the linear model.  Every word
gets a letter: ``e`` English or other given name, ``b`` given name and surname, ``s`` romanised
surname, ``z`` surname and syllable, ``y`` syllable, ``d`` joined syllables, ``w`` foreign family
name, ``i`` initial, ``c`` ordinary word, ``u`` unknown word.  A window is up to five words whose
letters, capitals and neighbours can be those of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from injunction_screen.details.name_chinese import Window
from injunction_screen.details.name_lexicon import LONGEST_PHRASE, Lexicon

__all__ = ["latin_windows"]

MOST = 5  # words in a name
MOST_TOKENS = 20_000  # words looked at in one post
MOST_WINDOWS = 3_000
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_@#'])"
    r"[A-Za-z](?:[A-Za-z]|[0134@$](?=[A-Za-z0134@$ ,.]|$)|'(?=[A-Z][a-z]))*(?![0-9_])"
)
_LEET = str.maketrans("0134@$", "oieaas")
_BETWEEN = re.compile(r" {1,2}|-|, ?|\. ?")
_TYPED = frozenset("ebszdw")


class _Token(NamedTuple):
    start: int
    end: int
    low: str
    code: str
    case: str  # U capitals, C capital first, l lower, m mixed
    plus: bool  # also an ordinary word
    leet: bool


def latin_windows(
    text: str, known: Lexicon, settings: list[tuple[int, str]], taken: Sequence[tuple[int, int]]
) -> list[Window]:
    """Every Latin candidate of a text that touches nothing ``taken`` (links, e-mails, handles)."""
    tokens = _tokens(text, known, taken)
    out: list[Window] = []
    places = _listed(tokens, known.phrases) if tokens else set()
    never = _listed(tokens, known.not_phrases) if tokens else set()
    seen: dict[str, int] = {}
    for token in tokens:
        seen[token.low] = seen.get(token.low, 0) + 1
    for i, j, glue in _stretches(text, tokens):
        if len(out) > MOST_WINDOWS:
            break
        window = tokens[i:j]
        if (i in never and j - 1 in never) or not _possible(text, window, glue, known):
            continue
        features = _features(text, tokens, i, j, glue, known, places, seen)
        features += _scene(window[0].start, window[-1].end, settings)
        end = window[-1].end
        if window[-1].code == "i" and text[end : end + 1] == "." and j - i > 1:
            end += 1
        out.append(Window(window[0].start, end, "E" if j - i == 1 else "R", features))
    return out


def _stretches(text: str, tokens: Sequence[_Token]) -> Iterator[tuple[int, int, str]]:
    """Rows of up to ``MOST`` words with nothing but a space, hyphen or comma between them."""
    for i, token in enumerate(tokens):
        if token.code == "c" and not (token.plus and token.case != "l"):
            continue
        glue = ""
        for j in range(i + 1, min(i + MOST, len(tokens)) + 1):
            last = tokens[j - 1]
            if j > i + 1:
                between = text[tokens[j - 2].end : last.start]
                if not _BETWEEN.fullmatch(between) or (
                    "." in between and tokens[j - 2].code != "i"
                ):
                    break
                glue += "," if "," in between else between[0]
                if glue.count(",") > 1:
                    break
            if last.code == "c" and last.case == "l":
                break
            yield i, j, glue


# -- words ------------------------------------------------------------------------------------


def _tokens(text: str, known: Lexicon, taken: Sequence[tuple[int, int]]) -> list[_Token]:
    tokens: list[_Token] = []
    spans = iter(taken)
    span = next(spans, None)
    for found in islice(_TOKEN.finditer(text), MOST_TOKENS):
        start, end = found.span()
        while span is not None and span[1] <= start:
            span = next(spans, None)
        if span is not None and span[0] < end:
            continue
        word = found.group()
        low = word.lower()
        leet = not word.replace("'", "").isalpha()
        if leet:
            plain = low.translate(_LEET)
            if not set(known.latin.get(plain, "")) & set("sye") or len(plain) < 2:
                continue
            low = plain
        types = known.latin.get(low)
        # "the Leungs": the name is Leung.
        if (
            types is None
            and low[-1] == "s"
            and "s" in known.latin.get(low[:-1], "")
            and tokens
            and tokens[-1].low == "the"
        ):
            low, end = low[:-1], end - 1
            word, types = word[:-1], known.latin[low]
        case = _case(word)
        # Tai-man: what follows the hyphen of a capitalised word counts as such.
        if case == "l" and tokens and tokens[-1].end == start - 1 and text[start - 1] == "-":
            case = "C" if tokens[-1].case != "l" else "l"
        plus = _is_word(low, types, known)
        tokens.append(_Token(start, end, low, _code(low, types, known), case, plus, leet))
    return tokens


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


def _is_word(low: str, types: str | None, known: Lexicon) -> bool:
    return (types is not None and "+" in types) or low in known.english


_INNER = re.compile("(?:Mc|Mac|De|Di|La|Le|Da|O|D)[A-Z][a-z]+$|[A-Z][a-z]+[A-Z][a-z]{2,}$")


def _case(word: str) -> str:
    letters = "".join(char for char in word if char.isalpha())
    if len(letters) == 1 and len(word) > 1:
        return "C" if letters.isupper() and word[0] == letters else "l"
    word = letters
    if word.isupper():
        return "U" if len(word) > 1 else "C"
    if word.islower():
        return "l"
    return "C" if word[0].isupper() and (word[1:].islower() or _INNER.match(word)) else "m"


def _listed(tokens: list[_Token], phrases: Mapping[str, frozenset[str]]) -> set[int]:
    """Numbers of the tokens that stand inside a listed phrase: a place, a street, a brand."""
    covered: set[int] = set()
    for i, token in enumerate(tokens):
        same = phrases.get(token.low)
        if same is None:
            continue
        for j in range(min(i + LONGEST_PHRASE, len(tokens)), i + 1, -1):
            phrase = " ".join(t.low for t in tokens[i:j])
            if tokens[j - 1].end - token.start <= len(phrase) + (j - i) and phrase in same:
                covered.update(range(i, j))
                break
    return covered


# -- candidates -------------------------------------------------------------------------------


def _possible(text: str, window: Sequence[_Token], glue: str, known: Lexicon) -> bool:
    codes = "".join(t.code for t in window)
    lower = sum(t.case == "l" for t in window)
    if lower:
        if lower == len(window):
            if _LOWER.fullmatch(codes):
                return not all(t.plus for t in window)
            if len(window) > 2 or codes in ("c", "i", "u", "ci", "cc"):
                return False
            return (len(window) == 1 and not window[0].plus and codes in "ebszd") or _supported(
                text, window, known
            )
        return False
    if len(window) > 1 and window[0].low in known.before_latin and window[0].code in "cuz+y":
        return window[0].low == "ah" and len(window) == 2
    if codes[0] == "i" or any(t.case == "m" for t in window):
        return False
    start = window[0].start
    if len(window) == 1:
        if window[0].code in "ebszdw":
            return True
        # An unknown word in capitals' shape that does not open its sentence may be a rare name.
        if window[0].code == "u" and window[0].case == "C" and len(window[0].low) > 3:
            return text[max(0, start - 2) : start].strip()[-1:] not in (".", "!", "?", "")
        return _supported(text, window, known)
    if not _TYPED & set(codes):
        return window[0].low == "ah" and len(window) == 2
    if "," in glue and not _COMMA.fullmatch(codes):
        return False
    return bool(_UPPER.fullmatch(codes))


_LOWER = re.compile(r"[szb][yzsbe]{2}|[eb][szbw]|[sz]d")
_COMMA = re.compile(r"[szb][yzsbde]{1,3}[eb]|[szbw]{1,2}[eyzbd]{1,3}")
_UPPER = re.compile(r"[ebszydwuc][ebszydwuic]{0,4}")


def _supported(text: str, window: Sequence[_Token], known: Lexicon) -> bool:
    """Whether a title, a label, a quotation mark or a word of kin stands next to the window."""
    start, end = window[0].start, window[-1].end
    return bool(
        _before(text, start, known)
        or _label(text, start, known)
        or _after(text, end, known)
        or text[start - 1 : start] in ("\N{LEFT CORNER BRACKET}", "\u963f")
    )


def _before(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    """The title before a place: Latin words, or Chinese ones directly before."""
    back = text[max(0, at - 24) : at].lower()
    words = _LAST_WORDS.search(back)
    if words:
        two, one = words.group().strip(), words.group(1)
        for word in (two, one):
            if kind := known.before_latin.get(word):
                return word, kind
    stripped = back.rstrip(" :,")
    for size in (6, 5, 4, 3, 2):
        if size <= len(stripped) and (kind := known.before.get(stripped[-size:])):
            return stripped[-size:], kind
    return None


_LAST_WORDS = re.compile(r"(?:(?<![a-z])[a-z.]{1,12} )?(?<![a-z])([a-z]{1,14}\.?) ?$")


def _label(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    back = (
        text[max(0, at - 24) : at]
        .lower()
        .rstrip(" :\"'(\N{LEFT CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}=-")
    )
    for size in (4, 3, 2, 1):
        if size <= len(back) and (kind := known.labels.get(back[-size:])):
            return back[-size:], kind
    parts = back.rsplit(" ", 2)
    for word in (" ".join(parts[-2:]), parts[-1]):
        if kind := known.labels_latin.get(word):
            return word, kind
    return None


def _after(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    at += text[at : at + 1] == " "
    for size in (4, 3, 2, 1):
        word = text[at : at + size]
        if kind := known.after.get(word):
            return word, kind
    found = _NEXT_WORD.match(text, at)
    if found and (kind := known.after_latin.get(found.group().lower())):
        return found.group().lower(), kind
    return None


_NEXT_WORD = re.compile(r"[A-Za-z]{2,12}")


# -- features ---------------------------------------------------------------------------------


def _features(
    text: str,
    tokens: Sequence[_Token],
    i: int,
    j: int,
    glue: str,
    known: Lexicon,
    places: set[int],
    seen: dict[str, int],
) -> list[str]:
    window = tokens[i:j]
    start, end = window[0].start, window[-1].end
    codes = "".join(t.code for t in window)
    cases = "".join(t.case for t in window)
    shape = cases[0] if len(set(cases)) == 1 else ("UC" if cases[0] == "U" else "CU")
    single = len(window) == 1
    key = "E" if single else "R"
    out = [
        f"k{codes}",
        f"k{codes}{shape}",
        f"{key}{shape}",
        f"k{codes}{glue.replace(' ', '_')}",
        f"k{codes[0]}-{len(codes)}",
        f"k-{codes[-1]}{len(codes)}",
    ]
    plus = sum(t.plus for t in window)
    out.append(f"{key}+{plus}/{len(window)}{shape}")
    leet = sum(t.leet for t in window)
    if leet:
        out.append(f"{key}leet{leet}/{len(window)}")
    for token in window:
        if token.plus:
            out.append(f"{key}w{token.low}")
            out.append(f"{key}x{min(known.english.get(token.low, 14), 14)}{token.code}")
    near = f"{key}{codes if len(codes) < 3 else 'n'}"
    out += _sides(text, start, end, key, near, shape)
    title = _before(text, start, known)
    out += _neighbours(text, tokens, i, j, key, near, known, titled=title is not None)
    if title:
        out += [f"{near}T{title[1]}", f"{key}T{title[1]}", f"{key}T{title[0]}"]
    if label := _label(text, start, known):
        out += [f"{near}n{label[1]}", f"{key}n{label[1]}", f"{key}n{label[0]}"]
    if behind := _after(text, end, known):
        out += [f"{near}t{behind[1]}", f"{key}t{behind[1]}", f"{key}t{behind[0]}"]
    inside = sum(k in places for k in range(i, j))
    if inside:
        out.append(f"{key}place{'=' if inside == len(window) else '~'}")
    if seen[window[0].low] > 1 and seen[window[-1].low] > 1:
        out.append(f"{near}rep")
    if start == 0 or text[start - 1] == "\n":
        out.append(f"{near}line")
        if end == len(text) or text[end] == "\n":
            out.append(f"{near}whole")
    elif not title and text[max(0, start - 3) : start].rstrip()[-1:] in (".", "!", "?"):
        out.append(f"{near}sent")
    return out


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
        out.append(f"{key}L{text[max(0, start - 2) : start].strip()[-1:]}")
    if _is_cjk(right) or (right == " " and _is_cjk(text[end + 1 : end + 2])):
        two = text[end : end + 3].strip()
        out += [f"{key}R{two[:1]}", f"{key}R{two[:2]}"]
    if right == "'" and text[end + 1 : end + 2] in ("s", "S"):
        out.append(f"{key}'s")
    return out


def _neighbours(
    text: str,
    tokens: Sequence[_Token],
    i: int,
    j: int,
    key: str,
    near: str,
    known: Lexicon,
    *,
    titled: bool,
) -> list[str]:
    """The words on either side of a window, when next to nothing stands between."""
    start, end = tokens[i].start, tokens[j - 1].end
    out = []
    if i and 0 < start - tokens[i - 1].end <= 2:
        before = tokens[i - 1]
        gap = text[before.end : start].strip()
        if gap == "." and titled:
            gap = ""  # the point of "Mrs."
        out += [f"{key}p{before.low}{gap}", f"{near}p{before.code}{before.case}{gap}"]
        if i > 1 and 0 < before.start - tokens[i - 2].end <= 1:
            out.append(f"{key}pp{tokens[i - 2].low} {before.low}")
    else:
        out.append(f"{near}p^")
    if j < len(tokens) and 0 < tokens[j].start - end <= 2:
        behind = tokens[j]
        gap = text[end : behind.start].strip()
        out += [f"{key}q{behind.low}{gap}", f"{near}q{behind.code}{behind.case}{gap}"]
        if j + 1 < len(tokens) and 0 < tokens[j + 1].start - behind.end <= 1:
            out.append(f"{key}qq{behind.low} {tokens[j + 1].low}")
        if behind.low in known.tails and behind.case != "l":
            out.append(f"{key}a")
    else:
        out.append(f"{near}q^")
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
    return char


def _scene(start: int, end: int, settings: list[tuple[int, str]]) -> list[str]:
    if not settings:
        return []
    near = {kind for at, kind in settings if start - 30 <= at <= end + 20}
    return [f"Lscene{kind}" for kind in near]

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
from string import digits
from typing import NamedTuple

from injunction_screen.details.name_chinese import Window, contact_behind
from injunction_screen.details.name_lexicon import LONGEST_PHRASE, Lexicon

__all__ = ["latin_windows"]

MOST = 5  # words in a name
MOST_TOKENS = 20_000  # words looked at in one post
MOST_ROWS = 20_000  # rows of words looked at
MOST_WINDOWS = 8_000
_TOKEN = re.compile(r"[A-Za-z]+(?:(?:[0134@$](?=[A-Za-z0134@$ ,.]|$)|'(?=[A-Z][a-z]))[A-Za-z]*)*")
_LEET = str.maketrans("0134@$", "oieaas")
_BETWEEN = re.compile(r" {1,2}|-|, ?|\. ?")
_TYPED = frozenset("ebszdw")
BYNAME = "byname"  # class of words before a part of a name: fat Wing, Old Pang, ah Ming
PARTICLE = "particle"  # class of small words inside a name: Maria de Souza, Fatimah binti Yusof
DOTTED = "dotted"  # class of given names that are written short, with a point: Md. Anwar
MANY = "many"  # class of words before a name in the plural: the Leungs, two Kevins


class _Token(NamedTuple):
    start: int
    end: int
    low: str
    code: str
    case: str  # U capitals, C capital first, l lower, m mixed
    plus: bool  # also an ordinary word
    leet: bool


def latin_windows(
    text: str,
    known: Lexicon,
    settings: Sequence[tuple[int, str]],
    taken: Sequence[tuple[int, int]],
    cut: Callable[[str], None] | None = None,
) -> list[Window]:
    """Every Latin candidate of a text that touches nothing ``taken`` (links, e-mails, handles).

    ``settings`` are places of words that tell of pets, fiction or brands.  ``cut`` is called with
    ``"names"`` where a limit leaves a part of the text unread.
    """
    tokens = _tokens(text, known, taken)
    rows = list(islice(_stretches(text, tokens, known), MOST_ROWS))
    found = [row for row in rows if _possible(text, tokens[row[0] : row[1]], row[2], known)]
    if cut and (len(tokens) == MOST_TOKENS or len(rows) == MOST_ROWS or len(found) > MOST_WINDOWS):
        cut("names")
    if not found:
        return []
    settings = sorted(settings)
    places = _listed(tokens, known.phrases)
    never = _listed(tokens, known.not_phrases)
    small = {token.low for token in tokens if token.case == "l"}
    out: list[Window] = []
    for i, j, glue in found[:MOST_WINDOWS]:
        if (i in never and j - 1 in never) or _is_other(text, tokens, i, j):
            continue
        start, last = tokens[i].start, tokens[j - 1]
        features = _features(text, tokens, i, j, glue, known, places, small)
        features += _scene(start, last.end, settings)
        end = last.end
        if last.code == "i" and j - i > 1 and text[end : end + 1] == ".":
            end += 1
        out.append(Window(start, end, "E" if j - i == 1 else "R", features))
    return out


def _stretches(
    text: str, tokens: Sequence[_Token], known: Lexicon
) -> Iterator[tuple[int, int, str]]:
    """Rows of up to ``MOST`` words with nothing but a space, hyphen or comma between them."""
    for i, token in enumerate(tokens):
        if token.case == "l":
            if _bynamed(tokens, i, known):
                yield i, i + 2, " "
                continue
            if token.code == "c":
                continue
            # An ordinary word in small letters is a name behind a title, or in a row of syllables.
            if (
                token.plus
                and not (i and tokens[i - 1].low in known.before_latin)
                and not (token.start and _is_cjk(text[token.start - 1]))
                and all(t.plus for t in tokens[i + 1 : i + 3])
            ):
                continue
        glue = ""
        for j in range(i + 1, min(i + MOST, len(tokens)) + 1):
            last = tokens[j - 1]
            if j > i + 1:
                between = text[tokens[j - 2].end : last.start]
                if not _BETWEEN.fullmatch(between) or (
                    "." in between
                    and tokens[j - 2].code != "i"
                    and known.contexts.get(tokens[j - 2].low) != DOTTED
                ):
                    break
                glue += "," if "," in between else between[0]
                if glue.count(",") > 1:
                    break
            if last.case == "l":
                if known.contexts.get(last.low) == PARTICLE:
                    if j == i + 1:
                        break
                    continue
                if last.code == "c":
                    break
            yield i, j, glue


def _bynamed(tokens: Sequence[_Token], i: int, known: Lexicon) -> bool:
    """Whether a small word of a byname stands here and a part of a name behind it."""
    token = tokens[i]
    if token.case != "l" or i + 1 >= len(tokens) or known.contexts.get(token.low) != BYNAME:
        return False
    behind = tokens[i + 1]
    return (
        behind.start == token.end + 1
        and behind.code in "ebszyd"
        and (behind.case == "C" if token.low != "ah" else behind.case in "Cl")
    )


# -- words ------------------------------------------------------------------------------------


def _tokens(text: str, known: Lexicon, taken: Sequence[tuple[int, int]]) -> list[_Token]:
    tokens: list[_Token] = []
    latin, english = known.latin, known.english
    spans = iter(taken)
    span = next(spans, None)
    for found in islice(_TOKEN.finditer(text), MOST_TOKENS):
        start, end = found.span()
        # What goes on as a number or a handle is no word; no look-around in the rule says so,
        # since it would make the rule go over a long stretch again from each of its letters.
        if (start and text[start - 1] in _INSIDE) or text[end : end + 1] in _BEYOND:
            continue
        while span is not None and span[1] <= start:
            span = next(spans, None)
        if span is not None and span[0] < end:
            continue
        word = found.group()
        if word in english and word not in latin and len(word) > 1 and not _hyphened(text, start):
            tokens.append(_Token(start, end, word, "c", "l", True, False))  # most words end here
            continue
        low = word.lower()
        leet = not word.replace("'", "").isalpha()
        if leet:
            plain = low.translate(_LEET)
            if not set(latin.get(plain, "")) & set("sye") or len(plain) < 2:
                continue
            low = plain
        types = latin.get(low)
        # "the Leungs", "two Kevins": the name is Leung.
        if types is None and low[-1] == "s" and tokens:
            kinds = latin.get(low[:-1], "")
            many = known.contexts.get(tokens[-1].low) == MANY
            if ("s" in kinds and tokens[-1].low == "the") or ("e" in kinds and many):
                low, end = low[:-1], end - 1
                word, types = word[:-1], kinds
        case = _case(word)
        # Tai-man: what follows the hyphen of a capitalised word counts as such.
        if case == "l" and tokens and tokens[-1].end == start - 1 and _hyphened(text, start):
            case = "C" if tokens[-1].case != "l" else "l"
        plus = "+" in types if types and set(types) & set("+=") else low in english
        code = _code(low, types, known)
        if code == "u" and case == "U" and len(low) == 2:
            code = "j"
        tokens.append(_Token(start, end, low, code, case, plus, leet))
    return tokens


# A word does not begin behind the first, nor end before the second.
_INSIDE = frozenset(digits + "_@#'")
_BEYOND = frozenset(digits + "_")


def _hyphened(text: str, start: int) -> bool:
    return text[start - 1 : start] == "-"


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


def _is_other(text: str, tokens: Sequence[_Token], i: int, j: int) -> bool:
    """Whether a row of words is a church of a saint, the code of a picture, or a wish of rest."""
    start, end = tokens[i].start, tokens[j - 1].end
    if i and tokens[i - 1].low == "st" and start - tokens[i - 1].end <= 2:
        return text[end : end + 2] == "'s"
    if text[start - 1 : start] == "[" and text[end : end + 1] == "]":
        return j == i + 1
    return [t.low for t in tokens[i : i + 3]] == ["r", "i", "p"]


# -- candidates -------------------------------------------------------------------------------


def _possible(text: str, window: Sequence[_Token], glue: str, known: Lexicon) -> bool:
    codes = _codes(window, known)
    if codes in ("ii", "iii"):
        return bool(_POINTED.fullmatch(text, window[0].start, window[-1].end + 1))
    lower = sum(t.case == "l" for t in window) - codes.count("p")
    if lower > 0:
        return _possible_small(text, window, codes, lower, known)
    if len(window) > 1 and window[0].low in known.before_latin and window[0].code in "cuz+y":
        return window[0].low == "ah" and len(window) == 2
    if any(t.case == "m" for t in window):
        return False
    # HAPPY BIRTHDAY Jaye: ordinary words in capitals are no part of a name that is not.
    if any(t.code == "c" and t.case == "U" for t in window) and any(t.case == "C" for t in window):
        return False
    if len(window) == 1:
        code = codes
        if code in "ebszdw":
            return True
        # An unknown word of capitals' shape may be a rare name.
        if code == "u" and window[0].case == "C" and len(window[0].low) > 2:
            return True
        return code != "i" and _supported(text, window, known)
    if codes[0] in "ij":
        return bool(_INITIALS.fullmatch(codes)) and _dotted(text, window)
    if not _TYPED & set(codes):
        return (window[0].low == "ah" and len(window) == 2) or (
            codes in ("uu", "uuu", "ui", "upu") and "," not in glue
        )
    if "," in glue and not _COMMA.fullmatch(codes):
        return False
    return bool(_UPPER.fullmatch(codes))


def _possible_small(
    text: str, window: Sequence[_Token], codes: str, lower: int, known: Lexicon
) -> bool:
    """The same for a window with words in small letters."""
    if len(window) == 2 and _bynamed(window, 0, known):
        return True
    if lower < len(window):
        return False
    if _LOWER.fullmatch(codes):
        return not all(t.plus for t in window)
    if len(window) > 2 or codes in ("c", "i", "u", "ci", "cc"):
        return False
    if not all(t.plus for t in window) and len(window) == 1 and codes in "ebszdw":
        return True
    return _supported(text, window, known)


def _codes(window: Sequence[_Token], known: Lexicon) -> str:
    """The letters of a window; particles inside it are ``p``."""
    if len(window) < 3:
        return "".join(t.code for t in window)
    inner = "".join("p" if known.contexts.get(t.low) == PARTICLE else t.code for t in window[1:-1])
    return window[0].code + inner + window[-1].code


_LOWER = re.compile(r"[szb][yzsbe]{2}|[eb][szbw]|[sz]d|ew|[eb][szb][yzsb]{2}")
_COMMA = re.compile(r"[szb][yzsbde]{1,3}[eb]|[szbw]{1,2}[eyzbd]{1,3}")
_UPPER = re.compile(r"[ebszydwuc](?:[ebszydwucp]{0,4}|i[ebszydwu]{1,2})(?:i{1,2}|j)?")
_POINTED = re.compile(r"[A-Z](?:\.[A-Z]){1,2}\.")
_INITIALS = re.compile(r"(?:i{1,3}|j)[ebszydwu]{1,3}")


def _dotted(text: str, window: Sequence[_Token]) -> bool:
    """Whether initials look like some: "I" and "A" are words where no point follows."""
    first = window[0]
    if first.code == "j":
        return True
    return text[first.end : first.end + 1] == "." or first.low not in "ai"


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
    small: set[str],
) -> list[str]:
    window = tokens[i:j]
    start, end = window[0].start, window[-1].end
    codes = _codes(window, known)
    cases = "".join(t.case for t in window)
    shape = cases[0] if len(set(cases)) == 1 else ("UC" if cases[0] == "U" else "CU")
    single = len(window) == 1
    key = "E" if single else "R"
    near = f"{key}{codes if len(codes) < 3 else 'n'}"
    back = _opening(text, start)
    out = [
        f"k{codes}",
        f"k{codes}{shape}",
        f"{key}{shape}",
        f"k{codes[0]}-{len(codes)}",
        f"k-{codes[-1]}{len(codes)}",
    ]
    if not single:
        out.append(f"k{codes}{glue.replace(' ', '_')}")
    plus = sum(t.plus for t in window)
    out += [f"{key}+{plus}/{len(window)}{shape}", f"{key}+{plus}/{len(window)}{back}"]
    out += _spelling(window, key, shape, back, known, small)
    out += _sides(text, start, end, key, near, shape)
    title = _before(text, start, known)
    label = _label(text, start, known)
    told = title is not None or label is not None
    out += _neighbours(text, tokens, i, j, key, near, known, titled=told)
    if title:
        out += [f"{near}T{title[1]}", f"{key}T{title[1]}", f"{key}T{title[0]}"]
    if label:
        out += [f"{near}n{label[1]}", f"{key}n{label[1]}", f"{key}n{label[0]}"]
    if behind := _after(text, end, known):
        out += [f"{near}t{behind[1]}", f"{key}t{behind[1]}", f"{key}t{behind[0]}"]
    inside = sum(k in places for k in range(i, j))
    if inside:
        out.append(f"{key}place{'=' if inside == len(window) else '~'}")
    if _AGE.match(text, end):
        out += [f"{near}age", f"{key}age"]
    if contact := contact_behind(text, end):
        out += [f"{near}@{contact}", f"{key}@{contact}", f"{key}@{contact}{back}"]
    if codes in ("ii", "iii"):
        out.append(f"Ri{''.join(t.low for t in window)}")
    elif not single and shape == "C" and window[0].case == "l":
        out.append(f"Rby{window[0].low}")
    if back == "line":
        out.append(f"{near}line")
        if end == len(text) or text[end] == "\n":
            out.append(f"{near}whole")
    elif back == "sent" and not title:
        out.append(f"{near}sent")
    return out


def _spelling(
    window: Sequence[_Token],
    key: str,
    shape: str,
    back: str,
    known: Lexicon,
    small: set[str],
) -> list[str]:
    """How common the words are that are words too, and what unknown ones look like."""
    out = []
    leet = sum(t.leet for t in window)
    if leet:
        out.append(f"{key}leet{leet}/{len(window)}")
    for token in window:
        low = token.low
        if token.plus and not (token.case == "U" and shape == "UC"):  # TO Man Chun
            cost = min(known.english.get(low, 14), 14)
            out += [f"{key}w{low}", f"{key}x{cost}{token.code}", f"{key}X{cost}{back}"]
            if low in small and token.case != "l":
                out.append(f"{key}low")  # the same word stands in small letters too
        elif token.code in "ud":
            out += [f"g{low[-size:]}$" for size in (2, 3, 4)]
            out += [f"g^{low[:size]}" for size in (2, 3)]
            out.append(f"{key}long{min(len(low), 12)}")
    return out


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
    left, right = text[start - 1 : start] if start else "", text[end : end + 1]
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
        out += [f"{key}L{two[-1:]}", f"{key}L{two[-2:]}"]
    if _is_cjk(right) or (right == " " and _is_cjk(text[end + 1 : end + 2])):
        two = text[end : end + 3].strip()
        out += [f"{key}R{two[:1]}", f"{key}R{two[:2]}"]
    if left == "(" and _is_cjk(text[max(0, start - 3) : start - 1].strip()[-1:] or " "):
        out += [f"{key}z(", f"{near}z("]
    if right == "'" and text[end + 1 : end + 2] in ("s", "S"):
        after = text[end + 3 : end + 4]
        kind = "C" if after.isupper() else "l" if after.islower() else "."
        out += [f"{key}'s", f"{near}'s{kind}"]
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
    ahead, after = "^", "$"
    row = 0  # capitalised words right before and behind
    if i and 0 < start - tokens[i - 1].end <= 2:
        before = tokens[i - 1]
        gap = _sign(text[before.end : start])
        if gap == "." and (titled or before.low in known.before_latin):
            gap = ""  # the point of "Mrs."
        ahead = known.contexts.get(before.low, before.code + before.case) + gap
        out += [f"{key}p{before.low}{gap}", f"{near}p{before.code}{before.case}{gap}"]
        if i > 1 and 0 < before.start - tokens[i - 2].end <= 1:
            out.append(f"{key}pp{tokens[i - 2].low} {before.low}")
        if not gap and before.case != "l" and not titled:
            # The capital of a common word that opens its sentence tells nothing.
            opens = before.code == "c" and _opening(text, before.start) in ("line", "sent")
            row += 5 if opens else 10
    else:
        out.append(f"{near}p^")
        ahead = f"^{_side(text[max(0, start - 2) : start].rstrip()[-1:])}"
    if j < len(tokens) and 0 < tokens[j].start - end <= 2:
        behind = tokens[j]
        gap = _sign(text[end : behind.start])
        after = gap + known.contexts.get(behind.low, behind.code + behind.case)
        out += [f"{key}q{behind.low}{gap}", f"{near}q{behind.code}{behind.case}{gap}"]
        if not gap and behind.case == "l":
            out.append(f"{near}q~{behind.low[-2:]}")
        if j + 1 < len(tokens) and 0 < tokens[j + 1].start - behind.end <= 1:
            out.append(f"{key}qq{behind.low} {tokens[j + 1].low}")
        if behind.case != "l":
            row += not gap
            if behind.low in known.tails:
                out.append(f"{key}a{gap}")
            elif not gap and j + 1 < len(tokens) and tokens[j + 1].low in known.tails:
                out.append(f"{key}aa{tokens[j + 1].case}")
    else:
        out.append(f"{near}q^")
        after = f"${_side(text[end : end + 2].lstrip()[:1])}"
    return [*out, f"{near}c{ahead}", f"{near}C{after}", f"{near}c{ahead}{after}", f"{key}row{row}"]


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

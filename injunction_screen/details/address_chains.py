"""Put parts of addresses together that belong together.

In: ``Part`` records in order.  Out: chains of them, each what may be one address.  Two parts belong
together when nothing but commas, *of* and the like stands between them, or a name that only its
neighbours show to be one (安寧路38號 *世宙* 2座), and when the second can follow the first: Chinese
goes from large to small, English from small to large, and a second street begins a second address.

Linear: each part is tried once against the chain before it, and chains are short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from injunction_screen.details.address_parts import BUILDINGS, CJK, PLACES, UNITS, Part
from injunction_screen.details.address_words import Words
from injunction_screen.scan import Reading

__all__ = ["find_chains"]

MOST = 40  # parts of one chain
GAP = 44  # characters of an unnamed stretch between two parts

_GAP_CJK = re.compile(r"[ ,]{0,2}\u7ad9?([\u3400-\u9fff][\u3400-\u9fffA-Za-z0-9]{0,8})[ (]{0,2}")
_GAP_LATIN = re.compile(
    r"[ ,(]{0,3}([A-Z0-9][\w'&.-]*(?: (?:[A-Z0-9&][\w'&.-]*|of|the|de)){0,4})[ ,)]{0,3}"
)
_NAMED_BEFORE = ("number", "street", "estate", "house", "facility", "district")
_MORE_FLATS = re.compile(r"[, \u3001]{1,3}(?:\d{2,4}[A-Za-z]?[, \u3001]{1,3}){1,6}")
_TERRACE = "\u53f0"  # the last character of streets and of buildings
_CORNER = ("\u53ca", "\u4e0e", "\u548c", "&")  # between the two streets of a corner house
_LISTING = re.compile("[,;\N{IDEOGRAPHIC COMMA}]")


def find_chains(reading: Reading, words: Words, parts: list[Part]) -> Iterator[list[Part]]:
    """The chains of a post, without parts at their ends that no address begins or ends with."""
    low = reading.folded.lower
    chain: list[Part] = []
    for i, part in enumerate(parts):
        if chain:
            following = parts[i + 1] if i + 1 < len(parts) else None
            between = _between(reading, words, chain, part)
            if between is None and _is_again(low, chain, part, following):
                between = []
            elif between is None or _begins_another(low, chain, part, following):
                yield _trimmed(low, chain)
                chain = []
            else:
                chain.extend(between)
        chain.append(part)
    if chain:
        yield _trimmed(low, chain)


def _is_again(low: str, chain: list[Part], part: Part, following: Part | None) -> bool:
    """Whether the number and street of a chain are said once more: 6A X Road, 6A X Road, Y."""
    if part.kind != "number" or following is None or following.kind != "street":
        return False
    name = low[following.start : following.end]
    near = not low[chain[-1].end : part.start].strip(" ,")
    return near and any(p.kind == "street" and low[p.start : p.end] == name for p in chain)


def _begins_another(low: str, chain: list[Part], part: Part, following: Part | None) -> bool:
    """Whether an English house number goes with the street behind it into another address."""
    if following is None or part.kind != "number" or following.kind != "street":
        return False
    gap = low[part.end : following.start]
    if low[part.end - 1] > "\x7f" or gap.strip(" ,"):
        return False
    return not _follows([*chain, part], following, gap, low)


# -- what stands between -----------------------------------------------------------------------


def _between(reading: Reading, words: Words, chain: list[Part], part: Part) -> list[Part] | None:
    """The parts between a chain and the next: none, a name, or ``None`` for a break."""
    low, last = reading.folded.lower, chain[-1]
    gap = reading.folded.text[last.end : part.start]
    if len(chain) >= MOST or len(gap) > GAP or not _follows(chain, part, gap, low):
        return None
    if low[part.start] == "(" and part.kind in UNITS:
        # (1期) goes with the name before it; (1) alone is as often a list.
        apart = gap[:1] == " " and last.kind not in BUILDINGS
        if apart or (gap.strip() and part.kind == "block"):
            return None
    if ")" in gap and "(" not in low[chain[0].start : part.start]:
        return None
    if words.rule["address_joiner"].match(gap.lower()):
        equals = last.kind not in UNITS and part.kind not in UNITS and part.kind != "number"
        if (
            equals
            and last.kind == "number"
            and part.kind == "street"
            and CJK.match(low, part.start)
        ):
            equals = False  # a corner house has two numbers
        return None if equals and words.rule["address_and"].search(gap) else []
    if last.kind == "flat" and part.kind in ("flat", "floor") and _MORE_FLATS.fullmatch(gap):
        return []
    named = _name_between(chain, part, gap)
    if named is None:
        return None
    if not _is_name(words, named.group(1), last) and not (
        # Room 6, 1/F, Tai Wong Restaurant, 220 Nathan Road: commas on both sides, and a number.
        part.kind == "number" and last.kind in UNITS and gap[0] == "," == gap.rstrip()[-1]
    ):
        return None
    hamlet = part.kind in PLACES or (last.kind in PLACES and part.kind not in UNITS)
    return [
        Part(
            last.end + named.start(1),
            last.end + named.end(1),
            "district" if hamlet else "estate",
            last.kind not in PLACES and last.kind not in BUILDINGS,
        )
    ]


def _name_between(chain: list[Part], part: Part, gap: str) -> re.Match[str] | None:
    """A stretch that can be the name of a building or hamlet, by the parts on both sides."""
    last = chain[-1]
    if part.kind in UNITS and last.kind not in ("floor", "flat", "facility"):
        # Somewhere before there must be a place: 3 作好準備 3 is none.
        if any(p.kind not in UNITS and p.kind != "region" for p in chain):
            if last.kind in BUILDINGS and len(gap) > 5 and CJK.search(gap):
                return None
            return _GAP_CJK.fullmatch(gap) or _GAP_LATIN.fullmatch(gap)
        return None
    if part.kind == "estate" and last.kind == "street" and part.listed and gap[0] == ",":
        # 41 Fourth Street, Section M, Fairview Park
        return _GAP_LATIN.fullmatch(gap) if gap.rstrip()[-1] == "," else None
    if part.kind in PLACES and last.kind in ("street", "estate", "house") and gap[0] == ",":
        # 12 X Street, Kiu Tau Wai, Ping Shan
        return _GAP_LATIN.fullmatch(gap) if gap.rstrip()[-1] == "," else None
    if last.kind in UNITS | BUILDINGS and (named := _GAP_LATIN.fullmatch(gap)):
        return named if part.kind in _NAMED_BEFORE else None
    if len(gap) > 4 or part.kind not in ("street", "estate", "house", "block"):
        return None
    # 香港奇力灣華貴邨
    return _GAP_CJK.fullmatch(gap) if last.kind in PLACES | {"street", "number"} else None


def _is_name(words: Words, name: str, last: Part) -> bool:
    low = name.lower()
    against = words.not_name.search(low)
    if against and (len(against.group()) > 1 or last.kind not in ("number", "block")):
        return False
    # Right behind a house number a name begins, whatever its characters.
    most = 1 if last.kind == "number" else 0
    if any(len(stop.group()) > most for stop in words.stop_chars.finditer(low)):
        return False
    return not any(map(words.stops, name.split()[1:]))


# -- what can follow ---------------------------------------------------------------------------


def _follows(chain: list[Part], part: Part, gap: str, low: str) -> bool:
    """Whether a part of this kind can come next; where not, another address begins."""
    last, kinds = chain[-1], [p.kind for p in chain]
    listed = bool(_LISTING.search(gap))
    chinese = bool(CJK.match(low, part.start))
    downward = chinese and kinds[0] not in UNITS and kinds[0] != "number"
    if part.kind in PLACES:
        return _place_follows(chain, kinds, gap, listed, downward)
    if part.kind in BUILDINGS or part.kind == "facility":
        if downward and listed and not UNITS.isdisjoint(kinds):
            return False
        if chinese and part.kind == last.kind == "estate" and gap == " " and not part.listed:
            return False
        return kinds.count("estate") < 3 and not (
            chinese and part.kind == "facility" and last.kind in UNITS
        )
    if part.kind == "street":
        return _street_follows(chain, part, gap, low)
    if part.kind == "number":
        if last.kind == "number":
            return False
        if CJK.search(low, part.start, part.end):
            return last.kind != "region"
        return "number" not in kinds or last.kind in ("house", "estate", "floor")
    if part.kind == "note":
        return not gap.strip()
    if part.kind in kinds and last.kind not in UNITS and last.kind != "note":
        return part.kind == "block" and last.kind in BUILDINGS and not (chinese and listed)
    return True


def _street_follows(chain: list[Part], part: Part, gap: str, low: str) -> bool:
    """Whether a street can come next: a second one mostly begins a second address."""
    last, kinds = chain[-1], [p.kind for p in chain]
    if "street" not in kinds or (last.kind == "number" and gap.strip(" ") in _CORNER):
        return True
    first = chain[kinds.index("street")]
    if low[first.start : first.end] == low[part.start : part.end]:
        return True
    if last.kind == "number" and not gap and low[part.end - 1] == _TERRACE:
        return True
    if last.kind == "number" and kinds.count("number") == 1 and kinds[0] in UNITS:
        # Shop 7 of Lido Avenue, No. 41 Castle Peak Road: the first is a building.
        return not CJK.match(low, part.start)
    return last.kind == "street" and not _LISTING.search(gap)


def _place_follows(
    chain: list[Part], kinds: list[str], gap: str, listed: bool, downward: bool
) -> bool:
    last = chain[-1]
    if downward and kinds == ["estate"] and not last.listed:
        return False
    places = sum(kind in PLACES for kind in kinds)
    if places >= 4:
        return False
    if places == len(kinds):
        # A list of towns is no address; 香港, 沙田 may begin one.
        return not listed or (last.kind == "region" and "region" not in kinds[:-1])
    if downward and gap:
        return last.kind in ("estate", "house") and gap == " "
    return True


# -- the ends of a chain -----------------------------------------------------------------------


def _trimmed(low: str, chain: list[Part]) -> list[Part]:
    """The chain without what cannot begin or end an address; it may be empty."""
    first, last = 0, len(chain)
    while first < last and not _may_begin(low, chain, first):
        first += 1
    while last > first + 1 and chain[last - 1].kind == "estate" and not chain[last - 1].sure:
        last -= 1
    return chain[first:last]


def _may_begin(low: str, chain: list[Part], at: int) -> bool:
    part = chain[at]
    following = chain[at + 1].kind if at + 1 < len(chain) else ""
    if part.kind == "note" or low[part.start] == "(":
        return False
    if part.kind == "facility":
        return following in ("number", "street", "block")
    if part.kind == "number":
        # In the Chinese way a number stands behind its street.
        return low[part.end - 1] < "\x80" and following in ("street", "house", "estate")
    return True

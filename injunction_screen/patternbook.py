"""Read pattern packs: the folder ``patterns/`` that ships inside the wheel, and users' own.

In: folders of TOML records and plain text lists.  Out: one frozen ``PatternBook``.  Everything
that a linguist or a lawyer would change is in those files; this module only reads and checks
them.  A broken record raises ``PatternFileError`` that names the file, the record and the cure.

What a pack holds:

* ``pack.toml``: name and version of the pack.
* ``formats/*.toml``: records that find personal details (``category = "phone"`` ...).
* ``cues/*.toml``: ``[slot.NAME]`` word lists and records that find cues (``kind = "threat"`` ...).
* ``context/*.toml``: slots and records for guards, purposes and roles.
* ``names/*.toml|txt``, ``gazetteers/*.txt``, ``fold/*.txt``: lists, one entry a line.
* ``orders/*.toml``: court orders and statutes, read by ``orders.py``.

A record finds text by ``regex`` or by ``forms``.  A form is a row of slots and gaps::

    [i] ..3 [will] ..4 [kill] ..2 [person]

``[slot]`` must be there, ``[slot]?`` may be; ``[a|b]`` is either; ``(so|so also)`` gives words in
place; ``..3`` lets up to three words (Chinese characters or Latin words) stand between, inside
one sentence; ``~3`` the same across sentences; ``-3`` the same inside one clause, with no comma,
colon, bracket or such between (``-0``: directly after); ``^`` is the start of a sentence, ``$``
its end; ``<`` is the start of a clause: of a sentence, or after punctuation, an emoji or a word
of the slot ``lead`` ("please", "go and", "everyone").

A cue record's ``immune`` names the guards that do not cancel it: "don't let it stop ringing"
needs no guard against its own "don't".
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import regex

from injunction_screen.errors import PatternFileError
from injunction_screen.records import CATEGORIES, CUE_KINDS
from injunction_screen.text import Folder, fold

if sys.version_info >= (3, 11):
    from importlib.resources.abc import Traversable

    import tomllib
else:  # pragma: no cover
    from importlib.abc import Traversable

    import tomli as tomllib

__all__ = [
    "Element",
    "Example",
    "Form",
    "Pattern",
    "PatternBook",
    "PurposeRule",
    "Slot",
    "default_book",
    "read_book",
]

MARK_OPEN, MARK_CLOSE = (
    "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}",
    "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}",
)
TARGETS: dict[str, frozenset[str] | None] = {
    "category": frozenset(CATEGORIES),
    "kind": frozenset(CUE_KINDS),
    "guard": None,
    "purpose": None,
    "role": None,
    "label": None,
}
_FIELDS = frozenset(
    {
        "id", "about", "references", "status", "added", "regex", "forms", "examples",
        "counter_examples", "known_misses", "score", "check", "with_check", "near", "with_label",
        "reach", "reach_after", "unless", "needs", "scope", "kinds", "weight", "case", "gate", "on",
        "not_if", "holds",
        "immune", "exposed",
        *TARGETS,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A named list of words that forms and finders refer to.

    ``homophones`` lets the scan also look for same-sounding spellings of words of two or more
    characters, ``misspellings`` for English ones with a letter or a blank left out or two letters
    changed round; ``includes`` names other slots, or detail categories, that count as this one;
    ``file`` is where it was first given.
    """

    name: str
    words: tuple[str, ...]
    file: str
    about: str = ""
    homophones: bool = False
    misspellings: bool = False
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a form: any of these slots, after at most ``gap`` words.

    ``crosses`` lets the gap run over the end of a sentence; ``tied`` keeps it inside a clause.
    """

    slots: tuple[str, ...]
    gap: int
    crosses: bool
    optional: bool
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A row of elements.

    ``opens`` and ``closes`` tie it to the ends of a sentence, ``begins`` to the start of a clause.
    """

    elements: tuple[Element, ...]
    opens: bool
    closes: bool
    source: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the spans a record must (or must not) find, and why."""

    text: str
    spans: tuple[tuple[int, int], ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One record of a pattern file.

    ``target`` is what it finds (``category``, ``kind``, ``guard``, ``purpose``, ``role``,
    ``label``) and ``name`` which (``phone``, ``threat`` ...).
    """

    id: str
    target: str
    name: str
    file: str
    about: str
    regex: Any = field(repr=False)
    forms: tuple[Form, ...] = field(repr=False)
    options: Mapping[str, Any] = field(repr=False)
    examples: tuple[Example, ...] = field(repr=False)
    counter_examples: tuple[Example, ...] = field(repr=False)
    known_misses: tuple[Example, ...] = field(repr=False)
    own: bool = False
    holds: Any = field(default=None, repr=False)  # finds something wherever the regex matches


@dataclass(frozen=True, slots=True)
class PurposeRule:
    """What a benign purpose does: cancel cues of some kinds, excuse details of some categories."""

    name: str
    about: str
    about_zh: str
    cancels: frozenset[str]
    excuses: frozenset[str]


class Wakers(NamedTuple):
    """The slots that wake forms, as bits, and the forms that each wakes.

    A form is given as its record, its place among the record's forms, and the bits of the slots
    of each element that it must have.
    """

    bits: int
    forms: Mapping[str, tuple[tuple[int, int, tuple[int, ...]], ...]]


@dataclass(frozen=True)
class PatternBook:
    """Everything the pattern files say, checked and ready to use."""

    patterns: tuple[Pattern, ...] = field(repr=False)
    slots: Mapping[str, Slot] = field(repr=False)
    lists: Mapping[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    orders: Mapping[str, Mapping[str, Any]] = field(repr=False)
    folder: Folder = field(repr=False)
    purposes: Mapping[str, PurposeRule] = field(repr=False)
    composites: Mapping[str, tuple[str, ...]] = field(repr=False)
    split_chars: Mapping[str, str] = field(repr=False)
    by_sound: Mapping[str, str] = field(repr=False)
    homophones: Mapping[str, str] = field(repr=False)
    ruleset: str
    packs: tuple[str, ...]

    def of(self, target: str, name: str | None = None) -> tuple[Pattern, ...]:
        """The records that find ``target`` (and ``name``), in file order."""
        return self._by_target.get((target, name), ())

    @cached_property
    def _by_target(self) -> Mapping[tuple[str, str | None], tuple[Pattern, ...]]:
        table: dict[tuple[str, str | None], list[Pattern]] = {}
        for pattern in self.patterns:
            table.setdefault((pattern.target, None), []).append(pattern)
            table.setdefault((pattern.target, pattern.name), []).append(pattern)
        return {key: tuple(found) for key, found in table.items()}

    @cached_property
    def bits(self) -> Mapping[str, int]:
        """A bit for each slot and detail category, so that sets of slots are whole numbers."""
        return {slot: 1 << i for i, slot in enumerate(self._slot_names)}

    @cached_property
    def _slot_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.slots, *sorted(DETAIL_SLOTS)]))

    def slots_of(self, bits: int) -> Iterator[str]:
        """The names of the slots whose bits are set."""
        names = self._slot_names
        while bits:
            lowest = bits & -bits
            yield names[lowest.bit_length() - 1]
            bits ^= lowest

    def bits_of_each(self, slots: tuple[str, ...] | frozenset[str]) -> int:
        """``bits_of``, kept for slots that are asked for again and again, as forms do."""
        known = self._bits_of_forms.get(slots)
        if known is None:
            known = self._bits_of_forms[slots] = self.bits_of(slots)
        return known

    @cached_property
    def _bits_of_forms(self) -> dict[tuple[str, ...] | frozenset[str], int]:
        return {}

    def bits_of(self, slots: Iterable[str]) -> int:
        """The bits of these slots and of all that they include."""
        bits = 0
        for slot in slots:
            for leaf in self.composites.get(slot, (slot,)):
                bits |= self.bits.get(leaf, 0)
        return bits

    @cached_property
    def composite_bits(self) -> Mapping[str, int]:
        """The bits of what each slot that is made of others includes."""
        return {slot: self.bits_of((slot,)) for slot in self.composites}

    @cached_property
    def gates(self) -> Mapping[str, int]:
        """By id of a record with a ``gate``: the bits of its slots."""
        return {p.id: self.bits_of(p.options["gate"]) for p in self.patterns if "gate" in p.options}

    @cached_property
    def shapes(self) -> tuple[Any, ...]:
        """The different quick looks (``holds``) of the records, numbered: each is done once."""
        return tuple({p.holds.pattern: p.holds for p in self.patterns if p.holds}.values())

    def worth_trying(self, category: str, present: int, shapes: int) -> tuple[Pattern, ...]:
        """The records of a category that can match where these slots and shapes are there.

        One of the bits of its ``gate`` has to be present, and its ``holds`` among the shapes.
        """
        records, gates, looks = self._tries[category]
        seen = (category, present & gates, shapes & looks)
        known = self._tried.get(seen)
        if known is None:
            if len(self._tried) >= _KEPT:
                self._tried.clear()
            known = self._tried[seen] = tuple(
                pattern
                for pattern, gate, look in records
                if (not gate or gate & present) and (not look or look & shapes)
            )
        return known

    @cached_property
    def _tried(self) -> dict[tuple[str, int, int], tuple[Pattern, ...]]:
        return {}  # posts differ little in what is worth trying

    @cached_property
    def _tries(self) -> Mapping[str, tuple[tuple[tuple[Pattern, int, int], ...], int, int]]:
        """By category, each record with the bits of its ``gate`` and ``holds``, and of all."""
        bit = {look.pattern: 1 << i for i, look in enumerate(self.shapes)}
        out: dict[str, tuple[tuple[tuple[Pattern, int, int], ...], int, int]] = {}
        for category in CATEGORIES:
            records = []
            gates = looks = 0
            for pattern in self.of("category", category):
                held = pattern.holds is not None and not pattern.forms
                look = bit[pattern.holds.pattern] if held else 0
                gate = self.gates.get(pattern.id, 0)
                gates, looks = gates | gate, looks | look
                records.append((pattern, gate, look))
            out[category] = (tuple(records), gates, looks)
        return out

    @cached_property
    def needs(self) -> Mapping[str, int]:
        """By id of a record with ``needs``: the bits of all that could meet one, labels too."""
        return {
            p.id: self.bits_of(
                name
                for asked in (*p.options["needs"], *p.options.get("near", ()))
                for name in asked.rpartition(":")[2].split("|")
            )
            for p in self.patterns
            if "needs" in p.options
        }

    @cached_property
    def said(self) -> int:
        """The bits of the named slots of cues, guards and purposes."""
        bits = 0
        for name, slot in self.slots.items():
            if slot.file.startswith(("cues/", "context/")) and name[0] != "(":
                bits |= self.bits[name]
        return bits

    @cached_property
    def wakers(self) -> Mapping[str, Wakers]:
        """By target, what tells from the slots that have a word in a post which forms can match.

        A record is numbered among those of its target, as ``of(target)`` gives them.  Of the
        elements that a form must have, the one whose words are rarest in text wakes it, so that
        most posts look at few forms.
        """
        out = {}
        for target in TARGETS:
            forms: dict[str, list[tuple[int, int, tuple[int, ...]]]] = {}
            for i, pattern in enumerate(self.of(target)):
                for j, form in enumerate(pattern.forms):
                    must = [element for element in form.elements if not element.optional]
                    needed = tuple(self.bits_of(element.slots) for element in must)
                    for slot in self.rarest(must).slots:
                        for leaf in self.composites.get(slot, (slot,)):
                            forms.setdefault(leaf, []).append((i, j, needed))
            out[target] = Wakers(
                self.bits_of(forms), {slot: tuple(rows) for slot, rows in forms.items()}
            )
        return out

    @cached_property
    def restless(self) -> Mapping[str, tuple[int, ...]]:
        """By target, the records that find by a regex, which no slot can wake."""
        return {
            target: tuple(i for i, p in enumerate(self.of(target)) if p.regex is not None)
            for target in TARGETS
        }

    def rarest(self, elements: Sequence[Element]) -> Element:
        """Of these elements the one whose words are rarest in text, as their length tells."""
        return min(elements, key=lambda element: sum(map(self._commonness, element.slots)))

    @cached_property
    def _commonness(self) -> Callable[[str], float]:
        """A rough guess at how often a slot's words stand in text: short words are common."""
        return cache(self._guessed_commonness)

    def _guessed_commonness(self, slot: str) -> float:
        total = 0.0
        for leaf in self.composites.get(slot, (slot,)):
            if leaf in DETAIL_SLOTS:
                total += 30.0 if leaf == "name" else 5.0
            for word in self.words(leaf):
                size = len(word)
                total += 0.5 ** (size if word.isascii() else 3 * size - 2)
        return total

    def get(self, pattern_id: str) -> Pattern:
        """The record of that id.

        Raises:
            KeyError: when there is none.
        """
        for pattern in self.patterns:
            if pattern.id == pattern_id:
                return pattern
        raise KeyError(pattern_id)

    def words(self, slot: str) -> tuple[str, ...]:
        """The words of a slot, () when no file gives it."""
        found = self.slots.get(slot)
        return found.words if found else ()


# -- places -----------------------------------------------------------------------------------


def shipped() -> Traversable:
    """The folder of the shipped pack: inside the package, or beside it in a source tree."""
    inside = resources.files("injunction_screen") / "patterns"
    if (inside / "pack.toml").is_file():
        return inside
    return Path(__file__).resolve().parent.parent / "patterns"


@cache
def default_book() -> PatternBook:
    """The shipped pack, read once."""
    return read_book()


def read_book(*packs: str | Path) -> PatternBook:
    """Read the shipped pack and then the user's own ``packs`` over it.

    A user's slot of a known name adds words to it; a user's record needs an id of its own.

    Raises:
        PatternFileError: when a file or a record is not right.
    """
    reader = _Reader()
    reader.read(shipped(), own=False)
    for pack in packs:
        folder = Path(pack)
        if not (folder / "pack.toml").is_file():
            raise PatternFileError(
                str(pack), None, "there is no pack.toml; make one with a name and a version"
            )
        reader.read(folder, own=True)
    return reader.book()


# -- reading ----------------------------------------------------------------------------------


class _Reader:
    """Collects what the files say; ``book()`` puts it together."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Any], bool]] = []
        self.slots: dict[str, Slot] = {}
        self.lists: dict[str, list[tuple[str, ...]]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.packs: list[str] = []
        self.scanned: set[str] = set()
        self.purposes: dict[str, PurposeRule] = {}
        self.digest = hashlib.sha256()

    def read(self, root: Traversable, *, own: bool) -> None:
        for where, content in _files(root):
            self.digest.update(where.encode() + b"\0" + content + b"\0")
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise PatternFileError(where, None, f"is not UTF-8: {error.reason}") from None
            if where.endswith(".txt"):
                self._read_list(where, text)
            else:
                self._read_toml(where, text, own=own)

    def _read_list(self, where: str, text: str) -> None:
        name = where.removesuffix(".txt")
        rows = [
            tuple(part.strip() for part in line.split("\t"))
            for line in text.splitlines()
            if line.strip() and not line.startswith("#")
        ]
        self.lists.setdefault(name, []).extend(rows)

    def _read_toml(self, where: str, text: str, *, own: bool) -> None:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PatternFileError(where, None, f"is not TOML: {error}") from None
        if where == "pack.toml":
            for key in ("name", "version"):
                if not isinstance(data.get(key), str):
                    raise PatternFileError(where, None, f"needs a string '{key}'")
            self.packs.append(f"{data['name']} {data['version']}")
            self.scanned.update(data.get("scan", ()))
            return
        if where.startswith("orders/"):
            name = Path(where).stem
            if name in self.orders:
                raise PatternFileError(where, name, "another pack has an order of that name")
            self.orders[name] = data | {"file": where}
            return
        for name, body in data.pop("purpose", {}).items():
            self._add_purpose(where, name, body)
        for name, body in data.pop("slot", {}).items():
            self._add_slot(where, name, body)
        for record in data.pop("pattern", []):
            self.records.append((where, record, own))
        if data:
            raise PatternFileError(
                where,
                None,
                f"has an unknown key '{next(iter(data))}'; use [slot.NAME] or [[pattern]]",
            )

    def _add_slot(self, where: str, name: str, body: Any) -> None:
        if not isinstance(body, dict) or not isinstance(body.setdefault("words", []), list):
            raise PatternFileError(where, f"slot.{name}", "needs a list 'words'")
        unknown = set(body) - {"words", "about", "homophones", "misspellings", "includes"}
        if unknown:
            raise PatternFileError(where, f"slot.{name}", f"has an unknown key '{min(unknown)}'")
        words = body["words"]
        if not all(isinstance(word, str) and word.strip() for word in words):
            raise PatternFileError(where, f"slot.{name}", "has a word that is empty or no string")
        before = self.slots.get(name)
        self.slots[name] = Slot(
            name,
            (*(before.words if before else ()), *words),
            before.file if before else where,
            body.get("about", before.about if before else ""),
            bool(body.get("homophones", before.homophones if before else False)),
            bool(body.get("misspellings", before.misspellings if before else False)),
            (*(before.includes if before else ()), *body.get("includes", ())),
        )

    def _add_purpose(self, where: str, name: str, body: Any) -> None:
        known: dict[str, tuple[type, ...]] = {
            "about": (str,),
            "about_zh": (str,),
            "cancels": (list,),
            "excuses": (bool, list),
        }
        for key, kind in known.items():
            if not isinstance(body.get(key), kind):
                raise PatternFileError(where, f"purpose.{name}", f"needs '{key}'")
        wrong = set(body["cancels"]) - set(CUE_KINDS)
        if wrong:
            raise PatternFileError(where, f"purpose.{name}", f"no such kind '{min(wrong)}'")
        excuses = frozenset(
            body["excuses"] if isinstance(body["excuses"], list) else CATEGORIES * body["excuses"]
        )
        if unknown := excuses - set(CATEGORIES):
            raise PatternFileError(where, f"purpose.{name}", f"no such category '{min(unknown)}'")
        self.purposes[name] = PurposeRule(
            name, body["about"], body["about_zh"], frozenset(body["cancels"]), excuses
        )

    def book(self) -> PatternBook:
        lists = {name: tuple(rows) for name, rows in self.lists.items()}
        folder = Folder(_fold_tables(lists))
        for name in sorted(self.scanned):
            rows = lists.get(name)
            if rows is None:
                raise PatternFileError(
                    "pack.toml", None, f"there is no list {name}.txt to scan for"
                )
            words = tuple(word for row in rows for word in row if word)
            self.slots[name] = Slot(name, words, f"{name}.txt")
        patterns: list[Pattern] = []
        seen: dict[str, str] = {}
        for where, record, own in self.records:
            pattern = _pattern(where, record, own, self.slots, folder)
            if pattern.id in seen:
                raise PatternFileError(where, pattern.id, f"the id is taken in {seen[pattern.id]}")
            seen[pattern.id] = where
            patterns.append(pattern)
        return PatternBook(
            patterns=tuple(patterns),
            slots=self.slots,
            lists=lists,
            orders=self.orders,
            folder=folder,
            purposes=self.purposes,
            composites=_composites(self.slots),
            split_chars={
                fold(halves, folder).lower: fold(whole, folder).lower
                for halves, whole in lists.get("fold/split_chars", ())
            },
            by_sound={
                fold(written, folder).lower: fold(meant, folder).lower
                for written, meant in lists.get("fold/spelt_by_sound", ())
            },
            homophones={
                fold(char, folder).lower: "".join(dict.fromkeys(fold(same, folder).lower))
                for char, same, *_ in lists.get("fold/homophones", ())
            },
            ruleset=self.digest.hexdigest()[:16],
            packs=tuple(self.packs),
        )


def _composites(slots: Mapping[str, Slot]) -> dict[str, tuple[str, ...]]:
    """For each slot that includes others: itself and all that it includes, however deep."""

    def leaves(name: str, seen: tuple[str, ...]) -> Iterator[str]:
        yield name
        for part in slots[name].includes if name in slots else ():
            if part not in slots and part not in DETAIL_SLOTS:
                raise PatternFileError(
                    slots[name].file, f"slot.{name}", f"there is no slot '{part}'"
                )
            if part not in seen:
                yield from leaves(part, (*seen, part))

    return {
        name: tuple(dict.fromkeys(leaves(name, (name,))))
        for name, slot in slots.items()
        if slot.includes
    }


def _files(root: Traversable) -> Iterator[tuple[str, bytes]]:
    def walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir():
                yield from walk(entry, f"{prefix}{entry.name}/")
            elif entry.name.endswith((".toml", ".txt")):
                yield prefix + entry.name, entry.read_bytes()

    yield from walk(root, "")


def _fold_tables(lists: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {"confusable": {}, "digit": {}, "variant": {}}
    for name, table in (("fold/confusables", "confusable"), ("fold/digits", "digit")):
        for code, plain, *_ in lists.get(name, ()):
            tables[table][chr(int(code.removeprefix("U+"), 16))] = plain
    for char, plain, *_ in lists.get("fold/simplified", ()):
        tables["variant"][char] = plain
    return tables


# -- records ----------------------------------------------------------------------------------


def _pattern(
    where: str,
    record: Mapping[str, Any],
    own: bool,
    slots: Mapping[str, Slot],
    folder: Folder,
) -> Pattern:
    name = record.get("id")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_-]+)+", name):
        raise PatternFileError(where, str(name), "needs an id like 'phone.hk'")
    unknown = set(record) - _FIELDS
    if unknown:
        raise PatternFileError(where, name, f"has an unknown key '{min(unknown)}'")
    targets = [target for target in TARGETS if target in record]
    if len(targets) != 1:
        raise PatternFileError(where, name, f"needs exactly one of {', '.join(TARGETS)}")
    target = targets[0]
    allowed = TARGETS[target]
    if allowed is not None and record[target] not in allowed:
        raise PatternFileError(where, name, f"{target} '{record[target]}' is not in the guide")
    if not isinstance(record.get("about"), str):
        raise PatternFileError(where, name, "needs a sentence 'about'")
    if ("regex" in record) == ("forms" in record):
        raise PatternFileError(where, name, "needs either 'regex' or 'forms'")
    forms = tuple(_form(where, name, source, slots) for source in record.get("forms", ()))
    examples = tuple(_example(where, name, e) for e in record.get("examples", ()))
    counters = tuple(_example(where, name, e) for e in record.get("counter_examples", ()))
    for counter in counters:
        if not counter.why:
            raise PatternFileError(where, name, "a counter-example needs a 'why'")
    return Pattern(
        id=name,
        target=target,
        name=record[target],
        file=where,
        about=record["about"],
        regex=_rule(where, name, record, "regex", slots, folder, own=own),
        holds=_rule(where, name, record, "holds", slots, folder, own=own),
        forms=forms,
        options={
            key: value
            for key, value in record.items()
            if key not in ("id", "about", "regex", "holds", "forms", *TARGETS)
            and "examples" not in key
            and key != "known_misses"
        },
        examples=examples,
        counter_examples=counters,
        known_misses=tuple(_example(where, name, e) for e in record.get("known_misses", ())),
        own=own,
    )


def _example(where: str, name: str, entry: Any) -> Example:
    body = entry if isinstance(entry, dict) else {"text": entry}
    marked = body.get("text")
    if not isinstance(marked, str) or set(body) - {"text", "why"}:
        raise PatternFileError(where, name, "an example is a string or { text = ..., why = ... }")
    text, spans, at = "", [], 0
    for part in re.split(f"({MARK_OPEN}|{MARK_CLOSE})", marked):
        if part == MARK_OPEN:
            at = len(text)
        elif part == MARK_CLOSE:
            spans.append((at, len(text)))
        else:
            text += part
    return Example(text, tuple(spans), body.get("why", ""))


_FORM_PART = re.compile(
    r"\s+|\[([\w|/]+)\](\??)|\(([^()]+)\)(\??)|\.\.(\d+)|~(\d+)|-(\d+)|(\^)|(\$)|(<)"
)


def _form(where: str, name: str, source: Any, slots: Mapping[str, Slot]) -> Form:
    if not isinstance(source, str):
        raise PatternFileError(where, name, "a form is a string")
    elements: list[Element] = []
    opens = closes = begins = False
    gap, crosses, tied = 0, False, False
    at = 0
    while at < len(source):
        part = _FORM_PART.match(source, at)
        if part is None:
            raise PatternFileError(where, name, f"cannot read the form at '{source[at : at + 12]}'")
        at = part.end()
        named, maybe, inline, inline_maybe, near, far, close, start, end, clause = part.groups()
        if near or far or close:
            gap, crosses, tied = int(near or far or close), bool(far), bool(close)
        elif start:
            opens = True
        elif end:
            closes = True
        elif clause:
            begins = True
        elif named or inline:
            if named:
                wanted = tuple(named.split("|"))
                for slot in wanted:
                    if slot not in slots and slot not in DETAIL_SLOTS:
                        raise PatternFileError(where, name, f"there is no slot '{slot}'")
            else:
                wanted = (f"({inline})",)
                _inline_slot(slots, inline, where)
            elements.append(Element(wanted, gap, crosses, bool(maybe or inline_maybe), tied))
            gap, crosses, tied = 0, False, False
    if not any(not e.optional for e in elements):
        raise PatternFileError(where, name, "a form needs one element that must be there")
    if elements[0].optional:
        raise PatternFileError(where, name, "the first element of a form must be there")
    return Form(tuple(elements), opens, closes, source, begins)


# Details found before the cues are read can stand in a form: [phone], [name] ...
DETAIL_SLOTS = frozenset(CATEGORIES)
_KEPT = 10_000  # answers to which records are worth trying


def _inline_slot(slots: Mapping[str, Slot], inline: str, where: str) -> None:
    name = f"({inline})"
    if name not in slots:
        words = tuple(word.strip() for word in inline.split("|") if word.strip())
        slots[name] = Slot(name, words, where)  # type: ignore[index]


class Rule:
    """A regex of a pattern file, compiled when it is first asked for anything.

    A compiled regex in all it can do; few posts need more than some of the hundreds there are.
    """

    __slots__ = ("_build", "_built")

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._built: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            self._built = self._build()
        return getattr(self._built, name)


def _rule(
    where: str,
    name: str,
    record: Mapping[str, Any],
    key: str,
    slots: Mapping[str, Slot],
    folder: Folder,
    *,
    own: bool,
) -> Any:
    """The record's regex of that key; a user's own is compiled and tried at once."""
    if key not in record:
        return None
    if not isinstance(record[key], str):
        raise PatternFileError(where, name, f"{key} is a string")
    if own:
        return _safe(where, name, _regex(where, name, record, key, slots, folder), key)
    return Rule(lambda: _regex(where, name, record, key, slots, folder))


def _regex(
    where: str,
    name: str,
    record: Mapping[str, Any],
    key: str,
    slots: Mapping[str, Slot],
    folder: Folder,
) -> Any:
    source = record[key]
    wanted = {slot: slot for slot in re.findall(r"\\L<([\w/]+)>", source)}
    lists: dict[str, list[str]] = {}
    for slot in wanted:
        if slot not in slots:
            raise PatternFileError(where, name, f"there is no slot '{slot}'")
        listed = slot.replace("/", "_")
        source = source.replace(f"\\L<{slot}>", f"\\L<{listed}>")
        lists[listed] = sorted(
            {fold(w, folder).text for w in slots[slot].words}, key=len, reverse=True
        )
        if not record.get("case"):
            lists[listed] = [w.lower() for w in lists[listed]]
    flags = regex.VERBOSE | regex.VERSION0
    # The text is folded (and in lower case) before it is matched, so the pattern must be too.
    source = "".join(c if c.isascii() else folder.of(c) or c for c in source)
    try:
        options: dict[str, Any] = dict(lists)  # the named lists are keyword arguments
        return regex.compile(
            source, flags if record.get("case") else flags | regex.IGNORECASE, **options
        )
    except regex.error as error:
        raise PatternFileError(where, name, f"the {key} is wrong: {error}") from None


# Short texts on which a regex with nested or open repeats already takes for ever.
_HOSTILE = tuple(unit * 1500 + "!" for unit in ("a", "9", "我", "a ", "a.", "@a", "(", "-"))
_PATIENCE = 0.2  # seconds for one of them


def _safe(where: str, name: str, compiled: Any, key: str) -> Any:
    """A user's regex as it is, unless it runs away on a hostile text."""
    for text in _HOSTILE:
        try:
            for _ in compiled.finditer(text, timeout=_PATIENCE):
                pass
        except TimeoutError:
            raise PatternFileError(
                where, name, f"the {key} runs away on a long text; bound its repeats"
            ) from None
    return compiled


def folded_words(slot: Slot, folder: Folder) -> Iterable[str]:
    """The words of a slot in canonical form, case kept, without doubles."""
    # All in one go: characters are folded one by one, so no word minds its neighbours.
    return dict.fromkeys(map(str.strip, fold("\n".join(slot.words), folder).text.split("\n")))

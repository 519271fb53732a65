"""Build the plain-text gazetteers in ``patterns/gazetteers`` from the raw CSV lists.

In: a folder of CSV files (``--data``: streets.csv, estates_public.csv, ...), the word list
``rime_cantonese_words.tsv`` (``--words``, default ``DATA/../words/``) and the hand-made additions
and stop lists of ``training/compiled``.
Out: one UTF-8 text file for each list, ``#`` header lines first, one entry a line, forms of one
entry separated by a tab (traditional Chinese first, then English), sorted and unique.

Run: ``python training/gazetteers.py --data PATH``
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILED = ROOT / "training" / "compiled"
CJK = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{CJK}]")
HAN_ONLY = re.compile(f"^[{CJK}]+$")

Row = tuple[str, ...]

# Stray simplified or variant characters inside the raw traditional columns.
STRAY = str.maketrans("万儿携洁灶琼厦筑户銮灏玺顔", "萬兒攜潔竈瓊廈築戶鑾灝璽顏")

# Romanised syllables of the raw lists that are junk or English words no Hong Kong name uses.
SYLLABLE_DROP = frozenset(
    [
        "$",
        "d",
        "ball",
        "bark",
        "barn",
        "bart",
        "beah",
        "beep",
        "book",
        "boot",
        "bor",
        "bork",
        "buck",
        "bunn",
        "bye",
        "card",
        "cart",
        "cut",
        "dart",
        "dork",
        "duck",
        "fart",
        "for",
        "fork",
        "foot",
        "fort",
        "fun",
        "garm",
        "gun",
        "gut",
        "hay",
        "hey",
        "hork",
        "jark",
        "kar",
        "lark",
        "larn",
        "mat",
        "meah",
        "moor",
        "mut",
        "park",
        "peah",
        "por",
        "sir",
        "sor",
        "ship",
        "tart",
        "ten",
        "wood",
        "woot",
    ]
)
ROUGH_SYLLABLE = re.compile(r"^[a-z]*a(?:rk|rm|rn|rp|rt|rng)$|^[a-z]*ork$")

INSTITUTION = re.compile(
    r"大學|學校|書院|學院|醫院|護老院|安老院|護理院|診所|寺$|教會|神召會|會所|博物館|文物|酒店|旅舍|"
    r"商場|美食|青年綠洲|渡假屋|過渡性房屋|學生|宿舍E|輸入勞工|鄭翼之|盛德中心|培立中心|街坊|心理衛生"
)
SHOP_EN = re.compile(
    r"school|college of|university|hospital|church|museum|hostel|hostal|temple|monastery|"
    r"student|refuse|hotel|clinic|shop|caritas|rehabilitation|elderly|care home|transitional|home for",
    re.IGNORECASE,
)
ADDRESS_ZH = re.compile(
    r"(?:道|街|路|徑|里|坊|臺|台|巷|村)(?:東|西|南|北|中)?\s*[0-9０-９一二三四五六七八九十]+[\dA-Za-z及\-至、 ]*號?[A-Z]?$"
    r"|^[0-9].*道$|徑[0-9]+號|道\d+號"
)
STREET_END = re.compile(r"(?:街|路|道|徑|里|巷|坊)$")
PHASE_ZH = re.compile(
    r"[\s\-–_]*(?:[（(].*|第?[0-9一二三四五六七八九十IVX]+[A-Z]?\s*(?:至第?[0-9一二三四五六七八九十]+)?(?:期|段|座).*"
    r"|[A-Z0-9 ‐\-、及]+座.*|[A-Z](?:期).*)$"
)
PHASE_EN = re.compile(
    r"[\s\-–]*(?:\(.*|\b(?:phase|stage|site|blocks?|towers?|portion)(?:\s+|(?=\d))(?:[\divx]+[a-e]?|[a-z])\b.*)$",
    re.IGNORECASE,
)


def compiled(name: str) -> list[str]:
    """Return the lines of one hand-made list (comments and blank lines left out)."""
    text = (COMPILED / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip() and not line.startswith("#")]


def compiled_rows(name: str) -> list[Row]:
    """Return the tab-separated rows of one hand-made list."""
    return [tuple(line.split("\t")) for line in compiled(name)]


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one raw CSV file."""
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    skip = {"zh_hans"}
    return [
        {k: (v or "").strip().translate(STRAY) for k, v in row.items() if k and k not in skip}
        for row in rows
    ]


def write(
    target: Path, header: Sequence[str], rows: Iterable[Row], *, keep_order: bool = False
) -> int:
    """Write one list with its header; return the number of entries."""
    lines = {"\t".join(form for form in row): None for row in rows if row and row[0]}
    ordered = list(lines) if keep_order else sorted(lines)
    target.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(f"# {line}\n" for line in header) + "".join(f"{line}\n" for line in ordered)
    target.write_text(body, encoding="utf-8", newline="\n")
    print(f"{target.name}\t{len(ordered)}")
    return len(ordered)


def forms_row(zh: Iterable[str], en: Iterable[str]) -> Row:
    """Return one entry: Chinese forms, then English ones, each once and in order of arrival."""
    return tuple(dict.fromkeys([f for f in zh if f] + [f for f in en if f]))


def merge(rows: Iterable[Row]) -> list[Row]:
    """Join the entries that share their first form; Chinese forms stay before the others."""
    table: dict[str, list[str]] = {}
    for row in rows:
        if row:
            table.setdefault(row[0], []).extend(row)
    return [
        forms_row([f for f in forms if HAN.search(f)], [f for f in forms if not HAN.search(f)])
        for forms in table.values()
    ]


def streets(data: Path) -> list[Row]:
    """Streets with their everyday forms, ordinary words left out."""
    drop_zh, drop_en = set(compiled("street_drop_zh.txt")), set(compiled("street_drop_en.txt"))
    rows: list[Row] = []
    for row in read_csv(data, "streets.csv"):
        zh, en = row["zh_hant"], row["en"]
        zh_forms = [zh.replace(" - ", "")] if " - " in zh else [zh]
        en_forms = [en, en.replace(" - ", ", ")] if " - " in en else [en]
        zh_forms = [z for z in zh_forms if z not in drop_zh and len(z) >= 2]
        rows.append(forms_row(zh_forms, [e for e in en_forms if e not in drop_en]))
    rows.extend(compiled_rows("streets_extra.txt"))
    return merge(rows)


def clean_estate(zh: str, en: str) -> tuple[list[str], list[str]]:
    """Return the base names of one raw estate row: phases, blocks and brackets trimmed."""
    zh = zh.replace("天玺", "天璽").replace("匯玺", "匯璽").replace("_", " ").replace("玺", "璽")
    en = en.replace("&amp;", "&").strip('" ')
    if re.search(r"[（(][一二三四南北東西上下][)）]", zh):
        zh_forms = [re.sub(r"\s+", "", zh)]
        zh_forms.append(re.sub(r"[（()）]", "", zh_forms[0]))
    else:
        base = PHASE_ZH.sub("", zh).strip(" -–")
        zh_forms = [base if len(base) >= 2 else zh]
        if "." in zh_forms[0] or "." in zh or "‧" in zh or "·" in zh:
            zh_forms.append(re.sub(r"[.‧·\s]", "", zh_forms[0]))
        zh_forms = [re.sub(r"\s+", "", z) for z in zh_forms]
    en_forms = []
    for name in re.split(r"\s*/\s*", en) if "/" in en and HAN.search(zh) else [en]:
        trimmed = PHASE_EN.sub("", name).strip(" ,-–") if name[:1].isalpha() else name
        trimmed = re.sub(r"^(Lohas Park|Olympian City) \d+$", r"\1", trimmed)
        en_forms.append(trimmed if len(trimmed) > 3 else name)
    if "/" in zh_forms[0]:
        zh_forms = [z.strip() for z in zh_forms[0].split("/")]
    if re.search(r"\((?:north|south|east|west|i|ii|[12])\)", en, re.IGNORECASE) and en.endswith(
        "Estate"
    ):
        base_en = re.sub(r"\s*\((?:north|south|east|west|i|ii|\d)\)", "", en, flags=re.IGNORECASE)
        en_forms = [
            re.sub(r"\((\w+)\)", lambda m: "(" + m.group(1).capitalize() + ")", en),
            base_en,
        ]
    en_forms = [re.sub(r"\bI[Ii]+\b", lambda m: m.group(0).upper(), e) for e in en_forms]
    return zh_forms, [re.sub(r"\s+", " ", e).strip() for e in en_forms]


def good_english_estate(name: str, drop: set[str], keep_single: set[str]) -> bool:
    """Say whether an English estate name is distinct enough to search for."""
    if (
        len(name) < 4
        or name in drop
        or HAN.search(name)
        or SHOP_EN.search(name)
        or re.search(r",| - |@|&", name)
    ):
        return False
    if " " not in name and not re.search(r"\d", name):
        return name in keep_single
    if re.match(r"^(?:no\.?\s*)?\d", name, re.IGNORECASE) or name.count("(") != name.count(")"):
        return False
    road = re.search(
        r"\b(?:road|street|avenue|lane|path|drive|rise|close|circuit|crescent|link)\b",
        name,
        re.IGNORECASE,
    )
    return not (road and re.search(r"\d", name)) and not name.endswith(
        ("Road", "Street", "Lane", "Path")
    )


def estates(data: Path) -> list[Row]:
    """Public estates, courts, private estates and buildings under their base names."""
    drop_zh, drop_en = set(compiled("estate_drop_zh.txt")), set(compiled("estate_drop_en.txt"))
    keep_zh2, keep_en1 = set(compiled("estate_keep_zh2.txt")), set(compiled("estate_keep_en1.txt"))
    quarters = {row["zh_hant"] for row in read_csv(data, "disciplined_quarters.csv")}
    courts = {q for q in quarters if q.endswith("苑")}
    places = {row["zh_hant"] for row in read_csv(data, "subareas.csv")}
    places |= {row["zh_hant"] for row in read_csv(data, "districts.csv")}
    places |= {row["zh_hant"] for row in read_csv(data, "mtr_stations.csv")}
    street_names = {row["zh_hant"] for row in read_csv(data, "streets.csv")}
    raw = [(r["zh_hant"], r["en"]) for r in read_csv(data, "estates_public.csv")]
    raw += [(r["zh_hant"], r["en"]) for r in read_csv(data, "estates_private_epd.csv")]
    rows: list[Row] = []
    for zh, en in raw:
        if INSTITUTION.search(zh) or (zh in quarters and zh not in courts):
            continue
        if SHOP_EN.search(en) and not zh.endswith(("邨", "苑", "宿舍", "花園", "大廈")):
            continue
        address = bool(ADDRESS_ZH.search(zh))
        zh_forms, en_forms = clean_estate(zh, en)
        if zh in drop_zh or zh_forms[0] in drop_zh:
            continue
        good_zh = []
        for form in zh_forms:
            if (
                address
                or form in drop_zh
                or not HAN_ONLY.match(re.sub(r"[0-9A-Z.‧·（）()]", "", form) or "x")
            ):
                continue
            if not HAN.search(form) or form in places or form in street_names:
                continue
            if len(form) < 2 or (len(form) == 2 and form not in keep_zh2):
                continue
            if STREET_END.search(form) and len(form) <= 4:
                continue
            good_zh.append(form)
        if address and re.search(r"\d|\b(?:Road|Street|Path|Terrace)\b", en):
            en_forms = []
        good_en = [e for e in en_forms if good_english_estate(e, drop_en, keep_en1)]
        rows.append(forms_row(good_zh, good_en))
        for form in good_zh:
            group = re.sub(r"[（(][一二三四南北東西][)）]", "", form)
            group = re.sub(r"^(.{2,})[一二](邨)$", r"\1\2", group)
            if group != form:
                rows.append(
                    forms_row(
                        [group], [re.sub(r"\s*\([^)]*\)|\s+(?:I|II|1|2)\b", "", e) for e in good_en]
                    )
                )
    for row in compiled_rows("estates_extra.txt"):
        zh_forms = [f for f in row if HAN.search(f) and (len(f) > 2 or f in keep_zh2)]
        rows.append(forms_row(zh_forms, [f for f in row if not HAN.search(f) and f not in drop_en]))
    merged = merge([row for row in rows if row])
    paired = {form for row in merged if HAN.search(row[0]) for form in row[1:]}
    return [row for row in merged if HAN.search(row[0]) or row[0] not in paired]


def blocks(data: Path) -> list[Row]:
    """Named blocks of public estates (numbered blocks and notes left out)."""
    rows: list[Row] = []
    for row in read_csv(data, "estate_blocks_public.csv"):
        zh = (
            re.sub(r"\s*[（(].*?[)）]|\s*(?:高座|低座)$", "", row["block_zh"])
            .strip()
            .replace("暢閱", "暢閣")
        )
        en = re.sub(r"\s*\(.*?\)|\s*(?:High|Low|Upper|Lower) Block.*$", "", row["block_en"]).strip(
            " -,"
        )
        zh_parts, en_parts = (
            re.split(r"[、/]", zh),
            [e.strip() for e in re.split(r"[/,]|\band\b", en)],
        )
        pairs = (
            zip(zh_parts, en_parts, strict=True)
            if len(zh_parts) == len(en_parts)
            else ((z, "") for z in zh_parts)
        )
        for zh_part, en_part in pairs:
            if re.fullmatch(f"[{CJK}]{{1,5}}[樓閣臺台]", zh_part) and not re.search(
                r"座|期|設施|長者", zh_part
            ):
                ok = re.search(r"[A-Za-z]{3}", en_part) and not re.match(
                    r"(?:Block|Tower|NA)\b", en_part
                )
                rows.append(forms_row([zh_part], [en_part if ok else ""]))
    return merge(rows)


def places(data: Path) -> list[Row]:
    """Regions, districts, sub-areas, stations and localities."""
    drop = set(compiled("places_drop.txt"))
    rows: list[Row] = []
    for row in read_csv(data, "districts.csv"):
        zh, en = row["zh_hant"], row["en"]
        rows.append(forms_row([zh], [en if en not in drop else ""]))
        if len(zh) > 2:
            rows.append(forms_row([zh[:-1]], [en.removesuffix(" District")]))
    for name in ("subareas.csv", "mtr_stations.csv"):
        rows.extend(forms_row([row["zh_hant"]], [row["en"]]) for row in read_csv(data, name))
    cleaned = [tuple(f for f in row if f not in drop) for row in rows]
    station = read_csv(data, "mtr_stations.csv")
    cleaned += [
        forms_row([r["zh_hant"] + "站"], [r["en"] + " Station"])
        for r in station
        if r["zh_hant"] in drop
    ]
    cleaned += compiled_rows("places_extra.txt")
    return merge([row for row in cleaned if row])


SMALL = {"of", "the", "and", "in", "at", "for", "by", "on", "de", "cum", "to"}
UPPER = {
    "HKFYG", "HKUGA", "ESF", "YMCA", "YWCA", "YMCA.", "DSC", "NTHYK", "HKSYC&IA", "HHCKLA", "HKSKH", "MFBM", "HKVNS",
    "CCC", "SKH", "PLK", "CNEC", "CMA", "ELCHK", "TWGHS", "UMC", "HK", "HKTA", "YY2", "YY3", "YYI", "VTC", "LKWFSL", "ISF",
    "HKBU", "CUHK", "CUHKFAA", "STFA", "BCA", "AD&FD", "HKMLC", "HKSPC", "KLT", "KK", "II", "III", "IV", "PHC", "TWGHs",
    "CCCMC", "SPHRC", "CCMC", "GCEPSA", "PLHKS", "YLPMS", "YLPMSAA", "FDBWA", "QESOSA", "LST", "RTC", "YOT", "NLSI", "ECF", "YCH",
}  # fmt: skip


def title_case(name: str) -> str:
    """Return a school name in title case, keeping the usual capitals of S.K.H., TWGHs, PLK, St. and the like."""
    words = []
    for index, word in enumerate(re.split(r"(\s+|-|\(|\)|/|&)", name)):
        bare = word.strip(".,'")
        if not word or not re.search(r"[A-Za-z]", word):
            words.append(word)
        elif bare.upper() == "TWGHS":
            words.append("TWGHs")
        elif (
            bare.upper() in UPPER
            or re.fullmatch(r"(?:[A-Z]\.){1,5}[A-Z]?,?", word)
            or len(bare) == 1
        ):
            words.append(word)
        elif word.lower() in SMALL and index and "(" not in words[-2:]:
            words.append(word.lower())
        else:
            low = word.lower()
            low = low[:1].upper() + low[1:]
            words.append(
                re.sub(r"\b(O'|D'|Mc)([a-z])", lambda m: m.group(1) + m.group(2).upper(), low)
            )
    text = "".join(words)
    text = re.sub(r"\bMcs?\b", lambda m: m.group(0), text)
    return re.sub(r"'S\b", "'s", text)


def english_school_forms(en: str) -> list[str]:
    """Return an English school name with the usual long and short spelling of its sponsor."""
    forms = [
        re.sub(r"\s*\((?:PRIMARY|SECONDARY|KINDERGARTEN) SECTION\)", "", en, flags=re.IGNORECASE)
    ]
    swaps = (
        ("Tung Wah Group of Hospitals", "TWGHs"),
        ("Po Leung Kuk", "PLK"),
        ("The Church of Christ in China", "CCC"),
        ("Sheng Kung Hui", "S.K.H."),
    )
    titled = [title_case(f) for f in forms]
    for long, short in swaps:
        for form in list(titled):
            if form.startswith(long + " "):
                titled.append(form.replace(long, short, 1))
            elif form.startswith(short + " "):
                titled.append(form.replace(short, long, 1))
    return titled


def schools(data: Path) -> list[Row]:
    """Schools: full names, names without the sponsor when unique, English names in title case."""
    prefixes = sorted(compiled("school_prefixes.txt"), key=len, reverse=True)
    table: dict[str, list[str]] = {}
    english_only: list[Row] = []
    for row in read_csv(data, "schools.csv"):
        zh = re.sub(r"[　\s]+", "", row["zh_hant"])
        en = [f for f in english_school_forms(row["en"]) if " " in f]
        section = r"[（(﹝〈](?:中學部|小學部|幼稚園部|幼稚園|小學|中學|分校|本校)[)）﹞〉]"
        zh = re.sub(section, "", zh)
        zh = zh.translate(str.maketrans("（）﹝﹞〈〉－", "()()()-"))
        if not HAN.search(zh):
            english_only.append(forms_row([], en))
        else:
            table.setdefault(zh, []).extend(en)
    shorts: dict[str, dict[str, set[str]]] = {}
    generic = re.compile(
        r"^(?:(?:第[一二三四五六]|[一二三四五六]|紀念|女子|英文|中英文|國際|中|小|官立|津貼|學會|英文小|書院|暨|"
        r"幼兒|幼稚園|幼兒園)*)(?:學校|中學|小學|書院|幼稚園|幼兒園|學)$"
    )
    for zh in table:
        mine: set[str] = set()
        for prefix in prefixes:
            rest = zh.removeprefix(prefix)
            if rest != zh and re.search(r"(?:學校|中學|小學|書院|幼稚園|幼兒園|學院)", rest):
                mine.add(rest)
        bare = re.sub(r"\(.*?\)", "", zh)
        if bare != zh and len(bare) >= 4:
            mine.add(bare)
        mine |= {re.sub(r"\(.*?\)", "", m) for m in mine}
        for short in mine:
            han = re.sub(r"\(.*?\)", "", short)
            if len(han) >= 4 and not generic.match(han):
                shorts.setdefault(short, {})[zh] = set()
    local = {
        row["zh_hant"]
        for name in ("subareas.csv", "mtr_stations.csv")
        for row in read_csv(data, name)
    }
    rows: list[Row] = []
    for zh, en in table.items():
        own = [
            s
            for s, owners in shorts.items()
            if zh in owners and len(owners) == 1 and s not in table
        ]
        own = [
            s for s in own if re.sub(r"(?:學校|中學|小學|書院|幼稚園|幼兒園)$", "", s) not in local
        ]
        rows.append(forms_row([zh, *sorted(own, key=lambda s: (-len(s), s))], en))
    return merge(rows) + merge(english_only)


def surname_tables(data: Path) -> tuple[list[Row], list[Row]]:
    """Surnames in Chinese with frequency and romanisations, and the same by romanised spelling."""
    table: dict[str, tuple[float, list[str]]] = {}
    for row in read_csv(data, "surnames.csv"):
        roman = [r for r in row["roman_hk_compiled"].split("|") if r] or [
            r for r in row["roman_generic_mit"].split("|") if r and r.lower() not in SYLLABLE_DROP
        ]
        if row["zh_hant"] not in {"黄", "候", "洗", "睦", "粘", "譽", "鄉", "資", "買", "卡", "褟"}:
            table[row["zh_hant"]] = (float(row["freq_faker_hk"] or 0.00001), roman)
    for zh, roman_text in compiled_rows("surnames_extra.txt"):
        freq, roman = table.get(zh, (0.00001, []))
        table[zh] = (freq, list(dict.fromkeys(roman + roman_text.split("|"))))
    spelled: dict[str, dict[str, None]] = {}
    for row in read_csv(data, "surnames_romanised.csv"):
        text = row["zh_candidates"]
        for zh in re.findall(r"\(([^)]+)\)", text) + list(re.sub(r"\([^)]*\)", "", text)):
            if zh in table:
                spelled.setdefault(row["roman"], {})[zh] = None
    for roman_name, text in compiled_rows("surnames_roman_extra.txt"):
        for zh in [text] if text in table else list(text):
            spelled.setdefault(roman_name, {})[zh] = None
    for zh, (_, roman) in table.items():
        for name in roman:
            spelled.setdefault(name, {})[zh] = None
    zh_rows: list[Row] = [
        (zh, f"{freq:.6f}".rstrip("0"), "|".join(roman)) for zh, (freq, roman) in table.items()
    ]
    roman_rows: list[Row] = []
    for name, found in spelled.items():
        ordered = sorted(found, key=lambda z: -table.get(z, (0.00001, []))[0])
        freq = sum(table.get(z, (0.00001, []))[0] for z in ordered)
        roman_rows.append((name, "|".join(ordered), f"{freq:.6f}".rstrip("0")))
    return zh_rows, roman_rows


def common_words(words: Path, surnames: set[str]) -> list[Row]:
    """Words of two or three characters that begin with a surname character and are no famous person."""
    famous = set(compiled("famous_names.txt"))
    found: set[str] = set()
    with words.open(encoding="utf-8") as handle:
        for line in handle:
            word = line.split("\t", 1)[0]
            if (
                2 <= len(word) <= 3
                and HAN_ONLY.match(word)
                and word[0] in surnames
                and word not in famous
            ):
                found.add(word)
    return [(word,) for word in found]


def given_chars(data: Path) -> list[Row]:
    """Characters of given names with their counts; rows that are the same character are summed."""
    table: dict[str, list[int]] = {}
    for row in read_csv(data, "given_name_chars.csv"):
        counts = table.setdefault(row["char"], [0, 0, 0])
        for index, key in enumerate(("count", "pos1", "pos2")):
            counts[index] += int(row[key] or 0)
    return [(char, *map(str, counts)) for char, counts in table.items()]


def syllable_ok(name: str) -> bool:
    """Say whether a romanised syllable is one that names in Hong Kong use."""
    low = name.lower()
    return low not in SYLLABLE_DROP and not ROUGH_SYLLABLE.match(low)


def police(data: Path) -> tuple[list[Row], list[Row]]:
    """Police ranks and police formations with stations: Chinese, English, abbreviation, other forms."""
    ranks: list[Row] = []
    for row in read_csv(data, "police_ranks.csv"):
        zh, *more = row["zh_hant"].split(";")
        ranks.append(
            (zh, row["en"], row["abbr"], *[s for s in more + row["slang_zh"].split(";") if s])
        )
    ranks += compiled_rows("police_ranks.txt")
    units: list[Row] = []
    for row in read_csv(data, "police_formations.csv"):
        zh, *more = row["zh_hant"].split(";")
        abbr, *other = row["abbr"].split(";")
        en, *more_en = [e.strip() for e in row["en"].split(" / ")]
        others = dict.fromkeys(
            [*more, *more_en, *[o for o in other if len(o) > 1 and o not in {"PC", *more}]]
        )
        units.append((zh, en, abbr if len(abbr) > 1 else "", *others))
    units += compiled_rows("police_units.txt")
    units += [(row[0], row[1], "", *row[2:]) for row in compiled_rows("police_stations.txt")]
    return ([row for row in ranks if len(row) > 1], units)


def judicial(data: Path) -> list[Row]:
    """Judicial titles: Chinese, English, abbreviation, other forms."""
    rows: list[Row] = []
    for row in read_csv(data, "judicial_titles.csv"):
        if row["court"] == "form":
            continue
        titles = [t for t in row["zh_hant"].split(";") if t]
        abbr, *other = row["abbr"].split(";")
        for en in row["en"].split(" / "):
            rows.append((titles[0], en, abbr, *titles[1:], *other))
    rows += [
        (zh, en, abbr)
        for zh, en, abbr in [("法官大人", "Your Honour", ""), ("法官閣下", "My Lord", "")]
    ]
    rows += compiled_rows("judicial_titles.txt")
    return [row if len(row) > 2 else (*row, "") for row in rows]


def build(data: Path, words: Path, out: Path) -> None:
    """Write every gazetteer below ``out``."""
    gov = "Source: facts of Hong Kong government open data (data.gov.hk terms of use, attribution)"
    chunlaw = "Source: facts compiled in MIT-licensed repositories of chunlaw"
    own = "and entries compiled from general knowledge (training/compiled)"
    made = "Made by training/gazetteers.py. One entry a line, forms separated by a tab, Chinese first. Traditional only."

    def head(what: str, source: str, cleaned: str) -> list[str]:
        return [what, source, "Cleaning: " + cleaned, made]

    write(out / "streets.txt", head("Hong Kong streets", f"{chunlaw} {own}", "ordinary words and forms under two characters "
          "dropped, sections written together, road names used worldwide dropped in English"), streets(data))  # fmt: skip
    write(out / "estates.txt", head("Public estates and courts, private estates and buildings", f"{gov}: Housing Authority, "
          f"EPD; {own}", "shops, schools, institutions, bare addresses, districts and "
          "ordinary words dropped; phases and blocks trimmed; two-character names only when unusual"), estates(data))  # fmt: skip
    write(out / "blocks.txt", head("Named blocks of public estates", f"{gov}: Housing Authority", "numbered blocks, notes and "
          "ranges dropped; high and low blocks joined"), blocks(data))  # fmt: skip
    write(out / "places.txt", head("Regions, districts, sub-areas, MTR stations, localities", f"{chunlaw} {own}",
          "names that are ordinary words or given names dropped (stations kept as X站)"), places(data))  # fmt: skip
    write(out / "villages.txt", head("Villages and hamlets of the New Territories and the islands",
          "Source: compiled from general knowledge", "towns and names that are ordinary words left out"),
          merge(compiled_rows("villages.txt")))  # fmt: skip
    write(out / "schools.txt", head("Schools and kindergartens", f"{gov}: Education Bureau", "title case; short forms without the "
          "sponsoring body added when unique and of four or more characters; (primary section) and the like dropped"), schools(data))  # fmt: skip
    write(out / "school_short.txt", head("Short names and abbreviations of schools and universities",
          "Source: compiled from general knowledge", "none"), compiled_rows("school_short.txt"))  # fmt: skip
    extra_quarters = {row[0]: row[1:] for row in compiled_rows("quarters_forms.txt")}
    quarter_rows = [
        forms_row([r["zh_hant"], *[f for f in extra_quarters.get(r["zh_hant"], ()) if HAN.search(f)]],
                  [r["en_unofficial"], *[f for f in extra_quarters.get(r["zh_hant"], ()) if not HAN.search(f)]])
        for r in read_csv(data, "disciplined_quarters.csv")
    ]  # fmt: skip
    write(out / "quarters.txt", head("Disciplined services quarters named in the court application",
          "Source: facts of the public court papers (English names unofficial)", "everyday forms added"), quarter_rows)  # fmt: skip
    zh_rows, roman_rows = surname_tables(data)
    faker = "Source: frequencies of faker-hk (MIT), romanisations of MIT repositories"
    write(out / "surnames.txt", head("Surnames: surname TAB frequency TAB romanisations separated by |", f"{faker} {own}",
          "rare characters that are ordinary words dropped; missing ones of the Hundred Family Surnames added at 0.00001"), zh_rows)  # fmt: skip
    write(out / "surnames_roman.txt", head("Romanised surnames: spelling TAB surnames separated by | TAB summed frequency",
          f"{faker} {own}", "double surnames added with and without hyphen"), roman_rows)  # fmt: skip
    write(out / "given_chars.txt", head("Characters of given names: character TAB count TAB first position TAB second position",
          chunlaw, "stray simplified characters joined to the traditional ones"), given_chars(data))  # fmt: skip
    given = (data / "given_names_zh.txt").read_text(encoding="utf-8").translate(STRAY).split()
    write(out / "given_names_zh.txt", head("Chinese given names", chunlaw, "unique, Chinese characters only"),
          [(g,) for g in given if HAN_ONLY.match(g)])  # fmt: skip
    syllables = [
        r for r in read_csv(data, "given_name_syllables.csv") if syllable_ok(r["syllable"])
    ]
    write(out / "given_syllables.txt", head("Romanised syllables of given names: syllable TAB weight", chunlaw,
          "English words and rough spellings no name uses dropped"), [(r["syllable"], r["weight"]) for r in syllables])  # fmt: skip
    roman_all = {
        r["syllable"]
        for r in read_csv(data, "hk_roman_syllables_all.csv")
        if syllable_ok(r["syllable"])
    }
    single = {p.lower() for row in roman_rows for p in re.split(r"[ \-]", row[0])}
    write(out / "roman_syllables.txt", head("Romanised syllables in use in Hong Kong names", f"{chunlaw} {own}",
          "junk and English words no name uses dropped"), [(s,) for s in roman_all | {s for s in single if len(s) < 7 and syllable_ok(s)}])  # fmt: skip
    word_names = set(compiled("english_given_words.txt"))
    names = set((data / "english_given_names_hk.txt").read_text(encoding="utf-8").split())
    names |= set(compiled("english_given_extra.txt"))
    write(out / "english_given_names.txt", head("English and other Latin-letter given names usual in Hong Kong; the second column "
          "'word' marks names that are also ordinary words", f"{chunlaw} {own}",
          "unique"), [(n, "word") if n in word_names else (n,) for n in names])  # fmt: skip
    write(out / "common_words.txt", head("Words of two or three characters that begin with a surname character: not names",
          "Source: rime-cantonese word list, CC BY 4.0, https://github.com/rime/rime-cantonese",
          "other words, and famous persons (training/compiled/famous_names.txt), dropped"),
          common_words(words, {row[0] for row in zh_rows if len(row[0]) == 1}))  # fmt: skip
    write(out / "hotlines.txt", head("Public numbers, never personal: number TAB what",
          "Source: public announcements (police.gov.hk, news.gov.hk, libphonenumber)", "none"),
          [(r["number"], r["what"]) for r in read_csv(data, "public_hotlines.csv")])  # fmt: skip
    rank_rows, unit_rows = police(data)
    write(out / "police_ranks.txt", head("Police ranks: Chinese TAB English TAB abbreviation TAB slang and other forms",
          f"Source: public rank structure {own}", "one rank a line, an empty column where nothing is known"), rank_rows)  # fmt: skip
    write(out / "police_units.txt", head("Police formations, districts and stations: Chinese TAB English TAB abbreviation TAB other forms",
          f"Source: public annual reviews {own}", "one formation a line, an empty column where nothing is known"), unit_rows)  # fmt: skip
    write(out / "judicial_titles.txt", head("Judicial titles: Chinese TAB English TAB abbreviation TAB other forms",
          f"Source: Judiciary publications {own}", "derogatory forms left out"), judicial(data))  # fmt: skip


def main() -> None:
    """Read the command line and build the lists."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the raw CSV files")
    parser.add_argument(
        "--words", type=Path, help="rime_cantonese_words.tsv (default: DATA/../words/)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "patterns" / "gazetteers")
    args = parser.parse_args()
    words = args.words or args.data.resolve().parent / "words" / "rime_cantonese_words.tsv"
    build(args.data, words, args.out)


if __name__ == "__main__":
    main()

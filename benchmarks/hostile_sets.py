"""How much of HateCheck's threats is found, and how often harmless functions fire.

    python benchmarks/hostile_sets.py FOLDER [--without-reader]

FOLDER holds ``en_hatecheck.jsonl`` (HateCheck, Röttger et al. 2021) and ``zh_mhc_mandarin.jsonl``
(Multilingual HateCheck, 2022), both CC BY 4.0 and test sets only.  A post counts as found when any
strong cue is; threats in the functions of disguised spelling (``spell_``), which the sets do not
mark, are told by the words of their templates and counted by themselves.  Functions that aim at an
individual or a group which is no protected one (``target_indiv``, ``target_group``) are left out of
the harmless ones, for some of them threaten.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from injunction_screen import Screener

THREATS = ("threat_dir_h", "threat_norm_h")
SPELT = re.compile(
    "沙死|去四|某杀|处诀|石欠|强奸|月孛|纟冬|火尧|sha死|去si|割喉|捅si|klil|deaht|tortuer|suffre|execuetd"
    "|strangel|murdr|deth|killd|rap(?:e|ing)|throat|todie|hangall|stabthose|k i l l|shoot|d i e"
    "|d e a d|burned|k1ll|d3ath|st4b",
    re.IGNORECASE,
)


def main() -> None:
    folder = Path(sys.argv[1])
    screener = Screener(second_reader="--without-reader" not in sys.argv)
    for name in ("en_hatecheck", "zh_mhc_mandarin"):
        found = there = fired = harmless = spelt = spelt_found = 0
        for line in (folder / f"{name}.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            labels = row["labels"]
            function = labels["functionality"]
            threat = labels.get("threat") or function in THREATS
            strong = any(cue.strong for cue in screener.screen(row["text"]).cues)
            if threat and labels["label"] == "hateful":
                there += 1
                found += strong
            elif function.startswith("spell_") and SPELT.search(row["text"]):
                spelt += 1
                spelt_found += strong
            elif labels["label"] == "non-hateful" and not function.startswith(
                ("target_indiv", "target_group")
            ):
                harmless += 1
                fired += strong
        print(
            f"{name}: threats found {found} of {there} ({found / there:.1%}),"
            f" disguised ones {spelt_found} of {spelt} ({spelt_found / spelt:.1%}),"
            f" harmless that fire {fired} of {harmless} ({fired / harmless:.1%})"
        )


if __name__ == "__main__":
    main()

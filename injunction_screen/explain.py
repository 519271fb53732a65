"""Say in plain sentences why a screening came out as it did, and mask what it found.

The sentences name kinds, places and orders; they never repeat the post.  ``outcome_of`` works the
outcome out again from the reasons alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from injunction_screen.errors import InputError
from injunction_screen.records import OUTCOMES, Detail, Limb, Outcome, Screening

__all__ = ["explain", "outcome_of", "redact"]

_CATEGORY_ZH = {
    "name": "姓名",
    "job_title": "職位",
    "identity_number": "身份證明號碼",
    "address": "地址",
    "school": "學校",
    "phone": "電話號碼",
    "email": "電郵地址",
    "birthday": "出生日期或年齡",
    "social_account": "社交帳戶",
    "plate": "車牌號碼",
    "photo": "照片",
}
_KIND_EN = {
    "threat": "a threat",
    "wish_of_harm": "a wish of harm",
    "intimidation": "intimidation",
    "incite_violence": "incitement to violence",
    "incite_harassment": "incitement to harassment",
    "bounty": "a bounty",
    "call_to_identify": "a call to identify",
    "spread": "a call to spread",
    "abuse": "abuse",
}
_KIND_ZH = {
    "threat": "威脅",
    "wish_of_harm": "詛咒",
    "intimidation": "恐嚇",
    "incite_violence": "煽動暴力",
    "incite_harassment": "煽動滋擾",
    "bounty": "懸賞",
    "call_to_identify": "呼籲起底",
    "spread": "呼籲散播",
    "abuse": "辱罵",
}
_OUTCOME_ZH = {"clear": "無須處理", "review": "須人手覆核", "flag": "標記"}
_LIMB_ZH = {"disclosure": "披露", "intimidation": "恐嚇", "incitement": "煽動"}
_TIE_EN = {
    "same_sentence": "in one sentence",
    "next_sentence": "in neighbouring sentences",
    "second_person": "by addressing the person",
    "pronoun": "by a pronoun",
    "only_person": "as the only person in sight",
    "thread": "across the thread",
    "second_reader": "in the second reader's opinion",
}
_TIE_ZH = {
    "same_sentence": "同一句",
    "next_sentence": "相鄰句子",
    "second_person": "直接稱呼對方",
    "pronoun": "以代詞指稱",
    "only_person": "帖文中唯一涉及的人",
    "thread": "同一討論串",
    "second_reader": "第二讀者（統計模型）的判斷",
}


def explain(screening: Screening, language: str) -> str:
    """The reasons, one a line, in ``en`` or ``zh-HK``.

    Raises:
        InputError: for another language.
    """
    if language == "en":
        return "\n".join(_english(screening))
    if language in ("zh-HK", "zh"):
        return "\n".join(_chinese(screening))
    raise InputError(f"there are explanations in en and zh-HK, not in '{language}'")


def outcome_of(limbs: Sequence[Limb], *, incomplete: bool = False) -> Outcome:
    """The outcome that these limbs ask for: the highest among them, never "clear" unread.

    >>> outcome_of(())
    'clear'
    """
    outcome: Outcome = max((limb.outcome for limb in limbs), key=OUTCOMES.index, default="clear")
    return "review" if incomplete and outcome == "clear" else outcome


def redact(text: str, details: Sequence[Detail]) -> str:
    """The text with each detail replaced by its category in square brackets.

    >>> redact("call 6123 4567", [Detail("phone", 5, 14, "6123 4567", "", 0.9, "phone.hk")])
    'call [phone]'
    """
    out, at = [], 0
    for detail in sorted(details, key=lambda d: d.start):
        if detail.start < at:
            continue
        out.append(text[at : detail.start])
        out.append(f"[{detail.category}]")
        at = detail.end
    out.append(text[at:])
    return "".join(out)


def _english(s: Screening) -> list[str]:
    lines = [f"Outcome: {s.outcome} (score {s.score:.2f})."]
    for detail in s.details:
        via = f", written so as to hide it ({detail.via})" if detail.via else ""
        lines.append(
            f"Detail: {detail.category} at {detail.start}-{detail.end}{via} [{detail.pattern}]."
        )
    for cue in s.cues:
        strength = "strong" if cue.strong else "weak"
        via = f", written so as to hide it ({cue.via})" if cue.via else ""
        lines.append(
            f"Cue: {_KIND_EN[cue.kind]} ({strength}) at {cue.start}-{cue.end}{via} [{cue.pattern}]."
        )
    for link in s.links:
        tie = _TIE_EN.get(link.reason, link.reason)
        lines.append(
            f"Link: {len(link.details)} detail(s) and {len(link.cues)} cue(s) concern one person, "
            f"{tie}."
        )
    for purpose in s.purposes:
        lines.append(
            f"Purpose in sight: {purpose.name.replace('_', ' ')} at {purpose.start}-{purpose.end} "
            f"[{purpose.pattern}]."
        )
    for limb in s.limbs:
        lines.append(
            f"{limb.order}, {limb.limb} limb ({limb.clause}) asks for {limb.outcome}: "
            f"{limb.reason} ({', '.join(limb.elements)})."
        )
    if not s.limbs:
        lines.append("No limb of the orders in use is engaged.")
    if s.related:
        lines.append(f"Read together with post {', '.join(s.related)} of the thread.")
    if s.incomplete:
        lines.append("The work was cut short by a limit, so the post is not cleared.")
    if s.outcome != "clear":
        lines.append("These are elements present, not a finding of breach: a person decides.")
    return lines


def _chinese(s: Screening) -> list[str]:
    lines = [f"結果：{_OUTCOME_ZH[s.outcome]}（分數 {s.score:.2f}）。"]
    for detail in s.details:
        via = f"，以變體書寫（{detail.via}）" if detail.via else ""
        lines.append(
            f"個人資料：{_CATEGORY_ZH[detail.category]}，位置 {detail.start}-{detail.end}{via}"
            f" [{detail.pattern}]。"
        )
    for cue in s.cues:
        strength = "強" if cue.strong else "弱"
        via = f"，以變體書寫（{cue.via}）" if cue.via else ""
        lines.append(
            f"言語：{_KIND_ZH[cue.kind]}（{strength}），位置 {cue.start}-{cue.end}{via}"
            f" [{cue.pattern}]。"
        )
    for link in s.links:
        tie = _TIE_ZH.get(link.reason, link.reason)
        lines.append(
            f"關連：{len(link.details)} 項資料與 {len(link.cues)} 項言語涉及同一人（{tie}）。"
        )
    for purpose in s.purposes:
        lines.append(
            f"可見的正當目的：{purpose.name}，位置 {purpose.start}-{purpose.end}"
            f" [{purpose.pattern}]。"
        )
    for limb in s.limbs:
        lines.append(
            f"{limb.order}「{_LIMB_ZH[limb.limb]}」（{limb.clause}）要求："
            f"{_OUTCOME_ZH[limb.outcome]}。{limb.reason_zh}（{'、'.join(limb.elements)}）。"
        )
    if not s.limbs:
        lines.append("沒有觸及所用命令的任何部分。")
    if s.related:
        lines.append(f"與同一討論串的帖文 {'、'.join(s.related)} 一併考慮。")
    if s.incomplete:
        lines.append("因限制未能讀完全文，故不作「無須處理」。")
    if s.outcome != "clear":
        lines.append("以上只是帖文所見的元素，並非違令的裁定；須由人決定。")
    return lines

"""Whole posts whose outcome must never slip: news, statements, rules, and the posts they report."""

from __future__ import annotations

import pytest

from injunction_screen import screen

NEWS = [
    # A report about an officer who was doxxed, with the bounty quoted.
    "Officer's family moves home after doxxing\n\n"
    "HONG KONG - A police sergeant whose home address and phone number were posted on a Telegram "
    "channel in August told a court on Tuesday that his family had moved twice. One message "
    'offered a bounty of "HK$500,000 to kill him", the High Court heard. Days later the desk of '
    "his daughter, 9, was vandalised at her school, and strangers sent pizzas to the flat. The "
    "sergeant, Lam Chi Wai, said he no longer sleeps through the night. Police said 34 people "
    "have been arrested over doxxing since June.",
    "A constable's details were spread across LIHKG and Facebook, reporters found. Users wrote "
    '"HK$500,000 for his head" and "we know where your daughter goes to school", according to '
    "screenshots seen by this newspaper. Vandals painted his daughter's desk black. The officer, "
    'Wong Ka Ming, who is in his thirties, said in an interview: "My daughter asks me if I am a '
    'bad man." The force condemned the attacks.',
    "【本報訊】一名警長去年遭人在網上起底，其住址、電話及女兒就讀學校均被公開，有網民更留言「懸紅五十萬買起佢」。"
    "警長陳志強昨在高等法院作供稱，女兒的書枱被人塗污，全家被迫搬遷。案件押後至下周一續審。",
]
STATEMENTS = [
    "The Privacy Commissioner for Personal Data said on Friday that her office had received 4,122 "
    "complaints and enquiries about doxxing by 8 November, of which 34 per cent involved police "
    "officers and their families. The office has written to 14 platforms 113 times asking them to "
    "remove 2,017 web links, and 1,629 links, or 81 per cent, have been taken down. "
    "See www.pcpd-example.hk/english/news and www.info-example.gov.hk/cases for details.",
    "私隱專員公署公布，截至11月8日共接獲4,122宗有關起底的投訴及查詢，當中約三成四涉及警務人員及其家屬。"
    "公署已去信14個平台共113次，要求移除2,017條連結，其中1,629條已被移除。詳情：www.pcpd-example.hk",
]
RULES = [
    "What does the injunction forbid? It bans publishing an officer's name, job title, residential "
    "address, office address, school address, email address, date of birth, telephone number, "
    "identity card number, Facebook account ID, Instagram account ID, car plate number and any "
    "photograph, if that is intended or likely to intimidate, molest, harass, threaten or pester "
    "the officer or a spouse, parent, child or sibling. Inciting others to do so is banned too.",
    "禁制令禁止任何人在未經同意下披露警務人員的姓名、職位、住址、辦公地址、學校地址、電郵、出生日期、電話號碼、"
    "身份證號碼、Facebook及Instagram帳戶、車牌號碼及照片，意圖恐嚇、騷擾、威脅或煩擾他們或其家人；"
    "亦不得煽動他人作出上述行為。",
]
BOUNTIES = [
    "HK$500,000 to whoever kills Sergeant Lam Chi Wai. Serious offers only.",
    "懸紅五十萬，邊個做低沙展林志偉，即刻過數",
    "Bounty: HK$500,000 for the head of Sgt Lam Chi Wai, EU KW. DM us.",
]


@pytest.mark.parametrize("text", NEWS + STATEMENTS + RULES)
def test_news_statements_and_rules_are_clear(text: str) -> None:
    assert screen(text).outcome == "clear"


@pytest.mark.parametrize("text", BOUNTIES)
def test_bounty_post_engages_three_limbs_of_the_police_order(text: str) -> None:
    result = screen(text)
    assert result.outcome == "flag"
    limbs = {limb.limb for limb in result.limbs if limb.order == "hca-1957-2019"}
    assert limbs == {"disclosure", "intimidation", "incitement"}

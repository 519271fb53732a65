"""What is a detail only when it is somebody's: ages, posts, classes, pictures; and accounts.

Names, numbers and places are given here by marks, so that nothing hangs on the finders of those.
Each text is invented.  ⟦N:...⟧ is a name, ⟦I:...⟧ an identity number, ⟦A:...⟧ an address; what
must be found: ⟦U:...⟧ social_account, ⟦B:...⟧ birthday, ⟦S:...⟧ school, ⟦J:...⟧ job_title and
⟦F:...⟧ photo.
"""

from __future__ import annotations

import re

import pytest

from injunction_screen.details import (
    Candidate,
    birthdays,
    job_titles,
    photos,
    schools,
    social_accounts,
    without_overlaps,
)
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Scanner
from injunction_screen.text import fold

GIVEN = {"N": "name", "I": "identity_number", "A": "address"}
WANTED = {"U": "social_account", "B": "birthday", "S": "school", "J": "job_title", "F": "photo"}

POSTS = [
    # police and courts
    "⟦J:高級警員⟧ ⟦N:鍾浩權⟧，⟦J:PTU D連⟧，⟦B:34歲⟧，住⟦A:屯門置樂花園⟧",
    "⟦N:甘某⟧ ⟦J:PTU E連⟧ ⟦I:PC 48213⟧",
    "⟦N:謝卓賢⟧（⟦B:42⟧），⟦J:高級警長，大埔警區⟧，老婆⟦N:Yuki⟧係⟦J:美容師⟧，ig ⟦U:@yuki_tp⟧",
    "Name: ⟦N:Fung Chi Ho⟧\nRank/Unit: ⟦J:SGT, EU NTS⟧",
    "⟦J:IP⟧ ⟦N:Mak Ho Yin⟧ is the one who kicked me. ⟦J:EU KW⟧. ⟦F:See attached photo⟧.",
    "聽講⟦J:旺角警署署長⟧個仔就係喺⟦S:喇沙小學⟧讀",
    "⟦J:District Judge⟧ ⟦N:Frankie Yiu⟧, born ⟦B:2 May 1966⟧, old boy of ⟦S:Wah Yan College⟧",
    "姓名：⟦N:屈紹某⟧\n職位：⟦J:東區裁判法院暫委裁判官⟧\n年齡：⟦B:46⟧",
    "喺灣仔警署附近見到好多警車，唔知發生咩事",
    "律師話單case好難打，法官都唔知會點判，等消息啦",
    "一名男子(45歲)昨日於觀塘被捕，案件由觀塘警區重案組跟進",
    # work
    "⟦N:Gary Whitmore⟧, ⟦B:41⟧, ⟦J:yoga instructor⟧, says he is separated",
    "⟦N:Sandra Mok⟧ (⟦J:Assistant Vice President, Eastgate Bank Limited⟧)",
    "⟦N:張偉某⟧，⟦J:前有線電視記者⟧，現居英國，⟦U:x.com/cwm_reports⟧",
    "⟦N:Tony Fung⟧, ⟦J:maths teacher at Queen's College⟧, ⟦B:aged 38⟧, has been messaging girls",
    "⟦N:莫⟧⟦J:校長⟧喺早會話唔准學生戴口罩",
    "公司新來嘅HR係咁係要我哋填表，老闆又話要開OT，煩死",
    "爸爸係消防員，媽媽係護士，我哋一家好窮",
    # schools
    "⟦S:3B班⟧⟦N:梁子某⟧同⟦S:4A班⟧⟦N:何詠某⟧獲選為本月風紀之星",
    "佢係⟦S:理大護理系Year 4⟧學生，叫⟦N:羅天某⟧，住宿舍",
    "⟦N:Vincy⟧，⟦S:保良局何蔭棠中學 5A⟧，欺凌同學",
    "我個仔今年升小一，諗緊報聖保羅定英華好，有冇家長分享下面試經驗？",
    "沙田官立中學門口有人派傳單，老師叫學生唔好攞",
    "中大學生會發聲明譴責校方，要求校長公開交代",
    "請問F.2讀理科定文科好？學校要揀科",
    "⟦S:科大⟧學生⟦N:周梓某⟧昨日離世，同學好傷心",
    "⟦N:鄧小某⟧理大拍片，今晚出街",
    "⟦N:黎某某⟧話投票站設於賽馬會官立中學，記得帶身份證",
    "⟦N:陳某雲⟧見到你班中大學生就想笑",
    "⟦N:鄺某宇⟧：有傳言指香港大學有學生宿舍遭搜查，未知真確",
    "有成員⟦N:陳某國⟧，北京大學等十三所院校學生參加",
    "⟦N:吳某偉⟧應回歸簡單，翻開小學常識書",
    "⟦N:子某⟧清純小學畢業照公開",
    "故事會以士官學校為舞台，⟦N:貝雷某⟧做主角",
    "有份參加嘅仲有⟦N:胡明某⟧-樹仁大學香港同學會",
    "⟦N:某某蘭⟧大一朝得志，唔知醒",
    "⟦N:褚某玲⟧喺⟦S:沙田循道衞理中學⟧做校務處",
    # ages and dates
    "⟦N:梁凱某⟧⟦B:2012年4月9日⟧出世，而家讀小學",
    "DOB ⟦B:07/11/1985⟧ / ⟦N:Ng Siu Kwan⟧ / ⟦J:Station Sergeant⟧",
    "我⟦N:阿婆⟧上個月先⟦B:90歲⟧，十八歲就嚟咗香港",
    "3歲定80，個個都鍾意食雪糕",
    "十八歲就可以考車牌喇，你幾時考？",
    "有一名33歲的士哥退休，引起討論。⟦N:陳某文⟧話好羨慕",
    "小紅識咗一個四十歲的香港男人，⟦N:阿某⟧好開心",
    "一名⟦B:17歲⟧少女⟦N:比恩某⟧失蹤",
    "其中一名年約40歲的大叔喝問⟦N:安某⟧，佢好驚",
    "⟦N:陳某傑⟧結婚十年，兩人育有⟦B:9歲⟧獨生女",
    "我隻小花已經10歲，⟦N:小某⟧唔鍾意佢",
    "巴西法例規定最低年齡係14歲，⟦N:阿某⟧唔知",
    "⟦N:鄧某強⟧ 大運 2015-2024 癸巳",
    "7月17日家姐生日，一齊去海洋公園玩",
    "今日係女兒4歲生日，訂咗間餐廳",
    "我發覺1997年出世好似被選中咁",
    "第二宗事故同樣發生於2013年7月，⟦N:梁某⟧唔認",
    # accounts
    "搵到喇！佢個threads係⟦U:kevin_in_mk⟧，小紅書叫⟦U:kevin港漂日記⟧",
    "佢個discord係⟦U:nightowl#4471⟧，打機成日罵人",
    "個ID叫⟦U:血染小書僮7⟧，嗰日開口就鬧人老母",
    "ig: hello everyone 我返嚟喇",
    "TG group link：t.me/joinchat/AbCdEf123 ，入嚟傾",
    "聽日@MOKO 4樓等，唔好遲到",
    # pictures
    "⟦F:呢張相就係佢⟧，花名⟦N:肥標⟧，成日喺樓下出沒",
    "尋人：⟦N:盧鳳某⟧婆婆，⟦B:78歲⟧，上星期五走失。⟦F:相片見留言⟧",
    "張相影得好靚，用咩相機㗎？",
    "去中環有已獲批准嘅集會（見附圖）！⟦N:林某娥⟧唔會出現",
    "布料全用日本料，睇下圖，唔抗病毒，⟦N:阿某⟧話好用",
    "支援Android 8.0嘅Picture in picture，多謝⟦N:阿某⟧",
    "六四隨時喺香港發生，有圖有真相。⟦N:陳某⟧都係咁話",
    "上圖條數係由多個戶口調動，⟦N:陳某⟧知道",
    "圖一是入住嘅旅館，⟦N:阿某⟧影嘅",
    "⟦F:【附圖】⟧嗰日喺店入面鬧人嘅⟦N:袁某瑤⟧",
]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(default_book())


def _read_marks(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, marks, opened = "", [], None
    for part in re.split(r"(⟦[A-Z]:|⟧)", marked):
        if re.fullmatch(r"⟦[A-Z]:", part):
            opened = (part[1], len(text))
        elif part == "⟧" and opened:
            marks.append((opened[0], opened[1], len(text)))
        else:
            text += part
    return text, marks


@pytest.mark.parametrize("marked", POSTS)
def test_finds_what_is_somebodys_and_nothing_else(scanner: Scanner, marked: str) -> None:
    """Every marked detail is found with its very span, and no other of the five categories."""
    text, marks = _read_marks(marked)
    reading = scanner.read(fold(text, scanner.book.folder))
    found = [
        Candidate(GIVEN[mark], start, end, text[start:end], 0.95, "given.mark")  # type: ignore[arg-type]
        for mark, start, end in marks
        if mark in GIVEN
    ]
    for category in (social_accounts, birthdays, schools, job_titles, photos):
        found.extend(c for c in category.find(reading, found) if c.score >= 0.5)
    spans = [
        (c.category, text[c.start : c.end])
        for c in without_overlaps(found)
        if c.category not in GIVEN.values()
    ]
    assert spans == [(WANTED[mark], text[a:b]) for mark, a, b in marks if mark in WANTED]

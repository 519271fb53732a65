"""Job titles: spans and ties, on invented posts; names and numbers are given by marks.

⟦N:...⟧ is a name, ⟦I:...⟧ an identity number, ⟦A:...⟧ an address, ⟦F:...⟧ a phone; ⟦J:...⟧ must be
found as job_title with that very span, and nothing else may be.
"""

from __future__ import annotations

import re

import pytest

from injunction_screen.details import Candidate, job_titles, without_overlaps
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Scanner
from injunction_screen.text import fold

GIVEN = {"N": "name", "I": "identity_number", "A": "address", "F": "phone"}

POSTS = [
    # an institution that no list has, where a clause begins with it and a name follows
    "會後，⟦J:港城民視女主播⟧⟦N:麥啟聰⟧指出",
    "⟦J:運輸及物流局副局長⟧⟦N:孔志堅⟧出席",
    "本報訪問咗⟦J:「夜遊社」發起人⟧⟦N:駱承熙⟧",
    "⟦J:恒豐銀行副主席兼行政總裁⟧⟦N:徐穎欣⟧今日",
    # what a person does for a film, kinds of people, parts of other words: no post
    "呢套片⟦N:熊子軒⟧監製，⟦N:孔志堅⟧導演。",
    "⟦N:駱承熙⟧話主播、記者、攝影師、編導都冇自主權",
    "呢個時勢已經理唔到，⟦N:徐穎欣⟧話",
    # a name beside the title, the institution inside it
    "⟦J:新界南重案組高級督察⟧⟦N:麥啟聰⟧個仔喺荃灣返補習",
    "⟦J:PTU D連⟧ ⟦N:葉⟧sir，花名爛口葉，屋企電話 ⟦F:2651 2298⟧",
    "⟦N:徐穎欣⟧，⟦J:滙豐銀行旺角分行客戶經理⟧，住⟦A:將軍澳尚德邨⟧",
    "多謝⟦J:瑪嘉烈醫院骨科顧問醫生⟧⟦N:駱承熙⟧悉心照料",
    "被告⟦N:孔志堅⟧（52歲，⟦J:貨車司機⟧）承認兩項罪名",
    "深圳佬⟦N:熊子軒⟧，⟦J:《香港晨報》突發組記者⟧，電話 ⟦F:6991 2003⟧",
    "⟦N:Petra Lindqvist⟧, ⟦J:HR director at Northgate Capital⟧, fired my wife",
    "Call ⟦J:social worker⟧ ⟦N:Grace Mak⟧ on ⟦F:2711 0099⟧",
    "Name: ⟦N:Wan Kin Pong⟧\nPost: ⟦J:Chief Inspector, Sha Tin Division⟧",
    "This is ⟦N:Kelvin Mak⟧, 做⟦J:PwC audit senior⟧好巴閉？",
    # a ward, a class, a department, a firm and a place behind or before it
    "⟦J:律敦治醫院內科病房嘅駐院醫生⟧⟦N:戚浩朗⟧話人老係咁",
    "⟦J:律政司代表⟧⟦N:仲家銘⟧結案陳詞",
    "⟦N:黎曉彤⟧醫生，⟦J:QMH 麻醉科⟧，收工走後門",
    "公司 ⟦J:HR⟧ 個 ⟦N:Wendy Cheuk⟧ 真係極品",
    "⟦N:Edmund Tso⟧ has been ⟦J:Secretary for District Renewal⟧ for three years",
    "⟦N:Dominic Kwan⟧, ⟦J:senior partner at Hale, Prewitt & Co⟧, sent one letter",
    "⟦N:Tom Arkwright⟧, ⟦J:producer of a podcast about housing⟧, wrote to us",
    "⟦J:Sgt⟧ ⟦N:Bruno Cheuk⟧, ⟦J:EU Kowloon West⟧, drives a van",
    "So ⟦N:Trevor Wan⟧, ⟦J:IT teacher⟧, left",
    "Every evening, until ⟦J:Nurse⟧ ⟦N:Odette Ma⟧ understands",
    "Regards, ⟦N:Felicity Grant⟧, ⟦J:Head of Lower Primary⟧",
    # a title and what looks like a name
    "懸紅：⟦J:O記高級督察⟧屈/国/豪，住⟦A:和福中心六座⟧",
    "⟦J:懲教署一級懲教助理⟧武家樂這個畜生",
    "本診所（⟦J:註冊中醫師⟧葉慕蓮）下月遷往⟦A:白加士街25號⟧",
    "delayed: ⟦J:delivery rider⟧ Gurmeet Sandhu, 33, pleaded guilty",
    # a place of work and a post
    "⟦N:沈某⟧在⟦J:沙田一家安老院⟧當⟦J:院長⟧",
    # a number, a picture, a verb
    "旺角截查我嗰個⟦J:EU KW沙展⟧，編號 ⟦I:SGT 5512⟧",
    "張相入面嗰個⟦J:港鐵站務員⟧推跌阿婆，求真名",
    # nobody's
    "樓下大廈招聘夜更保安一名，底薪萬六，電話 ⟦F:2684 9013⟧",
    "He drives a white Model Y, says ⟦N:Peter Fong⟧",
    "⟦N:李志明⟧教授去咗旅行，大家想做水貨客生意",
    "醫院啲護士好辛苦，大家體諒下",
    "間餐廳個經理態度好差，電話 ⟦F:2123 4567⟧ 冇人聽",
    "我細個想做消防員，而家做緊文員，人生就係咁",
    "The judge said the sentence was too light, and the lawyer agreed",
    "警方話一名47歲男子被捕，報稱是保安員",
    "誠聘：收銀員，月薪 15K，電話 ⟦F:2123 4567⟧",
    "追完大結局，沈督察居然係內鬼",
]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(default_book())


@pytest.mark.parametrize("marked", POSTS)
def test_finds_titles_that_are_somebodys(scanner: Scanner, marked: str) -> None:
    """Every marked title is found with its very span, and no other."""
    text, marks, opened = "", [], None
    for part in re.split(r"(⟦[A-Z]:|⟧)", marked):
        if re.fullmatch(r"⟦[A-Z]:", part):
            opened = (part[1], len(text))
        elif part == "⟧" and opened:
            marks.append((*opened, len(text)))
        else:
            text += part
    reading = scanner.read(fold(text, scanner.book.folder))
    given = [
        Candidate(GIVEN[mark], start, end, text[start:end], 0.95, "given.mark")  # type: ignore[arg-type]
        for mark, start, end in marks
        if mark in GIVEN
    ]
    found = [c for c in job_titles.find(reading, given) if c.score >= 0.5]
    spans = [text[c.start : c.end] for c in without_overlaps(found)]
    assert spans == [text[a:b] for mark, a, b in marks if mark == "J"]

"""Whole addresses are found as far as they go, lone places only where somebody lives or works.

Every address here is put together by hand; nobody is meant.
"""

from __future__ import annotations

import re
import runpy
import time
from pathlib import Path

import pytest

from injunction_screen.details import addresses, without_overlaps
from injunction_screen.details.formats import Candidate
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Reading, Scanner
from injunction_screen.text import fold

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT.parent / "shared" / "data" / "hk_addresses_dev.jsonl"
BOOK = default_book()
SCANNER = Scanner(BOOK)


def read(text: str) -> Reading:
    return SCANNER.read(fold(text, BOOK.folder))


def found(text: str, *others: Candidate) -> list[Candidate]:
    return without_overlaps(list(addresses.find(read(text), others)))


MARKED = [
    # Chinese, large to small
    "住⟦沙田廣源邨廣橡樓0712室⟧",
    "呢個人嘅地址：⟦元朗YOHO Midtown 3座22樓C室⟧",
    "屋企地址⟦大埔運頭塘邨運來樓⑫⓪③室⟧ 喺晒度",
    "佢公司喺⟦尖沙咀廣東道30號新港中心1座801室⟧",
    "住址：⟦新界元朗八鄉上村村118號地下⟧",
    "⟦元朗屏山丈量約份第122約地段第1012號⟧就係佢間屋",
    "佢住⟦石硤尾邨美山樓二十二樓2215室⟧",
    "⟦柴灣興民邨民欣樓2308⟧",
    "⟦沙田穗禾苑豐逸閣C座12樓E⟧",
    # neither building nor street in a gazetteer
    "地址係⟦觀塘啟賢里12號景榮大廈8樓⟧",
    "住⟦朗晴豪庭2座15樓B室⟧",
    # mixed
    "住：⟦將軍澳新都城 Block 5 21樓 C室⟧",
    "⟦Flat D, 9/F, 海逸豪園 Tower 6, 紅磡⟧",
    # English, small to large
    "home: ⟦Flat A, 3/F, No. 27 Sai Yee Street, Mong Kok⟧",
    "She rents at ⟦Flat 3B, 12/F, Kam Fung Mansion, 45 Electric Road, North Point⟧ now",
    "⟦flat c 7/f block 2 lung poon court diamond hill⟧ is the place",
    "mum is in ⟦Room 12, Golden Age Nursing Home, 22 Tai Street, Yuen Long⟧.",
    "⟦Lot 1012 in D.D. 122, Ping Shan, Yuen Long⟧",
    # elsewhere
    "住⟦深圳市南山区科技园南路18号3栋1204⟧",
    "家住⟦广东省佛山市南海区桂城街道海五路28号5栋2单元802⟧",
    "moved to ⟦22 Birch Avenue, Sale, Manchester M33 6AB⟧",
    "his house is ⟦1205 Oak Street, Irvine CA 92618⟧",
    "住⟦澳門氹仔埃武拉街花城利豐大廈12樓C座⟧",
    "地址：⟦台北市大安區和平東路二段118巷3號5樓之2⟧",
    "now at ⟦Unit 1203, 88 Erskine Avenue, Toronto, ON M4P 1Y3⟧",
    "lives at ⟦15/27 Albert Avenue, Chatswood NSW 2067⟧ with his wife",
    "⟦曼徹斯特 Chapel Lane 74號⟧嗰戶",
    # villages, quarters, shops, lines, numerals of every kind
    "住⟦元朗錦田水尾村58號A地下⟧",
    "佢住⟦坑口村道8號⟧",
    "佢一家住喺⟦何文田警察宿舍B座⟧",
    "⟦赤柱懲教署職員宿舍3座⟧住住班人",
    "the ⟦married police quarters on Lok Shan Road, blocks A to C⟧",
    "你太太在⟦屯門新墟街市一號檔⟧賣菜",
    "⟦Shop 5, G/F, Wing Fat Building, 12-14 Tai Po Road⟧",
    "佢住⟦觀塘翠屏北邨\n翠楠樓\n1203室⟧",
    "回到⟦西營盤第三街二○六號四樓⟧，電話",
    "法團司庫（⟦九座十四樓戊室⟧）",
    # disguised
    "⟦藍-田-啟-澤-樓-1-4-2-6⟧",
    "送餐：⟦秀茂坪邨秀旭樓2*7*0*5室⟧",
    "th3 family in ⟦Fl@t 2l0l, Harm0ny C0urt, T1n Shu1 Wai⟧, still here",
    "⟦F1at 9B, B1k 2, W h a m p o a Gdn⟧, we know",
    # lone places that somebody lives, works or keeps a shop at
    "現居⟦荃灣路德圍⟧",
    "個女喺⟦觀塘創紀之城五期⟧返工",
    "佢架車泊喺⟦將軍澳新都城二期停車場⟧",
    "she lives in ⟦Taikoo Shing⟧ with two cats",
    "今晚去⟦黃大仙紀律部隊宿舍⟧樓下集合",
    "寄去⟦荃灣荃灣廣場附近的麗城花園⟧就得",
    "你⟦深水灣道⟧間大屋就燒一日",
    "佢平時返到⟦將軍澳唐俊街⟧間舖頭",
    "頭先見你落⟦何文田愛民邨⟧樓下",
    "同女朋友租⟦大角咀利奧坊曉岸⟧",
    "佢逢三五七泊喺⟦葵興停車場二樓⟧",
    "出事會係你，你⟦慈雲山慈正邨⟧嗰度我有兄弟",
    "呢條友住⟦18樓C⟧",
    "she does the perfume counter at ⟦Maritime Square, Tsing Yi⟧",
    "the man from ⟦flat 8D⟧ again",
    # a word of living right before, in either language or in both
    "佢老公 live 喺 ⟦馬鞍山雅典居⟧，開白色 Benz",
    "我表姐個前度住緊⟦粉嶺帝庭軒⟧",
    "呢個副校長住嗰座：⟦將軍澳彩明苑彩富閣⟧",
    "高級督察官邸⟦赤柱灘道⟧",
    "Officer Raymond Tse resides ⟦Kornhill Gardens, Quarry Bay⟧.",
    "Brian Ho of ⟦Whampoa Garden Site 6⟧ is a liar",
    "Vivian Lo, now at ⟦12D, Kam Wah Mansion, Tai Kok Tsui⟧",
    "Henry Poon, 42, ⟦Provident Centre, North Point⟧, blue Lexus",
    "今晚殺上你⟦黃埔花園⟧屋企食晒啲和牛",
    # where somebody trades, trains or sets out from
    "老闆娘喺⟦長沙灣億利商業中心⟧開分公司",
    "我知你個女喺⟦大圍美林體育館⟧練跆拳道",
    "佢個仔每日四點喺⟦沙田城門河網球場⟧學波",
    "見佢成日喺⟦深水埗汝州街某間模型舖⟧出入",
    "裁判官每朝七點由⟦渣甸山寶珊道⟧出車",
    "健身：⟦青衣城二期地下⟧",
    "he gets off the minibus at ⟦Parkvale Village, Discovery Bay⟧",
    # spans to their ends
    "佢住⟦油塘大本型上蓋 3 座⟧",
    "住 ⟦錦繡花園 F 段⟧",
    "Mr Sze, the scrapyard, ⟦DD 82, Ta Kwu Ling⟧. Pay up",
    "the white one at ⟦Lot 9, Pak Sha Wan⟧, two alsatians",
    "it's the ⟦corner house, Nam Wai Village, Sai Kung⟧",
    "明叔，⟦油麻地新填地街 213 號⟧ 鋪頭樓上就係屋企",
    # flats of neighbours
    "Mrs Yuen ⟦23B⟧ never pays",
    "Mr Oh (⟦22/F⟧) objected",
    "the widow is the lady downstairs at ⟦14B⟧",
    "⟦1807室⟧嗰個師奶嘈足一晚",
    "李太（⟦16C⟧）又投訴我哋",
    "甄立言 ⟦18C⟧ 6321 0475",
    "⟦Unit 1904⟧, curtains never closed",
]
PLAIN = [
    "今晚旺角彌敦道集合，帶水",
    "喺太古城食咗餐lunch，個意粉好難食",
    "沙田第一城站封站",
    "警方喺彌敦道施放催淚彈",
    "我住元朗",
    "記住沙田第一城有波睇",
    "方榮記喺九龍城侯王道",
    "十號風球掛咗，12號巴士停駛",
    "5月12號去大埔",
    "呢部機有2房1廳咁大",
    "搭地下鐵路去第3座山，有三層樓咁高",
    "He took the MTR from Yuen Long station to Mong Kok",
    "the Nathan Road protest started at 3pm",
    "room 3 seats left, unit 5 homework due, block him",
    "to stay in front of the Central Government Complex",
    "a 60 minute drive",
    "泰國餐廳位於長發商場5樓，環境好好",
    "今日去太安樓食雞蛋仔",
    "沙田第一城成交呎價創新高，業主樂觀",
    "屯門公路往九龍方向有交通意外，佢遲到",
    "維修（10am-4pm）後，會按照現實調整",
    "Dinner at Festival Walk on Friday, 7pm?",
    "地產：樓市回暖，住戶搬入沙田",
    # places without a person
    "今日去德福廣場一期地下影隻貓貓",
    "的士由柴灣行東廊送去杏花村，收咗我百二",
    "沿勵德邨行至銅鑼灣時代廣場",
    "第五場 晏菲路3號 獨贏三倍",
    "阿婆成日經過興華街市買餸，佢好攰",
    "昨晚旺角通菜街有人賣藝，佢哋好好聽",
    "One star for the clinic on Nathan Road, the doctor was rude",
    "朗豪坊開新店，優惠八折",
    "佢哋近排開咗間新鋪喺勝利道，要排隊",
    "間餐廳好隱蔽，響凌霄閣嘅2樓，好好味",
    "今晚七點旺角倫敦大酒樓三樓擺酒",
    "海怡半島高層三房，實用六百呎，叫價八百萬",
    "the Owners Committee of Laguna City meets on Friday",
    "I'll knock on every single door in Mong Kok",
    "12/9/88, Nathan Road, a photo by my grandfather",
    "the 1989 Oakfield Square protests",
    "Miss Ho 4A will teach maths",
    "a review of Who is in the Discovery Bay mums group",
]


@pytest.mark.parametrize("marked", MARKED)
def test_an_address_is_found_whole(marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    start = marked.index("⟦")
    span = (start, marked.index("⟧") - 1)
    folded = read(text).folded
    assert [folded.span(c.start, c.end) for c in found(text)] == [span]


@pytest.mark.parametrize("text", PLAIN)
def test_a_place_that_is_only_talked_about_is_no_address(text: str) -> None:
    assert found(text) == []


def test_a_lone_estate_in_a_row_with_other_details_is_an_address() -> None:
    text = "陳小明 6123 4567 葵涌葵俊苑"
    phone = Candidate("phone", 4, 13, "", 0.9, "phone.hk")
    (address,) = found(text, phone)
    assert address.pattern == "address.on_card"
    assert found(text) == []


def test_the_value_names_the_elements() -> None:
    (address,) = found("住址：九龍深水埗南昌街二十三號十八樓B室")
    assert (
        address.value
        == "region=九龙;district=深水埗;street=南昌街;number=23;floor=18;flat=b;use=home"
    )


def test_the_same_home_in_two_languages_has_the_same_names() -> None:
    (english,) = found("Tower 6, Laguna City, Lam Tin")
    (chinese,) = found("藍田麗港城6座")
    assert "estate=丽港城" in english.value
    assert "district=蓝田;estate=丽港城" in chinese.value


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("佢住喺太古城海天閣12樓C室", "home"),
        ("佢公司喺葵涌葵豐街1號太平洋工業大廈8樓A室", "office"),
        ("個女喺荃灣楊屋道18號補習", "school"),
        ("見到荃灣楊屋道18號失火", ""),
    ],
)
def test_the_value_says_what_the_place_is_used_for(text: str, use: str) -> None:
    (address,) = found(text)
    assert address.value.partition(";use=")[2] == use


def test_one_home_has_one_value_in_two_languages() -> None:
    (english,) = found("He lives at Flat D, 14/F, Tower 6, Laguna City, Lam Tin.")
    (chinese,) = found("佢住喺藍田麗港城第六座十四樓D室")
    assert (
        english.value
        == chinese.value
        == "district=蓝田;estate=丽港城;block=6;floor=14;flat=d;use=home"
    )


def test_a_post_of_addresses_without_end_is_incomplete() -> None:
    reading = read("佢住喺德福花園3座12樓A室。" * 1_500)
    assert len(list(addresses.find(reading, ()))) < 1_500
    assert reading.cuts == {"addresses"}


@pytest.mark.skipif(not DEV.exists(), reason="needs ../shared")
def test_real_addresses_are_found_whole_in_ordinary_sentences() -> None:
    module = runpy.run_path(str(ROOT / "benchmarks" / "addresses_dev.py"))
    results = list(module["measure"](DEV, most=1))
    whole = sum(result.overlap >= module["LEAST"] for result in results)
    assert whole / len(results) >= 0.97


def test_every_shape_that_a_candidate_names_is_a_record() -> None:
    for marked in MARKED:
        for address in found(re.sub("[⟦⟧]", "", marked)):
            assert BOOK.get(address.pattern).name in ("address_shape", "address")


HOSTILE = ["3樓", "12號", "12 Oak Road ", "德福花園3樓", "Flat 3A, ", "(近3樓)", "1至2至", "3/F & "]
HOSTILE += [
    "德.福.花.園 1-2-3-4 ",
    "h0use fl@t 1-2-3-4 ",
    "佢每日喺德福花園 ",
    "F1at 9B, T1n Shu1 Wai ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_any_amount_of_address_is_read_in_time(unit: str) -> None:
    reading = read(unit * (100_000 // len(unit)))
    began = time.process_time()
    for _ in addresses.find(reading, ()):
        pass
    assert time.process_time() - began < 5

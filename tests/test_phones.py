"""Telephone numbers: every disguise leads to the number, and other numbers are left alone."""

from __future__ import annotations

import pytest

from injunction_screen import screen

# What stands in the post, and the number that it is.
DISGUISED = {
    "佢電話\n9123\n4576\n快啲": "+85291234576",
    "佢冧把 六1 7零 五五二八": "+85261705528",
    "call 9l23 45O7": "+85291234507",
    "call 9l23 4S7b tonight": "+85291234578",
    "電話 6️⃣0️⃣9️⃣0️⃣ 4️⃣4️⃣7️⃣1️⃣": "+85260904471",
    "PE teacher → 6️⃣3️⃣ 4️⃣0️⃣ 9️⃣1️⃣ 1️⃣5️⃣": "+85263409115",
    "ring nine one double two, triple five one": "+85291225551",
    "line ni-ne 0-ne 2-2 sev-en sev-en 3-8": "+85291227738",
    "手提 九一二三四五六零": "+85291234560",
    "手提 玖壹貳叁 肆伍陸零": "+85291234560",
    "打佢電話 狗一二三死五七碌": "+85291234576",
    "手提九、三、六、六、一、四、五、〇。": "+85293661450",
    "佢話五六八七 二二 零九佢好寂寞": "+85256872209",
    "電話倒轉讀：67543219": "+85291234576",
    "電話 9 1 2 3 4 5 7 6": "+85291234576",
    "電話 9.1.2.3.4.5.7.6": "+85291234576",
    "電話 9*1*2*3*4*5*7*6": "+85291234576",
    "電話 9🍎1🍌2🍊3🍎4🍌5🍊7🍎6": "+85291234576",
    "電話 ㈨一㈡3 ④五⑦6": "+85291234576",
    "電話 9І2З 457б": "+85291234576",  # Cyrillic
    "頭四個 9123，尾四個 4576": "+85291234576",
    "電話9123，後面係4576": "+85291234576",
    "電話 +八五二 九一二三 四五七六": "+85291234576",
    "ph 9one23 45seven6": "+85291234576",
    "WhatsApp +852 9123 4576": "+85291234576",
    "搵我 +853 6612 3457": "+85366123457",
    "手机 138 0000 1234": "+8613800001234",
    "text 07700 900461": "+447700900461",
    "call (212) 736-5012": "+12127365012",
    "Signal +65 9123 4576": "+6591234576",
}
MASKED = [
    "電話 9123 xxxx",
    "電話 91XX5678",
    "call 9***4576",
    "電話：+852 6*12 4408",
    "手提 9123××××",
]
ROWS = {
    "電話 9123 4576/6812 3047/5331 0928": 3,
    "聯絡：91234576、68123047、53310928": 3,
    "tel 9123 4576 6812 3047": 2,
    "電話 9123457668123047": 2,
}
NO_PHONES = [
    "2024年8月31日 20:30-22:15",
    "12082023 出世",
    "二零一九年八月三十一日",
    "二手價 6000-8000 都有",
    "比數 21-19 18-21 21-17",
    "訂單 61234576 已經寄出，有問題請致電客服",
    "Tracking number: 61234576",
    "RMA 60119283",
    "換領碼 6120 3377，9月5日前去門市",
    "張單 no. 91552840 未寄出",
    "ISBN 978-962-14-7312-8",
    "案件編號 HCA 1957/2019",
    "今日成交 61234576 股",
    "搭 968 定 59X 好",
    "HK$61,234,576",
    "UID 912345678",
    "version 9.0.43.2811",
    "9010V/220 一盒20個 8210/140 一盒20個",
    "2019 2020 2021 三年",
]


def _phones(text: str) -> list[str]:
    return [d.value for d in screen(text).details if d.category == "phone"]


@pytest.mark.parametrize(("text", "number"), DISGUISED.items(), ids=DISGUISED)
def test_a_disguised_number_is_read(text: str, number: str) -> None:
    assert set(_phones(text)) == {number}


@pytest.mark.parametrize("text", MASKED)
def test_a_masked_number_keeps_its_category(text: str) -> None:
    details = [d for d in screen(text).details if d.category == "phone"]
    assert len(details) == 1
    assert "masked" in details[0].via.split("+")


@pytest.mark.parametrize(("text", "count"), ROWS.items(), ids=ROWS)
def test_every_number_of_a_row_is_found(text: str, count: int) -> None:
    assert len(_phones(text)) == count


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_numbers_are_no_phones(text: str) -> None:
    assert _phones(text) == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("佢身份證 A123456(3)", "identity_number"),
        ("身份證 A 1 2 3 4 5 6 ( 3 )", "identity_number"),
        ("UI: 58213", "identity_number"),
        ("員工編號：C-77120455", "identity_number"),
        ("学号 22087654", "identity_number"),
        ("車牌 TR 4417", "plate"),
        ("QQ：1098765432", "social_account"),
    ],
)
def test_other_numbers_keep_their_category(text: str, category: str) -> None:
    assert [d.category for d in screen(text).details] == [category]

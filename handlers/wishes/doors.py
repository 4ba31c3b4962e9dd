"""A bare door in a sentence: 我在1203, 送到12-3, 三楼五号; a price, a size, a count, a year and a time are none."""

import re
from collections.abc import Iterator

COUNTED = (
    r"(?![\d.:：%a-zA-Z]|\s?(?:[元块毛角分年月日天个岁斤克度次秒页台辆只支盒袋瓶件套升瓦伏寸路线期届版班名位多万千百倍步字兆米人]"
    r"|左右|上下|以[上下内外前后]|平(?!时)|本(?!人)|张(?![嬢孃阿大奶婆爷叔姐哥老师家])|点(?!敲|按)|来[个块]|公[里斤分]|厘|毫|里[路地]|小时|"
    r"一[晚天个月年次]|每|医院|中学|小学|国道|[买春夏秋冬]))"
)
"""Behind the number of a price, a size, a count or a time."""
LEADS = (
    r"(?:住(?!院|宿|校)|我们?|咱们?|俺们?|家里?|屋头|屋里|在|到|来|去|从|送|拿|提|搬|拉|找|回|上|楼[上下]|隔壁|对[门面]|"
    r"门牌号?码?|房号|房间号?|户号|地址|敲|就|是|的|楼栋|小区|[:： ])"
)
STRONG = re.compile(r"住|家|屋|隔壁|楼|对门|门牌|房|户|址|敲|(?:我|俺)们?就?[在是]|找我")
"""Behind these any number of three or four digits is a room; elsewhere only one that looks like one."""
WEAK = re.compile(r"[在到来去从送拿提搬拉找回上]|对面")
ROOM = r"(?:[A-Ha-h][-—]?)?[1-9]\d{2,3}"
DASHED = r"\d{1,2}(?:[-—–－~]\d{1,4}){1,2}"
LED = re.compile(
    rf"(?P<lead>{LEADS}{{1,8}})(?P<door>(?:{DASHED}(?!\s?(?:[号楼层点]|家[店超药公]))|{ROOM}){COUNTED}(?:室|号房?|房|户)?)"
)
LIKELY = re.compile(
    r"(?!1(?:10|14|19|20|22)$)(?:[A-Ha-h][-—]?)?(?:[1-9]|[1-4]\d)(?:0[1-9]|[1-3]\d|40)(?:室|号房?|房|户)?$|\d+\D\d"
)
"""A floor and a door on it; no number that one dials in need."""
A_NUMBER = r"(?<![\d.:：A-Za-z¥￥第-])(?:[1-9]|[1-4]\d)(?:0[1-9]|[1-3]\d|40)(?![\d.:：%])"
TOLD_AFTER = re.compile(
    rf"(?P<door>{A_NUMBER})(?=[,，\s]*(?:就?是我家|敲门|按门铃|门铃|屋头|屋里|家里|家头|门口|那一?[家户]|找我|住(?!院)|的?(?:住户|业主)))"
)
"""A room without a word before it, which what follows tells."""
ALONE = re.compile(rf"(?:^|(?<=[,，。;；!！\s（(]))(?P<door>{A_NUMBER}|{DASHED})(?=$|[,，。;；!！）)])")
"""Nothing else in its clause."""
CN = "一二三四五六七八九"
SPELLED = re.compile(
    rf"(?<![{CN}十百零〇幺\d])(?P<door>[{CN}幺]?[{CN}十]?(?:百[零〇]|[零〇])[{CN}])(?![{CN}十百零〇幺\d])(?!\s?(?:[元块年月天个岁斤度米人次]|医院|多))"
)
HOUSE_NUMBER = re.compile(r"(?:住(?!院|宿|校)在?|我家在?|我屋头在?|门牌号?是?)(?P<door>\d{1,3}号)(?![线楼])")
ON_A_FLOOR = re.compile(
    rf"(?P<door>(?:\d{{1,2}}|[{CN}十]{{1,3}})[楼层](?:的|靠|往|上)?"
    rf"(?:(?:\d{{1,2}}|[{CN}十]{{1,2}})号(?![楼线电])|[东西南北左右中][边面侧手]?(?:边)?(?:那?一?[户家间]|(?=$|[,，。]))))"
)
ASCII = str.maketrans("０１２３４５６７８９", "0123456789")
MINE = re.compile(rf"(?<=我)(?P<door>{A_NUMBER})(?=的)")
PATTERNS = (TOLD_AFTER, MINE, ALONE, SPELLED, HOUSE_NUMBER, ON_A_FLOOR)


def found(words: str) -> Iterator[tuple[int, int, int]]:
    """Each bare door: where the words that lead to it begin, where it begins itself, and where it ends."""
    words = words.translate(ASCII)
    if not any(sign.isdigit() or sign in "零〇楼层" for sign in words):
        return
    for led in LED.finditer(words):
        lead = led["lead"]
        if STRONG.search(lead) or (WEAK.search(lead) and LIKELY.match(led["door"])):
            yield led.start(), led.start("door"), led.end()
    for pattern in PATTERNS:
        for door in pattern.finditer(words):
            yield door.start(), door.start("door"), door.end("door")


def any_in(words: str) -> bool:
    """Whether these words tell a door."""
    return next(found(words), None) is not None

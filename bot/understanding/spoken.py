"""Places as voice input writes them: 三动二丹元, 幺零二, 八零三; and spelt with blanks between all characters."""

import re

_COUNT = "零〇一二两三四五六七八九十百幺"
_BLANK = re.compile(rf"(?<=[\d{_COUNT}号单]) (?=[号楼栋幢座单元室层])")
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
_UNIT = re.compile(rf"(?<=[\d{_COUNT}])(?:[丹但担旦]元|单[园圆]|丹园)")
_BUILDING = re.compile(
    rf"(?<=[\d{_COUNT}])(?<!一动不)[洞动懂冻](?!不)"
    rf"(?=[\d{_COUNT}]{{1,2}}(?:单元|门)|[\d{_COUNT}]{{3,4}}|楼|那|的|地下|门口|旁|后面|前面|有人|电梯|单元)"
)
_ONE = re.compile(rf"幺(?=[{_COUNT}]|单元|栋|号|楼)|(?<=[{_COUNT}])幺")
_NO_ROOM = f"[{_COUNT}千万亿点个年月块元天岁号栋楼层单后多几]"
_ROOM = re.compile(
    rf"(?<![{_COUNT}千万点第])(?:(?<=单元)|(?<=[栋幢座楼号门层]))[一二三四五六七八九][零〇一二三四五六七八九]{{2,3}}(?!{_NO_ROOM})"
    rf"|(?<![{_COUNT}千万点第])(?!二[零〇]二)[一二三四五六七八九]{{1,2}}[零〇][一二三四五六七八九](?!{_NO_ROOM})"
    rf"|(?<![{_COUNT}千万点第])[一二]?[一二三四五六七八九][零〇]{{2}}[一二三四五六七八九](?!{_NO_ROOM})"
)
_AS_DIGIT = str.maketrans("零〇一二三四五六七八九", "00123456789")
_SIGN = re.compile(
    rf"[廿卅幺洞动懂冻丹但担旦零〇园圆]|[\d{_COUNT}号单] [号楼栋幢座单元室层]|[栋幢座楼号门层元][{_COUNT}]{{3}}"
)


def written(text: str) -> str:
    """The same text as a careful writer has it, as far as it names a place."""
    if not _SIGN.search(text):
        return text
    text = _UNIT.sub("单元", _BLANK.sub("", text).translate(_TENS))
    text = _BUILDING.sub("栋", _ONE.sub("一", text))
    return _ROOM.sub(lambda room: room.group().translate(_AS_DIGIT), text)

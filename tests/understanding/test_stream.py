"""`xiaoge parse`: plain text and JSON in, one line of JSON out."""

import msgspec

from bot.understanding import Reader
from bot.understanding.stream import lines


def test_a_plain_line_becomes_one_line_of_json(reader: Reader) -> None:
    (out,) = lines(reader, ["3栋2单元电梯又停了\n"])
    said = msgspec.json.decode(out)
    assert list(said) == ["intent", "confidence", "category", "urgency", "place", "command", "why"]
    assert said["intent"] == "report"
    assert said["category"] == "facilities"
    assert said["place"] == {"building": "3", "unit": "2", "floor": None, "room": None, "spot": "电梯"}
    assert said["command"] is None
    assert out.endswith(b"}\n")


def test_a_json_line_says_where(reader: Reader) -> None:
    group, private = lines(reader, ['{"text":"满意","where":"group"}', '{"text":"满意","where":"private"}'])
    assert msgspec.json.decode(group)["intent"] == "chat"
    assert msgspec.json.decode(private)["command"] == "confirm"


def test_broken_json_is_what_somebody_said(reader: Reader) -> None:
    (out,) = lines(reader, ['{"text": 3栋着火了'])
    assert msgspec.json.decode(out)["intent"] == "emergency"


def test_chatter_has_nothing_to_show(reader: Reader) -> None:
    (out,) = lines(reader, ["早上好"])
    said = msgspec.json.decode(out)
    assert (said["intent"], said["category"], said["why"]) == ("chat", None, [])
    assert not any(said["place"].values())


def test_lines_are_answered_as_they_come(reader: Reader) -> None:
    endless = iter(lambda: "进度1029", None)
    assert msgspec.json.decode(next(lines(reader, endless)))["command"] == "progress"

"""Everything that comes in: the platform's bytes, and what happened."""

from datetime import UTC, datetime

import pytest

from bot.channels.official.hearing import read
from bot.errors import BadRequest
from bot.message import Happening

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HEAD = (
    "<ToUserName><![CDATA[gh_f1d7a3b1c2e4]]></ToUserName><FromUserName><![CDATA[oABC]]></FromUserName>"
    "<CreateTime>1763863200</CreateTime>"
)
MESSAGE = "<MsgId>23456789012345678</MsgId>"


def message(kind: str, rest: str) -> str:
    return f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>{rest}{MESSAGE}</xml>"


def event(name: str, rest: str = "") -> str:
    return f"<xml>{HEAD}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{rest}</xml>"


@pytest.mark.parametrize(
    ("xml", "happening", "text"),
    [
        (message("text", "<Content><![CDATA[3栋电梯停了]]></Content>"), "text", "3栋电梯停了"),
        (message("text", "<Content>a &lt;b&gt; &amp; c</Content>"), "text", "a <b> & c"),
        (message("text", "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"), "text", "a]]>b"),
        (message("text", "<Content></Content>"), "text", ""),
        (
            message("image", "<PicUrl><![CDATA[http://mmbiz.qpic.cn/x]]></PicUrl><MediaId><![CDATA[m1]]></MediaId>"),
            "photo",
            "m1",
        ),
        (
            message(
                "location",
                "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
                "<Label><![CDATA[锦绣花园3栋]]></Label>",
            ),
            "place",
            "锦绣花园3栋",
        ),
        (
            message("location", "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label></Label>"),
            "place",
            "23.100000,113.300000",
        ),
        (
            message(
                "voice",
                "<MediaId><![CDATA[m]]></MediaId><Format><![CDATA[amr]]></Format>"
                "<Recognition><![CDATA[电梯坏了]]></Recognition><MediaId16K><![CDATA[m16]]></MediaId16K>",
            ),
            "text",
            "电梯坏了",
        ),
        (message("voice", "<MediaId>m</MediaId><Format>amr</Format><Recognition></Recognition>"), "voice", "m"),
        (message("shortvideo", "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>"), "text", ""),
        (message("link", "<Title>t</Title><Description>d</Description><Url>http://x</Url>"), "text", ""),
        (event("subscribe", "<EventKey></EventKey>"), "joined", ""),
        (event("subscribe", "<EventKey><![CDATA[last_trade_no_4]]></EventKey>"), "joined", ""),
        (
            event("subscribe", "<EventKey><![CDATA[qrscene_X7K-2M]]></EventKey><Ticket><![CDATA[T]]></Ticket>"),
            "scan",
            "X7K-2M",
        ),
        (event("SCAN", "<EventKey><![CDATA[X7K-2M]]></EventKey><Ticket><![CDATA[T]]></Ticket>"), "scan", "X7K-2M"),
        (event("CLICK", "<EventKey><![CDATA[进度]]></EventKey>"), "text", "进度"),
        (event("unsubscribe", "<EventKey></EventKey>"), "left", ""),
    ],
)
def test_what_happened(xml: str, happening: Happening, text: str) -> None:
    heard = read(xml, "wechat", AT)

    assert heard.happened is not None
    assert (heard.happened.happening, heard.happened.text) == (happening, text)
    assert (heard.happened.sender, heard.happened.chat, heard.happened.at) == ("oABC", None, AT)
    assert (heard.account, heard.opener, heard.sent_at) == ("gh_f1d7a3b1c2e4", "oABC", 1763863200)
    assert heard.tapped is ("<Event>" in xml)


@pytest.mark.parametrize(
    "xml",
    [
        event("LOCATION", "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119.3</Precision>"),
        event("VIEW", "<EventKey><![CDATA[https://example.org]]></EventKey>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID><Status><![CDATA[success]]></Status>"),
        event("MASSSENDJOBFINISH", "<MsgID>1</MsgID><Status>send success</Status>"),
        event("subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List/></SubscribeMsgPopupEvent>"),
        event("CLICK", "<EventKey></EventKey>"),
        message("a_kind_of_next_year", "<Content>x</Content>"),
    ],
)
def test_what_does_not_concern_us(xml: str) -> None:
    assert read(xml, "wechat", AT).happened is None


def test_a_message_is_known_by_its_number_and_an_event_by_all_that_it_says() -> None:
    keys = [
        read(xml, "wechat", AT).happened
        for xml in (
            message("text", "<Content>a</Content>"),
            event("SCAN", "<EventKey>A</EventKey>"),
            event("SCAN", "<EventKey>B</EventKey>"),
            event("CLICK", "<EventKey>A</EventKey>"),
            event("unsubscribe"),
            event("subscribe"),
            event("subscribe").replace("oABC", "oXYZ"),
            event("subscribe").replace("1763863200", "1763863201"),
        )
    ]

    assert keys[0] is not None
    assert keys[0].key == "23456789012345678"
    assert len({one.key for one in keys if one}) == len(keys)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "success",
        "<xml>",
        "<xml/>",
        "<a><b/></a>",
        "<xml><MsgType>text</MsgType></xml>",
        f"<xml>{HEAD}</xml>",
        f"<xml>{HEAD}<MsgType><a/></MsgType></xml>",
        message("text", "<Content>x</Content>").replace("1763863200", "yesterday"),
        message("text", "<Content>x</Content>").replace("oABC", "o" * 500),
        message("text", "<Content>x</Content>").replace("23456789012345678", "one"),
        message("location", "<Location_X>here</Location_X><Location_Y>1</Location_Y>"),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + message("text", "<Content>&a;</Content>"),
        "<xml>" * 5000,
    ],
)
def test_what_is_no_message(xml: str) -> None:
    with pytest.raises(BadRequest):
        read(xml, "wechat", AT)

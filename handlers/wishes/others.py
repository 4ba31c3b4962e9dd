"""Who else is spoken of in a wish, and where they are found: neighbours by name, their yards, the third house from the end."""

import re

from bot.understanding.names import (
    ELDER,
    FULL_NAME,
    SOMEBODY,
    SURNAME,
    SURNAMES,
    SURNAMES_THAT_ARE_WORDS,
    TITLE,
)

NO_SURNAME = (
    r"(?:位|全家|阿[姨婆公伯妈爸叔姐哥]|公公|老(?:妈|爸|公|婆(?!婆)|爹|娘)|(?<=独)居|(?<=[环门])卫|(?<=[中韩外美])国|(?<=[小社山辖园])区|(?<=失)明|(?<=[一二三四五六七八九十\d])楼|"
    r"(?<=主)任|(?<=[拍照])张全|(?<=[晚早夜中换])班|(?<=[谁哪大])家|帅[哥锅])"
)
"""Begins like a surname and is none: 哪位师傅, 环卫师傅, 全家福."""
TITLED = rf"(?!{NO_SURNAME})(?:{FULL_NAME}(?:{TITLE}|(?=家))|(?:(?:(?<!孤)老|[小阿])?(?!区){SURNAME}|老)(?:{TITLE}))"
"""Somebody by surname and title."""
PRETEND = r"(?:张三(?![人角层抽条格])|李四|王五|赵六)"
PLAIN = f"[{''.join(sorted(SURNAMES - SURNAMES_THAT_ARE_WORDS))}]"
NICK = (
    rf"(?:{PRETEND}|(?!老师|小时|老路|小路|小车|小包|小熊|小鱼|小牛|小白|小米|小麦|小龙虾|小程序|小黄)[老小阿]{PLAIN}"
    r"|[小阿][伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞刚兰辉玲红梅燕莉婷洁雯萍])"
)
"""老朱, 小芳: to be believed only where a name may stand."""
BEFORE = r"(?:(?<![\u4e00-\u9fff])|(?<=[找叫喊问跟和是给帮替代陪接向与让托请壁上下门面的我你他她]))"
AFTER = r"(?=[家那拿有没借欠屋他她吵就要想不的在说腿住教院也跟和,，。;；!！、\s]|$|需|今年)"
SPOKEN_OF = re.compile(rf"{BEFORE}(?:{NICK}|(?!{NO_SURNAME})(?!路远|(?:{ELDER})){SOMEBODY}|(?<=给){FULL_NAME}){AFTER}")
"""A neighbour by name, in any place of a sentence."""
WISHES = r"(?=想|要|需要|缺|求|盼|希望)"
NICK_WISHES = re.compile(rf"(?:(?:隔壁|楼上|楼下|对门)的?)?(?<![\u4e00-\u9fff](?<![壁上下门的])){NICK}{WISHES}")
"""老李想要…: for whom it is."""
HELPED = re.compile(
    rf"(?<=[帮替给代陪接])(?:(?:隔壁|楼上|楼下|对门)的?)?{NICK}(?=[想要找借买修换送理带拿取搬聊下发许说])"
)
KIN = r"(?P<kin>妈|爸|娃娃?|娃儿|孩子|儿子|女儿|闺女|姑娘|孙女|孙子|孙儿|孙娃|外孙女?|老公|老婆|老伴|爱人|媳妇|女婿|[哥姐弟妹])"
SAME_TWICE = r"(?!人人|个个|天天|妈妈|爸爸|[看想试听用玩学写读讲说走尝谢刚常坐聊])(?P<twice>[\u4e00-\u9fff])(?P=twice)"
KIN_NICK = re.compile(rf"{KIN}(?:叫|是|名叫)?(?:{NICK}|(?:{SAME_TWICE}(?!{TITLE})|[大二小]宝){AFTER})")
"""我女儿小芳, 孙子明明: the word for kin may stay."""
YARD = r"(?:家里?|屋头|屋里|那里|那儿|那边|院子|院坝|门口)"
HOUSE = re.compile(
    r"(?<![陪同合借暂])住(?!院|宿|校)(?:在|到|着)?[^,，。;；\n]{0,10}?"
    r"(?:[组队社](?!区)|村[口头尾]?|顶楼|底楼|[栋幢楼层号院巷湾坝沟街路]|第.{1,2}[家户])(?:[^,，。;；\n]{0,8}?第.{1,2}[家户])?"
    r"|第[一二三四五六七八九十\d]{1,2}[家户]|[头尾]一?[家户]|[在到来][一二三四五六七八九十\d]{1,2}[组社队]"
    rf"|(?:(?<![\u4e00-\u9fff])|(?<=[在到来]))[老小]?{SURNAME}家(?:院子|大院|院坝|湾|坝|沟|屋头|门口|屋里)"
)
"""Where somebody lives, told without a number."""

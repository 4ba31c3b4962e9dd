"""Command words by their sound: voice input writes 抱事 for 报事 and 禁度 for 进度."""

_SYLLABLES = {
    "bao": "报抱包饱宝爆保暴豹堡鲍曝",
    "shi": "事是式试市十时实识视室世使始士示适失师诗施史石食氏",
    "xiu": "修休秀羞袖绣锈",
    "xin": "心新信欣辛馨芯薪",
    "yuan": "愿院远员原园源缘圆元怨",
    "wei": "微为位未围维威喂味卫",
    "bei": "备被北杯背贝辈倍",
    "jin": "进近今金尽紧禁仅劲斤津晋",
    "du": "度渡读独毒都堵赌杜肚",
    "cha": "查茶差插叉察岔",
    "che": "撤彻车扯",
    "hui": "回会汇惠灰挥毁慧辉",
    "xiao": "销消小笑校晓效",
    "dan": "单丹但担蛋胆淡旦",
    "cui": "催崔脆摧翠",
    "ban": "办半班伴般板版搬斑",
    "bang": "帮邦棒榜膀傍",
    "zhu": "助住主注祝驻猪柱逐竹",
    "ren": "人认仁任忍刃",
    "gong": "工公功共宫供弓攻恭",
    "zhuan": "转专赚砖",
    "jie": "接街节结姐借解界阶皆洁捷",
    "dao": "到道倒刀岛导稻",
    "chang": "场厂常长唱畅尝",
    "tui": "退推腿",
    "gua": "挂瓜刮寡",
    "zhang": "账章张掌丈帐涨长",
    "man": "满慢漫蛮瞒",
    "yi": "意一以已亿易艺义议益医依衣",
    "ping": "评平凭瓶苹屏",
    "jia": "价家加假架嘉佳",
    "dai": "待代带戴呆袋",
    "geng": "更耕庚梗",
    "zheng": "正证政整争征郑",
    "bu": "补不部步布捕",
    "chong": "充冲虫重宠",
}
_OF = {character: syllable for syllable, characters in _SYLLABLES.items() for character in characters}


def sound(word: str) -> tuple[str, ...]:
    """How a word sounds, a syllable for each character; a character of another sound stands for itself."""
    return tuple(_OF.get(character, character) for character in word)

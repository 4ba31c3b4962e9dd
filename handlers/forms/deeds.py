"""A yes or no to a question about several things at once: one of them done is a yes, whatever is said of the others."""

import re

from handlers.forms import rules
from handlers.forms.rules import Question

NOT_SO = re.compile(r"(?:不|没|莫|别|无)(?:有|会|得|要|用|想|打算|准备|去|再|能|需要|是)*$")
"""Right before a deed: it is not done."""
NO = re.compile(r"不(?!过|但|仅)|没|莫|别|无")
LEFT_OPEN = re.compile(r"(.)不\1|没定|没想好|说不准|不一定|再商量")
WANTS = re.compile(r"(?<![不没])(?:要|准备|打算)(?!不|得)|^(?:是|对|嗯|有)的?[,，。\s]")
AND = re.compile(r"[、或者和跟及]*")
"""Between things of which one no is said: 不拆墙、动燃气或改阳台."""
YES, NEITHER, UNSURE = "yes", "no", "unsure"


def said(question: Question, text: str) -> str:
    """Whether one of the question's deeds is done: YES, NEITHER, UNSURE where it may be both; else nothing."""
    if not question.does:
        return ""
    if LEFT_OPEN.search(text):
        return UNSURE
    undone, end = False, 0
    for found in rules.pattern(question.does).finditer(text):
        goes_on = undone and AND.fullmatch(text[end : found.start()])
        undone = bool(goes_on or NO.search(found[0]) or NOT_SO.search(text[: found.start()]))
        end = found.end()
        if not undone:
            return YES
    if NO.search(text) and WANTS.search(text):
        return UNSURE
    return NEITHER if undone else ""

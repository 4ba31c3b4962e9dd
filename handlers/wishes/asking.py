"""心愿进度, 心愿列表, 心愿审核, 心愿墙在哪看: a line that begins with 心愿 and only asks about wishes is none itself."""

from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import coming, finding, spoken
from handlers.wishes.spoken import WishWords
from storage import matters, wishes
from storage.matters import ENDED

router = Router()

LONGEST = 30
WAITED_FOR = ("wish", "wish_for")
PAUSE = " ,，。:：、!！~?？的"


@router.guard
def about_wishes(turn: Turn) -> Handler | None:
    """Asked of every 心愿 with words behind it; what is wanted passes."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.order is not None or len(said.text) > LONGEST or said.numbers:
        return None
    if not turn.in_group and phrases.only(said.text.rstrip("?？"), spoken.words(turn.catalog).questions.claimed):
        turn.order = Order("my_wishes")
        return None
    _wants_instead(turn)
    if code := _what_can_be_done(turn):
        turn.order = Order(code)
        return None
    if said.command not in ("wish", "wall"):
        return _how_mine_stands(turn)
    words = said.argument.strip(PAUSE)
    if not words or (turn.asked is not None and turn.asked.takes == "wish"):
        return None
    if code := _asked(turn, spoken.words(turn.catalog), words):
        turn.order = Order(code)
    return None


def _wants_instead(turn: Turn) -> None:
    """Asked what there is to lend, the speaker needs help, or tells of a fault: nothing that goes on the list."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    if turn.asked is None or turn.asked.takes != "resource" or said.digit is not None:
        return
    reports = said.intent == "report" and said.confidence >= turn.catalog.thresholds[True].act
    if reports or any(word in said.text for word in rows.questions.help_me):
        turn.asked = None


def _what_can_be_done(turn: Turn) -> str:
    """ "我手上还有几个没办" of whoever has a wish on hand, "有没有什么我能帮的" of anybody: one's own claims, or the wall."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    addressed = not turn.in_group or said.addressed
    if not addressed or said.command not in (None, "claim", "volunteer") or said.intent == "emergency":
        return ""
    if said.place.building or said.place.unit or (turn.asked is not None and turn.asked.takes in WAITED_FOR):
        return ""
    if spoken.found(said.text, rows.questions.hands):
        claims = any(word in said.text for word in rows.anyone.claim)
        held = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
        return "my_wishes" if held or claims or not turn.posts else "list"
    if spoken.found(said.text, rows.questions.help) is None:
        return ""
    if any(word in said.text for word in rows.questions.help_me):
        return "wish" if said.intent == "volunteer" else ""
    return "wall" if any(word in said.text for word in rows.questions.help_asks) else ""


def _how_mine_stands(turn: Turn) -> Handler | None:
    """ "还没人接嗦" of whoever has a wish and no report open is asked about the wish."""
    said, asked = turn.utterance, spoken.words(turn.catalog).questions.mine
    if turn.in_group or said.command is not None or said.place.building or turn.account is None:
        return None
    if said.intent == "emergency" or (turn.asked is not None and turn.asked.takes):
        return None
    if (named := coming.meant(turn)) is not None:
        turn.order = Order("wish_progress", (named[0].number,)) if len(named) == 1 else Order("my_wishes")
        return None
    if not any(words in said.text for words in asked):
        return None
    living = [one for one in matters.of_account(turn.session, turn.account.id) if one.state not in ENDED]
    if living and all(one.kind == wishes.KIND for one in living):
        turn.order = Order(_of_mine(turn))
    return None


def _asked(turn: Turn, rows: WishWords, words: str) -> str:
    """The order that answers it; nothing where something is wished for."""
    fillers = (*rows.wisher.fillers, *rows.anyone.slip_leads, "看", "一下", "在")
    asked = words.rstrip("吗么没呢")
    if phrases.only(words, rows.questions.wall, fillers) or phrases.only(asked, rows.questions.wall, fillers):
        return "wall"
    if phrases.only(words, rows.questions.how, fillers) or phrases.only(asked, rows.questions.how, fillers):
        return "wish"
    if phrases.only(words, rows.questions.vetting, fillers) or phrases.only(asked, rows.questions.vetting, fillers):
        return "vet_list" if finding.may_vet(turn) else _of_mine(turn)
    if phrases.only(words, rows.questions.withdraw, fillers):
        return "wish_withdraw" if len(finding.of_speaker(turn)) == 1 and words in rows.wisher.withdraw else "my_wishes"
    if words.startswith(rows.questions.starts) and spoken.found(words, rows.bot.wishing) is None:
        vets = not finding.of_speaker(turn) and finding.may_vet(turn)
        return "vet_list" if vets else _of_mine(turn)
    return ""


def _of_mine(turn: Turn) -> str:
    """How the one wish stands, or a line on each."""
    return "wish_progress" if len(finding.of_speaker(turn)) == 1 else "my_wishes"

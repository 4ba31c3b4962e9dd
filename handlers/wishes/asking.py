"""心愿进度, 心愿列表, 心愿审核, 心愿墙在哪看: a line that begins with 心愿 and only asks about wishes is none itself."""

from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding, spoken
from handlers.wishes.spoken import WishWords
from storage import matters, wishes
from storage.matters import ENDED

router = Router()

LONGEST = 30
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
    if said.command not in ("wish", "wall"):
        return _how_mine_stands(turn)
    words = said.argument.strip(PAUSE)
    if not words or (turn.asked is not None and turn.asked.takes == "wish"):
        return None
    if code := _asked(turn, spoken.words(turn.catalog), words):
        turn.order = Order(code)
    return None


def _how_mine_stands(turn: Turn) -> Handler | None:
    """ "还没人接嗦" of whoever has a wish and no report open is asked about the wish."""
    said, asked = turn.utterance, spoken.words(turn.catalog).questions.mine
    if turn.in_group or said.command is not None or said.place.building or turn.account is None:
        return None
    if said.intent == "emergency" or not any(words in said.text for words in asked):
        return None
    living = [one for one in matters.of_account(turn.session, turn.account.id) if one.state not in ENDED]
    if living and all(one.kind == wishes.KIND for one in living) and not (turn.asked and turn.asked.takes):
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

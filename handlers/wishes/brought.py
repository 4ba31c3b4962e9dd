"""The wisher says first that it came true, "轮椅用完了，多谢": closed at once where that is plain, else asked about once."""

from datetime import timedelta

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import coming_true, finding, granting, one_of_mine, spoken
from handlers.wishes.hearing import EVERYDAY, waits_for
from handlers.wishes.spoken import WishWords
from handlers.wishes.terms import terms
from storage import matters, wishes
from storage.matters import ENDED, Matter
from storage.wishes import KIND

router = Router()

LONGEST = 40
CAME = "wish_yes"
WAITS = ("", "relay", "share_how", "share_some")
"""Questions beside which it may be said."""
PLAIN = "圆梦"
"""The bot's own word for it: it needs no other word beside it."""
RECENT = timedelta(days=30)
"""So long after a wish came true a thing that was lent may be said to be back."""


@router.guard_where("alone")
def it_is_there(turn: Turn) -> Handler | None:
    """Asked of every sentence in private; quick to say None."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    if turn.incoming.happening != "text" or turn.order is not None or turn.account is None:
        return None
    if said.intent == "emergency" or said.digit is not None or said.numbers or not 1 < len(said.text) <= LONGEST:
        return None
    if (said.command is not None and said.command not in (*EVERYDAY, "thanks")) or waits_for(turn) not in WAITS:
        return None
    if again := _after_a_no(turn):
        return again
    came = spoken.found(said.text, rows.wisher.came) is not None
    thanks = any(word in said.text for word in rows.anyone.thanks)
    if not (came or thanks) or _wonders(turn, rows) or said.place.building or said.place.unit:
        return None
    return _of_ones_own(turn, rows, came=came, thanks=thanks)


def _after_a_no(turn: Turn) -> Handler | None:
    """ "来了来了，我记错了", "这回亮了" of whoever said before that it had not come true."""
    text, place = turn.utterance.text, turn.utterance.place
    told = coming_true.told(turn, text) if not (place.building or place.unit) else ""
    mine = [one for one in finding.of_speaker(turn) if one.state == "claimed"] if told else []
    mine = [one for one in mine if coming_true.said_no(turn, one)]
    if len(mine) != 1 or (told == "perhaps" and not (coming_true.takes_back(turn, text) or not _has_report(turn))):
        return None
    if told == "plain" and coming_true.takes_back(turn, text):
        turn.order = Order(CAME, (mine[0].number,), text, answers=True)
        return granting.has_come_true
    return lambda turn: [_did_it(turn, mine[0])]


def _wonders(turn: Turn, rows: WishWords) -> bool:
    """Whether it is a question: it is for the neighbour, or for the bot."""
    text = turn.utterance.text
    return spoken.asks(text, rows.bot.asking) or any(word in text for word in (*rows.anyone.wonders, *rows.wisher.asks))


def _of_ones_own(turn: Turn, rows: WishWords, *, came: bool, thanks: bool) -> Handler | None:
    """Which of the speaker's wishes that somebody has on hand it is, and whether that is plain."""
    text = turn.utterance.text
    mine = [one for one in finding.of_speaker(turn) if one.state == "claimed"]
    if not mine:
        return _back(turn, rows, text)
    if turn.asked is not None and (meant := orders.meant(turn)) and meant.answers and not turn.asked.takes:
        return None
    everyday = rows.bot.everyday
    named = [one for one in mine if finding.names_it(terms(turn.catalog), one.text, text, everyday)]
    named = named or [one for one, _ in one_of_mine.named(turn, mine, text)]
    over = spoken.found(text, (*rows.wisher.over, *rows.wisher.withdraw)) is not None
    if (over and not (thanks and came)) or (not named and (not came or _has_report(turn))):
        return None
    found = named or mine
    if len(found) > 1:
        turn.order = Order(CAME, (), text if thanks else "")
        return lambda turn: [finding.which(turn, "wishes/which_came", found)]
    used = spoken.found(text, rows.wisher.used) is not None
    doubt = any(word in _beside(text, rows) for word in rows.bot.doubt)
    plain = used or (thanks and named) or PLAIN in text
    if PLAIN in text and wishes.open_claims(turn.session, turn.account.id if turn.account else 0):
        return None  # it may be what the speaker did for somebody else
    if came and plain and not doubt and not over and waits_for(turn) != "relay":
        turn.order = Order(CAME, (found[0].number,), text if thanks else "", answers=True)
        return granting.has_come_true
    return lambda turn: [_did_it(turn, found[0])]


def _beside(text: str, rows: WishWords) -> str:
    """What is said besides that it came."""
    while word := spoken.found(text, rows.wisher.came):
        text = text[: word.start()] + text[word.end() :]
    return text


def _has_report(turn: Turn) -> bool:
    """Whether it may be about a report of the speaker's."""
    found = matters.of_account(turn.session, turn.account.id) if turn.account else []
    return any(one.kind != KIND and one.state not in ENDED for one in found)


def _did_it(turn: Turn, matter: Matter) -> Reply:
    """Did it come true? Asked once; the words go to the neighbour by a tap."""
    number = matter.number
    buttons = (
        Button(CAME, f"{CAME} {number}"),
        Button("wish_no", f"wish_keep {number}"),
        Button("relay_held", f"relay_held {number}"),
    )
    text = turn.utterance.text
    ask = Ask(held=text[:300], lasts_s=finding.A_DAY_S)
    public = wishes.of(turn.session, matter.id).public
    return Reply("wishes/did_it", {"number": number, "public": public}, buttons=buttons, about=number, ask=ask)


def _back(turn: Turn, rows: WishWords, text: str) -> Handler | None:
    """What was lent is back, of a wish that came true lately: heard, and nothing to be done about it."""
    if spoken.found(text, rows.wisher.returned) is None or waits_for(turn):
        return None
    since, account = turn.now - RECENT, turn.account.id if turn.account else 0
    mine = [one for one in matters.of_account(turn.session, account) if one.kind == KIND and one.state == "closed"]
    lent = wishes.done_by(turn.session, account)
    mine += [matters.get(turn.session, one.matter_id) for one in lent if (one.ended_at or one.since) >= since]
    recent = [one for one in mine if one.closed_at is None or one.closed_at >= since]
    named = any(finding.names_it(terms(turn.catalog), one.text, text, rows.bot.everyday) for one in recent)
    bare = bool(recent) and phrases.only(text, rows.wisher.returned, (*rows.wisher.fillers, *rows.claimer.beside))
    return (lambda _turn: [Reply("wishes/returned")]) if named or bare else None

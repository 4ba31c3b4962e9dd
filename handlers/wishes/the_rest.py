""" "1009 字典送到了，圆梦" while it is asked how long the last one took: another that is done, or the rest of one."""

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import doing, finding, granting, one_of_mine, spoken
from handlers.wishes.hearing import waits_for
from handlers.wishes.saying import NUMBER, PAUSE
from storage import journal, matters, wishes
from storage.matters import Matter

router = Router()

LONGEST = 60
HOURS, ENOUGH, REST = "spent", "enough", "rest_done"
DONE = ("fulfil", "finish")
NOT_ENDED = ("vetting", "asked_back", "unmet", "open")
"""What is still looked for after a part was done."""


@router.guard_where("alone")
def done_after_all(turn: Turn) -> Handler | None:
    """Asked of every sentence in private; quick to say None."""
    said, text = turn.utterance, turn.utterance.text
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if not 2 < len(text) <= LONGEST or said.command not in (None, *DONE) or said.intent == "emergency":
        return None
    rows = spoken.words(turn.catalog)
    takes = waits_for(turn)
    if takes not in ("", HOURS) or (said.command is None and spoken.found(text, rows.claimer.fulfil) is None):
        return None
    if spoken.asks(text, rows.bot.asking):
        return None
    if takes == HOURS and said.command is None and (found := _in_hand(turn)):
        words = phrases.without(NUMBER.sub("", text).strip(PAUSE), rows.claimer.fulfil)
        turn.order = Order("fulfil", (found.number,), words)
    elif not granting.minutes_in(text) and (found := _done_in_part(turn)):
        words = NUMBER.sub("", said.argument or text).strip(PAUSE)
        turn.order = Order(REST, (found.number,), phrases.without(words, rows.claimer.fulfil))
    elif takes == HOURS and said.command is not None and not said.numbers and not turn.posts:
        held = wishes.open_claims(turn.session, turn.account.id)
        return doing.which_or_how(turn, held) if held else None
    return None


def _in_hand(turn: Turn) -> Matter | None:
    """The one on hand that is named, by its number or its thing."""
    text, held = turn.utterance.text, wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    numbers = {int(found[1]) for found in NUMBER.finditer(text)}
    named = [one for one in held if one.number in numbers] or [one for one, _ in one_of_mine.named(turn, held, text)]
    return named[0] if len(named) == 1 else None


def _done_in_part(turn: Turn) -> Matter | None:
    """The one of which the speaker has done a part, if its number, or with nothing on hand its thing, is named."""
    account = turn.account.id if turn.account else 0
    text = turn.utterance.text
    numbers = {*turn.utterance.numbers, *(int(found[1]) for found in NUMBER.finditer(text))}
    held = wishes.open_claims(turn.session, account)
    if any(one.number in numbers for one in held) or (held and not numbers):
        return None
    done = (matters.get(turn.session, one.matter_id) for one in wishes.done_by(turn.session, account))
    open_still = list({one.id: one for one in done if one.state in NOT_ENDED}.values())
    if numbers:
        return next((one for one in open_still if one.number in numbers), None)
    named = [one for one, _ in one_of_mine.named(turn, open_still, text)]
    waited = turn.asked.about if turn.asked is not None and waits_for(turn) == HOURS else None
    named = named or [one for one in open_still if one.number == waited and turn.utterance.command is None]
    return named[0] if len(named) == 1 else None


@router.order(REST)
@finding.own_affair
def rest_done(turn: Turn) -> list[Reply]:
    """The rest is done as well: the wisher is asked whether that is all, and nobody else's word closes a wish."""
    matter = finding.numbered(turn)
    helped = wishes.done_by(turn.session, turn.speaker().id)
    if matter is None or matter.state not in NOT_ENDED or all(one.matter_id != matter.id for one in helped):
        return [Reply("wishes/unknown", {"number": matter.number if matter else 0})]
    words = finding.without_names(turn, turn.words, finding.names_of_speaker(turn))
    journal.note(
        turn.session,
        turn.now,
        "relay",
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=turn.speaker().id,
        detail=words,
    )
    buttons = (Button(ENOUGH, f"{ENOUGH} {matter.number}"), Button("wish_no", f"wish_keep {matter.number}"))
    values = {"number": matter.number, "words": words}
    to = finding.private(turn, matter.account_id)
    return [
        finding.aside(turn, Reply("wishes/rest_done", values, about=matter.number)),
        Reply("wishes/rest_done_wisher", values, to=to, buttons=buttons, about=matter.number, ask=Ask()),
    ]

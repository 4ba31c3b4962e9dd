"""Nearly the words: what comes close to a confirmation lets nothing go and is answered with what to say exactly."""

import re
from datetime import timedelta

from bot.message import Ask, Button, Reply
from bot.orders import LABEL, parse_press
from bot.orders import words as typed
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.census.asking import ASKED, SHOWN
from handlers.mobilizing import ordering
from handlers.modes import switching
from handlers.notices import approving, composing, reading, whose
from handlers.notices.terms import Nearly, terms
from handlers.people import authority
from storage import modes, musters, notices
from storage.asked import Asked
from storage.census import CENSUS
from storage.notices import DRAFT, WAITING, Notice

router = Router()

UNRELEASED = (DRAFT, WAITING, SHOWN, ASKED)
AGREES = ("approve", "refuse")
EXACT: dict[str, tuple[str, ...]] = {
    "mobilize": ("mobilize", *AGREES),
    "census": ("census_go", "census_agree", "census_refuse", *AGREES),
    "notice": ("publish", "notice_agree", "notice_refuse", *AGREES),
}
"""The orders that may stand before the number of each kind: those are no near miss."""
DEEDS = {"mobilize": "mobilize", "census": "census", "notice": "publish"}
"""By which deed of roles.toml somebody may let each kind go."""
ORDERS = frozenset(("confirm", "drill", *(code for some in EXACT.values() for code in some)))
"""Command words that a near miss may begin with; any other order is an order."""
ALONE = {"mobilize": False, "drill": True, "census_go": None}
"""Those that are an order of their own without a number, but for somebody who looks at such a preview: a drill or not."""
OWN_AFFAIRS = ("report", "wish", "form", "progress", "verify")
"""What is said about something else, whatever preview waits."""
DROP, DROP_PLAINLY, RESUME = "notice_drop", "notice_drop_plain", "notice_resume"
"""At the last question 算了 only leaves that question; 不发了 drops it there too."""
KEEP, BESIDE, REASONS = (
    "notice_keep",
    "notice_keep_beside",
    ("notice_cancel ", "notice_all_clear ", "notice_correct ", "notice_refuse "),
)
"""Questions for words that others will read, and what is said to leave them."""
MOST_TO_DROP = 16
CHANGES, DROPPABLE = f"{composing.CHANGE} ", (f"{composing.CHANGE} ", f"{composing.TEXT} ")
WRITING = tuple(f"{step} " for step in (composing.WHO, composing.TEXT, composing.SUMMARY, composing.CHANGE))
AT_WAR = ("war", "approve", "refuse", "confirm")
LOOKS = timedelta(minutes=5)
NUMBER = re.compile(r"\d{3,6}")
WAR = "war_exact"
BETWEEN = ' \t\n,，。.、:：;；!！~～“”"'


@router.guard
def lets_go(turn: Turn) -> Handler | None:
    """What was asked about something decided meanwhile waits no longer, and a preview holds nobody who speaks of
    something else; asked only of those whom a question of this kind waits for."""
    asked, said = turn.asked, turn.utterance
    if asked is None or turn.incoming.happening != "text":
        return None
    if asked.takes.startswith(WAR):
        order = modes.by_number(turn.session, asked.about or 0)
        if order is None or order.state not in (modes.DRAFT, modes.WAITING):
            turn.asked = None
        elif said.intent in OWN_AFFAIRS and not _like_yes(turn):
            turn.asked = _only_the_buttons(asked)
        return None
    if asked.takes.startswith(REASONS) and phrases.only(said.text, typed(turn, KEEP), typed(turn, BESIDE)):
        turn.order = Order(KEEP, (parse_press(asked.takes).number or 0,), answers=True)
        return _as_it_was
    return _of_a_draft(turn, asked) if asked.takes.startswith(WRITING) or f"{composing.GO} " in asked.options else None


def _of_a_draft(turn: Turn, asked: Asked) -> Handler | None:
    """A draft that is gone asks nothing; 算了 drops the one that is shown, and leaves the last question."""
    number = parse_press(asked.takes).number or asked.about
    notice = notices.find(turn.session, number) if number is not None else None
    if notice is None or notice.state not in (DRAFT, WAITING):
        turn.asked = None
        return None
    if notice.state == WAITING or turn.utterance.intent == "emergency":
        return None
    sure = not asked.takes
    if (sure or asked.takes.startswith(DROPPABLE)) and phrases.only(turn.utterance.text, typed(turn, DROP)):
        back = sure and not phrases.only(turn.utterance.text, typed(turn, DROP_PLAINLY))
        turn.order = Order(RESUME if back else DROP, (notice.number,), answers=True)
        return _still_a_draft if back else composing.drop
    beside = asked.takes.startswith(CHANGES) and turn.utterance.intent in OWN_AFFAIRS
    if beside and not (composing.changed(turn, notice, turn.utterance.text) or reading.of_the_draft(turn, notice)):
        turn.asked = _only_the_buttons(asked)
    return None


def _as_it_was(turn: Turn) -> list[Reply]:
    return [Reply("notices/as_it_was", {"number": turn.order.number if turn.order else None})]


def _still_a_draft(turn: Turn) -> list[Reply]:
    """The last question is left; what was written stays, and the next 算了 drops it."""
    notice = whose.own_draft(turn)
    ask = Ask(takes=f"{composing.CHANGE} {notice.number}", lasts_s=composing.AN_HOUR_S)
    return [Reply("notices/still_a_draft", {"notice": notice}, about=notice.number, ask=ask)]


@router.guard_where("posted")
def drops_by_number(turn: Turn) -> Handler | None:
    """1032不发了: the speaker's own draft of that number, or what waits for somebody's yes, is dropped."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or len(said.text) > MOST_TO_DROP:
        return None
    found = NUMBER.search(said.text)
    if found is None or not phrases.only(_parted(said.text, terms(turn.catalog).nearly)[1], typed(turn, DROP_PLAINLY)):
        return None
    notice = notices.find(turn.session, int(found[0]))
    if notice is None or notice.account_id != turn.account.id or kind_of(notice) != "notice":
        return None
    if notice.state not in (DRAFT, WAITING):
        return None
    turn.order = Order(DROP, (notice.number,))
    return approving.take_back if notice.state == WAITING else composing.drop


def _only_the_buttons(asked: Asked) -> Asked:
    """The same question, which no free sentence answers."""
    return Asked(key=asked.key, options=asked.options, held=asked.held, about=asked.about, until=asked.until)


def _like_yes(turn: Turn) -> bool:
    rows = terms(turn.catalog).nearly
    return phrases.some(turn.utterance.text, (*rows.yes, *rows.deeds))


@router.guard_where("posted")
def nearly(turn: Turn) -> Handler | None:
    """Its answer, when somebody who was shown what would leave says something like yes; cheap for everybody else."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or said.digit is not None:
        return None
    if said.intent == "emergency" or (turn.chat is not None and turn.chat.audience != "staff"):
        return None
    rows = terms(turn.catalog).nearly
    if len(said.text) > rows.longest or (said.command is not None and said.command not in ORDERS):
        return None
    number, words = _parted(said.text, rows)
    if (words or number is None) and not phrases.only(words, (*rows.yes, *rows.deeds)):
        return None
    loud = said.command in AGREES or any(deed in words for deed in rows.deeds)
    number = number or turn.quoted
    if _a_button(turn):
        return None
    if turn.asked is not None and turn.asked.takes.startswith(WAR) and number in (None, turn.asked.about):
        at_war = said.command is None or said.command in AT_WAR
        return _of_war(turn, turn.asked.about or 0) if at_war else None
    if number is None and (turn.in_group or (turn.asked is not None and not loud)) and not _asked_of(turn):
        return None  # a yes to something else
    return _about(turn, number, loud=loud)


def _parted(text: str, rows: Nearly) -> tuple[int | None, str]:
    """(the number, what is said around it, without what makes a question of it)."""
    found = NUMBER.search(text)
    words = text[: found.start()].rstrip() + text[found.end() :].removeprefix("号").lstrip() if found else text
    return (int(found[0]) if found else None), words.strip(BETWEEN).rstrip(rows.asking).strip(BETWEEN)


def _a_button(turn: Turn) -> bool:
    """Whether these are the very words of a button that waits."""
    waiting = turn.asked.options.split("\n") if turn.asked else ()
    return any(one.endswith(f"{LABEL}{turn.utterance.text}") for one in waiting)


def _asked_of(turn: Turn) -> Notice | None:
    """The notice that the bot has just asked the speaker about."""
    about = turn.asked.about if turn.asked else None
    notice = notices.find(turn.session, about) if about else None
    return notice if notice is not None and notice.state in UNRELEASED else None


def _about(turn: Turn, number: int | None, *, loud: bool) -> Handler | None:
    """The answer about this one, else about what the speaker was shown or asked last; nothing when there is none."""
    if number is not None:
        notice = notices.find(turn.session, number)
        if notice is None:
            return _of_war(turn, number)
    else:
        asked = turn.asked
        here = _asked_of(turn)
        if asked is not None and asked.about is not None and turn.utterance.command == "publish" and here is None:
            return None  # a wish waits to be vetted
        notice = here or _newest(turn) or (_waits_for(turn) if loud else None)
    if notice is None or notice.state not in UNRELEASED or not _concerned(turn, notice):
        return None
    said = turn.utterance
    if said.command in EXACT[kind_of(notice)] and (said.numbers or turn.quoted) and not said.argument:
        return None
    if said.command in ALONE and not said.numbers and not _looks(turn, notice):
        return None
    if (
        notice.state == DRAFT
        and kind_of(notice) == "notice"
        and not (notice.audience and notice.text and notice.summary)
    ):
        return None  # it is still being written
    return lambda turn: exactly(turn, notice)


def _looks(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker has just been shown a preview that is let go by a word like this."""
    command = turn.utterance.command or ""
    if notice.state not in (DRAFT, SHOWN) or turn.now - notice.composed_at > LOOKS:
        return False
    if command == "census_go":
        return kind_of(notice) == "census"
    return kind_of(notice) == "mobilize" and ALONE[command] is notice.drill


def _of_war(turn: Turn, number: int) -> Handler | None:
    """The same for an order that puts a place at war."""
    order = modes.by_number(turn.session, number)
    said = turn.utterance
    if order is None or (said.command in AGREES and said.numbers and not said.argument):
        return None
    turn.order = Order(WAR, (number,))
    return switching.almost


def _newest(turn: Turn) -> Notice | None:
    """What the speaker was shown last and has not let go."""
    since = turn.now - timedelta(minutes=terms(turn.catalog).nearly.minutes)
    own = notices.of_author(turn.session, turn.account.id, UNRELEASED, since) if turn.account else []
    return own[0] if own else None


def _waits_for(turn: Turn) -> Notice | None:
    """The newest that waits for a second person, who may be the speaker."""
    waiting = notices.in_states(turn.session, (WAITING, ASKED))
    return next((one for one in waiting if _concerned(turn, one)), None)


def _concerned(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker wrote it or may let it go."""
    if turn.account is not None and notice.account_id == turn.account.id:
        return True
    code, deed = whose.grid_of(turn, notice).code, DEEDS[kind_of(notice)]
    return any(authority.post_over(turn, turn.posts, one, code) for one in (deed, "approve", "admit"))


def kind_of(notice: Notice) -> str:
    """How it is let go: as a mobilization, as a census, or as any notice."""
    return "mobilize" if notice.kind in musters.KINDS else "census" if notice.kind == CENSUS else "notice"


def exactly_named(turn: Turn) -> list[Reply]:
    """The same about the notice whose number was said."""
    return exactly(turn, whose.named(turn))


def exactly(turn: Turn, notice: Notice) -> list[Reply]:
    """Nothing has left; what to say or to tap."""
    kind = kind_of(notice)
    if kind == "mobilize" and ordering.is_too_old(turn, notice):
        raise ordering.too_old(turn, notice)
    if kind == "notice" and notice.state == DRAFT and notice.until and notice.until <= turn.now:
        return approving.to_mend(notice, "notices/over_already")
    waits = notice.state in (WAITING, ASKED)
    own = turn.account is not None and notice.account_id == turn.account.id
    values = {"notice": notice, "kind": kind, "waits": waits, "own": own, "sure": _last_words(turn, notice)}
    return [Reply("notices/nearly", values, buttons=_buttons(notice, kind, own=own, waits=waits), about=notice.number)]


def _last_words(turn: Turn, notice: Notice) -> str:
    """What stands on the button that releases it, where that is all that is still waited for."""
    options = turn.asked.options.split("\n") if turn.asked and not turn.asked.takes else ()
    pairs = [option.partition(LABEL) for option in options]
    return next((label for press, _, label in pairs if press.startswith(f"{composing.GO} {notice.number} ")), "")


def _buttons(notice: Notice, kind: str, *, own: bool, waits: bool) -> tuple[Button, ...]:
    """The buttons that were shown with it."""
    if kind != "mobilize" or (own and waits):
        return ()
    if waits:
        return Button("agree", f"muster_agree {notice.number}"), Button("disagree", f"muster_refuse {notice.number}")
    return (Button("mobilize_drill" if notice.drill else "mobilize", f"mobilize {notice.number}"),)

"""Granting: the claimer brings it, the wisher says so, and thanks go on word for word without a name."""

import re
from dataclasses import replace

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Order, Scene, Turn
from bot.understanding import when
from handlers.matters import lifecycle
from handlers.people import authority
from handlers.wishes import finding, keeping, spoken, vetting
from handlers.wishes.terms import terms
from storage import journal, matters, timers, wishes
from storage.matters import Matter

router = Router()

LONGEST = 300
MINUTES = re.compile(r"(\d{1,3})\s*分钟?")
BOTH = re.compile(r"(\d{1,2}|[一二两三四五六七八九十])个?(?:小时|钟头)(半)?")
LONGEST_MINUTES = 24 * 60
UNITS = ("小时", "钟头", "分钟")
"""Said with what was done they tell how long it took; three days of a wheelchair are nobody's hours."""


@router.order("fulfil")
@finding.own_affair
@finding.each_number
def fulfil(turn: Turn) -> list[Reply]:
    """圆梦: the claimer says it is done; the wisher is asked. The wisher's own 圆梦了 confirms it."""
    if which := finding.which_in_hand(turn):
        return which
    if (own := _wisher_says(turn)) is not None:
        answers = turn.asked is not None and turn.asked.about == own.number
        turn.order = Order("wish_yes", (own.number,), turn.words, answers=answers)
        _with_held_thanks(turn)
        return _confirmed(turn, own, "wish_yes" if own.state == "granted" else "wish_done")
    matter = finding.in_hand(turn)
    lifecycle.check(turn, matter, "fulfil")
    words = finding.without_names(turn, finding.words(turn)[:LONGEST], finding.names_of_speaker(turn))
    after = keeping.step(turn, matter, "fulfil", by=turn.speaker().id, detail=words, values={"result": words})
    return [
        finding.aside(turn, Reply("wishes/fulfilled", {"number": after.number}, about=after.number)),
        is_it_there(turn, after),
    ]


def _wisher_says(turn: Turn) -> Matter | None:
    """The speaker's own wish that 圆梦了 confirms: the named one, or the only one somebody has on hand."""
    if found := finding.numbered(turn):
        return found if authority.is_reporter(turn, found) else None
    if turn.account is None or wishes.open_claims(turn.session, turn.account.id):
        return None
    done = [one for one in finding.of_speaker(turn) if one.state in ("granted", "claimed")]
    sure = [one for one in done if one.state == "granted"] or done
    return sure[0] if len(sure) == 1 else None


def is_it_there(scene: Scene, matter: Matter) -> Reply:
    """The wisher is asked whether the wish has come true."""
    buttons = (Button("wish_yes", f"wish_yes {matter.number}"), Button("wish_no", f"wish_no {matter.number}"))
    values = {"number": matter.number, "public": wishes.of(scene.session, matter.id).public, "words": matter.result}
    to = finding.private(scene, matter.account_id)
    return Reply("wishes/is_it_there", values, to=to, buttons=buttons, about=matter.number, ask=Ask())


@router.order("wish_yes")
@finding.own_affair
def has_come_true(turn: Turn) -> list[Reply]:
    """圆梦了: it is closed, it is on the list of services, and the wisher may say thanks, or has said it already."""
    matter = finding.own(turn)
    _with_held_thanks(turn)
    return _confirmed(turn, matter, "wish_done" if matter.state == "claimed" else "wish_yes")


def _with_held_thanks(turn: Turn) -> None:
    """Thanks that were said before the yes belong to it."""
    if not turn.words and turn.order is not None:
        held = finding.words(turn)
        thanks = any(word in held for word in spoken.words(turn.catalog).anyone.thanks)
        turn.order = replace(turn.order, argument=held if thanks else "")


def _confirmed(turn: Turn, matter: Matter, verb: str) -> list[Reply]:
    lifecycle.check(turn, matter, verb)
    claim = wishes.claimed_by(turn.session, matter.id)
    after = keeping.step(turn, matter, verb, by=turn.speaker().id)
    told: list[Reply] = []
    if claim is not None:
        told = come_true(turn, after, claim)
    return [_thanks_wanted(turn, after), *told]


def _thanks_wanted(turn: Turn, matter: Matter) -> Reply:
    """Does the wisher want to say thanks? Words said with the yes go on by one tap."""
    said = finding.word_for_word(turn, LONGEST)
    asked = finding.aside(turn, finding.asking(matter, "wishes/come_true", "thanks"))
    if not said:
        return asked
    ask = Ask(takes=f"thanks {matter.number}", held=said, lasts_s=finding.A_DAY_S)
    values = {"number": matter.number, "words": said}
    buttons = (Button("thanks_held", f"thanks_held {matter.number}"),)
    return replace(asked, template="wishes/come_true_said", values=values, buttons=buttons, ask=ask)


def come_true(scene: Scene, matter: Matter, claim: wishes.Claim) -> list[Reply]:
    """The claim is done, the deed is recorded, and the claimer hears it and may say how long it took."""
    kept = wishes.of(scene.session, matter.id)
    wishes.end_claim(scene.session, claim.id, "granted", scene.now, matter.result)
    record = {"grid_id": matter.grid_id, "title": kept.public, "matter_id": matter.id, "at": scene.now}
    wishes.add_services(scene.session, [record])
    minutes = minutes_in(matter.result) if any(unit in matter.result for unit in UNITS) else 0
    if minutes:
        _spent(scene, matter, claim.account_id, minutes)
    values = {"number": matter.number, "public": kept.public, "minutes": minutes}
    to, ask = finding.private(scene, claim.account_id), None if minutes else how_long(matter)
    return [Reply("wishes/come_true_claimer", values, to=to, about=matter.number, ask=ask)]


def _spent(scene: Scene, matter: Matter, account_id: int, minutes: int) -> None:
    journal.note(
        scene.session,
        scene.now,
        "spent",
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=account_id,
        detail=str(minutes),
    )


def how_long(matter: Matter) -> Ask:
    """Waits to hear how long it took."""
    return Ask(takes=f"spent {matter.number}")


@router.order("spent")
@finding.own_affair
def spent(turn: Turn) -> list[Reply]:
    """How long it took, for the claimer's own statement; what is no length of time asks for nothing."""
    matter = finding.numbered(turn)
    account = turn.speaker()
    done = [
        one for one in wishes.done_by(turn.session, account.id) if matter is not None and one.matter_id == matter.id
    ]
    minutes = minutes_in(turn.words)
    if matter is None or not done or not minutes:
        return [finding.aside(turn, Reply("wishes/not_spent"))]
    _spent(turn, matter, account.id, minutes)
    return [finding.aside(turn, Reply("wishes/spent", {"minutes": minutes}))]


def minutes_in(words: str) -> int:
    """半小时 is 30, 一个半小时 and 一个小时半 are 90; 0 where no time is named."""
    if "个半小时" in words or "个半钟头" in words:
        whole = when.duration(words.replace("个半", "个").replace("钟头", "小时"))
        return int(whole.total_seconds() // 60) + 30 if whole else 0
    if found := MINUTES.search(words):
        return min(LONGEST_MINUTES, int(found[1]))
    half = 30 if (found := BOTH.search(words)) and found[2] else 0
    length = when.duration(words.replace("钟头", "小时"))
    return min(LONGEST_MINUTES, int(length.total_seconds() // 60) + half) if length else 0


def keep_open(turn: Turn, number: int) -> None:
    """No plain yes has come: the clock does not close this wish, only whoever wished does."""
    if matter := next((one for one in finding.of_speaker(turn) if one.number == number), None):
        timers.disarm(turn.session, keeping.WISH, matter.id)


@router.order("wish_no")
@finding.own_affair
def not_yet(turn: Turn) -> list[Reply]:
    """还没有: it is the claimer's again."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "wish_no")
    claim = wishes.claimed_by(turn.session, matter.id)
    words = finding.without_names(turn, finding.words(turn)[:LONGEST], finding.names_of(turn, matter))
    after = keeping.step(turn, matter, "wish_no", by=turn.speaker().id, why=words)
    told = {"number": after.number, "words": words}
    said = (
        [Reply("wishes/not_yet_claimer", told, to=finding.private(turn, claim.account_id), about=after.number)]
        if claim
        else []
    )
    return [finding.aside(turn, Reply("wishes/not_yet", told, about=after.number)), *said]


@router.order("enough")
@finding.own_affair
def enough(turn: Turn) -> list[Reply]:
    """够了: what was done in part is all that is needed."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "enough")
    after = keeping.step(turn, matter, "enough", by=turn.speaker().id)
    seat = finding.owner(turn, after)
    told = [vetting.card(turn, after, seat, "wishes/enough_vetter")] if seat else []
    return [
        finding.aside(turn, finding.asking(after, "wishes/come_true", "thanks")),
        *told,
    ]


@router.order("thanks_held")
def thanks_held(turn: Turn) -> list[Reply]:
    """The words that came with the yes are the thanks."""
    number = turn.order.number if turn.order else None
    words = turn.asked.held if turn.asked and turn.order and turn.order.answers else ""
    turn.order = Order("thanks", (number,) if number else (), words, answers=True)
    return thanks(turn)


@router.order("thanks")
@finding.own_affair
def thanks(turn: Turn) -> list[Reply]:
    """致谢: word for word to whoever did it, without name, number and door."""
    matter = finding.numbered(turn) or _done_for(turn)
    if matter is None:
        raise UserMistake("wishes/thanks_whom")
    done = wishes.claimed_by(turn.session, matter.id) if matter.state == "granted" else None
    done = done or wishes.last_done(turn.session, matter.id)
    if turn.account is None or turn.account.id != matter.account_id or done is None:
        raise UserMistake("wishes/thanks_whom")
    typed = finding.word_for_word(turn, LONGEST)
    if not typed:
        return [finding.aside(turn, finding.asking(matter, "wishes/thanks_what", "thanks"))]
    words = finding.without_names(turn, typed, finding.names_of(turn, matter))
    journal.note(
        turn.session,
        turn.now,
        "thanks",
        phase="综合评价",
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=turn.account.id,
        detail=words,
    )
    told = {"number": matter.number, "words": words, "public": wishes.of(turn.session, matter.id).public}
    hidden = terms(turn.catalog).hidden in words
    return [
        finding.aside(turn, Reply("wishes/thanked", {"hidden": hidden}, about=matter.number)),
        Reply("wishes/thanks", told, to=finding.private(turn, done.account_id), about=matter.number),
    ]


def _done_for(turn: Turn) -> Matter | None:
    """The speaker's newest wish that somebody has done something about."""
    if turn.account is None:
        return None
    found = [one for one in matters.of_account(turn.session, turn.account.id) if one.kind == wishes.KIND]
    return next((one for one in found if wishes.last_done(turn.session, one.id) is not None), None)

"""Beginning a form: which one is meant, what is held already, what the first words say."""

from collections.abc import Mapping, Sequence

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import (
    asides,
    asking,
    drafts,
    filling,
    gathering,
    keeping,
    known,
    lint,
    reading,
    rules,
    showing,
    titles,
    waiting,
)
from handlers.forms.drafts import Draft
from handlers.forms.filling import MENU, in_private
from handlers.forms.rules import Form
from storage import forms
from storage.forms import DRAFT, KEPT, Filing

router = Router()

STARTS = "form_start"
AN_OFFER = 2
"""Buttons of the question whether a form is meant."""
SHOWN = 3
"""Forms on one screen: the fourth button is for more."""
ENOUGH_TO_TELL = 3
"""Answers that must be the same before a line counts as filed already."""
TOLD = 2
"""Answers of a form in words that do not name it, or among neighbours."""
MYSELF = "我"
A_FAULT = ("fault:", "urgent:")
FILING = ("报备", "登记")
"""A title that ends so is an act of its own; any other is talk among neighbours, unless the bot is called."""
LONGEST = 300
"""Characters of the first words that are looked at."""
QUESTION = ("吗", "?", "？", "么", "呢")
AN_HOUR_S = 3600
PLAIN = {"date", "period", "household", "phone"}
"""Kinds of answers that nobody gives who only complains of what a form is about."""


@router.guard
def by_its_title(turn: Turn) -> Handler | None:
    """A form's title said alone opens it, and among neighbours only where the bot is called."""
    said = turn.utterance
    if turn.order is not None or turn.incoming.happening != "text" or said.intent == "emergency" or turn.quoted:
        return None
    if turn.asked is not None and turn.asked.takes not in ("", MENU):
        return None
    if turn.in_group and not said.addressed:
        return _filled_among_neighbours(turn)
    if titles.titled(turn.catalog, said.text):
        turn.order = Order("form", (), said.text, answers=turn.asked is not None)
        return None
    called = titles.begun(turn.catalog, said.text) if said.command is None else None
    return _with_what_is_said(turn, *called) if called else None


def _filled_among_neighbours(turn: Turn) -> Handler | None:
    """返乡报备 春节从成都回来，两个人: a title with several answers begins the form; what is said to all begins none."""
    said = turn.utterance
    if said.command is not None or len(said.text) > LONGEST or not any(word in said.text for word in FILING):
        return None
    if any(why.startswith(A_FAULT) for why in said.why):
        return None
    words = rules.words(turn.catalog)
    code, title, rest = titles.begun(turn.catalog, said.text) or ("", "", "")
    if (
        not title.endswith(FILING)
        or len(title) < titles.A_WHOLE_TITLE
        or any(word in said.text for word in words.to_all)
    ):
        return None
    form = lint.offered(turn.catalog)[code]
    found = gathering.gather(form, drafts.said(turn, rest), words, {}).found
    if len(found) >= TOLD and PLAIN & {form.by_id[of].kind for of in found}:
        turn.order = Order("form", (), said.text)
    return None


def _with_what_is_said(turn: Turn, code: str, title: str, rest: str) -> Handler | None:
    """A title and what there is to tell begin the form; a short one, that may be talk, is asked about first."""
    form, said = lint.offered(turn.catalog)[code], turn.utterance
    found = gathering.gather(form, drafts.said(turn, rest), rules.words(turn.catalog), {}).found
    told = {form.by_id[of].kind for of in found}
    if said.intent == "report" and not told & PLAIN:
        return None
    if len(title) >= titles.A_WHOLE_TITLE and (told or not said.text.startswith(title + rest)):
        turn.order = Order("form", (), said.text)
        return None
    if not told or said.intent == "form":
        return None
    return in_private(lambda turn: [offer(turn, code, turn.utterance.text[:LONGEST])])


@router.order("form")
@in_private
def ordered(turn: Turn) -> list[Reply]:
    """报备, alone or with what there is to say."""
    words = turn.words[:LONGEST]
    held = turn.asked.held if turn.asked and turn.order and turn.order.answers else ""
    said = words or turn.utterance.text
    if held and phrases.only(words, rules.words(turn.catalog).meant):
        return [menu(turn, 0, held)]  # which of them, a yes does not say
    code = titles.titled(turn.catalog, said) or meant(lint.offered(turn.catalog), said)
    code = code or (by_what_it_tells(turn, " ".join(filter(None, (held, words)))) if words else None)
    if code is not None and held == "" and turn.order and turn.order.answers and words.endswith(QUESTION):
        return [offer(turn, code, words)]
    if code is not None:
        return _and_the_fault(turn, code, begin(turn, code, " ".join(filter(None, (held, words)))))
    open_drafts = forms.of_account(turn.session, turn.account.id, DRAFT) if turn.account and not words else []
    if open_drafts:
        return [_unfinished(turn, open_drafts)]
    return [menu(turn, 0, held or words)]


def _and_the_fault(turn: Turn, code: str, replies: list[Reply]) -> list[Reply]:
    """A fault that was told in the same breath is asked about too, and the form goes on behind it."""
    rows = forms.of_account(turn.session, turn.speaker().id, DRAFT)
    row = next((row for row in rows if row.form == code), None)
    draft = drafts.opened(turn, row) if row else None
    line = asides.parted(turn, draft, None) if draft else None
    return [*replies, waiting.report_too(draft, line.fault, noted=False)] if draft and line else replies


@router.intent("form")
def free_words(turn: Turn) -> list[Reply]:
    """Said without an order: begun only in private and when sure; asked first when not; silent among neighbours."""
    said = turn.utterance
    if turn.in_group and not said.addressed and not _asks_to_file(turn):
        return []
    return _freely(turn)


def _asks_to_file(turn: Turn) -> bool:
    """Whether a neighbour says among neighbours, of the own home, that one of the forms is wanted: 我要登记养狗."""
    text, words = turn.utterance.text, rules.words(turn.catalog)
    wants = text.startswith(words.of_me) and any(word in text for word in words.files)
    tells = text.startswith(MYSELF) and text.endswith(words.files) and not any(word in text for word in words.to_all)
    asks = text.endswith(QUESTION) or any(word in text for word in words.asks)
    return (wants or tells) and not asks and meant(lint.offered(turn.catalog), text) is not None


@in_private
def _freely(turn: Turn) -> list[Reply]:
    said = turn.utterance
    text = said.text[:LONGEST]
    code = meant(lint.offered(turn.catalog), text)
    sure = said.confidence >= turn.catalog.thresholds[True].act and not text.endswith(QUESTION)
    if code is None:
        return [menu(turn, 0, text)]
    if sure:
        return begin(turn, code, text)
    return [offer(turn, code, text)]


@router.guard_where("alone")
def to_an_offer(turn: Turn) -> Handler | None:
    """Asked whether a form is meant: 要得, 就是要报备, or more of what belongs in it begins it; 不是 leaves it."""
    said, waits = turn.utterance, turn.asked.options.split("\n") if turn.asked else []
    code = next((one.partition(orders.LABEL)[0].split()[1] for one in waits if one.startswith(f"{STARTS} ")), "")
    if len(waits) != AN_OFFER or code not in lint.offered(turn.catalog) or turn.order is not None:
        return None
    if turn.incoming.happening != "text" or said.intent == "emergency" or said.digit is not None or turn.quoted:
        return None
    words = rules.words(turn.catalog)
    if phrases.only(said.text, words.not_meant):
        turn.order = Order("form_not", answers=True)
    elif phrases.only(said.text, words.meant):
        turn.order = Order(STARTS, (), code, answers=True)
    elif said.command is None and not said.text.endswith(QUESTION):
        form = lint.offered(turn.catalog)[code]
        if gathering.gather(form, drafts.said(turn, said.text), words, {}).found:
            text = f"{turn.asked.held if turn.asked else ''}，{said.text}".strip("，")[:LONGEST]
            return lambda turn: begin(turn, code, text)
    return None


def offer(turn: Turn, code: str, text: str) -> Reply:
    """Asked first, since it may only be a question."""
    turn.speaker()
    buttons = (Button("form_start", f"{STARTS} {code}"), Button("form_not", "form_not"))
    form = lint.offered(turn.catalog)[code]
    return Reply("forms/offer", {"form": form}, buttons=buttons, ask=Ask(held=text, lasts_s=AN_HOUR_S))


@router.order(STARTS)
@in_private
def chosen(turn: Turn) -> list[Reply]:
    """One form was tapped; the words it was offered for are read again."""
    code = turn.words
    if code not in lint.offered(turn.catalog):
        raise UserMistake("forms/no_longer")
    return begin(turn, code, turn.asked.held if turn.asked and turn.order and turn.order.answers else "")


@router.order("form_again")
@in_private
def one_more(turn: Turn) -> list[Reply]:
    """The same was filed before, and another one is wanted all the same."""
    code = turn.words
    if code not in lint.offered(turn.catalog):
        raise UserMistake("forms/no_longer")
    return begin(turn, code, turn.asked.held if turn.asked and turn.order and turn.order.answers else "", again=True)


@router.order("form_not")
def not_meant(_turn: Turn) -> list[Reply]:
    """It was only talk: nothing is kept."""
    return [Reply("forms/not_meant")]


@router.order("form_menu")
@in_private
def more(turn: Turn) -> list[Reply]:
    """The next forms of the list."""
    return [menu(turn, turn.order.number or 0 if turn.order else 0, turn.asked.held if turn.asked else "")]


@router.order("form_resume")
@in_private
def resume(turn: Turn) -> list[Reply]:
    """接着填: the draft that is named, or the one touched last."""
    number = turn.order.number if turn.order else None
    if number is None:
        mine = forms.of_account(turn.session, turn.account.id, DRAFT) if turn.account else []
        if not mine:
            raise UserMistake("forms/nothing_open")
        number = mine[0].number
    draft = drafts.of_speaker(turn, number)
    drafts.fill_held(turn, draft)
    waiting = draft.form.by_id.get(draft.row.step)
    if waiting is not None and waiting.id not in draft.answers:
        drafts.save(turn, draft, waiting.id)
        return [asking.question_of(turn, draft, waiting)]
    return asking.go_on(turn, draft)


@router.order("form_beside")
@in_private
def beside(turn: Turn) -> list[Reply]:
    """Another form was begun in the middle of one: both are kept as far as they go, and it is asked which comes first."""
    order = turn.order or Order("form_beside")
    draft, waits = drafts.of_speaker(turn, order.number), turn.asked.takes if turn.asked else ""
    called = titles.begun(turn.catalog, turn.words)
    told = begin(turn, called[0], turn.words) if called else []
    rows = forms.of_account(turn.session, draft.row.account_id, DRAFT)
    row = next((row for row in rows if called and row.form == called[0]), None)
    if row is None:
        return told or asking.go_on(turn, draft)
    other = drafts.opened(turn, row)
    fresh = {of: value for of, value in other.answers.items() if of not in other.known}
    held = showing.lines(turn.catalog, other.form, fresh, today=drafts.local(turn).date())
    buttons = tuple(Button(f"{LITERAL}{one.form.title}", f"form_resume {one.number}") for one in (draft, other))
    ask = Ask(takes=waits, lasts_s=asking.lasts_s(turn))
    return [Reply("forms/two_open", {"other": other.form, "held": held}, buttons=buttons, about=draft.number, ask=ask)]


def meant(offered: Mapping[str, Form], text: str) -> str | None:
    """The one form that the words name: the one they begin with, else the longer the words, the surer.

    回老家 is what is said by whoever leaves and by whoever comes back: alone it names neither, and it is asked.
    """
    begins = {
        code: max((len(word) for word in _words(form) if text.startswith(word)), default=0)
        for code, form in offered.items()
    }
    scores = {code: _score(form, text) for code, form in offered.items()}
    return _first_of(begins) or _first_of(scores)


def _first_of(said: Mapping[str, int]) -> str | None:
    """The form for which most was said, where it is one alone."""
    most = max(said.values(), default=0)
    best = [code for code, many in said.items() if many == most]
    return best[0] if most and len(best) == 1 else None


def by_what_it_tells(turn: Turn, text: str) -> str | None:
    """The one form of whose questions the words answer most, where they answer several: 后天从西安 我一个人."""
    given, words = drafts.said(turn, text), rules.words(turn.catalog)
    told = {
        code: len(gathering.gather(form, given, words, {}).found) for code, form in lint.offered(turn.catalog).items()
    }
    most = max(told.values(), default=0)
    best = [code for code, many in told.items() if many == most]
    return best[0] if most >= TOLD and len(best) == 1 and not text.endswith(QUESTION) else None


def _words(form: Form) -> set[str]:
    return {*form.titles, *form.words}


def _score(form: Form, text: str) -> int:
    found = [word for word in _words(form) if word in text]
    return sum(len(word) for word in found if not any(word != other and word in other for other in found))


def menu(turn: Turn, start: int, held: str) -> Reply:
    """Three forms and more."""
    turn.speaker()  # remembered with the group's grid: what comes next is said in private
    offered = list(lint.offered(turn.catalog).items())
    if not offered:
        raise UserMistake("forms/none")
    start = start if start < len(offered) else 0
    last_page = len(offered) - start <= SHOWN + 1
    shown = offered[start:] if last_page else offered[start : start + SHOWN]
    buttons = [Button(f"{LITERAL}{form.title}", f"form_start {code}") for code, form in shown]
    if not last_page:
        buttons.append(Button("form_more", f"form_menu {start + SHOWN}"))
    ask = Ask(takes=filling.MENU, held=held, lasts_s=AN_HOUR_S)
    return Reply("forms/which", {"held": bool(held)}, buttons=tuple(buttons), ask=ask)


def begin(turn: Turn, code: str, text: str, *, again: bool = False) -> list[Reply]:
    """Go on with the draft of this form, change the one that is kept, or begin anew; with what the words say."""
    form = lint.offered(turn.catalog)[code]
    text = titles.besides(form, text)
    mine = forms.of_account(turn.session, turn.speaker().id, DRAFT, KEPT)
    same = [row for row in mine if row.form == code]
    waiting = next((row for row in same if row.state == DRAFT), None)
    if waiting is not None and again and waiting.revises_id is not None:
        forms.drop(turn.session, waiting.id)  # it changed the one that is to stay as it is
        waiting = None
    kept = [row for row in same if form.once and row.state == KEPT and not again]
    named = drafts.door_named(turn, text) if kept else None
    somebody_else = bool(kept) and all(_is_for_another(turn, form, row, text) for row in kept)
    if somebody_else or (named and all(row.room and not known.is_of(row, named) for row in kept)):
        return [_offer_change(turn, kept[0], form, code, text, moved=True)]
    if waiting is not None:
        draft = drafts.of_speaker(turn, waiting.number)
        drafts.fill(turn, draft, text)
        return asking.go_on(turn, draft)
    if kept:
        return revise(turn, next((row for row in kept if named and known.is_of(row, named)), kept[0]), text)
    lives = known.door(turn) if any(question.known == "door" for question in form.questions) else None
    held = {of: value for of, value in known.prefill(turn, form, lives).items() if not form.by_id[of].known_if}
    lives = lives if any(form.by_id[of].kind == "household" for of in held) else None
    draft = drafts.begin(turn, code, form, held, lives, None)
    filled = drafts.fill(turn, draft, text)
    if same and not again and (former := _filed_before(draft, same)):
        forms.drop(turn.session, draft.row.id)
        return [_offer_change(turn, former, form, code, text)]
    days = (of for of, why in filled.doubtful.items() if why == "impossible" and form.by_id[of].kind in PLAIN)
    return asking.go_on(turn, draft, opening=True, doubtful=next(days, ""), said=text)


def _is_for_another(turn: Turn, form: Form, row: Filing, text: str) -> bool:
    """Whether the words file it for somebody else than this one was filed for: 给我自己, after one for 我妈."""
    who = form.by_id.get(form.call.who) if form.call else None
    said = reading.chosen(who, text, whole=False) if who else ""
    return bool(said) and known.answers_of(row).get(who.id if who else "") != said


def _filed_before(draft: Draft, same: Sequence[Filing]) -> Filing | None:
    """The kept filing that says all this already, where enough was said to tell."""
    told = {of: value for of, value in draft.answers.items() if of not in draft.known}
    if len(told) < ENOUGH_TO_TELL:
        return None
    return next((row for row in same if told.items() <= known.answers_of(row).items()), None)


def _offer_change(turn: Turn, former: Filing, form: Form, code: str, text: str, *, moved: bool = False) -> Reply:
    """The one that stands may be changed; whoever means another one says so."""
    change = "form_moved" if moved else "form_edit"
    buttons = (Button("form_edit", f"{change} {former.number}"), Button("form_again", f"form_again {code}"))
    ask = Ask(held=text, lasts_s=AN_HOUR_S)
    values = {"number": former.number, "form": form, "until": former.kept_until}
    says = "forms/other_door" if moved else "forms/filed_before"
    return Reply(says, values, buttons=buttons, about=former.number, ask=ask)


@router.order("form_moved")
@in_private
def moved(turn: Turn) -> list[Reply]:
    """The household that was filed is at another door now: its filing is changed, with what was said."""
    number = turn.order.number if turn.order else None
    row = forms.by_number(turn.session, number) if number else None
    if row is None or turn.account is None or row.account_id != turn.account.id or row.state not in (DRAFT, KEPT):
        raise UserMistake("forms/gone")
    if row.state == DRAFT:
        draft = drafts.of_speaker(turn, number)
        draft.move()
        drafts.save(turn, draft, draft.row.step)
        return keeping.keep(turn)
    for draft in forms.of_account(turn.session, row.account_id, DRAFT):
        if draft.revises_id == row.id:
            forms.drop(turn.session, draft.id)
    held = turn.asked.held if turn.asked and turn.order and turn.order.answers else ""
    return revise(turn, row, held, has_moved=True)


def revise(turn: Turn, former: Filing, text: str, *, has_moved: bool = False) -> list[Reply]:
    """All that was answered stands; only what differs is said."""
    form = lint.offered(turn.catalog).get(former.form)
    if form is None:
        raise UserMistake("forms/no_longer")
    answers = {of: value for of, value in known.answers_of(former).items() if of in form.by_id}
    lives = known.Door(former.grid_id, former.building, former.unit, former.room) if former.room else None
    draft = drafts.begin(turn, former.form, form, answers, lives, former)
    if text:
        drafts.fill(turn, draft, text)
    if has_moved:
        draft.move()
    return asking.go_on(turn, draft)


def _unfinished(turn: Turn, waiting: list[Filing]) -> Reply:
    """What waits to be finished, and a way to something new."""
    offered = lint.offered(turn.catalog)
    shown = [row for row in waiting if row.form in offered][:SHOWN]
    buttons = [Button(f"{LITERAL}{offered[row.form].title}", f"form_resume {row.number}") for row in shown]
    return Reply(
        "forms/open_drafts",
        {"drafts": shown},
        buttons=(*buttons, Button("form_other", "form_menu 0")),
        ask=Ask(takes=filling.MENU, lasts_s=AN_HOUR_S),
    )

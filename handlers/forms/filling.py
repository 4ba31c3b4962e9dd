"""Filling a form: what each sentence puts in, changes or takes back while it is open."""

from collections.abc import Sequence
from dataclasses import replace
from functools import wraps

from bot.message import Address, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.forms import asking, drafts, gathering, naming, other_day, phones, reading, rules, several, which_end
from handlers.forms.asking import ANSWER, CHANGE
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question, Words
from handlers.people import consent
from storage import forms, timers
from storage.forms import WITHDRAWN

router = Router()

MENU = "form"
"""What the list of forms takes: the next sentence names one."""
LISTED = "listed"
"""Held while the list of what may be changed is shown: a digit names a line of it."""
ENDS = " ,，。:：、的是电话手机"
A_PRONOUN = 1
"""Letters that may be left of a line that only names somebody: 我."""
A_FEW_WORDS = 24
"""Characters of a sentence that steers a form."""
WAYS = ("form_back", "form_later", "form_cancel")
MUCH = 4
"""Answers that nobody likes to give a second time."""
GIVEN_UP = (asking.DROPPING, asking.NOT_AGREED, consent.HEDGED)
"""Held where 取消 was one of two things to choose from."""
NO_PHOTO = ("没", "莫得", "无", "不", "莫")
"""How somebody begins who has no photo to send."""
NOTED = "noted"
"""It was no answer to the question, and one to another."""
NOT_HEARD = ("not_understood", "until_when", "phone_wrong", "door_wrong", "impossible")


def in_private(handler: Handler) -> Handler:
    """Whatever is answered goes to the speaker alone; a group hears that it has arrived, and no more."""

    @wraps(handler)
    def answered(turn: Turn) -> list[Reply]:
        replies = handler(turn)
        if not turn.in_group or not replies:
            return replies
        alone = Address(turn.incoming.channel, turn.incoming.sender, private=True)
        return [Reply("forms/got_it"), *(replace(reply, to=reply.to or alone) for reply in replies)]

    return answered


@router.order(ANSWER)
def answered(turn: Turn) -> list[Reply]:
    """One answer, and whatever else its sentence says; then the next question, or all of it read back."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    of, _, text = (turn.order.argument if turn.order else "").partition(" ")
    question = draft.form.by_id.get(of)
    if question is None or not rules.applies(question, draft.answers):
        return asking.go_on(turn, draft)
    stays = reading.for_good(question, text)
    if not stays and (last := stays_on(turn, draft, text)):
        draft.put(last, reading.FOR_GOOD)
        drafts.save(turn, draft, of)
        return [asking.question_of(turn, draft, question, trouble=NOTED, noted=[last.id])]
    if not stays and (steer := _steers(turn)):
        return steer(turn)
    if not stays and skips(turn, question, text):
        draft.put(question, "")
        return asking.go_on(turn, draft)
    if not stays and is_not_known(turn, text):
        drafts.save(turn, draft, question.id)
        return [asking.question_of(turn, draft, question, trouble="not_known")]
    if typed := _put_right(turn, draft, question, text):
        return typed
    if noted := _for_another(turn, draft, question, text):
        drafts.save(turn, draft, of)
        return [asking.question_of(turn, draft, question, trouble=NOTED, noted=noted)]
    trouble = drafts.take(turn, draft, question, text)
    says_more = question.kind != "text" or (question.finds and rules.pattern(question.finds).search(text))
    aside = says_more and turn.incoming.happening == "text"
    noted = drafts.fill(turn, draft, text, but=of).put if aside else []
    if trouble:
        drafts.save(turn, draft, of)
        if question.required and not noted and phrases.only(text, rules.words(turn.catalog).skip):
            trouble = "needed"
        return [
            asking.question_of(
                turn,
                draft,
                question,
                trouble=NOTED if noted and trouble in NOT_HEARD else trouble,
                noted=noted,
                said=text,
            )
        ]
    return asking.go_on(turn, draft)


def stays_on(turn: Turn, draft: Draft, text: str) -> Question | None:
    """The question for the last day, where somebody who has come says that there is none; 不走了 gives up other trips."""
    asked, today = rules.asked_of(draft.form, draft.answers), drafts.local(turn).date()
    for one in asked:
        came = draft.answers.get(one.after, "")
        if came and reading.day_of(came) <= today and phrases.only(text, one.for_good):
            return one
    return None


def _for_another(turn: Turn, draft: Draft, question: Question, text: str) -> list[str]:
    """Somebody else and their phone, told where a text is asked for: what another question asks, and put down there."""
    given, words = drafts.said(turn, text), rules.words(turn.catalog)
    if question.kind != "text" or not given.numbers.get("phone"):
        return []
    if question.finds and rules.pattern(question.finds).search(text):
        return []
    if bare := _whose(draft, question, text, given.numbers["phone"]):
        draft.put(bare, phones.plain(given.numbers["phone"][0]))
        return [bare.id]
    found = gathering.gather(draft.form, given, words, draft.answers).found
    theirs = [of for of in found if of not in draft.answers and draft.form.by_id[of].kind in ("phone", "text")]
    if not any(draft.form.by_id[of].other for of in theirs):
        return []
    rest = text
    for piece in (*given.numbers["phone"], *(found[of] for of in theirs)):
        rest = rest.replace(piece, "")
    return drafts.fill(turn, draft, text, but=question.id).put if len(rest.strip(ENDS)) <= A_PRONOUN else []


def _whose(draft: Draft, question: Question, text: str, numbers: Sequence[str]) -> Question | None:
    """The question for a phone that a bare number answers; where somebody is asked for, only one for theirs."""
    for number in numbers:
        text = text.replace(number, "")
    asked = [one for one in rules.asked_of(draft.form, draft.answers) if one.kind == "phone"]
    fitting = [one for one in asked if one.other or not question.somebody]
    return (
        min(fitting, key=lambda one: one.other is not question.somebody, default=None) if not text.strip(ENDS) else None
    )


def _put_right(turn: Turn, draft: Draft, question: Question, text: str) -> list[Reply] | None:
    """Other answers are put right while this question waits: one, several, or one in the place of a yes or no."""
    words = rules.words(turn.catalog)
    if turn.incoming.happening != "text":
        return None
    if back := several.taken_back(turn, draft, question, text) or several.said_wrong(turn, draft, question, text):
        if question.id in back.put:
            return asking.go_on(turn, draft)
        drafts.save(turn, draft, question.id)
        return [
            asking.question_of(turn, draft, question, trouble="put_right" if back.put else "what_wrong", noted=back.put)
        ]
    if naming.is_wrong(words, text) and (taken := several.take_all(turn, draft, text)):
        if taken.rest and question.id not in taken.put:
            drafts.take(turn, draft, question, "，".join(taken.rest))
            taken.rest = []
        return _after_several(turn, draft, taken)
    other = _corrects(turn, draft, question, text)
    if other:
        return _corrected(turn, draft, *other, noted=True)
    if day := other_day.put_right(turn, draft, question, text):
        meant, now = day
        return _corrected(turn, draft, meant[0], now, noted=True) if len(meant) == 1 else _which(turn, draft, question)
    return None


def _which(turn: Turn, draft: Draft, question: Question) -> list[Reply]:
    """Which answer was wrong is asked, before the question again."""
    drafts.save(turn, draft, question.id)
    return [asking.question_of(turn, draft, question, trouble="what_wrong")]


def _after_several(turn: Turn, draft: Draft, taken: several.Taken) -> list[Reply]:
    """What could not be taken is asked for; what was not understood is said."""
    words = rules.words(turn.catalog)
    unheard = [one for one in taken.rest if naming.is_wrong(words, one) or any(map(str.isdecimal, one))]
    told = [Reply("forms/not_taken", {"words": "，".join(unheard)})] if unheard else []
    if taken.missed:
        question, trouble = taken.missed[0]
        drafts.save(turn, draft, question.id)
        why = "" if trouble == "put_right" and not taken.put else trouble
        return [*told, asking.question_of(turn, draft, question, trouble=why, noted=taken.put)]
    return [*told, *asking.go_on(turn, draft)]


def _corrects(turn: Turn, draft: Draft, question: Question, text: str) -> tuple[Question, str] | None:
    """Another answer is put right while this question waits: 从哪里来改成重庆."""
    if turn.incoming.happening != "text":
        return None
    words = rules.words(turn.catalog)
    if not naming.is_wrong(words, text):
        return None
    named, rest = naming.named(
        rules.asked_of(draft.form, draft.answers), words, naming.without_change(turn, text, CHANGE)
    )
    if named is None and reading.answer(question, drafts.said(turn, text), words, draft.answers).trouble:
        named, rest = naming.by_its_answer(turn, draft, text)
    return (named, rest) if named and named.id != question.id and named.id in draft.answers else None


def _corrected(turn: Turn, draft: Draft, question: Question, text: str, *, noted: bool = False) -> list[Reply]:
    """Put in; `noted`: what it is now is said before the next question, since something else was asked."""
    if day := which_end.day_meant(turn, draft, question, text):
        return [which_end.asked(turn, draft, question, day)]
    trouble = drafts.take(turn, draft, question, text) if text else ""
    if trouble or not text:
        drafts.save(turn, draft, question.id)
        return [asking.question_of(turn, draft, question, trouble=trouble)]
    return asking.go_on(turn, draft, put_right=[question.id] if noted else ())


@router.order(CHANGE)
def change(turn: Turn) -> list[Reply]:
    """改: which answer, and to what; as much of it as was said."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    if steer := _steers(turn):
        return steer(turn)
    text = naming.without_change(turn, turn.order.argument if turn.order else "", CHANGE)
    if text and (taken := several.take_all(turn, draft, text)):
        return _after_several(turn, draft, taken)
    asked = rules.asked_of(draft.form, draft.answers)
    question, rest = naming.named(asked, rules.words(turn.catalog), text)
    if question is None:
        question, rest = naming.by_its_answer(turn, draft, text)
    if question is None and turn.asked is not None and turn.asked.held == asking.DROPPING:
        return asking.go_on(turn, draft)
    if question is None:
        if given_up := _given_up(draft, text):
            draft.put(given_up, "")
            return asking.go_on(turn, draft)
        filled = drafts.fill(turn, draft, text) if text else drafts.Filled()
        if filled.put:
            return asking.go_on(turn, draft)
        if not filled.put and _hedged(turn, text):
            return [asking.only_so(turn, draft)]
        if doubt := next(((draft.form.by_id[of], why) for of, why in filled.doubtful.items()), None):
            drafts.save(turn, draft, doubt[0].id)
            return [asking.question_of(turn, draft, doubt[0], trouble=doubt[1])]
        return [_list(turn, draft, missed=bool(text))]
    if day := which_end.day_meant(turn, draft, question, rest):
        return [which_end.asked(turn, draft, question, day)]
    trouble = drafts.take(turn, draft, question, rest) if rest else ""
    if rest and not trouble:
        return asking.go_on(turn, draft)
    drafts.save(turn, draft, question.id)
    return [asking.question_of(turn, draft, question, trouble=trouble)]


def _hedged(turn: Turn, text: str) -> bool:
    """Whether it is a yes with a condition, and it was not said yet what the yes is to."""
    return consent.is_conditional(turn.catalog, text) and (turn.asked is None or turn.asked.held != consent.HEDGED)


def _given_up(draft: Draft, text: str) -> Question | None:
    """An answer that is taken out again: 没得电话."""
    asked = rules.asked_of(draft.form, draft.answers)
    return next((one for one in asked if not one.required and phrases.only(text, one.skips)), None)


def _list(turn: Turn, draft: Draft, *, missed: bool) -> Reply:
    """What may be changed, by number, and the way out."""
    drafts.save(turn, draft, "")
    values = {"questions": rules.asked_of(draft.form, draft.answers), "missed": missed}
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=LISTED, lasts_s=asking.lasts_s(turn))
    buttons = (
        Button("form_as_it_is", f"form_keep {draft.number}"),
        Button("form_later", f"form_later {draft.number}"),
        Button("form_cancel", f"form_cancel {draft.number}"),
    )
    return Reply("forms/change_what", values, buttons=buttons, about=draft.number, ask=ask)


@router.order("form_back")
def back(turn: Turn) -> list[Reply]:
    """上一步: the question before, with its answer still standing until there is another."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    before = asking.before(draft, draft.form.by_id.get(draft.row.step)) or rules.asked_of(draft.form, draft.answers)[:1]
    drafts.save(turn, draft, before[-1].id)
    return [asking.question_of(turn, draft, before[-1])]


@router.order("form_later")
def later(turn: Turn) -> list[Reply]:
    """稍后: nothing is lost."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    drafts.save(turn, draft, draft.row.step)
    values = {"form": draft.form, "days": rules.words(turn.catalog).draft_days}
    buttons = (Button("form_resume", f"form_resume {draft.number}"),)
    return [Reply("forms/later", values, buttons=buttons, about=draft.number, ask=Ask(lasts_s=asking.lasts_s(turn)))]


@router.order("form_cancel")
def cancel(turn: Turn) -> list[Reply]:
    """取消: the draft and its answers are gone, where there are many after a question; what it would change stays."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    return [asking.whether_to_drop(turn, draft)] if _holds_much(draft) and not _is_sure(turn) else drop(turn)


@router.order("form_drop")
def drop(turn: Turn) -> list[Reply]:
    """删掉: nothing of it is left."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    forms.end(turn.session, [draft.row.id], WITHDRAWN, turn.now)
    timers.disarm(turn.session, drafts.REMINDER, draft.row.id)
    return [Reply("forms/cancelled", {"form": draft.form, "again": draft.row.revises_id is not None})]


def _holds_much(draft: Draft) -> bool:
    """Whether a slip of the thumb would cost its owner much: a change is said quickly once more."""
    own = [of for of, value in draft.answers.items() if value and of not in draft.known]
    return draft.row.revises_id is None and (draft.step is None or len(own) >= MUCH)


def _is_sure(turn: Turn) -> bool:
    """Whether it was asked already, or the words say why, or that all is to be deleted."""
    words = rules.words(turn.catalog)
    if turn.asked is not None and turn.asked.held in GIVEN_UP:
        return True
    typed = turn.incoming.happening == "text"
    return typed and phrases.some(turn.utterance.text, words.cancel_surely, words.cancel)


@router.order("form_skip")
def skip(turn: Turn) -> list[Reply]:
    """跳过: a question that need not be answered; tapped late on an old one it takes back no answer given since."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.order.argument if turn.order else "")
    late = turn.incoming.happening == "press" and turn.order is not None and not turn.order.answers
    if question is not None and not question.required and not (late and draft.answers.get(question.id)):
        draft.put(question, "")
    return asking.go_on(turn, draft)


def steering(words: Words, text: str) -> str | None:
    """The order that 上一步, 稍后 or 取消 is, however it is said; of several the mildest. None for other words."""
    if len(text) > A_FEW_WORDS:
        return None
    said = (words.back, words.later, (*words.cancel, *words.cancel_surely))
    found = next((way for way, told in zip(WAYS, said, strict=True) if phrases.some(text, told)), None)
    return found if found and phrases.only(text, tuple(word for told in said for word in told)) else None


def _steers(turn: Turn) -> Handler | None:
    """上一步, 稍后, 取消 typed instead of tapped."""
    if turn.incoming.happening != "text":
        return None
    way = steering(rules.words(turn.catalog), turn.utterance.text)
    return {"form_back": back, "form_later": later, "form_cancel": cancel}[way] if way else None


def is_not_known(turn: Turn, text: str) -> bool:
    """Whether nothing is said but that it is not known yet: 还没确定住几天, 等我问下娃儿."""
    words = rules.words(turn.catalog)
    if turn.incoming.happening != "text" or len(text) > A_FEW_WORDS:
        return False
    return phrases.only(text, words.not_known, (*words.not_known_beside, *words.persons))


def skips(turn: Turn, question: Question, text: str) -> bool:
    """Whether the answer is that there is none, or that it is not known, to a question that need not be answered."""
    if not question.required and is_not_known(turn, text):
        return True
    may = not question.required and question.kind not in ("yesno", "number")
    if may and question.kind == "photo" and text.startswith(NO_PHOTO):
        return True
    return may and phrases.only(text, (*question.skips, *rules.words(turn.catalog).skip))

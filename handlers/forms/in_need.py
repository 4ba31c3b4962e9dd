"""Somebody whom 独居平安 looks after falls or is unwell: heard at any time, whatever else is being talked about.

A cry for help carries the door that is held, so that nobody has to be asked for it.
"""

from bot import orders
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding.utterance import Place
from handlers.forms import called, drafts, helping, known, lint, rules
from handlers.forms.called import Words
from handlers.forms.calling import HELP, OK, Waiting
from handlers.forms.rules import Call, Form, Question
from handlers.matters import intake, places
from storage import forms
from storage.forms import DRAFT, KEPT, Filing

router = Router()

OURS = ("form_answer ", "form_change ")
ELSE = ("wish", "form", "ask", "volunteer", "verify", "progress", "withdraw")
A_QUESTION = "吗"
ASKS = ("吗", "么", "?", "？", "没得", "没有")
PLAINLY = 24
"""Characters of a sentence that only says how one feels."""


@router.guard_where("alone")
def heard_at_any_time(turn: Turn) -> Handler | None:
    """A fall is a call for help; unwell is one where it is all that is said, or 平安吗 waits, or help is on its way."""
    said = turn.utterance
    if turn.account is None or turn.incoming.happening != "text" or turn.order is not None:
        return None
    if said.intent == "emergency":
        return _with_the_door(turn)
    words = called.words_of(turn.catalog)
    if said.command is None and (number := _is_well(turn, words)):
        turn.order, turn.asked = Order(OK, (number,)), None
        return None
    ill = called.is_so(words.unwell, said.text) or called.is_so(words.dire, said.text)
    if said.command is not None or said.digit is not None or not said.text:
        return None
    fell = has_fallen(turn, words)
    found = _looked_after(turn, words) if fell or ill else None
    if found is None:
        return None
    row, asks = found[0], turn.asked.takes if turn.asked else ""
    directly = turn.asked is not None and turn.asked.options.startswith(f"{OK} ")
    if directly or turn.quoted is not None or _tells_of_itself(turn, asks):
        return None
    waits = Waiting.of(row) is not None or helping.in_hand(turn) is not None
    plainly = not asks and _is_plainly_ill(turn, words)
    if fell or (ill and (plainly or (waits and _is_no_answer(turn, asks, words)))):
        turn.order, turn.asked = Order(HELP, (row.number,), said.text), None
    return None


def _is_plainly_ill(turn: Turn, words: Words) -> bool:
    """Whether it is said of how one feels now and of nothing else: 我头昏得很; no wish, no fault, nothing of long ago."""
    said, steering = turn.utterance, rules.words(turn.catalog)
    if len(said.text) > PLAINLY or said.text.endswith(ASKS) or said.intent in ELSE or said.place.building:
        return False
    if not called.is_so(steering.unwell, said.text):
        return False
    if any(word in said.text for word in (*steering.well, *words.long_ago, *words.not_so_meant)):
        return False
    return said.intent != "report" or said.category in (None, helping.WELFARE, "health")


def _is_well(turn: Turn, words: Words) -> int:
    """The filing whose 平安吗 these words answer though something else was said since; 0 where they may mean that."""
    text, asks = turn.utterance.text, turn.asked.takes if turn.asked else ""
    if turn.quoted is not None or not text or (turn.asked is not None and turn.asked.options.startswith(f"{OK} ")):
        return 0
    strong = [word for word in (*words.fine, *words.plainly) if word not in words.weak]
    if not any(word in text for word in strong) or called.meant(words, text, other=False) != OK:
        return 0
    if asks and (not asks.startswith(OURS) or not _is_no_answer(turn, asks, words)):
        return 0
    if not asks and turn.asked is not None and (tapped := orders.meant(turn)) is not None and tapped.answers:
        return 0
    waiting = [found for found in _kept(turn) if Waiting.of(found[0])]
    return waiting[0][0].number if len(waiting) == 1 else 0


def has_fallen(turn: Turn, words: Words) -> bool:
    """Whether somebody fell or cannot get up, now, and not a thing, not long ago, and not only feared."""
    text, known_words = turn.utterance.text, turn.catalog.fears
    if not called.is_so(words.fell, text) or any(word in text for word in words.no_fall) or text.endswith(A_QUESTION):
        return False
    if any(sign in text for sign in known_words.present):
        return True
    past = text.startswith(known_words.bygone) or any(word in text for word in words.long_ago)
    feared = any(word in text for word in (*known_words.feared, *known_words.supposed))
    return not past and not feared and turn.utterance.intent not in ELSE


def _looked_after(turn: Turn, words: Words) -> tuple[Filing, Form, Call] | None:
    """The kept filing of whoever is spoken of: the speaker's own, or the parent's for whom it was filed."""
    text = turn.utterance.text
    of_another = any(word in text for word in words.others)
    for row, form, call in _kept(turn):
        if call.is_for_another(known.answers_of(row)) is of_another:
            return None if not of_another and any(word in text for word in words.not_me) else (row, form, call)
    return None


def _kept(turn: Turn) -> list[tuple[Filing, Form, Call]]:
    offered = lint.offered(turn.catalog)
    rows = forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []
    return [(row, form, form.call) for row in rows if (form := offered.get(row.form)) is not None and form.call]


def _tells_of_itself(turn: Turn, asks: str) -> bool:
    """Whether a question for something else than a form waits for a sentence, or what is asked is a line of one's own
    health: there 摔过 is an answer."""
    if asks.startswith(OURS):
        question = _question(turn, asks)
        now = any(sign in turn.utterance.text for sign in turn.catalog.fears.present)
        return question is not None and question.kind == "text" and question.sensitive and not now
    return bool(asks) and not asks.startswith(("add ", "door "))


def _is_no_answer(turn: Turn, asks: str, words: Words) -> bool:
    """Whether the words are no answer to the form's question that waits, and no wish or fault of their own."""
    said = turn.utterance
    if not asks.startswith(OURS):
        ours = said.category in (None, helping.WELFARE, "health")
        return said.intent not in ELSE and (said.intent != "report" or ours)
    question, row = _question(turn, asks), forms.by_number(turn.session, int(asks.split()[1]))
    if row is None or row.state != DRAFT:
        return True
    if question is not None and question.kind == "text":
        return called.is_so(words.dire, said.text) and not question.sensitive
    return not drafts.understood(turn, drafts.opened(turn, row), question, said.text)


def _question(turn: Turn, asks: str) -> Question | None:
    """The form's question that waits."""
    parts = asks.split(" ")
    row = forms.by_number(turn.session, int(parts[1])) if len(parts) > 2 else None
    form = lint.offered(turn.catalog).get(row.form) if row else None
    return form.by_id.get(parts[2]) if form else None


def _with_the_door(turn: Turn) -> Handler | None:
    """What is cried from home is placed at the door that the speaker filed; a village's house is told in private."""
    said = turn.utterance
    if said.behalf or said.place.building or said.place.room:
        return None
    found = _home(turn)
    if found is None:
        return None
    row, form = found
    cried = helping.in_hand(turn, crying=True) if said.emergency == intake.MEDICAL and said.command is None else None
    if cried is not None and not said.place.spot:
        return lambda turn: intake.more_of_it(turn, cried, said)
    if not row.building:
        return _with_the_house(form, row) if said.command is None else None
    if row.grid_id is not None:
        home = Place(row.building, row.unit or None, room=row.room or None)
        turn.utterance, turn.grid = places.at_home(turn, said, row.grid_id, home)
    return None


def _home(turn: Turn) -> tuple[Filing, Form] | None:
    """The newest filing of a door that is the speaker's own, or the parent's who is spoken of."""
    offered, words = lint.offered(turn.catalog), called.words_of(turn.catalog)
    of_another = any(word in turn.utterance.text for word in words.others)
    own: tuple[Filing, Form] | None = None
    for row in forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []:
        form = offered.get(row.form)
        if form is None or not row.room or row.grid_id is None:
            continue
        if form.call and form.call.is_for_another(known.answers_of(row)):
            if of_another:
                return row, form
        elif any(question.known == "door" for question in form.questions):
            own = own or (row, form)
    return own


def _with_the_house(form: Form, row: Filing) -> Handler:
    """Whoever is called also hears which house it is: no matter names a village's."""

    def cried(turn: Turn) -> list[Reply]:
        told = intake.take(turn, turn.utterance)
        return [*told, *helping.where_it_is(turn, form, row, told)]

    return cried

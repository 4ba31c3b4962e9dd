"""The parts of a notice, each taken from words: what it changes in the draft, or what is wrong with the words."""

from datetime import datetime

from bot.message import Lane, Reply
from bot.turn import Turn
from handlers.mobilizing import order_words
from handlers.notices import audience, crons, reading, whose
from handlers.notices.audience import Audience
from handlers.notices.terms import terms
from handlers.people import authority
from storage import notices, repeats
from storage.notices import Notice

SHOWN, LONGEST_ORDER, LONGEST_LINK = 3, 40, 200
Changes = dict[str, object]


def trouble(template: str, **values: object) -> tuple[Changes, Reply]:
    return {}, Reply(template, values)


NOON = "中午"


def heard_by(draft: Notice, said: Audience) -> Changes:
    """Staff are asked to say 收到 unless the writer says otherwise."""
    return {"audience": audience.kept(said), "wants_ack": said.staff or draft.wants_ack}


def _who(turn: Turn, draft: Notice, words: str) -> tuple[Changes, Reply | None]:
    own = [grid for _, grid, _ in authority.speaking_posts(turn, turn.posts)]
    heard = reading.whom(turn, words, own)
    if heard.level:
        return trouble("notices/which_level", level=heard.level)
    if heard.unknown:
        place = heard.grids[0] if len(heard.grids) == 1 else None
        if place is not None and authority.speaking_post(turn, turn.posts, place.code) is None:
            return trouble("notices/not_yours", grid=place)
        return _of_its_place(turn, heard), trouble("notices/which_place", words=heard.unknown)[1]
    if len(heard.grids) > 1:
        return trouble("notices/one_place", grids=heard.grids[:SHOWN])
    grid = heard.grids[0] if heard.grids else whose.grid_of(turn, draft)
    found = authority.speaking_post(turn, turn.posts, grid.code)
    if found is None:
        return trouble("notices/not_yours", grid=grid)
    changes: Changes = {"grid_id": grid.id, "post_id": found[0].id}
    if heard.audience is None:
        return changes, None
    return changes | heard_by(draft, heard.audience), None


def _of_its_place(turn: Turn, heard: reading.Whom) -> Changes:
    """The place that was named beside people whom nobody can single out: it stands, and is not widened."""
    found = authority.speaking_post(turn, turn.posts, heard.grids[0].code) if len(heard.grids) == 1 else None
    return {"grid_id": heard.grids[0].id, "post_id": found[0].id} if found is not None else {}


def _text(turn: Turn, draft: Notice, words: str) -> tuple[Changes, Reply | None]:
    rows, text = terms(turn.catalog), words.strip()
    if not text:
        return {}, None
    if len(text) > rows.text_most:
        return trouble("notices/text_long", most=rows.text_most, many=len(text))
    changes: Changes = {"text": text}
    if not draft.topic or draft.topic == reading.topic_of(draft.text, rows.topic_most):
        changes["topic"] = reading.topic_of(text, rows.topic_most)
    if not draft.summary or draft.summary == draft.text or draft.text != text:
        changes["summary"] = text if len(text) <= rows.summary_most else ""
    return changes, None


def _summary(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    most = terms(turn.catalog).summary_most
    if len(words) > most:
        return trouble("notices/summary_long", most=most, many=len(words))
    return ({"summary": words} if words else {}), None


def _topic(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    return {"topic": reading.topic_of(words, terms(turn.catalog).topic_most)}, None


def moment(turn: Turn, words: str) -> datetime | None:
    """The moment that these words name."""
    words = f"{words}12点" if words.endswith(NOON) else words  # 后天中午
    return order_words.moment(words, turn.now, turn.settings.zone)


def _begins(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    if words in terms(turn.catalog).answers.now:
        return {"begins_at": None}, None
    begins = moment(turn, words)
    if begins is None or begins <= turn.now:
        return trouble("notices/when_unclear", words=words)
    return {"begins_at": begins}, None


def _until(turn: Turn, draft: Notice, words: str) -> tuple[Changes, Reply | None]:
    until = moment(turn, words)
    if until is None or until <= max(draft.begins_at or turn.now, turn.now):
        return trouble("notices/when_unclear", words=words)
    return {"until": until}, None


def _ack(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    answers = terms(turn.catalog).answers
    if words in answers.no:
        return {"wants_ack": False}, None
    return {"wants_ack": True}, None


def order(turn: Turn, draft: Notice, words: str) -> tuple[Changes, Reply | None]:
    """The same order goes out once in the same place: above it, in it or below it."""
    order = "".join(words.split()).replace("@", "")[:LONGEST_ORDER]
    if not order:
        return {"order_key": ""}, None
    turn.session.one_at_a_time(f"order {order}")
    grid = whose.grid_of(turn, draft)
    for other, code in notices.with_order(turn.session, order):
        if other.number != draft.number and (code.startswith(grid.code) or grid.code.startswith(code)):
            return trouble("notices/order_taken", other=other, order=order)
    return {"order_key": f"{order}@{grid.id}"}, None


def _attachment(_turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    if words and "." not in words:
        return trouble("notices/attachment_how", words=words)
    return {"attachment": words[:LONGEST_LINK]}, None


def _drill(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    return {"drill": words not in terms(turn.catalog).answers.no}, None


def _urgent(turn: Turn, _: Notice, words: str) -> tuple[Changes, Reply | None]:
    urgent = words not in terms(turn.catalog).answers.no
    return {"lane": int(Lane.EMERGENCY if urgent else Lane.NOTICE)}, None


def _repeat(turn: Turn, draft: Notice, words: str) -> tuple[Changes, Reply | None]:
    if not words or words in terms(turn.catalog).answers.no:
        repeats.drop(turn.session, draft.number)
        return {}, None
    rule = crons.cron(words)
    if rule is None or crons.after(rule, turn.now, turn.settings.zone) is None:
        return trouble("notices/rule_unclear", words=words)
    repeats.add(turn.session, draft.number, rule)
    return {}, None


FIELDS = {
    "who": _who,
    "text": _text,
    "summary": _summary,
    "topic": _topic,
    "begins": _begins,
    "until": _until,
    "ack": _ack,
    "order": order,
    "attachment": _attachment,
    "drill": _drill,
    "urgent": _urgent,
    "repeat": _repeat,
}
"""How each part is taken, in the order in which they are."""

"""发通知: written step by step or in one message, kept as a draft from the first word, shown before it leaves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.notices import days, faces, parts, reading, whose
from handlers.notices.audience import Audience
from handlers.notices.terms import terms
from handlers.people import authority
from storage import journal, notices, numbers, repeats
from storage.notices import Notice

router = Router()

WHO, TEXT, SUMMARY, CHANGE = "notice_who", "notice_text", "notice_summary", "notice_change"
GO = "notice_go"
AN_HOUR_S = 3600
AN_HOUR = timedelta(hours=1)
SHOWN, MOST_SHOWN = 3, 10
NO_CRY = 30
"""Characters after which nobody is crying for help."""
CHOICES = ("residents_groups", "staff", "both", "residents")
"""Buttons for whom it is."""


@router.order("notice")
def compose(turn: Turn) -> list[Reply]:
    """发通知, alone or with all there is to say."""
    if turn.in_group and not turn.posts:
        return []
    whose.only_where_staff_hear(turn)
    if not authority.speaking_posts(turn, turn.posts):
        raise UserMistake("notices/not_for_you")
    if not turn.words and (waiting := _open_drafts(turn)):
        buttons = [Button(f"={row.topic or row.number}", f"notice_resume {row.number}") for row in waiting[:SHOWN]]
        return [
            Reply(
                "notices/open_drafts",
                {"drafts": waiting[:SHOWN]},
                buttons=(*buttons, Button("notice_new", "notice_new")),
                ask=Ask(lasts_s=AN_HOUR_S),
            )
        ]
    return _begin(turn)


@router.order("notice_new")
def anew(turn: Turn) -> list[Reply]:
    """Another one, whatever is unfinished."""
    whose.only_where_staff_hear(turn)
    return _begin(turn)


def begun_with(turn: Turn, said: Mapping[str, str]) -> list[Reply]:
    """A new one of these parts: what is missing is asked, and then it is shown."""
    return _put(turn, _new(turn), said)


def _begin(turn: Turn) -> list[Reply]:
    draft = _new(turn)
    words = turn.order.argument if turn.order else ""
    return _put(turn, draft, parts_of(turn, words) if words else {})


def _new(turn: Turn) -> Notice:
    own = authority.speaking_posts(turn, turn.posts)
    if not own:
        raise UserMistake("notices/not_for_you")
    here = turn.grid if turn.in_group else None
    post, grid, _ = own[0]
    if here is not None and authority.speaking_post(turn, turn.posts, here.code):
        grid = here
    return begin(turn, post_id=post.id, grid_id=grid.id)


def parts_of(turn: Turn, words: str) -> dict[str, str]:
    """What one message says of a notice, by its parts."""
    return reading.parts(
        words,
        terms(turn.catalog),
        lambda first: is_whom(turn, first),
        lambda said: parts.moment(turn, said) is not None,
    )


def is_whom(turn: Turn, words: str) -> bool:
    """Whether these words say for whom it is, and nothing else."""
    heard = reading.whom(turn, words, [grid for _, grid, _ in authority.speaking_posts(turn, turn.posts)])
    return heard.audience is not None and not heard.unknown and not heard.level


def begin(turn: Turn, *, post_id: int, grid_id: int, **values: object) -> Notice:
    """A draft with what is known already."""
    row: parts.Changes = {
        "number": numbers.give(turn.session, "notice"), "kind": "policy", "drill": False, "state": notices.DRAFT,
        "grid_id": grid_id, "audience": "", "topic": "", "summary": "", "text": "", "attachment": "", "plan": "",
        "wants_ack": False, "lane": int(Lane.NOTICE), "order_key": "", "account_id": turn.speaker().id,
        "post_id": post_id, "composed_at": turn.now, "ended_why": "", "called": 0,
    }  # fmt: skip
    draft = notices.compose(turn.session, {**row, **values})
    note(turn, draft, "compose")
    return draft


def note(turn: Turn, notice: Notice, act: str, *, why: str = "", detail: str = "") -> None:
    """In the journal, under its number."""
    by = turn.speaker().id
    journal.note(
        turn.session, turn.now, act, matter_id=notice.number, grid_id=notice.grid_id, account_id=by, why=why,
        detail=detail,
    )  # fmt: skip


def _open_drafts(turn: Turn, within: timedelta | None = None) -> list[Notice]:
    if turn.account is None:
        return []
    since = turn.now - (within or timedelta(hours=terms(turn.catalog).draft_hours))
    return notices.of_author(turn.session, turn.account.id, (notices.DRAFT,), since)


@router.order(WHO)
def for_whom(turn: Turn) -> list[Reply]:
    """For whom it is, in words or by a button."""
    draft = whose.own_draft(turn)
    if turn.words in CHOICES:
        staff, groups = turn.words in ("staff", "both"), turn.words in ("residents_groups", "both")
        said = Audience(staff=staff, residents_groups=groups, residents=turn.words == "residents")
        return _next(turn, _save(turn, draft, parts.heard_by(draft, said)))
    if _goes_back(turn):
        return _next(turn, draft)
    return _put(turn, draft, {"who": reading.whom_alone(turn.words, terms(turn.catalog))})


@router.order(TEXT)
def its_text(turn: Turn) -> list[Reply]:
    """The words themselves."""
    if _goes_back(turn):
        return _next(turn, _save(turn, whose.own_draft(turn), {"audience": ""}))
    return _put(turn, whose.own_draft(turn), {"text": turn.order.argument if turn.order else ""})


@router.order(SUMMARY)
def its_summary(turn: Turn) -> list[Reply]:
    """The same in plain words."""
    if _goes_back(turn):
        return _next(turn, _save(turn, whose.own_draft(turn), {"text": ""}))
    return _put(turn, whose.own_draft(turn), {"summary": turn.words})


def _goes_back(turn: Turn) -> bool:
    """上一步, 预览: the question before is asked again; neither a place nor words for anybody to read."""
    return phrases.only(turn.words, terms(turn.catalog).back)


@router.order(CHANGE)
def change(turn: Turn) -> list[Reply]:
    """截止 周五18点: one part said anew; words that change nothing are let pass in a group."""
    draft = whose.own_draft(turn)
    said = changed(turn, draft, turn.order.argument if turn.order else "")
    if not said:
        ask = Ask(takes=f"{CHANGE} {draft.number}", lasts_s=AN_HOUR_S)
        return [] if turn.in_group else [Reply("notices/change_what", {"notice": draft}, about=draft.number, ask=ask)]
    return _put(turn, draft, said)


def changed(turn: Turn, draft: Notice, words: str) -> dict[str, str]:
    """The parts that these words say anew, by name or as a slip put right."""
    rows = terms(turn.catalog)

    def is_moment(said: str) -> bool:
        return parts.moment(turn, said) is not None

    said = reading.change(words, rows, is_moment) or reading.put_right(words, draft.text, rows, is_moment)
    return said or _whom_anew(turn, draft, words)


def _whom_anew(turn: Turn, draft: Notice, words: str) -> dict[str, str]:
    """不对，只发青禾镇; 石桥一组和二组的居民群: nothing but for whom it is, said to a preview."""
    rest = reading.whom_alone(words, terms(turn.catalog))
    if not draft.audience or not rest or len(rest) > reading.LONGEST_WHOM:
        return {}
    heard = reading.whom(turn, rest, [grid for _, grid, _ in authority.speaking_posts(turn, turn.posts)])
    return {"who": rest} if not (heard.unknown or heard.level) and (heard.audience or heard.grids) else {}


@router.order("notice_want_ack", "notice_no_ack")
def acknowledged(turn: Turn) -> list[Reply]:
    """Whether people are asked to say 收到."""
    wanted = turn.order is not None and turn.order.code == "notice_want_ack"
    return _next(turn, _save(turn, whose.own_draft(turn), {"wants_ack": wanted}))


@router.order("notice_resume")
def resume(turn: Turn) -> list[Reply]:
    """接着写: what was said so far stands."""
    whose.only_where_staff_hear(turn)
    return _next(turn, whose.own_draft(turn))


@router.order("notice_drop")
def drop(turn: Turn) -> list[Reply]:
    """Not sent after all; its order number is free again."""
    draft = whose.own_draft(turn)
    gone = {"state": notices.ENDED, "ended_at": turn.now, "ended_why": "dropped", "order_key": ""}
    notices.change(turn.session, draft.number, only_if=(notices.DRAFT,), **gone)
    repeats.drop(turn.session, draft.number)
    note(turn, draft, "drop")
    if turn.order is not None and turn.asked is not None and turn.asked.about == draft.number:
        turn.order = replace(turn.order, answers=True)
    return [Reply("notices/dropped", {"notice": draft})]


@router.order("notice_mine")
def mine(turn: Turn) -> list[Reply]:
    """What the speaker is writing, waits for, or has on its way."""
    states = (notices.DRAFT, notices.WAITING, notices.GOING, "standing")
    since = turn.now - timedelta(days=terms(turn.catalog).verify_days)
    found = notices.of_author(turn.session, turn.account.id, states, since) if turn.account else []
    return [Reply("notices/mine", {"found": found[:MOST_SHOWN]})]


@router.guard_where("posted")
def says_for_whom(turn: Turn) -> Handler | None:
    """The audience, or the place, of a notice begun a moment ago, though something else was asked or said since."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or turn.account is None or said.command is not None:
        return None
    if len(said.text) > reading.LONGEST_WHOM or said.intent == "emergency" or (waiting is not None and waiting.takes):
        return None
    if turn.in_group and (turn.chat is None or turn.chat.audience != "staff"):
        return None
    draft = next((one for one in _open_drafts(turn, AN_HOUR) if not one.audience), None) if _names(turn) else None
    if draft is None:
        return None
    turn.order = Order(WHO, (draft.number,), said.text)
    return for_whom


def _names(turn: Turn) -> bool:
    """Whether the words are nothing but listeners, or a place."""
    heard = reading.whom(turn, turn.utterance.text, [grid for _, grid, _ in authority.speaking_posts(turn, turn.posts)])
    return not heard.unknown and not heard.level and (heard.audience is not None or bool(heard.grids))


@router.guard_where("asked")
def long_words_are_the_text(turn: Turn) -> Handler | None:
    """What is written as a notice may speak of fire and gas: so long an answer to "the text, please" is no cry for help."""
    if turn.utterance.intent != "emergency" or turn.asked is None or not turn.asked.takes.startswith(f"{TEXT} "):
        return None
    if len(turn.utterance.text) < NO_CRY:
        return None
    number = turn.asked.takes.split()[1]
    turn.order = Order(TEXT, (int(number),), turn.utterance.text, answers=True)
    return its_text


@router.guard_where("asked")
def a_photo(turn: Turn) -> Handler | None:
    """A photo while a notice is being written is its attachment; asked of photos only."""
    if turn.incoming.happening != "photo" or turn.asked is None or not turn.asked.takes.startswith("notice_"):
        return None
    return _attach


def _attach(turn: Turn) -> list[Reply]:
    number = (turn.asked.takes.split()[1:] or ["0"])[0] if turn.asked else "0"
    draft = notices.find(turn.session, int(number)) if number.isdecimal() else None
    if draft is None or turn.account is None or draft.account_id != turn.account.id or draft.state != notices.DRAFT:
        return []
    return _next(turn, _save(turn, draft, {"attachment": turn.incoming.text[: parts.LONGEST_LINK]}))


def _put(turn: Turn, draft: Notice, said: Mapping[str, str]) -> list[Reply]:
    """Take what was said, part by part; what cannot be taken is told, and the rest is kept."""
    troubles: list[Reply] = []
    for of in parts.FIELDS:
        if of in said:
            changes, trouble = parts.FIELDS[of](turn, draft, said[of])
            draft = _save(turn, draft, changes) if changes else draft
            troubles += [trouble] if trouble else []
    if "who" in said and "order" not in said and draft.order_key:
        changes, trouble = parts.order(turn, draft, faces.order_of(draft))  # it may stand in the new place already
        draft = _save(turn, draft, changes or {"order_key": ""})
        troubles += [trouble] if trouble else []
    fresh = "text" in said or "summary" in said
    return _next(turn, draft, troubles, placed="who" in said and not troubles, fresh=fresh)


def _save(turn: Turn, draft: Notice, changes: parts.Changes) -> Notice:
    if not notices.change(turn.session, draft.number, only_if=(notices.DRAFT,), **changes):
        raise UserMistake("notices/no_draft", notice=notices.get(turn.session, draft.number))
    return notices.get(turn.session, draft.number)


def go_on(turn: Turn, draft: Notice) -> list[Reply]:
    """What is missing is asked; a finished one is shown."""
    return _next(turn, draft)


def _next(
    turn: Turn, draft: Notice, troubles: list[Reply] | None = None, *, placed: bool = False, fresh: bool = False
) -> list[Reply]:
    """Ask for what is missing, one thing at a time; then show it as people will see it."""
    rows, before = terms(turn.catalog), list(troubles or [])
    about = faces.values(turn, draft)
    if not draft.audience:
        about |= {"placed": placed}
        buttons = tuple(Button(f"notice_{choice}", f"{WHO} {draft.number} {choice}") for choice in CHOICES)
        return [*before, _asking(draft, "notices/for_whom", WHO, about, buttons)]
    if not draft.text:
        return [*before, _asking(draft, "notices/its_text", TEXT, about)]
    if not draft.summary:
        return [*before, _asking(draft, "notices/its_summary", SUMMARY, {**about, "most": rows.summary_most})]
    return [*before, *faces.preview(turn, days.with_dates(turn, draft, fresh=fresh))]


def _asking(
    draft: Notice, template: str, takes: str, values: Mapping[str, object], buttons: tuple[Button, ...] = ()
) -> Reply:
    ask = Ask(takes=f"{takes} {draft.number}", lasts_s=AN_HOUR_S)
    return Reply(template, values, buttons=buttons, about=draft.number, ask=ask)

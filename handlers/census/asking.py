"""摸排: one question to every residents' group of a subtree; composed, shown, confirmed, looked at, ended."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.census.rules import rules
from handlers.matters import places as known_places
from handlers.mobilizing import several
from handlers.notices import audience, conflicts, release, whose
from handlers.notices.audience import Audience, Reach
from handlers.notices.release import Face
from handlers.notices.terms import terms
from handlers.people import authority, duty, modes
from storage import census, grids, journal, notices, numbers, people, timers
from storage.census import CENSUS, LOOK, Completeness, Part
from storage.grids import Grid
from storage.notices import GOING, Notice
from storage.posts import Post

router = Router()

DEED = "census"
SHOWN, ASKED = "shown", "asked"
"""States of a census that nobody has let go yet: shown to its author, or waiting for a second person's yes."""
LONGEST = 100
ANSWER_S = 1800
LONGEST_PRESS = 64
BAR = 10
LINES = 20
EVERYWHERE = Audience(staff_groups=True, residents_groups=True)


@dataclass(frozen=True, slots=True)
class Line:
    """How far one grid has come, as a line shows it."""

    name: str
    bar: str
    answered: int
    expected: int
    """0 where there is no table of households."""
    heard: int
    need: int
    bare: int = 0
    """Places in it without a table."""
    bare_heard: int = 0
    """Doors that answered there."""


def bar(done: Completeness) -> str:
    """Ten squares, of which as many are full as tenths have answered: full only when nobody is missing."""
    full = done.percent * BAR // 100
    return "▓" * full + "░" * (BAR - full)


@router.order("census", "census_drill")
def compose(turn: Turn) -> list[Reply]:
    """摸排, perhaps with where and what to ask: shows what would be asked of whom."""
    if among_neighbours(turn):
        return in_private(turn)
    seats = sorted(authority.seated(turn, turn.posts, DEED), key=lambda each: each[1].depth)
    if not seats:
        raise UserMistake("census/not_for_you")
    table, words = rules(turn.catalog), turn.order.argument.strip() if turn.order else ""
    drill = turn.order is not None and turn.order.code == "census_drill"
    for word in table.drill:
        if words.startswith(word):
            drill, words = True, words.removeprefix(word).strip(" ，,：:")
    places, rest = several.apart(turn, words, [each for _, each in seats], several.SURELY)
    if len(places) > 1:
        return [_which_first(places, rest.strip(" ，,：:"), "census_drill" if drill else "census")]
    post, grid, words = _where(turn, seats, words)
    question = words[:LONGEST] or table.question
    notice = draft(turn, grid, question, account_id=turn.speaker().id, post_id=post.id, drill=drill)
    hidden = (*conflicts.NEVER_IN_A_GROUP, *conflicts.HIDDEN_IN_A_GROUP)
    if conflicts.private_words(notice, hidden):
        raise UserMistake("census/private_words")
    return [_preview(turn, notice)]


def _which_first(places: Sequence[Grid], question: str, code: str) -> Reply:
    """Several places were named, and a census is for one of them: which first?"""
    presses = ((one, f"{code} {one.name} {question}".strip()) for one in places[:8])
    short = ((one, press if len(press.encode()) <= LONGEST_PRESS else f"{code} {one.name}") for one, press in presses)
    buttons = tuple(Button(f"{LITERAL}{one.name}", press) for one, press in short)
    return Reply("census/one_place", {"places": places}, buttons=buttons, ask=Ask(lasts_s=ANSWER_S))


def _where(turn: Turn, seats: Sequence[tuple[Post, Grid]], words: str) -> tuple[Post, Grid, str]:
    """The post, the subtree it is for, and the question without its name: what is named, the staff group's, or all."""
    post, grid = seats[0]
    named = known_places.estate_in(turn, words.partition(" ")[0].partition("，")[0], at_least=2)
    here = turn.grid if turn.in_group else None
    wanted = named or here or grid
    over = authority.post_over(turn, turn.posts, DEED, wanted.code)
    if over is None:
        raise UserMistake("census/not_yours", grid=wanted)
    if named is not None:
        name = next((one for one in (named.name, *named.aliases.split("、")) if one and words.startswith(one)), "")
        words = words.removeprefix(name).strip(" ，,：:") if name else words
    return over or post, wanted, words


def draft(
    scene: Scene,
    grid: Grid,
    question: str,
    *,
    account_id: int,
    post_id: int | None,
    drill: bool = False,
    plan: str = "",
) -> Notice:
    """A census that nobody has heard of yet."""
    number = numbers.give(scene.session, "notice")
    row: dict[str, object] = {
        "number": number, "kind": CENSUS, "drill": drill, "state": SHOWN, "grid_id": grid.id,
        "audience": audience.kept(EVERYWHERE), "topic": "", "summary": question[:60], "text": question, "attachment": "",
        "plan": plan, "wants_ack": False, "lane": int(Lane.DUTY), "order_key": "", "account_id": account_id,
        "post_id": post_id, "composed_at": scene.now, "ended_why": "", "called": 0,
    }  # fmt: skip
    notice = notices.compose(scene.session, row)
    census.begin(scene.session, number, question)
    note(scene, notice, "compose", account_id)
    return notice


def start(
    scene: Scene,
    grid: Grid,
    question: str = "",
    *,
    by: int,
    post_id: int | None = None,
    drill: bool = False,
    plan: str = "",
) -> tuple[Notice, list[Reply]]:
    """Let a census begin at once, for a plan that names it and was confirmed: the notice, and the words to return."""
    asked = question or rules(scene.catalog).question
    notice = draft(scene, grid, asked, account_id=by, post_id=post_id, drill=drill, plan=plan)
    replies = _let_go(scene, notice, by=by)
    return notices.get(scene.session, notice.number), replies


def _preview(turn: Turn, notice: Notice) -> Reply:
    return Reply("census/preview", _about(turn, notice), about=notice.number)


def _about(scene: Scene, notice: Notice) -> dict[str, object]:
    """Everything that is shown before it is let go."""
    grid = whose.grid_of(scene, notice)
    why, reach = conflicts.reasons(scene, notice, proposes=False), conflicts.reach(scene, notice)
    table, bare = rules(scene.catalog), census.without_table(scene.session, grid.code)
    return {
        "notice": notice,
        "grid": grid,
        "example": table.example,
        "reach": reach,
        "missed": reach.unreached,
        "households": census.completeness(scene.session, notice.number, grid.code).expected,
        "bare": bare[: terms(scene.catalog).named],
        "bare_many": len(bare),
        "minutes": table.lasts_minutes,
        "marks": [mark.minutes for mark in table.mark if mark.leaders],
        "why": why,
        "quiet": modes.quiet(scene, grid, scene.now),
        "agree": conflicts.who_agrees(scene, notice, why) if why else [],
    }


@router.order("census_go")
def sure(turn: Turn) -> list[Reply]:
    """开始摸排 1041, and once more with the audience: it goes down, or waits for a second person."""
    if among_neighbours(turn):
        return in_private(turn)
    notice = _own(turn)
    shown = _about(turn, notice)
    reach = conflicts.reach(turn, notice)
    if not reach.residents_groups:
        raise UserMistake("census/reaches_nobody", grid=whose.grid_of(turn, notice))
    if not turn.words:
        go = Button(_label(turn, notice, reach), f"census_go {notice.number} {_mark(notice)}")
        buttons = (go, Button("census_drop", f"census_drop {notice.number}"))
        label = {**shown, "label": go.label.removeprefix(LITERAL)}
        return [Reply("census/sure", label, buttons=buttons, about=notice.number, ask=Ask(lasts_s=ANSWER_S))]
    if turn.words != _mark(notice):
        return [_preview(turn, notice)]
    why = conflicts.reasons(turn, notice, proposes=False)
    if not why:
        return [Reply("census/begun", shown, about=notice.number), *_let_go(turn, notice, by=turn.speaker().id)]
    seats = conflicts.who_agrees(turn, notice, why)
    if not seats:
        raise UserMistake("census/nobody_to_agree")
    notices.change(turn.session, notice.number, only_if=(SHOWN,), state=ASKED, asked_id=seats[0].id)
    note(turn, notice, "ask_second", turn.speaker().id, why=" ".join(why))
    shown["author"] = turn.speaker().name
    return [
        Reply("census/waits", shown, about=notice.number),
        *(
            Reply(
                "census/request",
                shown,
                to=duty.address(seat),
                lane=Lane.DUTY,
                about=notice.number,
                buttons=(Button("disagree", f"census_refuse {notice.number}"),),
            )
            for seat in seats
        ),
    ]


@router.order("census_agree")
def agree(turn: Turn) -> list[Reply]:
    """同意摸排 1041, by somebody else who may: it goes down."""
    if among_neighbours(turn):
        return in_private(turn)
    notice = _to_decide(turn)
    if notice.state != ASKED:
        raise UserMistake("census/not_now", notice=notice)
    by = turn.speaker().id
    notices.change(turn.session, notice.number, only_if=(ASKED,), approved_by=by)
    shown = _about(turn, notice)
    return [
        Reply("census/begun", shown, about=notice.number),
        _to_its_author(turn, notice, "census/begun", shown),
        *_let_go(turn, notice, by=by),
    ]


@router.order("census_refuse")
def refuse(turn: Turn) -> list[Reply]:
    """不同意摸排 1041, by somebody who might agree: nothing goes down, and whoever wanted it hears so."""
    notice = _to_decide(turn)
    if not notices.change(turn.session, notice.number, only_if=(ASKED,), state=notices.REFUSED, ended_at=turn.now):
        raise UserMistake("census/not_now", notice=notice)
    by = turn.speaker()
    note(turn, notice, "refuse", by.id, why=turn.words)
    says = {"notice": notice, "who": by.name, "why": turn.words}
    return [
        Reply("census/refused", says, about=notice.number),
        _to_its_author(turn, notice, "census/was_refused", says),
    ]


def _to_decide(turn: Turn) -> Notice:
    """The census of that number, where the speaker may say yes or no to it."""
    notice = named(turn)
    why = conflicts.reasons(turn, notice, proposes=False)
    if conflicts.may_agree(turn, turn.posts, notice, why) is None:
        raise UserMistake("census/somebody_else", number=notice.number)
    return notice


def _to_its_author(scene: Scene, notice: Notice, template: str, says: Mapping[str, object]) -> Reply:
    author = people.get_account(scene.session, notice.account_id)
    home = Address(author.channel, author.external, private=True)
    return Reply(template, says, to=home, lane=Lane.DUTY, about=notice.number)


@router.order("census_drop")
def drop(turn: Turn) -> list[Reply]:
    """Not now: nobody hears of it."""
    notice = _own(turn)
    notices.change(turn.session, notice.number, only_if=(SHOWN,), state=notices.REFUSED, ended_at=turn.now)
    return [Reply("census/dropped", {"notice": notice})]


def _let_go(scene: Scene, notice: Notice, *, by: int) -> list[Reply]:
    """From now on it is asked, answers count, and its clock runs."""
    if not notices.change(scene.session, notice.number, only_if=(SHOWN, ASKED), state=notices.DRAFT):
        raise UserMistake("census/not_now", notice=notice)
    table = rules(scene.catalog)
    ends_at = scene.now + timedelta(minutes=table.lasts_minutes)
    census.change(scene.session, notice.number, began_at=scene.now, ends_at=ends_at)
    notices.change(scene.session, notice.number, until=ends_at)
    values = {"notice": notice, "grid": whose.grid_of(scene, notice), "example": table.example, "ends_at": ends_at}
    told = [Face("staff_groups", "census/question_staff", values), Face("residents_groups", "census/question", values)]
    first = min((mark.minutes for mark in table.mark), default=table.lasts_minutes)
    timers.arm(scene.session, LOOK, notice.number, scene.now + timedelta(minutes=first))
    return release.release(scene, notice, told, by=by)


@router.order("census_status")
def status(turn: Turn) -> list[Reply]:
    """摸排进度: how far it has come, in all and per grid below, in the order of codes."""
    if among_neighbours(turn):
        return in_private(turn)
    notice = _newest(turn)
    top = _top(turn, notice)
    return [progress(turn, notice, top)]


def progress(scene: Scene, notice: Notice, top: Grid, to: Address | None = None) -> Reply:
    """How far a census has come in a subtree."""
    done, lines = rolled_up(scene, notice.number, top)
    values: dict[str, object] = {
        "notice": notice,
        "grid": top,
        "done": done,
        "bar": bar(done),
        "lines": lines[:LINES],
        "more": max(0, len(lines) - LINES),
        "going": notice.state == GOING,
        "run": census.run_of(scene.session, notice.number),
    }
    return Reply("census/progress", values, to=to, about=notice.number)


def rolled_up(scene: Scene, number: int, top: Grid) -> tuple[Completeness, list[Line]]:
    """How far it has come in a subtree, and in each grid right below its top."""
    each = census.by_grid(scene.session, number, Part(top.code))
    found = grids.by_ids(scene.session, each)
    below = census.children(scene.session, top)
    each_below = [(child, _below(each, found, child)) for child in below]
    return sum(each.values(), Completeness()), [_line(child, one) for child, one in each_below if one != Completeness()]


def _line(grid: Grid, done: Completeness) -> Line:
    return Line(grid.name, bar(done), done.answered, done.expected, done.heard, done.need, done.bare, done.bare_heard)


def _below(each: Mapping[int, Completeness], found: Mapping[int, Grid], top: Grid) -> Completeness:
    return sum((done for at, done in each.items() if found[at].code.startswith(top.code)), Completeness())


def completeness(scene: Scene, number: int, code: str) -> Completeness:
    """How far it has come in the subtree of this code; for cards that show it live."""
    return census.completeness(scene.session, number, code)


def _own(turn: Turn) -> Notice:
    """The speaker's own census that was only shown so far."""
    notice = named(turn)
    if turn.account is None or notice.account_id != turn.account.id:
        raise UserMistake("census/unknown", number=notice.number)
    if notice.state != SHOWN:
        raise UserMistake("census/not_now", notice=notice)
    return notice


def named(turn: Turn) -> Notice:
    """The census whose number was said or quoted."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    notice = notices.find(turn.session, number) if number else None
    if notice is None or notice.kind != CENSUS:
        raise UserMistake("census/unknown", number=number)
    return notice


def _newest(turn: Turn) -> Notice:
    """The census that was named, else the newest that concerns one of the speaker's places."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is not None:
        return named(turn)
    for one in census.running(turn.session):
        if any(_meet(grid.code, one.code) for _, grid in authority.seated(turn, turn.posts, "see")):
            return notices.get(turn.session, one.number)
    raise UserMistake("census/none_running")


def _top(turn: Turn, notice: Notice) -> Grid:
    """The part of the census that the speaker may see: all of it, or the highest of the own places in it."""
    whole = whose.grid_of(turn, notice)
    if authority.post_over(turn, turn.posts, "see", whole.code) is not None:
        return whole
    mine = [grid for _, grid in authority.seated(turn, turn.posts, "see") if grid.code.startswith(whole.code)]
    if not mine:
        raise UserMistake("census/unknown", number=notice.number)
    return min(mine, key=lambda grid: grid.depth)


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _label(turn: Turn, notice: Notice, reach: Reach) -> str:
    """What stands on the button that lets it go: whose neighbours are asked."""
    form = terms(turn.catalog).labels.census
    return LITERAL + form.format(place=whose.grid_of(turn, notice).name, groups=reach.residents_groups)


def _mark(notice: Notice) -> str:
    """A fingerprint of what was shown: a yes to one question lets no other go."""
    return f"{zlib.crc32(repr((notice.grid_id, notice.text, notice.drill)).encode()):08x}"


def among_neighbours(turn: Turn) -> bool:
    return turn.chat is not None and turn.chat.audience == "residents"


def in_private(turn: Turn) -> list[Reply]:
    """Who has a post hears in private where to say it; neighbours hear nothing."""
    account = turn.account
    if not turn.posts or account is None:
        return []
    return [Reply("census/in_private", to=Address(account.channel, account.external, private=True))]


def note(scene: Scene, notice: Notice, act: str, account_id: int | None, *, why: str = "", detail: str = "") -> None:
    """In the journal, under its number."""
    journal.note(
        scene.session, scene.now, act, matter_id=notice.number, grid_id=notice.grid_id, account_id=account_id, why=why,
        detail=detail,
    )  # fmt: skip

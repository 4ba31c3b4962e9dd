"""What neighbours have and can do: "我家有轮椅可以借" is on the list after one tap; and the three lists for the staff."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.catalog import Catalog
from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.matters import once, rules
from handlers.people import authority
from handlers.wishes import finding, wording
from handlers.wishes.terms import terms
from storage import grids, journal, numbers, wishes
from storage.grids import Grid
from storage.wishes import Resource

router = Router()

LONGEST = 120
LONGEST_OFFER = 60
"""Longer words are a story, not an offer."""
SHOWN, PAGE, CHOICES, SHORT = 5, 15, 4, 14
"""Lines of each list in a summary and of one list on a page; buttons under a question, characters on a button."""
NOT_MET = ("vetting", "asked_back", "open", "unmet", "claimed", "granted")
CANS = 3
"""Characters between 我会 and what one can do."""
NO_OFFER = re.compile(r"[吗呢吧了的啊?？]\W*$|不|没|别|谁(?!要|想|需|借|用)|怎么|(?<![谁个位])想|会.{1,6}的|自己")
SKILL = re.compile(r"(?:我|俺|本人)?(?:是?退休[^,，。]{0,6}?)?(?:还|也)?(?:会|能教|可以教|擅长)(?P<what>[^,，。]{2,})")
DIGITS = re.compile(r"\d+")
ANOTHER = re.compile(r"(?:还|又|再|另)(?:外)?有?(?:一|另)|另一|第二")
"""Of the same, one more."""
ABLE = r"^(?:会|可以)|(?:我|俺|退休|老师|教师|师傅).{0,6}?(?:会|能|可以)"
ALONE = re.compile(r"会|可以")


@lru_cache(maxsize=4)
def _patterns(catalog: Catalog) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The beginnings of an offer; and a skill said right after one."""
    rows = terms(catalog)
    words = {word for need in rows.need for word in need.words}
    skills = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    starts = "|".join(map(re.escape, rows.offers))
    return re.compile(rf"(?:{starts})"), re.compile(rf"(?:{ABLE}).{{0,{CANS}}}?(?:{skills})")


@router.guard
def offering(turn: Turn) -> Handler | None:
    """Asked of every free sentence; it must be quick to say None."""
    said = turn.utterance
    if (
        not finding.said_freely(turn)
        or said.intent in ("emergency", "report", "wish", "form")
        or len(said.text) > LONGEST_OFFER
    ):
        return None
    if turn.in_group and ALONE.match(said.text):
        return None  # "会修电器" among neighbours answers somebody
    return offered if offers(turn.catalog, said.text) else None


def offers(catalog: Catalog, words: str) -> bool:
    """Whether these words offer something that a need may call for."""
    starts, can = _patterns(catalog)
    found, rows = starts.search(words), terms(catalog)
    if found is None or found.start() > CANS:
        return False
    if any(word in words for word in rows.gives) and not any(word in words for word in rows.not_given):
        return NO_OFFER.search(re.sub(wording.any_of(rows.idly), "", words)) is None
    if NO_OFFER.search(words):
        return False
    lends = any(word in words for word in rows.lends)
    return bool(can.search(words)) or (lends and rows.need_of(words) is not rows.need[-1])


def offered(turn: Turn) -> list[Reply]:
    """One question with two buttons; then silence for a while."""
    buttons = (Button("resource_yes", "resource_yes"), Button("resource_no", "resource_no"))
    question = Reply("ledgers/offer", buttons=buttons, ask=Ask(held=turn.utterance.text[:LONGEST], lasts_s=1800))
    return once.asked(turn, once.RESOURCE, question, anyway=not turn.in_group)


@router.order("resource_yes")
def kept(turn: Turn) -> list[Reply]:
    """One tap: it is on the list."""
    if turn.asked is None or not turn.asked.held:
        return []
    once.welcome(turn, once.RESOURCE)
    return _add(turn, turn.asked.held)


@router.order("resource_no")
def not_kept(turn: Turn) -> list[Reply]:
    """Only talk: nothing is kept."""
    return [Reply("ledgers/never_mind")] if turn.asked else []


@router.order("resource")
def ordered(turn: Turn) -> list[Reply]:
    """登记资源 with what it is; without, ask for it."""
    if not turn.words or finding.says_nothing(turn, turn.words):
        return [Reply("ledgers/what", ask=Ask(takes="resource", lasts_s=1800))]
    if turn.order and turn.order.answers and _only_asks(turn.catalog, turn.words):
        return [Reply("desk/by_a_person", {"human": turn.settings.human})]
    return _add(turn, turn.words[:LONGEST])


def _add(turn: Turn, words: str) -> list[Reply]:
    grid = turn.grid or finding.seated(turn)
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    account = turn.speaker()
    words = without_door(turn, words)
    if not words:
        return [Reply("ledgers/what", ask=Ask(takes="resource", lasts_s=1800))]
    if known := _known(turn, account.id, words):
        return [Reply("ledgers/known_already", {"number": known.number, "text": known.text})]
    number = numbers.give(turn.session, "resource")
    need = terms(turn.catalog).need_of(words)
    row = {
        "number": number,
        "need": need.code,
        "text": words,
        "account_id": account.id,
        "grid_id": grid.id,
        "since": turn.now,
    }
    wishes.add_resource(turn.session, row)
    journal.note(turn.session, turn.now, "resource", grid_id=grid.id, account_id=account.id, detail=str(number))
    team = terms(turn.catalog).team_for(need.code, words)
    return [Reply("ledgers/kept", {"number": number, "need": need.name, "team": team})]


def without_door(turn: Turn, words: str) -> str:
    """What is offered, without a name, a door or a number of whoever offers it."""
    names = finding.names_of_speaker(turn)
    return wording.public(words, names, terms(turn.catalog)) if wording.tells_who(words, names) else words


def _known(turn: Turn, account_id: int, words: str) -> Resource | None:
    """The same thing, or skill, that this neighbour has told before; another one of it is said to be one."""
    if ANOTHER.search(words):
        return None
    rows = terms(turn.catalog)
    named, counts = rows.words_in(words), DIGITS.findall(words)
    for one in wishes.resources_of(turn.session, account_id):
        same = rows.words_in(one.text) == named if named else one.text == words
        if same and DIGITS.findall(one.text) == counts:
            return one
    return None


@router.order("volunteer")
@router.intent("volunteer")
def willing(turn: Turn) -> list[Reply]:
    """Whoever wants to help hears how, where the bot was spoken to; neighbours among themselves are left alone."""
    if turn.in_group and not turn.utterance.addressed and turn.order is None:
        return []
    if turn.order is None and not turn.in_group and _tells_what(turn.catalog, turn.utterance.text):
        return offered(turn)
    if turn.order is None and _only_asks(turn.catalog, turn.utterance.text):
        return [Reply("desk/by_a_person", {"human": turn.settings.human})]
    return [Reply("ledgers/willing", ask=Ask(takes="resource", lasts_s=1800))]


def _only_asks(catalog: Catalog, words: str) -> bool:
    """Whether somebody asks what is allowed, and neither offers nor asks to help: 我能出门上班吗."""
    rows, bare = terms(catalog), words.strip(" 。.！!~～啊呀哦嘛哈")
    asks = bare.endswith(rows.may_ends) or any(word in words for word in rows.may_whether)
    allowed = asks and any(word in words for word in rows.may)
    return allowed and not any(word in words for word in rows.helps_plainly)


def _tells_what(catalog: Catalog, words: str) -> bool:
    """Whether somebody who wants to help says with what: 我会包粽子, and not only 我可以帮忙."""
    clause, rows = re.split(r"[,，。!！\s]", words, maxsplit=1)[0], terms(catalog)
    found = SKILL.match(clause)
    vague = found is None or re.match(wording.any_of(rows.helps_out), found["what"]) is not None
    return not vague and len(words) <= LONGEST_OFFER and NO_OFFER.search(words) is None


@router.order("my_resources")
@finding.own_affair
def mine(turn: Turn) -> list[Reply]:
    """我的资源, in private."""
    found = wishes.resources_of(turn.session, turn.account.id) if turn.account else []
    if not found:
        raise UserMistake("ledgers/none_yet")
    return [finding.aside(turn, Reply("ledgers/mine", {"resources": found[:10]}))]


@router.order("take_back")
@finding.own_affair
def take_back(turn: Turn) -> list[Reply]:
    """收回资源: it is offered no longer; without a number the only one, and of several it is asked which."""
    mine = wishes.resources_of(turn.session, turn.account.id) if turn.account else []
    number = turn.order.number if turn.order else None
    meant = [one for one in mine if number in (None, one.number)]
    if not meant or turn.account is None:
        raise UserMistake("ledgers/not_yours" if mine else "ledgers/none_yet")
    if len(meant) > 1:
        buttons = tuple(
            Button(f"={one.number} {one.text[:SHORT]}", f"take_back {one.number}") for one in meant[:CHOICES]
        )
        return [finding.aside(turn, Reply("ledgers/which_back", {"resources": meant[:10]}, buttons=buttons, ask=Ask()))]
    found = meant[0]
    wishes.end_resource(turn.session, found.number)
    journal.note(
        turn.session, turn.now, "take_back", grid_id=found.grid_id, account_id=turn.account.id, detail=str(found.number)
    )
    return [finding.aside(turn, Reply("ledgers/taken_back", {"number": found.number, "text": found.text}))]


@router.order("ledgers")
@finding.own_affair
def three_lists(turn: Turn) -> list[Reply]:
    """三张清单 of the speaker's subtree: how many of each, and the first lines; for posts that may see."""
    grid = _for_staff(turn)
    values: dict[str, object] = {"grid": grid}
    for name, lines in (
        ("needs", _needs(turn, grid)),
        ("resources", _resources(turn, grid)),
        ("services", _services(turn, grid)),
    ):
        values |= {name: lines[:SHOWN], f"{name}_all": len(lines)}
    return [finding.aside(turn, Reply("ledgers/three", values))]


@router.order("ledger_needs")
@finding.own_affair
def needs(turn: Turn) -> list[Reply]:
    """需求清单: every need that is not met yet, a page at a time."""
    return _page(turn, "ledger_needs", _needs(turn, _for_staff(turn)))


@router.order("ledger_resources")
@finding.own_affair
def resources(turn: Turn) -> list[Reply]:
    """资源清单: everything that is offered, a page at a time."""
    return _page(turn, "ledger_resources", _resources(turn, _for_staff(turn)))


@router.order("ledger_services")
@finding.own_affair
def services(turn: Turn) -> list[Reply]:
    """服务清单: what is done regularly, and what has been done, a page at a time."""
    return _page(turn, "ledger_services", _services(turn, _for_staff(turn)))


def _page(turn: Turn, code: str, lines: Sequence[str]) -> list[Reply]:
    """One page, and a button for the next."""
    begin = turn.order.number or 0 if turn.order else 0
    end = begin + PAGE
    more = max(0, len(lines) - end)
    values = {"grid": _for_staff(turn), "list": code, "lines": lines[begin:end], "all": len(lines), "more": more}
    buttons = (Button("go_on_reading", f"{code} {end}"),) if more else ()
    ask = Ask() if more and turn.asked is None else None
    return [finding.aside(turn, Reply("ledgers/one", values, buttons=buttons, ask=ask))]


def _needs(turn: Turn, grid: Grid) -> list[str]:
    states = rules.lifecycle(turn.catalog, wishes.KIND).states
    found = wishes.waiting_for(turn.session, NOT_MET, grid.code)
    return [f"{one.number} {wishes.of(turn.session, one.id).public}（{states[one.state].name}）" for one in found]


def _resources(turn: Turn, grid: Grid) -> list[str]:
    rows = terms(turn.catalog)
    return [
        " ".join(part for part in (str(one.number), f"{rows.named(one.need)}：{one.text}", one.holder) if part)
        for one in wishes.resources_within(turn.session, grid.code)
    ]


def _services(turn: Turn, grid: Grid) -> list[str]:
    return [
        " ".join(part for part in (one.title, one.provider, one.for_whom, one.times) if part)
        for one in wishes.services_within(turn.session, grid.code)
    ]


def _for_staff(turn: Turn) -> Grid:
    """The highest grid over which the speaker may see matters; UserMistake where there is none."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    over = grids.by_ids(turn.session, held).values()
    seen = [grid for grid in over if authority.post_over(turn, turn.posts, "see", grid.code) is not None]
    grid = min(seen, key=lambda grid: grid.depth, default=None)
    if grid is None:
        raise UserMistake("ledgers/for_staff")
    return grid

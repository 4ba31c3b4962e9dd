"""Joining a group: what the bot says of itself, how a leader binds the group to its grid, and who comes and goes there."""

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.people import authority, codes
from storage import chats, grids, journal, people
from storage import codes as doors
from storage.grids import Grid

router = Router()

AUDIENCES = {"工作群": "staff", "居民群": "residents"}
ALWAYS = ("bind", "unbind", "help", "human")
"""What works in a group that belongs to no grid yet."""


@router.guard
def before_binding(turn: Turn) -> Handler | None:
    """A group the bot does not know is greeted; one without a grid hears one hint, and then nothing."""
    happening = turn.incoming.happening
    if happening == "left":
        return left
    if happening in ("came", "went"):
        return neighbour
    if turn.utterance.intent == "emergency":
        return None  # help first; who the bot is can wait
    if happening == "joined" and not turn.in_group:
        return came_in
    if not turn.in_group or (turn.chat and turn.chat.grid_id is not None and turn.chat.gone_at is None):
        return joined if happening == "joined" else None
    if happening == "scan":
        return by_code
    if happening == "joined" or turn.chat is None or turn.chat.gone_at is not None:
        return first_words if turn.utterance.command == "bind" else joined
    if turn.utterance.command in ALWAYS:
        return None
    return hint


def joined(turn: Turn) -> list[Reply]:
    """Say in a few words what the bot does, what it keeps, and how to reach a person."""
    chat = _chat(turn)
    if chat.grid_id is not None:
        return [Reply("joining/hello_bound", {"human": turn.settings.human})]
    return [Reply("joining/hello", {"human": turn.settings.human})]


def came_in(turn: Turn) -> list[Reply]:
    """Somebody opened their private chat: what waited for that speaks for itself, else a greeting."""
    return [] if turn.asked else [Reply("joining/hello_private", {"human": turn.settings.human})]


def first_words(turn: Turn) -> list[Reply]:
    """The first thing heard in a new group is already 绑定."""
    _chat(turn)
    return bind(turn)


def by_code(turn: Turn) -> list[Reply]:
    """Added by a link with one of our codes: who may bind the group binds it to the code's grid, for its residents."""
    code = codes.standing(turn, turn.incoming.text)
    grid = grids.get(turn.session, code.grid_id) if code else None
    if grid is None or not _may_bind(turn, grid):
        return [] if turn.chat else joined(turn)
    return _bind(turn, grid, "residents")


def hint(turn: Turn) -> list[Reply]:
    """One hint to whoever wanted something, then silence until the group is bound."""
    chat = _chat(turn)
    wants = turn.utterance.intent != "chat" or turn.incoming.happening == "press"
    if chat.hinted_at is not None or not wants:
        return []
    chats.hint(turn.session, chat.id, turn.now)
    turn.chat = chats.get(turn.session, chat.id)
    return [Reply("joining/hint")]


def left(turn: Turn) -> list[Reply]:
    """The bot was removed: the grid is free for another group."""
    if turn.chat is not None:
        chats.leave(turn.session, turn.chat.id, turn.now)
        turn.chat = chats.get(turn.session, turn.chat.id)
        journal.note(turn.session, turn.now, "left", grid_id=turn.chat.grid_id, detail=turn.chat.external)
    return []


def neighbour(turn: Turn) -> list[Reply]:
    """A neighbour whom the bot knows came into a residents' group, or left it: so much is known of where they live.

    Nobody is greeted or remembered for that: who never said anything to the bot is no account. What the community's
    workbook says of its people stands, and so does the door whose code somebody scanned.
    """
    account, chat = turn.account, turn.chat
    if account is None or account.person_id is not None or chat is None or chat.audience != "residents":
        return []
    here, came = chat.grid_id, turn.incoming.happening == "came"
    if here is not None and (account.grid_id == here) != came and doors.home_of(turn.session, account.id) is None:
        people.settle(turn.session, account.id, here if came else None)
        turn.account = people.get_account(turn.session, account.id)
    return []


@router.order("bind")
def bind(turn: Turn) -> list[Reply]:
    """绑定 with a grid's code: this group is that grid's from now on."""
    if not turn.in_group:
        raise UserMistake("joining/bind_in_group")
    words = (turn.order.argument if turn.order else turn.utterance.argument).split()
    digits = [*words, *(str(number) for number in turn.utterance.numbers)]
    code = next((word for word in digits if word.isascii() and word.isdecimal()), "")
    audience = next((AUDIENCES[word] for word in words if word in AUDIENCES), "residents")
    grid = grids.by_code(turn.session, code) if code else None
    if grid is None:
        raise UserMistake("joining/no_such_grid", code=code)
    if not _may_bind(turn, grid):
        raise UserMistake("joining/not_above", grid=grid)
    if turn.grid is not None and turn.grid.id != grid.id:
        raise UserMistake("joining/bound_already", grid=turn.grid)
    return _bind(turn, grid, audience)


@router.order("unbind")
def unbind(turn: Turn) -> list[Reply]:
    """解绑: the group belongs to no grid."""
    chat = turn.chat
    if chat is None or chat.grid_id is None or turn.grid is None:
        raise UserMistake("joining/not_bound")
    if not _may_bind(turn, turn.grid):
        raise UserMistake("joining/not_above_to_unbind", grid=turn.grid)
    chats.bind(turn.session, chat.id, None, chat.audience)
    turn.chat = chats.get(turn.session, chat.id)
    _note(turn, "unbind", turn.grid)
    return [Reply("joining/unbound", {"grid": turn.grid})]


def _may_bind(turn: Turn, grid: Grid) -> bool:
    """A post above the grid; at the top, where nobody is above, a post at the top."""
    if grid.parent_id is None:
        return authority.post_over(turn, turn.posts, "bind", grid.code) is not None
    return authority.strictly_above(turn, turn.posts, "bind", grid) is not None


def _bind(turn: Turn, grid: Grid, audience: str) -> list[Reply]:
    chat = _chat(turn)
    others = [other for other in chats.bound_to(turn.session, [grid.id], audience) if other.id != chat.id]
    if others:
        raise UserMistake("joining/second_group", grid=grid, other=others[0], audience=audience)
    chats.bind(turn.session, chat.id, grid.id, audience)
    turn.chat, turn.grid = chats.get(turn.session, chat.id), grid
    _note(turn, "bind", grid)
    return [Reply("joining/bound", {"grid": grid, "audience": audience, "human": turn.settings.human})]


def _chat(turn: Turn) -> chats.Chat:
    """The group's row; a group never met before gets one now."""
    if turn.chat is None or turn.chat.gone_at is not None:
        turn.chat = chats.join(
            turn.session,
            channel=turn.incoming.channel,
            external=turn.incoming.chat or "",
            name=turn.incoming.chat_name,
            now=turn.now,
        )
    return turn.chat


def _note(turn: Turn, act: str, grid: Grid) -> None:
    detail = turn.incoming.chat or ""
    journal.note(turn.session, turn.now, act, grid_id=grid.id, account_id=turn.speaker().id, detail=detail)

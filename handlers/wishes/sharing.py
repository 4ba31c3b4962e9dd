"""How to reach a wisher: told to whoever has the wish on hand only by a plain yes, all of it or the part that was named."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.wishes import carrying, finding, keeping, one_of_mine, spoken
from handlers.wishes.terms import terms
from storage import journal, people, wishes
from storage.matters import Matter

router = Router()

LONGEST = 200
PHONE, NAME, DOOR = "phone", "name", "door"
AGAIN, DENIED = "?", "??"
"""Kept with a question that was asked once more; and where something like a no went before."""
ACKNOWLEDGES = timedelta(minutes=30)
"""So long after a no a short yes only says that it was heard."""
PARTS = (NAME, PHONE, DOOR)
"""What can be told, in the order in which it is spoken of."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a conditional answer."""

    parts: frozenset[str]
    denies: bool
    alone: bool
    agrees: bool


def part_meant(turn: Turn, text: str) -> tuple[str, ...]:
    """What a conditional yes lets the neighbour know: "只给电话" is the phone; nothing where it is no such yes.

    Where only what is not to be told was named, the least that connects the two: the phone.
    """
    rows = spoken.words(turn.catalog).contact
    if spoken.asks(text, spoken.words(turn.catalog).bot.asking) or any(word in text for word in rows.of_them):
        return ()
    plain = phrases.only(text, orders.words(turn, "share_yes"), orders.words(turn, "share_beside"))
    if plain and not any(word in text for word in rows.alone):
        return ()
    pieces = _joined([_piece(turn, rows, words) for words in _pieces(rows).split(text) if words])
    given = frozenset[str]().union(*(piece.parts for piece in pieces if not piece.denies))
    kept = frozenset[str]().union(*(piece.parts for piece in pieces if piece.denies))
    agrees = any(piece.agrees or (piece.alone and (piece.parts or kept)) for piece in pieces)
    if not agrees or not (given or kept):
        return ()
    least = given - kept or next(({part} for part in (PHONE, NAME) if part not in kept), set[str]())
    return tuple(part for part in PARTS if part in least)


def says_no(turn: Turn, text: str) -> bool:
    """ "先不要告诉他我电话，有点怕": a refusal with other words in its clause, and no yes beside it."""
    rows, no, beside = spoken.words(turn.catalog), orders.words(turn, "hide_plain"), orders.words(turn, "share_beside")
    parts = phrases.clauses(text)
    if spoken.asks(text, rows.bot.asking) or phrases.some(text, orders.words(turn, "share_yes"), beside):
        return False
    rest = [clause for clause in parts if clause.startswith(no) or phrases.only(clause, no, _beside_a_no(turn))]
    given = [clause for clause in parts if clause not in rest and any(word in clause for word in rows.contact.agrees)]
    return bool(rest) and not given and not any(word in text for word in rows.contact.turns_to)


def refuses(turn: Turn, text: str) -> bool:
    """Whether it is a no, in few words or in many, and no yes."""
    no, beside = orders.words(turn, "share_no"), orders.words(turn, "share_beside")
    if plainly_refuses(turn, text):
        return True
    if phrases.some(text, orders.words(turn, "share_yes"), beside):
        return False
    return phrases.some(text, no, _beside_a_no(turn)) or says_no(turn, text)


def plainly_refuses(turn: Turn, text: str) -> bool:
    """ "嗯，暂时不说": a plain no beside a short yes is a no; beside words of giving it is not."""
    given = phrases.some(text, orders.words(turn, "share_plain"), orders.words(turn, "share_beside"))
    return not given and phrases.some(text, orders.words(turn, "hide_plain"), _beside_a_no(turn))


def refused(turn: Turn, matter: Matter) -> datetime | None:
    """When the wisher said no to whoever has it on hand; None where that was not said, or taken back."""
    claim = wishes.claimed_by(turn.session, matter.id)
    if claim is None or claim.met:
        return None
    said = [one.at for one in journal.of_matter(turn.session, matter.id) if one.act == "share_no"]
    return said[-1] if said and said[-1] >= claim.since else None


def _beside_a_no(turn: Turn) -> tuple[str, ...]:
    return orders.words(turn, "hide_beside")


def meant(turn: Turn, text: str) -> tuple[Matter | None, str]:
    """ "可以告诉1037": which of those that wait for an answer is named, by its number or its thing; the words without it."""
    waiting = undecided(turn)
    for one in waiting:
        if (at := text.find(str(one.number))) >= 0:
            return one, f"{text[:at]}{text[at + len(str(one.number)) :]}".replace("心愿", "").strip(" ，,号")
    return one_of_mine.one(turn, waiting, text)


def _piece(turn: Turn, rows: spoken.Contact, words: str) -> _Piece:
    parts = frozenset(
        part
        for part, said in ((PHONE, rows.phone), (NAME, rows.name), (DOOR, rows.door))
        if any(word in words for word in said)
    )
    denies = any(word in words for word in rows.denies)
    agrees = not denies and phrases.only(words, orders.words(turn, "share_yes"), orders.words(turn, "share_beside"))
    agrees = agrees or (not denies and bool(parts) and any(word in words for word in rows.agrees))
    return _Piece(parts, denies, any(word in words for word in rows.alone), agrees)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """ "门牌" and "别给" are one piece."""
    found: list[_Piece] = []
    for piece in pieces:
        bare = found and found[-1].parts and not (found[-1].agrees or found[-1].alone or found[-1].denies)
        if piece.denies and not piece.parts and bare:
            piece = replace(piece, parts=found.pop().parts)
        found.append(piece)
    return found


def _pieces(rows: spoken.Contact) -> re.Pattern[str]:
    """Where a conditional answer turns."""
    return re.compile(rf"[\s,，。.!！;；、]+|(?={'|'.join(map(re.escape, rows.turns))})")


def may_share(turn: Turn, matter: Matter, says: str = "") -> Reply:
    """The wisher hears that somebody comes, and is asked whether that neighbour may know how to reach them."""
    buttons = (Button("share_yes", f"share_yes {matter.number}"), Button("share_no", f"share_no {matter.number}"))
    return Reply(
        "wishes/somebody_comes",
        {
            "number": matter.number,
            "public": wishes.of(turn.session, matter.id).public,
            "behalf": matter.behalf,
            "words": says,
        },
        to=finding.private(turn, matter.account_id),
        buttons=buttons,
        about=matter.number,
        ask=Ask(lasts_s=terms(turn.catalog).release_days * finding.A_DAY_S),
    )


def may_share_again(turn: Turn, matter: Matter, held: str = "") -> Reply:
    """Words that may be a yes, and may be meant for the neighbour: asked once more, and never taken for a yes."""
    denies = any(word in turn.utterance.text for word in spoken.words(turn.catalog).contact.denies)
    buttons = [
        Button("share_plain", f"share_yes {matter.number}"),
        Button("hide_plain", f"share_no {matter.number}"),
    ]
    if held:
        buttons.append(Button("relay_held", f"relay_held {matter.number}"))
    values = {"number": matter.number, "held": held}
    return Reply(
        "wishes/share_sure",
        values,
        buttons=tuple(buttons),
        about=matter.number,
        ask=Ask(held=held[:LONGEST] or (DENIED if denies else AGAIN)),
    )


def undecided(turn: Turn) -> list[Matter]:
    """The speaker's wishes that somebody has on hand without having heard how to reach them."""
    mine = [one for one in finding.of_speaker(turn) if one.state == "claimed"]
    found = [(one, wishes.claimed_by(turn.session, one.id)) for one in mine]
    return [one for one, held in found if held is not None and not held.met]


def may_share_some(turn: Turn, matter: Matter, parts: tuple[str, ...]) -> Reply:
    """Exactly what would be told, and what not: asked once."""
    buttons = (
        Button("share_some", f"share_some {matter.number} {' '.join(parts)}"),
        Button("hide_plain", f"share_no {matter.number}"),
    )
    values = {"number": matter.number, "told": parts, "kept": [part for part in PARTS if part not in parts]}
    return Reply("wishes/share_some", values, buttons=buttons, about=matter.number, ask=Ask(lasts_s=finding.A_DAY_S))


@router.order("share_yes", "share_how")
@finding.own_affair
def share(turn: Turn) -> list[Reply]:
    """The wisher's yes: only now does the claimer hear the name, the number and the door."""
    return _told(turn, PARTS, turn.words if turn.order and turn.order.code == "share_how" else "")


@router.order("share_some")
@finding.own_affair
def share_some(turn: Turn) -> list[Reply]:
    """The wisher's yes to a part of it: "share_some 1001 phone"; what follows the parts is how to be reached."""
    given = turn.words.split()
    parts = tuple(part for part in PARTS if part in given)
    return _told(turn, parts, " ".join(word for word in given if word not in PARTS))


def _told(turn: Turn, parts: tuple[str, ...], said: str) -> list[Reply]:
    """The claimer hears these parts, and nothing beside them."""
    matter = finding.own(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    if claim is None or matter.state != "claimed":
        raise UserMistake("wishes/nobody_has_it", number=matter.number)
    if claim.met:
        return [finding.aside(turn, Reply("wishes/shared_already", {"number": matter.number}, about=matter.number))]
    contact = said[:LONGEST] or wishes.of(turn.session, matter.id).contact or _phone(turn, matter)
    if PHONE in parts and not contact:
        asked = finding.asking(matter, "wishes/share_how", "share_how")
        waits = Ask(takes=f"share_some {matter.number} {' '.join(parts)}", lasts_s=finding.A_DAY_S)
        return [finding.aside(turn, asked if parts == PARTS else replace(asked, ask=waits))]
    wishes.change(turn.session, matter.id, {"contact": contact})
    wishes.change_claim(turn.session, claim.id, {"met": True})
    keeping.touch(turn, matter)
    _note(turn, matter, "share", " ".join(parts))
    wisher = people.get_account(turn.session, matter.account_id)
    values = {
        "matter": matter,
        "contact": contact if PHONE in parts else "",
        "name": (matter.behalf or wisher.name) if NAME in parts else "",
        "through": wisher.name if matter.behalf and NAME in parts else "",
        "door": DOOR in parts,
    }
    return [
        finding.aside(turn, Reply("wishes/shared", {"number": matter.number, "told": parts}, about=matter.number)),
        Reply("wishes/contact", values, to=finding.private(turn, claim.account_id), about=matter.number),
    ]


@router.order("share_no")
@finding.own_affair
def keep_to_self(turn: Turn) -> list[Reply]:
    """The wisher's no: what is arranged in the same breath is carried, covered; what was told already cannot be taken
    back, and that is said."""
    matter = finding.own(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    beside = carrying.beside_a_no(turn, finding.words(turn))
    if claim is not None and claim.met:
        told = finding.aside(turn, Reply("wishes/shared_already", {"number": matter.number}, about=matter.number))
        return [told, *carrying.reported(turn, beside)]
    _note(turn, matter, "share_no")
    goes = carrying.covered(turn, matter, claim, beside.words) if claim and beside.arranges else None
    told = {"number": matter.number, "words": goes.words if goes else "", "hidden": goes.hidden if goes else False}
    heard: list[Reply] = []
    if claim is not None:
        answer = Ask(takes=f"relay {matter.number}") if goes else None
        to = finding.private(turn, claim.account_id)
        heard = [Reply("wishes/no_contact", told, to=to, about=matter.number, ask=answer)]
    said = Reply("wishes/kept_private", told, about=matter.number)
    if turn.words and beside.words and not goes and beside.report is None:
        button = Button("relay_held", f"relay_held {matter.number}")
        said = replace(said, buttons=(button,), ask=Ask(held=beside.words[:LONGEST]))
    return [finding.aside(turn, said), *heard, *carrying.reported(turn, beside)]


def _phone(turn: Turn, matter: Matter) -> str:
    """What the community knows of how to reach the wisher; of somebody else's wish, how to reach who asked."""
    account = people.get_account(turn.session, matter.account_id)
    return people.get(turn.session, account.person_id).phone if account.person_id else ""


def _note(turn: Turn, matter: Matter, act: str, detail: str = "") -> None:
    journal.note(
        turn.session,
        turn.now,
        act,
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=turn.speaker().id,
        detail=detail,
    )

"""A published wish is taken off the wall at once by whoever may vet it: it waits to be vetted again, and all hear why."""

import re

from bot.message import Ask, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters import cards as matter_cards
from handlers.matters import lifecycle
from handlers.people import authority
from handlers.wishes import finding, keeping, saying, spoken, vetting
from storage import matters, wishes
from storage.wishes import KIND

router = Router()

TAKE_DOWN = "take_down"
LONGEST = 60
"""Characters of a sentence in which these words decide, and of a reason."""


@router.guard_where("posted")
def off_the_wall(turn: Turn) -> Handler | None:
    """ "撤下 1010", "1002 写了门牌号,先从墙上撤下来" of whoever may vet that wish; quick to say None."""
    said = turn.utterance
    free = turn.incoming.happening == "text" and turn.order is None and said.intent != "emergency"
    if not free or not said.text or len(said.text) > LONGEST:
        return None
    rows = spoken.words(turn.catalog)
    plain = spoken.found(said.text, rows.vetter.take_down)
    if plain is None and spoken.found(said.text, rows.vetter.take_down_alone) is None:
        return None
    named = saying.NUMBER.search(said.text)
    number = int(named[1]) if named else turn.quoted
    matter = matters.by_number(turn.session, number) if number else None
    if matter is None or matter.kind != KIND or spoken.asks(said.text, rows.bot.asking):
        return None
    own = authority.is_reporter(turn, matter) or (plain is None and authority.is_claimer(turn, matter))
    if own or authority.vetting_post(turn, matter) is None:
        return None
    rest = f"{said.text[: named.start()]} {said.text[named.end() :]}" if named else said.text
    why = _reason(rest, (*rows.vetter.take_down, *rows.vetter.take_down_alone), rows.vetter.beside)
    if plain is not None or not why:
        turn.order = Order(TAKE_DOWN, (matter.number,), why)
    return None


def _reason(rest: str, told: tuple[str, ...], beside: tuple[str, ...]) -> str:
    """What was said besides the order itself."""
    around = phrases.any_of(beside)
    ordered = phrases.any_of(told)
    left = re.sub(rf"(?:{around}|\s)*(?:{ordered})", ",", rest)
    said = [re.sub(rf"^(?:{around})+", "", clause) for clause in phrases.clauses(left)]
    return "，".join(clause for clause in said if clause)


@router.order(TAKE_DOWN)
@finding.each_number
def take_down(turn: Turn) -> list[Reply]:
    """撤下: off the wall and vetted anew; the claim on it ends, and what a group has read stays there."""
    matter = finding.to_vet(turn)
    lifecycle.check(turn, matter, TAKE_DOWN)
    claim, kept = wishes.claimed_by(turn.session, matter.id), wishes.of(turn.session, matter.id)
    why = finding.without_names(turn, finding.words(turn)[:LONGEST], finding.names_of(turn, matter))
    post = authority.vetting_post(turn, matter)
    owner = post.id if post else matter.owner_id
    after = keeping.step(turn, matter, TAKE_DOWN, by=turn.speaker().id, why=why, values={"owner_id": owner})
    if claim is not None:
        wishes.end_claim(turn.session, claim.id, "taken_down", turn.now)
    told = {"number": after.number, "public": kept.public, "why": why, "claimed": claim is not None}
    told |= {"groups": len(vetting.audience(turn, after))}
    buttons, ask = matter_cards.buttons(turn, after), Ask(lasts_s=vetting.ANSWER_S)
    said = Reply("wishes/taken_down", told, buttons=buttons, about=after.number, ask=ask)
    heard = [("wishes/taken_down_wisher", after.account_id)]
    heard += [("wishes/taken_down_claimer", claim.account_id)] if claim else []
    return [
        matter_cards.aside(turn, said),
        *(Reply(template, told, to=finding.private(turn, whom), about=after.number) for template, whom in heard),
    ]

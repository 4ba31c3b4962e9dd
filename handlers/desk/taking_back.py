"""A bare 撤回: done at once only where one thing can be meant and was just said; else it is asked which, by number."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import lint
from handlers.matters import afterwards
from handlers.wishes import finding, saying, spoken
from storage import favours, forms
from storage.favours import Favour
from storage.forms import DRAFT, KEPT
from storage.matters import Matter
from storage.wishes import KIND

router = Router()

WITHDRAW = "withdraw"
FILED = "form_kept"
"""It is asked about once more."""
WHICH_CONSENT = "withdraw_consent "
OF_THEIR_OWN = ("form_", "census", *saying.CONNECTS)
"""Questions that have an answer of their own to 撤回."""
LET_BE = "let_be"
SHORTEST = 8
"""Characters of words that say no more than that it shall be let be."""
SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something of the speaker's that may be meant."""

    number: int
    words: str
    told: str
    """As it stands on a button."""
    takes_back: str
    """The order that takes it back."""
    just_said: bool
    category: str = ""


@router.guard
def which_is_meant(turn: Turn) -> Handler | None:
    """Quick to say None: nearly nobody says 撤回."""
    said, asked = turn.utterance, turn.asked
    if said.command != WITHDRAW or said.numbers or turn.order is not None or turn.quoted is not None:
        return None
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if asked and (asked.takes.startswith(OF_THEIR_OWN) or asked.options.startswith(WHICH_CONSENT)):
        return None
    if orders.meant(turn) != Order(WITHDRAW, (), said.argument):
        return None
    mine = afterwards.own_living(turn)
    things = [*(_of_a_matter(turn, one) for one in mine), *([] if turn.in_group else _besides(turn))]
    named = [one for one in things if finding.alike(one.words, said.text, spoken.words(turn.catalog).bot.everyday)]
    found = named if len(named) == 1 else sorted(things, key=lambda one: -one.number)
    if not found or {one.takes_back for one in found} <= {FILED}:
        return None  # the forms show what was filed
    if len(found) > 1:
        wished = {one.takes_back for one in found} <= {"wish_withdraw", "favour_no"}
        return None if wished else lambda turn: [_which(turn, found)]
    return _the_only_one(turn, found[0], mine, named=bool(named))


@router.guard_where("alone")
def thought_better(turn: Turn) -> Handler | None:
    """算了, with a form that is half filled: it is said of whatever was begun last, and a form has words of its own."""
    said, asked = turn.utterance, turn.asked
    if len(said.text) > SHORTEST or turn.order is not None or turn.quoted is not None:
        return None
    if turn.incoming.happening != "text" or turn.account is None or said.numbers or said.digit is not None:
        return None
    if not phrases.only(said.text, orders.words(turn, LET_BE)):
        return None
    if asked and not (asked.takes or asked.options).startswith("form_"):
        return None
    drafts = forms.of_account(turn.session, turn.account.id, DRAFT)
    if not drafts:
        return None
    touched, mine = max(one.touched_at for one in drafts), afterwards.own_living(turn)
    begun = [(one.opened_at, _of_a_matter(turn, one)) for one in mine]
    posted = favours.of_account(turn.session, turn.account.id, saying.LIVING)
    begun += [(one.since, _of_a_favour(one, just_said=False)) for one in posted]
    at, newest = max(begun, key=lambda one: (one[0], one[1].number), default=(touched, None))
    return _asked_about(turn, newest) if newest is not None and at >= touched else None


def _asked_about(turn: Turn, thing: _Thing) -> Handler | None:
    if thing.takes_back == WITHDRAW:
        turn.order = Order(afterwards.WITHDRAW_SURE, (thing.number,))
        return None
    own = saying.Own(thing.number, thing.words, thing.takes_back)
    return lambda turn: [saying.is_it_over(turn, own)]


def _of_a_favour(favour: Favour, *, just_said: bool) -> _Thing:
    return _Thing(favour.number, favour.text, favour.text[: finding.SHORT], "favour_no", just_said)


def _the_only_one(turn: Turn, thing: _Thing, mine: Sequence[Matter], *, named: bool) -> Handler | None:
    emergency = any(one.number == thing.number and one.urgency == afterwards.EMERGENCY for one in mine)
    if thing.just_said or (named and not emergency):
        turn.order = Order(thing.takes_back, (thing.number,), turn.utterance.argument)
        return None
    return _asked_about(turn, thing)


def _of_a_matter(turn: Turn, matter: Matter) -> _Thing:
    wish = matter.kind == KIND
    told = matter.text[: finding.SHORT]
    if turn.in_group:
        told = turn.catalog.categories[matter.category].name if matter.category in turn.catalog.categories else ""
    just_said = afterwards.just_said(turn, matter)
    return _Thing(
        matter.number, matter.text, told, "wish_withdraw" if wish else WITHDRAW, just_said, matter.category or ""
    )


def _besides(turn: Turn) -> list[_Thing]:
    """Favours that are open, and what was filed a moment ago."""
    account, since = turn.account.id if turn.account else 0, turn.now - afterwards.JUST_NOW
    offered = lint.offered(turn.catalog)
    posted = favours.of_account(turn.session, account, saying.LIVING)
    filed = [one for one in forms.of_account(turn.session, account, KEPT) if one.form in offered]
    return [
        *(_of_a_favour(one, just_said=one.since >= since) for one in posted),
        *(
            _Thing(one.number, offered[one.form].title, offered[one.form].title, FILED, just_said=False)
            for one in filed
            if one.touched_at >= since
        ),
    ]


def _which(turn: Turn, found: Sequence[_Thing]) -> Reply:
    """In private where one of them is nobody else's affair; a group hears numbers and kinds."""
    buttons = tuple(
        Button(f"={one.number} {one.told}", f"{one.takes_back} {one.number}") for one in found[: finding.CHOICES]
    )
    more, some = len(found) > finding.CHOICES, found[:SHOWN]
    if turn.in_group and all(one.takes_back == WITHDRAW for one in found):
        return Reply("desk/which_back_here", {"matters": some, "more": more}, buttons=buttons, ask=Ask())
    lines = [(one.number, one.told) for one in some]
    return finding.aside(turn, Reply("desk/which_back", {"lines": lines, "more": more}, buttons=buttons, ask=Ask()))

"""Consent: asked once for each purpose, with what, why and how long; the service goes on without it."""

from dataclasses import replace

import msgspec

from bot import orders
from bot.catalog import Catalog
from bot.message import Address, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from storage import consent, journal

router = Router()

AGREE, DISAGREE = "agree", "disagree"
HEDGED = "hedged"
"""Held with a question that was asked again after a yes with a condition: it is not asked a third time."""
SHORT = 40
"""Characters of an answer."""


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is kept only with a yes: one row of consent.toml."""

    code: str
    version: int
    name: str
    what: str
    why: str
    keep: str
    who: str
    """Who sees it, and who does not."""
    goes: str = ""
    """What is erased when the yes is taken back."""
    stays: str = ""
    """What is not."""
    then: str = ""
    """The press that a yes goes on with when nothing else asked for it."""


class _Purposes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conditions: tuple[str, ...]
    """What makes a yes one with a condition."""
    every: tuple[str, ...]
    """All that was said yes to is taken back."""
    about: tuple[str, ...]
    """What such a yes is about."""
    purpose: tuple[Purpose, ...]


def purposes(catalog: Catalog) -> dict[str, Purpose]:
    """By code, in the order of the file."""
    return {purpose.code: purpose for purpose in catalog.read("consent.toml", _Purposes).purpose}


def every(catalog: Catalog) -> tuple[str, ...]:
    """How somebody says who takes back all that was said yes to."""
    return catalog.read("consent.toml", _Purposes).every


def is_conditional(catalog: Catalog, text: str) -> bool:
    """Whether it is a yes with a condition: 可以但别告诉邻居, 只给网格长看."""
    words = catalog.read("consent.toml", _Purposes)
    found = any(word in text for word in words.conditions) and any(word in text for word in words.about)
    return found and len(text) <= SHORT


def given(scene: Scene, account_id: int, purpose: str) -> bool:
    """Whether this account has said yes to the purpose as it stands today."""
    last = consent.of_account(scene.session, account_id).get(purpose)
    return last is not None and last.given and last.version == purposes(scene.catalog)[purpose].version


def refused(scene: Scene, account_id: int, purpose: str) -> bool:
    """Whether this account has said no, or taken its yes back: it is not asked again unasked."""
    last = consent.of_account(scene.session, account_id).get(purpose)
    return last is not None and not last.given and last.version == purposes(scene.catalog)[purpose].version


def ask(
    turn: Turn, purpose: str, then: str, otherwise: str = "", template: str = "privacy/ask", **says: object
) -> Reply:
    """The question, in private; a yes goes on with the press `then`, a no with `otherwise` (or a kind word).

    `template` may say more before it includes privacy/ask.txt; the answer is recorded before the press is carried out.
    """
    buttons = (
        Button("agree", f"{AGREE} {purpose} {then}".strip()),
        Button("disagree", f"{DISAGREE} {purpose} {otherwise}".strip()),
    )
    account = turn.speaker()
    private = Address(account.channel, account.external, private=True)
    values: dict[str, object] = {"purpose": purposes(turn.catalog)[purpose], **says}
    return Reply(template, values, to=private, buttons=buttons, ask=Ask())


@router.guard_where("alone")
def answered(turn: Turn) -> Handler | None:
    """A yes or no is recorded first; then the message means what the question was asked for."""
    if turn.incoming.happening not in ("text", "press"):
        return None
    order = orders.meant(turn) if _maybe(turn) else None
    if order is None and _hedges(turn):
        return _told_what_of
    if order is None or order.code not in (AGREE, DISAGREE):
        return None
    purpose, _, rest = order.argument.partition(" ")
    if purpose not in purposes(turn.catalog):
        return None
    record(turn, purpose, given=order.code == AGREE)
    if rest:
        turn.order = replace(orders.parse_press(rest), answers=order.answers)
        return None
    turn.order = replace(order, argument=purpose)
    return agreed if order.code == AGREE else disagreed


def _maybe(turn: Turn) -> bool:
    """Whether it can be an answer at all: cheap, since every private message is asked."""
    if turn.utterance.intent == "emergency":
        return False
    asked = turn.asked is not None and turn.asked.options.startswith((f"{AGREE} ", f"{DISAGREE} "))
    return asked or (
        turn.incoming.happening == "press" and turn.incoming.text.startswith((f"{AGREE} ", f"{DISAGREE} "))
    )


def _hedges(turn: Turn) -> bool:
    said = turn.utterance
    plain = turn.incoming.happening == "text" and said.command is None and said.intent != "report"
    both = [press.split(" ")[0] for press in _presses(turn)] == [AGREE, DISAGREE]
    return plain and both and _maybe(turn) and is_conditional(turn.catalog, said.text)


def _presses(turn: Turn) -> list[str]:
    """What the buttons of the question press."""
    return [line.partition(orders.LABEL)[0] for line in turn.asked.options.split("\n")] if turn.asked else []


def _told_what_of(turn: Turn) -> list[Reply]:
    """Asked once more with what exactly is kept and who sees it; who still makes conditions has said no."""
    presses = _presses(turn)
    purpose = presses[0].split(" ")[1]
    if turn.asked and turn.asked.held == HEDGED:
        record(turn, purpose, given=False)
        turn.order = Order(DISAGREE, (), purpose, answers=True)
        return disagreed(turn)
    buttons = tuple(Button(press.split(" ")[0], press) for press in presses)
    values = {"purpose": purposes(turn.catalog)[purpose]}
    return [Reply("privacy/ask_again", values, buttons=buttons, ask=Ask(held=HEDGED))]


def record(turn: Turn, purpose: str, *, given: bool) -> None:
    """Let this be the speaker's last word on the purpose, and write it down."""
    account = turn.speaker()
    version = purposes(turn.catalog)[purpose].version
    consent.say(turn.session, account.id, purpose, version, turn.now, given=given)
    act = "consent" if given else "consent_refused"
    journal.note(
        turn.session, turn.now, act, grid_id=account.grid_id, account_id=account.id, why=f"{purpose} {version}"
    )


@router.order(AGREE, DISAGREE)
def not_asked(_turn: Turn) -> list[Reply]:
    """A tap in a group, or on a purpose that is none: nothing is recorded, nothing said."""
    return []


def agreed(turn: Turn) -> list[Reply]:
    """A yes that nothing waited for."""
    return [Reply("privacy/agreed", {"purpose": purposes(turn.catalog)[turn.words]})]


def disagreed(turn: Turn) -> list[Reply]:
    """A no changes nothing in the service."""
    return [Reply("privacy/disagreed", {"purpose": purposes(turn.catalog)[turn.words]})]

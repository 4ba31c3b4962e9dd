"""What time does to a wish: reminders, release after idle days, expiry, and the list for the monthly meeting."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.message import Ask, Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.people import duty
from handlers.wishes import finding, granting, keeping, vetting
from handlers.wishes.terms import terms
from storage import grids, journal, matters, wishes
from storage.matters import ENDED, Matter
from storage.posts import Seat
from storage.timers import Timer

router = Router()

TOGETHER = ("vetting", "unmet")
"""States in which all wishes of one person make one word."""
SOON = timedelta(hours=4)
"""What is due within this time is spoken of with what is due now."""


@router.timer(keeping.WISH)
def look_again(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Whatever each of these wishes is due for; what waits for a meeting makes one message a person."""
    found = [matters.get(scene.session, timer.about) for timer in due]
    living = [matter for matter in found if matter.state not in ENDED and matter.deadline is not None]
    late = [matter for matter in living if matter.state == "vetting"]
    replies = [reply for matter in living if matter.state not in TOGETHER for reply in _look(scene, matter)]
    unmet = [matter for matter in living if matter.state == "unmet"]
    return [*replies, *_vet_late(scene, late), *_meeting(scene, unmet)]


def _look(scene: Scene, matter: Matter) -> list[Reply]:
    early = matter.deadline is not None and scene.now < matter.deadline
    if early:
        first = wishes.of(scene.session, matter.id).reminded == 0
        _again_at_deadline(scene, matter)
        return REMIND[matter.state](scene, matter) if first and matter.state in REMIND else []
    return LATE[matter.state](scene, matter)


def _again_at_deadline(scene: Scene, matter: Matter) -> None:
    wishes.change(scene.session, matter.id, {"reminded": 1})
    keeping.at_deadline(scene, matter)
    journal.note(scene.session, scene.now, "remind", matter_id=matter.id, grid_id=matter.grid_id)


def _vet_late(scene: Scene, late: Sequence[Matter]) -> list[Reply]:
    """Who vets is reminded, and the next one above as well, until somebody does: one word for all that are due soon."""
    by_person: dict[int, tuple[Seat, list[Matter]]] = {}
    owners = {matter.owner_id for matter in late if matter.owner_id is not None}
    beside = wishes.unvetted_until(scene.session, owners, scene.now + SOON) if owners else []
    for matter in {one.id: one for one in (*beside, *late)}.values():
        ladder = finding.vetters(scene, grids.get(scene.session, matter.grid_id))
        rung = matter.rung + 1
        at_most = min(rung, len(ladder) - 1)
        called = [seat for at, seat in enumerate(ladder) if seat.id == matter.owner_id or at == at_most]
        deadline = keeping.next_deadline(scene, "vetting")
        after = matters.change(scene.session, matter.id, {"rung": rung, "deadline": deadline})
        keeping.wind(scene, after)
        for seat in called:
            journal.note(scene.session, scene.now, "ring", matter_id=matter.id, grid_id=matter.grid_id, post_id=seat.id)
            by_person.setdefault(seat.person_id, (seat, []))[1].append(after)
    return [_late(scene, seat, theirs) for seat, theirs in by_person.values()]


def _late(scene: Scene, seat: Seat, theirs: Sequence[Matter]) -> Reply:
    """The card of the one, or a list of the many without names and doors."""
    if len(theirs) == 1:
        return vetting.card(scene, theirs[0], seat, "wishes/card_late")
    most = terms(scene.catalog).shown * 2
    lines = finding.public_of(scene, list(theirs[:most]))
    values = {"lines": lines, "all": len(theirs), "more": max(0, len(theirs) - most)}
    return Reply("wishes/many_late", values, to=duty.address(seat), lane=Lane.DUTY)


def _answer_wanted(scene: Scene, matter: Matter) -> list[Reply]:
    ask = Ask(takes=f"wish_answer {matter.number}")
    to = finding.private(scene, matter.account_id)
    return [Reply("wishes/answer_wanted", {"number": matter.number}, to=to, about=matter.number, ask=ask)]


def _expired(scene: Scene, matter: Matter) -> list[Reply]:
    keeping.step(scene, matter, "expire", by=None)
    to = finding.private(scene, matter.account_id)
    return [Reply("wishes/expired", {"number": matter.number}, to=to, about=matter.number)]


def _nobody_came(scene: Scene, matter: Matter) -> list[Reply]:
    """Nobody took it on: it is for the community's monthly meeting, and the wisher hears that."""
    keeping.step(scene, matter, "unmet", by=None)
    to = finding.private(scene, matter.account_id)
    values = {"number": matter.number, "day": keeping.meeting(scene)}
    return [Reply("wishes/unmet_wisher", values, to=to, about=matter.number)]


def _how_is_it(scene: Scene, matter: Matter) -> list[Reply]:
    claim = wishes.claimed_by(scene.session, matter.id)
    if claim is None:
        return []
    values = {"number": matter.number, "public": wishes.of(scene.session, matter.id).public, "until": matter.deadline}
    to = finding.private(scene, claim.account_id)
    return [
        Reply(
            "wishes/how_is_it", values, to=to, buttons=finding.in_hand_buttons(matter), about=matter.number, ask=Ask()
        )
    ]


def _released(scene: Scene, matter: Matter) -> list[Reply]:
    """Idle for too long: open again, with a word to both and no blame."""
    claim = wishes.claimed_by(scene.session, matter.id)
    after = keeping.step(scene, matter, "idle", by=None)
    told = [
        Reply(
            "wishes/let_go_wisher",
            {"number": after.number},
            to=finding.private(scene, after.account_id),
            about=after.number,
        )
    ]
    if claim is not None:
        wishes.end_claim(scene.session, claim.id, "lapsed", scene.now)
        to = finding.private(scene, claim.account_id)
        told.append(Reply("wishes/released", {"number": after.number}, to=to, about=after.number))
    return told


def _is_it_there(scene: Scene, matter: Matter) -> list[Reply]:
    return [granting.is_it_there(scene, matter)]


def _lapsed(scene: Scene, matter: Matter) -> list[Reply]:
    """The wisher says nothing: it counts as come true."""
    claim = wishes.claimed_by(scene.session, matter.id)
    after = keeping.step(scene, matter, "lapse", by=None)
    to = finding.private(scene, after.account_id)
    told = [Reply("wishes/lapsed", {"number": after.number}, to=to, about=after.number)]
    return [*told, *(granting.come_true(scene, after, claim) if claim else [])]


def _meeting(scene: Scene, unmet: Sequence[Matter]) -> list[Reply]:
    """On the day of the meeting each owner has the whole list in one message."""
    by_person: dict[int, tuple[Seat, list[Matter]]] = {}
    for matter in unmet:
        after = matters.change(scene.session, matter.id, {"deadline": keeping.meeting(scene)})
        keeping.wind(scene, after)
        if seat := finding.owner(scene, matter):
            by_person.setdefault(seat.person_id, (seat, []))[1].append(matter)
    most = terms(scene.catalog).shown * 2
    return [
        Reply(
            "wishes/meeting",
            {
                "vetting": [],
                "unmet": finding.public_of(scene, theirs[:most]),
                "open": [],
                "day": None,
                "more": len(theirs[most:]),
            },
            to=duty.address(seat),
            lane=Lane.DUTY,
        )
        for seat, theirs in by_person.values()
    ]


Look = Callable[[Scene, Matter], list[Reply]]
REMIND: dict[str, Look] = {"asked_back": _answer_wanted, "claimed": _how_is_it, "granted": _is_it_there}
LATE: dict[str, Look] = {
    "asked_back": _expired,
    "open": _nobody_came,
    "claimed": _released,
    "granted": _lapsed,
}

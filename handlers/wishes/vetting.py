"""Vetting: the community publishes a wish in words that tell nobody whose it is, asks back, or declines kindly."""

from dataclasses import replace

from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.matters import cards as matter_cards
from handlers.matters import lifecycle
from handlers.people import authority, duty, modes
from handlers.wishes import finding, keeping, matching, wording
from handlers.wishes.terms import terms
from storage import grids, journal, people, wishes
from storage.chats import Chat
from storage.matters import Matter
from storage.posts import Seat

router = Router()

ANSWER_S = 3 * 24 * 3600
LONGEST = 200


def cards(scene: Scene, matter: Matter) -> list[Reply]:
    """The card to whoever vets it, and to the staff group without name and door."""
    seat = finding.owner(scene, matter)
    to_seat = [card(scene, matter, seat)] if seat else []
    lineage = grids.lineage(scene.session, grids.get(scene.session, matter.grid_id))
    staff = matter_cards.to_staff(scene, matter, lineage, seat, "wishes/card_staff")
    return [*to_seat, *(_without_names(scene, matter, reply) for reply in staff)]


def card(scene: Scene, matter: Matter, seat: Seat, template: str = "wishes/card") -> Reply:
    """Everything the vetter needs, in private: whose it is, what others would read, where, and who could help."""
    kept, rows = wishes.of(scene.session, matter.id), terms(scene.catalog)
    account = people.get_account(scene.session, matter.account_id)
    return Reply(
        modes.worded(scene, grids.get(scene.session, matter.grid_id), template),
        {
            "matter": matter,
            "wish": kept,
            "need": rows.named(kept.need),
            "grid": grids.get(scene.session, matter.grid_id),
            "who": account.name,
            "unfit": [word for word in rows.unfit if word in matter.text],
            "groups": len(audience(scene, matter)),
            "found": matching.find(scene, matter, kept),
            "waits": rows.in_part in kept.public,
            "done": done.deed if (done := wishes.last_done(scene.session, matter.id)) else "",
        },
        to=duty.address(seat),
        buttons=matter_cards.buttons(scene, matter),
        lane=Lane.DUTY,
        about=matter.number,
        ask=Ask(lasts_s=ANSWER_S),
    )


def _without_names(scene: Scene, matter: Matter, reply: Reply) -> Reply:
    kept = wishes.of(scene.session, matter.id)
    values = {"number": matter.number, "public": kept.public, "need": terms(scene.catalog).named(kept.need)}
    return Reply(reply.template, values, to=reply.to, buttons=reply.buttons, lane=reply.lane, about=reply.about)


def audience(scene: Scene, matter: Matter) -> list[Chat]:
    """The residents' groups that hear of it, if any do."""
    if not terms(scene.catalog).announce:
        return []
    return finding.groups_near(scene, grids.get(scene.session, matter.grid_id))


@router.order("publish")
@finding.each_number
def publish(turn: Turn) -> list[Reply]:
    """发布: on the wall from now on, and a line to the groups nearby; the wisher hears it.

    Without a number nothing goes out that the vetter has not just been shown.
    """
    if which := finding.which_to_vet(turn):
        return which
    matter = finding.to_vet(turn)
    if finding.numbered(turn) is None and not (turn.asked and turn.asked.about == matter.number):
        seat = finding.owner(turn, matter)
        return [finding.aside(turn, replace(card(turn, matter, seat), to=None))] if seat else []
    matter = _taken_up(turn, matter)
    lifecycle.check(turn, matter, "publish")
    kept = wishes.of(turn.session, matter.id)
    if not kept.public or wording.tells_who(kept.public, finding.names_of(turn, matter)):
        return [matter_cards.aside(turn, finding.asking(matter, "wishes/tells_who", "reword", lasts_s=ANSWER_S))]
    post = authority.vetting_post(turn, matter)
    after = keeping.step(
        turn,
        matter,
        "publish",
        by=turn.speaker().id,
        post_id=post.id if post else None,
        detail=kept.public,
        values={"owner_id": post.id if post else matter.owner_id},
    )
    wishes.change(turn.session, matter.id, {"published_at": turn.now})
    groups = audience(turn, after)
    told = {"number": after.number, "public": kept.public, "groups": len(groups)}
    proposals = [button for found in matching.find(turn, after, kept) for button in _proposing(after, found)]
    return [
        matter_cards.aside(
            turn,
            Reply("wishes/published", {**told, "found": bool(proposals)}, buttons=tuple(proposals), about=after.number),
        ),
        Reply("wishes/published_wisher", told, to=finding.private(turn, after.account_id), about=after.number),
        *announced(turn, after, groups),
    ]


def _proposing(matter: Matter, found: matching.Match) -> list[Button]:
    return [Button(f"={found.holder}", f"propose {matter.number} {found.number}")] if found.account_id else []


def announced(scene: Scene, matter: Matter, groups: list[Chat]) -> list[Reply]:
    """The wish in these groups, with a button to take it on."""
    kept = wishes.of(scene.session, matter.id)
    values = {"number": matter.number, "public": kept.public, "need": terms(scene.catalog).named(kept.need)}
    button = (Button("claim", f"claim {matter.number}"),)
    return [
        Reply(
            "wishes/announced",
            values,
            to=Address(chat.channel, chat.external),
            buttons=button,
            lane=Lane.NOTICE,
            about=matter.number,
        )
        for chat in groups
    ]


@router.order("reword")
def reword(turn: Turn) -> list[Reply]:
    """改写: the vetter's own words for it; refused while they tell whose it is."""
    if which := finding.which_to_vet(turn):
        return which
    matter = finding.to_vet(turn)
    matter = _taken_up(turn, matter)
    lifecycle.check(turn, matter, "reword")
    words, ask = finding.words(turn)[: wording.LONGEST], Ask(takes=f"reword {matter.number}", lasts_s=ANSWER_S)
    if not words:
        kept = wishes.of(turn.session, matter.id)
        values = {"number": matter.number, "public": kept.public}
        return [matter_cards.aside(turn, Reply("wishes/how_worded", values, about=matter.number, ask=ask))]
    if wording.tells_who(words, finding.names_of(turn, matter)):
        return [
            matter_cards.aside(turn, Reply("wishes/tells_who", {"number": matter.number}, about=matter.number, ask=ask))
        ]
    keeping.step(turn, matter, "reword", by=turn.speaker().id, detail=words)
    wishes.change(
        turn.session, matter.id, {"public": words, "need": terms(turn.catalog).need_of(words + matter.text).code}
    )
    values = {"number": matter.number, "public": words, "open": matter.state == "open"}
    buttons = () if matter.state == "open" else matter_cards.buttons(turn, matter)
    return [
        matter_cards.aside(
            turn, Reply("wishes/reworded", values, buttons=buttons, about=matter.number, ask=Ask(lasts_s=ANSWER_S))
        )
    ]


@router.order("ask_back")
def ask_back(turn: Turn) -> list[Reply]:
    """问一句: the wisher is asked, and answers with a sentence."""
    if which := finding.which_to_vet(turn):
        return which
    matter = finding.to_vet(turn)
    lifecycle.check(turn, matter, "ask_back")
    words = finding.word_for_word(turn, LONGEST) or finding.words(turn)[:LONGEST]
    if not words:
        return [matter_cards.aside(turn, finding.asking(matter, "wishes/ask_what", "ask_back", lasts_s=ANSWER_S))]
    after = keeping.step(turn, matter, "ask_back", by=turn.speaker().id, why=words)
    asked = Ask(takes=f"wish_answer {after.number}", lasts_s=terms(turn.catalog).answer_days * 24 * 3600)
    return [
        matter_cards.aside(turn, Reply("wishes/asked", {"number": after.number}, about=after.number)),
        Reply(
            "wishes/asked_wisher",
            {"number": after.number, "words": words},
            to=finding.private(turn, after.account_id),
            about=after.number,
            ask=asked,
        ),
    ]


@router.order("wish_answer")
@finding.own_affair
def answer(turn: Turn) -> list[Reply]:
    """What the wisher answers goes to the vetter with the card."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "answer")
    words = turn.words[:LONGEST]
    if not words:
        return [finding.asking(matter, "wishes/answer_what", "wish_answer", lasts_s=ANSWER_S)]
    after = keeping.step(
        turn, matter, "answer", by=turn.speaker().id, why=words, values={"text": f"{matter.text}（{words}）"}
    )
    finding.word_anew(turn, after, words)
    seat = finding.owner(turn, after)
    return [
        Reply("wishes/answered", {"number": after.number}, about=after.number),
        *([card(turn, after, seat)] if seat else []),
    ]


@router.order("decline")
def decline(turn: Turn) -> list[Reply]:
    """婉拒, with a kind reason that the wisher hears; it can be taken back."""
    if which := finding.which_to_vet(turn):
        return which
    matter = finding.to_vet(turn)
    lifecycle.check(turn, matter, "decline")
    words = finding.words(turn)[:LONGEST]
    if not words:
        return [matter_cards.aside(turn, finding.asking(matter, "wishes/why_declined", "decline", lasts_s=ANSWER_S))]
    after = keeping.step(turn, matter, "decline", by=turn.speaker().id, why=words)
    told = {"number": after.number, "words": words, "human": turn.settings.human}
    undo = (Button("undecline", f"undecline {after.number}"),)
    said = {"number": after.number, "words": words}
    to = finding.private(turn, after.account_id)
    buttons = (Button("why_declined", f"why_declined {after.number}"), Button("wish_again", "wish"))
    return [
        matter_cards.aside(turn, Reply("wishes/declined", said, buttons=undo, about=after.number, ask=Ask())),
        Reply("wishes/declined_wisher", told, to=to, buttons=buttons, about=after.number, ask=Ask(lasts_s=ANSWER_S)),
    ]


@router.order("undecline")
def undecline(turn: Turn) -> list[Reply]:
    """收回: it waits to be vetted again, and the wisher hears that it does."""
    matter = finding.to_vet(turn)
    lifecycle.check(turn, matter, "undecline")
    after = _taken_up(turn, matter)
    to = finding.private(turn, after.account_id)
    seat = finding.owner(turn, after)
    return [
        *([matter_cards.aside(turn, replace(card(turn, after, seat), to=None))] if seat else []),
        Reply("wishes/undeclined_wisher", {"number": after.number}, to=to, about=after.number),
    ]


def _taken_up(turn: Turn, matter: Matter) -> Matter:
    """The wish as it waits again, if it was declined."""
    if matter.state != "declined":
        return matter
    return keeping.step(turn, matter, "undecline", by=turn.speaker().id, values={"closed_at": None})


@router.order("why_declined")
@finding.own_affair
def why(turn: Turn) -> list[Reply]:
    """The wisher asks why: the reason once more, a person to ask, and whoever declined hears the question."""
    matter = finding.numbered(turn)
    if matter is None or not authority.is_reporter(turn, matter):
        raise UserMistake("wishes/unknown", number=matter.number if matter else 0)
    given = [one.why for one in journal.of_matter(turn.session, matter.id) if one.act == "decline"]
    seat = finding.owner(turn, matter)
    journal.note(
        turn.session, turn.now, "why", matter_id=matter.id, grid_id=matter.grid_id, account_id=turn.speaker().id
    )
    values = {"number": matter.number, "words": given[-1] if given else "", "told": seat is not None}
    said = finding.aside(turn, Reply("wishes/why_then", {**values, "human": turn.settings.human}, about=matter.number))
    if seat is None:
        return [said]
    public = wishes.of(turn.session, matter.id).public
    buttons = (Button("undecline", f"undecline {matter.number}"), Button("say_why", f"say_why {matter.number}"))
    asked = Reply(
        "wishes/why_wanted",
        {"number": matter.number, "public": public},
        to=duty.address(seat),
        buttons=buttons,
        lane=Lane.DUTY,
        about=matter.number,
        ask=Ask(lasts_s=ANSWER_S),
    )
    return [said, asked]


@router.order("say_why")
def say_why(turn: Turn) -> list[Reply]:
    """The vetter explains in a sentence, which the wisher hears."""
    matter = finding.to_vet(turn)
    words = finding.word_for_word(turn, LONGEST)
    if not words:
        return [matter_cards.aside(turn, finding.asking(matter, "wishes/explain_what", "say_why"))]
    to = finding.private(turn, matter.account_id)
    told = {"number": matter.number, "words": words}
    return [
        matter_cards.aside(turn, Reply("wishes/explained", {"number": matter.number}, about=matter.number)),
        Reply("wishes/explanation", told, to=to, about=matter.number),
    ]


@router.order("propose")
def propose(turn: Turn) -> list[Reply]:
    """派单: whoever has what is needed is asked in private; nobody else hears of it."""
    matter = finding.to_vet(turn)
    resource = wishes.resource_numbered(turn.session, int(turn.words)) if turn.words.isdecimal() else None
    if resource is None or resource.account_id is None:
        raise UserMistake("wishes/unknown", number=turn.words or matter.number)
    if matter.state != "open":
        raise UserMistake("wishes/not_open", number=matter.number)
    kept = wishes.of(turn.session, matter.id)
    values = {"number": matter.number, "public": kept.public, "resource": resource.text}
    return [
        matter_cards.aside(turn, Reply("wishes/proposed", {"number": matter.number}, about=matter.number)),
        Reply(
            "wishes/proposal",
            values,
            to=finding.private(turn, resource.account_id),
            buttons=(
                Button("claim", f"claim_yes {matter.number}"),
                Button("claim_pass", f"claim_pass {matter.number}"),
            ),
            about=matter.number,
            ask=Ask(lasts_s=ANSWER_S),
        ),
    ]

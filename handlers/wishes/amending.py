"""A wish put right by whoever wished: "不是轮椅，是拐杖" stands in its words, and what was on the wall is vetted anew."""

import re
from difflib import SequenceMatcher

from bot import orders
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import lifecycle
from handlers.wishes import finding, keeping, spoken, vetting, wording
from handlers.wishes.terms import Terms, terms
from storage import journal, matters, wishes
from storage.matters import Matter

router = Router()

LONGEST = 60
"""Characters of a sentence that puts something right."""
MEASURE = r"(?:[一二两三几半这那\d]{0,3}[个辆副台把条张本床件支根双套部只架块位盏袋瓶]的?)?"
PAIRS = tuple(
    re.compile(pair)
    for pair in (
        rf"不是{MEASURE}(?P<old>[^,，。是]{{1,12}}?)[,，。\s]*(?:而?是|应该是|我?要的?是?)(?P<new>.{{1,20}})$",
        rf"不(?:要|借|找|换|用){MEASURE}(?P<old>[^,，。]{{1,12}}?)了?[,，。\s]*(?:我?想?(?:要|借|找|换)的?是?|改成|换成)(?P<new>.{{1,20}})$",
        rf"(?:要|借|找|说|想)的?是?(?P<new>[^,，。]{{1,12}}?)[,，。\s]*不是{MEASURE}(?P<old>.{{1,12}})$",
        rf"(?:^|[把将,，。\s]){MEASURE}(?P<old>[^,，。把将]{{1,12}}?)(?:改成|改为|改作|换成)(?P<new>.{{1,20}})$",
    )
)
"""What was said and what is meant, in either order."""
AMOUNT = re.compile(
    r"(?:[一二两三四五六七八九十半]{1,3}|\d{1,3})个?(?P<unit>天|晚|夜|周|星期|月|年|小时|钟头|次|回|本|床|点|岁|斤|袋)"
)
WANTS = re.compile(r"(?:我们?|就是|还是|其实|本来)*(?P<wants>想|希望|盼|需要|帮我|请人|找个?人|求)")
"""How a wish begins that is said anew."""
VERB = re.compile(r"[借找请教陪换修送接买学搬抬理剪读念]")
HEAD = re.compile(rf"{WANTS.pattern}{VERB.pattern}?{MEASURE}")
SHORTEST, SAME = 6, 3
"""Characters of a wish that is said anew, and of what a part of it has in common with what was said."""
DAY = re.compile(
    r"(?:[这下上]个?)?(?:星期|周|礼拜)[一二三四五六日天末](?:[上下]午|早上|晚上|中午)?[来去]?"
    r"|(?:今|明|后|大后)天(?:[上下]午|早上|晚上|中午)?[来去]?"
)
AFTER_LEAD = r"[,，:：。\s]*(?:应该|我?[要想借找]?的?是|我?(?:想要|想借|想找|要借|要|借|找))*"
POINTS = ("那个", "这个", "那件", "那条", "的那个", "那一个")
ENDS = " ,，。.！!~～的了哈嘛吧哦啊呀"


def corrected(kept: str, words: str, rows: Terms, leads: tuple[str, ...], *, bare: bool = False) -> str:
    """A wish's words with what these put right in them; nothing where they put nothing right.

    `bare`: it is known that they put something right, and no word need say so.
    """
    words = words.strip(ENDS)
    for pair in PAIRS:
        found = pair.search(words)
        if found and (old := found["old"].strip(ENDS)) and old in kept:
            return _replaced(kept, old, found["new"].strip(ENDS))
    before = re.search(rf"^(?:{wording.any_of(leads)}|[,，:：。\s])*", words)
    said = words[before.end() :] if before else words
    if (bare or said != words) and (anew := _anew(kept, said, rows)):
        return anew
    led = re.search(rf"(?:^|[,，。\s我])(?:{wording.any_of(leads)}){AFTER_LEAD}(?P<new>.{{1,30}})$", words)
    led = led or (re.fullmatch(rf"{AFTER_LEAD}(?P<new>[^,，。]{{1,20}})", words) if bare else None)
    return _by_its_kind(kept, led["new"].strip(ENDS), rows) if led else ""


def _anew(kept: str, said: str, rows: Terms) -> str:
    """The whole wish in other words, or the part of it that now says more, or a day; nothing where it is none of these."""
    if found := WANTS.match(said):
        things, first = rows.words_in(kept), VERB.search(kept)
        verb = VERB.search(said, found.start("wants"))
        same = len(_longest_run(HEAD.sub("", kept), HEAD.sub("", said))) >= SAME
        whole = not things or things[0] in said or same or bool(first and verb and first[0] != verb[0])
        if whole and len(said) >= SHORTEST:
            return said if said != kept else ""
    same = _longest_run(kept, said)
    if len(same) >= SAME and same != said and (said.startswith(same) or said.endswith(same)):
        return kept.replace(same, said, 1)
    if DAY.fullmatch(said):
        old = DAY.findall(kept)
        return f"{kept}，{said}" if not old else kept.replace(old[0], said) if len(old) == 1 else ""
    return ""


def _longest_run(one: str, other: str) -> str:
    """The longest run of characters that stands in both."""
    found = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[found.a : found.a + found.size]


def _by_its_kind(kept: str, new: str, rows: Terms) -> str:
    """The one thing, or the one amount, that the new words can stand for."""
    if amount := AMOUNT.fullmatch(new):
        same = [found[0] for found in AMOUNT.finditer(kept) if found["unit"] == amount["unit"]]
        return kept.replace(same[0], new) if len(same) == 1 else ""
    things = rows.words_in(kept)
    return _replaced(kept, things[0], new) if len(things) == 1 and rows.words_in(new) else ""


def _replaced(kept: str, old: str, new: str) -> str:
    """The new thing where the old one stood, and how the old one was counted with it."""
    return re.sub(rf"{MEASURE}{re.escape(old)}", lambda _: new, kept, count=1) if new and new != old else ""


@router.guard_where("alone")
def puts_right(turn: Turn) -> Handler | None:
    """Asked of every sentence in private: does it put a wish of the speaker's right? Quick to say None."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or said.intent == "emergency":
        return None
    words = said.argument if said.command in ("correct", "add") else said.text
    if not words or len(words) > LONGEST or said.numbers or said.digit is not None or turn.order is not None:
        return None
    rows = spoken.words(turn.catalog).wisher
    if said.command not in (None, "correct", "add") or not any(
        word in said.text for word in (*rows.leads, *rows.turns)
    ):
        return None
    bare, leads = said.command == "correct", rows.leads
    mine = [one for one in finding.of_speaker(turn) if turn.quoted in (None, one.number)]
    found = [one for one in mine if corrected(one.text, words, terms(turn.catalog), leads, bare=bare)]
    if len(found) > 1 and turn.asked is None:
        turn.order = Order("wish_correct", (), words)
        return lambda turn: [finding.which(turn, "wishes/which_to_correct", found)]
    if found:
        turn.order = Order("wish_correct", (found[0].number,), words)
    elif bare and mine and not turn.utterance.place and _newest_is(turn, mine[0]):
        turn.order = Order("wish_correct", (mine[0].number,), words)
    return None


def _newest_is(turn: Turn, wish: Matter) -> bool:
    """Whether nothing of the speaker's came after this wish."""
    newest = next(iter(matters.of_account(turn.session, wish.account_id)), None)
    return newest is not None and newest.id == wish.id


@router.guard
def chosen(turn: Turn) -> Handler | None:
    """Asked which is to be put right: 陪我去医院那个 names one, and the sentence as it should be is taken at once."""
    said, asked = turn.utterance, turn.asked
    if asked is None or asked.takes or "wish_correct " not in asked.options or turn.incoming.happening != "text":
        return None
    if said.command is not None or said.digit is not None or said.intent == "emergency" or turn.order is not None:
        return None
    if len(said.text) > LONGEST or ((meant := orders.meant(turn)) and meant.answers):
        return None
    presses = [line.partition(orders.LABEL)[0] for line in asked.options.split("\n")]
    numbers = {orders.parse_press(one).number for one in presses if one.startswith("wish_correct ")}
    mine = [one for one in finding.of_speaker(turn) if one.number in numbers]
    rows, leads = terms(turn.catalog), spoken.words(turn.catalog).wisher.leads
    fits = [one for one in mine if corrected(one.text, said.text, rows, leads, bare=True)]
    everyday = spoken.words(turn.catalog).bot.everyday
    named = [one for one in mine if finding.alike(one.text, said.text, everyday)]
    if said.text.rstrip(ENDS).endswith(POINTS) and len(named) == 1:
        turn.order = Order("wish_correct", (named[0].number,), answers=True)
    elif len(found := [one for one in named if one in fits] or fits) == 1:
        turn.order = Order("wish_correct", (found[0].number,), said.text, answers=True)
    return None


@router.order("wish_correct")
@finding.own_affair
def correct(turn: Turn) -> list[Reply]:
    """更正: the wish says what was meant all along."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "amend")
    words = finding.words(turn)[:LONGEST]
    if not words:
        return [finding.aside(turn, finding.asking(matter, "wishes/correct_what", "wish_correct"))]
    return put_right(turn, matter, words, bare=True) or [_not_understood(turn, matter)]


def put_right(turn: Turn, matter: Matter, words: str, *, bare: bool = False) -> list[Reply]:
    """The wish as it is now, to whoever acts next; nothing where these words put nothing in it right."""
    rows, leads = terms(turn.catalog), spoken.words(turn.catalog).wisher.leads
    text, kept = corrected(matter.text, words, rows, leads, bare=bare), wishes.of(turn.session, matter.id)
    if not text or matter.state == "granted":
        return []
    names, account = finding.names_of(turn, matter), turn.speaker()
    public = corrected(kept.public, words, rows, leads, bare=bare)
    public = wording.public(public or text, names, rows)
    wishes.change(turn.session, matter.id, {"public": public, "need": rows.need_of(public or text).code})
    matters.add(turn.session, matter, account.id, "sentence", words, turn.now)
    was_open = matter.state == "open"
    if matter.state in ("open", "asked_back", "unmet"):
        after = keeping.step(turn, matter, "amend", by=account.id, why=words, values={"text": text})
    else:
        after = matters.change(turn.session, matter.id, {"text": text})
        journal.note(
            turn.session, turn.now, "amend", matter_id=matter.id, grid_id=matter.grid_id, account_id=account.id
        )
    values = {"number": after.number, "public": public, "again": was_open, "claimed": after.state == "claimed"}
    return [finding.aside(turn, Reply("wishes/corrected", values, about=after.number)), *_told(turn, after, public)]


def _told(turn: Turn, matter: Matter, public: str) -> list[Reply]:
    """Whoever has it on hand reads what it is now; else it lies before the community again."""
    claim = wishes.claimed_by(turn.session, matter.id)
    if claim is not None:
        values = {"number": matter.number, "public": public}
        return [
            Reply("wishes/corrected_claimer", values, to=finding.private(turn, claim.account_id), about=matter.number)
        ]
    seat = finding.owner(turn, matter)
    return [vetting.card(turn, matter, seat)] if seat else []


def _not_understood(turn: Turn, matter: Matter) -> Reply:
    return finding.aside(turn, finding.asking(matter, "wishes/correct_what", "wish_correct"))

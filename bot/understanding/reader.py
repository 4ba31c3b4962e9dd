"""Reads one text: danger first, then orders, then what the words together say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, cast

from bot.catalog import Catalog
from bot.understanding import intent as intents
from bot.understanding.behalf import Behalf
from bot.understanding.bodily import knowing
from bot.understanding.category import FAULT, THING, is_urgent, weigh_categories
from bot.understanding.clean import Cleaned, Cleaner
from bot.understanding.closing import Closing
from bot.understanding.commands import LIKELY, Commands, Order, numbers_in
from bot.understanding.despair import BYSTANDER, DESPAIR, Despair, of_oneself
from bot.understanding.emergency import Danger, Dangers
from bot.understanding.learned import Learned, Traits, likelihood
from bot.understanding.place import PlaceGrammar
from bot.understanding.plain import BARE_FAULT, LONGEST, SURE, UNLIKELY, is_bare_thing, is_fault, is_report
from bot.understanding.signs import Hit, Signs
from bot.understanding.threads import Threads, joins
from bot.understanding.traits import MARK, TALK, marks, runs
from bot.understanding.utterance import VAGUE, Intent, Place, Urgency, Utterance

_DIGIT = re.compile(r"([1-9])[\s.。、,，!！)）]*")
_BARE_CRIES = {
    "help": re.compile(
        r"(?:快来人|来人啊?|快)?[\s,，!！]*(?:救命|救救我|救我)[啊呀哪呐吖!！。~\s]*(?:救命[啊呀!！\s]*)*"
    ),
    "despair": re.compile(
        r"(?:我|俺|真的?|好|太|只|就|都|现在|要){0,4}(?:想死|不想活|活不下去|活够|不活|想自杀|想跳楼|要跳楼|要自杀|想一死了之)[了啊呀啦呢吧!！。~…\s]*"
    ),
}
"""Cries of which nothing else can be meant, whatever was learned."""
ALARMED_ALONE = 0.9
"""How sure it is that somebody who says so to the bot alone, and does not joke, means it."""
CRY = "help"
"""The danger of somebody who only cries for help."""
_BARE_PLACE = re.compile(
    r"我?[在是住]?[\dA-Za-z零〇一二三四五六七八九十百两\-—#,，、.。 ]*+(?:[这那]边|家|[号栋幢座楼单元室层门户那的这])*+"
    r"(?:[\dA-Za-z零〇一二三四五六七八九十百两\-—#,，、.。 号栋幢座楼单元室层门户]"
    r"|(?:哦?不对?|(?:我?(?:说|写|打|记)错了?)|应该?是|是)(?=[,，、。 ]*(?:不对|是|[\d一二三四五六七八九十])))*"
)
"""A place and no more: an answer, or nothing."""
_ASKED_OR_PAST = re.compile(r"[吗么呢过没不][?？。!！~～\s]*$|[?？]")
_WHETHER = re.compile(r"[^，,。!！]{1,6}了(?:吗|么|没有?)[?？\s]*")
"""房子塌了吗: somebody asks whether it has happened, and that is all that is said."""
_ROLL_CALL = re.compile(
    r"(?:启动|开始|发布|确认|动员|结束)\s?\d{4}[吧啊哈]?|(?=.*\d{3})(?:家里|屋头|屋里|有人|没人|没得人|在家|都在|不在|在|不对|不是|是|[\d\s\-栋幢单元号楼室户、，,和到#])+"
)
"""启动 1001, 3-2-302 家里有人: a number with its order, doors with who is there; no danger is felt in them."""
_SENTENCES = re.compile(
    r"[。！!？?；;\n]+|(?:还有|另外|再一个|再就是|再有|顺便说|顺便|其次|第[一二三四][,，、]?|[①②③④]|(?<!\d)[1-5][、.．](?!\d))"
)
MOST_PARTS = 8
"""More sentences than this are a letter, and a letter is one matter."""
_SILENT_KINDS = frozenset({"spot", "context", "innocent", "urging"})
DANGER = f"{MARK}danger"
EMERGENCY = 0
"""The column of the intent head."""
ALARMING = 2.0
"""A danger is told with more certainty than the even odds at which it is one: silence would cost more."""
NAMED = 0.2
"""How much less the learned weights must say where the catalog's words name a danger."""
TOLD, KNOWN, KNOWN_WELL = 1.2, 0.8, 2.5
"""How much less still where it is told to us and the weights know no less than this which danger it is."""
OF_MANY, KEPT = 8, 2048
"""Characters that many are likely to say alike, and how many such texts are kept with what they mean."""
BARE_CRY = 8
"""In so few characters ("老房子垮了") nothing else is told."""
HARDLY = -1.0
"""What is hardly told to us says less than this on whether it is."""
NAMES = "emergency:"
NO_CLAUSE = 4
"""What is left of a text in so few characters tells of nobody."""
DOUBTFUL = 1.5
"""Weights that say no more than this, and no word of the catalog: a danger only where they know which one as well."""
CLEAR = 1.3
"""How much must speak for one danger before its weights, too, may say NAMED less."""
PASSED_OVER = 0.3
"""A danger that is named and is none (罐罐没得气了) is one all the same only if more than this speaks for it."""
GUESSED = -1.2
"""Weights that say no more than this for the likeliest danger (of unseen ones half were another) know none."""
DOUBTED, DOUBTED_WANT = 0.5, 0.32
"""What speaks for chatter speaks against a danger too, but half as much; against a wish, a question ... a third."""
WELFARE = "welfare"
BARE = 0.8
"""How sure it is that a place alone is no report."""
WORD_IN_CATEGORY = 1.5
"""What a catalog word of weight 1 adds to the learned score of its category."""
_SAYS_ITSELF = frozenset({"wish", "form"})
"""Orders whose words are what is wanted."""
_OF_A_REPORT = frozenset({"report", "on_behalf"})


class _Looked(NamedTuple):
    """What a text shows at a closer look."""

    place: Place
    sums: dict[str, float]
    """How much each kind of catalog word is there."""
    named: Danger | None
    """The danger that the catalog's words name."""
    passed_over: bool
    """They name one, and it is none: a drill, a pet, a fear."""
    traits: Traits


class Reader:
    """Knows the catalog's words; `read` is pure and remembers nothing."""

    def __init__(self, catalog: Catalog, learned: Learned | None = None) -> None:
        self._learned = learned or Learned.read()
        self.categories = tuple(catalog.categories)
        self._thresholds = catalog.thresholds
        self._weights = catalog.weights
        self._cleaner = Cleaner(catalog.names)
        self._commands = Commands(catalog.commands)
        self._first = knowing(catalog.bodily).advice
        self._dangers = Dangers(catalog)
        self._despair = Despair(catalog.weary)
        self._places = PlaceGrammar(catalog.places)
        self._closing = Closing(catalog.courtesies)
        self._behalf = Behalf(catalog.words.person)
        self._signs = Signs(_kinds(catalog))
        self._of_many = lru_cache(KEPT)(self._understood)
        self.deed = Threads(self._learned.thread).deed
        """What a message does to a matter of a moment ago."""

    def read(self, text: str, private: bool = False) -> Utterance:
        """What a text means; in private, or said to the bot by name, a little bolder.

        An everyday word alone in a group (到了, 满意) is chat that carries its command: it counts as an answer only.
        What many say in the same few characters (收到, 平安) is read once.
        """
        return self._of_many(text, private) if len(text) <= OF_MANY else self._understood(text, private)

    def _understood(self, text: str, private: bool) -> Utterance:
        said = self._cleaner.clean(text)
        if not said.text:
            return Utterance("chat", 1.0, "", addressed=said.addressed)
        heard = self._read(said, private=private)
        return replace(heard, joins=True) if joins(said.text) else heard

    def _read(self, said: Cleaned, *, private: bool) -> Utterance:
        if digit := _DIGIT.fullmatch(said.text):
            return Utterance("chat", 1.0, said.text, digit=int(digit.group(1)), addressed=said.addressed)
        hits = self._signs.find(said.text)
        order = self._commands.find(said.text, bold=private or said.addressed)
        if order and order.code in _OF_A_REPORT and (danger := self._dangers.find(said.text, hits)):
            return self._alarm(said, self._places.find(said.text, hits), danger, 1.0)
        if order and (order.confidence > LIKELY or not order.argument):
            return self._ordered(said, hits, order)
        weighed = self._weighed(said, hits, private=private)
        return weighed if weighed.intent != "chat" else self._before_thanks(said, weighed, private=private)

    def _before_thanks(self, said: Cleaned, chat: Utterance, *, private: bool) -> Utterance:
        """What somebody reported who then said thanks for it; else it is chat as it was."""
        head = self._closing.asked_before(said.text)
        if not head or not self.is_troubled(head):
            return chat
        alone = self._weighed(replace(said, text=head), self._signs.find(head), private=private)
        return replace(alone, text=said.text) if alone.intent == "report" else chat

    def _alarm(self, said: Cleaned, place: Place, danger: Danger, confidence: float) -> Utterance:
        return Utterance(
            "emergency",
            confidence,
            said.text,
            category=danger.kind.category,
            urgency="emergency",
            place=place,
            behalf=self._behalf.asked(said.text),
            emergency=danger.kind.code,
            addressed=said.addressed,
            why=danger.why,
        )

    def _ordered(self, said: Cleaned, hits: Sequence[Hit], order: Order) -> Utterance:
        reports = order.code in _OF_A_REPORT and bool(order.argument)
        behalf, argument = (None, order.argument)
        if order.code == "on_behalf":
            behalf, argument = self._behalf.led(order.argument)
        return Utterance(
            _intent_of(order),
            order.confidence,
            said.text,
            category=self._category(hits, self._look(said, hits).traits) if reports else None,
            urgency=_urgency(hits) if reports else None,
            place=self._places.find(order.argument, self._signs.find(order.argument)) if order.argument else Place(),
            command=order.code,
            argument=argument,
            numbers=order.numbers,
            behalf=behalf or self._behalf.asked(said.text),
            addressed=said.addressed,
            why=(f"command:{order.word}",),
        )

    def advice(self, said: Utterance) -> str:
        """The name of what is said first to whoever tells of this danger."""
        return self._first(said.emergency or "", said.text)

    def is_troubled(self, text: str) -> bool:
        """Whether a word of something broken, missing or wrong is there: a quick look, before a whole reading."""
        return any(hit.kind == "trouble" or hit.kind.startswith(FAULT) for hit in self._signs.find(text))

    def traits(self, text: str) -> Traits:
        """What the learned weights look at in a text."""
        said = self._cleaner.clean(text)
        return self._look(said, self._signs.find(said.text)).traits

    def _look(self, said: Cleaned, hits: Sequence[Hit]) -> _Looked:
        place = self._places.find(said.text, hits)
        sums = intents.weigh(said.text, hits)
        sure = intents.report(sums, said.text, place, self._weights, private=False)
        seen = marks(said.text, hits, sums, place, sure, elsewhere=said.to_somebody_else)
        named = self._dangers.find(said.text, hits)
        if named:
            seen.append(DANGER)
        passed_over = named is None and any(hit.kind == "context" or hit.kind.startswith(NAMES) for hit in hits)
        return _Looked(place, sums, named, passed_over, Traits(*runs(said.text), seen))

    def _weighed(self, said: Cleaned, hits: Sequence[Hit], *, private: bool) -> Utterance:
        text, bold = said.text, private or said.addressed
        looked = self._look(said, hits)
        place, traits = looked.place, looked.traits
        learned = self._learned
        for code, cry in _BARE_CRIES.items():
            if cry.fullmatch(text):
                return self._alarm(said, place, replace(self._dangers.of(code), why=(f"emergency:{code}:{text}",)), 1.0)
        if looked.named and looked.named.kind.code == DESPAIR and not _jokes(hits):
            return self._alarm(said, place, looked.named, ALARMED_ALONE)
        if bold and of_oneself(text) and not _jokes(hits):
            return self._alarm(said, place, self._dangers.of(DESPAIR), ALARMED_ALONE)
        if bold and (weary := self._despair.quiet(text)):
            danger = replace(self._dangers.of(DESPAIR), why=(f"emergency:{DESPAIR}:{weary}",))
            return self._alarm(said, place, danger, ALARMED_ALONE)
        if place and _BARE_PLACE.fullmatch(text):
            return Utterance("chat", BARE, text, place=place, numbers=_numbers(text, place), addressed=said.addressed)
        spoken, *scores = learned.what.scores(traits)
        plain = len(text) <= LONGEST and is_report(text, hits, looked.sums)
        doubt = min(0.0, spoken)
        heard = scores[EMERGENCY] + DOUBTED * doubt
        if danger := self._danger(text, looked, heard, plain=plain, for_us=spoken > HARDLY):
            danger = self._of_oneself(text, danger)
            sure = ALARMED_ALONE if danger.bare else 0.0
            return self._alarm(said, place, danger, max(sure, likelihood(scores[EMERGENCY] + ALARMING)))
        if self._dangers.is_missed(text):
            return self._missed(said, place)
        if self._dangers.only_refuses(text):
            return Utterance("chat", 1.0, text, addressed=said.addressed)
        scores[EMERGENCY] = -99.0
        at = max(range(len(scores)), key=scores.__getitem__)
        intent = cast("Intent", learned.what.labels[1 + at])
        if plain and (bold or len(text) <= BARE_FAULT or spoken > UNLIKELY or looked.sums.get("hurt")):
            intent, spoken = "report", max(spoken, SURE)
        elif scores[at] < 0.0 < spoken and is_fault(hits, looked.sums):
            intent = "report"  # it is for us, no want is known, and a fault is named
        elif intent != "report":
            spoken = max(spoken, scores[at] + DOUBTED_WANT * doubt)
        confidence = likelihood(spoken + bold * self._weights.private)
        if intent == "report" and self._dangers.is_elsewhere(text):
            confidence = 0.0
        elif intent == "report" and is_bare_thing(text, hits):
            confidence = min(confidence, self._thresholds[bold].ask) if bold else 0.0
        if confidence < self._thresholds[bold].ask:
            return Utterance(
                "chat", 1 - confidence, text, place=place, numbers=_numbers(text, place), addressed=said.addressed
            )
        parts = self._parts(text, place) if intent == "report" else ()
        matter = intent in {"report", "wish"}
        told = tuple(
            hit.why for hit in hits if hit.weight and hit.kind not in _SILENT_KINDS and not hit.kind.startswith(TALK)
        )
        return Utterance(
            intent,
            confidence,
            text,
            category=self._category(hits, traits) if intent == "report" else None,
            urgency=_urgency(hits) if matter else None,
            place=place,
            numbers=_numbers(text, place),
            behalf=self._behalf.asked(text),
            addressed=said.addressed,
            why=told or learned.what.why(traits),
            parts=parts,
        )

    def _missed(self, said: Cleaned, place: Place) -> Utterance:
        """Somebody whom nobody has seen: a matter whose owner looks today."""
        behalf = self._behalf.asked(said.text)
        why = (f"{FAULT}{WELFARE}",)
        return Utterance(
            "report",
            likelihood(SURE),
            said.text,
            category=WELFARE,
            urgency="urgent",
            place=place,
            behalf=behalf,
            addressed=said.addressed,
            why=why,
        )

    def _parts(self, text: str, place: Place) -> tuple[Utterance, ...]:
        """The matters of a message, where its sentences name faults of different categories."""
        sentences = [sentence for piece in _SENTENCES.split(text) if (sentence := piece.strip(" ,，、"))]
        if not 1 < len(sentences) <= MOST_PARTS:
            return ()
        matters: list[Utterance] = []
        for sentence in sentences:
            hits = self._signs.find(sentence)
            if not is_fault(hits, intents.weigh(sentence, hits)):
                continue
            looked = self._look(Cleaned(sentence), hits)
            here, category = looked.place, self._category(hits, looked.traits)
            if all(category != matter.category for matter in matters):
                where = here if here.building or here.unit else replace(place, spot=here.spot)
                matters.append(
                    Utterance(
                        "report",
                        1.0,
                        sentence,
                        category=category,
                        urgency=_urgency(hits),
                        place=where,
                        why=tuple(hit.why for hit in hits if hit.kind.startswith(FAULT)),
                    )
                )
        return tuple(matters) if len(matters) > 1 else ()

    def _danger(self, text: str, looked: _Looked, score: float, *, plain: bool, for_us: bool) -> Danger | None:
        """Somebody is in danger: by the catalog's words, by the learned weights, best by both."""
        named, traits = looked.named, looked.traits
        if named and named.bare:
            return self._which_danger(named, traits)
        if named and not for_us and _WHETHER.fullmatch(text):
            return None
        if named is None and plain:
            return None  # a fault in four words is a fault
        if score <= -NAMED and not (named and self._is_clearly(named, looked, score, for_us=for_us, text=text)):
            return None
        if named is None and (self._dangers.is_planned(text) or _ROLL_CALL.fullmatch(text)):
            return None
        if named is None and self._dangers.is_unwell(text):
            return None
        if named is None and (not self._is_felt(looked, score, for_us=for_us) or self._dangers.only_refuses(text)):
            return None
        rest = self._dangers.spared(self._dangers.without_a_yes(text)) if named is None else text
        if rest != text and (len(rest) <= NO_CLAUSE or self._read(Cleaned(rest), private=False).intent != "emergency"):
            return None
        danger = self._which_danger(named, traits)
        return replace(danger, why=(*danger.why, *self._learned.what.why(traits, 1 + EMERGENCY)))

    def _is_clearly(self, named: Danger, looked: _Looked, score: float, *, for_us: bool, text: str) -> bool:
        """Whether the weights, too, know that if it is a danger it is this one; of a bare cry they must know it well."""
        bare = len(text) <= BARE_CRY and score > -2 * TOLD and _ASKED_OR_PAST.search(text) is None
        if not bare and not (for_us and score > -TOLD):
            return False
        table = self._learned.danger
        which = dict(zip(table.labels, table.scores(looked.traits), strict=True))
        return which.get(named.kind.code, -1.0) > (KNOWN if for_us else KNOWN_WELL)

    def _is_felt(self, looked: _Looked, score: float, *, for_us: bool) -> bool:
        """Whether a danger that nobody names is one of those that are known: the less sure it is one, the clearer which."""
        if score > DOUBTFUL:
            return True
        if looked.passed_over and not (for_us and score > PASSED_OVER):
            return False
        known = -1.0 if looked.sums.get("wish") else max(self._learned.danger.scores(looked.traits))
        return known > (0.0 if score > 0.0 else CLEAR)

    def _of_oneself(self, text: str, danger: Danger) -> Danger:
        """The danger as it is for whoever wants to die and says so."""
        own = danger.kind.code == BYSTANDER and of_oneself(text)
        return replace(self._dangers.of(DESPAIR), why=danger.why) if own else danger

    def _category(self, hits: Sequence[Hit], traits: Traits) -> str:
        """The catalog's words and the learned weights together."""
        words = weigh_categories(hits)
        which = self._learned.which
        pairs = zip(which.labels, which.scores(traits), strict=True)
        return max(pairs, key=lambda pair: pair[1] + WORD_IN_CATEGORY * words.get(pair[0], 0.0))[0]

    def _which_danger(self, named: Danger | None, traits: Traits) -> Danger:
        """The one that the words name; where they name several, or only cry for help, the likeliest by all words."""
        if named and named.kind.code != CRY and not named.others:
            return named
        table = self._learned.danger
        scores = dict(zip(table.labels, table.scores(traits), strict=True))
        if named is None:
            likeliest = max(scores, key=scores.__getitem__)
            danger = self._dangers.of(likeliest if scores[likeliest] > GUESSED else CRY)
            return danger if scores[likeliest] > 0.0 else replace(danger, why=(VAGUE,))
        meant = [kind for kind in (named.kind, *named.others) if kind.code != CRY]
        if not meant:
            likeliest = max(scores, key=scores.__getitem__)
            return replace(self._dangers.of(likeliest), why=named.why) if scores[likeliest] > 0 else named
        return replace(named, kind=max(meant, key=lambda kind: scores.get(kind.code, 0.0)))


def _jokes(hits: Sequence[Hit]) -> bool:
    """Whether words of jokes, films and the like stand beside."""
    return any(hit.kind in ("innocent", "context") for hit in hits)


def _intent_of(order: Order) -> Intent:
    """ "心愿 想要一辆轮椅" says a wish, and "撤回 1029" takes back; "心愿" and "进度 1029" are orders and no more."""
    if order.confidence <= LIKELY:
        return "chat"
    if order.code in _SAYS_ITSELF and order.argument and not order.numbers:
        return cast("Intent", order.code)
    told = order.numbers or order.word.endswith("了")
    return "withdraw" if order.code == "withdraw" and told else "command"


def _numbers(text: str, place: Place) -> tuple[int, ...]:
    """Numbers that name a matter: not the room of an address."""
    room = place.room if place.building or place.unit or place.floor else None
    return tuple(number for number in numbers_in(text) if str(number) != room)


def _urgency(hits: Sequence[Hit]) -> Urgency:
    return "urgent" if is_urgent(hits) else "normal"


def _kinds(catalog: Catalog) -> list[tuple[str, Sequence[str]]]:
    words = catalog.words
    kinds: list[tuple[str, Sequence[str]]] = [
        ("trouble", words.trouble),
        ("request", words.request),
        ("lasting", words.lasting),
        ("hurt", words.hurt),
        ("chatter", words.chatter),
        ("past", words.past),
        ("deny", words.deny),
        ("urgent", words.urgent),
        ("wish", words.wish),
        ("form", words.form),
        ("ask", words.ask),
        ("progress", words.progress),
        ("withdraw", words.withdraw),
        ("volunteer", words.volunteer),
        ("verify", words.verify),
        ("spot", catalog.places.spot),
        *((TALK + group, words) for group, words in catalog.talk.items()),
    ]
    for each in catalog.categories.values():
        kinds += [(THING + each.code, each.words), (FAULT + each.code, each.troubles)]
    return kinds + Dangers.signs(catalog)

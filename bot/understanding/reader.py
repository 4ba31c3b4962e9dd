"""Reads one text: danger first, then orders, then what the words together say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from bot.catalog import Catalog
from bot.understanding import intent as intents
from bot.understanding import personal
from bot.understanding.behalf import Behalf
from bot.understanding.category import FAULT, THING, is_urgent, weigh_categories
from bot.understanding.clean import Cleaned, Cleaner
from bot.understanding.commands import LIKELY, Commands, Order, numbers_in
from bot.understanding.emergency import Danger, Dangers
from bot.understanding.learned import Learned, Traits, likelihood
from bot.understanding.place import PlaceGrammar
from bot.understanding.plain import LONGEST, SURE, is_fault, is_report
from bot.understanding.signs import Hit, Signs
from bot.understanding.threads import joins
from bot.understanding.traits import MARK, TALK, marks, runs
from bot.understanding.utterance import Intent, Place, Urgency, Utterance

_DIGIT = re.compile(r"([1-9])[\s.。、,，!！)）]*")
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
NAMED = 0.6
"""How much less the learned weights must say where the catalog's words name a danger ..."""
TAKEN_BACK = 2.5
"""... and how much more where those words are harmless here: hot pots, films, drills, last year."""
HOPELESS = -3.5
"""Below this a message in a group is chatter without a closer look."""
OTHERS_SOONER = 0.9
"""Wishes, questions, progress ...: odds a little below even are enough."""
WORD_IN_CATEGORY = 1.5
"""What a catalog word of weight 1 adds to the learned score of its category."""
_OF_A_REPORT = frozenset({"report", "on_behalf"})


class Reader:
    """Knows the catalog's words; `read` is pure and remembers nothing."""

    def __init__(self, catalog: Catalog, learned: Learned | None = None) -> None:
        self._learned = learned or Learned()
        self.categories = tuple(catalog.categories)
        self._thresholds = catalog.thresholds
        self._weights = catalog.weights
        self._cleaner = Cleaner(catalog.names)
        self._commands = Commands(catalog.commands)
        self._dangers = Dangers(catalog.emergencies)
        self._places = PlaceGrammar(catalog.places)
        self._behalf = Behalf(catalog.words.person)
        self._signs = Signs(_kinds(catalog, self._dangers))

    def read(self, text: str, private: bool = False) -> Utterance:
        """What a text means; in private, or said to the bot by name, a little bolder.

        An everyday word alone in a group (到了, 满意) is chat that carries its command: it counts as an answer only.
        """
        said = self._cleaner.clean(text)
        if not said.text:
            return Utterance("chat", 1.0, "", addressed=said.addressed)
        heard = self._read(said, private=private)
        found, same = personal.find(said.text), joins(said.text)
        return replace(heard, personal=found, joins=same) if found or same else heard

    def _read(self, said: Cleaned, *, private: bool) -> Utterance:
        if digit := _DIGIT.fullmatch(said.text):
            return Utterance("chat", 1.0, said.text, digit=int(digit.group(1)), addressed=said.addressed)
        hits = self._signs.find(said.text)
        order = self._commands.find(said.text, bold=private or said.addressed)
        if order and order.code in _OF_A_REPORT and (danger := self._dangers.find(said.text, hits)):
            return self._alarm(said, self._places.find(said.text, hits), danger, 1.0)
        if order and (order.confidence > LIKELY or not order.argument):
            return self._ordered(said, hits, order)
        return self._weighed(said, hits, private=private)

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
            "command" if order.confidence > LIKELY else "chat",
            order.confidence,
            said.text,
            category=self._category(hits, self._look(said, hits)[1]) if reports else None,
            urgency=_urgency(hits) if reports else None,
            place=self._places.find(order.argument, self._signs.find(order.argument)) if order.argument else Place(),
            command=order.code,
            argument=argument,
            numbers=order.numbers,
            behalf=behalf or self._behalf.asked(said.text),
            addressed=said.addressed,
            why=(f"command:{order.word}",),
        )

    def traits(self, text: str) -> Traits:
        """What the learned weights look at in a text."""
        said = self._cleaner.clean(text)
        return self._look(said, self._signs.find(said.text))[1]

    def _look(self, said: Cleaned, hits: Sequence[Hit]) -> tuple[Place, Traits]:
        place = self._places.find(said.text, hits)
        sums = intents.weigh(said.text, hits)
        sure = intents.report(sums, said.text, place, self._weights, private=False)
        seen = marks(said.text, hits, sums, place, sure, elsewhere=said.to_somebody_else)
        if self._dangers.find(said.text, hits):
            seen.append(DANGER)
        return place, Traits(runs(said.text), tuple(seen))

    def _weighed(self, said: Cleaned, hits: Sequence[Hit], *, private: bool) -> Utterance:
        text, bold = said.text, private or said.addressed
        place, traits = self._look(said, hits)
        learned = self._learned
        spoken = learned.speak.scores(traits)[0]
        plain = len(text) <= LONGEST and is_report(text, hits, intents.weigh(text, hits))
        if spoken < HOPELESS and not (plain or private) and not any(hit.kind.startswith("emergency:") for hit in hits):
            return Utterance(
                "chat", likelihood(-spoken), text, place=place, numbers=_numbers(text, place), addressed=said.addressed
            )
        scores = learned.intent.scores(traits)
        if danger := self._danger(said, hits, traits, scores[EMERGENCY], plain=plain):
            return self._alarm(said, place, danger, likelihood(scores[EMERGENCY] + ALARMING))
        scores[EMERGENCY] = -99.0
        at = max(range(len(scores)), key=scores.__getitem__)
        intent = cast("Intent", learned.intent.labels[at])
        if plain:
            intent, spoken = "report", max(spoken, SURE)
        elif intent != "report":
            spoken = max(spoken, scores[at] + OTHERS_SOONER)
        confidence = likelihood(spoken + bold * self._weights.private)
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
            why=told + learned.speak.why(traits),
            parts=parts,
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
            here, traits = self._look(Cleaned(sentence), hits)
            category = self._category(hits, traits)
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

    def _danger(
        self, said: Cleaned, hits: Sequence[Hit], traits: Traits, score: float, *, plain: bool
    ) -> Danger | None:
        """Somebody is in danger: by the catalog's words, by the learned weights, best by both."""
        named = self._dangers.find(said.text, hits)
        if named is None and plain:
            return None  # a fault in four words is a fault
        if named is None:
            score -= TAKEN_BACK * any(hit.kind.startswith("emergency:") or hit.kind == "innocent" for hit in hits)
        if score <= (-NAMED if named else 0.0):
            return None
        danger = named or self._dangers.of(self._learned.danger.best(traits)[0])
        return replace(danger, why=(*danger.why, *self._learned.intent.why(traits, EMERGENCY)))

    def _category(self, hits: Sequence[Hit], traits: Traits) -> str:
        """The catalog's words and the learned weights together."""
        words = weigh_categories(hits)
        learned = self._learned.category
        return max(
            zip(learned.labels, learned.scores(traits), strict=True),
            key=lambda pair: pair[1] + WORD_IN_CATEGORY * words.get(pair[0], 0.0),
        )[0]


def _numbers(text: str, place: Place) -> tuple[int, ...]:
    """Numbers that name a matter: not the room of an address."""
    room = place.room if place.building or place.unit or place.floor else None
    return tuple(number for number in numbers_in(text) if str(number) != room)


def _urgency(hits: Sequence[Hit]) -> Urgency:
    return "urgent" if is_urgent(hits) else "normal"


def _kinds(catalog: Catalog, dangers: Dangers) -> list[tuple[str, Sequence[str]]]:
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
    return kinds + dangers.signs(catalog.emergencies)

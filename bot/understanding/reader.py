"""Reads one text: danger first, then orders, then what the words together say."""

import re
from collections.abc import Sequence

from bot.catalog import Catalog
from bot.understanding import intent as intents
from bot.understanding.behalf import Behalf
from bot.understanding.category import FAULT, THING, category, is_urgent
from bot.understanding.clean import Cleaned, Cleaner
from bot.understanding.commands import LIKELY, Commands, Order, numbers_in
from bot.understanding.emergency import Danger, Dangers
from bot.understanding.place import PlaceGrammar
from bot.understanding.signs import Hit, Signs
from bot.understanding.utterance import Intent, Place, Urgency, Utterance

_DIGIT = re.compile(r"([1-9])[\s.。、,，!！)）]*")
_SILENT_KINDS = frozenset({"spot", "context", "innocent", "urging"})
_OF_A_REPORT = frozenset({"report", "on_behalf"})


class Reader:
    """Knows the catalog's words; `read` is pure and remembers nothing."""

    def __init__(self, catalog: Catalog) -> None:
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
        if digit := _DIGIT.fullmatch(said.text):
            return Utterance("chat", 1.0, said.text, digit=int(digit.group(1)), addressed=said.addressed)
        hits = self._signs.find(said.text)
        if danger := self._dangers.find(said.text, hits):
            return self._alarm(said, hits, danger)
        order = self._commands.find(said.text, bold=private or said.addressed)
        if order and (order.confidence > LIKELY or not order.argument):
            return self._ordered(said, hits, order)
        return self._weighed(said, hits, private=private)

    def _alarm(self, said: Cleaned, hits: Sequence[Hit], danger: Danger) -> Utterance:
        return Utterance(
            "emergency",
            0.98,
            said.text,
            category=danger.kind.category,
            urgency="emergency",
            place=self._places.find(said.text, hits),
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
            category=(category(hits) or "other") if reports else None,
            urgency=_urgency(hits) if reports else None,
            place=self._places.find(order.argument, self._signs.find(order.argument)) if order.argument else Place(),
            command=order.code,
            argument=argument,
            numbers=order.numbers,
            behalf=behalf or self._behalf.asked(said.text),
            addressed=said.addressed,
            why=(f"command:{order.word}",),
        )

    def _weighed(self, said: Cleaned, hits: Sequence[Hit], *, private: bool) -> Utterance:
        text, bold = said.text, private or said.addressed
        place = self._places.find(text, hits)
        sums = intents.weigh(text, hits)
        if said.to_somebody_else:
            sums["chatter"] = sums.get("chatter", 0.0) + 1
        intent: Intent = "report"
        confidence = intents.report(sums, text, place, self._weights, private=bold)
        rival, rival_confidence = intents.other(sums, bold=bold)
        clear = rival in intents.CLEAR and rival_confidence >= self._thresholds[bold].act
        if clear or rival_confidence > confidence:
            intent, confidence = rival, rival_confidence
        if confidence < self._thresholds[bold].ask:
            return Utterance(
                "chat", 1 - confidence, text, place=place, numbers=_numbers(text, place), addressed=said.addressed
            )
        matter = intent in {"report", "wish"}
        return Utterance(
            intent,
            confidence,
            text,
            category=(category(hits) or "other") if intent == "report" else None,
            urgency=_urgency(hits) if matter else None,
            place=place,
            numbers=_numbers(text, place),
            behalf=self._behalf.asked(text),
            addressed=said.addressed,
            why=tuple(hit.why for hit in hits if hit.weight and hit.kind not in _SILENT_KINDS),
        )


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
    ]
    for each in catalog.categories.values():
        kinds += [(THING + each.code, each.words), (FAULT + each.code, each.troubles)]
    return kinds + dangers.signs(catalog.emergencies)

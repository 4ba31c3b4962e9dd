"""The kit as sheets of paper: plain large type, for a printer of any kind; and the same doors as a workbook to type into."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from handlers.kit.paper import DoorList, Kit, Phone, Ring, Roster, Texts
from storage.kit import Door

WIDTH, HEIGHT = 210.0, 297.0
"""A4, in millimetres."""
LEFT, RIGHT, TOP, BOTTOM = 12.0, 198.0, 16.0, 284.0
POINTS = 72 / 25.4
SONG = "STSong-Light"
"""A Chinese font that every reader of PDF brings."""
BIG, PLAIN, SMALL, LINE = 6.4, 5.0, 4.0, 8.2
"""Heights of letters and of a line, in millimetres."""
ROW = 9.6
DOOR_COLUMNS = (48.0, 14.0, 20.0, 18.0, 44.0, 42.0)
"""How wide each column of a door list is."""
ROSTER_COLUMNS = (42.0, 46.0, 56.0, 42.0)
MOBILE = 11
"""Digits of a mobile number."""


class Sheets:
    """A pile of pages, written from top to bottom; a page is begun when the last is full."""

    def __init__(self, kit: Kit, text: Texts) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))  # pyright: ignore[reportUnknownMemberType]
        self.kit, self.text = kit, text
        self.held = BytesIO()
        self.canvas = Canvas(self.held, pagesize=(WIDTH * POINTS, HEIGHT * POINTS), invariant=1)
        self.y = BOTTOM
        self.page = 0
        self.head = ""
        self.corner = ""

    def done(self) -> bytes:
        """The whole file."""
        if self.page:
            self.canvas.showPage()
        self.canvas.save()
        return self.held.getvalue()

    def turn(self, head: str, corner: str = "") -> None:
        """Go on on a new page with this heading, repeated on those that follow it."""
        self.head, self.corner = head, corner
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.canvas.scale(POINTS, POINTS)
        self.write(LEFT, TOP, head, BIG, RIGHT - LEFT - (60 if corner else 0))
        if corner:
            self.right(RIGHT, TOP, corner, BIG)
        self.write(LEFT, 291, self.kit.made, SMALL, 80)
        self.right(RIGHT, 291, self.text.page.format(name=self.kit.name, page=self.page), SMALL)
        self.rule(TOP + 3)
        self.y = TOP + 3

    def room(self, high: float) -> bool:
        """Make sure that so much fits; True when a new page was begun for it."""
        if self.y + high <= BOTTOM:
            return False
        self.turn(self.head, self.corner)
        return True

    def say(self, words: str, size: float = PLAIN, indent: float = 0.0) -> None:
        """One line, broken where the paper ends."""
        for part in broken(words, size, RIGHT - LEFT - indent):
            self.room(size * 1.7)
            self.y += size * 1.7
            self.write(LEFT + indent, self.y - size * 0.35, part, size, RIGHT - LEFT - indent)

    def write(self, x: float, y: float, words: str, size: float, wide: float) -> None:
        """Words at a place, made smaller and then cut where they would not fit."""
        size = fitting(words, size, wide)
        self.canvas.setFont(SONG, size)
        self.canvas.drawString(x, HEIGHT - y, cut(words, wide / size))

    def right(self, x: float, y: float, words: str, size: float) -> None:
        """Words that end at a place."""
        self.canvas.setFont(SONG, size)
        self.canvas.drawRightString(x, HEIGHT - y, words)

    def rule(self, y: float, x: float = LEFT, until: float = RIGHT, wide: float = 0.3) -> None:
        """A line across."""
        self.canvas.setLineWidth(wide)
        self.canvas.line(x, HEIGHT - y, until, HEIGHT - y)

    def box(self, x: float, y: float, side: float) -> None:
        """A square to tick."""
        self.canvas.setLineWidth(0.3)
        self.canvas.rect(x, HEIGHT - y, side, side)


def fitting(words: str, size: float, wide: float) -> float:
    """The size at which the words fit, but never too small to read."""
    return max(size * 0.6, min(size, wide / max(0.1, ems(words))))


def ems(words: str) -> float:
    """How wide the words are, in letters of full width."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.5 for letter in words)


def cut(words: str, most: float) -> str:
    """As much of the words as fits."""
    if ems(words) <= most + 0.01:
        return words
    wide = 1.0
    for at, letter in enumerate(words):
        wide += 1.0 if ord(letter) > 0x2E7F else 0.5
        if wide > most:
            return words[:at] + "…"
    return words


def broken(words: str, size: float, wide: float) -> list[str]:
    """The words in lines that fit."""
    lines, line, most = list[str](), "", wide / size
    for letter in words:
        if line and ems(line + letter) > most:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]


def pdf(kit: Kit, text: Texts) -> bytes:
    """The whole kit of one community."""
    sheets = Sheets(kit, text)
    lay_out(sheets)
    return sheets.done()


def lay_out(sheets: Sheets) -> None:
    """Cover, phone tree, rosters, door lists."""
    _cover(sheets)
    _tree(sheets)
    _rosters(sheets, sheets.kit.rosters)
    for one in sheets.kit.doors:
        _doors(sheets, one)


def _cover(sheets: Sheets) -> None:
    kit, text = sheets.kit, sheets.text
    sheets.turn(f"{kit.name}　{text.title}")
    sheets.say(kit.made)
    sheets.say(text.secret)
    sheets.y += 4
    for step in text.steps:
        sheets.say(step)
    sheets.y += 4
    sheets.say(text.contents, BIG)
    for one in kit.doors:
        sheets.room(LINE)
        sheets.y += LINE
        sheets.write(LEFT, sheets.y - 2.4, one.where, PLAIN, 130)
        sheets.right(RIGHT, sheets.y - 2.4, text.sheet.format(number=one.number), PLAIN)
        sheets.rule(sheets.y, wide=0.1)


def _tree(sheets: Sheets) -> None:
    kit, text = sheets.kit, sheets.text
    sheets.turn(text.tree)
    if kit.upward:
        sheets.say(text.upward, BIG)
        for one in kit.upward:
            _person(sheets, one)
    if not kit.rings:
        sheets.say(text.nobody)
    for ring in kit.rings:
        _ring(sheets, ring)


def _ring(sheets: Sheets, ring: Ring) -> None:
    text = sheets.text
    first = ring.calls[0]
    sheets.room(LINE * (5 + len(ring.then) + len(first.then)))
    sheets.y += 4
    caller = ring.caller
    sheets.say(f"{caller.role} {caller.name}　{_grouped(caller.phone)}　{text.calls}", BIG)
    if ring.then:
        sheets.say(f"（{text.then}）", SMALL, 4)
        for one in ring.then:
            _person(sheets, one, 4)
    sheets.rule(sheets.y + 1.5)
    sheets.y += 1.5
    for call in ring.calls:
        _called(sheets, call.first, call.then)


def _called(sheets: Sheets, first: Phone, then: Sequence[Phone]) -> None:
    sheets.room(LINE * (2 + len(then)))
    sheets.y += LINE
    y = sheets.y - 2.4
    sheets.box(LEFT, y + 0.6, 4.6)
    sheets.write(LEFT + 7, y, first.where, PLAIN, 66)
    sheets.write(LEFT + 76, y, f"{first.role} {first.name}", PLAIN, 58)
    sheets.write(LEFT + 137, y, _reach(first), PLAIN, RIGHT - LEFT - 137)
    for one in then:
        sheets.y += LINE * 0.85
        y = sheets.y - 2.4
        sheets.box(LEFT + 70, y + 0.4, 3.6)
        sheets.write(LEFT + 76, y, f"{one.role} {one.name}", SMALL, 58)
        sheets.write(LEFT + 137, y, _reach(one), SMALL, RIGHT - LEFT - 137)
    sheets.rule(sheets.y, wide=0.1)


def _person(sheets: Sheets, one: Phone, indent: float = 0.0) -> None:
    sheets.room(LINE)
    sheets.y += LINE
    y = sheets.y - 2.4
    sheets.write(LEFT + indent, y, one.where, PLAIN, 60)
    sheets.write(LEFT + 64, y, f"{one.role} {one.name}", PLAIN, 62)
    sheets.write(LEFT + 129, y, _reach(one), PLAIN, RIGHT - LEFT - 129)


def _reach(one: Phone) -> str:
    return f"{_grouped(one.phone)}　{one.note}"


def _grouped(phone: str) -> str:
    """A mobile number as it is read out: 138 1234 5678."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == MOBILE else phone


def _rosters(sheets: Sheets, rosters: Sequence[Roster]) -> None:
    sheets.turn(sheets.text.roster)
    for roster in rosters:
        sheets.room(LINE * 2.4)
        sheets.y += 3
        sheets.say(roster.where, BIG)
        sheets.rule(sheets.y + 1)
        sheets.y += 1
        for one in roster.people:
            sheets.room(LINE)
            sheets.y += LINE
            x = LEFT
            for words, wide in zip((one.role, one.name, _grouped(one.phone), one.note), ROSTER_COLUMNS, strict=True):
                sheets.write(x, sheets.y - 2.4, words, PLAIN, wide - 2)
                x += wide
            sheets.rule(sheets.y, wide=0.1)


def _doors(sheets: Sheets, one: DoorList) -> None:
    text = sheets.text
    sheets.turn(f"{text.doors}　{one.where}", text.sheet.format(number=one.number))
    _heads(sheets)
    if not one.doors:
        sheets.say(text.no_doors)
        sheets.rule(sheets.y, wide=0.15)
    before = None
    for door in one.doors:
        if before is not None and door.building != before:
            sheets.rule(sheets.y, wide=0.8)
        before = door.building
        _row(sheets, _door(text, door), str(door.people) if door.people else "")
    blank = max(one.blank, int((BOTTOM - sheets.y) // ROW))
    for _ in range(blank):
        _row(sheets, "", "")


def _heads(sheets: Sheets) -> None:
    sheets.say(sheets.text.asked_by, PLAIN)
    sheets.y += ROW
    x = LEFT
    for words, wide in zip(sheets.text.door_heads, DOOR_COLUMNS, strict=True):
        sheets.write(x + 1, sheets.y - 3, words, PLAIN, wide - 2)
        x += wide
    sheets.rule(sheets.y, wide=0.5)


def _row(sheets: Sheets, door: str, people: str) -> None:
    if sheets.room(ROW):
        _heads(sheets)
    top = sheets.y
    sheets.y += ROW
    sheets.write(LEFT + 1, sheets.y - 3, door, BIG, DOOR_COLUMNS[0] - 2)
    sheets.write(LEFT + DOOR_COLUMNS[0] + 4, sheets.y - 3, people, SMALL, DOOR_COLUMNS[1] - 5)
    sheets.rule(sheets.y, wide=0.15)
    x = LEFT
    sheets.canvas.setLineWidth(0.15)
    for wide in (0.0, *DOOR_COLUMNS):
        x += wide
        sheets.canvas.line(x, HEIGHT - top, x, HEIGHT - sheets.y)


def _door(text: Texts, door: Door) -> str:
    form = text.building if door.building.isdecimal() else text.other_building
    building = form.format(building=door.building) if door.building else ""
    return building + (text.unit.format(unit=door.unit) if door.unit else "") + door.room

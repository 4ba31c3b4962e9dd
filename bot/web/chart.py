"""A chart as lines and marks in numbers: how many over time; a template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.mobilizing.hindsight import MINUTE, Curve

STEPS = (1, 2, 5)
"""What a scale counts in, times a power of ten."""
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080)
MOST_LINES = 5
LEAST_MINUTES = 1.0
LEFT, RIGHT, TOP, BOTTOM = 0.0, 0.0, 34.0, 30.0
"""Room for what is written around the lines."""
ROOM, ROOM_NARROW, NARROW = 46.0, 34.0, 600.0
"""What a label needs, in a wide drawing and in one narrower than this."""
LEAST_ROOM, SIGN = 34.0, 8.0
"""What a scale's number keeps from the middle of a label, at least and by each of its signs."""
BETWEEN = "·"


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale, and what it is."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A minute of the plan, how many had acknowledged and were on site then; None where it is still to come."""

    x: float
    minute: int
    acknowledged_y: float | None
    arrived_y: float | None


@dataclass(frozen=True, slots=True)
class Label:
    """What is written below one mark, or below several that stand too close for words of their own."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that a drawing of this size shows."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    expected: str
    acknowledged: str
    arrived: str
    """Paths."""
    area: str
    """Below the line of those on site, or of those who have acknowledged where nobody comes."""
    goal_y: float
    now_x: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]


def draw(
    curve: Curve, marks: Sequence[int], goal: float, *, lasts: float, gathers: bool, size: tuple[int, int]
) -> Chart:
    """The curve in a drawing of this size (width, height), whose time goes on to `lasts` seconds."""
    width, height = size
    most = max(1, *curve.expected, *curve.acknowledged)
    step = _step(most)
    upto = -(-most // step) * step
    left, right = LEFT + 12.0 + 11.0 * len(str(upto)), width - RIGHT - 14.0
    top, bottom = TOP, height - BOTTOM
    end = max(lasts, LEAST_MINUTES * MINUTE)

    def x(seconds: float) -> float:
        return round(left + (right - left) * min(seconds, end) / end, 1)

    def y(many: float) -> float:
        return round(bottom - (bottom - top) * many / upto, 1)

    def line(values: Sequence[int]) -> str:
        """A stair: how many there were stays true until the next one."""
        drawn, last = [f"M{x(curve.seconds[0])} {y(values[0])}"], values[0]
        for at, many in zip(curve.seconds, values, strict=True):
            if many != last:
                drawn.append(f"H{x(at)}V{y(many)}")
                last = many
        drawn.append(f"H{x(curve.seconds[-1])}")
        return "".join(drawn)

    def at_mark(values: Sequence[int], minute: int) -> float | None:
        if minute * MINUTE > curve.seconds[-1]:
            return None
        past = [many for at, many in zip(curve.seconds, values, strict=True) if at <= minute * MINUTE]
        return y(past[-1])

    filled = curve.arrived if gathers else curve.acknowledged
    shown = [minute for minute in marks if minute * MINUTE <= end]
    labels = _labels([(x(minute * MINUTE), minute) for minute in shown], ROOM_NARROW if width < NARROW else ROOM)
    every = next((one for one in MINUTES if end / MINUTE / one <= 8), MINUTES[-1])
    return Chart(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        expected=line(curve.expected),
        acknowledged=line(curve.acknowledged),
        arrived=line(curve.arrived) if gathers else "",
        area=f"{line(filled)}V{bottom}H{left}Z",
        goal_y=y(goal * curve.expected[-1]),
        now_x=x(curve.seconds[-1]),
        rows=tuple(Tick(y(value), value) for value in range(0, upto + 1, step)),
        columns=tuple(
            Tick(x(minute * MINUTE), minute)
            for minute in range(0, int(end / MINUTE) + 1, every)
            if not any(abs(x(minute * MINUTE) - one.x) < max(LEAST_ROOM, SIGN * len(one.text)) for one in labels)
        ),
        marks=tuple(
            Mark(
                x(minute * MINUTE),
                minute,
                at_mark(curve.acknowledged, minute),
                at_mark(curve.arrived, minute) if gathers else None,
            )
            for minute in shown
        ),
        labels=labels,
    )


def _labels(marks: Sequence[tuple[float, int]], room: float) -> tuple[Label, ...]:
    """One below each mark; those closer than this together."""
    found: list[list[tuple[float, int]]] = []
    for one in marks:
        if found and one[0] - found[-1][-1][0] < room:
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(
        Label(round(sum(at for at, _ in some) / len(some), 1), BETWEEN.join(str(minute) for _, minute in some))
        for some in found
    )


def _step(most: int) -> int:
    """A round number of which few make up the most."""
    power = 1
    while True:
        for each in STEPS:
            if most / (each * power) <= MOST_LINES:
                return each * power
        power *= 10

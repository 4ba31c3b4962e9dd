"""The pace: no window ever holds more than the platform allows, and hardly less is said than may be."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.message import Address
from bot.pace import Limit, Pace, Pacer

GROUP = Address("fake", "1号楼群")
TELEGRAM = Pace(
    app=(Limit(30, per_s=1),),
    group=(Limit(1, per_s=1), Limit(20, per_s=60, burst=4)),
    private=(Limit(1, per_s=1),),
)


class Watch:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def most_in_any_window(moments: list[float], per_s: float) -> int:
    first = most = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= per_s:
            first += 1
        most = max(most, last - first + 1)
    return most


def say(pacer: Pacer, watch: Watch, address: Address) -> float:
    """Wait as long as told and say it; the moment it was said."""
    while wait_s := pacer.wait_s(address):
        watch.now += wait_s
    pacer.take(address)
    return watch.now


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    most = draw(st.integers(1, 60))
    return Limit(most, per_s=draw(st.sampled_from((0.5, 1, 7, 60, 3600))), burst=draw(st.integers(1, most)))


@settings(deadline=None)
@given(
    pace=st.builds(
        Pace, app=st.lists(limits(), max_size=2).map(tuple), group=st.lists(limits(), max_size=2).map(tuple)
    ),
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.one_of(st.just(0.0), st.floats(0, 2), st.floats(0, 4000))),
        min_size=1,
        max_size=250,
    ),
)
def test_no_window_ever_holds_more_than_its_limit(pace: Pace, steps: list[tuple[int, float]]) -> None:
    watch = Watch()
    pacer = Pacer(pace, watch)
    said: dict[int, list[float]] = {0: [], 1: [], 2: []}
    for target, idle_s in steps:
        watch.now += idle_s
        said[target].append(say(pacer, watch, Address("fake", str(target))))

    for limit in pace.app:
        assert most_in_any_window(sorted(chain(*said.values())), limit.per_s) <= limit.most
    for limit in pace.group:
        assert all(most_in_any_window(moments, limit.per_s) <= limit.most for moments in said.values())


@pytest.mark.parametrize("late_s", [0.0, 0.0015])
@pytest.mark.parametrize("limit", [Limit(30, per_s=1), Limit(200, per_s=1), Limit(1, per_s=1), Limit(600, per_s=60)])
def test_nearly_the_whole_permitted_rate_is_used_even_by_timers_that_are_late(limit: Limit, late_s: float) -> None:
    watch = Watch()
    pacer = Pacer(Pace(app=(limit,)), watch)
    began, many = watch.now, limit.most * 20
    for n in range(many):
        if wait_s := pacer.wait_s(None):
            watch.now += wait_s + late_s
        pacer.take(Address("fake", str(n)))

    assert many / (watch.now - began) >= 0.95 * limit.most / limit.per_s


def test_a_second_border_lets_no_double_load_through() -> None:
    watch = Watch()
    pacer = Pacer(TELEGRAM, watch)
    said = [say(pacer, watch, Address("fake", str(n))) for n in range(90)]

    assert most_in_any_window(said, 1.0) <= 30
    assert most_in_any_window(said, 0.1) <= 4


def test_two_replies_to_a_group_need_not_be_three_seconds_apart() -> None:
    watch = Watch()
    pacer = Pacer(TELEGRAM, watch)
    first, second = say(pacer, watch, GROUP), say(pacer, watch, GROUP)

    assert second - first < 1.1


def test_one_target_that_must_wait_holds_nobody_else_up() -> None:
    watch = Watch()
    pacer = Pacer(Pace(group=(Limit(1, per_s=1),)), watch)
    pacer.take(GROUP)

    assert pacer.wait_s(GROUP) > 1
    assert pacer.wait_s(Address("fake", "2号楼群")) == 0
    assert pacer.wait_s(Address("fake", GROUP.target, private=True)) == 0


def test_a_word_that_was_long_on_its_way_keeps_the_next_as_far_behind_it() -> None:
    watch = Watch()
    pacer = Pacer(TELEGRAM, watch)
    person = Address("fake", "王奶奶", private=True)
    pacer.take(person)
    watch.now += 0.8
    pacer.landed(person)
    pacer.landed(GROUP)  # who was told nothing has nothing to wait for

    assert pacer.wait_s(person) > 1
    assert pacer.wait_s(GROUP) == 0


def test_a_hold_is_obeyed_to_the_letter() -> None:
    watch = Watch()
    pacer = Pacer(TELEGRAM, watch)
    pacer.hold(GROUP, 37)
    pacer.hold(GROUP, 5)  # a shorter word does not shorten it

    assert pacer.wait_s(GROUP) == 37
    assert pacer.wait_s(Address("fake", "2号楼群")) == 0
    pacer.hold(None, 60)
    watch.now += 59.9
    assert 0 < pacer.wait_s(Address("fake", "2号楼群")) < 0.2
    watch.now += 0.2
    assert pacer.wait_s(GROUP) == 0


def test_a_hundred_thousand_targets_are_forgotten_once_they_are_idle() -> None:
    watch = Watch()
    pacer = Pacer(Pace(group=(Limit(1, per_s=1),)), watch)
    for n in range(100_000):
        pacer.take(Address("fake", str(n)))
        watch.now += 0.01

    assert len(pacer) < 250


def test_a_limit_that_nothing_can_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="no pace can keep"):
        Limit(3, per_s=1, burst=4)

"""停发 within the second: what had left and what was held back is said right, then and later."""

from tests.notices.desk import HEAD, confirm, released, wrote
from tests.stage import Stage


def test_what_was_stopped_before_anybody_heard_says_so(stage: Stage) -> None:
    number = wrote(stage)
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)

    [said] = stage.say(f"停发 {number}", by=HEAD)
    assert "一条都没发出去" in said
    assert "已经发出" not in said

    stage.pass_time(minutes=1)
    answer = stage.say(f"{number} 是真的吗", by="liguifang")[0]
    assert "还没发出去就停了" in answer
    assert "是真的" not in answer


def test_what_had_left_is_counted_and_stays_true(stage: Stage) -> None:
    number = released(stage)

    assert "已经发出 " in stage.say(f"停发 {number}", by=HEAD)[0]
    assert "是真的" in stage.say(f"{number} 是真的吗", by="liguifang")[0]

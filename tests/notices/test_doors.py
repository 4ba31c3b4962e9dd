"""xiaoge notices doors: what is left, on paper."""

from pathlib import Path

import pytest

from bot import cli, doorlist
from handlers.notices import doors
from handlers.notices.terms import terms
from storage.tags import tag
from tests.notices.desk import COMMUNITY, HEAD, WATER, notice, released
from tests.stage import Stage, settled_on


def test_every_grid_has_pages_of_its_own_and_every_door_a_box(stage: Stage) -> None:
    number = released(stage)
    with stage.database.reading() as session:
        listed = doors.unread(session, number, COMMUNITY)

    says = terms(stage.kit.catalog).doors
    pages = doorlist.pdf(notice(stage, number), listed, says, "2026-11-23 10:00")
    lines = doorlist.text(notice(stage, number), listed, says).splitlines()

    assert pages.startswith(b"%PDF")
    assert pages.count(b"/Type /Page\n") == len(listed)
    assert "锦绣花园1-2栋" in lines
    assert lines[lines.index("锦绣花园1-2栋") + 1 :][:3] == ["1栋1单元101", "1栋1单元102", "1栋1单元201"]


@pytest.fixture
def served(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    path = tmp_path / "xiaoge.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    address = f"sqlite:///{path}"
    monkeypatch.setenv("XIAOGE_DATABASE_URL", address)
    from storage.database import Database

    return settled_on(Database(address))


def test_the_command_writes_them_and_says_how_many(
    served: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = released(served, f"锦绣花园1-2栋居民群 {WATER}", by=HEAD)

    with pytest.raises(SystemExit) as ended:
        cli.main(["notices", "doors", str(number), "--out", str(tmp_path / "doors.txt")])
    assert ended.value.code == 0
    assert "48 户还没有回" in capsys.readouterr().out
    assert "2栋2单元602" in (tmp_path / "doors.txt").read_text()
    with pytest.raises(SystemExit) as ended:
        cli.main(["notices", "doors", "9999", "--out", str(tmp_path / "doors.pdf")])
    assert ended.value.code == cli.MISTAKE


def test_tags_come_from_a_file_and_a_notice_for_them_reaches_nobody_else(
    served: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tenants.txt").write_text("simulator:liguifang\nsimulator:nobody\n")
    for _ in range(2):
        with pytest.raises(SystemExit):
            cli.main(["notices", "tag", "tenant", str(tmp_path / "tenants.txt")])
    assert "2 个账号里，1 个新加了标签" in capsys.readouterr().out
    with served.database.reading() as session:
        assert len(session.connection.execute(tag.select()).all()) == 1

    number = released(served, "租户 请到站里登记租房信息")

    told = {one.target for one in served.heard() if f"编号 {number}" in one.text and one.target != HEAD}
    assert told == {"liguifang"}

"""The account's settings, under the names that the platform's page gives them."""

import pytest

from bot.settings import Settings


@pytest.mark.parametrize("part", ["WECHAT", "OFFICIAL"])
def test_the_account_is_set_under_either_name(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"APP_ID": "wx1", "SECRET": "s", "TOKEN": "t", "TEMPLATES": '{"duty": "t1"}'}
    for name, value in values.items():
        monkeypatch.setenv(f"XIAOGE_{part}__{name}", value)

    of = Settings().official

    assert of is not None
    assert (of.app, of.secret.get_secret_value(), of.templates) == ("wx1", "s", {"duty": "t1"})
    assert not of.aes_key.get_secret_value()

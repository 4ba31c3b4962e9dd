"""Templates and code name each other: no text without a use, no use without a text, no button without a label."""

import ast
from collections.abc import Iterator

import msgspec

from bot.catalog import Catalog
from bot.settings import PROJECT
from bot.understanding import bodily
from handlers.matters import rules

TEMPLATES = PROJECT / "templates"
SAYS = TEMPLATES / "says"
CODE = ("bot", "handlers")


def strings(*folders: str) -> Iterator[str]:
    """Every string in these folders of the program, parts of f-strings too."""
    for folder in folders:
        for path in (PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def calls(name: str) -> Iterator[ast.Call]:
    """Every call of something with this name."""
    for folder in CODE:
        for path in (PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                    yield node


def texts() -> set[str]:
    return {path.relative_to(SAYS).with_suffix("").as_posix() for path in SAYS.rglob("*.txt")}


def at_war() -> set[str]:
    """What is worded in its own way at war: handlers/people/modes.py looks for it."""
    named = texts()
    return {text for text in named if text.startswith("war/") and text.removeprefix("war/") in named}


def data() -> set[str]:
    """What lifecycles and emergencies name."""
    catalog = Catalog(TEMPLATES / "catalog")
    verbs = rules.lifecycle(catalog, "report").verbs.values()
    told = {template for verb in verbs for template in verb.tells.values()}
    ways = {bodily.BREATH, bodily.BROKEN, bodily.PINNED, *(danger + bodily.INSIDE for danger in bodily.LEAVES)}
    return told | {f"emergency/{text}" for text in ways | {kind.advice for kind in catalog.emergencies.kind}}


def states() -> list[rules.State]:
    """Every state of every kind of matter."""
    catalog = Catalog(TEMPLATES / "catalog")
    return [state for kind in ("report", "wish") for state in rules.lifecycle(catalog, kind).states.values()]


def test_every_text_is_said_somewhere() -> None:
    assert texts() - set(strings(*CODE)) - data() - at_war() == set()


def test_everything_that_is_said_has_a_text() -> None:
    rooms = {path.name for path in SAYS.iterdir() if path.is_dir()}
    named = {said for said in strings("handlers") if "/" in said and said.split("/")[0] in rooms and " " not in said}
    named = {said for said in named if not said.endswith("/") and "." not in said}
    assert (named | data()) - texts() == set()


def test_every_button_has_a_label() -> None:
    labels = msgspec.toml.decode((SAYS / "buttons.toml").read_bytes(), type=dict[str, str])
    firsts = [call.args[0] for call in calls("Button") if call.args]
    used = {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)}
    used |= {button for state in states() for button in state.buttons}
    assert used - labels.keys() == set()


def test_no_screen_has_more_than_four_choices() -> None:
    assert all(len(state.buttons) <= 4 for state in states())

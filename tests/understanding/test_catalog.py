"""The catalog that ships: complete, and in the words the rest of the house knows."""

import re

from bot.catalog import Catalog

CODES = [
    "sanitation",
    "facilities",
    "utilities",
    "property",
    "parking",
    "noise",
    "fire",
    "security",
    "dispute",
    "illegal_build",
    "vendors",
    "pollution",
    "animals",
    "welfare",
    "health",
    "fraud",
    "labour",
    "education",
    "hazard",
    "other",
]
UNITS = {
    "社区",
    "物业",
    "城管",
    "公安",
    "消防",
    "住建",
    "市场监管",
    "生态环境",
    "民政",
    "卫健",
    "人社",
    "教育",
    "供水供电供气",
    "司法",
}
LIMIT = re.compile(r"\d+ (?:紧急工作分|紧急工作时|工作时|工作日)")


def test_there_is_a_row_for_every_category(catalog: Catalog) -> None:
    assert list(catalog.categories) == CODES


def test_units_and_limits_are_words_that_routing_and_clocks_know(catalog: Catalog) -> None:
    for category in catalog.categories.values():
        assert {category.lead, *category.co} <= UNITS, category.code
        assert category.lead not in category.co, category.code
        for limits in (category.normal, category.urgent):
            assert all(LIMIT.fullmatch(limit) for limit in (limits.accept, limits.arrive, limits.finish)), category.code
        assert category.standard
        assert category.closing


def test_every_danger_belongs_to_a_category(catalog: Catalog) -> None:
    assert {kind.category for kind in catalog.emergencies.kind} <= set(catalog.categories)


def test_no_word_is_two_commands(catalog: Catalog) -> None:
    words = [word for command in catalog.commands for word in command.words]
    assert len(words) == len(set(words))


def test_special_forms_of_a_command_are_among_its_words(catalog: Catalog) -> None:
    for command in catalog.commands:
        assert {*command.joined, *command.everyday} <= set(command.words), command.code
        assert command.argument in {"none", "optional", "required"}

"""Commands for the platforms: what there is to mend, squares to join by, who is there, the menu."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.commands import console
from bot.commands.console import AsDrawings, AsOneFile, GridAbove, SheetFile
from bot.commands.sheets import drawn_as
from bot.errors import SendError, SetupError
from bot.settings import Settings
from handlers.people import codes as place_codes

NAMED = 10
"""So many names are listed."""

platforms = console.group("The platforms 平台.")


@platforms.command("check")
def check_channels() -> None:
    """Ask every platform that is set up for its cheapest thing, and say what to mend; nothing is changed."""
    from bot import checking  # a platform's library is loaded only where it is used

    settings = console.settings()
    catalog = console.catalog(settings)
    found = asyncio.run(checking.look(settings, catalog))
    for channel, one in found:
        console.say(f"{'✓' if one.well else '✗'} {channel}：{one.says}{one.do}")
    if not found:
        raise SetupError(checking.nothing(catalog))
    if not all(one.well for _, one in found):
        raise typer.Exit(1)


@platforms.command("join")
def join_groups(
    out: SheetFile,
    grid: GridAbove,
    svg: AsDrawings = False,
    pdf: AsOneFile = False,
    again: Annotated[
        bool, typer.Option("--again", help="Ask once more for squares of which no answer came the last time.")
    ] = False,
) -> None:
    """Write the squares by which neighbours join the customer groups 客户群 below a grid; printed again they are the same."""
    from bot import platforms, sheet

    settings = console.settings()
    says = console.says(settings)
    with _platform(settings):
        joins = asyncio.run(platforms.join(settings, grid, again=again))
    if joins.squares:
        sheets = place_codes.rules(console.catalog(settings)).sheet
        pages = sheet.joins(sheets, "", joins.squares)
        drawn = drawn_as(settings, pages, out, svg=svg, pdf=pdf)
        console.say(says.joins_printed.format(file=drawn, squares=len(joins.squares), new=joins.new, pages=len(pages)))
    for form, names in ((says.joins_without, joins.without_group), (says.joins_doubt, joins.in_doubt)):
        if names:
            console.say(form.format(many=len(names), names="、".join(names[:NAMED])))
    for name, error in joins.refused.items():
        console.say(says.joins_refused.format(name=name, error=error))
    if not joins.squares:
        raise SetupError(says.joins_none.format(grid=grid))
    if joins.refused or joins.in_doubt:
        raise typer.Exit(1)


@platforms.command("groups")
def count_groups(
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Count who is in the customer groups 客户群, grid by grid, neighbours and staff apart."""
    from bot import platforms

    settings = console.settings()
    says = console.says(settings)
    with _platform(settings):
        counted = asyncio.run(platforms.count(settings, grid))
    for one in counted.by_grid:
        console.say(says.groups_of.format(code=one.code, name=one.name, groups=one.groups, residents=one.residents,
                                   staff=one.staff, by_square=one.by_square))  # fmt: skip
    sums = (sum(one.groups for one in counted.by_grid), sum(one.residents for one in counted.by_grid))
    console.say(says.groups_all.format(grids=len(counted.by_grid), groups=sums[0], residents=sums[1]))
    for lost in counted.lost:
        console.say(says.groups_lost.format(name=lost.name or lost.chat, owner=lost.owner))


@platforms.command("menu")
def put_menu() -> None:
    """Let the official account's menu be the one in templates/channels/official.toml."""
    from bot import platforms

    settings = console.settings()
    with _platform(settings):
        asyncio.run(platforms.put_menu(settings))
    console.say(console.says(settings).menu_put)


@contextmanager
def _platform(settings: Settings) -> Generator[None]:
    """What a platform refuses is one clear line."""
    from bot.platforms import NotThere

    try:
        yield
    except NotThere:
        raise SetupError(console.says(settings).no_platform) from None
    except SendError as failure:
        raise SetupError(console.says(settings).platform_refuses.format(error=failure.says)) from None

"""Commands for what is printed and what is said in notices: door codes, the kit for paper, doors, reports, tags."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import console
from bot.commands.console import AsDrawings, AsOneFile, GridAbove, SheetFile
from bot.commands.sheets import drawn_as
from bot.errors import SendError, SetupError
from bot.render import door
from bot.settings import Settings
from bot.turn import Scene
from handlers.kit import paper as kits
from handlers.notices import doors as notice_doors
from handlers.notices import terms as notice_terms
from handlers.people import codes as place_codes
from storage import chats, grids, notices, tags
from storage.grids import Grid

codes = console.group("The codes on buildings and doors 一码扫楼.")
paper = console.group("The kit for the day the channels fail 应急兜底包.")
announcements = console.group("Notices 通知.")


@codes.command("print")
def print_codes(
    out: SheetFile,
    grid: GridAbove,
    svg: AsDrawings = False,
    pdf: AsOneFile = False,
    own: Annotated[
        bool, typer.Option("--own", help="Our own squares, also where there is an official account.")
    ] = False,
) -> None:
    """Write the codes of every building, unit and door below a grid; printed again they are the same.

    Where an official account is set up, and no link is, the squares are the account's: scanning one follows it.
    """
    from bot import sheet  # what draws is loaded by the one command that draws

    settings = console.settings()
    says = console.says(settings)
    rules = place_codes.rules(console.catalog(settings))
    with console.database(settings) as database, database.transaction() as session:
        printed = list(place_codes.printed(session, settings, grid, datetime.now(UTC)))
    followed = settings.official is not None and not (own or settings.code_link)
    wanted = {one.place.id: one.text for _, some in printed for one in some} if followed else dict[int, str]()
    squares = _followed(settings, wanted) if wanted else dict[int, str]()
    pages = sheet.pages(rules.sheet, printed, settings.code_link, squares)
    if not pages:
        raise SetupError(says.codes_none.format(grid=grid))
    drawn = drawn_as(settings, pages, out, svg=svg, pdf=pdf)
    many = sum(len(some) for _, some in printed)
    console.say(says.codes_printed.format(file=drawn, codes=many, pages=len(pages)))
    if settings.telegram is not None:
        with console.database(settings) as database, database.reading() as session:
            taken = {chat.grid_id for chat in chats.bound_within(session, grid, "residents")}
        _say_links(settings, [(place, some[0].text) for place, some in printed if some and place.id not in taken])


def _say_links(settings: Settings, wanted: Sequence[tuple[Grid, str]]) -> None:
    """The links by which a leader takes the bot into a Telegram group, which is the grid's by that."""
    from bot.channels import telegram  # a platform's library is loaded only where it is used

    if not wanted:
        return
    says = console.says(settings)
    name = asyncio.run(telegram.name(settings))
    if not name:
        console.say(says.codes_no_name)
        return
    console.say(says.codes_links)
    for place, code in wanted:
        console.say(f"{place.name}: https://t.me/{name}?startgroup={code}")


def _followed(settings: Settings, codes: Mapping[int, str]) -> Mapping[int, str]:
    """The official account's squares of these codes."""
    from bot import platforms  # a platform's library is loaded only where it is used

    try:
        return asyncio.run(platforms.squares(settings, codes))
    except SendError as failure:
        raise SetupError(console.says(settings).codes_no_squares.format(error=failure.says)) from None


@codes.command("revoke")
def revoke_code(code: Annotated[str, typer.Argument(help="As it is printed: 3F7K-9QWX.")]) -> None:
    """Let a code be worth nothing from now on; printed again the place gets a new one."""
    settings = console.settings()
    says = console.says(settings)
    with console.database(settings) as database, database.transaction() as session:
        revoked = place_codes.revoke(session, settings, code, datetime.now(UTC))
    if revoked is None:
        raise SetupError(says.code_unknown.format(code=code))
    place, bound = revoked
    console.say(says.code_revoked.format(code=code.upper(), place=door(place), bound=bound))


@paper.command("print")
def print_kit(
    grid: Annotated[str, typer.Option(help="The code of a community, or of a grid above it.")],
    out: Annotated[Path, typer.Option(help="The folder to write to; only its owner may read what is written.")],
) -> None:
    """Write phone tree, rosters and door lists of each community below a grid, to be printed and kept."""
    from bot import kit  # what draws is loaded by the one command that draws

    settings = console.settings()
    now = datetime.now(UTC)
    with console.database(settings) as database:
        many = kit.print_all(database, settings, grid, out, now, number=kit.number_now(database, now))
    console.say(console.says(settings).kit_printed.format(kits=many, folder=out))


@paper.command("enter")
def enter_kit(file: Annotated[Path, typer.Argument(help="The filled sheets, xlsx or csv.")]) -> None:
    """Enter what was answered on paper; a sheet speaks of a door once, however often it is entered."""
    settings = console.settings()
    says = console.says(settings)
    with console.database(settings) as database:
        entered = kits.enter_file(database, file, console.catalog(settings), datetime.now(UTC))
    console.say(says.kit_entered.format(fresh=len(entered.fresh), same=entered.same))
    if entered.fresh or entered.same:
        numbers = " ".join(map(str, sorted(entered.censuses)))
        console.say(says.kit_census.format(numbers=numbers) if numbers else says.kit_no_census)
    if entered.faults:
        console.listed(says, entered.faults)
        console.say(says.kit_faults.format(faults=len({fault.row for fault in entered.faults})))
        raise typer.Exit(1)


@announcements.command("doors")
def print_doors(
    number: Annotated[int, typer.Argument(help="The notice's number.")],
    out: Annotated[Path, typer.Option(help="Where to: a PDF, or lines of text when the name ends with .txt.")],
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Write the doors from which nobody has acknowledged a notice, in walking order."""
    from bot import doorlist  # what draws is loaded by the one command that draws

    settings = console.settings()
    says, texts, now = (
        console.says(settings),
        notice_terms.terms(console.catalog(settings)).doors,
        datetime.now(settings.zone),
    )
    with console.database(settings) as database, database.reading() as session:
        notice = notices.find(session, number)
        if notice is None or notice.released_at is None:
            raise SetupError(says.notice_unknown.format(number=number))
        top = grids.get(session, notice.grid_id).code
        listed = notice_doors.unread(session, number, grid if grid.startswith(top) else top)
    plain = out.suffix == ".txt"
    made = f"{now:%Y-%m-%d %H:%M}"
    raw = doorlist.text(notice, listed, texts).encode() if plain else doorlist.pdf(notice, listed, texts, made)
    with console.output(out) as stream:
        stream.write(raw)
    console.say(says.notice_doors.format(file=out, doors=sum(len(rows) for _, rows in listed)))


@announcements.command("report")
def report_notice(
    number: Annotated[int, typer.Argument(help="The notice's number.")],
    out: Annotated[Path, typer.Option(help="The workbook to write.")],
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Write how a notice went, minute by minute and per hop, against the marks of its plan; no names, no phones."""
    from handlers.mobilizing import report_book  # loads what reads workbooks, only where one is

    settings = console.settings()
    says, catalog = console.says(settings), console.catalog(settings)
    with console.database(settings) as database, database.reading() as session:
        notice = notices.find(session, number)
        if notice is None or notice.released_at is None:
            raise SetupError(says.notice_unknown.format(number=number))
        part = grids.by_code(session, grid) if grid else None
        if grid and (part is None or not grid.startswith(grids.get(session, notice.grid_id).code)):
            raise SetupError(says.grid_unknown.format(grid=grid, number=number))
        with console.output(out) as stream:
            hops = report_book.write(Scene(session, datetime.now(UTC), catalog, settings), notice, part, stream)
    console.say(says.notice_report.format(file=out, hops=hops))


@announcements.command("tag")
def tag_accounts(
    code: Annotated[str, typer.Argument(help="The tag, as notices.toml names it.")],
    file: Annotated[Path, typer.Argument(help="One account a line, as channel:id.")],
) -> None:
    """Give the accounts in a file a tag, so that notices can be for them; safe to repeat."""
    settings = console.settings()
    says, rows = console.says(settings), notice_terms.terms(console.catalog(settings))
    if not rows.tags([code]):
        raise SetupError(says.tags_unknown.format(code=code, codes="、".join(tag.code for tag in rows.tag)))
    with console.source(file) as source:
        lines = [line.strip() for line in console.lines(source) if ":" in line]
    pairs = [(channel, external) for channel, _, external in (line.partition(":") for line in lines)]
    with console.database(settings) as database, database.transaction() as session:
        many = tags.put(session, pairs, code, datetime.now(UTC))
    console.say(says.tags_put.format(many=many, lines=len(pairs)))

"""Commands for what goes in and out as tables: the organization, matters, what people filed, the three lists."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.commands import console
from bot.commands.console import Workbook
from bot.errors import SetupError
from bot.render import door
from handlers.desk import export
from handlers.forms import lint as form_lint
from handlers.forms import titles as form_titles
from handlers.mobilizing import plans

org = console.group("The organization, in and out as a workbook.")
matters = console.group("The matters.")
forms = console.group("What people filed 报备.")
ledgers = console.group("The three lists 三张清单: needs, resources, services.")


@org.command("check")
def check_org(
    file: Annotated[
        Path | None, typer.Argument(help="A workbook (xlsx); without it, only the forms and plans.")
    ] = None,
) -> None:
    """Name everything that is wrong with forms, plans and a workbook; ends with 1 if something must be mended."""
    from handlers.people import organization  # loads what reads workbooks, only where one is

    settings = console.settings()
    catalog, says = console.catalog(settings), console.says(settings)
    refused = form_lint.listed(catalog)
    if refused:
        console.show(says, settings.templates / "forms", refused)
    else:
        console.say(says.forms_well.format(count=len(form_lint.offered(catalog))))
    faulty = plans.listed(catalog)
    if faulty:
        console.show(says, settings.templates / "plans", faulty)
    else:
        console.say(says.plans_well.format(count=len(plans.offered(catalog))))
    checked = organization.check_file(file, catalog, settings.zone) if file else None
    if checked and file:
        unheld = plans.missing_posts(catalog, checked.plan) if checked.plan else []
        console.show(says, file, [*checked.faults, *unheld])
    if refused or faulty or (checked and checked.plan is None):
        raise typer.Exit(1)


@org.command("import")
def import_org(
    file: Workbook,
    yes: Annotated[bool, typer.Option("--yes", help="Also when a large part of what stands would end.")] = False,
) -> None:
    """Make the organization what the workbook says: all of it or nothing."""
    from handlers.people import organization  # loads what reads workbooks, only where one is

    settings = console.settings()
    says = console.says(settings)
    checked = organization.check_file(file, console.catalog(settings), settings.zone)
    if checked.plan is None:
        console.show(says, file, checked.faults)
        raise typer.Exit(1)
    with console.database(settings) as database, Progress(console=Console(stderr=True), transient=True) as bars:
        tasks = {noun: bars.add_task(name, total=None) for noun, name in says.nouns.items()}

        def show(noun: str, done: int, total: int) -> None:
            bars.update(tasks[noun], completed=done, total=total)

        try:
            result = organization.import_plan(database, checked.plan, datetime.now(UTC), show, sure=yes)
        except organization.EndsTooMuch as large:
            raise SetupError(says.too_much.format(ended=large.ended, standing=large.standing)) from None
    if result.nothing_changed:
        console.say(says.same)
        return
    console.say(says.imported)
    for noun, tally in result.tallies.items():
        name = says.nouns[noun]
        console.say(says.tally.format(noun=name, added=tally.added, changed=tally.changed, ended=tally.ended))


@org.command("export")
def export_org(file: Workbook) -> None:
    """Write the organization as it stands into a workbook that imports without a change."""
    from handlers.people import organization  # loads what reads workbooks, only where one is

    settings = console.settings()
    with console.database(settings) as database:
        organization.export(
            database, console.writable(file), console.catalog(settings), datetime.now(UTC), settings.zone
        )
    console.say(console.says(settings).exported.format(file=file))


@matters.command("export")
def export_matters(
    format: Annotated[export.Format, typer.Option(help="What to write.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="Where to; without it, to the standard output.")] = None,
) -> None:
    """Write one row a matter."""
    settings = console.settings()
    if out is None and format == "xlsx" and sys.stdout.isatty():
        raise SetupError("A workbook is no text for the screen; name a file: --out matters.xlsx")
    with console.database(settings) as database, database.reading() as session, console.output(out) as stream:
        count = export.write(session, stream, format, settings.zone, door)
    if out:
        console.say(console.says(settings).matters.format(file=out, count=count))


@forms.command("export")
def export_forms(
    form: Annotated[str, typer.Argument(help="The form: its title, or the name of its file, as return.")] = "",
    out: Annotated[Path | None, typer.Option(help="The workbook to write.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="The superior's own sheet, whose header is filled.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="What a header means, 现住址=door; remembered for this sheet.")
    ] = None,
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
    full: Annotated[
        str, typer.Option(help="Why phones and the like are needed; journalled. Else they are hidden.")
    ] = "",
) -> None:
    """Write what is kept into the sheet that is wanted."""
    from handlers.forms import sheets  # loads what reads workbooks, only where one is

    settings = console.settings()
    says, catalog = console.says(settings), console.catalog(settings)
    form, offered = form_titles.titled(catalog, form) or form, form_lint.offered(catalog)
    if form not in offered:
        titles = "、".join(f"{one.title}（{code}）" for code, one in offered.items())
        raise SetupError((says.form_unknown if form else says.form_wanted).format(form=form, titles=titles))
    if out is None:
        raise SetupError(says.forms_out_wanted.format(title=offered[form].title))
    now, named = datetime.now(UTC), sheets.parse_columns(catalog, column or ())
    out = sheets.checked_out(catalog, out)
    with console.database(settings) as database, database.transaction() as session, console.output(out) as stream:
        filled = sheets.fill(
            session, catalog, form, now, settings.zone, stream, sheet=sheet, named=named, grid=grid, full=full
        )
    columns = "，".join(f"{header}←{source}" for header, source in filled.columns.items())
    console.say(says.forms_filled.format(file=out, count=filled.rows, columns=columns))
    if filled.unknown:
        console.say(says.forms_unknown.format(columns="、".join(filled.unknown), first=filled.unknown[0]))


@ledgers.command("import")
def import_ledgers(file: Workbook) -> None:
    """Add what is new in the workbook: all of it or nothing; needs wait to be vetted."""
    from handlers.wishes import ledgers as ledger_books  # loads what reads workbooks, only where one is

    settings = console.settings()
    says, catalog = console.says(settings), console.catalog(settings)
    with console.database(settings) as database:
        result = ledger_books.import_file(database, file, catalog, settings, datetime.now(UTC))
    if result.faults:
        console.show(says, file, result.faults)
    if not result.added:
        raise typer.Exit(1)
    if not any(result.added.values()):
        console.say(says.ledgers_same)
        return
    console.say(says.ledgers_imported.format(**result.added))


@ledgers.command("export")
def export_ledgers(
    file: Workbook, grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = ""
) -> None:
    """Write the three lists, without the names of those in need."""
    from handlers.wishes import ledgers as ledger_books  # loads what reads workbooks, only where one is

    settings = console.settings()
    with console.database(settings) as database:
        count = ledger_books.export_file(database, console.writable(file), console.catalog(settings), grid)
    console.say(console.says(settings).ledgers_exported.format(file=file, count=count))

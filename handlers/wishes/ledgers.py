"""三张清单 needs, resources and services: in and out as a workbook, all or nothing, the same row never twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.catalog import Catalog
from bot.settings import Settings
from bot.turn import Scene
from bot.understanding import Reader
from handlers.matters import rules
from handlers.people import workbook
from handlers.people.faults import Fault, Faults, FaultTexts, Where
from handlers.people.layout import Layout
from handlers.people.line import Line, Value
from handlers.wishes import intake, wording
from handlers.wishes.terms import Terms, terms
from storage import grids, numbers, wishes
from storage.database import Database
from storage.grids import Grid
from storage.session import Session

LAYOUT = "ledgers.toml"
Row = dict[str, Value]
STATES = ("vetting", "asked_back", "open", "claimed", "granted", "unmet")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a workbook: nothing where anything must be mended."""

    faults: Sequence[Fault]
    added: Mapping[str, int]
    """New rows by sheet."""


@dataclass(slots=True)
class _Known:
    """What the lines refer to."""

    grids: dict[str, Grid]
    accounts: dict[str, int]
    needs: dict[str, str]
    """Codes by name and code."""


def shape(catalog: Catalog) -> Layout:
    """What a workbook of ledgers may hold."""
    return catalog.read(LAYOUT, Layout)


def import_file(
    database: Database, source: Path | bytes, catalog: Catalog, settings: Settings, now: datetime
) -> Imported:
    """Add what is new in the workbook; where something is wrong, nothing is added and every fault is named."""
    faults = Faults(catalog.read("faults.toml", FaultTexts).text)
    lines = workbook.read(source, catalog, faults, shape(catalog))
    with database.transaction() as session:
        scene = Scene(session, now, catalog, settings)
        known = _known(session, lines, terms(catalog))
        _check(lines, known, faults, shape(catalog))
        if faults.any:
            return Imported(tuple(faults.found), {})
        added = {
            "needs": _add_needs(scene, lines["needs"], known),
            "resources": _add_resources(scene, lines["resources"], known),
            "services": _add_services(scene, lines["services"], known),
        }
    return Imported(tuple(faults.found), added)


def export_file(database: Database, path: Path, catalog: Catalog, code: str = "") -> int:
    """Write the three lists of a subtree, without the names of those in need; how many rows it were."""
    rows, table = terms(catalog), rules.lifecycle(catalog, wishes.KIND)
    with database.reading() as session:
        root = code or (found.code if (found := grids.root(session)) else "")
        codes = {grid.id: grid.code for grid in grids.everything(session)}
        needs: list[Row] = [
            {
                "number": one.number,
                "grid": codes[one.grid_id],
                "text": (kept := wishes.of(session, one.id)).public,
                "public": kept.public,
                "need": rows.named(kept.need),
                "state": table.states[one.state].name,
            }
            for one in wishes.waiting_for(session, STATES, root)
        ]
        resources: list[Row] = [
            {
                "number": one.number,
                "grid": codes[one.grid_id],
                "holder": one.holder,
                "text": one.text,
                "need": rows.named(one.need),
            }
            for one in wishes.resources_within(session, root)
        ]
        services: list[Row] = [
            {
                "grid": codes[one.grid_id],
                "title": one.title,
                "provider": one.provider,
                "for_whom": one.for_whom,
                "times": one.times,
            }
            for one in wishes.services_within(session, root)
        ]
    sheets = {"needs": needs, "resources": resources, "services": services}
    workbook.write(path, catalog, sheets, shape(catalog))
    return len(needs) + len(resources) + len(services)


def _known(session: Session, lines: Mapping[str, Sequence[Line]], rows: Terms) -> _Known:
    every = [line for sheet in lines.values() for line in sheet]
    keys = {line.text("handler") for line in every} - {""}
    found = {grid.code: grid for grid in grids.everything(session)}
    named = {need.name: need.code for need in rows.need} | {need.code: need.code for need in rows.need}
    return _Known(found, wishes.accounts_of_people(session, keys) if keys else {}, named)


def _check(lines: Mapping[str, Sequence[Line]], known: _Known, faults: Faults, shape: Layout) -> None:
    names = {part.code: part.name for part in shape.sheet}
    for sheet, rows in lines.items():
        for line in rows:
            if line.number("number"):
                continue
            if line.text("grid") and line.text("grid") not in known.grids:
                faults.add("ledger/grid", line.at("grid"), value=line.text("grid"))
            if line.text("handler") and line.text("handler") not in known.accounts:
                faults.add("ledger/handler", line.at("handler"), value=line.text("handler"))
            if line.text("need") and line.text("need") not in known.needs:
                faults.add(
                    "ledger/need",
                    line.at("need"),
                    value=line.text("need"),
                    needs="、".join(list(known.needs)[: len(known.needs) // 2]),
                )
            if sheet == "needs":
                _check_need(line, faults, names[sheet])


def _check_need(line: Line, faults: Faults, sheet: str) -> None:
    if not line.text("handler"):
        faults.add("ledger/nobody", Where(sheet, line.row))
    if line.values.get("consent") != "list":
        faults.add("ledger/consent", line.at("consent"))
    if line.text("public") and wording.tells_who(line.text("public"), [line.text("whom")]):
        faults.add("ledger/tells_who", line.at("public"))


def _add_needs(scene: Scene, lines: Sequence[Line], known: _Known) -> int:
    reader, added = Reader(scene.catalog), 0
    there = {(one.account_id, one.text) for one in wishes.waiting_for(scene.session, STATES, _top(known))}
    for line in lines:
        account, words = known.accounts.get(line.text("handler"), 0), line.text("text")
        if line.number("number") or (account, words) in there:
            continue
        matter = intake.file(
            scene,
            account_id=account,
            grid_id=known.grids[line.text("grid")].id,
            words=words,
            place=reader.read(words, private=True).place,
            whom=line.text("whom") or terms(scene.catalog).somebody,
            consent="list",
        )
        changes: dict[str, object] = {"public": line.text("public")} if line.text("public") else {}
        if line.text("need"):
            changes["need"] = known.needs[line.text("need")]
        if changes:
            wishes.change(scene.session, matter.id, changes)
        there.add((account, words))
        added += 1
    return added


def _add_resources(scene: Scene, lines: Sequence[Line], known: _Known) -> int:
    there = {(one.grid_id, one.holder, one.text) for one in wishes.resources_within(scene.session, _top(known))}
    added = 0
    for line in lines:
        grid, holder, words = known.grids.get(line.text("grid")), line.text("holder"), line.text("text")
        if line.number("number") or grid is None or (grid.id, holder, words) in there:
            continue
        need = known.needs[line.text("need")] if line.text("need") else terms(scene.catalog).need_of(words).code
        row = {
            "number": numbers.give(scene.session, "resource"),
            "need": need,
            "text": words,
            "account_id": known.accounts.get(line.text("handler")),
            "holder": holder,
            "grid_id": grid.id,
            "since": scene.now,
        }
        wishes.add_resource(scene.session, row)
        there.add((grid.id, holder, words))
        added += 1
    return added


def _add_services(scene: Scene, lines: Sequence[Line], known: _Known) -> int:
    there = {(one.grid_id, one.title, one.provider) for one in wishes.services_within(scene.session, _top(known))}
    rows: list[dict[str, object]] = []
    for line in lines:
        grid, title, provider = known.grids[line.text("grid")], line.text("title"), line.text("provider")
        if (grid.id, title, provider) in there:
            continue
        words = {name: line.text(name) for name in ("title", "provider", "for_whom", "times")}
        rows.append({**words, "grid_id": grid.id, "at": scene.now})
        there.add((grid.id, title, provider))
    wishes.add_services(scene.session, rows)
    return len(rows)


def _top(known: _Known) -> str:
    return min(known.grids, key=len, default="")

"""Printed sheets as files: a page for a browser, drawings, or one PDF."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import console
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.sheet import Page


def drawn_as(settings: Settings, pages: "Sequence[Page]", out: Path, *, svg: bool, pdf: bool) -> str:
    """The pages in the form that is wanted; the names of the files."""
    from bot import sheet  # what draws is loaded by the commands that draw

    if svg or (not pdf and out.suffix == ".svg"):
        names = [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{at + 1}") for at in range(len(pages))]
        drawn = {name: sheet.svg(page, settings.templates).encode() for name, page in zip(names, pages, strict=True)}
    elif pdf or out.suffix == ".pdf":
        drawn = {out: sheet.pdf(pages)}
    else:
        drawn = {out: sheet.html(pages, settings.templates).encode()}
    for name, raw in drawn.items():
        with console.output(name) as stream:
            stream.write(raw)
    return " ".join(str(name) for name in drawn)

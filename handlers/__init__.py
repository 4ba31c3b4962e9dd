"""What the bot does: one wing per part of the mission, each module's router written out here."""

from bot.router import Router
from handlers.desk import erasing, listening, personal, progress
from handlers.desk import help as desk_help
from handlers.forms import filling, looking, mine, starting
from handlers.matters import afterwards, clocks, closing, handing_on, handling, putting_off, reports
from handlers.people import codes, consent, joining, privacy
from handlers.wishes import claiming, favours, granting, intake, resources, statement, vetting, waiting, wall

ROUTERS: tuple[Router, ...] = (
    joining.router,
    privacy.router,
    consent.router,
    codes.router,
    filling.router,
    starting.router,
    mine.router,
    looking.router,
    reports.router,
    afterwards.router,
    wall.router,
    intake.router,
    vetting.router,
    claiming.router,
    granting.router,
    waiting.router,
    resources.router,
    favours.router,
    statement.router,
    handling.router,
    handing_on.router,
    putting_off.router,
    closing.router,
    clocks.router,
    progress.router,
    desk_help.router,
    personal.router,
    erasing.router,
    listening.router,
)
"""Every router; guards are asked in this order."""

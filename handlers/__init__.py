"""What the bot does: one wing per part of the mission, each module's router written out here."""

from bot.router import Router
from handlers.desk import help as desk_help
from handlers.desk import listening, progress
from handlers.matters import afterwards, clocks, closing, handing_on, handling, putting_off, reports
from handlers.people import joining, privacy

ROUTERS: tuple[Router, ...] = (
    joining.router,
    privacy.router,
    reports.router,
    afterwards.router,
    handling.router,
    handing_on.router,
    putting_off.router,
    closing.router,
    clocks.router,
    progress.router,
    desk_help.router,
    listening.router,
)
"""Every router; guards are asked in this order."""

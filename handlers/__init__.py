"""What the bot does: one wing per part of the mission, each module's router written out here."""

from bot.router import Router
from handlers.census import asking as census
from handlers.census import entering as census_entering
from handlers.census import marks as census_marks
from handlers.census import taking as census_taking
from handlers.desk import erasing, listening, nearly, numbered, own_info, personal, progress
from handlers.desk import help as desk_help
from handlers.forms import declining, filling, keeping, looking, mine, putting_right, starting
from handlers.forms import waiting as forms_waiting
from handlers.kit import fetching
from handlers.kit import paper as kit
from handlers.matters import afterwards, alarm, clocks, closing, handing_on, handling, once, putting_off, reports
from handlers.mobilizing import after_action, answering, board, free_words, marks, surge, unsaying
from handlers.mobilizing import ordering as mobilizing
from handlers.modes import spoken as modes_spoken
from handlers.modes import standing, switching
from handlers.notices import (
    acks,
    approving,
    composing,
    correcting,
    hindered,
    leaving,
    release,
    repeating,
    spoken,
    verifying,
    way_down,
    wondering,
)
from handlers.people import codes, consent, joining, privacy
from handlers.slots import asking as slot_asking
from handlers.slots import calling as slot_calling
from handlers.slots import opening as slots
from handlers.wishes import (
    affairs,
    amending,
    asking,
    behalf,
    claiming,
    doing,
    favours,
    granting,
    hearing,
    intake,
    lending,
    neighbourly,
    questions,
    replying,
    resources,
    saying,
    sharing,
    statement,
    taking_down,
    taking_on,
    vetting,
    waiting,
    wall,
)

ROUTERS: tuple[Router, ...] = (
    alarm.router,
    once.router,
    joining.router,
    privacy.router,
    surge.router,
    answering.router,
    nearly.router,
    unsaying.router,
    free_words.router,
    hindered.router,
    spoken.router,
    wondering.router,
    modes_spoken.router,
    fetching.router,
    consent.router,
    codes.router,
    declining.router,
    taking_down.router,
    replying.router,
    asking.router,
    behalf.router,
    taking_on.router,
    questions.router,
    lending.router,
    hearing.router,
    amending.router,
    affairs.router,
    saying.router,
    forms_waiting.router,
    filling.router,
    keeping.router,
    starting.router,
    mine.router,
    putting_right.router,
    looking.router,
    census_taking.router,
    reports.router,
    neighbourly.router,
    afterwards.router,
    wall.router,
    intake.router,
    vetting.router,
    claiming.router,
    doing.router,
    sharing.router,
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
    numbered.router,
    composing.router,
    approving.router,
    leaving.router,
    repeating.router,
    acks.router,
    way_down.router,
    correcting.router,
    verifying.router,
    release.router,
    census.router,
    census_entering.router,
    census_marks.router,
    mobilizing.router,
    marks.router,
    board.router,
    after_action.router,
    switching.router,
    standing.router,
    kit.router,
    slots.router,
    slot_calling.router,
    slot_asking.router,
    progress.router,
    desk_help.router,
    own_info.router,
    personal.router,
    erasing.router,
    listening.router,
)
"""Every router; guards are asked in this order."""

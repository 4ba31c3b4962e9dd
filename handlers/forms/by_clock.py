"""What a clock may say by itself: to whom, when it is day, and whether a word may answer it."""

from datetime import datetime, timedelta

from bot.message import Address, Ask
from bot.turn import Scene
from handlers.forms.drafts import EVENING
from storage import asked
from storage.people import Account

MORNING = 8
A_WEEK = timedelta(days=6)
"""How long a clock's question may be answered by a word."""


def may_ask(scene: Scene, to: Address) -> Ask | None:
    """A digit or a word may answer a clock's question, unless something else waits for an answer there."""
    key = asked.key_of(to.line, to.target)
    if asked.waiting(scene.session, [key], scene.now):
        return None
    return Ask(lasts_s=int(A_WEEK.total_seconds()))


def is_day(scene: Scene, moment: datetime) -> bool:
    """Whether a clock may ring then: nobody is woken for a form."""
    return MORNING <= moment.astimezone(scene.settings.zone).hour < EVENING + 1


def by_day(scene: Scene, moment: datetime) -> datetime:
    """The moment, or the next morning where it is at night."""
    if is_day(scene, moment):
        return moment
    local = moment.astimezone(scene.settings.zone)
    day = local if local.hour < MORNING else local + timedelta(days=1)
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def address(account: Account) -> Address:
    """Where the account is told something in private."""
    return Address(account.channel, account.external, private=True)

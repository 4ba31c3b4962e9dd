"""Passes: links that open one page for some hours, and cannot be made by anybody but this deployment."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from bot.settings import Settings
from storage.codes import SECRET, kept_secret
from storage.session import Session

NAME = "pages"
"""What the secret is kept under that the deployment makes for itself."""
FORM = re.compile(r"([0-9a-z]{1,12})-([0-9]{1,12})-([0-9a-f]{32})")
MARK_BYTES = 16


def secret_of(session: Session, settings: Settings) -> str:
    """What passes are signed with, made now where there is none."""
    return settings.secret_key or kept_secret(session, NAME, secrets.token_hex(32))


def secret_there(session: Session, settings: Settings) -> str | None:
    """The same for whoever only reads; None where no pass was ever given."""
    return settings.secret_key or session.maybe(str, SECRET, {"name": NAME})


def signed(page: str, part: str, now: datetime, lasts: timedelta, secret: str) -> str:
    """A pass to this part (digits or small letters) of a page."""
    until = int((now + lasts).timestamp())
    return f"{part}-{until}-{_mark(page, part, until, secret)}"


def opens(page: str, text: str, now: datetime, secret: str) -> str | None:
    """The part of the page that this pass opens now; None when it is forged, of another page or too old."""
    found = FORM.fullmatch(text)
    if found is None:
        return None
    part, until = found[1], int(found[2])
    if not hmac.compare_digest(_mark(page, part, until, secret), found[3]):
        return None
    return part if now.timestamp() < until else None


def _mark(page: str, part: str, until: int, secret: str) -> str:
    return hmac.digest(secret.encode(), f"pass {page} {part} {until}".encode(), hashlib.sha256)[:MARK_BYTES].hex()

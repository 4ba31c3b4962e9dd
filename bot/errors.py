"""Every failure that somebody acts on; all else is a bug."""


class UserMistake(Exception):
    """Answered kindly with a template that says what to do; the message's effects are rolled back."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


class BadRequest(Exception):
    """A call that is not what the channel's contract says: answered with 4xx and one sentence."""

    def __init__(self, says: str, status: int = 400) -> None:
        super().__init__(says)
        self.says = says
        self.status = status


class SendError(Exception):
    """A delivery that failed; the sender alone decides what becomes of it."""

    def __init__(
        self,
        says: str,
        *,
        gone: bool = False,
        final: bool = False,
        retry_after_s: float | None = None,
        everyone: bool = False,
        later: bool = False,
    ) -> None:
        super().__init__(says)
        self.says = says
        self.later = later
        """It can only be said once its reader has spoken again: it waits for that."""
        self.gone = gone
        """The target no longer exists for us (blocked, kicked, migrated)."""
        self.final = final
        """This message will never be accepted (too long, forbidden)."""
        self.retry_after_s = retry_after_s
        """The platform's own word on when to try again."""
        self.everyone = everyone
        """The whole channel must wait (its own limit, no network, no token): no message is to blame."""


class CatalogError(Exception):
    """A file under templates/ says something that cannot be: names the file, the place and the mend."""


class SetupError(Exception):
    """The program cannot start as it is configured; the message says what to do."""

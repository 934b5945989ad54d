"""What opskit cannot do, told as one sentence and the command that mends it.

Raised anywhere, caught at one door (`opskit.cli.door`), which turns it into text or JSON and an exit code.
"""

from opskit.core.place import Place

CLEAN, FOUND, FAILED, REFUSED = 0, 1, 2, 3


class OpskitError(Exception):
    """Usage, configuration or opskit's own failure. `code` is a diagnostic code, `help` an action."""

    exit_code = FAILED

    def __init__(self, message: str, *, help: str = "", code: str = "OPS-X001", place: Place | None = None) -> None:
        super().__init__(message)
        self.message, self.help, self.code, self.place = message, help, code, place


class NotReady(OpskitError):
    """The command worked, and what it asked for did not come to be (a service not ready, a fix that failed)."""

    exit_code = FOUND


class LiveError(OpskitError):
    """A live service (database, Stripe, a platform) refused or cannot be reached."""

    exit_code = REFUSED

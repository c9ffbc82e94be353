"""What licscan says when it cannot go on: one root, caught once, in `licscan.cli`.

Trouble with one model is not an exception but a `Gap` in its assessment. What is raised here ends the command, or is
turned into a gap by the caller who knows which model it concerns.
"""


class LicscanError(Exception):
    """Something that the user can mend: what happened, where, and what to do.

    Args:
        what: What happened, as one clause without a full stop.
        where: File, line, reference or URL that it concerns.
        remedy: What the user can do about it, as an imperative clause.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.remedy})" if self.remedy else head


class UsageError(LicscanError):
    """A target, reference or option that means nothing."""


class RuleError(LicscanError):
    """A rule file that is wrong: `where` holds file, line and key."""


class StoreError(LicscanError):
    """The database cannot be opened, read or written."""


class OutdatedError(StoreError):
    """What another release of licscan kept, in other words than this one's."""


class UnreadableError(LicscanError):
    """A file that is missing, forbidden, broken, or beyond the bounds of what is read. Callers make a gap of it."""

    # The id of that gap; the ids themselves stand in `licscan.model`, which knows this module.
    gap = "file-unreadable"


class HeaderError(UnreadableError):
    """The header of a weight file that is not sound, or of a format that has no reader."""

    gap = "header-not-read"


class OfflineError(UnreadableError):
    """What only a network could tell, and none may be asked."""

    gap = "not-looked-at"


class NotFoundError(UnreadableError):
    """A repository, revision or file that is not there, or that may not be known to be there."""

    gap = "not-found"


class DeniedError(UnreadableError):
    """What is there and may not be seen: gated, private, disabled, or the token is refused."""

    gap = "access-denied"


class UnreachableError(UnreadableError):
    """A server that does not answer, or not in time, or asks to come back too late."""

    gap = "unreachable"


class InvalidAnswerError(UnreadableError):
    """A server whose answers are not what they claim to be, however often it is asked."""

    gap = "invalid-answer"

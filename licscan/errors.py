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


class UnreadableError(LicscanError):
    """A file that is missing, forbidden, broken, or beyond the bounds of what is read. Callers make a gap of it."""

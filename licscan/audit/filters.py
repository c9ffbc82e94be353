"""What an audit is narrowed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from licscan.model import Finding, Level, ModelRef


@dataclass(frozen=True, slots=True)
class Filters:
    """What an audit is narrowed to; what is empty narrows nothing.

    Attributes:
        models: Patterns of names, with or without their scheme.
        levels: Levels.
        findings: Rules that object to it, whether or not somebody lets that pass.
    """

    models: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What is left out, in words."""
        said = (("called", self.models), ("whose level is", self.levels), ("with a finding of", self.findings))
        return tuple(f"only models {what} {' or '.join(some)}" for what, some in said if some)

    def keep(self, ref: ModelRef, level: Level, found: Iterable[Finding]) -> bool:
        """Whether a model is in the audit: by its name, its level, and what is objected to in it."""
        full = str(ref.at(None)).casefold()
        names = (full, full.partition(":")[2])
        return (
            (not self.models or any(fnmatchcase(one, pattern.casefold()) for one in names for pattern in self.models))
            and (not self.levels or level.value in self.levels)
            and (not self.findings or any(one.rule in self.findings for one in found))
        )

"""Are these the bytes that were published? Pure: from promises and what was measured to a verdict.

What describes models is imported where a conflict is made of a verdict, and nowhere else (see `licscan.digests`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from licscan.digests import FORGEABLE, FileStatus, Measured, Promise, parted

if TYPE_CHECKING:
    from licscan.model import Conflict

# What cannot be what was published, whatever else is so.
FAILING = frozenset({FileStatus.MISMATCH, FileStatus.TRUNCATED})
NOT_HASHED = "its bytes were not compared yet"


class Verdict(NamedTuple):
    """What is so of one file.

    Attributes:
        path: Relative to the model's root.
        status: The verdict.
        why: The reason, as a clause; empty where the file is verified.
        measured: What the verdict rests on.
        promises: Everything that was promised of it.
    """

    path: str
    status: FileStatus
    why: str
    measured: Measured
    promises: tuple[Promise, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Who promised anything of it, each once."""
        return tuple(dict.fromkeys(promise.source for promise in self.promises))


class Checked(NamedTuple):
    """A copy of a model on this disk, with the verdict on each of its files.

    Attributes:
        name: What to call it.
        root: The folder that paths are relative to.
        ref: The model that it is one of, at its revision, as a reference; empty where nothing says it.
        verdicts: By path.
        troubles: What could not be looked into.
        notes: What a reader must know besides.
    """

    name: str
    root: str
    ref: str
    verdicts: tuple[Verdict, ...]
    troubles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare(path: str, promises: Sequence[Promise], measured: Measured, *, listed: bool = False) -> Verdict:
    """The verdict on one file.

    Args:
        path: Relative to the model's root.
        promises: What is promised of it.
        measured: What is so of it.
        listed: Whether something lists all files of the model, so that a file without a promise is one too many.
    """
    status, why = _compare(promises, measured, listed=listed)
    return Verdict(path, status, why, measured, tuple(promises))


def _compare(promises: Sequence[Promise], measured: Measured, *, listed: bool) -> tuple[FileStatus, str]:
    if measured.gone:
        return FileStatus.MISSING, measured.trouble or f"named by {_named(promises)}, and not there"
    if quarrel := disagreement(promises):
        return FileStatus.MISMATCH, quarrel
    if measured.changed:
        return FileStatus.CHANGED, measured.trouble or "somebody wrote to it while it was read"
    return _size(promises, measured) or _bytes(promises, measured, listed=listed)


def _bytes(promises: Sequence[Promise], measured: Measured, *, listed: bool) -> tuple[FileStatus, str]:
    """The verdict where only the digests can tell."""
    digests = [promise for promise in promises if promise.digest]
    wrong = [promise for promise in digests if _agrees(promise, measured) is False]
    if wrong:
        algorithms = ", ".join(dict.fromkeys(parted(promise.digest or "")[0] for promise in wrong))
        return FileStatus.MISMATCH, f"its {algorithms} is not the one promised by {_named(wrong)}"
    if measured.trouble:
        return FileStatus.UNVERIFIED, measured.trouble
    right = [promise for promise in digests if _agrees(promise, measured)]
    # All of them: one that was not compared may be the one that is not kept.
    if right == digests and any(parted(promise.digest or "")[0] not in FORGEABLE for promise in right):
        return FileStatus.VERIFIED, ""
    return FileStatus.EXTRA if listed and not promises else FileStatus.UNVERIFIED, _unproven(
        promises, right, listed=listed
    )


def _unproven(promises: Sequence[Promise], right: Sequence[Promise], *, listed: bool) -> str:
    """Why a file that nothing speaks against is not verified."""
    if len(right) < sum(promise.digest is not None for promise in promises):
        return NOT_HASHED
    if right:
        weak = " and ".join(dict.fromkeys(parted(promise.digest or "")[0] for promise in right))
        return f"its {weak} agrees with {_named(right)}, and can be forged; nothing else is promised"
    if any(promise.size is not None for promise in promises):
        return f"only its size is promised, by {_named(promises)}; that agrees"
    if promises:
        return f"{_named(promises)} names it, and says nothing of its bytes"
    return "not among the files that were published" if listed else "nothing is promised of it"


def _size(promises: Sequence[Promise], measured: Measured) -> tuple[FileStatus, str] | None:
    """The verdict where the size alone tells; nobody needs to read the file then."""
    for promise in promises:
        if promise.size is None or measured.size is None or promise.size == measured.size:
            continue
        words = f"{measured.size:,} bytes, and {promise.source} promises {promise.size:,}"
        return FileStatus.MISMATCH if measured.size > promise.size else FileStatus.TRUNCATED, words
    return None


def needs_reading(promises: Sequence[Promise], measured: Measured) -> bool:
    """Whether the digests of a file can change the verdict on it."""
    if measured.gone or measured.trouble or disagreement(promises) or _size(promises, measured):
        return False
    return any(promise.digest for promise in promises)


def disagreement(promises: Sequence[Promise]) -> str:
    """Two promises of which at most one can be kept, in words; empty where they agree."""
    digests: dict[str, Promise] = {}
    sized: Promise | None = None
    for promise in promises if len(promises) > 1 else ():
        if promise.digest:
            algorithm = parted(promise.digest)[0]
            first = digests.setdefault(algorithm, promise)
            if first.digest != promise.digest:
                return f"{first.source} and {promise.source} promise different {algorithm} digests"
        if promise.size is not None:
            sized = sized or promise
            if sized.size != promise.size:
                return f"{sized.source} and {promise.source} promise different sizes"
    return ""


def conflicts(verdicts: Iterable[Verdict], source: str = "verify") -> tuple["Conflict", ...]:
    """Every file that is not what was published, as statements that exclude each other; what is promised stands first.

    Args:
        verdicts: Those on the files of one model.
        source: Who looked at the files.
    """
    from licscan.model import Conflict, Evidence, Statement  # noqa: PLC0415 - pydantic, see above

    found = []
    for verdict in verdicts:
        if verdict.status not in FAILING:
            continue
        promised = [
            Statement(says=f"{verdict.path}: {_says(one)}", evidence=Evidence(source=one.source, path=verdict.path))
            for one in verdict.promises
            if one.digest or one.size is not None
        ]
        here = Evidence(source=source, path=verdict.path, sha256=verdict.measured.digests.get("sha256"))
        is_so = Statement(says=f"{verdict.path}: {_is(verdict)}", evidence=here)
        found.append(Conflict(id="checksum", subject="weights", statements=(*promised, is_so)))
    return tuple(found)


def counted(verdicts: Iterable[Verdict]) -> dict[FileStatus, int]:
    """How many files have each status; those that none has are left out."""
    numbers = dict.fromkeys(FileStatus, 0)
    for verdict in verdicts:
        numbers[verdict.status] += 1
    return {status: number for status, number in numbers.items() if number}


def _agrees(promise: Promise, measured: Measured) -> bool | None:
    """Whether a promised digest is the file's; None where that one was not made."""
    algorithm, value = parted(promise.digest or "")
    known = measured.digests.get(algorithm)
    return None if known is None else known == value


def _named(promises: Iterable[Promise]) -> str:
    return " and ".join(dict.fromkeys(promise.source for promise in promises)) or "nobody"


def _says(promise: Promise) -> str:
    size = f"{promise.size:,} bytes" if promise.size is not None else ""
    return ", ".join(filter(None, (promise.digest or "", size)))


def _is(verdict: Verdict) -> str:
    measured: Mapping[str, str] = verdict.measured.digests
    wanted = {parted(promise.digest)[0] for promise in verdict.promises if promise.digest}
    digests = [f"{name}:{value}" for name, value in measured.items() if name in wanted]
    size = f"{verdict.measured.size:,} bytes" if verdict.measured.size is not None else ""
    return ", ".join(filter(None, (*digests, size))) or verdict.why

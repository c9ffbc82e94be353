"""The verdicts on a model's files as facts of the model: statuses, digests, and what its files say against promises."""

import threading
from pathlib import Path

from licscan.digests import FileStatus
from licscan.errors import LicscanError
from licscan.formats import weight_format
from licscan.integrity import FAILING, Verdict, conflicts
from licscan.model import Model, WeightFile
from licscan.verify import Copy, HashCache, Wanted, check, find


class Verifier:
    """Compares the files of models with what is promised of them.

    Args:
        read: Read what is not known from an earlier run; without it, only sizes and what is remembered are compared.
    """

    def __init__(self, *, read: bool) -> None:
        self._wanted = Wanted(read=read)
        self._lock = threading.Lock()
        self._cache: HashCache | None = None

    def apply(self, model: Model) -> Model:
        """A model with the verdicts on its files; one whose bytes do not lie on this disk as it is."""
        if model.ref.scheme != "file":
            return model
        plain = _without_verdicts(model)
        copy = _copy(Path(model.ref.name))
        if copy is None:
            return plain
        (checked,), _ = check([copy], self._opened(), self._wanted)
        mine = list(_own(plain, checked.verdicts))
        verdicts = {verdict.path: verdict for verdict in mine}
        files = [_with_verdict(file, verdicts.get(file.path)) for file in plain.files]
        files += [lost for verdict in mine if (lost := _missing(verdict))]
        return plain.model_copy(update={"files": tuple(files), "conflicts": conflicts(mine)})

    def close(self) -> None:
        """Keep what was hashed."""
        if self._cache:
            self._cache.close()

    def _opened(self) -> HashCache:
        with self._lock:
            if self._cache is None:
                self._cache = HashCache()
            return self._cache


def _copy(place: Path) -> Copy | None:
    """The files of a model in a folder, or the one file that it is; None where they cannot be looked at."""
    try:
        root = place.resolve() if place.is_dir() else place.absolute().parent.resolve()
        return next((one for one in find(str(place)) if Path(one.root).resolve() == root), None)
    except (LicscanError, OSError, RuntimeError):
        return None  # the source says that in its own words


def _without_verdicts(model: Model) -> Model:
    """Facts that were kept, without the verdicts of that time."""
    if not model.conflicts and all(file.status is FileStatus.UNVERIFIED and not file.promised for file in model.files):
        return model
    there = (file for file in model.files if file.status is not FileStatus.MISSING)
    plain = {"status": FileStatus.UNVERIFIED, "promised": None, "sha256": None}
    return model.model_copy(update={"files": tuple(file.model_copy(update=plain) for file in there), "conflicts": ()})


def _own(model: Model, verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """The verdicts on files of the model itself: models in folders below it are models of their own."""
    own = {file.path for file in model.files}
    others = {_folder(one.path) for one in verdicts if one.path not in own and _is_there(one) and _format(one.path)}
    return [one for one in verdicts if one.path in own or _folder(one.path) not in others]


def _is_there(verdict: Verdict) -> bool:
    return verdict.status is not FileStatus.MISSING


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _format(path: str) -> str | None:
    known = weight_format(path.rpartition("/")[2])
    return known or None


def _with_verdict(file: WeightFile, verdict: Verdict | None) -> WeightFile:
    if verdict is None:
        return file
    measured = verdict.measured
    # A status that only says that nobody read it is no news; a digest that was made is. The source's own digest of a
    # small file stays where none was made here: models are known by it.
    sha256 = measured.digests.get("sha256") or file.sha256
    return file.model_copy(update={"status": verdict.status, "promised": _promised(verdict), "sha256": sha256})


def _promised(verdict: Verdict) -> str | None:
    """The digest that is promised of a file: SHA-256 where somebody gives that."""
    found = [promise.digest for promise in verdict.promises if promise.digest]
    return next((digest for digest in found if digest.startswith("sha256:")), next(iter(found), None))


def _missing(verdict: Verdict) -> WeightFile | None:
    """A weight file that is promised and not there."""
    known = _format(verdict.path)
    if known is None or _is_there(verdict) or verdict.status in FAILING:
        return None
    size = next((promise.size for promise in verdict.promises if promise.size), 0)
    return WeightFile(
        path=verdict.path, format=known, size=size, promised=_promised(verdict), status=FileStatus.MISSING
    )

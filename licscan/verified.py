"""The verdicts on a model's files as facts of the model: statuses, digests, and what its files say against promises."""

import threading
from pathlib import Path

from licscan.digests import FileStatus
from licscan.errors import LicscanError
from licscan.formats import weight_format
from licscan.integrity import FAILING, Verdict, conflicts
from licscan.model import Model, WeightFile
from licscan.sources import OnDisk
from licscan.verify import Copy, HashCache, Wanted, check, find, look
from licscan.verify.hashing import BUFFER, Stamp, hash_file, stamp


class Verifier:
    """Compares the files of models with what is promised of them, and makes digests, each file's once.

    Args:
        read: Read what is not known from an earlier run; without it, only sizes and what is remembered are compared.
    """

    def __init__(self, *, read: bool) -> None:
        self._wanted = Wanted(read=read)
        self._lock = threading.Lock()
        self._cache: HashCache | None = None
        # What was written a moment ago is not remembered beyond this run, and need not be read twice within it.
        self._made: dict[Stamp, str] = {}

    def apply(self, model: Model, disk: OnDisk) -> Model:
        """A model with the verdicts on its files.

        Args:
            model: Its facts.
            disk: Where its bytes lie.
        """
        plain = _without_verdicts(model, disk)
        copy = _copy(disk)
        if copy is None:
            return plain
        (checked,), _ = check([copy], self._opened(), self._wanted)
        mine = list(_own(plain, checked.verdicts))
        verdicts = {verdict.path: verdict for verdict in mine}
        files = [_with_verdict(file, verdicts.get(file.path)) for file in plain.files]
        listed = {file.path for file in files}
        files += [lost for verdict in mine if verdict.path not in listed and (lost := _missing(verdict))]
        return plain.model_copy(update={"files": tuple(files), "conflicts": conflicts(mine)})

    def sha256(self, path: Path, *, read: bool) -> str | None:
        """The SHA-256 of a file, in hex; None where it cannot be read, or, without `read`, where it is not known."""
        try:
            now = stamp(path.stat())
        except (OSError, ValueError):
            return None
        cache = self._opened()
        known = self._made.get(now) or cache.recall([now]).get(now, {}).get("sha256")
        if known or not read:
            return known
        hashed = hash_file(str(path), ("sha256",), bytearray(BUFFER), lambda _: None)
        found = hashed.measured.digests.get("sha256")
        if found and hashed.stamp:
            self._made[hashed.stamp] = found
            cache.keep(hashed.stamp, hashed.begun, hashed.measured.digests)
        return found

    def close(self) -> None:
        """Keep what was hashed."""
        if self._cache:
            self._cache.close()

    def _opened(self) -> HashCache:
        with self._lock:
            if self._cache is None:
                self._cache = HashCache()
            return self._cache


def _copy(disk: OnDisk) -> Copy | None:
    """The files of a model, in a folder or wherever its store has them; None where they cannot be looked at."""
    folder = disk.place if disk.place.is_dir() else disk.place.parent
    if all(where == folder / path for path, where in disk.files.items()):
        copy = _found(disk.place)
    else:
        copy = Copy(disk.place.name, str(folder))
    if copy is None:
        return None
    for path, where in disk.files.items():
        if path not in copy.files:
            copy.files[path] = look(str(where), path)
    # What the store's records say, but where the same was found already.
    said = {(one.path, one.digest) for one in copy.promises}
    copy.add(one for one in disk.promises if (one.path, one.digest) not in said)
    return copy


def _found(place: Path) -> Copy | None:
    """The files of a model in a folder, or the one file that it is, with what lies beside them and speaks of them."""
    try:
        root = place.resolve() if place.is_dir() else place.absolute().parent.resolve()
        return next((one for one in find(str(place)) if Path(one.root).resolve() == root), None)
    except (LicscanError, OSError, RuntimeError):
        return None  # the source says that in its own words


def _without_verdicts(model: Model, disk: OnDisk) -> Model:
    """Facts that were kept, without the verdicts of that time."""
    if not model.conflicts and all(file.status is FileStatus.UNVERIFIED and not file.promised for file in model.files):
        return model
    folder = disk.place if disk.place.is_dir() else disk.place.parent
    # What was missing then; a pointer in the place of a file is there.
    lost = {file.path for file in model.files if file.status is FileStatus.MISSING and file.path not in disk.files}
    there = (file for file in model.files if file.path not in lost or (folder / file.path).exists())
    plain = {"status": FileStatus.UNVERIFIED, "promised": None}
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

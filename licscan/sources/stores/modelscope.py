"""The cache of ModelScope's client. Its books `.msc` and `.mdl` are pickles: their texts are listed, nothing is loaded.

https://github.com/modelscope/modelscope, `hub/utils/caching.py`. Folders replace points by three underscores. Since it
stands on the package modelscope_hub, it keeps `<owner>--<name>/snapshots/<revision>/` without such books.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, open_regular, read_file
from licscan.formats.pickle_imports import list_pickle
from licscan.formats.tree import Folder, walk
from licscan.formats.window import Window
from licscan.model import Evidence, Gap, GapId, ModelRef
from licscan.sources.stores.interface import Held, Machine, Store, folders, named, walk_files

_BOOKS = (".msc", ".mdl", ".mv")
_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_FOLDER = re.compile(r"([\w.-]+?)--([\w.-]+)")
_REVISION = re.compile(r"Revision:([\w./-]{1,100})")
_LIMIT = 4 << 20


class ModelScope(Store):
    """The models that ModelScope's client downloaded."""

    name = "modelscope"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The variable that it reads, and its place in the cache folder."""
        yield from machine.named("MODELSCOPE_CACHE")
        yield machine.cache / "modelscope"

    def is_root(self, folder: Folder) -> bool:
        """By its name."""
        return folder.path.name == "modelscope" or folder.path.parts[-2:] == ("modelscope", "hub")

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every folder with books of the client; what it is still fetching is a gap."""
        for folder in walk(root, lambda *_: None):
            if folder.path.name == "._____temp" or "._____temp" in folder.path.parts:
                continue
            if set(_BOOKS) & set(folder.files) or (_snapshot(folder.path) and (folder.files or folder.folders)):
                yield folder.path

    def hold(self, path: Path) -> Held | None:
        """A folder with books: the name is theirs, else that of the folders."""
        if not path.is_dir():
            return None
        if snapshot := _snapshot(path):
            return self._of_snapshot(path, *snapshot)
        if not any((path / book).is_file() for book in _BOOKS):
            return None
        files = {name: place for name, place in walk_files(path).items() if name not in _BOOKS}
        held = Held(f"{path.parent.name}/{path.name}".replace("___", "."), files)
        quote = f"{path.parent.name}/{path.name}"
        if stated := _stated(path / ".mdl", held):
            held.name, quote = stated, f".mdl: {stated}"
        held.revision = _revision(path / ".mv", held)
        self._identify(held, Evidence(source=self.name, path=".mdl", quote=quote))
        return held

    def _of_snapshot(self, path: Path, kind: str, name: str) -> Held:
        held = Held(name, walk_files(path), revision=path.name, is_data=True if kind == "datasets" else None)
        self._identify(held, Evidence(source=self.name, path=".", quote="/".join(path.parts[-4:])))
        return held

    def _identify(self, held: Held, evidence: Evidence) -> None:
        held.copy_of(named(self.name, held.name, held.revision) if held.is_data is None else None, evidence)
        if held.revision in {None, "master"}:
            why = f"the client wrote down {held.revision or 'none'}"
            held.gaps.append(Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="at which revision this holds", why=why))

    def locate(self, ref: ModelRef, machine: Machine) -> Path | None:
        """The folder of `modelscope:owner/name`, by both of its spellings."""
        if ref.scheme != self.name or not _NAME.fullmatch(ref.name) or ".." in ref.name:
            return None
        owner, _, name = ref.name.partition("/")
        for root in self.roots(machine):
            for below in ("hub/models", "hub", "models", ""):
                places = [root / below / owner / spelling for spelling in (name.replace(".", "___"), name)]
                snapshots = root / below / f"{owner}--{name}" / "snapshots"
                for path in (*places, *folders(snapshots)):
                    if path.is_dir() and (path in places or ref.revision in {None, path.name}):
                        return path
        return None


def _snapshot(path: Path) -> tuple[str, str] | None:
    """What a folder of the newer kind holds, models or datasets, and of which name; None for other folders."""
    kind, repository, snapshots = (*path.parts[-4:-1], "", "", "")[:3]
    found = _FOLDER.fullmatch(repository)
    is_one = kind in {"models", "datasets"} and snapshots == "snapshots" and found is not None
    return (kind, f"{found[1]}/{found[2]}") if is_one and found else None


def _stated(path: Path, held: Held) -> str | None:
    """The name in the pickle of a model's book: one of its texts has the form of one."""
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            found = list_pickle(Window(stream, min(size, _LIMIT)))
    except UnreadableError:
        return None
    except (ValueError, OSError) as error:
        held.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="the name that its book states", why=f".mdl: {error}"))
        return None
    if found.imports:
        held.notes.append(f".mdl would run {', '.join(found.imports[:3])} when it is loaded; it was not")
    return next((text for text in found.texts if _NAME.fullmatch(text)), None)


def _revision(path: Path, held: Held) -> str | None:
    try:
        data = read_file(path, 4096).data
    except UnreadableError:
        return None
    held.besides += data
    found = _REVISION.match(decode(data).strip())
    return found[1] if found else None

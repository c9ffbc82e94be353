"""The folders of LM Studio: `models/<publisher>/<model>/`, called as on the Hub that they come from.

https://lmstudio.ai/docs and https://modelyaml.org: a `model.yaml` is a name of LM Studio's own over models of the Hub.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats import weight_format
from licscan.formats.bounded import decode, read_file
from licscan.formats.tree import Folder
from licscan.model import DeclaredBase, Evidence, Gap, GapId, Relation
from licscan.sources.stores.interface import Held, Machine, Store, folders, named, walk_files
from licscan.sources.stores.records import mappings, read_json, read_yaml, text_of

_HOMES = (".lmstudio", "lm-studio")
_POINTER = ".lmstudio-home-pointer"


class LMStudio(Store):
    """The models that LM Studio downloaded."""

    name = "lm-studio"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """Its own home, wherever the pointer to it leads, the older place, and the folder that its settings name."""
        yield from _chosen(machine)
        for home in _homes(machine):
            yield home / "models"
            yield home / "hub" / "models"

    def is_root(self, folder: Folder) -> bool:
        """By its name: nothing else tells it from any two folders."""
        return folder.path.name == "models" and _is_home(folder.path)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every folder of a publisher's model that holds weights, or a name over some."""
        for publisher in folders(root):
            for model in folders(publisher):
                names = walk_files(model)
                if any(weight_format(name.rpartition("/")[2]) for name in names) or "model.yaml" in names:
                    yield model

    def hold(self, path: Path) -> Held | None:
        """The folder of a model; the Hub has it by the same name, at a revision that nobody wrote down."""
        root = path.parent.parent
        if not path.is_dir() or not _holds_models(root):
            return None
        name = f"{path.parent.name}/{path.name}"
        held = Held(name, walk_files(path))
        if "model.yaml" in held.files:
            _virtual(held)
            return held
        held.copy_of(named("hf", name), Evidence(source=self.name, path=".", quote=f"{root.name}/{name}"))
        why = f"LM Studio keeps {name} by its name on the Hub, and no revision"
        held.gaps.append(Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="at which commit this was downloaded", why=why))
        return held


def _homes(machine: Machine) -> list[Path]:
    """Where LM Studio keeps what is its own: first where its pointer leads, if there is one."""
    homes = [machine.home / ".lmstudio", machine.cache / "lm-studio"]
    try:
        pointed = decode(read_file(machine.home / _POINTER, 4096).data).strip()
    except UnreadableError:
        return homes  # it need not be there
    return [machine.place(pointed), *homes] if pointed else homes


def _chosen(machine: Machine) -> Iterator[Path]:
    """The folders for downloads that its settings name; they bear any name."""
    for home in _homes(machine):
        try:
            chosen = text_of(read_json(home / "settings.json")[0].get("downloadsFolder"))
        except UnreadableError:
            continue  # it need not be there
        if chosen:
            yield machine.place(chosen)


def _holds_models(root: Path) -> bool:
    """Whether publishers' folders lie in a folder: by its name in a home of LM Studio, or as the settings here say."""
    if root.name == "models" and _is_home(root):
        return True
    return any(root.absolute() == chosen.absolute() for chosen in _chosen(Machine.this()))


def _is_home(root: Path) -> bool:
    parts = root.absolute().parts[:-1]
    return bool(parts) and (parts[-1] in _HOMES or (parts[-1] == "hub" and parts[-2] in _HOMES))


def _virtual(held: Held) -> None:
    """The models of the Hub behind a name of LM Studio's."""
    try:
        fields = read_yaml(held.files["model.yaml"])
    except UnreadableError as error:
        held.gaps.append(Gap(id=GapId(error.gap), what="what model.yaml says", why=f"model.yaml: {error.what}"))
        return
    for source in (one for base in mappings(fields.get("base")) for one in mappings(base.get("sources"))):
        _source(source, held)


def _source(source: dict[str, Any], held: Held) -> None:
    name = f"{text_of(source.get('user'))}/{text_of(source.get('repo'))}"
    if source.get("type") == "huggingface":
        evidence = Evidence(source="lm-studio", path="model.yaml", quote=f"base.sources: {name}"[:300])
        ref = named("hf", name)
        held.bases.append(DeclaredBase(stated=name[:300], ref=ref, relation=Relation.UNSTATED, evidence=evidence))

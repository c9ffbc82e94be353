"""The stores in which tools keep models on this machine. One module each; `STORES` is the list of them."""

from collections.abc import Iterator
from pathlib import Path

from licscan.formats.tree import Folder
from licscan.model import ModelRef
from licscan.sources.stores.docker_models import DockerModels
from licscan.sources.stores.gpt4all import GPT4All
from licscan.sources.stores.hf_cache import HubCache
from licscan.sources.stores.interface import Held, Machine, Store, folder_ref
from licscan.sources.stores.jan import Jan
from licscan.sources.stores.llama_cpp import LlamaCpp
from licscan.sources.stores.lm_studio import LMStudio
from licscan.sources.stores.local_dir import LocalFolder
from licscan.sources.stores.modelscope import ModelScope
from licscan.sources.stores.oci_layout import OCILayout
from licscan.sources.stores.ollama import Ollama
from licscan.sources.stores.ramalama import RamaLama

# In the order in which they are asked whether a place is theirs: those with the plainest marks first.
STORES: tuple[Store, ...] = (
    HubCache(),
    OCILayout(),
    DockerModels(),
    Ollama(),
    RamaLama(),
    LMStudio(),
    Jan(),
    ModelScope(),
    LlamaCpp(),
    GPT4All(),
    LocalFolder(),
)

__all__ = ["STORES", "Held", "Machine", "Store", "folder_ref", "here", "hold", "locate", "ref_of", "store_of"]


def store_of(folder: Folder) -> Store | None:
    """The kind of store whose top a folder is; None where it is none."""
    return next((store for store in STORES if store.is_root(folder)), None)


def hold(path: Path) -> tuple[Store, Held] | None:
    """What a store says of the model at a path; None where that lies in none.

    Raises:
        UnreadableError: It lies in one, and cannot be read.
    """
    return next(((store, held) for store in STORES if (held := store.hold(path))), None)


def here(machine: Machine) -> Iterator[tuple[Store, Path]]:
    """Every store of a machine that exists, each place once."""
    for store in STORES:
        seen: set[Path] = set()
        for root in store.roots(machine):
            try:
                real = root.resolve()
                is_new = seen.isdisjoint((real, *real.parents)) and root.is_dir()
            except (OSError, ValueError, RuntimeError):
                continue  # a variable or setting that names no place
            if is_new:
                seen.add(real)
                yield store, root


def locate(ref: ModelRef, machine: Machine) -> Path | None:
    """Where a model that a store knows by a name lies."""
    return next((path for store in STORES if (path := store.locate(ref, machine))), None)


def ref_of(path: Path, machine: Machine) -> ModelRef:
    """The reference of a model in a store: the name that the store of this machine has for it, or its path."""
    return next((ref for store in STORES if (ref := store.call(path, machine))), None) or folder_ref(path)

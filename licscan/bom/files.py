"""A model's files of weights, as documents list them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from licscan.bom.properties import Pair
from licscan.bom.words import line
from licscan.digests import parted
from licscan.manifest.bill import Component
from licscan.model import WeightFile

HUB = "https://huggingface.co"
# What these hold is a program, for the machine or for the pickle machine: loading it runs it.
_PROGRAMS = frozenset({"llamafile", "pickle", "torchscript", "joblib", "dill"})
_ARCHIVES = frozenset({"dduf", "keras", "llamafile", "nemo", "numpy", "torchscript", "zip"})


@dataclass(frozen=True, slots=True)
class File:
    """A file of weights, as documents list it.

    Attributes:
        key: Unique within the document.
        path: Relative to the model's root, on one line.
        name: Its name, without folders.
        format: safetensors, gguf, ...
        size: In bytes.
        digests: Hex digests by algorithm: `sha256`, `sha512`.
        url: Where its bytes can be had, where that is known.
        executable: Whether loading it runs what stands in it.
        archive: Whether it is several files in one.
        structured: Whether it says what it holds.
        status: The verdict of the checksum.
    """

    key: str
    path: str
    name: str
    format: str
    size: int
    digests: tuple[tuple[str, str], ...]
    url: str | None
    executable: bool
    archive: bool
    structured: bool
    status: str

    def pairs(self) -> Iterator[Pair]:
        """What formats of others have no field for, and what BSI TR-03183-2 has names for."""
        yield "bsi:component:filename", self.name
        yield "bsi:component:executable", "executable" if self.executable else "non-executable"
        yield "bsi:component:archive", "archive" if self.archive else "no archive"
        yield "bsi:component:structured", "structured" if self.structured else "unstructured"
        yield "licscan:file:path", self.path
        yield "licscan:file:format", self.format
        yield "licscan:file:size", str(self.size)
        yield "licscan:file:status", self.status


def files(component: Component) -> Iterator[File]:
    """The files of weights of a model."""
    for index, file in enumerate(component.files):
        yield _file(component, index, file)


def _file(component: Component, index: int, file: WeightFile) -> File:
    digests = {"sha256": file.sha256} if file.sha256 else {}
    if file.promised:
        algorithm, value = parted(file.promised)
        digests.setdefault(algorithm, value)
    if sha512 := file.sha512:
        digests["sha512"] = str(sha512)
    ref, at = component.assessment.ref, component.commit
    url = f"{HUB}/{ref.name}/resolve/{at}/{quote(file.path)}" if at and ref.scheme == "hf" else None
    path = line(file.path)
    return File(
        key=f"{component.key}-file-{index + 1}",
        path=path,
        name=path.rpartition("/")[2] or path,
        format=line(file.format),
        size=file.size,
        digests=tuple((name, value) for name, value in sorted(digests.items()) if name in {"sha256", "sha512", "sha1"}),
        url=url,
        executable=file.format in _PROGRAMS,
        archive=file.format in _ARCHIVES,
        structured=file.format not in {"pickle", "msgpack", "onnx-data"},
        status=file.status.value,
    )

"""Fuzz one reader, from a corpus of sound files.

python -m tests.fuzz gguf -max_total_time=600
"""

import contextlib
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["licscan"]):
    from licscan import formats
    from licscan.errors import UnreadableError
    from licscan.formats import gguf
    from licscan.formats.packed import unpack
    from licscan.formats.pickle_imports import list_pickle
    from licscan.formats.window import Window

from tests.fuzz import samples

ROOT = Path(__file__).resolve().parent.parent.parent
_PLACE = Path(tempfile.mkdtemp(prefix="licscan-fuzz-"))


def _gguf(data: bytes) -> None:
    gguf.read_stream(io.BytesIO(data), len(data), "x").shown()


def _pickle(data: bytes) -> None:
    with contextlib.suppress(ValueError):  # what is not sound, before its reader says where it lies
        list_pickle(Window(io.BytesIO(data), len(data)))


def _file(suffix: str) -> Callable[[bytes], None]:
    path = _PLACE / f"x{suffix}"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        header = formats.read(path)
        header.shown()
        header.licenses()

    return read


def _packed(data: bytes) -> None:
    path = _PLACE / "x.tar"
    path.write_bytes(data)
    unpack(path)


TARGETS = {
    "hdf5": _file(".h5"),
    "packed": _packed,
    "gguf": _gguf,
    "pickle": _pickle,
    "safetensors": _file(".safetensors"),
    "zip": _file(".keras"),
    "tflite": _file(".tflite"),
    "coreml": _file(".mlmodel"),
    "nemo": _file(".nemo"),
}


def main() -> None:
    """Fuzz the target that is named; what follows is for libFuzzer."""
    target = TARGETS[sys.argv[1]]
    corpus = ROOT / ".fuzz" / sys.argv[1]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(samples.of(sys.argv[1])):
        (corpus / f"sample-{number}").write_bytes(data)

    def read(data: bytes) -> None:
        with contextlib.suppress(UnreadableError):
            target(data)

    options = [
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        f"-artifact_prefix={corpus.parent}/",
        *sys.argv[2:],
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

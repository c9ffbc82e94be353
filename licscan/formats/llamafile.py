"""A llamafile: a program for every system that is also a zip archive, and holds a GGUF file. It is never run.

https://github.com/Mozilla-Ocho/llamafile
"""

import os
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats import gguf
from licscan.formats.archive import Archive
from licscan.formats.bounded import open_regular
from licscan.formats.header import Header
from licscan.formats.names import is_spoken

SUFFIXES = (".llamafile",)

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
_MOST_TEXTS = 20
_TEXT = 1 << 20


def recognizes(_head: bytes, _size: int) -> bool:
    """Never: it begins as any program does; its name decides, and what lies in it proves it."""
    return False


def read(path: Path) -> Header:
    """What the weights in a llamafile say of themselves.

    Raises:
        HeaderError: It is no program, or holds no weights that can be read where they lie.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        if not stream.read(4).startswith(_PROGRAMS):
            raise HeaderError("not a llamafile: no program", where=str(path))
        archive = Archive(stream, str(path))
        name = next((name for name in archive.names if name.casefold().endswith(".gguf")), None)
        if name is None:
            raise HeaderError("a program that holds no GGUF file", where=str(path))
        member = archive.member(name)
        if not member.stored:
            raise HeaderError(f"{name} is packed, and is not unpacked", where=str(path))
        stream.seek(member.start)
        header = gguf.read_stream(stream, member.packed, f"{path}!{name}")
        texts = tuple((one, archive.read(one, _TEXT)) for one in archive.names if is_spoken(one))[:_MOST_TEXTS]
    return header._replace(format="llamafile", texts=texts)

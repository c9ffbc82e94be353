"""A git-LFS pointer in place of the file that it stands for: a digest and a size, without the bytes.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

import re
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.bounded import read_file
from licscan.formats.header import Header
from licscan.model import FileStatus

SUFFIXES = ()

_LONGEST = 1024  # by the specification
_HEAD = re.compile(rb"version https?://(?:git-lfs\.github\.com/spec|hawser\.github\.com/spec|git-media\.io)/")
_DIGEST = re.compile(r"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
_SIZE = re.compile(r"^size (\d{1,19})$", re.MULTILINE)


def recognizes(head: bytes, size: int) -> bool:
    """Whether a file is a pointer."""
    return size < _LONGEST and _HEAD.match(head) is not None


def read(path: Path) -> Header:
    """The digest and size of the file that a pointer stands for.

    Raises:
        HeaderError: It is no pointer, or one without a digest.
    """
    content = read_file(path, _LONGEST)
    text = content.data.decode("ascii", errors="replace").replace("\r\n", "\n")
    digest, size = _DIGEST.search(text), _SIZE.search(text)
    if not content.whole or not recognizes(content.data, content.size) or not digest or not size:
        raise HeaderError("a git-LFS pointer without a digest", where=str(path))
    return Header("lfs-pointer", promised=f"sha256:{digest[1]}", size=int(size[1]), status=FileStatus.MISSING)

"""Read every file of a folder in this process, within a limit of memory, and print what came of each.

python -m tests.hostile FOLDER
"""

import json
import resource
import sys
import time
from pathlib import Path

from licscan import formats
from licscan.errors import UnreadableError

# Address space, libraries and their threads included: a reader that runs away is ended by the system.
_SPACE = 900 << 20


def main(folder: Path) -> None:
    """Read all files; one line of JSON each, and one of the whole process."""
    resource.setrlimit(resource.RLIMIT_AS, (_SPACE, _SPACE))
    for path in sorted(folder.iterdir()):
        begun = time.process_time()
        try:
            header = formats.read(path)
            found = {"format": header.format, "licenses": [value for _, _, value in header.licenses()]}
        except UnreadableError as error:
            found = {"refused": str(error)}
        print(json.dumps({"file": path.name, "seconds": time.process_time() - begun, **found}))
    print(json.dumps({"peak": _peak()}))


def _peak() -> float:
    """The peak of this program's memory in MiB; what `getrusage` says includes that of the process that began it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))

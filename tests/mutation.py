"""What became of the mutants that `make mutation` made: how many the tests noticed, and which they did not.

mutmut keeps the exit code of the tests for each mutant beside the file that it changed. A mutant that runs into its time
limit counts as noticed; one that no test reaches does not.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

ENOUGH = 0.9
_NOTICED = {1, 3, 36, 24, -24, 152, 255}
_SURVIVED, _UNREACHED, _UNTRIED = 0, 33, None


def main() -> int:
    """Print the share by file and the survivors; 1 where it is less than `ENOUGH`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("mutants"))
    folder: Path = parser.parse_args().folder
    noticed: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    left: list[str] = []
    for file in sorted(folder.rglob("*.py.meta")):
        name = str(file.relative_to(folder)).removesuffix(".meta")
        for mutant, code in json.loads(file.read_text())["exit_code_by_key"].items():
            tried[name] += 1
            noticed[name] += code in _NOTICED
            if code not in _NOTICED:
                why = {_SURVIVED: "survived", _UNREACHED: "no test reaches it", _UNTRIED: "not tried"}
                left.append(f"{mutant}: {why.get(code, f'exit code {code}')}")
    for name, number in tried.items():
        print(f"{noticed[name]:5} of {number:5}  {noticed[name] / max(number, 1):6.1%}  {name}")
    print(*left, sep="\n")
    share = noticed.total() / max(tried.total(), 1)
    print(f"{noticed.total()} of {tried.total()} mutants noticed: {share:.1%}; mutmut show NAME shows one that was not")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())

"""A Hugging Face Hub on this machine, with small models made for tests: acme/tiny, acme/adapter, acme/gated and more."""

import argparse
from contextlib import suppress
from pathlib import Path

from tests.hub.faults import KINDS, Faults
from tests.hub.repositories import standard
from tests.hub.server import TOKEN, TOKEN_WITHOUT_ACCESS, Hub


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.hub",
        description=__doc__,
        epilog=f"Tokens: {TOKEN} may read everything, {TOKEN_WITHOUT_ACCESS} nothing gated or private. "
        f"Faults are {', '.join(KINDS)}; the same seed gives the same ones. Ctrl-C ends it.",
    )
    parser.add_argument("--port", type=int, default=8123, help="where to listen on 127.0.0.1 (default: %(default)s)")
    parser.add_argument(
        "--generated", type=int, default=0, metavar="N", help="add bulk/model-00000 and so on, N of them"
    )
    parser.add_argument(
        "--faults", type=float, default=0.0, metavar="SHARE", help="share of answers that fail, 0 to 1 (default: 0)"
    )
    parser.add_argument("--seed", type=int, default=0, help="chooses which answers fail, and how (default: 0)")
    parser.add_argument("--slow", type=float, default=3.0, metavar="SECONDS", help="time of a slow answer (default: 3)")
    parser.add_argument(
        "--limit", type=int, metavar="CALLS", help="answer only so many calls of the API in 5 minutes (default: all)"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="add a line for each request to a file")
    return parser.parse_args()


def main() -> None:
    asked = _arguments()
    catalogue = standard()
    catalogue.generated = asked.generated
    faults = Faults(share=asked.faults, seed=asked.seed, slow_seconds=asked.slow)
    limit = (asked.limit, 300.0) if asked.limit else None
    with Hub(catalogue, faults=faults, port=asked.port, limit=limit) as hub, suppress(KeyboardInterrupt):
        hub.log.kept = asked.log
        print(
            f"A hub listens at {hub.url}. Try:\n\n  HF_ENDPOINT={hub.url} licscan scan acme/tiny acme/adapter\n",
            flush=True,
        )
        hub.serve_forever()


if __name__ == "__main__":
    main()

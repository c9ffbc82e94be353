"""`python -m tests.hub [--port N] [--generated N] [--faults SHARE] [--seed N]`: a hub to scan on a machine without one."""

import argparse

from tests.hub.faults import Faults
from tests.hub.repositories import standard
from tests.hub.server import Hub


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--generated", type=int, default=0, help="how many bulk/model-NNNNN there are besides")
    parser.add_argument("--faults", type=float, default=0.0, help="share of answers that fail")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--slow", type=float, default=3.0, help="seconds that a slow answer takes")
    asked = parser.parse_args()
    catalogue = standard()
    catalogue.generated = asked.generated
    faults = Faults(share=asked.faults, seed=asked.seed, slow_seconds=asked.slow)
    with Hub(catalogue, faults=faults, port=asked.port) as hub:
        print(
            f"A hub listens at {hub.url}. Try:\n\n  HF_ENDPOINT={hub.url} licscan scan acme/tiny acme/adapter\n",
            flush=True,
        )
        hub.serve_forever()


if __name__ == "__main__":
    main()

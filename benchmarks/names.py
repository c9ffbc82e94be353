"""What names of models cost: looked up on the Hub's side and on the services', against all records."""

import itertools
import time

from licscan import catalogue
from licscan.model import ModelRef
from licscan.rulebook import Rulebook, load

_MANY = 10_000
_WAYS = ("", "openrouter/", "deepinfra/", "azure/", "bedrock/us-east-1/us.")


def names() -> None:
    """CPU seconds for ten thousand names of either kind; half of them are known, half are not."""
    rules = load()
    hub = [f"{organization}/{name}" for organization, name in _made(rules)]
    offered = [f"{way}{name}" for way, name in zip(itertools.cycle(_WAYS), hub, strict=False)]
    for kind, scheme, made in (("of the Hub", "hf", hub), ("of services", "api", offered)):
        refs = [ModelRef(scheme=scheme, name=name) for name in made]
        catalogue.search(refs[0], rules)  # indexes are made once
        began = time.process_time()
        known = sum(catalogue.search(ref, rules) is not None for ref in refs)
        took = time.process_time() - began
        print(f"names {kind}: {len(refs)}, of which {known} known, in {took:.2f} s CPU ({len(rules.models)} families)")


def _made(rules: Rulebook) -> list[tuple[str, str]]:
    """Names that fit the records, and as many that do not."""
    patterns = [pattern.partition("/") for facts in rules.models for pattern in facts.match if "/" in pattern]
    fitting = [(head, tail.replace("*", f"{number}B-x")) for number in range(99) for head, _, tail in patterns]
    half = fitting[: _MANY // 2]
    return [*half, *((f"somebody-{number % 999}", name) for number, (_, name) in enumerate(half))]

"""Models that a file names as those that it comes from, as declarations with their words."""

from licscan.formats.header import Origin
from licscan.formats.hub_names import model_ref
from licscan.formats.private import veiled
from licscan.model import DeclaredBase, Evidence

_LONGEST = 300


def declared(origin: Origin, here: Evidence) -> DeclaredBase:
    """A model that a header says it comes from; a path on somebody's machine is cut to its last name."""
    name = veiled(origin.name)[:_LONGEST]
    evidence = here.model_copy(update={"quote": f"{origin.key}: {name}"[:_LONGEST], "section": origin.key[:100]})
    return DeclaredBase(stated=name, ref=model_ref(origin.name), relation=origin.relation, evidence=evidence)

"""What bills of materials state of the licenses of the models that they list: claims of a third party.

They decide nothing where the model itself, or the rule base, says anything; where they contradict that, it is a
conflict.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from licscan import materials
from licscan.bounded import decode, read_file
from licscan.errors import UnreadableError
from licscan.hub_renames import identity
from licscan.materials import DATASET, Part
from licscan.model import Claim, Evidence, Mention, ModelRef, Place, Subject
from licscan.references import named_in_bom
from licscan.rulebook import Rulebook

Key = tuple[str, ...]

_SUFFIXES = (".json", ".jsonld", ".xml", ".spdx", ".yaml", ".yml")
_BEGINNING = 64 << 10
_LONGEST = 300
_OWN = ("LicenseRef-", "DocumentRef-")


def key(ref: ModelRef) -> Key:
    """What two references to one model at one revision have in common."""
    return (*identity(ref.scheme, ref.name), ref.revision or "")


def claims(mentions: Iterable[Mention], rules: Rulebook) -> dict[Key, tuple[Claim, ...]]:
    """What the bills of materials among files that name models state of their licenses, by model.

    Args:
        mentions: Where models are named.
        rules: The rule base: an id that is a document's own means something only where a record has it.
    """
    listed: dict[str, dict[int, ModelRef]] = {}
    for one in mentions:
        listed.setdefault(one.path, {})[one.line] = one.ref
    found: dict[Key, list[Claim]] = {}
    for path, refs in listed.items():
        for ref, claim in _of_file(path, refs, rules):
            found.setdefault(key(ref), []).append(claim)
    return {ref: tuple(dict.fromkeys(some)) for ref, some in found.items()}


def _of_file(path: str, refs: Mapping[int, ModelRef], rules: Rulebook) -> Iterator[tuple[ModelRef, Claim]]:
    if not path.lower().endswith(_SUFFIXES) and not materials.is_named_so(path):
        return
    try:
        if not materials.is_one(decode(read_file(Path(path), _BEGINNING).data)):
            return
        bom = materials.read(decode(read_file(Path(path), materials.LIMIT).data))
    except UnreadableError:
        return  # who searched it has said so
    for part in bom.parts:
        line = bom.lines[part.path]
        ref = refs.get(line)
        if part.direct and ref and _is_named(part, ref):
            for how, words in _stated(part, rules):
                quote = f"{how}: {words}" if how else words
                here = Evidence(source="bom", path=path, lines=(line, line), quote=quote[:_LONGEST])
                subject = Subject.DATA if part.kind == DATASET else Subject.WEIGHTS
                yield ref, Claim(subject=subject, place=Place.BOM, stated=words, evidence=here)


def _is_named(part: Part, ref: ModelRef) -> bool:
    found = named_in_bom(part.named, part.kind)
    return found is not None and identity(found.scheme, found.name) == identity(ref.scheme, ref.name)


def _stated(part: Part, rules: Rulebook) -> Iterator[tuple[str, str]]:
    """How a license is stated, and its words; several in one list hold together."""
    by_how: dict[str, list[str]] = {}
    for one in part.licenses:
        by_how.setdefault(one.how, []).append(one.words)
    for how, words in by_how.items():
        own = [one for one in words if one.startswith(_OWN)]
        if all(one.removeprefix(_OWN[0]) in rules.licenses for one in own):
            yield how, " AND ".join(dict.fromkeys(words))

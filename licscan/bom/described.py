"""What a part is and does, as it is stated with it: task, architecture, parameters, and the card that says more."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from licscan.bom.words import line
from licscan.formats.modality import kinds_of
from licscan.model import Property, PropertyId

_MOST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """The file in which a publisher describes a model.

    Attributes:
        url: Where it lies: its page, or its path within the model.
        sha256: Digest of its bytes, where all of them were read.
    """

    url: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Described:
    """What is stated of what a part is and does; nothing where nothing is.

    Attributes:
        tasks: What it does, as the Hub names tasks, the card's own word first.
        inputs: What goes in, by the definition of its task: text, image, ...
        outputs: What comes out, likewise.
        architecture: The class of its network, as its configuration has it.
        family: The family of that.
        parameters: How many.
        adapter: What kind of adapter it is.
        tags: Words that its publisher gave it.
        sizes: How many entries data have, as their card says.
        emissions: What the card says of those of the training, key and value.
        card: The card.
    """

    tasks: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    architecture: str | None = None
    family: str | None = None
    parameters: str | None = None
    adapter: str | None = None
    tags: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    emissions: tuple[str, ...] = ()
    card: Card | None = None

    @property
    def task(self) -> str | None:
        """The first of its tasks."""
        return next(iter(self.tasks), None)


def described(properties: Iterable[Property]) -> Described:
    """What properties say, each on one line."""
    by_id: dict[PropertyId, list[str]] = {}
    cards: list[Property] = []
    for one in properties:
        by_id.setdefault(one.id, []).extend(map(line, one.values))
        cards += [one] if one.id is PropertyId.CARD else []
    tasks = _of(by_id, PropertyId.TASK)
    inputs, outputs = kinds_of(tasks[0]) if tasks else ((), ())
    return Described(
        tasks=tasks,
        inputs=inputs,
        outputs=outputs,
        architecture=", ".join(_of(by_id, PropertyId.ARCHITECTURE)[:_MOST]) or None,
        family=", ".join(_of(by_id, PropertyId.FAMILY)[:_MOST]) or None,
        parameters=next(iter(_of(by_id, PropertyId.PARAMETERS)), None),
        adapter=next(iter(_of(by_id, PropertyId.ADAPTER)), None),
        tags=_of(by_id, PropertyId.TAG),
        sizes=_of(by_id, PropertyId.SIZE),
        emissions=_of(by_id, PropertyId.EMISSIONS),
        card=_card(cards[0]) if cards else None,
    )


def _of(by_id: dict[PropertyId, list[str]], id_: PropertyId) -> tuple[str, ...]:
    return tuple(dict.fromkeys(by_id.get(id_, ())))


def _card(said: Property) -> Card:
    here = said.evidence
    return Card(here.url or quote(line(said.values[0])), here.sha256)

"""What a model is and does, as its card, configurations and headers state it: task, architecture, languages, ..."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from licscan.formats.bounded import sound
from licscan.model import Evidence, Property, PropertyId

# Keys of a card's front matter, of configurations, and of headers.
OF_CARDS = {
    "pipeline_tag": PropertyId.TASK,
    "task_categories": PropertyId.TASK,
    "library_name": PropertyId.LIBRARY,
    "language": PropertyId.LANGUAGE,
    "languages": PropertyId.LANGUAGE,
    "tags": PropertyId.TAG,
    "size_categories": PropertyId.SIZE,
    "co2_eq_emissions": PropertyId.EMISSIONS,
}
OF_CONFIGS = {
    "architectures": PropertyId.ARCHITECTURE,
    "model_type": PropertyId.FAMILY,
    "pipeline_tag": PropertyId.TASK,
}
OF_PIPELINES = {"_class_name": PropertyId.ARCHITECTURE}
OF_ADAPTERS = {"peft_type": PropertyId.ADAPTER}
OF_HEADERS = {
    "general.architecture": PropertyId.FAMILY,
    "general.languages": PropertyId.LANGUAGE,
    "general.tags": PropertyId.TAG,
    "modelspec.architecture": PropertyId.ARCHITECTURE,
}
_LISTS = frozenset({"general.languages", "general.tags"})

# Types of which one entry is one parameter, and those of places and masks, which are none. Of all others an entry may
# hold several: quantized weights are packed.
_COUNTED = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})
_BESIDE = frozenset({"I64", "BOOL"})
_SHARD = re.compile(r"-(\d{1,6})-of-(\d{1,6})(?=\.)")
_MOST = 500
_LONGEST = 300


def stated(id_: PropertyId, value: object, at: Evidence) -> Iterator[Property]:
    """A property, where a value says anything: a text, a number, or lists and mappings of them."""
    values = tuple(dict.fromkeys(_words(value, keys=id_ is PropertyId.EMISSIONS)))
    if id_ is PropertyId.TAG:
        # Licenses, bases and data are claims and declarations of their own.
        values = tuple(one for one in values if not one.casefold().startswith(("license:", "base_model:", "dataset:")))
    if values:
        yield Property(id=id_, values=values[:_MOST], evidence=at)


def of_fields(fields: Mapping[str, object], known: Mapping[str, PropertyId], at: Evidence) -> Iterator[Property]:
    """What the fields of a configuration state, by the keys that are known of it."""
    for key, id_ in known.items():
        shown = ", ".join(_words(fields.get(key)))[:_LONGEST]
        yield from stated(
            id_, fields.get(key), at.model_copy(update={"section": key, "quote": f"{key}: {shown}"[:_LONGEST]})
        )


def of_header(pairs: Iterable[tuple[str, str]], at: Evidence) -> Iterator[Property]:
    """What the header of a weight file states, by its keys."""
    for key, value in pairs:
        if id_ := OF_HEADERS.get(key):
            words = value.split(", ") if key in _LISTS else value
            quote = f"{key}: {sound(value)[:_LONGEST]}"[:_LONGEST]
            yield from stated(id_, words, at.model_copy(update={"section": key, "quote": quote}))


def count(elements: Mapping[str, int]) -> int | None:
    """How many parameters tensors hold, from the entries of each type; None where the types do not tell."""
    if not elements or not elements.keys() <= _COUNTED | _BESIDE:
        return None
    return sum(number for kind, number in elements.items() if kind in _COUNTED) or None


def of_files(counted: Mapping[str, int | None], at: Evidence) -> Iterator[Property]:
    """How many parameters a model has, where every set of its weight files says so, and all say the same.

    Args:
        counted: The parameters in each file that could tell; None where it does not.
        at: The whole model as evidence.
    """
    sets: dict[str, dict[str, int | None]] = {}
    wanted: dict[str, int] = {}
    for path, number in counted.items():
        shard = _SHARD.search(path)
        name = _SHARD.sub("", path)
        sets.setdefault(name, {})[path] = number
        wanted[name] = max(wanted.get(name, 1), int(shard[2]) if shard else 1)
    totals = set()
    for name, files in sets.items():
        numbers = [number for number in files.values() if number is not None]
        totals.add(sum(numbers) if len(numbers) == len(files) == wanted[name] else None)
    if len(totals) == 1 and (total := next(iter(totals))):
        here = at.model_copy(update={"path": next(iter(counted)), "section": "tensors"})
        yield Property(id=PropertyId.PARAMETERS, values=(str(total),), evidence=here)


def each_once(properties: Iterable[Property]) -> tuple[Property, ...]:
    """Properties in their order; a second place that says the same adds nothing."""
    return tuple({(one.id, one.values): one for one in reversed(list(properties))}.values())[::-1]


def _words(value: object, *, keys: bool = False) -> Iterator[str]:
    """All texts and numbers of a value, each on one line and bounded, where it is wanted with its key."""
    waiting: deque[tuple[str, object]] = deque([("", value)])
    while waiting:  # as many as whoever read the value allowed
        name, one = waiting.popleft()
        if isinstance(one, Mapping):
            waiting.extendleft((str(key), inner) for key, inner in reversed(list(one.items())))
        elif isinstance(one, list | tuple):
            waiting.extendleft((name, inner) for inner in reversed(one))
        elif isinstance(one, str | int | float) and not isinstance(one, bool):
            words = " ".join(sound(str(one)).split())[:_LONGEST]
            if words:
                yield f"{sound(name)[:_LONGEST]}: {words}" if keys and name else words

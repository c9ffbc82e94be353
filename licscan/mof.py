"""The Model Openness Framework: descriptors of releases read and written, and the class that one comes to.

The rules are those of the Model Openness Tool (lfai/model_openness_tool): what is listed is there; what is there counts
where its license is open; a class counts all components of the classes below it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode
from licscan.formats.marked_yaml import load
from licscan.model import FilledFramework, FrameworkComponent, OpennessFramework
from licscan.rulebook import Component, OpennessClasses
from licscan.text import fold, printable

_CLASSES = (3, 2, 1)
_ALL = 100.0
_LARGEST = 1 << 20


class Descriptor(NamedTuple):
    """What a descriptor says of a release.

    Attributes:
        name: The release.
        url: Its page on the Hub, where it names one.
        licenses: The license of each component that is listed, by the component's name; None where it has none.
    """

    name: str
    url: str | None
    licenses: dict[str, str | None]


def read(data: bytes, classes: OpennessClasses) -> Descriptor:
    """Read a descriptor, YAML or JSON as the tool writes it.

    Raises:
        UnreadableError: It is none.
    """
    if len(data) > _LARGEST:
        raise UnreadableError("larger than 1 MiB", remedy="name a descriptor")
    said = load(decode(data)).value
    release = said.get("release") if isinstance(said, dict) else None
    components = release.get("components") if isinstance(release, dict) else None
    if not isinstance(release, dict) or not isinstance(components, list):
        raise UnreadableError("no descriptor: it has no release with components", remedy="see isitopen.ai")
    stated = release.get("license")
    common = {key: _name(value) for key, value in stated.items()} if isinstance(stated, dict) else {}
    known = {component.name: component for component in classes.components}
    licenses = {
        str(entry["name"]): _license(entry, known[str(entry["name"])], common)
        for entry in components
        if isinstance(entry, dict) and str(entry.get("name")) in known
    }
    return Descriptor(str(release.get("name") or ""), _text(release.get("huggingface")), licenses)


def _name(value: object) -> str | None:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _license(entry: Mapping[str, Any], component: Component, common: Mapping[str, str | None]) -> str | None:
    """A component's own license, else that of its kind, else that of the whole release."""
    if "license" in entry:
        own = _text(entry["license"])  # said to have none is not the same as not said
        return None if own == "unlicensed" else own
    return common.get(component.type) or common.get("distribution")


def judge(descriptor: Descriptor, classes: OpennessClasses) -> OpennessFramework:
    """The class of a release, 0 where it reaches none, and its progress to each in per cent."""
    included = {component.id for component in classes.components if _is_open(component, descriptor, classes)}
    paper = next(component for component in classes.components if component.id == classes.paper)
    # A paper that is there stands in for the report, and counts in the classes that ask for the report.
    stands_in = classes.report not in included and paper.name in descriptor.licenses
    counted = {
        number: [one.id for one in classes.components if one.required and one.class_ >= number and one.id in included]
        for number in _CLASSES
    }
    if stands_in and classes.paper in included:
        for number in (3, 2):
            counted[number].append(classes.paper)
    waived = stands_in and classes.paper in included
    progress = {number: _progress(number, counted, classes, waived=waived) for number in _CLASSES}
    reached = 0
    for number in _CLASSES:
        if progress[number] < _ALL:
            break
        reached = number
    return OpennessFramework.model_validate(
        {"class": reached, "progress": {str(number): value for number, value in sorted(progress.items())}}
    )


def _progress(goal: int, counted: Mapping[int, list[int]], classes: OpennessClasses, *, waived: bool) -> float:
    total = 0
    for number in _CLASSES[: _CLASSES.index(goal) + 1]:
        total += sum(one.required and one.class_ == number for one in classes.components)
        if len(counted[number]) < total and number > goal:
            return 0.0  # a class below it is not reached
    if goal == 1 and waived:
        total -= 1
    return min(_ALL, _ALL * len(counted[goal]) / total)


def _is_open(component: Component, descriptor: Descriptor, classes: OpennessClasses) -> bool:
    return descriptor.licenses.get(component.name) in classes.open


def names(descriptor: Descriptor) -> Iterator[str]:
    """The names of the Hub by which a descriptor's release may be known."""
    if descriptor.url:
        yield "/".join(descriptor.url.rstrip("/").split("/")[-2:]).casefold()
    yield descriptor.name.casefold()


def write(name: str, url: str | None, filled: FilledFramework) -> str:
    """A descriptor filled from what was found, as YAML to be edited and given back.

    What does not count for want of a license or of the whole stands there as comments: whoever knows more can add it.

    Args:
        name: What to call the release.
        url: Its page on the Hub, where it has one.
        filled: What was found.
    """
    listed = [one for one in filled.components if one.license and one.state in {"counted", "not-open"}]
    lines = [
        "# Filled by licscan from what it found: a lower bound, and no claim of the publisher's. Add what you know."
    ]
    lines += ["release:", f"  name: {_quoted(name)}", *([f"  huggingface: {_quoted(url)}"] if url else ())]
    lines += ["  license: {}", "  components:" if listed else "  components: []"]
    for one in listed:
        lines += _listed(one)
    lines += [f"    # {one.name}: {one.state}: {_comment(one.why)}" for one in filled.components if one not in listed]
    lines += [f"    # {one}: nothing found" for one in filled.nothing_found]
    lines += [f"    # {one}: not looked at" for one in filled.not_looked_at]
    return "\n".join(lines) + "\n"


def _listed(one: FrameworkComponent) -> Iterator[str]:
    yield f"    - name: {_quoted(one.name)}  # {_comment(one.why)}"
    yield f"      license: {_quoted(one.license or '')}"
    place = next((found.url or found.path for found in one.evidence if found.url or found.path), None)
    if place:
        yield f"      component_path: {_quoted(place)}"


def _quoted(text: str) -> str:
    """A string of YAML; JSON's are some, once nothing in it needs two escapes."""
    return json.dumps(printable(text), ensure_ascii=False)


def _comment(text: str) -> str:
    return printable(fold(text))

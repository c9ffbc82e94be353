"""What the gate is told: the policy, what is internal, what is waived, what was there before.

policy = "commercial-product"          # of the rule base, or a file of your own
internal = ["hf:acme/*"]               # private models: not looked up, not judged
exclude = ["tests/fixtures/*"]         # files that are not searched
baseline = "licscan-baseline.json"
grace = 30                             # days until an outdated lock fails

[severity]
revision-mutable = "error"

[[waivers]]
rule = "level-restrictive"
model = "hf:meta-llama/Llama-3.1-8B"
reason = "counsel has read the license for our use"
approver = "jane@example.com"
expires = 2027-06-30
revision = "..."                       # optional: only this commit
license = "..."                        # optional: only this license, by id or by the digest of its text
"""

import datetime
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from licscan.config.facts import facts_of, own_layers, supposed
from licscan.config.files import Layer, layer_of, layers
from licscan.errors import UsageError
from licscan.organisation import Organisation

_SEVERITIES = ("error", "warning", "note", "off")
_NEEDED = ("rule", "model", "reason", "approver", "expires")
_OPTIONAL = ("revision", "license")
GRACE = 30


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that somebody let pass.

    Attributes:
        rule: The rule that it is about.
        model: Which models: a pattern over references without revision.
        reason: Why.
        approver: Who.
        expires: The last day on which it holds; None in code, where the line itself is reviewed.
        revision: The only commit that it is about.
        license: The only license that it is about: its id, or the digest of its text.
        where: Where it stands.
    """

    rule: str
    model: str
    reason: str
    approver: str
    expires: datetime.date | None
    revision: str | None = None
    license: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the gate is told.

    Attributes:
        files: The files that said so, the farthest first.
        policy: A policy of the rule base, or the path of a file.
        internal: Patterns of models that are the organisation's own.
        exclude: Patterns of files that are not searched, relative to the folder of the configuration.
        baseline: A report of what was there before.
        grace: How many days an older rule base is good enough.
        severity: Severities of rules that differ from the policy's.
        waivers: What somebody let pass.
        organisation: What the organisation says of itself.
        places: Where it names what only others can check: `policy`, `severity.<rule>`.
    """

    files: tuple[Path, ...] = ()
    policy: str = "default"
    internal: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    grace: int = GRACE
    severity: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    organisation: Organisation = field(default_factory=Organisation)
    places: Mapping[str, str] = field(default_factory=dict)


def read(file: Path | None, what_if: Iterable[str] = ()) -> Configuration:
    """The configuration of a file and of all that it extends.

    Args:
        file: The file; None for none.
        what_if: Facts of the organisation that replace those of the configuration.

    Raises:
        UsageError: Something in it is wrong; the message names file, line and key.
    """
    some = layers(file) if file else []
    severity = {name: value for layer in some for name, value in _severity(layer).items()}
    return Configuration(
        files=tuple(layer.path for layer in some),
        policy=next(filter(None, map(_policy, reversed(some))), "default"),
        internal=tuple(one for layer in some for one in layer.texts("internal")),
        exclude=some[-1].texts("exclude") if some else (),
        baseline=next(filter(None, map(_baseline, reversed(some))), None),
        grace=next((grace for grace in map(_grace, reversed(some)) if grace is not None), GRACE),
        severity=severity,
        waivers=tuple(waiver for layer in some for waiver in _waivers(layer)),
        organisation=supposed(facts_of([*own_layers(), *some]), what_if),
        places=dict(place for layer in some for place in _places(layer)),
    )


def _places(layer: Layer) -> Iterator[tuple[str, str]]:
    if "policy" in layer.data:
        yield "policy", layer.where("policy")
    for name in layer.table("severity"):
        yield f"severity.{name}", layer.where("severity", name)


def _policy(layer: Layer) -> str | None:
    if "policy" not in layer.data:
        return None
    name = layer.text("policy")
    if not name.endswith((".yaml", ".yml")):
        return name
    path = layer.path.parent / name
    if not path.is_file():
        raise UsageError(
            f"no such file: {name}", where=layer.where("policy"), remedy="name a policy, or a file of yours"
        )
    return str(path)


def _baseline(layer: Layer) -> Path | None:
    return layer.path.parent / layer.text("baseline") if "baseline" in layer.data else None


def _grace(layer: Layer) -> int | None:
    grace = layer.at("grace")
    if grace is not None and (isinstance(grace, bool) or not isinstance(grace, int) or grace < 0):
        raise UsageError("is no number of days", where=layer.where("grace"), remedy="write grace = 30")
    return None if grace is None else int(grace)


def _severity(layer: Layer) -> Mapping[str, str]:
    for name, value in (stated := layer.table("severity")).items():
        if value not in _SEVERITIES:
            where, remedy = layer.where("severity", name), f"use {', '.join(_SEVERITIES)}"
            raise UsageError(f"{value!r} is no severity", where=where, remedy=remedy)
    return stated


def _waivers(layer: Layer) -> list[Waiver]:
    found = [_waiver(layer, index) for index in range(len(layer.tables("waivers")))]
    for name in layer.texts("waivers-from"):
        other = layer_of(layer.path.parent / name)
        for key in other.data.keys() - {"waivers"}:
            raise UsageError("is no key of a file of waivers", where=other.where(key), remedy="write [[waivers]]")
        found += [_waiver(other, index) for index in range(len(other.tables("waivers")))]
    return found


def _waiver(layer: Layer, index: int) -> Waiver:
    at = ("waivers", index)
    stated = layer.table(*at)
    _check_keys(layer, at, stated)
    expires = stated["expires"]
    if not isinstance(expires, datetime.date) or isinstance(expires, datetime.datetime):
        raise UsageError("is no day", where=layer.where(*at, "expires"), remedy="write expires = 2027-12-31")
    return Waiver(
        rule=layer.text(*at, "rule"),
        model=layer.text(*at, "model"),
        reason=layer.text(*at, "reason"),
        approver=layer.text(*at, "approver"),
        expires=expires,
        revision=layer.text(*at, "revision") if "revision" in stated else None,
        license=layer.text(*at, "license") if "license" in stated else None,
        where=layer.where(*at).partition(": ")[0],
    )


def _check_keys(layer: Layer, at: tuple[str, int], stated: Mapping[str, object]) -> None:
    known: Sequence[str] = (*_NEEDED, *_OPTIONAL)
    for key in stated:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
            raise UsageError("is no key of a waiver", where=layer.where(*at, key), remedy=remedy)
    for key in _NEEDED:
        if key not in stated:
            raise UsageError(f"has no {key}", where=layer.where(*at), remedy=f"add {key} = ...")

"""What names of models offered as a service mean: who offers it, whose it is, which open model it is."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from licscan.errors import UsageError
from licscan.model import Evidence, ModelRef
from licscan.rulebook import ModelFacts, OfferedModels, Provider, Rulebook, Same
from licscan.spelling import Spelling, restored, spelling

# "gateway/bedrock/us-east-1/meta.llama" has three; who writes more means to mislead.
_DEEPEST = 6
_HUB_NAME = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.ASCII)


class Offer(NamedTuple):
    """What a name means.

    Attributes:
        ref: The model as its publisher names it, the same by whichever way it is offered: `api:anthropic/claude-...`.
        provider: Who offers it.
        publisher: Whose model it is; None where that is not known.
        rule: The record's words on names of this kind; None where only its publisher decides.
        hub: The open model that it is; None where the weights are not released.
        evidence: The rule record.
    """

    ref: ModelRef
    provider: Provider
    publisher: Provider | None
    rule: OfferedModels | None
    hub: ModelRef | None
    evidence: Evidence


class _Way(NamedTuple):
    """A name taken apart.

    Attributes:
        passed: The providers that it passes, first to last.
        name: What is left of it.
        on_the_hub: The name on the Hub, where a provider offers models under no others.
    """

    passed: tuple[Provider, ...]
    name: str
    on_the_hub: str | None = None


class _Index:
    """Providers by prefix, and the names of the open models of each organization of the Hub."""

    def __init__(self, models: tuple[ModelFacts, ...], providers: tuple[Provider, ...]) -> None:
        self.providers = {prefix.casefold(): one for one in providers for prefix in (one.id, *one.prefixes)}
        self.forms = [(re.compile(form, re.IGNORECASE), one) for one in providers for form in one.forms]
        owned = [(spelling(pattern), one) for one in providers for pattern in one.owns]
        self.owned = sorted(owned, key=lambda pair: -pair[0].weight)
        self.open: dict[str, list[Spelling]] = {}
        for pattern in dict.fromkeys(pattern for facts in models for pattern in facts.match):
            organization, slash, name = pattern.partition("/")
            if slash:
                self.open.setdefault(organization.casefold(), []).append(spelling(name))


@lru_cache(maxsize=4)
def _index(same: Same[Any]) -> _Index:
    models, providers = same.values
    return _Index(models, providers)


def find(ref: ModelRef, rules: Rulebook) -> Offer | None:
    """What an `api:` or `ollama:` name means; None where the rule base does not know.

    A name may pass several providers (`openrouter/openai/gpt-4o`), the last of which is the publisher; a name without
    one is its owner's by its form (`groq/llama-3.1-8b-instant`).
    """
    index = _index(Same(rules.models, rules.providers))
    way = _taken_apart(_text(ref), index)
    return next((offer for offer in _meanings(way, index) if offer), None)


def _text(ref: ModelRef) -> str:
    """The whole name: what stands behind "@" is a version here, unless it is a day."""
    name = ref.name if ref.revision is None or ref.date else f"{ref.name}@{ref.revision}"
    return f"ollama/{name}" if ref.scheme == "ollama" else name


def _taken_apart(name: str, index: _Index) -> _Way:
    passed: list[Provider] = []
    on_the_hub = None
    for _ in range(_DEEPEST):
        one, rest = _head(name, index, bare=not passed)
        if one is None or (passed and passed[-1].only and one.id not in passed[-1].only):
            break
        passed.append(one)
        name = _rewritten(rest, one)
        keeps = any(provider.hub_names == "all" for provider in passed)
        on_the_hub = name if keeps and _HUB_NAME.fullmatch(name) else on_the_hub
    if len(passed) == 1 and passed[0].hub_names and _HUB_NAME.fullmatch(name):
        on_the_hub = name
    return _Way(tuple(passed), name, on_the_hub)


def _head(name: str, index: _Index, *, bare: bool) -> tuple[Provider | None, str]:
    """The provider that the first part of a name says, and the rest; only a whole name has one before a colon."""
    for mark in "/:" if bare else "/":
        head, found, rest = name.partition(mark)
        if found and rest and (one := index.providers.get(head.casefold())):
            return one, rest
    formed = (one for form, one in index.forms if form.match(name)) if bare else iter(())
    return next(formed, None), name


def _rewritten(name: str, provider: Provider) -> str:
    for rewrite in provider.rewrites:
        name = re.sub(rewrite.find, rewrite.put, name, flags=re.IGNORECASE)
    return name


def _meanings(way: _Way, index: _Index) -> Iterator[Offer | None]:
    """What may be meant, the surest first."""
    if way.on_the_hub:
        yield _by_hub_name(way, way.on_the_hub)
    for provider in way.passed:
        yield _by_rule(way, provider, way.name)
    last = way.passed[-1] if way.passed else None
    if last:
        yield _by_family(way, last, way.name, last.hub, index)
        organization, slash, name = way.name.partition("/")
        if slash:  # a publisher without a record, named as on the Hub
            yield _by_family(way, last, name, (organization,), index)
    owner = None if "/" in way.name else _owner(way.name, index)
    publisher, name = last, way.name
    if owner and owner is not last:
        publisher, name = owner, _rewritten(way.name, owner)
        yield _by_rule(way, owner, name)
        yield _by_family(way, owner, name, owner.hub, index)
    if publisher and publisher.services_only and "/" not in name:
        yield _offer(way, publisher, name)


def _owner(name: str, index: _Index) -> Provider | None:
    folded = name.casefold()
    return next((one for pattern, one in index.owned if pattern.expression.fullmatch(folded)), None)


def _by_rule(way: _Way, publisher: Provider, name: str) -> Offer | None:
    """The first kind of names that fits, as the publisher's or the provider's record says."""
    folded = name.casefold()
    for rule in publisher.models:
        for pattern in rule.names:
            match = spelling(pattern).expression.fullmatch(folded)
            if match and rule.closed:
                return _offer(way, publisher, name, rule)
            if match and (hub := _filled(rule, match.groupdict())):
                return _offer(way, publisher, name, rule, hub)
    return None


def _filled(rule: OfferedModels, parts: dict[str, str]) -> ModelRef | None:
    places = {**rule.sizes, **parts}
    return _on_the_hub(re.sub(r"\{(\w+)\}", lambda place: _part(place[1], places), rule.hub or ""))


def _on_the_hub(name: str) -> ModelRef | None:
    """A name on the Hub; None where the Hub allows no such name."""
    try:
        return ModelRef.parse(f"hf:{name}")
    except UsageError:
        return None


def _part(place: str, parts: dict[str, str]) -> str:
    value = parts.get(place.casefold(), "")
    return value.upper().replace("X", "x") if place.isupper() else value


def _by_family(way: _Way, publisher: Provider, name: str, organizations: Iterable[str], index: _Index) -> Offer | None:
    """The open model of that name that the rule base knows of one of these organizations of the Hub."""
    folded = name.casefold()
    best: tuple[int, str, Spelling] | None = None
    for organization in organizations:
        for pattern in index.open.get(organization.casefold(), ()):
            if (best is None or pattern.weight > best[0]) and pattern.expression.fullmatch(folded):
                best = pattern.weight, organization, pattern
    hub = _on_the_hub(f"{best[1]}/{_hub_part(folded, best[2])}") if best else None
    return _offer(way, publisher, name, None, hub) if hub else None


def _hub_part(name: str, pattern: Spelling) -> str:
    """A name that the Hub allows."""
    return re.sub(r"[^\w.-]+", "-", restored(name, pattern.stated), flags=re.ASCII).strip("-.")[:96]


def _by_hub_name(way: _Way, name: str) -> Offer | None:
    """A name that is one on the Hub, because its provider offers models under no others."""
    provider, hub = way.passed[0], _on_the_hub(name)
    ref = ModelRef(scheme="api", name=f"{provider.id}/{name}")
    return Offer(ref, provider, None, None, hub, provider.evidence) if hub else None


def _offer(
    way: _Way, publisher: Provider, name: str, rule: OfferedModels | None = None, hub: ModelRef | None = None
) -> Offer:
    return Offer(
        ref=ModelRef(scheme="api", name=f"{publisher.id}/{name.casefold()}"),
        provider=way.passed[0] if way.passed else publisher,
        publisher=publisher,
        rule=rule,
        hub=hub,
        evidence=rule.evidence if rule else publisher.evidence,
    )

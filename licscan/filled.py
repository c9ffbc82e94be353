"""The Model Openness Framework filled from what was found of a model: a lower bound, and no claim of its publisher's.

A component counts where it is there, whole, under a license that the framework calls open, and evidence says all of it.
What a card declares its training data to be never counts: that this is all of it, nobody but the rule base can say.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from licscan import mof
from licscan.formats.names import is_card_name
from licscan.licenses import Conclusion, conclude
from licscan.model import (
    Artefact,
    Artefacts,
    Dataset,
    Evidence,
    FilledFramework,
    FrameworkComponent,
    Gap,
    GapId,
    Model,
    Openness,
    OpennessFramework,
    Part,
    PartKind,
    Place,
    Role,
    Subject,
)
from licscan.rulebook import Component, OpennessClasses, Rulebook
from licscan.text import count

# What states a license for all that lies in a repository; a record of the rule base speaks of the weights alone.
_STATED_THERE = frozenset({Place.LICENSE_FILE, Place.CARD_TAG, Place.PACKAGE, Place.REVIEW})
_SUBJECTS = {"code": Subject.CODE, "document": Subject.DOCS, "data": Subject.WEIGHTS}
_THERE = frozenset({Openness.OPEN, Openness.PARTIAL})
_PAPERS = ("arxiv.org/", "openreview.net/", "aclanthology.org/", "doi.org/")
_UNREAD = frozenset(
    {GapId.CARD_TRUNCATED, GapId.FILE_UNREADABLE, GapId.UNREACHABLE, GapId.INVALID_ANSWER, GapId.ACCESS_DENIED}
)


class Material(NamedTuple):
    """What is known of a model, to fill a descriptor from.

    Attributes:
        model: Its facts.
        artefacts: What was published.
        conclusion: The license of its weights.
        datasets: The data that it declares, with their licenses.
        copied: Whether the license is that of the model that it copies, and its own repository states none.
        bound: Why the weights are under other terms, too: those of a base that withholds something, or is not known.
    """

    model: Model
    artefacts: Artefacts
    conclusion: Conclusion
    datasets: tuple[Dataset, ...] = ()
    copied: bool = False
    bound: str | None = None


class _Found(NamedTuple):
    """Something that stands for a component."""

    what: str
    license: str | None
    evidence: tuple[Evidence, ...]
    whole: bool = True


def fill(material: Material, rules: Rulebook) -> FilledFramework | None:
    """The framework's class and progress by what counts, and what was found of each component.

    Args:
        material: What is known of the model.
        rules: The rule base.

    Returns:
        None where the rule base has no such framework, or the model is data, or was not released.
    """
    classes, model = rules.mof, material.model
    weights = material.artefacts.weights.state
    if classes is None or model.ref.scheme == "dataset" or weights is Openness.NONE:
        return None
    found: dict[str, list[_Found]] = {}
    for component, one in _find(material, classes, rules):
        found.setdefault(component.name, []).append(one)
    looked = _is_looked_through(model)
    if not found and not model.parts:
        return rules.remembered("mof-nothing", "looked" if looked else "", _nothing)
    components = tuple(
        _component(one.name, found[one.name], classes) for one in classes.components if one.name in found
    )
    gaps = tuple(_gaps(components, material))
    return _made(components, (one for one in classes.components if one.name not in found), gaps, rules, looked=looked)


def _nothing(looked: str, rules: Rulebook) -> FilledFramework:
    """The framework where nothing at all was found."""
    return _made((), rules.mof.components if rules.mof else (), (), rules, looked=bool(looked))


def _made(
    components: tuple[FrameworkComponent, ...],
    lacking: Iterable[Component],
    gaps: tuple[Gap, ...],
    rules: Rulebook,
    *,
    looked: bool,
) -> FilledFramework:
    counted = sorted(one.name for one in components if one.state == "counted")
    reached = rules.remembered("mof", "|".join(counted), _judged)
    lacking = list(lacking)
    return FilledFramework.model_validate(
        {
            "class": reached.class_,
            "progress": reached.progress,
            "components": components,
            "nothing_found": tuple(one.name for one in lacking if looked and one.parts),
            "not_looked_at": tuple(one.name for one in lacking if not (looked and one.parts)),
            "gaps": gaps,
        }
    )


def _judged(counted: str, rules: Rulebook) -> OpennessFramework:
    """What some components under open licenses come to; which of these they are makes no difference."""
    if rules.mof is None:
        return OpennessFramework()
    some = next(iter(rules.mof.open), None)
    return mof.judge(mof.Descriptor("", None, dict.fromkeys(counted.split("|"), some)), rules.mof)


def _is_looked_through(model: Model) -> bool:
    """Whether a part that was not found is not there: its files were all listed, and its card was read."""
    if model.parts is None or not model.seen:
        return False
    for gap in model.gaps:
        of_card = gap.id in _UNREAD and is_card_name(gap.why.partition(":")[0])
        if of_card or gap.id in {GapId.FILES_NOT_LISTED, GapId.CARD_TRUNCATED}:
            return False
    return True


def _find(material: Material, classes: OpennessClasses, rules: Rulebook) -> Iterator[tuple[Component, _Found]]:
    """Everything that stands for some component."""
    for name, component in classes.by_artefact.items():
        artefact: Artefact = getattr(material.artefacts, name)
        if artefact.evidence and artefact.state in _THERE:
            yield component, _artefact(name, artefact, material)
    for part in material.model.parts or ():
        if fitting := classes.by_part.get(part.kind):
            license_ = None if part.linked else _license_there(_SUBJECTS[fitting.type], material, rules)
            yield fitting, _Found(_called(part), license_, (part.evidence,))
    recipe = material.artefacts.recipe
    report = classes.by_part.get(PartKind.REPORT)
    if report and recipe.evidence and _is_paper(recipe.evidence.url):
        yield report, _Found(recipe.note or "a paper", recipe.license, (recipe.evidence,))
    data = classes.by_artefact.get("data")
    if data and material.datasets:
        yield data, _declared(material.datasets)


def _artefact(name: str, artefact: Artefact, material: Material) -> _Found:
    """An artefact; weights are wholly under a license only where no base has a say."""
    bound = material.bound if name == "weights" else None
    license_ = _license(material.conclusion) if name == "weights" else artefact.license
    what = artefact.note or name.replace("_", " ")
    whole = artefact.state is Openness.OPEN and not bound
    return _Found(
        f"{what}; {bound}" if bound else what, license_, (artefact.evidence,) if artefact.evidence else (), whole=whole
    )


def _declared(datasets: tuple[Dataset, ...]) -> _Found:
    """Datasets that a card names: never all that there are, as far as anybody can say."""
    what = f"the card names {count(len(datasets), 'dataset')}; that these are all of its data, it does not say"
    stated = {one.license for one in datasets}
    license_ = next(iter(stated)) if len(stated) == 1 else None
    return _Found(what, license_, tuple(one.evidence for one in datasets[:1]), whole=False)


def _is_paper(url: str | None) -> bool:
    return url is not None and any(host in url for host in _PAPERS)


def _called(part: Part) -> str:
    """What a part is, in words."""
    evidence = part.evidence
    return f"{evidence.url}, which the card points to" if part.linked else evidence.path or str(part.kind)


def _license(conclusion: Conclusion) -> str | None:
    """The license that is established, as one SPDX id where it is one; of a choice the one that is read."""
    if conclusion.unknown or conclusion.reading is None:
        return None
    records = conclusion.reading.records
    if conclusion.reading.chosen and len(records) == 1 and records[0].spdx:
        return records[0].spdx
    return conclusion.license.spdx


def _license_there(subject: Subject, material: Material, rules: Rulebook) -> str | None:
    """The license of what lies in the repository: what is stated for its kind, else for the repository."""
    claims = material.conclusion.license.claims
    if material.copied:
        return None
    if subject is not Subject.WEIGHTS and any(claim.subject is subject for claim in claims):
        return _license(conclude(claims, subject, rules))
    stated = any(
        claim.place in _STATED_THERE and claim.role is Role.LICENSE and claim.subject is Subject.WEIGHTS
        for claim in claims
    )
    return _license(material.conclusion) if stated else None


def _component(name: str, some: list[_Found], classes: OpennessClasses) -> FrameworkComponent:
    """A component by the best of what stands for it."""
    best = min(some, key=lambda one: (one.license not in classes.open, not one.whole, one.license is None))
    where = tuple(place for one in some for place in one.evidence)
    if not best.whole:
        return FrameworkComponent(name=name, state="in-part", license=best.license, why=best.what, evidence=where)
    if best.license is None:
        return FrameworkComponent(name=name, state="license-not-established", why=best.what, evidence=where)
    state: Literal["counted", "not-open"] = "counted" if best.license in classes.open else "not-open"
    return FrameworkComponent(name=name, state=state, license=best.license, why=best.what, evidence=where)


def _gaps(components: Iterable[FrameworkComponent], material: Material) -> Iterator[Gap]:
    """What was found or is pointed to, and nobody looked at."""
    unlicensed = [f"{one.name} ({one.why})" for one in components if one.state == "license-not-established"]
    if unlicensed:
        what = "the licenses of what was found of these components of the Model Openness Framework"
        yield Gap(id=GapId.COMPONENTS_NOT_LOOKED_AT, what=what, why="; ".join(unlicensed))
    linked = [part for part in material.model.parts or () if part.kind is PartKind.REPOSITORY]
    if linked:
        named = ", ".join(str(part.evidence.url) for part in linked)
        what = "which code of the Model Openness Framework is published, under which license"
        yield Gap(id=GapId.COMPONENTS_NOT_LOOKED_AT, what=what, why=f"the card points to {named}; nobody looked there")

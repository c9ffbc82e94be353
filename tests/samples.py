"""Assessments made for tests of what stands above assessing."""

from typing import Any

from licscan.model import (
    Artefacts,
    Assessment,
    Claim,
    Evidence,
    Freedom,
    Level,
    Licensing,
    ModelRef,
    OpennessFramework,
    OpenSourceAI,
    Place,
    Subject,
    UnknownReason,
)


def assessment(
    name: str,
    *,
    level: Level = Level.PERMISSIVE,
    license: str = "mit",  # noqa: A002 - what it is called
    revision: str | None = "a" * 40,
    text: str | None = None,
    **more: Any,
) -> Assessment:
    """What is so about a model of that name."""
    ref = ModelRef.parse(f"hf:{name}").at(revision)
    unknown = level is Level.UNKNOWN
    where = Evidence(source="hub", path="LICENSE", sha256=text, revision=revision)
    claim = Claim(subject=Subject.WEIGHTS, place=Place.LICENSE_FILE, stated=license, expression=license, evidence=where)
    fields: dict[str, Any] = {
        "level_reasons": ("a reason",),
        "clauses": (),
        "obligations": (),
        "thresholds": (),
        "lineage": (),
        "datasets": (),
        "files": (),
        "conflicts": (),
        "gaps": (),
        **more,
    }
    return Assessment(
        ref=ref,
        name=name,
        source="hub",
        revision=revision,
        modality="text",
        level=level,
        unknown_reason=UnknownReason.UNRECOGNISED if unknown else None,
        license=Licensing(id=license, title=license.upper(), spdx=license, freedom=Freedom.FREE, claims=(claim,)),
        artefacts=Artefacts(),
        osaid=OpenSourceAI(),
        mof=OpennessFramework(),
        **fields,
    )

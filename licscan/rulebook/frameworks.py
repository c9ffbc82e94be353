"""Frameworks that others judge models by, as rule files: the Model Openness Framework."""

from functools import cached_property
from typing import Literal

from pydantic import Field

from licscan.model import PartKind, Value


class Component(Value):
    """One thing that a release may have.

    Attributes:
        id: Its number in the framework.
        name: Its name there.
        type: What kind of license suits it: code, data or document.
        class_: The class that asks for it first: 3, 2 or 1.
        required: Whether that class asks for it at all.
        artefacts: The artefacts of a model that stand for it: weights, data, data_information, code.
        parts: What is published beside weights that stands for it.
    """

    id: int
    name: str
    type: Literal["code", "data", "document"]
    class_: int = Field(alias="class", ge=1, le=3)
    required: bool = True
    artefacts: tuple[Literal["weights", "data", "data_information", "code"], ...] = ()
    parts: tuple[PartKind, ...] = ()


class OpennessClasses(Value):
    """`rules/levels/mof.yaml`: the components of the Model Openness Framework, and which licenses it takes for open.

    Attributes:
        id: `mof`.
        title: Its name.
        why: How it judges.
        references: Where it is published.
        report: The number of the technical report.
        paper: The number of the research paper, which stands in for the report where it is openly licensed.
        components: All components.
        open: SPDX ids of licenses that count as open, case kept: the framework compares them exactly.
    """

    id: str
    title: str
    why: str
    references: tuple[str, ...] = ()
    report: int
    paper: int
    components: tuple[Component, ...]
    open: frozenset[str]

    @cached_property
    def by_artefact(self) -> dict[str, Component]:
        """The component that each artefact of a model stands for."""
        return {name: one for one in self.components for name in one.artefacts}

    @cached_property
    def by_part(self) -> dict[PartKind, Component]:
        """The component that each kind of part stands for."""
        return {kind: one for one in self.components for kind in one.parts}

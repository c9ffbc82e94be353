"""The Model Openness Framework: what a descriptor says of a release, and what was found of it."""

from typing import Literal

from pydantic import Field

from licscan.model.evidence import Evidence, Gap
from licscan.model.value import Value


class FrameworkComponent(Value):
    """A component of the Model Openness Framework that something was found of.

    Attributes:
        name: Its name in the framework.
        state: `counted` where it is there under a license that the framework calls open; `not-open` under another;
            `license-not-established` where nobody could see which; `in-part` where only some is known to be there.
        license: SPDX id or expression, as far as it is established.
        why: What it is, or what is missing for it to count.
        evidence: Where it is, or where it is pointed to.
    """

    name: str
    state: Literal["counted", "not-open", "license-not-established", "in-part"]
    license: str | None = None
    why: str
    evidence: tuple[Evidence, ...]


class FilledFramework(Value):
    """The Model Openness Framework filled from what was found: a lower bound, and no claim of the publisher's.

    Attributes:
        class_: The class that is reached by what counts; 0 for none.
        progress: Per cent to each class by what counts.
        basis: Always `evidence`: no descriptor of the publisher's says so.
        components: Components that something was found of.
        nothing_found: Components that were looked for in vain.
        not_looked_at: Components that nobody could look for, or that nothing tells.
        gaps: What was found, and could not be looked at.
    """

    class_: int = Field(alias="class")
    progress: dict[str, float]
    basis: Literal["evidence"] = "evidence"
    components: tuple[FrameworkComponent, ...]
    nothing_found: tuple[str, ...] = ()
    not_looked_at: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class OpennessFramework(Value):
    """The Model Openness Framework: class 1 to 3 (0 unclassified) and progress in per cent to each.

    `class` and `progress` are those of a descriptor that was given; `filled` is what the evidence alone comes to.
    """

    class_: int | None = Field(default=None, alias="class")
    progress: dict[str, float] | None = None
    filled: FilledFramework | None = None

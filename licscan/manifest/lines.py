"""What the formats for people have in common: sentences about duties, activities, places of texts."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from licscan.manifest.bill import Bill, Component, Duty, Text
from licscan.model import Activity, Gap
from licscan.text import count, printable

NO_ADVICE = "licscan informs; it gives no legal advice."
_DOING = {
    Activity.INTERNAL: "use it internally",
    Activity.HOST: "offer it as a service",
    Activity.DISTRIBUTE_WEIGHTS: "distribute its weights",
    Activity.SHIP_PRODUCT: "ship it in a product",
    Activity.PUBLISH_DERIVATIVE: "publish a derivative",
    Activity.TRAIN_ON_OUTPUTS: "train on its outputs",
}
# Clauses that dictate words, and what to do with these.
DICTATED = {
    "attribution-notice": "Notices to keep with every copy",
    "attribution-display": "To be shown to users",
    "naming-requirement": "To be carried by the names of derivatives",
}
DISPLAY = "attribution-display"


class Dictated(NamedTuple):
    """Words that licenses dictate.

    Attributes:
        words: The words.
        duties: The duties that they fulfill.
    """

    words: str
    duties: tuple[Duty, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Where, when, and who asks for it, a line for each license that does."""
        return tuple(dict.fromkeys(_term(duty) for duty in self.duties))


def dictated(one: Component, clause: str) -> tuple[Dictated, ...]:
    """The words that some licenses dictate for a model, each once."""
    found: dict[str, list[Duty]] = {}
    for duty in one.owed(clause):
        if duty.words is not None:
            found.setdefault(duty.words, []).append(duty)
    return tuple(Dictated(words, tuple(some)) for words, some in found.items())


def besides(one: Component) -> tuple[str, ...]:
    """What is owed for a model beside the words that it dictates, a sentence each."""
    left = (duty for duty in one.duties if duty.words is None or duty.clause not in DICTATED)
    return tuple(f"{duty.text} ({when(duty)}; {source(duty)})" for duty in left)


def lacks(one: Component) -> tuple[str, ...]:
    """What the manifest lacks of a model, and what may make it wrong, a sentence each."""
    found = [gap for gap in one.assessment.gaps if gap.id.unfinished or gap.id.startswith("license-")]
    against = (
        f"statements exclude each other: {'; '.join(dict.fromkeys(side.says for side in conflict.statements))}"
        for conflict in one.assessment.conflicts
        if conflict.id != "checksum"
    )
    return (*map(gap_line, dict.fromkeys((*one.gaps, *found))), *against)


def gap_line(gap: Gap) -> str:
    """What could not be established, why, and what to do."""
    return f"{gap.what}: {gap.why} ({gap.id.remedy})"


def made_from(one: Component) -> tuple[str, ...]:
    """The models that a model comes from, each with the license that it is under."""
    return tuple(
        f"{base.name} ({base.relation}{f' of {base.child}' if base.child else ''}; "
        f"{base.license or 'license not established'})"
        for base in one.bases
    )


def text_lines(text: Text) -> Iterator[str]:
    """The lines of a text: layout kept, every character of them harmless."""
    for line in (text.words or "").lstrip("\ufeff").splitlines():
        yield printable(line.expandtabs().rstrip())


def _term(duty: Duty) -> str:
    where = f"{duty.where}; " if duty.where else ""
    return f"{where}{when(duty)}; {source(duty)}"


def when(duty: Duty) -> str:
    """When a duty arises: the activities, and what else decides."""
    doing = f"if you {_listed([_DOING[one] for one in duty.activities])}" if duty.activities else "for any use"
    return f"{doing}; {duty.condition}" if duty.condition else doing


def source(duty: Duty) -> str:
    """Who asks for it: the record, its section, the base that it is inherited from."""
    section = f", {duty.evidence.section}" if duty.evidence.section else ""
    base = f", as its base {duty.inherited_from} is under it" if duty.inherited_from else ""
    return f"{duty.title}{section}{base}"


def place(text: Text) -> str:
    """Where a text stands."""
    at = text.evidence
    if at is None:
        return text.url or "not at hand"
    if text.standard:
        return f"the standard text, from {at.source}"
    whose = f" of {text.inherited_from}" if text.inherited_from else ""
    revision = f" at {at.revision}" if at.revision else ""
    return f"{at.path or at.source}{whose}{revision}"


def license_line(one: Component) -> str:
    """The license in words, and its symbol where that says more."""
    known = one.assessment.license
    if known.title is None:
        return (
            f"not established ({one.assessment.unknown_reason})" if one.assessment.unknown_reason else "not established"
        )
    return known.title if known.spdx in {None, known.title} else f"{known.title} ({known.spdx})"


def head(bill: Bill) -> str:
    """What the document is about, in a sentence."""
    return f"This product uses {count(bill.number, 'AI model')}."


def made_by(bill: Bill) -> str:
    """Which program and rules made the document, and when."""
    tool = bill.tool
    return f"Made by {tool.name} {tool.version}, rules {tool.rules}, on {bill.created:%Y-%m-%d}. {NO_ADVICE}"


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last

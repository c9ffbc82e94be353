"""What the formats for people have in common: sentences about duties, activities, places of texts."""

from collections.abc import Iterable

from licscan.manifest.bill import Bill, Component, Duty, Text
from licscan.model import Activity
from licscan.text import count

NO_ADVICE = "licscan informs; it gives no legal advice."
_DOING = {
    Activity.INTERNAL: "use it internally",
    Activity.HOST: "offer it as a service",
    Activity.DISTRIBUTE_WEIGHTS: "distribute its weights",
    Activity.SHIP_PRODUCT: "ship it in a product",
    Activity.PUBLISH_DERIVATIVE: "publish a derivative",
    Activity.TRAIN_ON_OUTPUTS: "train on its outputs",
}
# What a notice says in a place of its own; everything else that is owed is listed.
NOTICE, DISPLAY, COPY, CHANGES, NAME = (
    "attribution-notice",
    "attribution-display",
    "license-copy",
    "state-changes",
    "naming-requirement",
)


def when(duty: Duty) -> str:
    """When a duty arises: the activities, and what else decides."""
    doing = f"if you {_listed([_DOING[one] for one in duty.activities])}" if duty.activities else "for any use"
    return f"{doing}; {duty.condition}" if duty.condition else doing


def source(duty: Duty) -> str:
    """Who asks for it: the record, its section, the base that it is inherited from."""
    section = f", section {duty.evidence.section}" if duty.evidence.section else ""
    base = f", inherited from {duty.inherited_from}" if duty.inherited_from else ""
    return f"{duty.license}{section}{base}"


def place(text: Text) -> str:
    """Where a text stands."""
    at = text.evidence
    if at is None:
        return text.url or "not at hand"
    if text.standard:
        return f"the standard text, from {at.source} {at.revision}"
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

"""From the obligations of an assessment to what a manifest says is owed: each once, with its activities and words."""

import re

from licscan.manifest.bill import Duty
from licscan.model import Activity, Assessment, Obligation
from licscan.rulebook import Rulebook

# "[name of relevant Derivative Work]", "<year>": what a license leaves to whoever writes the notice.
_BLANK = re.compile(r"\[[^\[\]]{2,80}\]|<[^<>]{2,80}>|\{[^{}]{2,80}\}")
_DERIVATIVE = re.compile(r"[\[<{][^\]>}]*\b(?:derivative|derived|fine-?tuned)\b[^\]>}]*[\]>}]", re.IGNORECASE)
_ORDER = list(Activity)


def duties(model: Assessment, name: str, rules: Rulebook, only: frozenset[Activity] | None = None) -> tuple[Duty, ...]:
    """What is owed for a model, or may be; what is not owed is left out.

    Args:
        model: What is so about it.
        name: What to call it, for words that ask for the name of a derivative.
        rules: The rule base, for titles.
        only: The activities that are wanted; None for all.
    """
    found: dict[tuple[object, ...], list[Obligation]] = {}
    for one in model.obligations:
        wanted = only is None or one.activity is None or one.activity in only
        if one.status != "not-owed" and wanted:
            mark = (one.clause, one.text, one.words, record(one), one.inherited_from, one.status, one.because)
            found.setdefault(mark, []).append(one)
    return tuple(_duty(some, name, rules) for some in found.values())


def record(one: Obligation) -> str:
    """The record whose clause asks for it; the id of an obligation has it between base and clause."""
    own = one.id.removeprefix(f"{one.inherited_from}/") if one.inherited_from else one.id
    return own.partition(f"/{one.clause}")[0]


def _duty(some: list[Obligation], name: str, rules: Rulebook) -> Duty:
    one = some[0]
    activities = {each.activity for each in some if each.activity}
    always = any(each.activity is None for each in some)
    words = _filled(one, name) if one.words else None
    return Duty(
        clause=one.clause,
        text=one.text,
        words=words,
        where=one.text.partition(f'"{one.words}"')[2].strip(" .()") or None if one.words else None,
        blanks=tuple(dict.fromkeys(_BLANK.findall(words))) if words else (),
        activities=() if always else tuple(sorted(activities, key=_ORDER.index)),
        condition=one.because or "a fact about you decides" if one.status == "tell-us" else None,
        license=record(one),
        title=_title(one, rules),
        inherited_from=one.inherited_from,
        evidence=one.evidence,
    )


def _title(one: Obligation, rules: Rulebook) -> str:
    """The title of what asks for it: of a record, or the file that no record knows."""
    known = rules.licenses.get(record(one))
    return known.title if known else one.evidence.path or record(one)


def _filled(one: Obligation, name: str) -> str:
    """The dictated words with the name of the derivative, where this model is one."""
    words = one.words or ""
    return _DERIVATIVE.sub(lambda _: name, words) if one.inherited_from else words

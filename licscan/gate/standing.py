"""A model of the lock, held against what the organisation said of itself: its numbers, places and activities."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from licscan.condition_json import restored
from licscan.measures import Reached, against, counting, limit, limitation_words, together, under
from licscan.organisation import DOING, Organisation

Plain = dict[str, Any]


def standing(model: Plain, limits: Mapping[str, Mapping[str, Any]], organisation: Organisation) -> Plain:
    """The model with its thresholds, limitations and duties as they are for an organisation.

    Args:
        model: In the shape of the JSON of an assessment, as `licscan.lock.model_of` gives it.
        limits: By clause type, who comes under it, as a lock holds it.
        organisation: What it said of itself.
    """
    return {
        **model,
        "thresholds": list(_thresholds(model, organisation)),
        "limitations": list(_limitations(model, limits, organisation)),
        "obligations": [_duty(one, model, organisation) for one in model["obligations"]],
    }


def _thresholds(model: Plain, organisation: Organisation) -> Iterator[Plain]:
    for some in _by_license(model):
        alone = [(clause["values"], against(clause["values"], organisation)) for clause in some]
        for clause, reached in zip(some, counting(alone), strict=True):
            yield {
                "clause": "threshold",
                "metric": str(clause["values"]["metric"]),
                "limit": limit(clause["values"]),
                **reached._asdict(),
                "effect": str(clause["values"]["effect"]),
                "inherited_from": clause["inherited_from"],
                "evidence": _evidence(clause),
            }


def _by_license(model: Plain) -> Iterable[list[Plain]]:
    """The thresholds, those of one license together: what stands in one record or text, of one model."""
    found: dict[tuple[object, object], list[Plain]] = {}
    for clause in model["clauses"]:
        if clause["id"] == "threshold":
            found.setdefault((clause["inherited_from"], clause["evidence"].get("path")), []).append(clause)
    return found.values()


def _limitations(model: Plain, limits: Mapping[str, Mapping[str, Any]], organisation: Organisation) -> Iterator[Plain]:
    seen = set()
    for clause in model["clauses"]:
        mark = (clause["id"], str(clause["values"]), clause["inherited_from"])
        if clause["id"] not in limits or mark in seen:
            continue
        seen.add(mark)
        rule = limits[clause["id"]]
        values, modality = clause["values"], model["modality"]
        status, yours = under(values, restored(rule["applies"]), rule["asked"], organisation, modality)
        yield {
            "clause": clause["id"],
            "text": limitation_words(rule["title"], values),
            "yours": yours,
            "status": status,
            "inherited_from": clause["inherited_from"],
            "evidence": _evidence(clause),
        }


def _duty(duty: Plain, model: Plain, organisation: Organisation) -> Plain:
    """A duty that only some activity asks for, or that a number adds, for who does that or has that."""
    done = organisation.activities
    if duty["activity"] and done is not None and duty["activity"] not in done:
        return {**duty, "status": "not-owed", "because": f"you do not {DOING[duty['activity']]}"}
    if duty["status"] != "tell-us":
        return duty
    some = [
        (clause["values"], against(clause["values"], organisation))
        for clause in model["clauses"]
        if clause["id"] == "threshold"
        and clause["values"].get("effect") == "duty"
        and clause["inherited_from"] == duty["inherited_from"]
    ]
    reached = together(some) if some else Reached("tell-us", because=duty["because"])
    states = {"tell-us": "tell-us", "reached": "owed", "below": "not-owed"}
    return {**duty, "status": states[reached.status], "because": reached.because}


def _evidence(clause: Plain) -> Plain:
    return {**clause["evidence"], "quote": clause["quote"] or clause["evidence"].get("quote")}

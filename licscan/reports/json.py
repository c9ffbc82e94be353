"""The JSON of the contract (`docs/schema/report.schema.json`), written model by model."""

import json
from typing import TextIO

from licscan.model import Report

_LATER = ("findings", "mentions", "gaps", "summary")


def write(report: Report, stream: TextIO) -> None:
    """Write a report as one JSON object.

    Args:
        report: The report; its models are read once, in order.
        stream: Where to.
    """
    head = report.model_dump_json(exclude={"models", *_LATER}, indent=2)
    stream.write(head.rstrip().removesuffix("}").rstrip() + ',\n  "models": [')
    between = "\n"
    for model in report.models:
        stream.write(between + _indented(model.model_dump_json(indent=2)))
        between = ",\n"
    stream.write("\n  ]" if between == ",\n" else "]")
    tail = report.model_dump_json(include=set(_LATER), indent=2)
    stream.write("," + tail.removeprefix("{") + "\n")


def schema() -> str:
    """The JSON schema of the report, as it is kept in `docs/schema/report.schema.json`."""
    made = Report.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "licscan report, version 1"}
    return json.dumps({**head, **{key: value for key, value in made.items() if key not in head}}, indent=2) + "\n"


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.split("\n"))

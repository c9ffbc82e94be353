"""Findings as they are kept: documents, which an earlier or later release may have written in other words."""

from pydantic import ValidationError

from licscan.errors import OutdatedError
from licscan.model import Assessment


def read_assessment(document: str, where: str = "") -> Assessment:
    """What was found of a model.

    Args:
        document: As it was kept.
        where: The database, for what is said of it.

    Raises:
        OutdatedError: It has fields that mean something else today, or lacks some.
    """
    try:
        return Assessment.model_validate_json(document)
    except ValidationError as error:
        key = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        what = f"a finding there was kept by another release of licscan, in other words than today's ({key})"
        remedy = "scan the model again, or read the database with the release that `licscan history` names"
        raise OutdatedError(what, where=where, remedy=remedy) from error

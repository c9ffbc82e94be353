"""What people decided about a model: approved, rejected, curated; on which revision and which text."""

import datetime
from enum import StrEnum

from licscan.model.ref import ModelRef
from licscan.model.value import Value


class Decision(StrEnum):
    """What a review decides. The last of each model counts; `withdrawn` takes back all before it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    CURATED = "curated"  # no verdict: only which license it is
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """Where a model stands with those who review it, today."""

    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REOPENED = "re-opened"
    NONE = "none"


class ModelReview(Value):
    """One decision of a person about one model.

    Attributes:
        model: The model, without its revision.
        revision: The revision that was looked at; None where it has none.
        license: The license that was looked at, as an expression; None where none was established.
        text_sha256: Digest of the license text that was looked at; None where there was no text.
        decision: What was decided.
        by: Who decided.
        reason: Why.
        conditions: Under which conditions it is approved.
        expires: The last day on which it holds; None for no end.
        decided: When.
        concluded: The license that it is found to be under, as an expression, where that was curated.
        run: The run that was looked at; None where there was none.
    """

    model: ModelRef
    revision: str | None
    license: str | None
    text_sha256: str | None
    decision: Decision
    by: str
    reason: str
    conditions: tuple[str, ...] = ()
    expires: datetime.date | None = None
    decided: datetime.datetime
    concluded: str | None = None
    run: int | None = None


class Reviewed(Value):
    """Where a model stands with those who review it.

    Attributes:
        state: Today's state.
        because: What re-opened or ended the decision, as a sentence; None where it stands, or there is none.
        review: The decision that the state is about; None where there is none.
        history: All decisions about the model, oldest first.
    """

    state: ReviewState = ReviewState.NONE
    because: str | None = None
    review: ModelReview | None = None
    history: tuple[ModelReview, ...] = ()
